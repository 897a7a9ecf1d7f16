"""Relative lift, treatment ÷ control − 1, with an interval only where one is defined."""

from __future__ import annotations

import math

from kpi.experiment.estimate import Interval, normal_quantile
from kpi.experiment.moments import Moments


def lift(control: float, treatment: float) -> float | None:
    """The relative change; none where the control's value is zero or negative, for its size then means nothing."""
    return treatment / control - 1 if control > 0 else None


def log_interval(control: tuple[int, int], treatment: tuple[int, int], alpha: float = 0.05) -> Interval | None:
    """Of two proportions, by the logarithm of their ratio; none where an arm has no conversion.

    Source: Katz, Baptista, Azen, Pike (1978), Biometrics 34.
    """
    (x_c, n_c), (x_t, n_t) = control, treatment
    if not x_c or not x_t:
        return None
    ratio = (x_t / n_t) / (x_c / n_c)
    half = normal_quantile(alpha) * math.sqrt(1 / x_c - 1 / n_c + 1 / x_t - 1 / n_t)
    return ratio * math.exp(-half) - 1, ratio * math.exp(half) - 1


def fieller_interval(control: Moments, treatment: Moments, alpha: float = 0.05) -> Interval | None:
    """Of two independent means; none where the control's mean is not clearly above zero, for it is then unbounded.

    Source: Fieller (1954), Some problems in interval estimation, JRSS B 16; Franz (2007), arXiv:0710.2024, eq. 6.
    """
    z = normal_quantile(alpha)
    a = control.mean**2 - z**2 * control.var / control.n
    c = treatment.mean**2 - z**2 * treatment.var / treatment.n
    b = control.mean * treatment.mean
    if not a > 0 or control.mean <= 0:
        return None
    root = math.sqrt(max(b * b - a * c, 0.0))
    return (b - root) / a - 1, (b + root) / a - 1


def delta_interval(control: Moments, treatment: Moments, alpha: float = 0.05) -> Interval | None:
    """Of two independent means by the delta method: symmetric, and too short where the control's mean is unsure.

    Source: Deng, Knoblich, Lu (2018), KDD, section 2.2. Beside Fieller's interval, for comparison with other tools.
    """
    if control.mean <= 0:
        return None
    ratio = treatment.mean / control.mean
    variance = treatment.var / treatment.n + ratio**2 * control.var / control.n
    half = normal_quantile(alpha) * math.sqrt(variance) / control.mean
    return ratio - 1 - half, ratio - 1 + half
