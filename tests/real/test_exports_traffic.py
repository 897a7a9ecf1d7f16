"""Sample exports of web analytics and experiments: every fact that they are known to hold comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from kpi import Query, Workspace
from kpi.ingest import Defaults, Part, read_file
from tests.real.test_exports import EXPORTS, assert_is_the_known_format, facts, one, pytestmark, read

__all__ = ["pytestmark"]
UNIVERSAL = "ga_universal/Analytics All Web Site Data Landing Pages 20220701-20220731.csv"
PLAUSIBLE = "plausible/plausible-export-example.com.zip"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET python_enable_replacements = false")
        yield connection


def all_parts(con: duckdb.DuckDBPyConnection, file: str, **answers: str) -> tuple[Part, ...]:
    path = EXPORTS / file
    return read_file(con, path, path.name, answers=answers, recall=lambda _: {}, defaults=Defaults())


def test_universal_analytics_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected, (report, days) = facts(UNIVERSAL), all_parts(con, UNIVERSAL, currency="USD")
    known = expected["facts"]
    assert_is_the_known_format(report, expected)
    assert report.tables["traffic"] == known["rows"]
    found = one(con, report, "traffic", "sum(sessions)", "sum(transactions)", "sum(revenue_amount)::DOUBLE")
    assert found == (known["sum_sessions"], known["sum_transactions"], known["sum_revenue"])
    assert report.period == days.period == tuple(map(date.fromisoformat, known["period"]))
    assert days.tables["traffic"] == known["second_block_days"]
    assert all(check.agrees for part in (report, days) for check in part.check_totals)


def test_the_days_of_universal_analytics_are_never_added_to_its_report() -> None:
    known = facts(UNIVERSAL)["facts"]
    with Workspace(":memory:") as shop:
        assert [question.key for question in shop.add(EXPORTS / UNIVERSAL).parts[0].questions] == ["currency"]
        shop.add(EXPORTS / UNIVERSAL, answers={"currency": "USD"})
        assert shop.ask(Query(("sessions",))).totals == {"sessions": known["sum_sessions"]}
        assert shop.ask(Query(("sessions",), by=("device",))).totals == {"sessions": known["sum_sessions"]}


def test_matomo_report_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("matomo/Export_Referrers_2026-09.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    found = one(con, part, "traffic", "count(*)", "sum(sessions)", "min(period_start)", "max(period_end)")
    days = (date.fromisoformat(known["first_date"]), date.fromisoformat(known["last_date"]))
    assert found == (known["rows"], known["sum_visits"], *days)
    assert part.period == days


def test_plausible_export_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts(PLAUSIBLE)
    parts, known = all_parts(con, PLAUSIBLE), expected["facts"]
    assert len(parts) == known["members"]
    for part in parts:
        assert_is_the_known_format(part, expected)
    by_day = next(part for part in parts if one(con, part, "traffic", "any_value(breakdown)") == ("",))
    sums = [f"sum({name})" for name in ("users", "pageviews", "sessions", "bounces")]
    names = ("sum_visitors", "sum_pageviews", "sum_visits", "sum_bounces")
    assert one(con, by_day, "traffic", *sums) == tuple(known[name] for name in names)
    assert by_day.period == (date.fromisoformat(known["first_date"]), date.fromisoformat(known["last_date"]))


def test_plausible_totals_come_from_the_days() -> None:
    known = facts(PLAUSIBLE)["facts"]
    with Workspace(":memory:") as shop:
        shop.add(EXPORTS / PLAUSIBLE)
        totals = shop.ask(Query(("sessions", "bounce_rate"))).totals
    assert totals == {"sessions": known["sum_visits"], "bounce_rate": known["sum_bounces"] / known["sum_visits"]}


def test_experiment_rows_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("ab_test/ab_data_per_user.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert one(con, part, "experiment_units", "count(*)", "count(DISTINCT unit)") == (
        known["users"],
        known["unique_users"],
    )
    rows = con.execute(
        f"SELECT arm, count(*), sum(clicks), sum(conversions) FROM {part.relations['experiment_units']} GROUP BY 1"
    ).fetchall()
    assert {arm: {"users": n, "clicks": clicks, "conversions": hits} for arm, n, clicks, hits in rows} == known[
        "by_variant"
    ]
