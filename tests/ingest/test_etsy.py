"""Etsy's items, whose orders' amounts repeat on every line, and its orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
ITEMS = """Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship City,Ship State,Ship Country,Order ID,Variations,SKU
12/17/25,"Mug, blue",Anna Nowak (anna77),2,10.00,SPRING,,3.00,1.00,6.00,2.00,20.00,USD,501,1,12/17/2025,12/19/2025,Anna Nowak,Reno,NV,United States,0045,Colour:Blue,M-1
12/17/25,Bag,Anna Nowak (anna77),1,30.00,SPRING,,3.00,1.00,6.00,2.00,30.00,USD,502,2,12/17/2025,12/19/2025,Anna Nowak,Reno,NV,United States,0045,,B-1
12/18/25,Bag,Bob,1,30.00,,,0.00,0.00,0.00,0.00,30.00,USD,503,2,,,Bob,Lyon,,France,0046,,B-1
"""
ORDERS = """Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Payment Method,Date Shipped,Street 1,Street 2,Ship City,Ship State,Ship Zipcode,Ship Country,Currency,Order Value,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Shipping,Sales Tax,Order Total,Status,Card Processing Fees,Order Net,Adjusted Order Total,Adjusted Card Processing Fees,Adjusted Net Order Amount,Buyer,Order Type,Payment Type,InPerson Discount,InPerson Location,SKU
12/17/25,0045,anna77,Anna Nowak,Anna,Nowak,3,Credit Card,12/19/2025,Street 1,,Reno,NV,1,United States,USD,50.00,SPRING,,3.00,1.00,6.00,2.00,54.00,,2.00,52.00,34.00,1.50,32.50,Anna Nowak (anna77),online,online_cc,,,
12/18/25,0046,bob,Bob,Bob,,1,PayPal,,Street 2,,Lyon,,2,France,USD,30.00,,,0.00,0.00,0.00,0.00,30.00,Canceled,1.00,29.00,,,,Bob,online,online_cc,,,
12/19/25,0047,bob,Bob,Bob,,1,PayPal,,Street 2,,Lyon,,2,France,USD,40.00,,,0.00,0.00,5.00,0.00,45.00,Refunded,1.00,44.00,0.00,,,Bob,online,online_cc,,,
"""


def test_the_amounts_of_an_order_count_once(read: Read, table: Table) -> None:
    (part,) = read(ITEMS, "EtsySoldOrderItems2025.csv")
    assert (part.format, part.confidence >= 0.9, part.questions) == ("etsy_order_items", True, ())
    columns = "order_id, status, items_amount, discount_amount, shipping_amount, tax_amount, total_amount, tax_included, country"
    assert table(part, "orders", columns) == [
        # 20 + 30, less 3, delivery 6 less 1, tax 2
        ("0045", "paid", 50, 3, 5, 2, 54, False, "US"),
        ("0046", "awaiting_payment", 30, 0, 0, 0, 30, False, "FR"),
    ]
    assert table(part, "order_lines", "order_id, line_no, sku, variant, quantity, line_amount") == [
        ("0045", 1, "M-1", "Colour:Blue", 2, 20),
        ("0045", 2, "B-1", None, 1, 30),
        ("0046", 1, "B-1", None, 1, 30),
    ]
    assert table(part, "orders", "ordered_at, paid_at")[0] == (datetime(2025, 12, 17), datetime(2025, 12, 17))


def test_a_file_that_was_saved_again_with_tabs_and_amounts_with_a_sign(read: Read, table: Table) -> None:
    text = (
        ITEMS.replace('"Mug, blue"', "Mug")
        .replace(",", "\t")
        .replace("12/17/25", "12/17/2025")
        .replace("30.00\t", "€30.00\t")
    )
    (part,) = read(text.replace("Currency", "Notes"))
    assert part.format == "etsy_order_items"
    assert (part.currencies, table(part, "orders", "items_amount")) == (("EUR",), [(50,), (30,)])


def test_an_item_that_stands_twice_counts_once(read: Read, table: Table) -> None:
    (part,) = read(ITEMS + ITEMS.splitlines()[1] + "\n")
    assert table(part, "orders", "items_amount") == [(50,), (30,)]
    assert (part.rows.loaded, part.rows.set_aside) == (3, 1)


def test_discounts_that_differ_between_the_items_are_added_and_said(read: Read, table: Table) -> None:
    (part,) = read(
        ITEMS.replace("B-1", "B-2").replace(
            "Bag,Anna Nowak (anna77),1,30.00,SPRING,,3.00", "Bag,Anna Nowak (anna77),1,30.00,SPRING,,4.00"
        )
    )
    assert table(part, "orders", "discount_amount")[0] == (7,)
    assert any("discounts of an order's items differ" in str(note) for note in part.notes)


def test_orders_with_what_was_adjusted_afterwards(read: Read, table: Table) -> None:
    (part,) = read(ORDERS, "EtsySoldOrders2025.csv")
    assert (part.format, part.confidence >= 0.9) == ("etsy_orders", True)
    columns = (
        "order_id, status, items_amount, discount_amount, shipping_amount, total_amount, refunded_amount, tax_included"
    )
    assert table(part, "orders", columns) == [
        ("0045", "partially_refunded", 50, 3, 5, 54, 20, False),
        ("0046", "cancelled", 30, 0, 0, 30, None, None),
        ("0047", "refunded", 40, 0, 5, 45, 45, None),
    ]


def test_the_british_names_of_the_delivery(read: Read, table: Table) -> None:
    text = ORDERS.replace("Shipping Discount,Shipping,", "Delivery Discount,Delivery,").replace("Ship ", "Delivery ")
    (part,) = read(text.replace("Date Shipped", "Date Posted"))
    assert part.format == "etsy_orders"
    assert table(part, "orders", "shipping_amount, country") == [(5, "US"), (0, "FR"), (5, "FR")]


def added(shop: Workspace, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    shop.add(file)


@pytest.mark.parametrize("names", [("items", "orders"), ("orders", "items")])
def test_orders_win_over_items_and_the_lines_stay(tmp_path: Path, names: tuple[str, str]) -> None:
    with Workspace(":memory:") as shop:
        for name in names:
            added(shop, tmp_path, f"{name}.csv", {"items": ITEMS, "orders": ORDERS}[name])
        totals = shop.ask(Query(("gross_sales", "discounts", "refunds", "orders", "units", "customers"))).totals
        # 0046 is cancelled; 40 of the 45 paid back for 0047 were the product
        assert totals == {
            "gross_sales": 90,
            "discounts": 3,
            "refunds": Decimal(20) + 40,
            "orders": 2,
            "units": 3,
            "customers": 2,
        }


def test_rows_that_cannot_be_read_take_their_order_along_and_name_nobody(read: Read, con: Any) -> None:
    (part,) = read(ITEMS.replace("2,10.00,SPRING", "2,ten,SPRING"))
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (3, 1, 2)
    assert not any(name in kept_words(con, part) for name in ("anna", "nowak", "bob"))


def test_a_status_of_an_order_that_is_not_known_is_named(read: Read, table: Table) -> None:
    (part,) = read(ORDERS.replace(",Canceled,", ",On the moon,").replace(",Cancelled,", ",On the moon,"))
    assert ("0046", "unknown") in table(part, "orders", "order_id, status")
    assert any("“On the moon” (1 row)" in str(note) for note in part.notes)


def test_direct_checkout_payments_are_payments_and_no_orders(read: Read, table: Table) -> None:
    """94 + 54, of which 30 and, by what was left, 4 were paid back; fees 3 + 2 whatever their sign."""
    head = "Payment ID,Buyer Username,Buyer Name,Order ID,Gross Amount,Fees,Net Amount,Posted Gross,Posted Fees,Posted Net,Adjusted Gross,Adjusted Fees,Adjusted Net,Currency,Status,Order Date,Refund Amount\n"
    rows = (
        "9,ann,Ann,0045,94.00,-3.00,91.00,94.00,3.00,91.00,,,,USD,Settled,12/17/2025,30.00\n"
        "8,bob,Bob,0046,54.00,2.00,52.00,54.00,2.00,52.00,50.00,1.00,49.00,USD,Settled,12/18/2025,0.00\n"
    )
    (part,) = read(head + rows, "EtsyDirectCheckoutPayments2025-12.csv")
    assert (part.format, part.tables, part.questions) == ("etsy_payments", {"payments": 2}, ())
    assert table(part, "payments", "order_id, amount, fee_amount, refunded_amount, status") == [
        ("0045", 94, 3, 30, "partially_refunded"),
        ("0046", 54, 2, 4, "partially_refunded"),
    ]
