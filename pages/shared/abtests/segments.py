"""The effect in each segment, with its whisker, Holm over all of them and the test whether they differ at all."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi import experiment as ab
from kpi.abtests import Held, Judged
from kpi.abtests.charts import effects
from kpi.abtests.workings import p_is
from kpi.model.values import value_name
from kpi.wording import Words
from pages.shared import address
from pages.shared.abtests.question import ask, told
from pages.shared.abtests.verdict import arm_in_view, tones
from pages.shared.abtests.words import name_words
from pages.shared.markdown import escaped

_MOST_ROWS = 24
_CHOSEN = "ab_looked_segments"


def segment_view(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """One dimension at a time; those that were planned come first."""
    held, design = judged.held, judged.design
    if not held.categories:
        st.info(say.t("The file has no column by which its people could be divided."), icon=":material/category:")
        return
    labels = {one.name: name_words(say, one.label) for one in held.categories}
    st.multiselect(
        say.t("Divide by"),
        list(labels),
        key=told(_CHOSEN, list(design.segments)),
        format_func=labels.__getitem__,
        placeholder=say.t("Choose columns"),
        on_change=lambda: ask(segments=tuple(st.session_state[_CHOSEN])),
        select_all=False,
    )
    if not design.segments:
        st.caption(say.t("Choose a column to divide by; every one that is added makes each finding weaker."))
        return
    arms = [one.arm for one in judged.verdict.comparisons]
    arm = arm_of_look(say, arms, judged.verdict.arm)
    for dimension in design.segments:
        _dimension(say, judged, held, dimension, arm)
    st.caption(
        say.t(
            "Whiskers: plain 95% intervals. The interaction and the colours are adjusted over all segments and variants of "
            "a column (Holm). A finding here is an idea for the next test: the verdict above does not rest on it."
        )
    )


def arm_of_look(say: Words, arms: list[str], first: str | None) -> str:
    """The variant that is looked at; the one chosen under the chart, where a chart stands there."""
    if address.kept(address.ARM) in arms:
        return str(address.kept(address.ARM))
    return arm_in_view(say, arms, first)


def _dimension(say: Words, judged: Judged, held: Held, dimension: str, arm: str) -> None:
    design = judged.design
    found = ab.segments(judged.observed, design.primary.name, design.control, dimension)
    rows = [(value, one) for value, one in found.rows if one.arm == arm]
    column = held.column(dimension)
    title = name_words(say, column.label if column else dimension)
    st.markdown(f"**{escaped(title)}** · {escaped(arm)}")
    names = [_name(say, dimension, value) for value, _ in rows]
    moments = judged.observed.by_segment(design.primary.name, dimension)
    labelled = [
        f"{name} (n = {say.count(sum(one.n for one in moments[value].values()))})"
        for name, (value, _) in zip(names, rows, strict=True)
    ]
    shown = rows[:_MOST_ROWS]
    chart = effects([one for _, one in shown], say, tones(), names=labelled[:_MOST_ROWS])
    if chart is not None:
        alt = say.t("The difference in each segment of “{column}”", column=title)
        st.vega_lite_chart(spec=chart.to_dict(validate=False), alt=alt)
    if len(rows) > _MOST_ROWS:
        st.caption(
            say.n("{n} smaller segment is not drawn.", "{n} smaller segments are not drawn.", len(rows) - _MOST_ROWS)
        )
    for name, (_, one) in zip(names, rows, strict=True):
        if one.reason:
            st.caption(f"{escaped(name)}: {escaped(say.say(one.reason))}")
    interaction = next((one for one in found.interactions if one.arm == arm), None)
    st.markdown(_interaction_words(say, interaction))


def _interaction_words(say: Words, found: ab.Interaction | None) -> str:
    if found is None:
        return f":gray[{say.t('Whether the segments differ cannot be tested: fewer than two can be compared.')}]"
    p = p_is(say, found.p)
    if found.p < 0.05:
        return ":orange[:material/call_split:] " + say.t(
            "The effect differs between these segments (interaction, p {p}).", p=p
        )
    return ":gray[:material/drag_handle:] " + say.t(
        "No sign that the effect differs between these segments (interaction, p {p}).", p=p
    )


def _name(say: Words, dimension: str, value: str | None) -> str:
    if value is None:
        return say.t("(empty)")
    return value_name(dimension, value, say) if dimension in ("device", "country") else value
