"""Planning a test: how many units, what could be detected, how many days, what longer would buy. Formulas are named."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from scipy import special

from kpi.errors import BadExperiment
from kpi.experiment.moments import Moments, linearised
from kpi.wording.message import Text, message

Formula = Literal["pooled", "unpooled", "control"]
FORMULAS: dict[str, Text] = {
    "pooled": Text("pooled z-test (Fleiss)", "test z ze wspólną wariancją (Fleiss)"),
    "unpooled": Text("z-test with separate variances", "test z z osobnymi wariancjami"),
    "control": Text("z-test with the control's variance (Evan Miller)", "test z z wariancją kontroli (Evan Miller)"),
    "t": Text("Student's t, non-central", "test t Studenta, rozkład niecentralny"),
    "normal": Text("normal approximation", "przybliżenie normalne"),
    "delta": Text("t-test of the linearised ratio (delta method)", "test t ilorazu zlinearyzowanego (metoda delta)"),
}
_WHOLE_WEEK = 7


@dataclass(frozen=True)
class SampleSize:
    """Units for the control and for each other arm; `raw` is the control's before rounding up."""

    control: int
    treatment: int
    arms: int
    raw: float
    formula: Text

    @property
    def total(self) -> int:
        return self.control + self.treatment * (self.arms - 1)


@dataclass(frozen=True)
class Longer:
    """What so many weeks of the same traffic could detect."""

    weeks: int
    units: int
    detectable: float


def proportion_size(
    baseline: float,
    effect: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    arms: int = 2,
    allocation: float = 1.0,
    formula: Formula = "pooled",
) -> SampleSize:
    """Units to detect `effect`, an absolute change of the `baseline` proportion, two-sided.

    allocation: units of a treatment ÷ units of the control · arms: alpha is shared among the comparisons (Bonferroni).
    Source: Fleiss, Levin, Paik (2003), Statistical Methods for Rates and Proportions, eq. 4.14 without the correction;
    "control" is evanmiller.org/ab-testing/sample-size.html.
    """
    changed = baseline + effect
    _refuse(not (0 < baseline < 1 and 0 < changed < 1 and effect), alpha, power, arms, allocation)
    z_a, z_b = _deviates(alpha / (arms - 1), power)
    own, other = baseline * (1 - baseline), changed * (1 - changed)
    middle = (baseline + allocation * changed) / (1 + allocation)
    under_null = {
        "pooled": middle * (1 - middle) * (1 + 1 / allocation),
        "unpooled": own + other / allocation,
        "control": own * (1 + 1 / allocation),
    }[formula]
    raw = (z_a * math.sqrt(under_null) + z_b * math.sqrt(own + other / allocation)) ** 2 / effect**2
    return _size(raw, allocation, arms, FORMULAS[formula])


def proportion_power(baseline: float, effect: float, units: int, *, alpha: float = 0.05, arms: int = 2) -> float:
    """The chance of the pooled z-test with `units` in each arm to find `effect`. Source: as `proportion_size`."""
    _refuse(not (0 < baseline < 1 and 0 < baseline + effect < 1 and units > 0), alpha, 0.8, arms, 1.0)
    changed = baseline + effect
    middle = (baseline + changed) / 2
    null, real = 2 * middle * (1 - middle), baseline * (1 - baseline) + changed * (1 - changed)
    z_a, _ = _deviates(alpha / (arms - 1), 0.8)
    shift = abs(effect) * math.sqrt(units)
    ends = ((sign * shift - z_a * math.sqrt(null)) / math.sqrt(real) for sign in (1, -1))
    return float(sum(special.ndtr(end) for end in ends))


def detectable_proportion(
    baseline: float, units: int, *, alpha: float = 0.05, power: float = 0.8, arms: int = 2
) -> float | None:
    """The smallest rise of a proportion that `units` in each arm detect; None where even the largest is too small."""
    _refuse(not (0 < baseline < 1 and units > 0), alpha, power, arms, 1.0)

    def has_power(effect: float) -> bool:
        return proportion_power(baseline, effect, units, alpha=alpha, arms=arms) >= power

    return _smallest(has_power, 1 - baseline - 1e-9)


