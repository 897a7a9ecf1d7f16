"""Sample-ratio mismatch: whether the arms have as many units as the split planned. If not, nothing else can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpi.experiment.estimate import chi_square_p
from kpi.experiment.multiple import holm

BLOCKS_BELOW = 0.001
WARNS_BELOW = 0.01
State = Literal["passed", "warned", "blocked"]


@dataclass(frozen=True)
class Balance:
    """Pearson's chi-square of the counts against the split. `p` is adjusted by Holm where it is one of several days."""

    statistic: float
    df: int
    p: float
    on: date | None = None

    @property
    def state(self) -> State:
        if self.p < BLOCKS_BELOW:
            return "blocked"
        return "warned" if self.p < WARNS_BELOW else "passed"


def balance(units: Mapping[str, int], split: Mapping[str, float]) -> Balance | None:
    """The counts against the split's weights; an arm of weight zero is left out. None with fewer than two such arms.

    Units in an arm of weight zero are a mismatch of their own, which the caller reports: no chi-square can hold them.
    Source: Fabijan et al. (2019), Diagnosing sample ratio mismatch in online controlled experiments, KDD.
    """
    arms = [arm for arm, weight in split.items() if weight > 0]
    everyone, whole = sum(units.get(arm, 0) for arm in arms), sum(split[arm] for arm in arms)
    if len(arms) < 2 or not everyone:
        return None
    expected = {arm: everyone * split[arm] / whole for arm in arms}
    statistic = sum((units.get(arm, 0) - expected[arm]) ** 2 / expected[arm] for arm in arms)
    return Balance(statistic, len(arms) - 1, chi_square_p(statistic, len(arms) - 1))


def daily_balance(units_by_day: Mapping[date, Mapping[str, int]], split: Mapping[str, float]) -> tuple[Balance, ...]:
    """Each day's balance in order, adjusted by Holm over the days; days too small for a chi-square are left out."""
    smallest = min((weight for weight in split.values() if weight > 0), default=0) / (sum(split.values()) or 1)
    found = [
        (day, one)
        for day, units in sorted(units_by_day.items())
        if sum(units.values()) * smallest >= 5 and (one := balance(units, split))
    ]
    adjusted = holm([one.p for _, one in found])
    return tuple(Balance(one.statistic, one.df, p, day) for (day, one), p in zip(found, adjusted, strict=True))
