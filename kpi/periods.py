"""Periods: inclusive pairs of days, what they are compared with, and the buckets that a grain cuts them into."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from kpi.query import Compare, Grain

Period = tuple[date, date]


def compared_period(period: Period, compare: Compare) -> Period | None:
    """The period that `compare` names.

    "previous": a whole calendar month, quarter or year against the one before, else as many days before;
    "year": the same dates a year before; "year_weekday": shifted by 364 days; or a period of its own.
    """
    if compare is None or isinstance(compare, tuple):
        return compare
    start, end = period
    if compare == "year_weekday":
        return start - timedelta(364), end - timedelta(364)
    if compare == "year":
        return shifted(start, -12), shifted(end, -12, keeps_end=start.day == 1)
    months = _whole_months(period)
    if months:
        return shifted(start, -months), start - timedelta(1)
    days = (end - start).days + 1
    return start - timedelta(days), start - timedelta(1)


def shifted(day: date, months: int, *, keeps_end: bool = False) -> date:
    """The day so many months later, the last of its month where it does not exist; with `keeps_end` the last day of
    a month stays the last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    is_end = keeps_end and day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_end else min(day.day, last))


def bucket_start(day: date, grain: Grain) -> date:
    """The first day of the bucket that holds `day`; weeks are ISO weeks."""
    if grain == "week":
        return day - timedelta(day.weekday())
    if grain == "day":
        return day
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def bucket_end(start: date, grain: Grain) -> date:
    """The last day of the bucket that starts on `start`."""
    if grain in ("day", "week"):
        return start + timedelta(0 if grain == "day" else 6)
    return shifted(start, {"month": 1, "quarter": 3, "year": 12}[grain]) - timedelta(1)


def buckets(period: Period, grain: Grain) -> tuple[date, ...]:
    """The first days of all buckets that touch the period, in order."""
    found, day = [], bucket_start(period[0], grain)
    while day <= period[1]:
        found.append(day)
        day = bucket_end(day, grain) + timedelta(1)
    return tuple(found)


def _whole_months(period: Period) -> int | None:
    """1, 3 or 12 where the period is exactly a calendar month, quarter or year."""
    start, end = period
    for grain, months in (("month", 1), ("quarter", 3), ("year", 12)):
        if bucket_start(start, grain) == start and bucket_end(start, grain) == end:  # type: ignore[arg-type]
            return months
    return None


def merged(spans: Iterable[Period]) -> tuple[Period, ...]:
    """The same days in as few spans as possible; spans that touch become one."""
    found: list[Period] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + timedelta(1):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def without(span: Period, taken: Iterable[Period]) -> tuple[Period, ...]:
    """The days of `span` that no span of `taken` holds."""
    left = [span]
    for start, end in taken:
        left = [part for piece in left for part in _cut(piece, start, end)]
    return tuple(left)


def overlap(one: Period, other: Period) -> Period | None:
    """The days that both periods hold."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start <= end else None


def hull(spans: Iterable[Period]) -> Period | None:
    """From the first day to the last."""
    found = tuple(spans)
    return (min(start for start, _ in found), max(end for _, end in found)) if found else None


def _cut(piece: Period, start: date, end: date) -> tuple[Period, ...]:
    if overlap(piece, (start, end)) is None:
        return (piece,)
    before, after = (piece[0], start - timedelta(1)), (end + timedelta(1), piece[1])
    return tuple(part for part in (before, after) if part[0] <= part[1])
