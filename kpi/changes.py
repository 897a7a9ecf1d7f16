"""A change between two periods: how large, in which unit, and whether the KPI's good direction calls it better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from kpi.model import Kpi


@dataclass(frozen=True)
class Change:
    """difference: in the KPI's unit · relative: difference / before, NaN where before is 0 · is_points: a rate or a
    score, whose difference is told in percentage points · points: these, as a fraction · verdict: "better", "worse" or "" where neither is said."""

    difference: float
    relative: float
    is_points: bool
    verdict: Literal["better", "worse", ""]
    points: float = math.nan

    @property
    def arrow(self) -> Literal["up", "down", "off"]:
        if self.difference == 0:
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
    return Change(difference, relative, is_points, _verdict(kpi, difference), points)


def _verdict(kpi: Kpi, difference: float) -> Literal["better", "worse", ""]:
    if not kpi.better or difference == 0:
        return ""
    return "better" if (difference > 0) == (kpi.better == "up") else "worse"


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
