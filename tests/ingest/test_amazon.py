"""Amazon's reports: item prices are line totals, pending orders have none, and the fuller report of an order wins."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]


def tabbed(header: str, *rows: str) -> str:
    """Rows of cells that are separated by a bar, as a tab separated file."""
    return "".join(line.replace("|", "\t") + "\n" for line in (header, *rows))


ALL = (
    "amazon-order-id|purchase-date|order-status|sales-channel|product-name|sku|item-status|quantity|currency|item-price|item-tax|"
    "shipping-price|shipping-tax|gift-wrap-price|gift-wrap-tax|item-promotion-discount|ship-promotion-discount|ship-city|ship-state|ship-country"
)
ORDERS = (
    '1|2026-03-01T23:30:00+00:00|Shipped|Amazon.pl|5" Nóż|N-5|Shipped|2|PLN|80.00|14.96|10.00|1.87|4.00|0.75|8.00|10.00|Łódź||PL',
    '1|2026-03-01T23:30:00+00:00|Shipped|Amazon.pl|Kubek "Górski|K-1|Shipped|1|PLN|20.00|3.74||||||||Łódź||PL',
    "2|2026-03-02T10:00:00+00:00|Shipped|Amazon.com|Mug|K-1|Shipped|1|USD|50.00|4.00|5.00|0.40|||||Reno|NV|US",
    "3|2026-03-02T11:00:00+00:00|Cancelled|Amazon.pl|Mug|K-1|Cancelled|0|||||||||||||PL",
    "4|2026-03-03T11:00:00+00:00|Pending|Amazon.pl|Mug|K-1|Unshipped|3|||||||||||||PL",
    "5|2026-03-03T12:00:00+00:00|Shipped|Non-Amazon PL|Mug|K-1|Shipped|1|PLN|0.00||||||||||PL",
    "6|2026-03-03T13:00:00+00:00|Shipped|Amazon.pl|Mug|K-1|Shipped|1|PLN|30.00|5.61||||||||||PL",
    "6|2026-03-03T13:00:00+00:00|Shipped|Amazon.pl|Bag|B-1|Cancelled|0|||||||||||||PL",
)
PADDED = tuple(row + "|" * (ALL.count("|") - row.count("|")) for row in ORDERS)


def aligned(row: str) -> str:
    """The row with as many cells as the header: blank ones stand before the place."""
    cells = row.split("|")
    missing = ALL.count("|") + 1 - len(cells)
    return (
        "|".join([*cells[:10], *[""] * missing, *cells[10:]]) if missing > 0 else "|".join(cells[: ALL.count("|") + 1])
    )


ALL_ORDERS = tabbed(ALL, *map(aligned, ORDERS))


def test_orders_of_several_items_and_markets(read: Read, table: Table) -> None:
    (part,) = read(ALL_ORDERS, "all_orders.txt")
    assert (part.format, part.confidence >= 0.9, part.questions) == ("amazon_all_orders", True, ())
    columns = "order_id, status, items_amount, discount_amount, shipping_amount, tips_fees_amount, total_amount, tax_included, currency"
    assert table(part, "orders", columns) == [
        # 80 + 20; the promotion takes all of the delivery off; the tax is in the prices
        ("1", "paid", 100, 8, 0, 4, 96, True, "PLN"),
        # in the United States 4.00 and 0.40 are added
        ("2", "paid", 50, 0, 5, 0, Decimal("59.4"), False, "USD"),
        ("3", "cancelled", None, None, None, None, None, True, None),
        ("4", "awaiting_payment", None, None, None, None, None, True, None),
        ("6", "paid", 30, 0, 0, 0, 30, True, "PLN"),
    ]
    assert (part.rows.loaded, part.rows.set_aside) == (7, 1)
    notes = " ".join(map(str, part.notes))
    assert "no prices for pending orders" in notes
    assert "for other shops" in notes


def test_quotation_marks_are_plain_characters(read: Read, table: Table) -> None:
    (part,) = read(ALL_ORDERS)
    assert table(part, "order_lines", "product, quantity, unit_price, line_amount")[:2] == [
        ('5" Nóż', 2, 40, 80),
        ('Kubek "Górski', 1, 20, 20),
    ]


def test_the_shorter_layout_of_older_reports(read: Read, table: Table) -> None:
    header = ALL.replace("sales-channel|", "")
    rows = ["|".join(cell for i, cell in enumerate(aligned(row).split("|")) if i != 3) for row in ORDERS[:3]]
    (part,) = read(tabbed(header, *rows))
    assert part.format == "amazon_all_orders"
    assert table(part, "orders", "tax_included, total_amount") == [(True, 96), (False, Decimal("59.4"))]


def test_an_order_with_an_item_that_cannot_be_read_is_refused_whole(read: Read) -> None:
    (part,) = read(ALL_ORDERS.replace("80.00", "eighty"))
    assert [row.row_no for row in part.refused] == [2, 3]
    assert part.rows.are_conserved


NEW = (
    "order-id|order-item-id|purchase-date|payments-date|buyer-email|buyer-name|sku|product-name|quantity-purchased|currency|item-price|item-tax|"
    "shipping-price|shipping-tax|ship-city|ship-country|sales-channel"
)
NEW_ROWS = (
    "1|i-1|2026-03-01T23:30:00+00:00|2026-03-01T23:31:00+00:00|a1@marketplace.amazon.pl|Anna Nowak|N-5|Nóż|2|PLN|80.00|14.96|10.00|1.87|Łódź|PL|Amazon.pl",
    "1|i-1|2026-03-01T23:30:00+00:00|2026-03-01T23:31:00+00:00|a1@marketplace.amazon.pl|Anna Nowak|N-5|Nóż|2|PLN|80.00|14.96|10.00|1.87|Łódź|PL|Amazon.pl",
    "9|i-9|2026-03-05T10:00:00+00:00||b2@marketplace.amazon.pl|Bob|K-1|Mug|1|PLN|25.00|4.67|||Gdynia|PL|Amazon.pl",
)
UNSHIPPED = (
    "order-id|order-item-id|purchase-date|payments-date|reporting-date|promise-date|days-past-promise|buyer-email|sku|product-name|"
    "quantity-purchased|quantity-shipped|quantity-to-ship|ship-service-level|ship-country"
)
UNSHIPPED_ROW = "1|i-1|2026-03-01T23:30:00+00:00|2026-03-01T23:31:00+00:00|2026-03-02|2026-03-04|0|a1@marketplace.amazon.pl|N-5|Nóż|2|0|2|Standard|PL"


def test_new_orders_have_customers_and_an_item_counts_once(read: Read, table: Table, con: Any) -> None:
    (part,) = read(tabbed(NEW, *NEW_ROWS), "orders.txt")
    assert part.format == "amazon_new_orders"
    assert table(
        part, "orders", "order_id, status, items_amount, shipping_amount, total_amount, customer_key IS NULL"
    ) == [
        ("1", "paid", 80, 10, 90, False),
        ("9", "awaiting_payment", 25, 0, 25, False),
    ]
    assert (part.tables["order_lines"], part.rows.loaded, part.rows.set_aside) == (2, 2, 1)
    assert not any(name in kept_words(con, part) for name in ("anna", "nowak", "bob", "a1@"))


def test_unshipped_orders_have_no_prices(read: Read, table: Table) -> None:
    (part,) = read(tabbed(UNSHIPPED, UNSHIPPED_ROW))
    assert (part.format, part.questions) == ("amazon_new_orders", ())
    assert table(part, "orders", "order_id, items_amount, total_amount") == [("1", None, None)]
    assert table(part, "order_lines", "quantity, line_amount") == [(2, None)]
    assert any("have no prices" in str(note) for note in part.notes)


SHIPMENTS = (
    "amazon-order-id|shipment-id|shipment-item-id|amazon-order-item-id|purchase-date|payments-date|shipment-date|reporting-date|buyer-email|sku|product-name|"
    "quantity-shipped|currency|item-price|item-tax|shipping-price|shipping-tax|item-promotion-discount|ship-promotion-discount|estimated-arrival-date|ship-country|sales-channel"
)
SHIPPED = (
    "1|s-1|x-1|i-1|2026-03-28T12:00:00+01:00|2026-03-28T12:00:00+01:00|2026-03-30T13:00:00+02:00|2026-03-30|a1@marketplace.amazon.pl|N-5|Nóż|2|PLN|80.00|14.96|10.00|1.87|-8.00||2026-04-01T00:00:00+02:00|PL|Amazon.pl",
    "1|s-1|x-2|i-2|2026-03-28T12:00:00+01:00|2026-03-28T12:00:00+01:00|2026-03-30T13:00:00+02:00|2026-03-30|a1@marketplace.amazon.pl|K-1|Kubek|1|PLN|20.00|3.74|||||2026-04-01T00:00:00+02:00|PL|Amazon.pl",
    "7|s-2|x-3|i-3|2026-03-28T12:00:00+01:00||2026-03-29T00:00:00+01:00|2026-03-30||K-1|Kubek|4|||||||||PL|Non-Amazon",
)


def test_parcels_and_the_orders_that_they_belong_to(read: Read, table: Table) -> None:
    (part,) = read(tabbed(SHIPMENTS, *SHIPPED), "shipments.txt")
    assert part.format == "amazon_fulfilled_shipments"
    # the clocks went forward between the order and the dispatch: 48 hours passed
    assert table(part, "shipments", "order_id, parcel, shipped_at - ordered_at = INTERVAL 48 HOUR, units") == [
        ("1", "s-1", True, 3),
        ("7", "s-2", False, 4),
    ]
    assert table(part, "orders", "order_id, items_amount, discount_amount, total_amount") == [("1", 100, 8, 102)]


def added(shop: Workspace, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    shop.add(file)


@pytest.mark.parametrize("is_full_report_first", [True, False])
def test_the_report_of_all_orders_wins_in_any_order(tmp_path: Path, *, is_full_report_first: bool) -> None:
    poor = [("new.txt", tabbed(NEW, *NEW_ROWS)), ("unshipped.txt", tabbed(UNSHIPPED, UNSHIPPED_ROW))]
    full = [("all.txt", ALL_ORDERS.replace("USD", "PLN"))]
    with Workspace(":memory:") as shop:
        for name, text in full + poor if is_full_report_first else poor + full:
            added(shop, tmp_path, name, text)
        totals = shop.ask(Query(("gross_sales", "discounts", "orders", "units"))).totals
        # 1: 100, 2: 50, 6: 30, and 9, which only the new orders have: 25; 4 has no price yet
        assert totals == {"gross_sales": 205, "discounts": 8, "orders": 5, "units": 3 + 1 + 3 + 1 + 1}


def test_the_time_to_dispatch(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        added(shop, tmp_path, "shipments.txt", tabbed(SHIPMENTS, *SHIPPED))
        # 48 hours and 12 hours
        assert shop.ask(Query(("processing_time",))).totals["processing_time"] == 30 * 3600
        assert "fulfilment_time" in shop.ask(Query(("fulfilment_time",))).refused


SECOND_PARCEL = "1|s-5|x-5|i-5|2026-03-28T12:00:00+01:00|2026-03-28T12:00:00+01:00|2026-04-02T13:00:00+02:00|2026-04-02|a1@marketplace.amazon.pl|B-1|Torba|1|PLN|50.00|9.35|5.00|0.93|||2026-04-05T00:00:00+02:00|PL|Amazon.pl"
WORTH = "select items_amount, discount_amount, shipping_amount, tax_amount, total_amount from facts.orders"


@pytest.mark.parametrize("is_first_parcel_first", [True, False])
def test_an_order_in_two_parcels_is_worth_both_in_any_order(tmp_path: Path, *, is_first_parcel_first: bool) -> None:
    """Parcel s-1: 80 + 20, 8 off, 10 of delivery, VAT 14.96 + 1.87 + 3.74; s-5: 50, 5 of delivery, VAT 9.35 + 0.93."""
    files = [("march.txt", tabbed(SHIPMENTS, *SHIPPED)), ("april.txt", tabbed(SHIPMENTS, SECOND_PARCEL))]
    with Workspace(":memory:") as shop:
        for name, text in files if is_first_parcel_first else reversed(files):
            added(shop, tmp_path, name, text)
        both = [(150, 8, 15, Decimal("30.85"), 150 - 8 + 15)]
        assert shop._store.rows(WORTH) == both
        added(shop, tmp_path, "march again.txt", tabbed(SHIPMENTS, *SHIPPED[:2]))
        assert shop._store.rows(WORTH) == both
        totals = shop.ask(Query(("gross_sales", "discounts", "orders", "units", "item_sales"))).totals
        assert totals == {"gross_sales": 150, "discounts": 8, "orders": 1, "units": 4, "item_sales": 142}
        added(shop, tmp_path, "all.txt", ALL_ORDERS.replace("USD", "PLN").replace("2026-03-01T", "2026-03-28T"))
        # the report of all orders knows order 1 as 80 + 20, order 2 as 50 and order 6 as 30
        assert shop.ask(Query(("gross_sales",))).totals == {"gross_sales": 100 + 50 + 30}


def test_an_undone_parcel_leaves_the_other(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        added(shop, tmp_path, "march.txt", tabbed(SHIPMENTS, *SHIPPED))
        added(shop, tmp_path, "april.txt", tabbed(SHIPMENTS, SECOND_PARCEL))
        shop.undo(max(one.id for one in shop.imports()))
        assert shop._store.rows(WORTH) == [(100, 8, 10, Decimal("20.57"), 102)]


def test_returns_and_replacements_are_said(read: Read) -> None:
    header = "amazon-order-id|purchase-date|order-status|sku|quantity|currency|item-price|is-replacement-order"
    (part,) = read(
        tabbed(
            header,
            "1|2026-03-01T10:00:00+00:00|Shipped - Returned to Seller|K-1|1|PLN|80.00|false",
            "2|2026-03-02T10:00:00+00:00|Shipped|K-1|1|PLN|0.00|true",
        )
    )
    assert part.format == "amazon_all_orders"
    said = " ".join(map(str, part.notes))
    assert "came back" in said
    assert "Replacements of earlier orders" in said
