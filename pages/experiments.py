"""Did the test work? From a file or typed counts to a verdict that holds, its proof, and the plan of the next test."""

import streamlit as st

import kpi
from kpi.abtests import Judged
from pages.shared import address
from pages.shared.abtests.filestep import another_test, nothing_yet
from pages.shared.abtests.guards import guard_list
from pages.shared.abtests.looks import closer_look
from pages.shared.abtests.planner import plan_next
from pages.shared.abtests.question import design_in_view, judged_on, today
from pages.shared.abtests.rail import rail
from pages.shared.abtests.receipt import ask_for_workings, show_asked_workings
from pages.shared.abtests.results import save_door, saved_results
from pages.shared.abtests.standing import link_button, waiting_files
from pages.shared.abtests.table import comparison_table
from pages.shared.abtests.verdict import cumulative_chart, effect_chart, how_button, verdict_head
from pages.shared.abtests.workbook import workbook_door
from pages.shared.frame import PATHS
from pages.shared.intake import bring_in
from pages.shared.session import reader_words, require_workspace, show_error

shop = require_workspace()
say = reader_words()
head = st.container(horizontal=True, vertical_alignment="bottom")
head.title(say.t("A/B tests"))
held = shop.experiments.held()
if not held:
    nothing_yet(shop, say)
    bring_in(shop, say)
    waiting_files(shop, say)
    plan_next(shop, say, None, today(shop))
    st.stop()

found = design_in_view(shop, say, held)
if found is None:
    another_test(shop, say)
    bring_in(shop, say)
    waiting_files(shop, say)
    st.stop()
design = found
test = next(one for one in held if one.name == design.experiment)
as_of = judged_on(shop, test, design)
with head:
    link_button(say, path=PATHS["experiments"])
bring_in(shop, say)
waiting_files(shop, say)


def judge() -> Judged | None:
    """The verdict; what keeps it from being drawn is kept for the place where it would stand."""
    try:
        return shop.experiments.judge(design, as_of)
    except kpi.KpiError as error:
        refused.append(error)
        return None


refused: list[kpi.KpiError] = []
left, right = st.columns([1, 3], gap="medium")
with left:
    judged = rail(shop, say, held, design, judge)
with right:
    if address.kept(address.STEP) == "file":
        another_test(shop, say)
    for error in refused:
        show_error(error)
    if judged:
        verdict_head(say, judged)
        with st.container(horizontal=True, gap="small"):
            how_button(say, judged, ask_for_workings)
            save_door(shop, say, judged, as_of)
            workbook_door(shop, say, judged)
        effect_chart(say, judged)
        cumulative_chart(say, judged)
# beside an open step there would be nothing, so the rest stands there
with right if address.kept(address.STEP) else st.container():
    if judged:
        if judged.verdict.comparisons:
            comparison_table(say, judged, ask_for_workings)
        st.markdown(f"#### {say.t('Checks')}")
        guard_list(say, judged)
        if judged.verdict.comparisons:
            closer_look(shop, say, judged)
    plan_next(shop, say, judged, today(shop))
    saved_results(shop, say)
if judged:
    show_asked_workings(shop, say, judged)
