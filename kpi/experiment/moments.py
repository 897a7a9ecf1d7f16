"""Moments: count, means, variances and covariances of one arm, all that a closed form needs. No row is kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

NAN = math.nan
_PAIRED = ("denominator", "covariate", "covariate_denominator")
# Which two of them each place of `crossed` is about.
_CROSSED = ((0, 1), (0, 2), (1, 2))
NOT_CROSSED = (NAN, NAN, NAN)


@dataclass(frozen=True)
class Moments:
    """One metric over the units of one arm, day or segment.

    mean, var: of the outcome (a ratio's numerator), sample variance · denominator_*: of a ratio's denominator ·
    covariate_*: of what was measured before the test · covariate_denominator_*: of what that is divided by · *_covar:
    their covariance with the outcome · crossed: covariances of denominator and covariate, of denominator and the
    covariate's denominator, of covariate and its denominator · nonzero: units with an outcome other than zero (a ratio:
    with a denominator). NaN where a moment is not defined or was not asked for.
    """

    n: int
    mean: float = NAN
    var: float = NAN
    nonzero: int = 0
    denominator_mean: float = NAN
    denominator_var: float = NAN
    denominator_covar: float = NAN
    covariate_mean: float = NAN
    covariate_var: float = NAN
    covariate_covar: float = NAN
    covariate_denominator_mean: float = NAN
    covariate_denominator_var: float = NAN
    covariate_denominator_covar: float = NAN
    crossed: tuple[float, float, float] = NOT_CROSSED

    @property
    def total(self) -> float:
        return self.mean * self.n if self.n else 0.0

    @property
    def has_spread(self) -> bool:
        """Whether the sample variance is known; it may be zero."""
        return self.n > 1 and not math.isnan(self.var)


def proportion_moments(n: int, successes: int) -> Moments:
    """Moments of `successes` ones among `n` zeros and ones."""
    if not n:
        return Moments(0)
    rate = successes / n
    return Moments(n, rate, rate * (1 - rate) * n / (n - 1) if n > 1 else NAN, successes)


def merged(parts: Iterable[Moments]) -> Moments:
    """The moments of all units of the parts together.

    Source: Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37,
    eq. 2.1; the same identity holds for covariances.
    """
    return reduce(_merged_two, parts, Moments(0))


def linearised(ratio: Moments) -> Moments:
    """The ratio of sums as a mean of linearised units: n, the ratio, and the variance of (y − R·d) / mean(d).

    A covariate goes with it: as it is, or linearised in the same way where it has a denominator.

    Source: Deng, Knoblich, Lu (2018), Applying the Delta Method in Metric Analytics, KDD, eq. 4; Kohavi, Tang, Xu (2020),
    Trustworthy Online Controlled Experiments, ch. 18. Not to be trusted with a few units, or a mean denominator near zero.
    """
    if ratio.n == 0 or not ratio.denominator_mean:
        return Moments(ratio.n)
    value = ratio.mean / ratio.denominator_mean
    spread = ratio.var - 2 * value * ratio.denominator_covar + value**2 * ratio.denominator_var
    # A residual of rounding may be below zero where every unit has the same ratio.
    variance = max(spread, 0.0) / ratio.denominator_mean**2 if ratio.n > 1 else NAN
    return replace(_linearised_covariate(ratio, value), n=ratio.n, mean=value, var=variance, nonzero=ratio.nonzero)


def _linearised_covariate(ratio: Moments, value: float) -> Moments:
    """Only the covariate's moments: its covariance is that of (y − R·d) / mean(d) and (x − Q·z) / mean(z)."""
    over, below = ratio.denominator_mean, ratio.covariate_denominator_mean
    of_d_x, of_d_z, of_x_z = ratio.crossed
    if math.isnan(below):
        covariance = (ratio.covariate_covar - value * of_d_x) / over
        spread, before = ratio.covariate_var, ratio.covariate_mean
        return Moments(0, covariate_mean=before, covariate_var=spread, covariate_covar=covariance)
    if not below:
        return Moments(0)
    before = ratio.covariate_mean / below
    spread = ratio.covariate_var - 2 * before * of_x_z + before**2 * ratio.covariate_denominator_var
    covariance = (
        ratio.covariate_covar
        - before * ratio.covariate_denominator_covar
        - value * of_d_x
        + value * before * of_d_z
    )  # fmt: skip
    return Moments(
        0,
        covariate_mean=before,
        covariate_var=max(spread, 0.0) / below**2,
        covariate_covar=covariance / (over * below),
    )


def _merged_two(a: Moments, b: Moments) -> Moments:
    if not a.n or not b.n:
        return b if not a.n else a
    n, whole = a.n + b.n, Moments(a.n + b.n, nonzero=a.nonzero + b.nonzero)
    means: dict[str, float] = {}
    shift, shifts = b.mean - a.mean, list[float]()
    means["mean"] = a.mean + shift * b.n / n
    means["var"] = _pooled(a, b, a.var, b.var, shift * shift)
    for name in _PAIRED:
        other = getattr(b, f"{name}_mean") - getattr(a, f"{name}_mean")
        means[f"{name}_mean"] = getattr(a, f"{name}_mean") + other * b.n / n
        means[f"{name}_var"] = _pooled(a, b, getattr(a, f"{name}_var"), getattr(b, f"{name}_var"), other * other)
        means[f"{name}_covar"] = _pooled(a, b, getattr(a, f"{name}_covar"), getattr(b, f"{name}_covar"), shift * other)
        shifts.append(other)
    crossed = tuple(
        _pooled(a, b, of_a, of_b, shifts[one] * shifts[other])
        for of_a, of_b, (one, other) in zip(a.crossed, b.crossed, _CROSSED, strict=True)
    )
    return replace(whole, crossed=crossed, **means)  # type: ignore[arg-type]


def _pooled(a: Moments, b: Moments, of_a: float, of_b: float, between: float) -> float:
    """One second moment of both. That of a single unit is undefined and takes no part: its sum of squares is zero."""
    within = (of_a * (a.n - 1) if a.n > 1 else 0.0) + (of_b * (b.n - 1) if b.n > 1 else 0.0)
    n = a.n + b.n
    return (within + between * a.n * b.n / n) / (n - 1)
