"""The journal of imports, each with its details and its undo."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.demo import PREFIX
from kpi.store.store import Import
from kpi.watching import BY_FOLDER
from kpi.wording import Words
from pages.shared.cards import load_details
from pages.shared.markdown import escaped
from pages.shared.quality import import_findings


def journal(shop: kpi.Workspace, say: Words, *, on_undo: Callable[[int], None], on_redo: Callable[[int], None]) -> None:
    """A line an import, newest first; its card opens on demand."""
    zone = ZoneInfo(shop.settings["time_zone"])
    for one in shop.imports():
        facts = [say.say(one.load.format_name), say.moment(one.imported_at.astimezone(zone))]
        if one.imported_by == BY_FOLDER:
            facts.append(say.t("from the watched folder"))
        line = f"{escaped(one.name)} — {' · '.join(facts)}"
        line_place, button_place = st.columns([7, 2], gap="small", vertical_alignment="top")
        icon = ":material/history:" if one.undone_at else ":material/description:"
        box = line_place.expander(line, icon=icon, on_change="rerun", key=f"import_{one.id}")
        if not (shop.is_demo and one.name.startswith(PREFIX)):
            # one reader's click would take the demo's rows from all others
            with button_place:
                _way_back(say, one, on_undo, on_redo)
        if box.open:
            with box:
                load_details(say, one.load, key=f"details_{one.id}")
                import_findings(shop, say, one.id)


def _way_back(say: Words, one: Import, on_undo: Callable[[int], None], on_redo: Callable[[int], None]) -> None:
    caption, act, sign, key = (
        (say.t("Bring back"), on_redo, ":material/redo:", "redo")
        if one.undone_at
        else (say.t("Undo"), on_undo, ":material/undo:", "undo")
    )
    st.button(caption, key=f"{key}_{one.id}", icon=sign, width="stretch", on_click=act, args=(one.id,))
