"""The verdict on a page: one sentence in its colour, the reasons under it, and the chart that proves it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kpi import experiment as ab
from kpi.abtests import Judged
from kpi.abtests.charts import DARK, LIGHT, Tones, effects, over_days
from kpi.abtests.scale import scale_of
from kpi.wording import Words
from pages.shared import address
from pages.shared.abtests.words import code_words, mode_words
from pages.shared.markdown import escaped
from pages.shared.theme import is_light

_LARGE = """<style>
.st-key-verdict h2 { font-size: clamp(1.3rem, 2.2vw, 1.75rem); line-height: 1.3; padding-block: .1rem .6rem; }
</style>"""
_COLOURS = {"win": "blue", "loss": "orange"}
_SIGNS = {
    "win": "trending_up",
    "loss": "trending_down",
    "no_difference": "drag_handle",
    "keep_running": "hourglass_bottom",
    "blocked": "block",
    "not_enough_data": "data_usage",
}


def tones() -> Tones:
    """The colours of the reader's theme."""
    return LIGHT if is_light() else DARK


def verdict_head(say: Words, judged: Judged) -> None:
    """The sentence with its word and sign, then why."""
    found = judged.verdict
    colour = _COLOURS.get(found.code, "gray")
    word = f":{colour}[:material/{_SIGNS[found.code]}: {code_words(say, found.code)}]"
    st.html(_LARGE)
    with st.container(key="verdict", gap="xsmall"):
        st.markdown(f"**{word}**")
        st.markdown(f"## :{colour}[{escaped(say.say(found.sentence))}]")
        lines = [say.say(reason) for reason in found.reasons]
        if found.is_not_worse is False:
            lines.append(say.t("Whether it is worse by more than the accepted margin is not decided."))
        if lines:
            st.markdown("\n".join(f"- {escaped(line)}" for line in lines))


def effect_chart(say: Words, judged: Judged) -> None:
    """Every arm's lift or difference with its interval and zero; what could not be compared says why."""
    found = judged.verdict.comparisons
    metric = judged.observed.metric(judged.verdict.comparisons[0].metric.name) if found else None
    chart = effects(found, say, tones())
    if chart is not None and metric is not None:
        scale = scale_of([one for one in found if one.estimate])
        name = say.t("{what} of “{metric}” against “{control}”", what=scale.name(say), metric=metric.label, control=found[0].control)  # fmt: skip
        st.markdown(f"**{escaped(name)}**")
        st.vega_lite_chart(spec=chart.to_dict(validate=False), alt=_told(say, name, found))
        st.caption(_how(say, judged, is_lift=scale.measured == "lift"))
    for reason in dict.fromkeys(one.reason for one in found if one.reason):
        st.caption(f":material/info: {escaped(say.say(reason))}")


def cumulative_chart(say: Words, judged: Judged) -> None:
    """How the difference has settled, day by day, with the band that holds at all times."""
    found = judged.verdict
    arms = [one.arm for one in found.comparisons if one.estimate]
    if not arms or not judged.observed.days:
        return
    arm = arm_in_view(say, arms, found.arm)
    primary = judged.observed.metric(judged.design.primary.name)
    days = ab.cumulative(judged.observed, primary.name, judged.design.control, arm)
    chart = over_days(days, primary, say, tones())
    if chart is None:
        return
    name = say.t("Difference of “{arm}” up to each day", arm=arm)
    st.markdown(f"**{escaped(name)}**")
    st.vega_lite_chart(spec=chart.to_dict(validate=False), alt=name)
    st.caption(
        say.t(
            "Grey: the always-valid 95% band. It may be looked at every day; while it holds zero, nothing is decided "
            "at that day. The first days' band is wider than the chart."
        )
    )


def arm_in_view(say: Words, arms: list[str], first: str | None) -> str:
    """The variant that is looked at alone, where there are several."""
    start = first if first in arms else arms[0]
    if address.kept(address.ARM) not in arms:
        st.session_state[address.ARM] = start
    if len(arms) == 1:
        return arms[0]
    chosen = st.pills(
        say.t("Variant"), arms, key=address.ARM, required=True, persist_state="session", label_visibility="collapsed"
    )
    return chosen or start


def how_button(say: Words, judged: Judged, on_click: Callable[[str, str], None]) -> None:
    """The one click from the verdict to its workings."""
    arm = judged.verdict.arm or next((one.arm for one in judged.verdict.comparisons if one.estimate), None)
    if arm:
        st.button(
            say.t("How is this computed?"),
            key="workings_of_verdict",
            type="tertiary",
            icon=":material/receipt_long:",
            on_click=on_click,
            args=(judged.design.primary.name, arm),
        )


def _how(say: Words, judged: Judged, *, is_lift: bool) -> str:
    parts = [mode_words(say, judged.verdict.mode)]
    if not is_lift:
        parts.append(say.t("The difference is shown, because a relative lift has no interval here."))
    if judged.design.is_adjusted and judged.design.primary.covariate:
        parts.append(say.t("Adjusted by the measure from before the test (CUPED)."))
    return " ".join(parts)


def _told(say: Words, name: str, found: tuple[ab.Comparison, ...]) -> str:
    scale = scale_of([one for one in found if one.estimate])
    lines = []
    for one in found:
        if one.estimate:
            value, low, high = scale.ends(one)
            lines.append(f"{one.arm}: {scale.whole(say, value, low, high)}")
    return f"{name}. " + "; ".join(lines)
