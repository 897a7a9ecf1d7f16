"""Does the effect differ between segments, days or weekdays? A view beside the verdict, never in its place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi.experiment.comparison import Comparison, Rule, compared, with_adjusted
from kpi.experiment.confidence import TUNING_UNITS, always_valid
from kpi.experiment.estimate import Estimate, chi_square_p, normal_p
from kpi.experiment.metric import Metric
from kpi.experiment.moments import Moments, linearised, merged
from kpi.experiment.multiple import holm
from kpi.experiment.observed import Observed

_MONDAY_TO_SUNDAY = range(7)


@dataclass(frozen=True)
class Interaction:
    """Whether an arm's difference is the same in all groups: Cochran's Q, its degrees of freedom and p-value."""

    arm: str
    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class Segments:
    """A dimension's values with each arm's comparison, p adjusted by Holm over all rows, and the interaction per arm."""

    dimension: str
    rows: tuple[tuple[str | None, Comparison], ...]
    interactions: tuple[Interaction, ...]


@dataclass(frozen=True)
class Trend:
    """How the daily difference changes: per day, with its p-value. A novelty wears off, learning grows."""

    arm: str
    change_a_day: float
    p: float


def segments(observed: Observed, name: str, control: str, dimension: str, alpha: float = 0.05) -> Segments:
    """A metric's differences in every segment. Found among many, they are ideas for the next test."""
    metric, groups = observed.metric(name), observed.by_segment(name, dimension)
    arms = [arm for arm in observed.arms if arm != control]
    pairs = [(value, arm) for value in groups for arm in arms]
    rows = [compared(metric, groups[value], control, arm, Rule(alpha=alpha)) for value, arm in pairs]
    adjusted = with_adjusted(rows, holm([one.estimate.p for one in rows if one.estimate]))
    found = [one for arm in arms if (one := interaction(metric, groups, control, arm))]
    return Segments(
        dimension,
        tuple((value, row) for (value, _), row in zip(pairs, adjusted, strict=True)),
        tuple(
            Interaction(one.arm, one.statistic, one.df, p)
            for one, p in zip(found, holm([one.p for one in found]), strict=True)
        ),
    )


def interaction(
    metric: Metric, groups: Mapping[Any, Mapping[str, Moments]], control: str, arm: str
) -> Interaction | None:
    """Cochran's Q of the groups' differences around their weighted mean; None with fewer than two usable groups.

    Source: Cochran (1954), The combination of estimates from different experiments, Biometrics 10.
    """
    found = [one for moments in groups.values() if (one := _difference(metric, moments, control, arm))]
    if len(found) < 2:
        return None
    weights = [1 / se**2 for _, se in found]
    centre = sum(w * d for w, (d, _) in zip(weights, found, strict=True)) / sum(weights)
    statistic = sum(w * (d - centre) ** 2 for w, (d, _) in zip(weights, found, strict=True))
    return Interaction(arm, statistic, len(found) - 1, chi_square_p(statistic, len(found) - 1))


def weekday_interaction(observed: Observed, name: str, control: str, arm: str) -> Interaction | None:
    """Whether the difference depends on the day of the week on which units were seen."""
    groups: dict[int, dict[str, Moments]] = {}
    for weekday in _MONDAY_TO_SUNDAY:
        days = [moments for day, moments in observed.by_day(name).items() if day.weekday() == weekday]
        groups[weekday] = {one: merged(day.get(one, Moments(0)) for day in days) for one in observed.arms}
    return interaction(observed.metric(name), groups, control, arm)


def daily(observed: Observed, name: str, control: str, arm: str, alpha: float = 0.05) -> dict[date, Comparison]:
    """The difference among the units of each day."""
    metric = observed.metric(name)
    return {
        day: compared(metric, moments, control, arm, Rule(alpha=alpha))
        for day, moments in observed.by_day(name).items()
    }


def cumulative(
    observed: Observed, name: str, control: str, arm: str, alpha: float = 0.05, tuning_units: int = TUNING_UNITS
) -> dict[date, Estimate]:
    """The difference among all units up to each day with its always-valid band; days before there is one are left out."""
    metric, found = observed.metric(name), dict[date, Estimate]()
    so_far = {one: Moments(0) for one in (control, arm)}
    for day, moments in observed.by_day(name).items():
        so_far = {one: merged((before, moments.get(one, Moments(0)))) for one, before in so_far.items()}
        own, other = (linearised(one) if metric.kind == "ratio" else one for one in so_far.values())
        if own.has_spread and other.has_spread:
            band = always_valid(own, other, alpha, tuning_units)
            if isinstance(band, Estimate):
                found[day] = band
    return found


def trend(observed: Observed, name: str, control: str, arm: str) -> Trend | None:
    """The slope of the daily differences over the days, each weighted by its units; None with fewer than three days.

    Weighted by units and not by variance, which in a proportion moves with the value itself. Source: Kohavi, Tang, Xu
    (2020), Trustworthy Online Controlled Experiments, ch. 23 (novelty and primacy).
    """
    metric, points = observed.metric(name), list[tuple[float, float, float, float]]()
    for day, moments in observed.by_day(name).items():
        found = _difference(metric, moments, control, arm)
        if found:
            own, other = moments[control].n, moments[arm].n
            points.append((day.toordinal(), own * other / (own + other), *found))
    if len(points) < 3:
        return None
    weight = sum(w for _, w, _, _ in points)
    centre = sum(x * w for x, w, _, _ in points) / weight
    across = sum(w * (x - centre) ** 2 for x, w, _, _ in points)
    slope = sum(w * (x - centre) * d for x, w, d, _ in points) / across
    se = math.sqrt(sum((w * (x - centre) * s) ** 2 for x, w, _, s in points)) / across
    return Trend(arm, slope, normal_p(slope / se))


def _difference(metric: Metric, moments: Mapping[str, Moments], control: str, arm: str) -> tuple[float, float] | None:
    """Treatment − control and its unpooled standard error; None where there is none."""
    pair = [moments.get(one, Moments(0)) for one in (control, arm)]
    own, other = (linearised(one) if metric.kind == "ratio" else one for one in pair)
    if not (own.has_spread and other.has_spread):
        return None
    se = math.sqrt(own.var / own.n + other.var / other.n)
    return (other.mean - own.mean, se) if se > 0 else None
