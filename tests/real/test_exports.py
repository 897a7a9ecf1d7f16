"""Real and reconstructed export files: every fact that they are known to hold comes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi import Query, Workspace
from kpi.ingest import Defaults, Part, read_file

EXPORTS = Path(__file__).parents[3] / "shared" / "exports"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not EXPORTS.exists(), reason="the sample exports are not beside the repository"),
]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET python_enable_replacements = false")
        yield connection


def facts(file: str) -> dict[str, Any]:
    entries = json.loads((EXPORTS / "expected.json").read_text("utf-8"))
    return next(entry for entry in entries if entry["file"] == file)


def read(con: duckdb.DuckDBPyConnection, file: str, **answers: Any) -> Part:
    path = EXPORTS / file
    (part,) = read_file(con, path, path.name, answers=answers, recall=lambda _: {}, defaults=Defaults())
    return part


def one(con: duckdb.DuckDBPyConnection, part: Part, table: str, *expressions: str) -> tuple[Any, ...]:
    row = con.execute(f"SELECT {', '.join(expressions)} FROM {part.relations[table]}").fetchone()
    assert row is not None
    return row


def assert_is_the_known_format(part: Part, expected: dict[str, Any]) -> None:
    assert part.format == expected["platform"]
    assert part.confidence >= 0.90
    assert set(part.tables) == set(expected["canonical_tables"])
    assert part.rows.are_conserved
    assert part.rows.refused == part.rows.set_aside == 0
    assert not part.questions
    assert part.rows.totals == expected["facts"].get("total_rows_dropped", 0)


@pytest.mark.parametrize("file", ["shopify/orders_export_1.csv", "shopify/orders_export_2021_71col.csv"])
def test_shopify_orders_hold_their_facts(con: duckdb.DuckDBPyConnection, file: str) -> None:
    part, expected = read(con, file), facts(file)
    known = expected["facts"]
    assert_is_the_known_format(part, expected)
    header = (EXPORTS / file).read_text("utf-8").partition("\n")[0]
    assert len(header.split(",")) == known["header_columns"]
    assert part.rows.read == part.rows.loaded == known["physical_rows"]
    assert part.tables["orders"] == known["orders"]
    assert part.tables["order_lines"] == known["order_lines"]
    assert list(part.currencies) == known["currency"]
    statuses = con.execute(f"SELECT status_raw, count(*) FROM {part.relations['orders']} GROUP BY 1").fetchall()
    assert dict(statuses) == known["financial_status"]
    assert one(con, part, "orders", "count(cancelled_at)", "count(paid_at)") == (
        known["cancelled_orders"],
        known["orders_with_paid_at"],
    )
    # Subtotal = products + gift cards - discount, and the tips stand beside it.
    items, discounts, total, shipping, refunded = map(
        float,
        one(
            con,
            part,
            "orders",
            "sum(items_amount)",
            "sum(discount_amount)",
            "sum(total_amount)",
            "sum(shipping_amount)",
            "sum(refunded_amount)",
        ),
    )
    gift_cards, lines = map(
        float,
        one(
            con,
            part,
            "order_lines",
            "coalesce(sum(line_amount) FILTER (line_type = 'gift_card'), 0)",
            "sum(line_amount)",
        ),
    )
    assert items + gift_cards - discounts == pytest.approx(known["sum_subtotal"], abs=0.001)
    assert total == pytest.approx(known["sum_total"], abs=0.001)
    assert shipping == pytest.approx(known["sum_shipping"], abs=0.001)
    assert refunded == pytest.approx(known["sum_refunded"], abs=0.001)
    assert discounts == pytest.approx(known["sum_discount"], abs=0.001)
    assert lines == pytest.approx(known["gross_lines"], abs=0.001)


@pytest.mark.parametrize("file", ["shopify/orders_export_1.csv", "shopify/orders_export_2021_71col.csv"])
def test_shopify_times_stay_as_written_beside_their_offset(con: duckdb.DuckDBPyConnection, file: str) -> None:
    part, known = read(con, file), facts(file)["facts"]
    times = con.execute(f"SELECT ordered_at, utc_offset FROM {part.relations['orders']}").fetchall()
    offsets = {int(offset[:3]) * 60 for offset in known["utc_offsets"]}
    assert {offset for _, offset in times} == offsets
    in_utc = [written - timedelta(minutes=offset) for written, offset in times]
    assert min(in_utc) == datetime.fromisoformat(known["first_order_utc"]).replace(tzinfo=None)
    assert max(in_utc) == datetime.fromisoformat(known["last_order_utc"]).replace(tzinfo=None)
    assert part.period == (
        date.fromisoformat(known["first_order_date_local"]),
        date.fromisoformat(known["last_order_date_local"]),
    )


def test_ga4_daily_report_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("ga4/data-export.csv")
    part, known = read(con, "ga4/data-export.csv"), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.rows.read == part.rows.loaded == part.tables["traffic"] == known["rows"]
    found = one(
        con,
        part,
        "traffic",
        "sum(users)",
        "sum(new_users)",
        "sum(events)",
        "min(period_start)",
        "max(period_end)",
        "min(row_no)",
    )
    assert found[:3] == (known["sum_total_users"], known["sum_new_users"], known["sum_events"])
    assert [day.strftime("%Y%m%d") for day in found[3:5]] == [known["first_date"], known["last_date"]]
    assert found[5] == known["preamble_rows"] + 2
    assert part.period is not None
    assert [day.strftime("%Y%m%d") for day in part.period] == [known["declared_start"], known["declared_end"]]
    assert one(con, part, "traffic", "list(DISTINCT breakdown)", "bool_and(period_start = period_end)") == ([""], True)


def test_ga4_channel_report_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    file = "ga4/Traffic_acquisition_Session_default_channel_group.csv"
    part, expected = read(con, file, currency="PLN"), facts(file)
    known = expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables["traffic"] == known["rows"]
    found = one(
        con, part, "traffic", "sum(sessions)", "sum(engaged_sessions)", "sum(key_events)", "sum(revenue_amount)::DOUBLE"
    )
    assert found == (known["sum_sessions"], known["sum_engaged"], known["sum_key_events"], known["sum_revenue"])
    assert part.period == tuple(map(date.fromisoformat, known["period"]))
    assert one(con, part, "traffic", "list(DISTINCT breakdown)") == (["channel"],)
    assert all(check.agrees for check in part.check_totals)


def test_ga4_revenue_without_a_currency_is_asked(con: duckdb.DuckDBPyConnection) -> None:
    part = read(con, "ga4/Traffic_acquisition_Session_default_channel_group.csv")
    assert [question.key for question in part.questions] == ["currency"]
    assert not part.relations


def test_google_ads_report_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("google_ads/Campaign report.csv")
    part, known = read(con, "google_ads/Campaign report.csv"), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables["ad_spend"] == known["rows"]
    found = one(
        con,
        part,
        "ad_spend",
        "sum(cost_amount)::DOUBLE",
        "sum(impressions)",
        "sum(interactions)",
        "sum(conversions)",
        "min(row_no)",
    )
    assert found[:4] == (
        known["sum_cost"],
        known["sum_impressions"],
        known["sum_interactions"],
        known["sum_conversions"],
    )
    assert found[4] == known["preamble_rows"] + 2
    assert list(part.currencies) == known["currency"]
    assert part.period == tuple(map(date.fromisoformat, known["period"]))
    whole = [check for check in part.check_totals if check.label == "Total: Account" and check.column == "Cost"]
    assert [(check.declared, check.ours, check.agrees) for check in whole] == [
        (known["declared_total_cost"], known["sum_cost"], True)
    ]
    assert len({check.label for check in part.check_totals}) == known["total_rows_dropped"]


def test_meta_workbook_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    file = "meta_ads/Untitled-report-Apr-1-2023-to-Mar-11-2024.xlsx"
    part, expected = read(con, file), facts(file)
    known = expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables["ad_spend"] == known["rows"]
    found = one(con, part, "ad_spend", "sum(cost_amount)::DOUBLE", "sum(impressions)", "count(DISTINCT period_start)")
    assert found[0] == pytest.approx(known["sum_spend"], abs=0.005)
    assert found[1:] == (known["sum_impressions"], known["months"])
    assert list(part.currencies) == known["currency"]
    assert part.period == tuple(map(date.fromisoformat, known["period"]))
    spend = next(check for check in part.check_totals if check.column.startswith("Amount spent"))
    assert spend.declared == known["declared_total_spend"]
    assert spend.agrees


def test_meta_age_and_gender_report_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("meta_ads/Campaigns-age-gender-Sep-2026.csv")
    part, known = read(con, "meta_ads/Campaigns-age-gender-Sep-2026.csv"), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables["ad_spend"] == known["rows"]
    found = one(
        con, part, "ad_spend", "sum(cost_amount)::DOUBLE", "sum(impressions)", "sum(link_clicks)", "sum(purchases)"
    )
    assert found == (known["sum_spend"], known["sum_impressions"], known["sum_link_clicks"], known["sum_purchases"])
    assert list(part.currencies) == known["currency"]
    assert part.period == tuple(map(date.fromisoformat, known["period"]))
    assert one(con, part, "ad_spend", "list(DISTINCT breakdown)", "list(DISTINCT gender ORDER BY gender)") == (
        ["age_group,campaign,gender"],
        ["F", "M", None],
    )


def times(known: dict[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(known["first"]), datetime.fromisoformat(known["last"])


def counts(con: duckdb.DuckDBPyConnection, part: Part, table: str, expression: str) -> dict[Any, int]:
    return dict(con.execute(f"SELECT {expression}, count(*) FROM {part.relations[table]} GROUP BY 1").fetchall())


def test_prestashop_orders_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("prestashop/order_2026-09-15_101112.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables == {"orders": known["orders"]}
    assert list(part.currencies) == known["currency"]
    assert counts(con, part, "orders", "status_raw") == known["status"]
    found = one(con, part, "orders", "sum(total_amount)::DOUBLE", "count(*) FILTER (is_new_declared)")
    assert found == (known["sum_total"], known["new_customers"])
    assert one(con, part, "orders", "min(ordered_at)", "max(ordered_at)") == times(known)
    assert counts(con, part, "orders", "status") == {"paid": 21, "failed": 3, "awaiting_payment": 2}


def test_woocommerce_orders_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    """One of the 30 rows is negative: a refund, which is a table of its own here."""
    expected = facts("woocommerce/wc-orders-report-export-2026.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected | {"canonical_tables": ["orders", "order_lines", "refunds"]})
    assert (part.tables["orders"], part.tables["refunds"]) == (known["orders"] - 1, 1)
    assert part.currencies == ("GBP",)
    net, units, new = one(
        con, part, "orders", "sum(items_amount)", "sum(units_declared)", "count(*) FILTER (is_new_declared)"
    )
    refunded, returned = one(con, part, "refunds", "sum(amount)", "sum(quantity)")
    assert float(net - refunded) == known["sum_net"]
    assert units + returned == known["sum_items"]
    assert new + 1 == known["new_customers"]
    statuses = known["status"] | {"completed": known["status"]["completed"] - 1}
    assert counts(con, part, "orders", "status_raw") == statuses
    assert one(con, part, "orders", "min(ordered_at)", "max(ordered_at)") == times(known)


def test_search_console_zip_holds_its_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("gsc/example.com-Performance-on-Search-2026-06-03.zip")
    path, known = EXPORTS / expected["file"], expected["facts"]
    parts = read_file(con, path, path.name, answers={}, recall=lambda _: {}, defaults=Defaults())
    members = {part.path[0]: part for part in parts}
    assert list(members) == known["members"]
    assert {part.format for part in parts} == {expected["platform"], "gsc_filters"}
    assert all(part.rows.are_conserved and not part.questions and not part.error for part in parts)
    chart = one(con, members["Chart.csv"], "seo", "count(*)", "sum(clicks)", "sum(impressions)")
    assert chart == (known["chart_days"], known["chart_clicks"], known["chart_impressions"])
    queries = one(con, members["Queries.csv"], "seo", "count(*)", "sum(clicks)", "sum(impressions)")
    assert queries == (known["queries"], known["query_clicks"], known["query_impressions"])
    days = (date.fromisoformat(known["first_date"]), date.fromisoformat(known["last_date"]))
    for name in ("Chart.csv", "Queries.csv", "Pages.csv", "Countries.csv", "Devices.csv"):
        assert one(con, members[name], "seo", "min(period_start)", "max(period_end)") == days


def test_search_console_totals_come_from_the_chart() -> None:
    known = facts("gsc/example.com-Performance-on-Search-2026-06-03.zip")["facts"]
    with Workspace(":memory:") as shop:
        shop.add(EXPORTS / "gsc/example.com-Performance-on-Search-2026-06-03.zip")
        for by in ((), ("search_query",), ("landing_page",), ("country",), ("device",)):
            totals = shop.ask(Query(("search_clicks", "search_impressions"), by=by)).totals
            assert totals == {
                "search_clicks": known["chart_clicks"],
                "search_impressions": known["chart_impressions"],
            }


def test_klaviyo_campaigns_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("klaviyo/Email Campaigns - 2026.csv")
    assert [question.key for question in read(con, expected["file"]).questions] == ["currency"]
    part, known = read(con, expected["file"], currency="USD"), expected["facts"]
    assert_is_the_known_format(part, expected)
    sums = ("recipients", "delivered", "clicks_unique", "orders", "revenue_amount::DOUBLE")
    found = one(con, part, "email_campaigns", "count(*)", *(f"sum({name})" for name in sums))
    names = ("campaigns", "sum_recipients", "sum_delivered", "sum_unique_clicks", "sum_orders", "sum_revenue")
    assert found == pytest.approx(tuple(known[name] for name in names))
    assert counts(con, part, "email_campaigns", "medium")["sms"] == known["sms_campaigns"]
    assert one(con, part, "email_campaigns", "count(*) FILTER (medium = 'sms' AND opens_unique IS NOT NULL)") == (0,)
    assert one(con, part, "email_campaigns", "min(sent_at)", "max(sent_at)") == times(known)


def test_hubspot_contacts_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("hubspot/hubspot-crm-exports-all-contacts-2026-09-30.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert one(con, part, "leads", "count(*)", "count(*) - count(customer_key)") == (
        known["leads"],
        known["without_email"],
    )
    assert list(known["lifecycle"].values()) == [
        counts(con, part, "leads", "stage")[stage] for stage in ("lead", "mql", "sql", "opportunity", "customer")
    ]
    assert one(con, part, "leads", "min(created_at)", "max(created_at)") == times(known)
    kept = str(con.execute(f"SELECT * FROM {part.relations['leads']}").fetchall()).casefold()
    assert "lead1" not in kept
    assert "example" not in kept


def test_zendesk_tickets_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("zendesk/tickets_export_2026-09.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables == {"tickets": known["tickets"]}
    assert counts(con, part, "tickets", "status") == {name.lower(): n for name, n in known["status"].items()}
    satisfied = counts(con, part, "tickets", "is_satisfied")
    assert (satisfied[True], satisfied[False]) == (known["csat"]["Good"], known["csat"]["Bad"])
    assert satisfied[None] == known["csat"]["Offered"] + known["csat"]["Not Offered"]
    replies = sorted(
        row[0] for row in con.execute(f"SELECT first_response_min FROM {part.relations['tickets']}").fetchall()
    )
    assert replies[len(replies) // 2 - 1 : len(replies) // 2 + 1] == known["median_first_reply_min"]
    assert one(con, part, "tickets", "min(opened_at)", "max(opened_at)") == times(known)


def test_zendesk_rates_are_those_of_the_file() -> None:
    known = facts("zendesk/tickets_export_2026-09.csv")["facts"]
    with Workspace(":memory:") as shop:
        shop.add(EXPORTS / "zendesk/tickets_export_2026-09.csv")
        totals = shop.ask(Query(("csat", "response_time", "resolution_rate"))).totals
    assert round(100 * (totals["csat"] or 0), 2) == known["csat_pct"]
    assert totals["response_time"] == 60 * sum(known["median_first_reply_min"]) / 2
    assert totals["resolution_rate"] == (known["status"]["Solved"] + known["status"]["Closed"]) / known["tickets"]


def test_typeform_responses_hold_their_facts(con: duckdb.DuckDBPyConnection) -> None:
    expected = facts("survey/typeform-nps-responses.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert one(
        con, part, "survey_responses", "count(*)", "count(*) FILTER (score >= 9)", "count(*) FILTER (score <= 6)"
    ) == (known["responses"], known["promoters"], known["detractors"])
    assert one(con, part, "survey_responses", "min(answered_at)", "max(answered_at)") == times(known)
    with Workspace(":memory:") as shop:
        shop.add(EXPORTS / expected["file"])
        assert shop.ask(Query(("nps",))).totals["nps"] == known["nps"]
