"""Two means of unequal spread: Welch's t from moments. A linearised ratio takes the same way."""

from __future__ import annotations

import math

from scipy import special

from kpi.experiment.estimate import NO_SPREAD, Estimate, Method, student_p
from kpi.experiment.moments import Moments
from kpi.wording.message import Message


def welch(control: Moments, treatment: Moments, alpha: float = 0.05, method: Method = "welch") -> Estimate | Message:
    """Treatment − control with Welch–Satterthwaite degrees of freedom. Both need `has_spread`.

    Source: Welch (1947), Biometrika 34. With heavily skewed values it needs some hundred units with a value in each arm.
    """
    variance_c, variance_t = control.var / control.n, treatment.var / treatment.n
    se = math.sqrt(variance_c + variance_t)
    if se == 0:
        return NO_SPREAD
    df = (variance_c + variance_t) ** 2 / (variance_c**2 / (control.n - 1) + variance_t**2 / (treatment.n - 1))
    difference = treatment.mean - control.mean
    half = -float(special.stdtrit(df, alpha / 2)) * se
    t = difference / se
    return Estimate(difference, difference - half, difference + half, student_p(t, df), t, se, method, df)
