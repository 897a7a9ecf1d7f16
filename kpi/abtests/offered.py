"""Which metrics an experiment's columns can give, so that a person picks one instead of describing it."""

from __future__ import annotations

from collections.abc import Iterator

from kpi.abtests.design import Measure
from kpi.abtests.held import Held
from kpi.abtests.questions import aov_of

_MOST_RATIOS = 12


def offered_measures(held: Held) -> tuple[Measure, ...]:
    """Rates and means of every number column, the average order value, and amounts over counts."""
    if held.shape == "counts":
        return tuple(Measure("proportion" if one.name == "conversions" else "mean", one.name) for one in held.numbers)
    aov = aov_of(held)
    found = [*_single(held), *([aov] if aov else []), *_ratios(held)]
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def _single(held: Held) -> Iterator[Measure]:
    for one in (one for one in held.numbers if one.is_outcome):
        if one.kind != "amount":
            yield Measure("proportion", one.name)
        if one.kind != "flag":
            yield Measure("mean", one.name)
        if one.kind == "amount":
            yield Measure("proportion", one.name)


def _ratios(held: Held) -> list[Measure]:
    """An amount for each of what was counted, such as revenue ÷ orders."""
    able = [one for one in held.numbers if one.is_outcome]
    counts = [one.name for one in able if one.kind in ("count", "flag")]
    amounts = [one.name for one in able if one.kind in ("amount", "count")]
    pairs = [(amount, count) for amount in amounts for count in counts if amount != count]
    return [Measure("ratio", amount, denominator=count) for amount, count in pairs[:_MOST_RATIOS]]
