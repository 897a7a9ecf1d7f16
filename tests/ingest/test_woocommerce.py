"""WooCommerce Analytics: one row an order, a negative one a refund; amounts without tax and delivery, after coupons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import is_taken_for, kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution\n"
ANNA = '2026-03-02 10:00:00,11,&pound;123.00,completed,Anna Nowak,new,"2× Mug, 1× Bag",3,"SPRING, VIP",100,Organic: Google\n'
BOB = "2026-03-03 11:00:00,12,£50.00,on-hold,Bob Kowal,returning,1× Bag,1,,50.00,Referral: l.facebook.com\n"


def test_an_order_and_its_currency_from_the_sign(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ANNA + BOB)
    assert (part.format, part.confidence >= 0.9, part.currencies) == ("woocommerce_analytics_orders", True, ("GBP",))
    columns = "order_id, ordered_at, status, items_amount, total_amount, tax_included, is_new_declared, promo_codes, units_declared"
    assert table(part, "orders", columns) == [
        ("11", datetime(2026, 3, 2, 10), "paid", 100, 123, False, True, ["SPRING", "VIP"], 3),
        ("12", datetime(2026, 3, 3, 11), "awaiting_payment", 50, 50, False, False, None, 1),
    ]


def test_the_older_label_of_the_net_amount(read: Read, table: Table) -> None:
    (part,) = read((HEADER + ANNA).replace("Net Sales", "N. Revenue"))
    assert table(part, "orders", "items_amount, total_amount") == [(100, 123)]


@pytest.mark.parametrize(
    ("entities", "code"), [("&#122;&#322;", "PLN"), ("&euro;", "EUR"), ("&#163;", "GBP"), ("&#75;&#269;", "CZK")]
)
def test_entities_of_signs(read: Read, table: Table, entities: str, code: str) -> None:
    row = ANNA.replace("&pound;123.00", f'"1,123.00&nbsp;{entities}"')
    (part,) = read(HEADER + row)
    assert (part.currencies, table(part, "orders", "total_amount")) == ((code,), [(Decimal(1123),)])


@pytest.mark.parametrize("sign", ["$", "&#36;", "kr", ""])
def test_a_sign_of_several_currencies_is_asked(read: Read, sign: str) -> None:
    (part,) = read(HEADER + ANNA.replace("&pound;", sign))
    assert [question.key for question in part.questions] == ["currency"]
    (part,) = read(HEADER + ANNA.replace("&pound;", sign), currency="USD")
    assert part.currencies == ("USD",)


def test_a_negative_order_is_a_refund_on_its_day(read: Read, table: Table) -> None:
    refund = "2026-03-09 09:00:00,11,£-45.00,completed,Anna Nowak,new,1× Mug,1,,-45,Unknown\n"
    (part,) = read(HEADER + ANNA + refund + refund)
    assert part.tables == {"orders": 1, "order_lines": 2, "refunds": 2}
    assert (
        table(part, "refunds", "order_id, refunded_at, amount, quantity, currency")
        == [("11", datetime(2026, 3, 9, 9), 45, 1, "GBP")] * 2
    )
    assert len(set(table(part, "refunds", "refund_id"))) == 2
    assert part.rows.are_conserved


def test_a_refunded_order_counts_as_paid_back(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ANNA.replace("completed", "refunded") + BOB)
    assert table(part, "orders", "status, refunded_amount") == [("refunded", 100), ("awaiting_payment", None)]
    assert any("marked as refunded" in str(note) for note in part.notes)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("processing", "paid"),
        ("wc-completed", "paid"),
        ("Pending payment", "awaiting_payment"),
        ("On hold", "awaiting_payment"),
        ("cancelled", "cancelled"),
        ("failed", "failed"),
        ("checkout-draft", "failed"),
        ("packed by Ola", "unknown"),
    ],
)
def test_statuses(read: Read, table: Table, written: str, status: str) -> None:
    (part,) = read(HEADER + BOB.replace("on-hold", written))
    assert table(part, "orders", "status, status_raw") == [(status, written)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Organic: Google", ("organic", "google", "organic", "web")),
        ("Direct", ("direct", "(direct)", "(none)", "web")),
        ("Source: newsletter", (None, "newsletter", None, "web")),
        ("Referral: l.facebook.com", (None, "l.facebook.com", "referral", "web")),
        ("Unknown", (None, None, None, "web")),
        ("Web admin", (None, None, None, "manual")),
    ],
)
def test_attribution(read: Read, table: Table, written: str, found: tuple) -> None:
    (part,) = read(HEADER + BOB.replace("Referral: l.facebook.com", written))
    assert table(part, "orders", "channel, utm_source, utm_medium, sales_channel") == [found]


def test_rows_that_cannot_be_read_are_refused_and_name_nobody(read: Read, con: Any) -> None:
    bad_day = ANNA.replace("2026-03-02 10:00:00", "yesterday")
    bad_net = BOB.replace(",50.00,Ref", ",Bob Kowal,Ref").replace(",12,", ",13,")
    empty = BOB.replace(",50.00,Ref", ",,Ref").replace(",12,", ",14,")
    (part,) = read(HEADER + ANNA + bad_day + bad_net + empty + "2026-03-03,15,Bob Kowal\n")
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (5, 1, 4)
    assert part.rows.are_conserved
    assert [row.row_no for row in part.refused] == [3, 4, 5, 6]
    assert "is empty" in str(part.refused[2].reason)
    assert not any(name in kept_words(con, part) for name in ("anna", "nowak", "bob", "kowal"))


def test_packed_products_give_units(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ANNA + BOB)
    assert table(part, "order_lines", "order_id, line_no, product, quantity") == [
        ("11", 1, "Mug", 2),
        ("11", 2, "Bag", 1),
        ("12", 1, "Bag", 1),
    ]


def test_a_comma_in_a_name_is_no_end_of_it(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ANNA.replace("2× Mug, 1× Bag", "2× Mug, blue, 1× Bag, large"))
    assert table(part, "order_lines", "product, quantity") == [("Mug, blue", 2), ("Bag, large", 1)]


def test_products_that_do_not_make_the_items_sold_are_left_out_and_said(read: Read) -> None:
    (part,) = read(HEADER + ANNA.replace("2× Mug, 1× Bag", "2× Box, 4× large, 1× Bag"))
    assert "order_lines" not in part.tables
    assert any("does not agree with the number of items" in str(note) for note in part.notes)


def test_polish_headers_are_not_guessed(read: Read) -> None:
    text = (HEADER + ANNA).replace("Order #", "Numer zamówienia").replace("Net Sales", "Sprzedaż netto")
    assert not is_taken_for("woocommerce_analytics_orders", read, text)


def test_a_refund_of_the_delivery_alone_leaves_the_order(read: Read, table: Table) -> None:
    refund = "2026-03-09 09:00:00,11,£-23.00,completed,Anna Nowak,new,,0,,0,Unknown\n"
    for rows in (ANNA + refund, refund + ANNA):
        (part,) = read(HEADER + rows)
        assert table(part, "orders", "order_id, items_amount") == [("11", 100)]
        assert table(part, "refunds", "order_id, amount") == [("11", 0)]


def test_the_revenue_report_stands_beside_the_orders(tmp_path: Path) -> None:
    file = tmp_path / "wc-revenue-report-export-17.csv"
    head = "Date,Orders,Gross sales,Returns,Coupons,Net sales,Taxes,Shipping,Total sales\n"
    days = "2025-05-01 00:00:00,10,1000.00,50.00,100.00,850.00,195.50,60.00,1105.50\n2025-05-02 00:00:00,5,500.00,0,0,500.00,115.00,30.00,645.00\n"
    file.write_text(head + days, "utf-8")
    with Workspace(":memory:") as shop:
        load = shop.add(file, answers={"currency": "PLN"})
        assert (load.format, load.tables, load.questions) == ("woocommerce_revenue", {"sales_daily": 2}, ())
        assert shop.ask(Query(("reported_revenue",))).totals == {"reported_revenue": 850 + 500}
        assert not any("do not make the net sales" in str(note) for note in load.notes)


REPORTS = {
    "products": "Product title,SKU,Items sold,Net sales,Orders,Category,Variations,Status,Stock\nMug,M1,20,400.00,15,Home,0,In stock,12\n",
    "variations": "Product / Variation title,SKU,Items sold,Net sales,Orders,Status,Stock\nMug - red,M1-R,20,400.00,15,In stock,12\n",
    "categories": "Category,Items sold,Net sales,Products,Orders\nHome,20,400.00,3,15\n",
    "coupons": "Coupon code,Orders,Amount discounted,Created,Expires,Type\nTEN,20,40.00,2026-01-01,N/A,Percentage\n",
    "taxes": "Tax code,Rate,Total tax,Order tax,Shipping tax,Orders\nPL-VAT-1,23,40.00,30.00,10.00,4\n",
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_that_counts_the_orders_sales_once_more_is_set_aside(read: Read, name: str) -> None:
    (part,) = read(REPORTS[name], f"wc-{name}-report-export.csv")
    assert (part.format, part.tables, part.questions, part.rows.set_aside) == ("woocommerce_other", {}, (), 1)
    assert any("once more" in str(note) for note in part.notes)


@pytest.mark.parametrize("names", ["Username,Last Active,Sign Up,Email", "Username,Last active,Date registered,Email"])
def test_the_customers_report_describes_customers_and_no_orders(read: Read, table: Table, names: str) -> None:
    text = f"Name,{names},Orders,Total spend,AOV,Country / Region,City,Region,Postal code\n"
    rows = "Ann,ann,2026-03-01,2024-01-01 10:00:00,ann@x.com,3,120.00,40.00,PL,Radom,,26-600\nGuest,,2026-03-02,,,1,5.00,5.00,DE,,,\n"
    (part,) = read(text + rows, "wc-customers-report-export.csv")
    assert (part.format, part.tables, part.questions) == ("woocommerce_customers", {"customers": 1}, ())
    assert table(part, "customers", "country, city, orders_declared, spent_declared") == [("PL", "Radom", 3, 120)]
