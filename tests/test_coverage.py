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
    spec = coverage_strip(found, words("pl"), accent="#000000", ink="#111111").to_dict()
    (rows,) = spec["datasets"].values()
    assert [(row["source"], row["start"][:10], row["end"][:10]) for row in rows] == [
        ("GA4", "2026-01-01", "2026-02-01"),
        ("GA4", "2026-03-01", "2026-04-01"),
    ]


def ticks(first: date, last: date) -> tuple[str, list[tuple[int, int, int]]]:
    """The axis' format and its ticks as year, month, day, with names that wrap."""
    spec = coverage_strip(sources([imported(1, "GA4", (first, last))]), words("pl"), accent="#000000", ink="#111111")
    axis = spec.to_dict()["encoding"]["x"]["axis"]
    assert axis["labelColor"] == "#111111"
    return axis["format"], [(tick["year"], tick["month"], tick["date"]) for tick in axis["values"]]


def test_few_days_are_marked_by_day_and_never_by_hour():
    assert ticks(date(2026, 1, 11), date(2026, 1, 11)) == ("%-d %b", [(2026, 1, 11)])
    assert ticks(date(2026, 1, 30), date(2026, 2, 5)) == (
        "%-d %b",
        [(2026, 1, 30), (2026, 2, 1), (2026, 2, 3), (2026, 2, 5)],
    )


def test_a_quarter_is_marked_by_its_months_with_the_year():
    assert ticks(JANUARY[0], MARCH[1]) == ("%b %Y", [(2026, 1, 1), (2026, 2, 1), (2026, 3, 1)])


def test_two_years_have_at_most_five_ticks_half_a_year_apart():
    form, found = ticks(date(2025, 1, 15), date(2026, 12, 31))
    assert (form, found) == ("%b %Y", [(2025, 2, 1), (2025, 8, 1), (2026, 2, 1), (2026, 8, 1)])


def test_a_long_name_wraps_instead_of_being_cut():
    found = sources([imported(1, "Google Analytics 4: traffic acquisition", JANUARY)])
    (rows,) = coverage_strip(found, words("en"), accent="#000000", ink="#111111").to_dict()["datasets"].values()
    assert rows[0]["source"] == "Google Analytics 4:\ntraffic acquisition"
