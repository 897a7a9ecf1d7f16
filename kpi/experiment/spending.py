"""Looking before the planned end: O'Brien–Fleming boundaries by Lan and DeMets' spending, at whatever moments one looked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
# A normal deviate that no look reaches: where nothing may be spent yet.
_OUT_OF_REACH = 38.0
_WIDEST = 9.0
# Looks nearer than this share of the plan are one look: the statistic has hardly moved between them.
NEAREST = 5e-4
_NODES_A_SPREAD = 6


def spent_alpha(fraction: float, alpha: float = 0.05) -> float:
    """The two-sided error that may be spent up to this share of the planned information.

    Source: Lan, DeMets (1983), Discrete sequential boundaries for clinical trials, Biometrika 70, their alpha*_1, with
    alpha/2 on either side: 4 − 4 Φ(z(alpha/4) / √t).
    """
    if fraction <= 0:
        return 0.0
    return float(4 * special.ndtr(special.ndtri(alpha / 4) / math.sqrt(min(fraction, 1.0))))


def boundaries(fractions: Sequence[float], alpha: float = 0.05) -> tuple[float, ...]:
    """|z| to reach at each look, taken at increasing shares of the planned information, the last one being now.

    Source: ibid.; the recursion is that of Armitage, McPherson, Rowe (1969), JRSS A 132.
    """
    found: list[float] = []
    process = _Process()
    spent = 0.0
    for fraction, following in zip(fractions, (*fractions[1:], None), strict=True):
        now = spent_alpha(fraction, alpha)
        crossing = process.step(fraction)
        bound = _root(crossing, now - spent)
        process.stop_at(bound, following)
        found.append(bound)
        spent = now
    return tuple(found)


def crossing_probabilities(bounds: Sequence[float], fractions: Sequence[float]) -> tuple[float, ...]:
    """The chance, without any difference, to have crossed one of these |z| by each look. Source: Armitage et al. (1969)."""
    process, crossed = _Process(), list[float]()
    for bound, fraction, following in zip(bounds, fractions, (*fractions[1:], None), strict=True):
        crossed.append((crossed[-1] if crossed else 0.0) + process.step(fraction)(bound))
        process.stop_at(bound, following)
    return tuple(crossed)


def any_look_boundary(fraction: float, alpha: float = 0.05) -> float:
    """|z| that keeps alpha however often one looked before: the limit of ever more looks, a straight line for z√t.

    Source: reflection principle, P(max |B(s)|, s ≤ 1, exceeds b) ≤ 4 (1 − Φ(b)), so b = z(alpha/4) and |z| ≥ b / √t.
    """
    return float(-special.ndtri(alpha / 4)) / math.sqrt(fraction)


def any_look_p(z: float, fraction: float) -> float:
    """The smallest alpha at which `any_look_boundary` would have been crossed."""
    return min(1.0, float(4 * special.ndtr(-abs(z) * math.sqrt(fraction))))


def repeated_p(z: float, fractions: Sequence[float]) -> float:
    """The smallest alpha at which |z| of the last look crosses that alpha's boundary.

    Source: Jennison, Turnbull (2000), Group Sequential Methods, ch. 9 (repeated p-values).
    """

    def excess(log_alpha: float) -> float:
        return abs(z) - boundaries(fractions, math.exp(log_alpha))[-1]

    low, high = math.log(1e-12), math.log(0.9999)
    if excess(low) >= 0 or excess(high) <= 0:
        return 1e-12 if excess(low) >= 0 else 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) >= 0 else (middle, high)
    return math.exp(high)


class _Process:
    """The density of B(t) = z√t over the paths that have not crossed yet, on Gauss–Legendre nodes."""

    def __init__(self) -> None:
        self._fraction = 0.0
        self._before = 0.0
        self._nodes: Array = np.zeros(1)
        self._mass: Array = np.ones(1)

    def step(self, fraction: float) -> Callable[[float], float]:
        """Goes on to the next look; returns the chance to cross |z| there for the first time."""
        if not self._fraction + NEAREST / 2 < fraction <= 1 + 1e-12:
            raise ValueError("looks must be at increasing shares of the plan, up to 1, and apart")
        self._before, self._fraction = self._fraction, fraction
        spread, scale = math.sqrt(fraction - self._before), math.sqrt(fraction)

        def crossing(z: float) -> float:
            edge = z * scale
            outside = special.ndtr((-edge - self._nodes) / spread) + special.ndtr((self._nodes - edge) / spread)
            return float(self._mass @ outside)

        return crossing

    def stop_at(self, bound: float, following: float | None) -> None:
        """Keeps the paths inside the bound of this look, on nodes fine enough for the step to the following one."""
        if following is None:
            return
        spread = math.sqrt(self._fraction - self._before)
        edge = min(bound, _WIDEST) * math.sqrt(self._fraction)
        narrowest = min(spread, math.sqrt(max(following - self._fraction, NEAREST)))
        count = max(60, math.ceil(_NODES_A_SPREAD * edge / narrowest))
        nodes, weights = _nodes(count)
        nodes, weights = nodes * edge, weights * edge
        kernel = np.exp(-0.5 * ((nodes[:, None] - self._nodes) / spread) ** 2) / (spread * math.sqrt(2 * math.pi))
        self._nodes, self._mass = nodes, (kernel @ self._mass) * weights


@cache
def _nodes(count: int) -> tuple[Array, Array]:
    nodes, weights = special.roots_legendre(count)
    return nodes, weights


def _root(crossing: Callable[[float], float], wanted: float) -> float:
    """The |z| that is crossed with the wanted chance, by bisection; out of reach where there is next to nothing to spend."""
    if wanted < 1e-15:
        return _OUT_OF_REACH
    low, high = 0.0, _OUT_OF_REACH
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if crossing(middle) > wanted else (low, middle)
    return (low + high) / 2
