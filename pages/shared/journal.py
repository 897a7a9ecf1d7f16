"""The journal of imports, each with its details and its undo, and the zone in which days are counted."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

import kpi
from kpi.wording import Words
from pages.shared.cards import load_details
from pages.shared.markdown import escaped

_ZONE = "time_zone"


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


def zone_control(shop: kpi.Workspace, say: Words) -> None:
    """Choose the zone in which days are counted; every number follows."""
    zones = sorted(available_timezones())

    def change() -> None:
        shop.settings["time_zone"] = zone = st.session_state[_ZONE]
        st.toast(say.t("Days are now counted in this zone: {zone}.", zone=zone), icon=":material/schedule:")

    st.selectbox(
        say.t("Time zone in which days are counted"),
        zones,
        index=zones.index(shop.settings["time_zone"]),
        key=_ZONE,
        on_change=change,
        help=say.t(
            "An order of 23:30 in one zone is the next day's in another. "
            "Use your shop's own zone, so that days agree with its admin."
        ),
        width=320,
    )
