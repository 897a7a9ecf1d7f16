"""Which grain of time shows a period best."""

from __future__ import annotations

from kpi.periods import Period
from kpi.query import Grain


def sensible_grain(period: Period | None) -> Grain:
    """Days up to seven weeks, weeks up to half a year, months beyond."""
    if period is None:
        return "month"
    days = (period[1] - period[0]).days + 1
    if days <= 49:
        return "day"
    return "week" if days <= 190 else "month"
