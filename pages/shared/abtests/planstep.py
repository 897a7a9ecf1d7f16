"""Step 2: what is asked. Every control changes the question in the address, and the verdict beside it at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

import kpi
from kpi.abtests import Design, Held, Measure
from kpi.abtests.design import Outcomes
from kpi.abtests.offered import offered_measures
from kpi.abtests.questions import label_of
from kpi.wording import Words
from pages.shared.abtests.question import ask, told
from pages.shared.abtests.split import split_control
from pages.shared.abtests.words import name_words
from pages.shared.markdown import escaped
from pages.shared.session import show_error

_REFUSED = "_ab_outcomes_refused"
_WINSOR = (0.95, 0.99, 0.995, 0.999)


def plan_step(shop: kpi.Workspace, say: Words, one: Held, design: Design) -> None:
    """First what decides, then the plan, then the finer choices. `one`: the test with the numbers that outcomes give."""
    names = _measure_names(say, one, design)
    _box(say.t("Control"), list(one.arms), design.control, "control", str, lambda arm: ask(control=arm))
    if one.shape == "units" and shop.holdings.has("orders"):
        _outcomes(shop, say, design)
    _box(
        say.t("What decides (primary metric)"),
        list(names),
        design.primary,
        "primary",
        names.__getitem__,
        lambda measure: _decide_by(design, measure),
    )
    _direction(say, design)
    _empty_cells(shop, say, one, design)
    _plan(say, design)
    st.markdown(f"**{say.t('Finer choices')}**")
    split_control(say, one, design)
    _others(say, one, design, names)
    if one.shape == "units":
        _segments(say, one, design)
        _noise(say, one, design)
    _margin(say, design)


def _box(label: str, options: list[Any], value: Any, name: str, words: Callable[[Any], str], on_pick: Callable[[Any], None]) -> None:  # fmt: skip
    """A select box that always shows what the question says."""
    key = f"ab_{name}"
    there = options if value in options else [value, *options]
    st.selectbox(label, there, key=told(key, value), format_func=words, on_change=lambda: on_pick(st.session_state[key]))  # fmt: skip


def _measure_names(say: Words, one: Held, design: Design) -> dict[Measure, str]:
    """Every measure that may decide, by what it is called; the one that decides as it is set."""
    found = {measure.name: measure for measure in (*offered_measures(one), *design.others, design.primary)}
    return {measure: name_words(say, label_of(one, measure, design.outcomes)) for measure in found.values()}


def _decide_by(design: Design, measure: Measure) -> None:
    """Another metric decides; the one that did stays in the table. A margin is in the unit of the metric that it was said
    of, so it goes."""
    others = tuple(one for one in design.measures if one.name != measure.name)
    ask(primary=_like(design.primary, measure), others=others, margin=None, is_adjusted=False)


def _like(before: Measure, measure: Measure) -> Measure:
    """A measure keeps what was said of the same column."""
    return replace(measure, empty=before.empty) if measure.column == before.column else measure


def _outcomes(shop: kpi.Workspace, say: Words, design: Design) -> None:
    """Where the outcomes are; another place has other metrics, so the question begins anew."""
    names: dict[Outcomes, str] = {
        "file": say.t("the file's own columns"),
        "orders": say.t("this workspace's orders of the people in it"),
    }
    key = "ab_outcomes"

    def begin_anew() -> None:
        try:
            fresh = shop.experiments.suggested(design.experiment, st.session_state[key])
        except kpi.KpiError as error:
            st.session_state[_REFUSED] = error
            return
        ask(
            **{name: getattr(fresh, name) for name in ("outcomes", "primary", "others", "seen", "shows")},
            is_adjusted=False,
        )

    st.radio(
        say.t("Outcomes are"),
        list(names),
        format_func=names.__getitem__,
        key=told(key, design.outcomes),
        on_change=begin_anew,
    )
    if _REFUSED in st.session_state:
        show_error(st.session_state.pop(_REFUSED))


def _direction(say: Words, design: Design) -> None:
    names = {True: say.t("more is better"), False: say.t("less is better")}
    st.segmented_control(
        say.t("Direction"),
        list(names),
        format_func=names.__getitem__,
        required=True,
        key=told("ab_direction", design.primary.is_higher_better),
        on_change=lambda: ask(primary=replace(design.primary, is_higher_better=st.session_state["ab_direction"])),
    )


def _empty_cells(shop: kpi.Workspace, say: Words, one: Held, design: Design) -> None:
    """Asked of every column in use that has empty cells; nobody but the person can know."""
    if design.outcomes != "file":
        return
    used = {column for measure in design.measures for column in (measure.column, measure.denominator) if column}
    names = {"zero": say.t("nothing happened: zero"), "left_out": say.t("not measured: leave out")}
    for column in shop.experiments.undecided(one.name):
        if column.name not in used:
            continue
        key = f"ab_empty_{column.name}"
        now = next((m.empty for m in design.measures if m.column == column.name), "zero")
        st.radio(
            say.n("{n} empty cell in “{column}” means", "{n} empty cells in “{column}” mean", one.rows - column.filled, column=escaped(say.say(column.label))),
            list(names),
            format_func=names.__getitem__,
            key=told(key, now),
            on_change=_said_empty,
            args=(design, column.name, key),
        )  # fmt: skip


def _said_empty(design: Design, column: str, key: str) -> None:
    def said(measure: Measure) -> Measure:
        return replace(measure, empty=st.session_state[key]) if measure.column == column else measure

    ask(primary=said(design.primary), others=tuple(map(said, design.others)))


def _plan(say: Words, design: Design) -> None:
    st.markdown(f"**{say.t('What was planned before the first look')}**")
    st.number_input(
        say.t("Units in all variants together"),
        min_value=1,
        value=None,
        step=1000,
        placeholder=say.t("no size planned"),
        key=told("ab_units", design.units),
        on_change=lambda: ask(units=st.session_state["ab_units"] or None),
    )
    st.date_input(
        say.t("Last day"),
        value=None,
        format="DD.MM.YYYY" if say.language == "pl" else "YYYY-MM-DD",
        key=told("ab_end", design.end),
        on_change=lambda: ask(end=st.session_state["ab_end"]),
    )
    st.caption(
        say.t("Leave both empty if nothing was planned: then the verdict is one that may be looked at every day.")
    )


def _others(say: Words, one: Held, design: Design, names: dict[Measure, str]) -> None:
    by_name = {measure.name: measure for measure in names if measure.name != design.primary.name}
    labels = {measure.name: label for measure, label in names.items()}
    st.multiselect(
        say.t("Other metrics"),
        list(by_name),
        key=told("ab_others", [m.name for m in design.others if m.name in by_name]),
        format_func=labels.__getitem__,
        on_change=lambda: ask(others=tuple(by_name[name] for name in st.session_state["ab_others"])),
        placeholder=say.t("None"),
        select_all=False,
    )


def _segments(say: Words, one: Held, design: Design) -> None:
    labels = {column.name: name_words(say, column.label) for column in one.categories}
    if labels:
        st.multiselect(
            say.t("Segments"),
            list(labels),
            key=told("ab_segments", [name for name in design.segments if name in labels]),
            format_func=labels.__getitem__,
            on_change=lambda: ask(segments=tuple(st.session_state["ab_segments"])),
            placeholder=say.t("None"),
            select_all=False,
        )


def _noise(say: Words, one: Held, design: Design) -> None:
    """CUPED and winsorising, which a mean alone can have."""
    primary = design.primary
    if primary.kind != "mean":
        return
    labels = {column.name: name_words(say, column.label) for column in one.numbers if column.name != primary.column}

    def adjust_by(name: str | None) -> None:
        ask(primary=replace(primary, covariate=name), is_adjusted=design.is_adjusted and bool(name))

    none = say.t("none")
    _box(say.t("Measure from before the test (CUPED)"), [None, *labels], primary.covariate, "covariate", lambda name: labels.get(name, name) if name else none, adjust_by)  # fmt: skip
    if primary.covariate:
        st.toggle(
            say.t("CUPED decides"),
            key=told("ab_cuped", design.is_adjusted),
            on_change=lambda: ask(is_adjusted=st.session_state["ab_cuped"]),
            help=say.t("Only if it was planned so, and only with a measure that the test could not have changed."),
        )
    _box(
        say.t("Winsorised beside"),
        [None, *_WINSOR],
        primary.winsor_share,
        "winsor",
        lambda share: say.t("above the {share} quantile", share=say.percent(share, 1)) if share else none,
        lambda share: ask(primary=replace(primary, winsor_share=share)),
    )


def _margin(say: Words, design: Design) -> None:
    factor = 100 if design.primary.kind == "proportion" else 1
    label = (
        say.t("Accepted loss, in percentage points") if factor == 100 else say.t("Accepted loss, in the metric's unit")
    )

    def keep() -> None:
        entered = st.session_state["ab_margin"]
        ask(margin=entered / factor if entered else None)

    st.number_input(
        label,
        min_value=0.0,
        value=None,
        step=0.1,
        format="%.4g",
        placeholder=say.t("no margin"),
        key=told("ab_margin", None if design.margin is None else round(design.margin * factor, 9)),
        on_change=keep,
        help=say.t(
            "For a test that only has to show that the variant is not worse by more than this (non-inferiority)."
        ),
    )
