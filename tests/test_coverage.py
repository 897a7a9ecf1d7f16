"""Which days each kind of file covers: spans of several imports together, gaps between them, nothing of undone ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kpi.coverage import coverage_strip, sources
from kpi.ingest.load import Load, Rows
from kpi.store.store import Import
from kpi.wording import words

NOW = datetime(2026, 4, 1, tzinfo=UTC)
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def imported(number: int, name: str, period: tuple[date, date] | None, **more) -> Import:
    load = Load(f"{number}.csv", name, name, 1.0, rows=Rows(read=1, loaded=1), period=period)
    return replace(Import(number, load.name, load, NOW, "", None), **more)


def test_files_that_follow_each_other_are_one_span():
    (one,) = sources([imported(1, "GA4", FEBRUARY), imported(2, "GA4", JANUARY)])
    assert one.spans == ((JANUARY[0], FEBRUARY[1]),)
    assert one.gaps == ()


def test_a_missing_month_is_a_gap():
    (one,) = sources([imported(1, "GA4", JANUARY), imported(2, "GA4", MARCH)])
    assert one.gaps == (FEBRUARY,)


def test_sources_stand_in_the_order_of_their_first_day():
    found = sources([imported(1, "Ads", FEBRUARY), imported(2, "Shop", JANUARY)])
    assert [one.name for one in found] == ["Shop", "Ads"]


def test_undone_imports_and_files_without_days_cover_nothing():
    assert sources([imported(1, "GA4", JANUARY, undone_at=NOW), imported(2, "Products", None)]) == ()


def test_the_strip_draws_a_bar_a_span_up_to_the_end_of_its_last_day():
    found = sources([imported(1, "GA4", JANUARY), imported(2, "GA4", MARCH)])
    spec = coverage_strip(found, words("pl"), accent="#000000").to_dict()
    (rows,) = spec["datasets"].values()
    assert [(row["source"], row["start"][:10], row["end"][:10]) for row in rows] == [
        ("GA4", "2026-01-01", "2026-02-01"),
        ("GA4", "2026-03-01", "2026-04-01"),
    ]
