"""Allegro's stacked orders, its billing, and reports that have no signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
FULL = """\ufeffType,OrderId,OrderDate,SellerStatus,PaymentStatus,TotalToPayAmount,TotalToPayCurrency,TotalPaidAmount,TotalPaidCurrency
order,aaa-1,2026-03-01T10:00:00.500Z,SENT,PAID,115.00,PLN,115.00,PLN
order,aaa-2,2026-03-02T23:30:00.000Z,NEW,UNPAID,49.90,PLN,0.00,PLN
order,aaa-3,2026-03-03T11:00:00.000Z,CANCELLED,UNPAID,20.00,PLN,0.00,PLN
order,aaa-4,2026-03-03T12:00:00.000Z,RETURNED,PAID,30.00,PLN,30.00,PLN

Type,OrderId,LineItemId,OfferId,Name,Quantity,Price,Currency,ReturnsQuantity,Deposit,DepositCurrency
lineItem,aaa-1,l-1,111,Kubek,2,40.00,PLN,1,,
lineItem,aaa-1,l-2,222,Talerz,1,20.00,PLN,0,,
lineItem,aaa-2,l-3,111,Kubek,1,40.00,PLN,0,,

Type,NumberOfOrders,NumberOfSkippedOrders
summary,4,1
"""
BARE = """Type,OrderId,OrderDate,SellerStatus,Marketplace,PaymentAmount,PaymentCurrency,FulfillmentProvider
order,aaa-1,2026-03-01T10:00:00.500Z,PROCESSING,allegro-pl,115.00,PLN,SELLER
order,aaa-2,2026-03-02T10:00:00.500Z,NEW,allegro-pl,,,SELLER

