"""Tests of two or three factors at once: each factor's own effect, and whether they change one another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from kpi.experiment.estimate import Interval, chi_square_p, normal_quantile, too_few
from kpi.experiment.metric import Metric
from kpi.experiment.moments import Moments, linearised
from kpi.experiment.multiple import holm
from kpi.wording.message import Message, message

_FACTORS = (2, 3)


@dataclass(frozen=True)
class Effect:
    """Of one factor, or of several on one another. p is adjusted by Holm over all effects of the test.

    differences: level − the factor's first level, averaged over the other factors, with its interval; for an interaction,
    how much that difference itself differs. One a contrast, named by the levels.
    """

    factors: tuple[str, ...]
    differences: tuple[tuple[tuple[str, ...], float, Interval], ...]
    statistic: float
    df: int
    p: float
    p_adjusted: float


def factorial(
    metric: Metric,
    moments: Mapping[str, Moments],
    factors: Mapping[str, Sequence[str]],
    levels: Mapping[str, Sequence[str]],
    alpha: float = 0.05,
) -> tuple[Effect, ...] | Message:
    """Effects of a full factorial test: Wald's chi-square of contrasts between the arms' means, each with its own spread.

    factors: each factor's levels, the one to compare with first · levels: each arm's level of every factor, in their order.
    Source: Montgomery (2017), Design and Analysis of Experiments, ch. 5; unweighted means, so that unequal arms do not
    mix the factors up. Needs some hundred units an arm.
    """
    if len(factors) not in _FACTORS or any(len(set(names)) < 2 for names in factors.values()):
        return message("A factorial test has two or three factors, each with at least two levels.")
    arm_of = {tuple(place): arm for arm, place in levels.items()}
    cells = list(product(*factors.values()))
    if missing := tuple(" × ".join(cell) for cell in cells if cell not in arm_of):
        return message("No variant combines {combinations}, so the factors cannot be told apart.", combinations=missing)
    arms = [moments.get(arm_of[cell], Moments(0)) for cell in cells]
    arms = [linearised(arm) if metric.kind == "ratio" else arm for arm in arms]
    for cell, arm in zip(cells, arms, strict=True):
        if not arm.has_spread:
            return too_few(arm_of[cell])
    means = np.array([arm.mean for arm in arms])
    variances = np.array([arm.var / arm.n for arm in arms])
    names = list(factors)
    orders = range(1, len(names) + 1)
    found = [
        one
        for order in orders
        for group in combinations(names, order)
        if (one := _effect(group, factors, means, variances, alpha))
    ]
    if len(found) < 2 ** len(names) - 1:
        return message("Every unit of several variants has the same value, so no uncertainty can be computed.")
    adjusted = holm([one[3] for one in found])
    return tuple(
        Effect(group, differences, statistic, len(differences), p, p_adjusted)
        for (group, differences, statistic, p), p_adjusted in zip(found, adjusted, strict=True)
    )


_Found = tuple[tuple[str, ...], tuple[tuple[tuple[str, ...], float, Interval], ...], float, float]


def _effect(
    group: tuple[str, ...],
    factors: Mapping[str, Sequence[str]],
    means: NDArray[np.float64],
    variances: NDArray[np.float64],
    alpha: float,
) -> _Found | None:
    contrasts = _contrasts(group, factors)
    estimates = contrasts @ means
    covariance = (contrasts * variances) @ contrasts.T
    errors = np.sqrt(np.diag(covariance))
    if np.linalg.matrix_rank(covariance) < len(estimates):
        return None
    statistic = float(estimates @ np.linalg.solve(covariance, estimates))
    half = normal_quantile(alpha) * errors
    names = product(*(factors[name][1:] for name in group))
    differences = tuple(
        (name, float(value), (float(value - width), float(value + width)))
        for name, value, width in zip(names, estimates, half, strict=True)
    )
    return group, differences, statistic, chi_square_p(statistic, len(estimates))


def _contrasts(group: tuple[str, ...], factors: Mapping[str, Sequence[str]]) -> NDArray[np.float64]:
    """One row a contrast, one column a cell: level − first level of the group's factors, the mean over the others."""
    rows: NDArray[np.float64] = np.ones((1, 1))
    for name, levels in factors.items():
        count = len(levels)
        against_first = np.hstack([-np.ones((count - 1, 1)), np.eye(count - 1)])
        rows = np.kron(rows, against_first if name in group else np.full((1, count), 1 / count))
    return rows
