"""Bring data in: drop files, see what each was taken for and where every row went; undo; what can be computed now."""

import streamlit as st

import kpi
from pages.shared.bridge import bridge
from pages.shared.cards import file_card
from pages.shared.channels import channels
from pages.shared.coach import what_is_computable
from pages.shared.counting import counting
from pages.shared.covered import covered_days
from pages.shared.database import database_door, database_panel, take_finished
from pages.shared.databasejob import progress
from pages.shared.databasesources import database_sources
from pages.shared.demo import demo_door, demo_note
from pages.shared.folder import folder_note, folder_section
from pages.shared.intake import arrivals, bring_in, drop_files, forget_import
from pages.shared.journal import journal
from pages.shared.quality import data_quality
from pages.shared.session import reader_words, require_workspace, show_error
from pages.shared.taxquestion import is_tax_open, tax_question


def undo(import_id: int) -> None:
    """Take an import back, or say why not."""
    st.session_state["_undo"] = ("undo", import_id)


def redo(import_id: int) -> None:
    st.session_state["_undo"] = ("redo", import_id)


shop = require_workspace()
say = reader_words()
st.title(say.t("Data"))
if "_undo" in st.session_state:
    act, import_id = st.session_state.pop("_undo")
    try:
        (shop.undo if act == "undo" else shop.redo)(import_id)
        forget_import(import_id)
        st.toast(say.t("Import undone") if act == "undo" else say.t("Import brought back"), icon=":material/undo:")
    except kpi.KpiError as error:
        show_error(error)

take_finished()
imports = shop.imports()
demo_note(shop, say)
drop_files(say, compact=bool(imports or arrivals()))
bring_in(shop, say)
folder_note(shop, say)
with st.container(horizontal=True, horizontal_alignment="left" if imports else "center", gap="medium"):
    database_door(say)
    if not imports and not arrivals():
        demo_door(say, key="demo_door")
progress(say)
database_panel(shop, say)

is_asking = bool(arrivals()) or is_tax_open(shop) or bool(shop.sources.all())
if is_asking:
    left, right = st.columns([3, 2], gap="large")
    with left:
        has_loaded = any(arrival.load and arrival.load.import_id for arrival in arrivals())
        see, arrow = say.t("See the numbers"), ":material/arrow_forward:"
        if has_loaded and st.button(see, key="see_numbers", type="tertiary", icon=arrow):
            st.switch_page("overview.py")
        for place, arrival in enumerate(list(arrivals())):
            file_card(shop, say, arrival, len(arrivals()) - place)
        tax_question(shop, say)
        database_sources(shop, say)
    with right:
        what_is_computable(shop, say)
elif imports:
    what_is_computable(shop, say)
if imports:
    data_quality(shop, say)
    st.subheader(say.t("Imports"))
    journal(shop, say, on_undo=undo, on_redo=redo)
    st.subheader(say.t("Days covered"))
    covered_days(shop, say)
    bridge(shop, say)
    st.subheader(say.t("How numbers are counted"))
    counting(shop, say)
    channels(shop, say)
folder_section(shop, say)
