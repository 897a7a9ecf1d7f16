"""Counts per arm, typed in or uploaded: visitors, conversions, perhaps revenue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.errors import BadExperiment
from kpi.experiment.metric import Metric
from kpi.experiment.moments import Moments, proportion_moments
from kpi.experiment.observed import Cell, Intake, Observed
from kpi.wording.message import Text, message

CONVERSION = Metric.proportion("conversion", "conversions", empty="zero", label=Text("conversion rate", "konwersja"))


@dataclass(frozen=True)
class ArmCount:
    """One line: how many people saw the arm, how many of them converted, what they paid in all."""

    arm: str
    visitors: int
    conversions: int
    revenue_amount: float | None = None


def observed_counts(counts: Sequence[ArmCount], currency: str | None = None) -> Observed:
    """What counts can tell: conversion, and revenue per visitor without its spread, so without a test.

    Raises: BadExperiment: a count is negative, broken, above its visitors, or an arm stands there twice.
    """
    names = [one.arm for one in counts]
    wrong = tuple(
        one.arm
        for one in counts
        if not (one.arm and float(one.visitors).is_integer() and float(one.conversions).is_integer())
        or not 0 <= one.conversions <= one.visitors
        or names.count(one.arm) > 1
    )
    if wrong or not counts:
        raise BadExperiment(
            message("These counts cannot be compared"),
            message(
                "Every variant needs one line with whole numbers, and no more conversions than visitors: {arms}.",
                arms=tuple(dict.fromkeys(wrong)) or None,
            ),
            message("Count each visitor who converted once, and correct these lines."),
        )
    has_revenue = all(one.revenue_amount is not None for one in counts)
    revenue = Metric.mean(
        "revenue_per_visitor",
        "revenue_amount",
        empty="zero",
        label=Text("revenue per visitor", "przychód na odwiedzającego"),
        currency=currency,
    )
    cells = tuple(_cell(one, revenue if has_revenue else None) for one in counts)
    everyone = sum(int(one.visitors) for one in counts)
    return Observed((CONVERSION, revenue) if has_revenue else (CONVERSION,), cells, Intake(None, len(counts), everyone))


def _cell(one: ArmCount, revenue: Metric | None) -> Cell:
    n, converted = int(one.visitors), int(one.conversions)
    moments = {CONVERSION.name: proportion_moments(n, converted)}
    if revenue is not None and one.revenue_amount is not None:
        moments[revenue.name] = Moments(n, one.revenue_amount / n, nonzero=converted) if n else Moments(0)
    return Cell(one.arm, n, moments)
