"""Real and reconstructed exports of marketplaces, shops and payments: every fact that they are known to hold comes out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from kpi import Query, Workspace
from kpi.ingest import Defaults, Part, read_file
from tests.real.test_exports import EXPORTS, assert_is_the_known_format, con, counts, facts, one, pytestmark, read

__all__ = ["con", "pytestmark"]
SALES_REPORT = "shopify/Total sales over time - 2026-03-29 - 2026-03-30.csv"
ALLEGRO_ORDERS = "allegro/2026-09-22-22_30_09.csv"
Con = duckdb.DuckDBPyConnection


def header_width(file: str, separator: str) -> int:
    return len((EXPORTS / file).read_text("utf-8").partition("\n")[0].split(separator))


def test_the_sales_report_of_shopify_holds_its_facts(con: Con) -> None:
    assert [question.key for question in read(con, SALES_REPORT).questions] == ["currency"]
    part, expected = read(con, SALES_REPORT, currency="USD"), facts(SALES_REPORT)
    known = expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables == {"sales_daily": known["rows"]}
    found = one(
        con,
        part,
        "sales_daily",
        "sum(orders)",
        *(f"sum({name})::DOUBLE" for name in ("gross_amount", "-discount_amount", "-refunded_amount", "net_amount")),
        "sum(total_amount)::DOUBLE",
        "min(day)::VARCHAR",
        "max(day)::VARCHAR",
    )
    names = ("orders", "sum_gross", "sum_discounts", "sum_returns", "sum_net", "sum_total", "first_date", "last_date")
    assert found == tuple(known[name] for name in names)


def test_a_sales_report_is_never_added_to_orders() -> None:
    with Workspace(":memory:") as shop:
        shop.add(EXPORTS / SALES_REPORT, answers={"currency": "USD"})
        answer = shop.ask(Query(("revenue", "reported_revenue", "reported_orders", "reported_aov")))
        assert "revenue" in answer.refused
        assert answer.totals["reported_revenue"] == pytest.approx(6879.75)
        assert answer.totals["reported_orders"] == 29
        assert answer.totals["reported_aov"] == pytest.approx((7175.33 - 247.46) / 29)


def test_etsy_items_hold_their_facts(con: Con) -> None:
    expected = facts("etsy/EtsySoldOrderItems2022.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert header_width(expected["file"], ",") == known["header_columns"]
    assert part.tables == {"orders": known["orders"], "order_lines": known["order_lines"]}
    assert list(part.currencies) == known["currency"]
    lines = one(con, part, "order_lines", "sum(quantity)", "sum(line_amount)::DOUBLE")
    assert lines == (known["units"], known["sum_item_total"])
    orders = one(
        con,
        part,
        "orders",
        "sum(items_amount)::DOUBLE",
        "sum(discount_amount)::DOUBLE",
        "min(ordered_at)",
        "max(ordered_at)",
    )
    assert orders[:2] == (known["sum_item_total"], known["sum_discount"])
    assert tuple(str(time.date()) for time in orders[2:]) == (known["first_date"], known["last_date"])


def test_etsy_days_agree_though_two_columns_write_them_differently(con: Con) -> None:
    part = read(con, "etsy/EtsySoldOrderItems2022.csv")
    assert one(
        con, part, "orders", "count(*) FILTER (paid_at < ordered_at OR paid_at > ordered_at + INTERVAL 7 DAY)"
    ) == (0,)


def test_stripe_payments_hold_their_facts(con: Con) -> None:
    expected = facts("stripe/unified_payments.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert header_width(expected["file"], ",") == known["header_columns"]
    assert part.tables == {"payments": known["payments"]}
    assert list(part.currencies) == known["currency"]
    assert counts(con, part, "payments", "status_raw") == known["status"]
    sums = ("amount", "refunded_amount", "fee_amount", "settled_amount")
    found = one(con, part, "payments", *(f"sum({name})::DOUBLE" for name in sums), "min(utc_offset)", "max(utc_offset)")
    assert found == (known["sum_amount"], known["sum_refunded"], known["sum_fee"], known["sum_amount"], 0, 0)
    paid = one(
        con, part, "payments", "(sum(amount) FILTER (status_raw = 'Paid'))::DOUBLE", "min(paid_at)", "max(paid_at)"
    )
    assert paid[0] == known["sum_amount_paid"]
    assert [f"{time:%Y-%m-%d %H:%M}" for time in paid[1:]] == [known["first"], known["last"]]


def test_the_fee_share_of_stripe() -> None:
    known = facts("stripe/unified_payments.csv")["facts"]
    with Workspace(":memory:") as shop:
        shop.add(EXPORTS / "stripe/unified_payments.csv")
        totals = shop.ask(Query(("payments_received", "payment_fee_rate", "payment_refunds"))).totals
        assert totals["payments_received"] == known["sum_amount"]
        assert totals["payment_fee_rate"] == pytest.approx(known["sum_fee"] / known["sum_amount"])
        assert totals["payment_refunds"] == known["sum_refunded"]


def sections(con: Con, file: str) -> tuple[Part, ...]:
    path = EXPORTS / file
    return read_file(con, path, path.name, answers={}, recall=lambda _: {}, defaults=Defaults())


def test_allegro_orders_hold_their_facts(con: Con) -> None:
    expected = facts(ALLEGRO_ORDERS)
    known, parts = expected["facts"], sections(con, ALLEGRO_ORDERS)
    orders, lines = parts
    assert len(parts) == known["sections"]
    assert (orders.format, lines.format) == (expected["platform"], "allegro_order_lines")
    assert {table for part in parts for table in part.tables} == set(expected["canonical_tables"])
    assert all(part.confidence >= 0.90 and part.rows.are_conserved and not part.questions for part in parts)
    assert (orders.rows.read, orders.rows.loaded, orders.tables) == (known["orders"], known["orders"], {"orders": 20})
    assert list(orders.currencies) == known["currency"]
    found = one(
        con,
        orders,
        "orders",
        "sum(total_amount)::DOUBLE",
        "(sum(total_amount) FILTER (status <> 'cancelled'))::DOUBLE",
        "count(*) FILTER (status = 'cancelled')",
        "count(*) FILTER (total_amount IS NULL)",
        "list(DISTINCT utc_offset)",
    )
    names = ("sum_amount_all", "sum_amount_not_cancelled", "cancelled", "orders_without_amount")
    assert found == (*(known[name] for name in names), [0])
    # The clock is kept to the second.
    first, last = one(con, orders, "orders", "min(ordered_at)", "max(ordered_at)")
    written = [
        datetime.fromisoformat(known[name]).replace(tzinfo=None, microsecond=0) for name in ("first_utc", "last_utc")
    ]
    assert [first, last] == written


def test_allegro_lines_without_an_order_are_set_aside_but_for_what_came_back(con: Con) -> None:
    known = facts(ALLEGRO_ORDERS)["facts"]
    lines = sections(con, ALLEGRO_ORDERS)[1]
    assert not known["lines_linkable_to_orders"]
    assert lines.rows.read == known["order_lines"]
    assert (lines.rows.loaded, lines.rows.set_aside) == (known["returned_lines"], 18)
    assert lines.tables == {"refunds": known["returned_lines"]}
    assert any("do not say which order" in str(note) for note in lines.notes)


def test_allegro_sales_and_fees_in_a_workspace() -> None:
    orders, billing = facts(ALLEGRO_ORDERS)["facts"], facts("allegro/allegro-billing-2026-09-22.csv")["facts"]
    with Workspace(":memory:") as shop:
        shop.settings["time_zone"] = "UTC"
        for file in (ALLEGRO_ORDERS, "allegro/allegro-billing-2026-09-22.csv"):
            shop.add(EXPORTS / file)
        kpis = ("revenue", "orders", "marketplace_fees", "marketplace_fee_rate", "marketplace_ads_rate")
        totals = shop.ask(Query(kpis)).totals
        net = billing["net_by_type"]
        fees = -sum(
            amount for name, amount in net.items() if name not in ("Podsumowanie miesiąca", "Pobranie opłat z wpływów")
        )
        assert totals["revenue"] == pytest.approx(orders["sum_amount_not_cancelled"])
        assert totals["orders"] == orders["orders"] - orders["cancelled"]
        assert totals["marketplace_fees"] == pytest.approx(fees)
        assert totals["marketplace_fee_rate"] == pytest.approx(fees / orders["sum_amount_not_cancelled"])
        assert totals["marketplace_ads_rate"] == pytest.approx(billing["ad_spend"] / orders["sum_amount_not_cancelled"])


def test_allegro_billing_holds_its_facts(con: Con) -> None:
    expected = facts("allegro/allegro-billing-2026-09-22.csv")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables == {"fees": known["rows"]}
    assert list(part.currencies) == known["currency"]
    rows = con.execute(f"SELECT type_raw, sum(amount)::DOUBLE FROM {part.relations['fees']} GROUP BY 1").fetchall()
    assert dict(rows) == pytest.approx(known["net_by_type"])
    found = one(
        con,
        part,
        "fees",
        "(sum(amount) FILTER (amount > 0))::DOUBLE",
        "(sum(amount) FILTER (amount < 0))::DOUBLE",
        "(-sum(amount) FILTER (type = 'ads'))::DOUBLE",
        "count(order_id)",
        "min(charged_at)",
        "max(charged_at)",
    )
    names = ("sum_credits", "sum_debits", "ad_spend", "rows_with_order_id")
    times = tuple(datetime.fromisoformat(known[name]) for name in ("first", "last"))
    assert found == (*(known[name] for name in names), *times)
    days = con.execute(f"SELECT service_on FROM {part.relations['fees']} WHERE type = 'ads' ORDER BY 1").fetchall()
    assert days == [(date(2026, 6, 26),), (date(2026, 6, 27),)]


def test_amazon_orders_hold_their_facts(con: Con) -> None:
    expected = facts("amazon/all_orders_2026-09.txt")
    part, known = read(con, expected["file"]), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert header_width(expected["file"], "\t") == known["header_columns"]
    assert part.tables == {"orders": known["orders"], "order_lines": known["order_lines"]}
    assert list(part.currencies) == known["currency"]
    lines = one(
        con,
        part,
        "order_lines",
        "sum(quantity)",
        "sum(line_amount)::DOUBLE",
        "count(*) FILTER (unit_price IS NULL)",
        "sum(line_discount_amount)::DOUBLE",
    )
    names = ("units", "sum_item_price", "lines_without_price", "sum_item_promo")
    assert lines == tuple(known[name] for name in names)
    orders = one(
        con,
        part,
        "orders",
        "sum(items_amount)::DOUBLE",
        "sum(shipping_amount)::DOUBLE",
        "sum(discount_amount)::DOUBLE",
        "count(*) FILTER (status = 'cancelled')",
    )
    assert orders == tuple(
        known[name] for name in ("sum_item_price", "sum_shipping", "sum_item_promo", "cancelled_lines")
    )
    written = con.execute(f"SELECT ordered_at, utc_offset FROM {part.relations['orders']}").fetchall()
    in_utc = sorted(time - timedelta(minutes=offset) for time, offset in written)
    stated = [datetime.fromisoformat(known[name]).replace(tzinfo=None) for name in ("first", "last")]
    assert [in_utc[0], in_utc[-1]] == stated


def test_magento_orders_hold_their_facts(con: Con) -> None:
    expected = facts("magento/export_orders.csv")
    assert [question.key for question in read(con, expected["file"]).questions] == ["currency"]
    part, known = read(con, expected["file"], currency="USD"), expected["facts"]
    assert_is_the_known_format(part, expected)
    assert part.tables["orders"] == known["orders"]
    assert counts(con, part, "orders", "status_raw") == known["status"]
    assert counts(con, part, "orders", "status")["refunded"] == known["status"]["closed"]
    found: tuple[Any, ...] = one(
        con,
        part,
        "orders",
        "sum(total_amount)::DOUBLE",
        "sum(refunded_amount)::DOUBLE",
        "min(ordered_at)",
        "max(ordered_at)",
    )
    assert found[:2] == (known["sum_grand_total"], known["sum_refunded"])
    assert found[2:] == tuple(datetime.fromisoformat(known[name]) for name in ("first", "last"))
    assert one(con, part, "orders", "min(order_id)", "min(length(order_id))") == ("001000000", 9)
