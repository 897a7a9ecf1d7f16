"""Scale: in what a difference between two arms is drawn and written: lift, percentage points, money or a plain number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kpi.experiment import Comparison, Metric
from kpi.wording import Words

Measured = Literal["lift", "points", "money", "number"]
_FORMS: dict[Measured, str] = {"lift": "+.2~%", "points": "+,.3~f", "money": "+$,.2~f", "number": "+,.3~f"}


@dataclass(frozen=True)
class Scale:
    """What is measured · its currency · how many decimals its numbers need beside each other."""

    measured: Measured
    currency: str | None = None
    digits: int = 2

    @property
    def factor(self) -> float:
        """From a difference to what stands on the axis."""
        return 100.0 if self.measured == "points" else 1.0

    @property
    def form(self) -> str:
        """The number format of the axis, as d3 reads it."""
        return _FORMS[self.measured]

    def ends(self, one: Comparison) -> tuple[float, float, float]:
        """The value and its interval, in the measure of this scale."""
        if self.measured == "lift" and one.lift is not None and one.lift_interval:
            return one.lift, *one.lift_interval
        if one.estimate is None:
            return math.nan, math.nan, math.nan
        return one.estimate.difference, one.estimate.low, one.estimate.high

    def written(self, words: Words, value: float | None) -> str:
        """With its sign and unit: `+0.31 pp`, `−0.12 zł`, `+4.1 %`."""
        if value is None or math.isnan(value):
            return words.number(None)
        if self.measured == "lift":
            return words.change(value, 1)
        if self.measured == "points":
            return words.points(value, self.digits)
        sign = "+" if round(value, self.digits) > 0 else ""
        if self.measured == "money":
            return sign + words.money(value, self.currency, self.digits)
        return sign + words.number(value, self.digits)

    def range(self, words: Words, low: float, high: float) -> str:
        """Both ends without their unit, but for a percentage: `−0.49 … +1.05`."""
        return f"{self._bare(words, low)} … {self._bare(words, high)}"

    def whole(self, words: Words, value: float, low: float, high: float) -> str:
        """The value and its interval: `+0.31 pp (+0.22 … +0.40)`."""
        return f"{self.written(words, value)} ({self.range(words, low, high)})"

    def _bare(self, words: Words, value: float) -> str:
        if self.measured == "lift" or math.isnan(value):
            return self.written(words, value)
        size = value * self.factor
        return ("+" if round(size, self.digits) > 0 else "") + words.number(size, self.digits)

    def name(self, words: Words) -> str:
        return words.t("Relative lift") if self.measured == "lift" else words.t("Difference")

    def label(self, words: Words) -> str:
        """The axis label as a Vega expression: zero without a sign, and the unit that no number format writes."""
        unit = words.points(0, 0).removeprefix("0") if self.measured == "points" else ""
        return f"(datum.value === 0 ? '0' : datum.label) + '{unit}'"


def scale_of(comparisons: Sequence[Comparison]) -> Scale:
    """Lift where it has an interval in every comparison, else the difference in the metric's unit."""
    if all(one.lift is not None and one.lift_interval for one in comparisons):
        return Scale("lift")
    return difference_scale(comparisons[0].metric, comparisons)


def difference_scale(metric: Metric, comparisons: Sequence[Comparison] = ()) -> Scale:
    """The difference in the metric's unit, with as many decimals as its smallest end needs for a figure."""
    ends = [end for one in comparisons if one.estimate for end in (one.estimate.low, one.estimate.high)]
    return unit_scale(metric.unit, metric.currency, ends)


def unit_scale(unit: str, currency: str | None, ends: Sequence[float] = ()) -> Scale:
    """The same by the unit's name: percent, money or number."""
    if unit == "percent":
        return Scale("points", digits=_digits([100 * end for end in ends]))
    return Scale("money", currency, _digits(ends)) if unit == "money" else Scale("number", digits=_digits(ends))


def _digits(sizes: Sequence[float]) -> int:
    smallest = min((abs(size) for size in sizes if size and math.isfinite(size)), default=1.0)
    return min(4, max(2, math.ceil(-math.log10(smallest)))) if smallest < 1 else 2
