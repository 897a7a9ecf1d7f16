"""Day by day: does the effect wear off or grow, and does it depend on the day of the week?"""

from __future__ import annotations

import streamlit as st

import kpi
from kpi import experiment as ab
from kpi.abtests import Judged
from kpi.abtests.charts import by_day
from kpi.abtests.scale import difference_scale
from kpi.abtests.workings import p_is
from kpi.wording import Words
from pages.shared.abtests.segments import arm_of_look
from pages.shared.abtests.verdict import tones
from pages.shared.markdown import escaped

_TELLING_P = 0.05


def time_view(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """The difference among the people of each day, its trend, and the weekdays."""
    observed, design = judged.observed, judged.design
    if not observed.days:
        st.info(say.t("The file has no dates, so the days cannot be told apart."), icon=":material/event_busy:")
        return
    arm = arm_of_look(say, [one.arm for one in judged.verdict.comparisons], judged.verdict.arm)
    name, metric = design.primary.name, observed.metric(design.primary.name)
    title = say.t("Difference of “{arm}” among the people of each day", arm=arm)
    chart = by_day(ab.daily(observed, name, design.control, arm), metric, say, tones())
    if chart is None:
        st.info(say.t("Fewer than two days can be compared."), icon=":material/event_busy:")
        return
    st.markdown(f"**{escaped(title)}**")
    st.vega_lite_chart(spec=chart.to_dict(validate=False), alt=title)
    trend = ab.trend(observed, name, design.control, arm)
    if trend:
        st.markdown(_trend_words(say, trend, metric))
    weekday = ab.weekday_interaction(observed, name, design.control, arm)
    if weekday:
        st.markdown(_weekday_words(say, weekday))
    st.caption(say.t("Each day's whisker is a plain 95% interval: of twenty days one leaves zero out by chance."))


def _trend_words(say: Words, trend: ab.Trend, metric: ab.Metric) -> str:
    change, p = difference_scale(metric).written(say, trend.change_a_day), p_is(say, trend.p)
    if trend.p >= _TELLING_P:
        text = say.t("No sign that the effect wears off or grows with the days (p {p}).", p=p)
        return f":gray[:material/trending_flat:] {escaped(text)}"
    text = say.t(
        "The effect changes by {change} a day (p {p}): a novelty that wears off, or people who learn.",
        change=change,
        p=p,
    )
    return f":orange[:material/show_chart:] {escaped(text)}"


def _weekday_words(say: Words, found: ab.Interaction) -> str:
    p = p_is(say, found.p)
    if found.p >= _TELLING_P:
        text = say.t("No sign that the effect depends on the day of the week (p {p}).", p=p)
        return f":gray[:material/calendar_view_week:] {escaped(text)}"
    text = say.t("The effect depends on the day of the week (p {p}): run whole weeks.", p=p)
    return f":orange[:material/calendar_view_week:] {escaped(text)}"