Type,LineItemId,ReturnsQuantity
lineItem,l-1,0
lineItem,l-2,2
"""
BILLING = """Data;Nazwa oferty;Identyfikator oferty;Typ operacji;Uznania;Obciążenia;Saldo;Szczegóły operacji
31.03.2026 23:59;;;Podsumowanie miesiąca;;;-54,50;
05.03.2026 10:00;Kubek;111;Prowizja od sprzedaży;;-10,50;-54,50;Identyfikator zamówienia: aaa-1
05.03.2026 11:00;Kubek;111;Prowizja od sprzedaży;3,00;;-44,00;Identyfikator zamówienia: aaa-1
05.03.2026 12:00;;;Opłata za dostawę InPost;;-9,99;-47,00;Identyfikator zamówienia: aaa-1, Wartość zamówienia: 1660.00, Waluta zamówienia: PLN, Usługa: Opłata za dostawę
04.04.2026 12:00;;;Opłata za kampanię Ads;;-1 020,01;-37,01;Opłata za dzień: 31.03.2026
06.03.2026 12:00;;;Pobranie opłat z wpływów;100,00;;17,00;Identyfikator operacji: x-1
06.03.2026 13:00;;;Abonament profesjonalny;;-49,00;17,00;
06.03.2026 14:00;;;Opłata za monety;;-1,23;17,00;
"""


def test_orders_and_lines_that_name_them(read: Read, table: Table) -> None:
    orders, lines, summary = read(FULL, "zamowienia.csv")
    assert [part.format for part in (orders, lines, summary)] == [
        "allegro_orders",
        "allegro_order_lines",
        "allegro_orders_summary",
    ]
    assert table(orders, "orders", "order_id, status, total_amount, sales_channel, utc_offset") == [
        ("aaa-1", "paid", 115, "marketplace", 0),
        ("aaa-2", "awaiting_payment", Decimal("49.9"), "marketplace", 0),
        ("aaa-3", "cancelled", 20, "marketplace", 0),
        ("aaa-4", "unknown", 30, "marketplace", 0),
    ]
    assert any("“RETURNED”" in str(note) for note in orders.notes)
    assert table(lines, "order_lines", "order_id, line_no, product_id, product, quantity, line_amount") == [
        ("aaa-1", 1, "111", "Kubek", 2, 80),
        ("aaa-1", 2, "222", "Talerz", 1, 20),
        ("aaa-2", 1, "111", "Kubek", 1, 40),
    ]
    assert table(lines, "refunds", "refund_id, order_id, quantity") == [("l-1", "aaa-1", 1)]
    assert (summary.rows.set_aside, summary.tables) == (1, {})
    assert any("left orders out" in str(note) for note in summary.notes)
    assert all(part.rows.are_conserved for part in (orders, lines, summary))


def test_lines_that_name_no_order_are_set_aside_and_said(read: Read, table: Table) -> None:
    orders, lines = read(BARE)
    assert table(orders, "orders", "order_id, status, total_amount") == [
        ("aaa-1", "paid", 115),
        ("aaa-2", "awaiting_payment", None),
    ]
    assert any("has no amount" in str(note) for note in orders.notes)
    assert (lines.rows.loaded, lines.rows.set_aside) == (1, 1)
    assert table(lines, "refunds", "refund_id, order_id, quantity") == [("l-2", None, 2)]
    assert any("do not say which order" in str(note) for note in lines.notes)


def added(shop: Workspace, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    shop.add(file)


def test_lines_give_the_products_sales_and_the_order_its_total(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        shop.settings["time_zone"] = "Europe/Warsaw"
        added(shop, tmp_path, "orders.csv", FULL)
        answer = shop.ask(Query(("gross_sales", "orders", "units", "unit_return_rate")))
        # lines of aaa-1 and aaa-2, the total of aaa-4; aaa-3 is cancelled
        assert answer.totals["gross_sales"] == 80 + 20 + 40 + 30
        assert (answer.totals["orders"], answer.totals["units"]) == (3, 4)
        assert answer.totals["unit_return_rate"] == 1 / 4
        # half past eleven in the evening UTC is the next day in Warsaw
        days = shop.ask(Query(("orders",), grain="day")).frame
        assert days["orders"].tolist() == [1, 0, 2]


def test_returned_units_of_unknown_orders_change_no_other_number(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        added(shop, tmp_path, "orders.csv", BARE)
        totals = shop.ask(Query(("revenue", "orders", "refunds"))).totals
        assert totals == {"revenue": 115, "orders": 2, "refunds": 0}


def test_the_billing(read: Read, table: Table) -> None:
    (part,) = read(BILLING, "allegro-billing.csv")
    assert (part.format, part.currencies, part.questions) == ("allegro_billing", ("PLN",), ())
    assert table(part, "fees", "charged_at, type, amount, order_id, service_on") == [
        (datetime(2026, 3, 31, 23, 59), "summary", 0, None, None),
        (datetime(2026, 3, 5, 10), "commission", Decimal("-10.5"), "aaa-1", None),
        (datetime(2026, 3, 5, 11), "commission", 3, "aaa-1", None),
        (datetime(2026, 3, 5, 12), "delivery", Decimal("-9.99"), "aaa-1", None),
        (datetime(2026, 4, 4, 12), "ads", Decimal("-1020.01"), None, date(2026, 3, 31)),
        (datetime(2026, 3, 6, 12), "transfer", 100, None, None),
        (datetime(2026, 3, 6, 13), "subscription", -49, None, None),
        (datetime(2026, 3, 6, 14), "other", Decimal("-1.23"), None, None),
    ]
    assert any("“Opłata za monety”" in str(note) for note in part.notes)


def test_billing_without_an_order_in_zloty_is_asked(read: Read) -> None:
    (part,) = read(BILLING.replace("Waluta zamówienia: PLN", "Waluta zamówienia: CZK"))
    assert [question.key for question in part.questions] == ["currency"]


def test_a_longer_billing_of_the_same_days_adds_nothing_twice(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        shop.settings["time_zone"] = "Europe/Warsaw"
        lines = BILLING.splitlines(keepends=True)
        added(shop, tmp_path, "first.csv", "".join(lines[:5]))
        added(shop, tmp_path, "second.csv", BILLING)
        answer = shop.ask(Query(("marketplace_fees",)))
        # 10.50 - 3.00 + 9.99 + 1020.01 + 49.00 + 1.23; neither the transfer nor the summary
        assert answer.totals["marketplace_fees"] == pytest.approx(1087.73)
        march = Query(("marketplace_fees",), start=date(2026, 3, 31), end=date(2026, 3, 31))
        assert shop.ask(march).totals["marketplace_fees"] == pytest.approx(1020.01)
        by_type = shop.ask(Query(("marketplace_fees",), by=("fee_type",))).frame.set_index("fee_type")[
            "marketplace_fees"
        ]
        assert by_type["commission"] == pytest.approx(7.5)


def test_rows_of_the_billing_that_cannot_be_read_are_refused(read: Read) -> None:
    (part,) = read(BILLING.replace("06.03.2026 13:00", "32.13.2026 13:00").replace("-1,23", "grosze"))
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (8, 6, 2)
    assert part.rows.are_conserved


def test_allegro_ads_is_a_guess_with_a_mapping_to_check(read: Read, table: Table) -> None:
    text = (
        "Raport Allegro Ads\n"
        "Data;Kampania;Wyświetlenia;Kliknięcia;CTR;Koszt;Wartość sprzedaży;Liczba sprzedanych sztuk\n"
        "01.03.2026;Kubki;10 000;120;1,20%;60,00 zł;480,00 zł;12\n"
        "02.03.2026;Kubki;8 000;90;1,13%;45,50 zł;0,00 zł;0\n"
        "Suma;;18 000;210;1,17%;105,50 zł;480,00 zł;12\n"
    )
    (part,) = read(text.encode("cp1250"), "ads.csv")
    assert part.mapping is not None
    assert part.mapping.table == "ad_spend"
    assert {
        name: part.mapping.chosen.get(name) for name in ("day", "campaign", "impressions", "clicks", "cost_amount")
    } == {
        "day": "Data",
        "campaign": "Kampania",
        "impressions": "Wyświetlenia",
        "clicks": "Kliknięcia",
        "cost_amount": "Koszt",
    }
    assert table(part, "ad_spend", "period_start, cost_amount, clicks, impressions, purchase_amount") == [
        (date(2026, 3, 1), 60, 120, 10_000, 480),
        (date(2026, 3, 2), Decimal("45.5"), 90, 8_000, 0),
    ]
    assert (part.rows.totals, part.currencies) == (1, ("PLN",))
    assert any("check the columns" in str(note) for note in part.notes)


def test_returned_units_are_paid_back_at_their_price(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        file = tmp_path / "orders.csv"
        file.write_text(FULL, "utf-8")
        load = shop.add(file)
        # one of the two cups of aaa-1 at 40, on the day of the order
        frame = shop.ask(Query(("refunds",), grain="day")).frame
        assert frame["refunds"].tolist() == [40, 0, 0]
        assert shop.ask(Query(("revenue",))).totals == {"revenue": 170 - 40}
        assert any("count as paid back at their price" in str(note) for note in load.notes)


def test_debits_without_their_minus_are_still_costs(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        added(shop, tmp_path, "billing.csv", BILLING.replace(";-", ";"))
        # 10.50 − 3 + 9.99 + 1020.01 + 49 + 1.23; the summary and the transfer are no costs
        assert shop.ask(Query(("marketplace_fees",))).totals == {"marketplace_fees": pytest.approx(1087.73)}
