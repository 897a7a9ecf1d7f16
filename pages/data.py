"""Bring data in: drop files, see what each was taken for and where every row went; undo; what can be computed now."""

from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

import kpi
from pages.shared.cards import file_card, load_details
from pages.shared.coach import what_is_computable
from pages.shared.intake import arrivals, bring_in, drop_files
from pages.shared.session import reader_words, require_workspace, show_error


def undo(import_id: int) -> None:
    """Take an import back, or say why not."""
    st.session_state["_undo"] = ("undo", import_id)


def redo(import_id: int) -> None:
    st.session_state["_undo"] = ("redo", import_id)


def change_zone() -> None:
    shop.settings["time_zone"] = st.session_state["time_zone"]


shop = require_workspace()
say = reader_words()
st.title(say.t("Data"))
if "_undo" in st.session_state:
    act, import_id = st.session_state.pop("_undo")
    try:
        (shop.undo if act == "undo" else shop.redo)(import_id)
        st.toast(say.t("Import undone") if act == "undo" else say.t("Import brought back"), icon=":material/undo:")
    except kpi.KpiError as error:
        show_error(error)

imports = shop.imports()
drop_files(say, compact=bool(imports))
bring_in(shop, say)

left, right = st.columns([3, 2], gap="large") if imports or arrivals() else (st.container(), None)
with left:
    if any(arrival.load and arrival.load.import_id for arrival in arrivals()):
        st.page_link("overview.py", label=say.t("See the numbers"), icon=":material/arrow_forward:")
    for place, arrival in enumerate(list(arrivals())):
        file_card(shop, say, arrival, len(arrivals()) - place)
if right is not None:
    with right:
        what_is_computable(shop, say)

if imports:
    zone = ZoneInfo(shop.settings["time_zone"])
    st.subheader(say.t("Imports"))
    for one in imports:
        line = f"{one.name} — {say.say(one.load.format_name)} · {say.count(one.load.rows.loaded)} · {say.moment(one.imported_at.astimezone(zone))}"
        with st.container(horizontal=True, vertical_alignment="center", key=f"import_{one.id}"):
            box = st.expander(
                line,
                icon=":material/history:" if one.undone_at else ":material/description:",
                on_change="rerun",
                key=f"details_{one.id}",
            )
            if one.undone_at:
                st.button(
                    say.t("Bring back"), key=f"redo_{one.id}", icon=":material/redo:", on_click=redo, args=(one.id,)
                )
            else:
                st.button(say.t("Undo"), key=f"undo_{one.id}", icon=":material/undo:", on_click=undo, args=(one.id,))
        if box.open:
            with box:
                load_details(say, one.load, key=f"import_{one.id}")
    st.subheader(say.t("Days"))
    zones = sorted(available_timezones())
    st.selectbox(
        say.t("Time zone in which days are counted"),
        zones,
        index=zones.index(shop.settings["time_zone"]),
        key="time_zone",
        on_change=change_zone,
        help=say.t(
            "An order of 23:30 in one zone is the next day's in another. Use your shop's own zone, so that days agree with its admin."
        ),
        width=320,
    )
