"""Medians and other quantiles: a bootstrap that needs a few thousand order statistics and no resampled rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.experiment.collect import order_statistics
from kpi.experiment.estimate import Interval, too_few
from kpi.experiment.observed import Observed
from kpi.wording.message import Message, message

DRAWS = 2_000


@dataclass(frozen=True)
class QuantileDifference:
    """A quantile of both arms, treatment − control, and its percentile interval over `draws` resamples."""

    quantile: float
    control: float
    treatment: float
    difference: float
    interval: Interval
    draws: int


def quantile_difference(
    con: Any,
    observed: Observed,
    name: str,
    control: str,
    arm: str,
    quantile: float = 0.5,
    *,
    seed: int,
    draws: int = DRAWS,
    alpha: float = 0.05,
) -> QuantileDifference | Message:
    """The difference of a quantile between two arms, the value at rank ⌈n·q⌉, with a bootstrap interval.

    A resample's value at a rank is the sample's value at a random rank, distributed as ⌈n·Beta(m, n + 1 − m)⌉ with
    m = ⌈n·q⌉, so only those values are fetched. The interval says nothing where most units have the same value: a
    median of zeros is zero. Source: Schultzberg, Ankargren (2022), Resampling-free bootstrap inference for quantiles,
    arXiv:2202.10992.
    """
    moments = observed.moments(name)
    for one in (control, arm):
        if moments[one].n < 2:
            return too_few(one)
    if observed.intake.source is None or observed.metric(name).kind != "mean":
        return message("A quantile needs the value of every unit.")
    generator = np.random.default_rng(seed)
    ranks = {one: resampled_ranks(moments[one].n, quantile, draws, generator) for one in (control, arm)}
    wanted = {one: [_rank(moments[one].n, quantile), *found.tolist()] for one, found in ranks.items()}
    values = {one: np.array(found, dtype=float) for one, found in order_statistics(con, observed, name, wanted).items()}
    low, high = np.quantile(values[arm][1:] - values[control][1:], [alpha / 2, 1 - alpha / 2])
    own, other = float(values[control][0]), float(values[arm][0])
    return QuantileDifference(quantile, own, other, other - own, (float(low), float(high)), draws)


def resampled_ranks(n: int, quantile: float, draws: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """The ranks, in the sample, of the quantile of each resample."""
    m = _rank(n, quantile)
    return np.ceil(n * generator.beta(m, n + 1 - m, draws)).clip(1, n).astype(np.int64)


def _rank(n: int, quantile: float) -> int:
    return min(n, max(1, math.ceil(n * quantile - 1e-9)))
