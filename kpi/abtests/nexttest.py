"""The next test: how many units, how many days, and what a longer one would find, from what the last one has taught."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from kpi.experiment import (
    FORMULAS,
    Longer,
    Metric,
    Moments,
    SampleSize,
    days_needed,
    detectable_mean,
    detectable_proportion,
    mean_size,
    proportion_size,
    what_longer_buys,
)
from kpi.experiment.metric import Kind
from kpi.experiment.moments import linearised
from kpi.wording.message import Text

_EFFECT_SHARE = 0.1
_UNITS = ("percent", "money", "number")


@dataclass(frozen=True)
class NextTest:
    """What is wanted. baseline: value without the change · deviation: standard deviation of one unit's value, for means and
    ratios · effect: absolute change that must not be missed · units_a_day: over all arms; None where nobody knows."""

    kind: Kind
    baseline: float
    effect: float
    deviation: float | None = None
    unit: str = "percent"
    currency: str | None = None
    power: float = 0.8
    arms: int = 2
    units_a_day: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> NextTest:
        """Raises: ValueError: it is none."""
        try:
            one = cls(**found)
            numbers = (one.baseline, one.effect, one.power, one.deviation or 1.0, one.units_a_day or 1.0)
            is_wrong = one.kind not in ("proportion", "mean", "ratio") or one.unit not in _UNITS
            if is_wrong or not all(map(math.isfinite, numbers)) or not isinstance(one.arms, int):
                raise ValueError(found)
        except TypeError as error:
            raise ValueError(found) from error
        return one

    @property
    def effect_share(self) -> float | None:
        """The effect as a share of the baseline; none where the baseline is not above zero."""
        return self.effect / self.baseline if self.baseline > 0 else None

    @property
    def metric(self) -> Metric:
        """The metric as charts and tables write it."""
        unit = {"percent": "percent", "money": "money"}.get(self.unit, "number")
        return Metric("next", self.kind, "", "zero", unit=unit, currency=self.currency)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Planned:
    """size: units, and the formula's name · days: None without traffic · longer: what whole weeks would find."""

    size: SampleSize
    days: int | None
    longer: tuple[Longer, ...]
    longer_formula: Text


def learned(metric: Metric, control: Moments, units_a_day: float | None) -> NextTest | None:
    """The next test as the last one's control suggests it; None where its spread is not known."""
    own = linearised(control) if metric.kind == "ratio" else control
    if not own.n or math.isnan(own.mean):
        return None
    if metric.kind != "proportion" and not (own.has_spread and own.var > 0):
        return None
    deviation = None if metric.kind == "proportion" else math.sqrt(own.var)
    effect = abs(own.mean) * _EFFECT_SHARE or (deviation or 0.0) * _EFFECT_SHARE
    return NextTest(
        metric.kind, own.mean, effect, deviation, metric.unit, metric.currency, units_a_day=units_a_day or None
    )


def planned(wanted: NextTest) -> Planned:
    """Sizes with alpha 0.05, two-sided, shared among the variants.

    Raises: BadExperiment: rates outside 0–100 %, no effect, no spread.
    """
    often: dict[str, Any] = {"power": wanted.power, "arms": wanted.arms}
    if wanted.kind == "proportion":
        size = proportion_size(wanted.baseline, wanted.effect, **often)
        detectable: Callable[..., float | None] = partial(detectable_proportion, wanted.baseline, **often)
        formula = FORMULAS["pooled"]
    else:
        deviation = wanted.deviation or 0.0
        name = FORMULAS["delta" if wanted.kind == "ratio" else "t"]
        size = mean_size(deviation, wanted.effect, formula=name, **often)
        detectable, formula = partial(detectable_mean, deviation, **often), FORMULAS["normal"]
    if not wanted.units_a_day:
        return Planned(size, None, (), formula)
    longer = what_longer_buys(lambda units: detectable(units=units), wanted.units_a_day, wanted.arms)
    return Planned(size, days_needed(size, wanted.units_a_day), longer, formula)
