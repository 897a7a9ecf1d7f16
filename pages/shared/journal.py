"""The journal of imports, each with its details and its undo."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.wording import Words
from pages.shared.cards import load_details
from pages.shared.markdown import escaped


def journal(shop: kpi.Workspace, say: Words, *, on_undo: Callable[[int], None], on_redo: Callable[[int], None]) -> None:
    """A line an import, newest first; its card opens on demand."""
    zone = ZoneInfo(shop.settings["time_zone"])
    for one in shop.imports():
        facts = (say.say(one.load.format_name), say.moment(one.imported_at.astimezone(zone)))
        line = f"{escaped(one.name)} — {' · '.join(facts)}"
        with st.container(horizontal=True, vertical_alignment="top", key=f"import_{one.id}"):
            icon = ":material/history:" if one.undone_at else ":material/description:"
            box = st.expander(line, icon=icon, on_change="rerun", key=f"details_{one.id}")
            if one.undone_at:
                st.button(
                    say.t("Bring back"), key=f"redo_{one.id}", icon=":material/redo:", on_click=on_redo, args=(one.id,)
                )
            else:
                st.button(say.t("Undo"), key=f"undo_{one.id}", icon=":material/undo:", on_click=on_undo, args=(one.id,))
        if box.open:
            with box:
                load_details(say, one.load, key=f"import_{one.id}")
