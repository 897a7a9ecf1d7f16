"""Beta-binomial posterior of proportions: chance of being best and expected loss, for any number of arms.

It stands beside the test and does not excuse peeking: stopping at "95 % better" on twenty looks is wrong in 42 % of
tests without any difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kpi.experiment.estimate import Interval

# Twenty nodes a panel, panels a quarter of a standard deviation wide where an arm has its mass.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_DEVIATES = np.linspace(-9, 9, 73)


@dataclass(frozen=True)
class Posterior:
    """One arm: mean of its posterior, equal-tailed interval, chance of being best, what choosing it loses if it is not."""

    arm: str
    mean: float
    interval: Interval
    best_share: float
    expected_loss: float


def posteriors(
    counts: Mapping[str, tuple[int, int]], prior: tuple[float, float] = (1.0, 1.0), alpha: float = 0.05
) -> tuple[Posterior, ...]:
    """Of each arm, given as (successes, n), with the same Beta prior. Several arms: best of all, loss against the best.

    Expected loss of arm i is E[max over arms − theta_i] = ∫ F_i (1 − ∏ F_j) dx over the other arms j, by Gauss–Legendre
    quadrature: no simulation. Source: Kruschke (2013), J. Exp. Psychology 142 (posterior); Stucchio (2015), Bayesian A/B
    testing at VWO (expected loss).
    """
    a = np.array([prior[0] + x for x, _ in counts.values()])[:, None]
    b = np.array([prior[1] + n - x for x, n in counts.values()])[:, None]
    x, weight = _grid(a, b)
    log_below = np.log(np.maximum(special.betainc(a, b, x), 1e-300))
    log_density = special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b)
    others = log_below.sum(axis=0) - log_below
    best = (np.exp(log_density + others) * weight).sum(axis=1)
    loss = (np.exp(log_below) * -np.expm1(others) * weight).sum(axis=1)
    return tuple(
        Posterior(
            arm,
            float(a[i, 0] / (a[i, 0] + b[i, 0])),
            (float(special.betaincinv(a[i, 0], b[i, 0], alpha / 2)), float(special.betaincinv(a[i, 0], b[i, 0], 1 - alpha / 2))),
            float(best[i]),
            float(loss[i]),
        )
        for i, arm in enumerate(counts)
    )  # fmt: skip


def _grid(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quadrature nodes and weights over where any arm has its mass."""
    cuts = np.unique(np.concatenate(([0.0, 1.0], special.betaincinv(a, b, special.ndtr(_DEVIATES)).ravel())))
    middle, half = (cuts[1:] + cuts[:-1]) / 2, (cuts[1:] - cuts[:-1]) / 2
    nodes = (middle[:, None] + half[:, None] * _NODES).ravel()
    return nodes, (half[:, None] * _WEIGHTS).ravel()
