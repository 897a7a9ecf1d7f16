"""Plan the next test: from what this one has taught, or from numbers typed in, to units, days and what longer would buy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

import kpi
from kpi.abtests import Judged
from kpi.abtests.charts import what_longer_brings
from kpi.abtests.nexttest import NextTest, Planned, learned, planned
from kpi.abtests.scale import difference_scale
from kpi.wording import Words
from pages.shared import address
from pages.shared.abtests.question import told
from pages.shared.abtests.verdict import tones
from pages.shared.abtests.words import metric_value
from pages.shared.session import show_error
from pages.shared.theme import accent

_BOX = "ab_next"
_FIRST = NextTest("proportion", 0.02, 0.002)


def plan_next(shop: kpi.Workspace, say: Words, judged: Judged | None, as_of: date) -> None:
    """The section; closed it computes nothing, open it stands in the address."""
    title = say.t("Plan the next test") if judged else say.t("Plan a test")
    is_open = address.kept(address.NEXT) is not None

    def toggle() -> None:
        st.session_state[address.NEXT] = _start(shop, judged, as_of) if st.session_state[_BOX] else None

    box = st.expander(title, icon=":material/event_upcoming:", on_change=toggle, key=told(_BOX, is_open))
    if not is_open:
        return
    with box:
        wanted: NextTest = st.session_state[address.NEXT]
        left, right = st.columns([1, 1], gap="large")
        with left:
            _controls(say, wanted)
            _traffic(shop, say, judged, as_of)
        with right:
            try:
                _answer(say, wanted, planned(wanted))
            except kpi.KpiError as error:
                show_error(error)


def _start(shop: kpi.Workspace, judged: Judged | None, as_of: date) -> NextTest:
    """What is known: this test's control and pace, else the workspace's own traffic."""
    found = shop.experiments.traffic(as_of)
    traffic = found[0].a_day if found else None
    if judged is None:
        return replace(_FIRST, units_a_day=traffic)
    metric = judged.observed.metric(judged.design.primary.name)
    control = judged.observed.moments(metric.name)[judged.design.control]
    pace = judged.verdict.progress.units_a_day or traffic
    return learned(metric, control, pace) or replace(_FIRST, units_a_day=pace)


def _change(**changes: object) -> None:
    st.session_state[address.NEXT] = replace(st.session_state[address.NEXT], **changes)


def _controls(say: Words, wanted: NextTest) -> None:
    is_rate = wanted.kind == "proportion"
    kinds = {"proportion": say.t("a rate, such as conversion"), "mean": say.t("a mean, such as revenue per visitor")}
    if wanted.kind == "ratio":
        kinds["ratio"] = say.t("a ratio, such as the average order")
    st.selectbox(
        say.t("What is to change"), list(kinds), format_func=kinds.__getitem__, key=told("ab_next_kind", wanted.kind), on_change=lambda: _change(**_of_kind(st.session_state["ab_next_kind"], wanted))
    )  # fmt: skip
    _number(
        say.t("Value now, in %") if is_rate else say.t("Value now"),
        "baseline",
        wanted.baseline,
        100 if is_rate else 1,
        digits=4,
    )
    if not is_rate:
        _number(say.t("Standard deviation of one unit's value"), "deviation", wanted.deviation or 0.0, 1, digits=4)
    share = wanted.effect_share
    if share is not None:
        _number(
            say.t("Smallest change worth finding, in % of the value now"),
            "effect",
            share,
            100,
            digits=2,
            of=wanted.baseline,
        )
    else:
        _number(say.t("Smallest change worth finding"), "effect", wanted.effect, 1, digits=4)
    st.select_slider(
        say.t("Chance to find it (power)"), (0.7, 0.8, 0.9, 0.95), format_func=lambda one: say.percent(one, 0), key=told("ab_next_power", wanted.power), on_change=lambda: _change(power=st.session_state["ab_next_power"])
    )  # fmt: skip
    st.number_input(
        say.t("Variants, with the control"), 2, 20, step=1, key=told("ab_next_arms", wanted.arms), on_change=lambda: _change(arms=int(st.session_state["ab_next_arms"]))
    )  # fmt: skip
    st.number_input(
        say.t("Units a day, all variants together"), 0, None, step=100, key=told("ab_next_traffic", round(wanted.units_a_day or 0)), on_change=lambda: _change(units_a_day=st.session_state["ab_next_traffic"] or None)
    )  # fmt: skip


def _number(label: str, name: str, value: float, factor: float, *, digits: int, of: float = 1.0) -> None:
    key = f"ab_next_{name}"

    def keep() -> None:
        entered = st.session_state[key]
        if entered is not None:
            _change(**{name: entered / factor * of})

    st.number_input(
        label,
        value=None,
        step=None,
        format=f"%.{digits}f",
        key=told(key, round(value * factor, digits)),
        on_change=keep,
    )


def _of_kind(kind: str, wanted: NextTest) -> dict[str, object]:
    """Another kind of value begins with numbers that can be planned."""
    if kind == "proportion":
        return {
            "kind": kind,
            "unit": "percent",
            "baseline": _FIRST.baseline,
            "effect": _FIRST.effect,
            "deviation": None,
        }
    if wanted.kind == "proportion":
        return {"kind": kind, "unit": "number", "baseline": 10.0, "effect": 1.0, "deviation": 50.0}
    return {"kind": kind}


def _traffic(shop: kpi.Workspace, say: Words, judged: Judged | None, as_of: date) -> None:
    """What is known of the traffic, to choose from."""
    names = {"sessions": say.t("Sessions a day"), "orders": say.t("Orders a day")}
    pace = judged.verdict.progress.units_a_day if judged else None
    lines = [say.t("Units a day of this test: {n}", n=round(pace))] if pace else []
    lines += [
        f"{names[one.counted]}: {say.count(round(one.a_day))} ({say.period(*one.days)})"
        for one in shop.experiments.traffic(as_of)
    ]
    lines = lines or [say.t("This workspace knows no traffic. Without a number of units a day no days are told.")]
    st.caption("  \n".join(lines))


def _answer(say: Words, wanted: NextTest, found: Planned) -> None:
    size, scale = found.size, difference_scale(wanted.metric, ())
    change = scale.written(say, wanted.effect)
    st.markdown(f"### {say.n('{n} unit in all', '{n} units in all', size.total)}")
    st.markdown(
        say.t(
            "{n} in each of {arms} variants, to find a change of {change} from {baseline} with a chance of {power}.",
            n=size.control,
            arms=size.arms,
            change=change,
            baseline=metric_value(say, wanted.metric, wanted.baseline),
            power=say.percent(wanted.power, 0),
        )
    )
    if found.days:
        weeks = found.days // 7
        st.markdown(
            f"**{say.n('About {n} whole week of this traffic', 'About {n} whole weeks of this traffic', weeks)}**"
        )
    st.caption(say.t("Two-sided, error rate 5% shared among the variants. Formula: {formula}.", formula=size.formula))
    if len(found.longer) > 1:
        st.markdown(f"**{say.t('What a longer test would find')}**")
        chart = what_longer_brings(found.longer, wanted.effect, wanted.metric, say, accent(), tones())
        st.vega_lite_chart(
            spec=chart.to_dict(validate=False), alt=say.t("The smallest change that so many weeks would find")
        )
        st.caption(say.t("Dashed: the change that is wanted. Formula: {formula}.", formula=found.longer_formula))
