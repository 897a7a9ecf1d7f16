"""CUPED: what was known of each unit before the test takes part of the noise away."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from kpi.experiment.moments import Moments, merged
from kpi.wording.message import Message, message

Theta = Literal["total", "within"]
"""The slope over both arms together, as tea-tasting takes it · the pooled slope inside the arms, as ANCOVA takes it."""


@dataclass(frozen=True)
class Adjusted:
    """Both arms with outcome − theta × (covariate − its mean over both), and the share of the variance that went."""

    control: Moments
    treatment: Moments
    theta: float
    variance_reduction: float


def adjusted(
    control: Moments, treatment: Moments, theta: Theta = "total", both: Moments | None = None
) -> Adjusted | Message:
    """The two arms adjusted by the covariate, to be compared by Welch's t.

    both: the moments of all units of the two arms, where they are not the two merged: a ratio's units are linearised
    anew around the ratio of all of them.
    The covariate must be fixed before the test began, or the adjustment takes part of the effect away.
    Source: Deng, Xu, Kohavi, Walker (2013), Improving the sensitivity of online controlled experiments, WSDM, eq. 4–7;
    of ratios ibid., appendix B.
    """
    both = both or merged((control, treatment))
    if math.isnan(control.covariate_mean) or math.isnan(treatment.covariate_mean):
        return message("The ratio from before the test has nothing to divide by, so it explains nothing.")
    slope_of = _within(control, treatment) if theta == "within" else (both.covariate_covar, both.covariate_var)
    covariance, variance = slope_of
    if not variance > 0:
        return message("The measure from before the test is the same for everybody, so it explains nothing.")
    slope = covariance / variance
    arms = (_shifted(control, slope, both.covariate_mean), _shifted(treatment, slope, both.covariate_mean))
    raw = control.var / control.n + treatment.var / treatment.n
    left = arms[0].var / control.n + arms[1].var / treatment.n
    return Adjusted(*arms, slope, 1 - left / raw if raw else 0.0)


def _within(control: Moments, treatment: Moments) -> tuple[float, float]:
    covariance = sum((arm.n - 1) * arm.covariate_covar for arm in (control, treatment))
    return covariance, sum((arm.n - 1) * arm.covariate_var for arm in (control, treatment))


def _shifted(arm: Moments, slope: float, centre: float) -> Moments:
    spread = arm.var - 2 * slope * arm.covariate_covar + slope**2 * arm.covariate_var
    return replace(arm, mean=arm.mean - slope * (arm.covariate_mean - centre), var=max(spread, 0.0))
