"""Always-valid inference: an interval and a p-value that may be looked at after every visitor.

Asymptotic confidence sequence with a normal mixture. Its tuning size says at how many units it is narrowest; it must be
chosen before the data, never from them.
"""

from __future__ import annotations

import math

from kpi.experiment.estimate import NO_SPREAD, Estimate
from kpi.experiment.moments import Moments
from kpi.wording.message import Message

TUNING_UNITS = 10_000


def mixture_rho(alpha: float, tuning_units: int) -> float:
    """The mixture's parameter that makes the sequence narrowest at `tuning_units`.

    Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2024), Time-uniform central limit theory and asymptotic
    confidence sequences, Annals of Statistics 52, appendix B.2 (eq. 161 of arXiv:2103.06476).
    """
    log_term = -2 * math.log(alpha)
    return math.sqrt((log_term + math.log(log_term + 1)) / tuning_units)


def half_width(variance: float, units: int, alpha: float, rho: float) -> float:
    """Of the sequence at `units`, where `variance` is that of one unit's contribution: units × se². Source: ibid., eq. 9."""
    growth = units * rho**2 + 1
    return math.sqrt(variance * 2 * growth * math.log(math.sqrt(growth) / alpha)) / (units * rho)


def always_valid(
    control: Moments, treatment: Moments, alpha: float = 0.05, tuning_units: int = TUNING_UNITS
) -> Estimate | Message:
    """Treatment − control with a 1 − alpha confidence sequence and the p-value 1 ÷ e-value.

    units = both arms'; variance = units × (var_c/n_c + var_t/n_t). The interval leaves out zero exactly where p < alpha.
    It is asymptotic: not to be trusted under a hundred conversions.
    """
    units = control.n + treatment.n
    se = math.sqrt(control.var / control.n + treatment.var / treatment.n)
    if se == 0:
        return NO_SPREAD
    difference = treatment.mean - control.mean
    rho = mixture_rho(alpha, tuning_units)
    half = half_width(units * se**2, units, alpha, rho)
    z = difference / se
    growth = units * rho**2 + 1
    log_e = z**2 * units * rho**2 / (2 * growth) - math.log(growth) / 2
    p = math.exp(-max(log_e, 0.0))
    return Estimate(difference, difference - half, difference + half, p, z, se, "always_valid")


def units_to_decide(se: float, units: int, difference: float, alpha: float, tuning_units: int) -> int | None:
    """How many units in all until a difference of this size leaves zero out, with this spread. None beyond a thousandfold.

    Source: half_width = |difference| solved for the units.
    """
    rho, variance = mixture_rho(alpha, tuning_units), units * se**2
    if not difference:
        return None
    low, high = 0.0, math.log(1000.0)
    if half_width(variance, units * 1000, alpha, rho) > abs(difference):
        return None
    for _ in range(60):
        middle = (low + high) / 2
        is_wide = half_width(variance, int(units * math.exp(middle)), alpha, rho) > abs(difference)
        low, high = (middle, high) if is_wide else (low, middle)
    return math.ceil(units * math.exp(high))
