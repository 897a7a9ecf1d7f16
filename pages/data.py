"""Bring data in: drop files, see what each was taken for and where every row went; undo; what can be computed now."""

import streamlit as st

import kpi
from pages.shared.cards import file_card
from pages.shared.coach import what_is_computable
from pages.shared.counting import counting
from pages.shared.covered import covered_days
from pages.shared.demo import demo_door, demo_note
from pages.shared.folder import folder_note, folder_section
from pages.shared.intake import arrivals, bring_in, drop_files, forget_import
from pages.shared.journal import journal
from pages.shared.session import reader_words, require_workspace, show_error
from pages.shared.taxquestion import tax_question


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

imports = shop.imports()
demo_note(shop, say)
drop_files(say, compact=bool(imports))
bring_in(shop, say)
folder_note(shop, say)
if not imports and not arrivals():
    with st.container(horizontal_alignment="center"):
        demo_door(say, key="demo_door")

left, right = st.columns([3, 2], gap="large") if imports or arrivals() else (st.container(), None)
if right is not None:
    with right:
        what_is_computable(shop, say)
with left:
    if any(arrival.load and arrival.load.import_id for arrival in arrivals()):
        st.page_link("overview.py", label=say.t("See the numbers"), icon=":material/arrow_forward:")
    for place, arrival in enumerate(list(arrivals())):
        file_card(shop, say, arrival, len(arrivals()) - place)
    tax_question(shop, say)
    if imports:
        st.subheader(say.t("Imports"))
        journal(shop, say, on_undo=undo, on_redo=redo)
        st.subheader(say.t("Days covered"))
        covered_days(shop, say)
        st.subheader(say.t("How numbers are counted"))
        counting(shop, say)
    folder_section(shop, say)
