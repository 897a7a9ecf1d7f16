"""Two proportions: pooled z, Fisher's mid-p where cells are small, Newcombe's interval; chi-square for all arms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kpi.experiment.estimate import Estimate, Interval, chi_square_p, normal_p, normal_quantile
from kpi.wording.message import Message, message

NOBODY = message("Nobody converted in either variant, so there is nothing to compare.")
EVERYBODY = message("Everybody converted in both variants, so there is nothing to compare.")
_SMALL_CELL = 5
# Tables of the same probability differ by rounding only.
_SAME = 1e-9


def wilson(successes: int, n: int, alpha: float = 0.05) -> Interval:
    """Score interval of one proportion. Source: Wilson (1927), JASA 22; Newcombe (1998), Stat Med 17:857, method 3."""
    z = normal_quantile(alpha)
    rate = successes / n
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return (0.0 if successes == 0 else centre - half), (1.0 if successes == n else centre + half)


def newcombe(control: tuple[int, int], treatment: tuple[int, int], alpha: float = 0.05) -> Interval:
    """Interval of treatment − control, each given as (successes, n).

    Source: Newcombe (1998), Interval estimation for the difference between independent proportions, Stat Med 17:873,
    method 10 (square-and-add of Wilson's intervals).
    """
    (rate_c, low_c, high_c), (rate_t, low_t, high_t) = (
        (successes / n, *wilson(successes, n, alpha)) for successes, n in (control, treatment)
    )
    difference = rate_t - rate_c
    return (
        difference - math.hypot(rate_t - low_t, high_c - rate_c),
        difference + math.hypot(high_t - rate_t, rate_c - low_c),
    )


def pooled_z(control: tuple[int, int], treatment: tuple[int, int]) -> float:
    """Two-proportion z with the pooled variance, no continuity correction. Source: Fleiss (1981), ch. 2.

    tea-tasting applies Yates' correction by default; it makes the test conservative, and none is applied here.
    """
    (x_c, n_c), (x_t, n_t) = control, treatment
    pooled = (x_c + x_t) / (n_c + n_t)
    return (x_t / n_t - x_c / n_c) / math.sqrt(pooled * (1 - pooled) * (1 / n_c + 1 / n_t))


def fisher(control: tuple[int, int], treatment: tuple[int, int], *, is_mid: bool = True) -> float:
    """Fisher's two-sided p-value: tables less likely than the observed and those as likely, which mid-p counts half.

    Source: Lancaster (1961), Significance tests in discrete distributions, JASA 56; Agresti (2013), Categorical Data
    Analysis, 3.5.
    """
    (x_c, n_c), (x_t, n_t) = control, treatment
    together, everyone = x_c + x_t, n_c + n_t
    lowest, highest = max(0, together - n_t), min(together, n_c)
    k = np.arange(lowest, highest, dtype=float)
    # Ratio of neighbouring hypergeometric probabilities; in logarithms, from the observed table outwards.
    steps = np.log((together - k) * (n_c - k)) - np.log((k + 1) * (everyone - together - n_c + k + 1))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    logs -= logs[x_c - lowest]
    relative = np.exp(logs - logs.max())
    observed, whole = relative[x_c - lowest], relative.sum()
    exact = relative[relative <= observed * (1 + _SAME)].sum() / whole
    as_likely = relative[abs(relative - observed) <= observed * _SAME].sum() / whole
    return float(min(1.0, exact - (as_likely / 2 if is_mid else 0.0)))


def smallest_expected_cell(control: tuple[int, int], treatment: tuple[int, int]) -> float:
    """Of the 2 × 2 table, were both proportions the same."""
    (x_c, n_c), (x_t, n_t) = control, treatment
    together = x_c + x_t
    return min(together, n_c + n_t - together) * min(n_c, n_t) / (n_c + n_t)


def proportion_difference(
    control: tuple[int, int], treatment: tuple[int, int], alpha: float = 0.05
) -> Estimate | Message:
    """Pooled z, or Fisher's mid-p where an expected cell is under 5; Newcombe's interval beside either.

    Where p-value and interval disagree at the edge, the p-value decides.
    """
    (x_c, n_c), (x_t, n_t) = control, treatment
    if x_c + x_t == 0:
        return NOBODY
    if x_c + x_t == n_c + n_t:
        return EVERYBODY
    z = pooled_z(control, treatment)
    difference = x_t / n_t - x_c / n_c
    pooled = (x_c + x_t) / (n_c + n_t)
    is_small = smallest_expected_cell(control, treatment) < _SMALL_CELL
    return Estimate(
        difference,
        *newcombe(control, treatment, alpha),
        fisher(control, treatment) if is_small else normal_p(z),
        z,
        math.sqrt(pooled * (1 - pooled) * (1 / n_c + 1 / n_t)),
        "fisher_mid_p" if is_small else "z",
    )


def overall(counts: Sequence[tuple[int, int]]) -> tuple[float, int, float] | Message:
    """Whether any arm differs: Pearson's chi-square over arms × converted or not.

    Returns: chi-square, degrees of freedom, p-value. Source: Pearson (1900), Philosophical Magazine 50.
    """
    arms = [(x, n) for x, n in counts if n]
    converted, everyone = sum(x for x, _ in arms), sum(n for _, n in arms)
    if converted == 0:
        return NOBODY
    if converted == everyone:
        return EVERYBODY
    rate = converted / everyone
    statistic = sum((x - n * rate) ** 2 / (n * rate * (1 - rate)) for x, n in arms)
    return statistic, len(arms) - 1, chi_square_p(statistic, len(arms) - 1)
