"""Not worse by more than a margin: the question of a change that is wanted for other reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from kpi.experiment.metric import Metric
from kpi.experiment.moments import Moments, linearised


@dataclass(frozen=True)
class NonInferiority:
    """One-sided: `low` is the difference's lower 1 − alpha bound, `p` small where it lies above −margin."""

    z: float
    p: float
    low: float


def non_inferiority(
    metric: Metric, control: Moments, treatment: Moments, margin: float, alpha: float = 0.05
) -> NonInferiority | None:
    """Whether treatment − control exceeds −margin; where lower is better, signs are turned. None without any spread.

    margin: a positive loss that is still acceptable, in the metric's unit. A proportion's variance is p(1 − p) / n.
    Source: Wald's unpooled z; Blackwelder (1982), Proving the null hypothesis in clinical trials, Controlled Clinical
    Trials 3.
    """
    if metric.kind == "ratio":
        control, treatment = linearised(control), linearised(treatment)
    se = math.sqrt(_variance(metric, control) + _variance(metric, treatment))
    if not se > 0:
        return None
    difference = (treatment.mean - control.mean) * (1 if metric.is_higher_better else -1)
    z = (difference + margin) / se
    return NonInferiority(z, float(special.ndtr(-z)), difference + float(special.ndtri(alpha)) * se)


def _variance(metric: Metric, arm: Moments) -> float:
    """Of the mean; of a proportion with n, not n − 1, as the literature has it."""
    return (arm.mean * (1 - arm.mean) if metric.kind == "proportion" else arm.var) / arm.n
