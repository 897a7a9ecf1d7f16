"""Which days' rows a measure counts, when the question is about a period or about a bucket of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Span = Literal["period", "closing", "year_to_end", "year_to_start", "days_30_to_end"]


@dataclass(frozen=True)
class Window:
    """Days whose first and last are the columns `window_start` and `window_end` of a measure's SQL.

    anchor: they end with the period, or on the day before it · months, days: how many they are; with neither they are
    those of the period itself.
    """

    anchor: Literal["end", "start"]
    months: int = 0
    days: int = 0

    @property
    def looks_back(self) -> bool:
        """Whether they are others than the period's own."""
        return bool(self.months or self.days)


WINDOWS: Mapping[Span, Window | None] = MappingProxyType(
    {
        "period": None,
        "closing": Window("end"),
        "year_to_end": Window("end", months=12),
        "year_to_start": Window("start", months=12),
        "days_30_to_end": Window("end", days=30),
    }
)
