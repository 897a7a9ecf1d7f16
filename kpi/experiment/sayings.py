"""The sentences of a verdict: what happened, in money or points, with its range."""

from __future__ import annotations

import math

from kpi.experiment.comparison import Comparison, Rule
from kpi.experiment.plan import Progress
from kpi.wording.message import Message, Money, Points, Share, message

BLOCKED = message("No verdict: the test did not run as planned, so its numbers cannot be trusted.")
NOT_ENOUGH = message("Not enough data for a verdict yet.")
KEEP_RUNNING = message("Keep the test running: nothing is decided yet.")


def effect(one: Comparison) -> Message:
    """A decided difference with its range."""
    estimate = one.estimate
    if estimate is None:
        return NOT_ENOUGH
    low, high = sorted((abs(estimate.low), abs(estimate.high)))
    is_up = estimate.difference > 0
    if estimate.low * estimate.high <= 0:  # the p-value decides where the interval disagrees at the edge
        return _about(one, is_up=is_up)
    params = {
        "arm": one.arm,
        "control": one.control,
        "low": amount(one, low, (low, high)),
        "high": amount(one, high, (low, high)),
    }
    if one.metric.kind == "mean" and one.metric.unit == "money":
        per = one.metric.per
        if is_up:
            return message("“{arm}” adds {low} to {high} per {per}, compared with “{control}”.", per=per, **params)
        return message("“{arm}” takes away {low} to {high} per {per}, compared with “{control}”.", per=per, **params)
    label = one.metric.label
    if is_up:
        return message("“{arm}” raises {metric} by {low} to {high}, compared with “{control}”.", metric=label, **params)
    return message("“{arm}” lowers {metric} by {low} to {high}, compared with “{control}”.", metric=label, **params)


def no_difference(one: Comparison) -> Message:
    """The planned end without a decision: what the data still allow."""
    low, high = _ends(one)
    return message(
        "No difference was found: compared with “{control}”, “{arm}” changes {metric} by anything between {low} and {high}.",
        arm=one.arm,
        control=one.control,
        metric=one.metric.label,
        low=low,
        high=high,
    )


def not_worse(one: Comparison, margin: float) -> Message:
    """Not worse by more than the margin."""
    return message(
        "“{arm}” is not worse than “{control}” by more than the accepted {margin} of {metric}.",
        arm=one.arm,
        control=one.control,
        metric=one.metric.label,
        margin=amount(one, margin, (margin,)),
    )


def worse(arms: tuple[str, ...]) -> Message:
    return message("Worse for sure: {arms}. The rest is undecided.", arms=arms)


def keep_running(days: int | None, *, is_planned: bool) -> Message:
    """How long still, where that can be said."""
    if days is None:
        return KEEP_RUNNING
    if is_planned:
        return message(
            "Keep the test running: about {n} more day to the planned end.",
            "Keep the test running: about {n} more days to the planned end.",
            n=days,
        )
    return message(
        "Keep the test running: if the difference stays as it is, about {n} more day would decide.",
        "Keep the test running: if the difference stays as it is, about {n} more days would decide.",
        n=days,
    )


def rule(used: Rule, where: Progress) -> Message:
    """How the p-values were judged, and why."""
    if used.mode == "fixed":
        return message("The planned end is reached, so the usual p-value holds.")
    if used.mode == "always_valid":
        return message(
            "No end was planned, so the interval is one that may be looked at every day; the usual p-value does not hold.",
        )
    if where.fraction == 1:
        return message("The planned end is reached; earlier looks have used up a part of the allowed error.")
    return message(
        "{share} of the plan is there, so a decision needs stronger evidence now than at the end (O'Brien–Fleming).",
        share=Share(where.fraction or 0.0),
    )


def amount(one: Comparison, value: float, beside: tuple[float, ...]) -> Money | Points | float:
    """A size of the metric in its unit, with as many decimals as the smallest one beside it needs for a figure."""
    if one.metric.unit == "percent":
        return Points(value, _digits([100 * size for size in beside]))
    if one.metric.unit == "money":
        return Money(value, one.metric.currency, _digits(beside))
    return float(value)


def _about(one: Comparison, *, is_up: bool) -> Message:
    difference = abs(one.estimate.difference) if one.estimate else math.nan
    params = {
        "arm": one.arm,
        "control": one.control,
        "metric": one.metric.label,
        "difference": amount(one, difference, (difference,)),
    }
    if is_up:
        return message("“{arm}” raises {metric} by about {difference}, compared with “{control}”; the range just touches zero.", **params)  # fmt: skip
    return message("“{arm}” lowers {metric} by about {difference}, compared with “{control}”; the range just touches zero.", **params)  # fmt: skip


def _ends(one: Comparison) -> tuple[Money | Points | float, Money | Points | float]:
    if one.estimate is None:
        return math.nan, math.nan
    ends = (one.estimate.low, one.estimate.high)
    return amount(one, ends[0], ends), amount(one, ends[1], ends)


def _digits(sizes: tuple[float, ...] | list[float]) -> int:
    """Two, or as many as the smallest size needs for one figure, four at most."""
    smallest = min((abs(size) for size in sizes if size), default=1.0)
    return min(4, max(2, math.ceil(-math.log10(smallest)))) if smallest < 1 else 2
