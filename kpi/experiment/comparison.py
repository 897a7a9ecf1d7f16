"""One metric of one arm beside the control, by the rule that the moment of looking asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kpi.experiment.confidence import TUNING_UNITS, always_valid
from kpi.experiment.cuped import adjusted
from kpi.experiment.estimate import NO_VARIANCE, Estimate, Interval, too_few
from kpi.experiment.lift import fieller_interval, lift, log_interval
from kpi.experiment.means import welch
from kpi.experiment.metric import Metric
from kpi.experiment.moments import Moments, linearised, merged
from kpi.experiment.multiple import holm
from kpi.experiment.proportions import proportion_difference
from kpi.experiment.spending import NEAREST, any_look_boundary, any_look_p, boundaries, repeated_p
from kpi.wording.message import Message, message

Mode = Literal["fixed", "spending", "always_valid"]
"""The planned end is reached · a plan is declared and not reached · nothing is declared."""


@dataclass(frozen=True)
class Rule:
    """What an interval and a p-value have to hold against.

    fraction: share of the plan that is there, for spending · looks: shares at which it has been looked at before; none
    means that nobody wrote them down, and any number of looks is allowed for.
    """

    mode: Mode = "fixed"
    alpha: float = 0.05
    fraction: float = 1.0
    looks: tuple[float, ...] = ()
    tuning_units: int = TUNING_UNITS


@dataclass(frozen=True)
class Comparison:
    """Values of both arms, the estimate that decides, and the fixed-horizon one; or the reason why there is none.

    p_adjusted: over the comparisons that belong together · lift_interval: none where it is not defined ·
    variance_reduction: where CUPED took part.
    """

    metric: Metric
    control: str
    arm: str
    control_value: float | None
    value: float | None
    estimate: Estimate | None
    fixed: Estimate | None
    reason: Message | None = None
    lift: float | None = None
    lift_interval: Interval | None = None
    p_adjusted: float | None = None
    variance_reduction: float | None = None

    @property
    def is_better(self) -> bool | None:
        """Whether the difference is in the wanted direction; None where there is none."""
        if self.estimate is None or not self.estimate.difference:
            return None
        return (self.estimate.difference > 0) == self.metric.is_higher_better


def compared(
    metric: Metric, moments: Mapping[str, Moments], control: str, arm: str, rule: Rule, *, is_adjusted: bool = False
) -> Comparison:
    """An arm beside the control. `is_adjusted` takes the covariate's part out first, where the metric has one."""
    pair = [moments.get(name, Moments(0)) for name in (control, arm)]
    own, other = (_testable(metric, one) for one in pair)
    values = [None if not one.n or math.isnan(one.mean) else one.mean for one in (own, other)]
    bare = Comparison(metric, control, arm, values[0], values[1], None, None)
    reason = _reason(control, own) or _reason(arm, other)
    if reason:
        return replace(bare, reason=reason)
    reduction = None
    is_cuped = is_adjusted and metric.covariate is not None
    if is_cuped:
        outcome = adjusted(own, other, both=_testable(metric, merged(pair)))
        if isinstance(outcome, Message):
            return replace(bare, reason=outcome)
        own, other, reduction = outcome.control, outcome.treatment, outcome.variance_reduction
    fixed = _fixed(metric, own, other, rule.alpha, is_cuped=is_cuped)
    if isinstance(fixed, Message):
        return replace(bare, reason=fixed)
    deciding = fixed if rule.mode == "fixed" else _guarded(own, other, fixed, rule)
    if isinstance(deciding, Message):
        return replace(bare, reason=deciding)
    is_binary = metric.kind == "proportion" and not is_cuped
    counts = ((own.nonzero, own.n), (other.nonzero, other.n))
    interval = log_interval(*counts, rule.alpha) if is_binary else fieller_interval(own, other, rule.alpha)
    return replace(
        bare,
        estimate=deciding,
        fixed=fixed,
        lift=lift(own.mean, other.mean),
        # An interval of the fixed horizon would promise too much before it.
        lift_interval=interval if rule.mode == "fixed" else None,
        variance_reduction=reduction,
    )


def all_compared(
    metric: Metric, moments: Mapping[str, Moments], control: str, rule: Rule, *, is_adjusted: bool = False
) -> tuple[Comparison, ...]:
    """Every other arm beside the control, p-values adjusted by Holm over the arms."""
    found = [
        compared(metric, moments, control, arm, rule, is_adjusted=is_adjusted) for arm in moments if arm != control
    ]
    return with_adjusted(found, holm([one.estimate.p for one in found if one.estimate]))


def with_adjusted(comparisons: list[Comparison], p_values: tuple[float, ...]) -> tuple[Comparison, ...]:
    """The comparisons with the adjusted p-values of those that have one, in their order."""
    left = iter(p_values)
    return tuple(replace(one, p_adjusted=next(left)) if one.estimate else one for one in comparisons)


def _testable(metric: Metric, moments: Moments) -> Moments:
    return linearised(moments) if metric.kind == "ratio" else moments


def _reason(arm: str, moments: Moments) -> Message | None:
    if moments.n < 2:
        return too_few(arm)
    if math.isnan(moments.mean):
        return message("“{arm}” has nothing to divide by, so its ratio is not defined.", arm=arm)
    return None if moments.has_spread else NO_VARIANCE


def _fixed(metric: Metric, own: Moments, other: Moments, alpha: float, *, is_cuped: bool) -> Estimate | Message:
    if metric.kind == "proportion" and not is_cuped:
        return proportion_difference((own.nonzero, own.n), (other.nonzero, other.n), alpha)
    return welch(own, other, alpha, "cuped" if is_cuped else "delta" if metric.kind == "ratio" else "welch")


def _guarded(own: Moments, other: Moments, fixed: Estimate, rule: Rule) -> Estimate | Message:
    if rule.mode == "always_valid":
        return always_valid(own, other, rule.alpha, rule.tuning_units)
    z, se = fixed.z, math.sqrt(own.var / own.n + other.var / other.n)
    looks = spaced(rule.looks, rule.fraction)
    if looks:
        bound, p = boundaries((*looks, rule.fraction), rule.alpha)[-1], repeated_p(z, (*looks, rule.fraction))
    else:
        bound, p = any_look_boundary(rule.fraction, rule.alpha), any_look_p(z, rule.fraction)
    return Estimate(
        fixed.difference, fixed.difference - bound * se, fixed.difference + bound * se, p, z, se, "spending"
    )


def spaced(looks: tuple[float, ...], now: float) -> tuple[float, ...]:
    """Earlier looks in order, without those so near to a later one that they are the same look."""
    kept: list[float] = []
    following = now
    for fraction in sorted((look for look in looks if 0 < look < now), reverse=True):
        if following - fraction > NEAREST:
            kept.append(fraction)
            following = fraction
    return tuple(reversed(kept))
