"""Day by day: the difference among all units so far, with the band that may be looked at every day, and its chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kpi.experiment import Estimate, Moments
from kpi.experiment.confidence import always_valid, mixture_rho
from kpi.experiment.moments import linearised, merged
from kpi.report.experiment.steps import COUNT, NUMBER, Parameter, Places, parameter_rows
from kpi.report.experiment.table import difference_kind
from kpi.report.experiment.tested import Block, Tested
from kpi.report.sheet import Cell, Chart, Kind, Line, Row, Sheet

_FIRST = 4
_FEWEST = 2
_Day = tuple[date, Moments, Moments, Estimate]


def days_sheet(tested: Tested) -> Sheet | None:
    """Of the verdict's arm, or the first that can be compared; None without dates or with a single day."""
    block = tested.primary
    arm = tested.verdict.arm or next((one.arm for one in block.comparisons if one.estimate), None) if block else None
    days = list(_cumulative(tested, block, arm)) if block and arm else []
    if not block or arm is None or len(days) < _FEWEST:
        return None
    w, places, plan = tested.words, Places(), tested.plan
    top = parameter_rows(
        [
            Parameter("alpha", w.t("Error rate (alpha)"), plan.alpha),
            Parameter("tuning", w.t("Units at which the sequence is narrowest"), plan.tuning_units, kind=COUNT),
            Parameter(
                "rho",
                "rho",
                mixture_rho(plan.alpha, plan.tuning_units),
                "=SQRT((-2*LN({alpha})+LN(-2*LN({alpha})+1))/{tuning})",
            ),
        ],
        places,
        _FIRST,
    )
    header = _FIRST + len(top) + 1
    rows = [
        Row((Cell(tested.sheet_names[1], look="title"),), height=27),
        Row((Cell(_subtitle(tested, block, arm), look="subtitle"),), height=18),
        Row(),
        *top,
        Row(),
        _titles(tested, arm),
        *(_row(block, places, day, number) for number, day in enumerate(days, header + 1)),
    ]
    first, last = header + 1, header + len(days)
    widths = (46.0, 14.0, 16.0, 18.0, 14.0, 16.0, 18.0, 16.0, 16.0, 16.0, 16.0)
    chart = _chart(tested, block, days, first, last)
    return Sheet(tested.sheet_names[1], tuple(rows), widths, header, (first, last), chart=chart)


def _cumulative(tested: Tested, block: Block, arm: str) -> Iterator[_Day]:
    """Each day's moments of control and arm so far; days before there is a band are left out."""
    so_far = (Moments(0), Moments(0))
    for day, moments in tested.observed.by_day(block.metric.name).items():
        today = (moments.get(name, Moments(0)) for name in (tested.plan.control, arm))
        so_far = tuple(merged(pair) for pair in zip(so_far, today, strict=True))  # type: ignore[assignment]
        own, other = (linearised(one) if block.metric.kind == "ratio" else one for one in so_far)
        if own.has_spread and other.has_spread:
            band = always_valid(own, other, tested.plan.alpha, tested.plan.tuning_units)
            if isinstance(band, Estimate):
                yield day, own, other, band


def _subtitle(tested: Tested, block: Block, arm: str) -> str:
    return tested.words.t(
        "{metric}: “{arm}” − “{control}”, all units seen up to each day, without adjustment by the past",
        metric=tested.label(block.metric),
        arm=arm,
        control=tested.plan.control,
    )


def _titles(tested: Tested, arm: str) -> Row:
    w, control = tested.words, tested.plan.control
    names = [
        *(w.t("{arm}: {what}", arm=one, what=what) for one in (control, arm) for what in _moments(tested)),
        w.t("Difference"), w.t("Half width"), w.t("Band from"), w.t("Band to"),
    ]  # fmt: skip
    return Row((Cell(w.t("Day"), look="header"), *(Cell(name, look="header_number") for name in names)), height=44)


def _moments(tested: Tested) -> tuple[str, str, str]:
    w = tested.words
    return w.t("units"), w.t("value"), w.t("variance of a unit")


def _row(block: Block, places: Places, found: _Day, row: int) -> Row:
    day, own, other, band = found
    kind, scale = difference_kind(block.metric)
    typed = [
        Cell(value, kind_, "typed")
        for one in (own, other)
        for value, kind_ in ((float(one.n), COUNT), (one.mean, NUMBER), (one.var, NUMBER))
    ]
    pointer = "100*" if scale == 100 else ""
    units, growth = f"(B{row}+E{row})", f"((B{row}+E{row})*{{rho}}^2+1)"
    spread = f"(D{row}/B{row}+G{row}/E{row})"
    half = f"={pointer}SQRT({units}*{spread}*2*{growth}*LN(SQRT({growth})/{{alpha}}))/({units}*{{rho}})"
    live = [
        (band.difference, f"={pointer}(F{row}-C{row})"),
        ((band.high - band.low) / 2, places.formula(half, "")),
        (band.low, f"=H{row}-I{row}"),
        (band.high, f"=H{row}+I{row}"),
    ]
    return Row(
        (Cell(day, Kind("day"), "key"), *typed, *(Cell(value * scale, kind, "body", text) for value, text in live))
    )


def _chart(tested: Tested, block: Block, days: list[_Day], first: int, last: int) -> Chart:
    w, (kind, scale) = tested.words, difference_kind(block.metric)
    bands = [band for *_, band in days]
    lines = (
        Line(8, w.t("Difference"), tuple(one.difference * scale for one in bands)),
        Line(10, w.t("Band from"), tuple(one.low * scale for one in bands), is_compared=True),
        Line(11, w.t("Band to"), tuple(one.high * scale for one in bands), is_compared=True),
    )
    title = w.t("{metric}: difference so far and its always-valid band", metric=tested.label(block.metric))
    return Chart(title, kind, Kind("day"), tuple(day for day, *_ in days), first, last, lines, last + 2)
