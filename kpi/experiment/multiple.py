"""p-values adjusted for how many questions were asked."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted so that the chance of any false alarm is bounded. Source: Holm (1979), Scandinavian J. of Statistics 6."""
    adjusted, highest, m = [0.0] * len(p_values), 0.0, len(p_values)
    for rank, index in enumerate(sorted(range(m), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (m - rank) * p_values[index]))
        adjusted[index] = highest
    return tuple(adjusted)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted so that the share of false ones among the findings is bounded.

    Source: Benjamini, Hochberg (1995), JRSS B 57.
    """
    adjusted, lowest, m = [0.0] * len(p_values), 1.0, len(p_values)
    for rank, index in enumerate(sorted(range(m), key=p_values.__getitem__, reverse=True)):
        lowest = min(lowest, p_values[index] * m / (m - rank))
        adjusted[index] = lowest
    return tuple(adjusted)
