"""A change between two periods: how large, in which unit, and whether the KPI's good direction calls it better.

A change is judged as it is read: what rounds to 0.0% or 0.00 pp is no change, on every screen and in the workbook.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from kpi.model import Kpi

Verdict = Literal["better", "worse", "same", ""]
RELATIVE_DIGITS: Final = 1
POINTS_DIGITS: Final = 2
"""The decimals of a relative change, as a percentage, and of one in percentage points."""


@dataclass(frozen=True)
class Change:
    """difference: in the KPI's unit · relative: difference / before, NaN where before is 0 · is_points: a rate or a
    score, whose difference is told in percentage points · points: these, as a fraction · verdict: "better", "worse",
    "same" for what reads as no change, "" where the KPI has no good direction or was 0 before."""

    difference: float
    relative: float
    is_points: bool
    verdict: Verdict
    points: float = math.nan

    @property
    def is_none(self) -> bool:
        """Whether it reads as zero."""
        return _direction(self.difference, self.relative, self.points) == 0

    @property
    def arrow(self) -> Literal["up", "down", "off"]:
        if self.is_none:
            return "off"
        return "up" if self.difference > 0 else "down"


def change_between(kpi: Kpi, value: Any, before: Any) -> Change | None:
    """The change from `before` to `value`; None where one of them has no value."""
    if _is_missing(value) or _is_missing(before):
        return None
    difference = float(value) - float(before)
    relative = difference / abs(float(before)) if before else math.nan
    is_points = kpi.unit in ("percent", "points")
    points = difference / (100 if kpi.unit == "points" else 1) if is_points else math.nan
    return Change(difference, relative, is_points, _verdict(kpi, _direction(difference, relative, points)), points)


def _direction(difference: float, relative: float, points: float) -> int | None:
    """1 for more, -1 for less, 0 for what is read as zero; None for something after nothing, which is new."""
    if not math.isnan(points):
        return _sign(points, POINTS_DIGITS)
    if not math.isnan(relative):
        return _sign(relative, RELATIVE_DIGITS)
    return 0 if difference == 0 else None


def _sign(fraction: float, digits: int) -> int:
    """The sign of a fraction as a percentage with so many decimals, halves away from zero."""
    if Decimal(str(abs(fraction))) < Decimal("0.5").scaleb(-digits - 2):
        return 0
    return 1 if fraction > 0 else -1


def _verdict(kpi: Kpi, direction: int | None) -> Verdict:
    if direction == 0:
        return "same"
    if not kpi.better or direction is None:
        return ""
    return "better" if (direction > 0) == (kpi.better == "up") else "worse"


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
