"""Compared periods, buckets and spans, by hand."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.periods import bucket_end, bucket_start, buckets, compared_period, hull, merged, overlap, shifted, without
from kpi.query import GRAINS

D = date.fromisoformat


def P(start: str, end: str) -> tuple[date, date]:
    return D(start), D(end)


@pytest.mark.parametrize(
    ("period", "compare", "expected"),
    [
        (P("2026-03-01", "2026-03-31"), "previous", P("2026-02-01", "2026-02-28")),  # a whole month: the one before
        (P("2026-04-01", "2026-06-30"), "previous", P("2026-01-01", "2026-03-31")),  # a whole quarter
        (P("2026-01-01", "2026-12-31"), "previous", P("2025-01-01", "2025-12-31")),  # a whole year
        (P("2026-03-02", "2026-03-08"), "previous", P("2026-02-23", "2026-03-01")),  # else as many days before
        (P("2026-02-01", "2026-02-28"), "year", P("2025-02-01", "2025-02-28")),
        (P("2024-02-01", "2024-02-29"), "year", P("2023-02-01", "2023-02-28")),  # the leap day stays the month's end
        (P("2025-02-01", "2025-02-28"), "year", P("2024-02-01", "2024-02-29")),
        (P("2025-02-22", "2025-02-28"), "year", P("2024-02-22", "2024-02-28")),  # seven days stay seven
        (P("2026-03-02", "2026-03-08"), "year_weekday", P("2025-03-03", "2025-03-09")),  # 364 days: Monday to Sunday
        (P("2026-03-02", "2026-03-08"), P("2020-01-01", "2020-01-02"), P("2020-01-01", "2020-01-02")),
    ],
)
def test_compared_period(period, compare, expected):
    assert compared_period(period, compare) == expected


def test_weeks_are_iso_weeks():
    assert bucket_start(D("2026-01-01"), "week") == D("2025-12-29")


def test_shifting_to_a_shorter_month_takes_its_last_day():
    assert shifted(D("2026-03-31"), -1) == D("2026-02-28")


@given(st.dates(D("2000-01-01"), D("2040-12-31")), st.sampled_from(GRAINS))
def test_a_day_lies_in_its_bucket(day, grain):
    start = bucket_start(day, grain)
    assert start <= day <= bucket_end(start, grain)
    assert bucket_start(bucket_end(start, grain), grain) == start


@given(st.dates(D("2020-01-01"), D("2022-12-31")), st.integers(0, 800), st.sampled_from(GRAINS))
def test_buckets_cover_a_period_without_gaps(start, length, grain):
    end = date.fromordinal(start.toordinal() + length)
    found = buckets((start, end), grain)
    assert found[0] <= start
    assert bucket_end(found[-1], grain) >= end
    assert all(bucket_end(one, grain).toordinal() + 1 == other.toordinal() for one, other in itertools.pairwise(found))


def test_spans_that_touch_are_one():
    assert merged([P("2026-02-01", "2026-02-28"), P("2026-01-01", "2026-01-31")]) == (P("2026-01-01", "2026-02-28"),)


def test_days_taken_out_of_a_span():
    assert without(P("2026-01-01", "2026-01-31"), [P("2026-01-10", "2026-01-12")]) == (
        P("2026-01-01", "2026-01-09"),
        P("2026-01-13", "2026-01-31"),
    )
    assert without(P("2026-01-01", "2026-01-31"), [P("2025-12-01", "2026-02-01")]) == ()


def test_overlap_and_hull():
    assert overlap(P("2026-01-01", "2026-01-10"), P("2026-01-10", "2026-01-20")) == P("2026-01-10", "2026-01-10")
    assert overlap(P("2026-01-01", "2026-01-09"), P("2026-01-10", "2026-01-20")) is None
    assert hull([P("2026-01-05", "2026-01-06"), P("2026-01-01", "2026-01-02")]) == P("2026-01-01", "2026-01-06")
    assert hull([]) is None
