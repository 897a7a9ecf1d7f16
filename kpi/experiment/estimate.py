"""Estimate: a difference between two arms with its interval and p-value, and the sentences for where there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

from kpi.wording.message import Message, message

Method = Literal["z", "fisher_mid_p", "welch", "delta", "cuped", "spending", "always_valid"]
"""Pooled z with Newcombe's interval · Fisher's mid-p with the same interval · Welch's t · Welch's t of a linearised ratio ·
Welch's t of CUPED-adjusted means · group-sequential boundary · always-valid confidence sequence."""
Interval = tuple[float, float]
Side = Literal["control", "treatment"]

NO_SPREAD = message("Inside each variant every unit has the same value, so no uncertainty can be computed.")
NO_VARIANCE = message("The file gives totals only; without the values of single units their spread is not known.")


@dataclass(frozen=True)
class Estimate:
    """Treatment minus control. `statistic` is z, or t where `df` is given; `se` is what the statistic divides by."""

    difference: float
    low: float
    high: float
    p: float
    statistic: float
    se: float
    method: Method
    df: float | None = None

    @property
    def z(self) -> float:
        """The normal deviate with the same two-sided p-value and the difference's sign."""
        if self.df is None and self.method != "fisher_mid_p":
            return self.statistic
        size = -float(special.ndtri(self.p / 2)) if self.p > 0 else abs(self.statistic)
        return math.copysign(size, self.difference)


def too_few(arm: str) -> Message:
    return message("“{arm}” has fewer than two units, so the spread inside it is not known.", arm=arm)


def normal_quantile(alpha: float) -> float:
    """z with alpha/2 above it: 1.96 for 0.05."""
    return -float(special.ndtri(alpha / 2))


def normal_p(z: float) -> float:
    """Two-sided p-value of a normal deviate."""
    return float(2 * special.ndtr(-abs(z)))


def student_p(t: float, df: float) -> float:
    """Two-sided p-value of Student's t."""
    return float(2 * special.stdtr(df, -abs(t)))


def chi_square_p(statistic: float, df: int) -> float:
    """Upper tail of the chi-square distribution."""
    return float(special.chdtrc(df, statistic))