def mean_size(
    deviation: float,
    effect: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    arms: int = 2,
    allocation: float = 1.0,
    formula: Text = FORMULAS["t"],
) -> SampleSize:
    """Units to detect a difference of two means with this standard deviation in both arms.

    Source: Cohen (1988), Statistical Power Analysis, ch. 2: the non-central t distribution, solved for n.
    """
    _refuse(not (deviation > 0 and effect and math.isfinite(deviation)), alpha, power, arms, allocation)
    share = alpha / (arms - 1)
    size = abs(effect) / deviation
    z_a, z_b = _deviates(share, power)
    low = max(2 / min(1.0, allocation), ((z_a + z_b) / size) ** 2 * (1 + 1 / allocation) * 0.5)
    high = low * 2 + 20
    if _t_power(size, low, allocation, share) >= power:
        return _size(low, allocation, arms, formula)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if _t_power(size, middle, allocation, share) >= power else (middle, high)
    return _size(high, allocation, arms, formula)


def ratio_size(
    moments: Moments, effect: float, *, alpha: float = 0.05, power: float = 0.8, arms: int = 2, allocation: float = 1.0
) -> SampleSize:
    """Units to detect an absolute change of a ratio whose moments are known. Source: delta method, see `linearised`."""
    one = linearised(moments)
    deviation = math.sqrt(one.var) if one.has_spread else math.nan
    return mean_size(
        deviation, effect, alpha=alpha, power=power, arms=arms, allocation=allocation, formula=FORMULAS["delta"]
    )


def detectable_mean(deviation: float, units: int, *, alpha: float = 0.05, power: float = 0.8, arms: int = 2) -> float:
    """The smallest difference of two means that `units` in each arm detect, by the normal approximation.

    Source: Cohen (1988), ch. 2, with z for t; a ratio takes the deviation of its linearised units.
    """
    _refuse(not (deviation > 0 and units > 0 and math.isfinite(deviation)), alpha, power, arms, 1.0)
    return sum(_deviates(alpha / (arms - 1), power)) * deviation * math.sqrt(2 / units)


def days_needed(size: SampleSize, units_a_day: float) -> int:
    """Days at this traffic, in whole weeks, because days of the week differ."""
    _refuse(not units_a_day > 0, 0.05, 0.8, 2, 1.0)
    return max(1, math.ceil(size.total / (units_a_day * _WHOLE_WEEK))) * _WHOLE_WEEK


def what_longer_buys(
    detectable: Callable[[int], float | None], units_a_day: float, arms: int = 2, weeks: Sequence[int] = range(1, 13)
) -> tuple[Longer, ...]:
    """For each number of weeks what could be detected; `detectable` takes the units of one arm."""
    _refuse(not units_a_day > 0, 0.05, 0.8, arms, 1.0)
    sizes = ((count, int(units_a_day * _WHOLE_WEEK * count)) for count in weeks)
    found = ((count, units, detectable(units // arms) if units >= arms else None) for count, units in sizes)
    return tuple(Longer(count, units, effect) for count, units, effect in found if effect is not None)


def _deviates(alpha: float, power: float) -> tuple[float, float]:
    return -float(special.ndtri(alpha / 2)), float(special.ndtri(power))


def _t_power(size: float, n: float, allocation: float, alpha: float) -> float:
    """Of the two-sided t-test with n and allocation·n units and a difference of `size` standard deviations."""
    df = n * (1 + allocation) - 2
    shift = size * math.sqrt(n * allocation / (1 + allocation))
    edge = -float(special.stdtrit(df, alpha / 2))
    return float(1 - special.nctdtr(df, shift, edge) + special.nctdtr(df, shift, -edge))


def _smallest(holds: Callable[[float], bool], highest: float) -> float | None:
    """The smallest effect that holds, by bisection; None where not even the highest does."""
    if highest <= 0 or not holds(highest):
        return None
    low, high = 0.0, highest
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _size(raw: float, allocation: float, arms: int, formula: Text) -> SampleSize:
    control = math.ceil(raw - 1e-9)
    return SampleSize(control, math.ceil(raw * allocation - 1e-9), arms, raw, formula)


def _refuse(is_wrong: bool, alpha: float, power: float, arms: int, allocation: float) -> None:
    if is_wrong or not (0 < alpha < 1 and alpha < power < 1 and arms >= 2 and allocation > 0):
        raise BadExperiment(
            message("This test cannot be planned"),
            message("Rates lie between 0 and 100 %, with the effect too; spread, traffic and effect are not zero."),
            message("Change the numbers of the plan."),
        )
