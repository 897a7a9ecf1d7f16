"""The workings of one comparison in a drawer: formula, numbers, source, what would make it wrong, the SQL."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.abtests import Judged
from kpi.abtests.workings import workings
from kpi.experiment.plan import rule_of
from kpi.wording import Words
from pages.shared.abtests.words import method_words, name_words
from pages.shared.markdown import escaped
from pages.shared.receipt import readable_sql

_ASKED = "_workings"


def ask_for_workings(metric: str, arm: str) -> None:
    """Open the drawer at the end of this run; for callbacks."""
    st.session_state[_ASKED] = (metric, arm)


def show_asked_workings(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """Called once, at the end of the page."""
    metric, arm = st.session_state.pop(_ASKED, (None, None))
    found = (*judged.verdict.comparisons, *judged.secondary)
    one = next((one for one in found if (one.metric.name, one.arm) == (metric, arm)), None)
    if one is not None:
        title = f"{name_words(say, one.metric.label)}: {one.arm}"
        st.dialog(escaped(title), width="medium", position="right")(_drawer)(shop, say, judged, one)


def _drawer(shop: kpi.Workspace, say: Words, judged: Judged, one: kpi.experiment.Comparison) -> None:
    if one.estimate is None:
        st.info(escaped(say.say(one.reason or "")), icon=":material/info:")
    else:
        is_adjusted = judged.design.is_adjusted
        rule = rule_of(judged.design.plan, judged.verdict.progress)
        found = workings(one, judged.observed.moments(one.metric.name), rule, is_adjusted=is_adjusted)
        st.markdown(f"**{method_words(say, one.estimate.method)}**")
        if found:
            for step in found.steps:
                with st.container(border=True, gap="xsmall"):
                    st.caption(say.say(step.title))
                    st.markdown(f"{escaped(step.in_words(say))}  \n**{escaped(step.in_numbers(say))}**")
            st.markdown(f"**{say.t('What would make it wrong')}**  \n{escaped(say.say(found.caution))}")
            st.caption(say.t("Source: {source}", source=escaped(found.source)))
    sql = shop.experiments.sql(judged)
    if sql:
        with st.expander(say.t("The SQL"), icon=":material/code:"):
            st.caption(say.t("One pass over the rows gives counts, means and variances; no row leaves the database."))
            st.code(readable_sql(sql), language="sql", wrap_lines=True)
    st.caption(say.t("Fingerprint of the inputs: {sha}", sha=judged.fingerprint[:16]))
