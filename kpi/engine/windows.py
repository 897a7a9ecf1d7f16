"""The days whose rows a measure counts: the period's, or a window that ends with it or with each of its buckets."""

from __future__ import annotations

from datetime import date, timedelta

from kpi.model import Measure
from kpi.periods import Period, bucket_end, buckets, overlap, shifted
from kpi.query import Grain


def measure_period(measure: Measure, period: Period, coverage: tuple[Period, ...]) -> Period | None:
    """The days whose rows a measure counts when the question is about `period`; None where it has no value.

    A window of some days is there for an average a day: it ends with the data where these end inside the period, and
    has no value where a day of it is not covered.
    """
    window = measure.window
    if window is None or not window.looks_back:
        return period
    end = period[1] if window.anchor == "end" else period[0] - timedelta(1)
    if window.months:
        return shifted(end + timedelta(1), -window.months), end
    known = [inside for span in coverage if (inside := overlap(span, period))]
    if not known:
        return None
    end = min(end, known[-1][1])
    start = end - timedelta(window.days - 1)
    return (start, end) if any(first <= start and end <= last for first, last in coverage) else None


def windows(
    measure: Measure, period: Period, grain: Grain | None, coverage: tuple[Period, ...]
) -> tuple[tuple[date, Period], ...]:
    """The days that a measure counts for each bucket, by the bucket's first day; without a grain for the period."""
    if grain is None:
        found = measure_period(measure, period, coverage)
        return ((period[0], found),) if found else ()
    pairs = []
    for start in buckets(period, grain):
        bucket = overlap((start, bucket_end(start, grain)), period)
        if bucket and (found := measure_period(measure, bucket, coverage)):
            pairs.append((start, found))
    return tuple(pairs)
