"""Days that are missing where others are not, and rows of the future."""

from __future__ import annotations

from datetime import date, timedelta

from tests.quality.conftest import AS_OF
from tests.rows import load_rows, order, visit

FIRST = date(2025, 11, 3)  # a Monday
DAYS = [FIRST + timedelta(n) for n in range(70)]
GAP = {date(2025, 12, 9), date(2025, 12, 10)}


def sold(days, each=14):
    return [order(f"{day}-{n}", str(day), 100 + n) for day in days for n in range(each)]


def test_two_days_without_an_order_are_one_gap_with_its_odds(shop, found):
    """14 orders a day, 28 on both: e^28 is far above a million; by chance 70 × e^−28 such gaps come about."""
    load_rows(shop, orders=sold(day for day in DAYS if day not in GAP))
    (one,) = found("missing_days")
    assert (one.severity, one.count, one.period) == ("affects", 2, (min(GAP), max(GAP)))
    assert (one.what.params["typical"], one.what.params["odds"]) == (14, 1_000_000)
    assert {touch.kpi: touch.effect for touch in one.kpis}["revenue"] == "low"


def test_a_shop_that_is_closed_on_sundays_misses_nothing(shop, found):
    load_rows(shop, orders=sold(day for day in DAYS if day.isoweekday() < 7))
    assert found("missing_days") == []


def test_an_empty_day_of_a_small_shop_is_chance(shop, found):
    """3 a day: 70 × e^−3 = 3.5 empty days are to be expected, and 70 × e^−6 = 0.17 times two of them in a row."""
    load_rows(shop, orders=sold((day for day in DAYS if day not in GAP), 3))
    assert found("missing_days") == []


def test_many_empty_days_in_a_row_are_a_gap_in_a_small_shop_too(shop, found):
    """3 a day on six days: 70 × e^−18 = 0.000001."""
    gap = {date(2025, 12, 5) + timedelta(n) for n in range(6)}
    load_rows(shop, orders=sold((day for day in DAYS if day not in gap), 3))
    (one,) = found("missing_days")
    assert (one.severity, one.count, one.period) == ("affects", 6, (min(gap), max(gap)))
    assert (one.what.params["typical"], one.what.params["odds"]) == (3, 1_000_000)


def test_a_likely_gap_is_only_worth_a_look(shop, found):
    """9 a day: 70 × e^−9 = 0.0086, between 0.001 and 0.05; e^9 = 8,103."""
    load_rows(shop, orders=sold((day for day in DAYS if day != min(GAP)), 9))
    (one,) = found("missing_days")
    assert (one.severity, one.what.params["odds"]) == ("look", 8_103)


def test_days_between_two_files_are_not_inside_what_is_covered(shop, found):
    load_rows(shop, "early.csv", orders=sold(DAYS[:35]))
    load_rows(shop, "late.csv", orders=sold(DAYS[45:]))
    assert found("missing_days") == []


def test_a_day_without_visits_is_a_gap_of_its_report(shop, found):
    visits = [visit(str(day), 500, breakdown="channel", channel="organic") for day in DAYS if day != date(2025, 12, 9)]
    load_rows(shop, account="ga4/1", traffic=visits)
    (one,) = found("missing_days")
    assert (one.table, one.account, one.count) == ("traffic", "ga4/1", 1)
    assert str(one.what).startswith("No visit on 2025-12-09")
    assert {touch.kpi: touch.effect for touch in one.kpis} == {"sessions": "low", "conversion_rate": "high"}


def test_orders_after_the_day_of_their_import_are_of_the_future(shop, found):
    """Imported on 1 March 2026 at 08:14 UTC, 09:14 in Warsaw: that day itself is not the future."""
    load_rows(shop, orders=[order("1", "2026-03-01 23:00:00"), order("2", "2026-03-02"), order("3", "2026-12-04")])
    (one,) = found("future_days")
    assert (one.severity, one.count, one.period) == ("affects", 2, (date(2026, 3, 2), date(2026, 12, 4)))
    assert one.examples == ("3", "2")


def test_the_day_of_the_question_counts_where_it_is_earlier(shop):
    load_rows(shop, orders=[order("1", "2026-02-27")])
    assert [one.count for one in shop.findings(AS_OF - timedelta(3)) if one.check == "future_days"] == [1]
    assert not shop.findings(AS_OF)
