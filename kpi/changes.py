"""A change between two periods: how large, in which unit, and whether the KPI's good direction calls it better.

A change is judged as it is read: what rounds to 0.0% or 0.00 pp, or lies between two values that are written alike, is
no change, on every screen and in the workbook. From a value below zero, or across zero, a percentage says nothing: the
difference is told in the KPI's unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, Literal

from kpi.model import Kpi

Verdict = Literal["better", "worse", "same", ""]
RELATIVE_DIGITS: Final = 1
POINTS_DIGITS: Final = 2
"""The decimals of a relative change, as a percentage, and of one in percentage points."""

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Change:
    """difference: in the KPI's unit · relative: difference / before, NaN where before is not above 0 or the value below
    it · is_points: a rate or a score, whose difference is told in percentage points · points: these, as a fraction ·
    verdict: "better", "worse", "same" for what reads as no change, "" where the KPI has no good direction or was 0 before ·
    is_none: no change · is_new: something after nothing · is_alike: no change, for both values are written alike."""

    difference: float
    relative: float
    is_points: bool
    verdict: Verdict
    points: float = math.nan
    is_none: bool = False
    is_new: bool = False
    is_alike: bool = False

    @property
    def arrow(self) -> Literal["up", "down", "off"]:
        if self.is_none:
            return "off"
        return "up" if self.difference > 0 else "down"


def change_between(kpi: Kpi, value: Any, before: Any) -> Change | None:
    """The change from `before` to `value`; None where one of them has no value."""
    if _is_missing(value) or _is_missing(before):
        return None
    now, was = float(value), float(before)
    difference = now - was
    is_points = kpi.unit in ("percent", "points")
    points = difference / (100 if kpi.unit == "points" else 1) if is_points else math.nan
    relative = difference / was if is_relative(now, was) else math.nan
    is_new = was == 0 and now != 0 and not is_points
    digits = shown_digits(kpi, now, was)
    direction = _direction(difference, relative, points)
    is_alike = bool(direction) and not is_new and _rounded(now, digits) == _rounded(was, digits)
    is_none = is_alike or direction == 0
    verdict = _verdict(kpi, None if is_new else 0 if is_none else direction)
    return Change(difference, relative, is_points, verdict, points, is_none, is_new, is_alike)


def is_relative(value: float, before: float) -> bool:
    """Whether a percentage of what was before says how it moved."""
    return before > 0 and value >= 0


def shown_digits(kpi: Kpi, value: float, before: float) -> int:
    """With how many decimals both values are written; rates as fractions."""
    least = min(abs(value), abs(before))
    if kpi.unit == "percent":
        return 3 if least >= 0.1 else 4
    if kpi.unit == "number":
        return 2 if least >= 0.1 else 6
    if kpi.unit == "duration":
        return 0 if least >= 10 else 1
    return {"count": 0, "points": 1}.get(kpi.unit, 2)


def _direction(difference: float, relative: float, points: float) -> int:
    """1 for more, -1 for less, 0 for what is read as zero."""
    if not math.isnan(points):
        return _sign(points, POINTS_DIGITS)
    if not math.isnan(relative):
        return _sign(relative, RELATIVE_DIGITS)
    return (difference > 0) - (difference < 0)


def _sign(fraction: float, digits: int) -> int:
    """The sign of a fraction as a percentage with so many decimals, halves away from zero."""
    if Decimal(str(abs(fraction))) < Decimal("0.5").scaleb(-digits - 2):
        return 0
    return 1 if fraction > 0 else -1


def _rounded(value: float, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), context=_EXACT)


def _verdict(kpi: Kpi, direction: int | None) -> Verdict:
    if direction == 0:
        return "same"
    if not kpi.better or direction is None:
        return ""
    return "better" if (direction > 0) == (kpi.better == "up") else "worse"


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
