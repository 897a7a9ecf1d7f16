"""Buckets over time: which days of each count, what each is compared with, and the words for both; all by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace
from kpi.buckets import bucket_words, compared_words, paired_buckets
from kpi.wording import words
from tests.rows import load_rows, order

EN, PL = words("en"), words("pl")


@pytest.fixture
def shop():
    """An order on the first and the last day of 2025 and of 2026's first quarter."""
    days = ("2025-01-01", "2025-12-31", "2026-01-01", "2026-03-31")
    with Workspace(":memory:") as shop:
        load_rows(shop, orders=[order(day, day) for day in days])
        yield shop


def pairs(shop, start, end, grain, compare="previous"):
    return paired_buckets(
        shop.ask(
            Query(
                ("orders",),
                start=date.fromisoformat(start),
                end=date.fromisoformat(end),
                grain=grain,
                compare=compare,
            )
        )
    )


def test_a_month_says_that_the_one_before_was_longer(shop):
    (february,) = pairs(shop, "2026-02-01", "2026-02-28", "month")
    assert not february.is_even
    assert compared_words(EN, february) == "January 2026 (31 days, this period 28)"
    assert compared_words(PL, february) == "styczeń 2026 (31 dni, w tym okresie 28)"


def test_months_of_one_length_need_no_more_words(shop):
    """August and July have 31 days each."""
    (august,) = pairs(shop, "2025-08-01", "2025-08-31", "month")
    assert august.is_even
    assert (bucket_words(EN, august.ours), compared_words(EN, august)) == ("August 2025", "July 2025")


def test_weeks_at_the_edges_of_either_period_count_their_days(shop):
    """The third quarter of 2025 begins on a Tuesday and ends on one, the second begins on a Tuesday, ends on a Monday."""
    found = pairs(shop, "2025-07-01", "2025-09-30", "week")
    first, last = found[0], found[-1]
    assert len(found) == 14
    assert (bucket_words(EN, first.ours), compared_words(EN, first)) == (
        "1–6\u00a0Jul\u00a02025 (6 of 7 days)",
        "1–6\u00a0Apr\u00a02025 (6 of 7 days)",
    )
    assert (bucket_words(EN, last.ours), compared_words(EN, last)) == (
        "29–30\u00a0Sep\u00a02025 (2 of 7 days)",
        "30\u00a0Jun\u00a02025 (1 of 7 days)",
    )
    assert bucket_words(PL, last.ours) == "29–30\u00a0wrz\u00a02025 (2 z 7 dni)"
    assert [pair.is_even for pair in found] == [*[True] * 13, False]
    assert bucket_words(EN, found[1].ours) == "7–13\u00a0Jul\u00a02025"
    assert bucket_words(PL, found[4].ours) == "28\u00a0lip\u00a0– 3\u00a0sie\u00a02025"


def test_days_that_the_data_do_not_reach_do_not_count(shop):
    """The orders end on 31 March 2026: of the second quarter there is nothing, of the year's first half three months."""
    found = pairs(shop, "2026-01-01", "2026-06-30", "quarter", "year")
    assert [pair.ours.days_count for pair in found] == [90, 0]
    assert [pair.compared.days_count for pair in found] == [90, 91]
    assert [pair.is_even for pair in found] == [True, False]


def test_a_bucket_beyond_the_compared_period_has_none_beside_it(shop):
    """Nine weeks against the first two of December."""
    found = pairs(shop, "2026-02-02", "2026-03-31", "week", (date(2025, 12, 1), date(2025, 12, 14)))
    assert [pair.compared is None for pair in found] == [False, False, *[True] * 7]
    assert compared_words(EN, found[-1]) == ""


def test_without_a_grain_there_are_none(shop):
    assert paired_buckets(shop.ask(Query(("orders",)))) == ()
