"""Advanced Order Export for WooCommerce: a row an item, with the order's amounts beside each or beside the first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = (
    "Order Number,Order Status,Order Date,Email (Billing),Country Code (Billing),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,"
    "Order Shipping Amount,Order Refund Amount,Order Total Amount,Order Total Tax Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost,Coupon Code\n"
)
# Two mugs of 30 and a bag of 50 make 110; the coupons take 10 off, that is 27.27 a mug and 45.46 the bag.
# (110 - 10 + 10) * 1.23 = 135.30 · half of 60 * 1.23 paid back: 36.90 with tax, 30 without · a cancelled order ·
# one that was paid back whole, of which no unit is left.
FIRST = "201,Completed,2025-03-05 10:15,a@example.com,PL,PayU,10.00,110.00,10.00,0.00,135.30,25.30"
OTHERS = """202,Processing,2025-03-06 11:00,b@example.com,PL,PayU,0.00,60.00,0.00,36.90,73.80,13.80,K-1,1,Mug,1,30.00,
203,Anulowane,2025-03-07 11:00,b@example.com,PL,PayU,0.00,30.00,0.00,0.00,36.90,6.90,K-1,1,Mug,1,30.00,
204,Refunded,2025-03-08 11:00,c@example.com,PL,PayU,0.00,30.00,0.00,36.90,36.90,6.90,K-1,1,Mug,0,30.00,
"""
REPEATED = f"{HEADER}{FIRST},K-1,1,Mug,2,27.27,SPRING\n{FIRST},T-1,2,Bag,1,45.46,\n{OTHERS}"
ONLY_FIRST = f"{HEADER}{FIRST},K-1,1,Mug,2,27.27,SPRING\n201,,,,,,,,,,,,T-1,2,Bag,1,45.46,\n{OTHERS}"
KPIS = ("orders", "gross_sales", "discounts", "refunds", "revenue", "units")


def numbers(text: str) -> dict[str, Any]:
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="orders-2025.csv", answers={"currency": "PLN"})
        assert (load.format, load.confidence >= 0.9, load.rows.are_conserved) == ("woocommerce_order_rows", True, True)
        return dict(shop.ask(Query(KPIS)).totals)


@pytest.mark.parametrize("text", [REPEATED, ONLY_FIRST], ids=["on every row", "on the first row"])
def test_the_orders_amounts_count_once(text: str) -> None:
    # 110 + 60 + 30; 30 and 30 came back
    assert numbers(text) == {
        "orders": 3,
        "gross_sales": 200,
        "discounts": 10,
        "refunds": 60,
        "revenue": 130,
        "units": 4,
    }


@pytest.mark.parametrize("text", [REPEATED, ONLY_FIRST], ids=["on every row", "on the first row"])
def test_items_are_before_coupons(read: Read, table: Table, text: str) -> None:
    (part,) = read(text, currency="PLN")
    rows = table(part, "order_lines", "order_id, line_no, sku, quantity, line_amount")
    # 54.54 and 45.46 by 110 / 100
    assert rows[:2] == [("201", 1, "K-1", 2, Decimal("59.994")), ("201", 2, "T-1", 1, Decimal("50.006"))]
    assert table(part, "orders", "status, refunded_amount, promo_codes, tax_included") == [
        ("paid", 0, ["SPRING"], False),
        ("partially_refunded", 30, None, False),
        ("cancelled", 0, None, False),
        ("refunded", 30, None, False),
    ]
    assert any("after refunds" in str(note) for note in part.notes)


def test_a_second_coupon_has_a_row_of_its_own_and_is_no_item(read: Read, table: Table) -> None:
    (part,) = read(f"{HEADER}{FIRST},K-1,1,Mug,2,30.00,SPRING\n{FIRST},,,,,,VIP\n", currency="PLN")
    assert part.tables == {"orders": 1, "order_lines": 1}
    assert table(part, "orders", "items_amount, discount_amount, promo_codes") == [(110, 10, ["SPRING", "VIP"])]


def test_costs_before_coupons_are_taken_as_they_are(read: Read, table: Table) -> None:
    header = HEADER.replace("Item Cost", "Item Cost,Item Cost Before Discount")
    (part,) = read(f"{header}{FIRST},K-1,1,Mug,2,27.27,30.00,SPRING\n", currency="PLN")
    assert table(part, "order_lines", "line_amount, line_discount_amount") == [(60, Decimal("5.46"))]


def test_a_damaged_item_takes_its_order_with_it_and_names_nobody(read: Read, con: Any) -> None:
    (part,) = read(REPEATED.replace("T-1,2,Bag,1", "T-1,2,Bag,one"), currency="PLN")
    assert (part.rows.refused, part.tables["orders"], part.rows.are_conserved) == (2, 3, True)
    assert not any("example.com" in word for word in kept_words(con, part))
