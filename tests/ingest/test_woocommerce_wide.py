"""WooCommerce orders with items in columns of their own: each item stands twice in a row and counts once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
ORDER = (
    "order_id,order_number,order_date,paid_date,status,shipping_total,shipping_tax_total,fee_total,fee_tax_total,tax_total,cart_discount,order_discount,discount_total,"
    "order_total,order_subtotal,order_currency,payment_method_title,customer_email,billing_first_name,billing_email,billing_country,shipping_country,coupon_items,refund_items,"
    "meta:_wc_order_attribution_utm_source"
)
PACKED = ",line_item_1,line_item_2"
APART = "".join(
    f",Product Item {n} {name}" for n in (1, 2) for name in ("Name", "id", "SKU", "Quantity", "Total", "Subtotal")
)
FIRST = "11,11,2026-03-01 10:00:00,2026-03-01 10:01:00,completed,10.00,2.30,0,0,23.00,10.00,0.00,10.00,123.00,100.00,PLN,Przelewy24,anna@example.com,Anna,anna@example.com,PL,PL,code:SPRING|amount:10.00,,google"
FIRST_PACKED = ",name:Mug|product_id:5|sku:M-1|quantity:2|total:54.00|sub_total:60.00,name:Bag|product_id:6|sku:|quantity:1|total:36.00|sub_total:40.00"
FIRST_APART = ",Mug,5,M-1,2,54.00,60.00,Bag,6,,1,36.00,40.00"
SECOND = "12,12,2026-03-02 10:00:00,,refunded,0.00,0,0,0,0.00,0.00,0.00,0.00,40.00,40.00,PLN,COD,,Bob,bob@example.com,DE,,,amount:40,"
SECOND_PACKED = ",name:Bag|product_id:6|sku:B-1|quantity:1|total:40.00|sub_total:40.00,"
SECOND_APART = ",Bag,6,B-1,1,40.00,40.00,,,,,,"
BOTH = f"{ORDER}{PACKED}{APART}\n{FIRST}{FIRST_PACKED}{FIRST_APART}\n{SECOND}{SECOND_PACKED}{SECOND_APART}\n"
ONLY_PACKED = f"{ORDER}{PACKED}\n{FIRST}{FIRST_PACKED}\n{SECOND}{SECOND_PACKED}\n"
LINES = [
    ("11", 1, "M-1", "5", "Mug", 2, 60, 6),
    ("11", 2, None, "6", "Bag", 1, 40, 4),
    ("12", 1, "B-1", "6", "Bag", 1, 40, 0),
]
COLUMNS = "order_id, line_no, sku, product_id, product, quantity, line_amount, line_discount_amount"


def test_items_of_their_own_columns_count_once(read: Read, table: Table) -> None:
    (part,) = read(BOTH, "order_export.csv")
    assert (part.format, part.confidence >= 0.9, part.currencies) == ("woocommerce_orders_wide", True, ("PLN",))
    assert table(part, "order_lines", COLUMNS) == LINES
    columns = "order_id, status, items_amount, discount_amount, shipping_amount, tax_amount, total_amount, refunded_amount, country, promo_codes"
    assert table(part, "orders", columns) == [
        ("11", "paid", 100, 10, 10, 23, 123, None, "PL", ["SPRING"]),
        ("12", "refunded", 40, 0, 0, 0, 40, 40, "DE", None),
    ]
    assert (part.rows.read, part.rows.loaded) == (2, 2)


def test_packed_items_are_read_where_the_columns_are_missing(read: Read, table: Table) -> None:
    (part,) = read(ONLY_PACKED)
    assert part.format == "woocommerce_orders_wide"
    assert table(part, "order_lines", COLUMNS) == LINES


def test_a_wider_file_has_more_items(read: Read, table: Table) -> None:
    third = APART.replace("Item 1", "Item 11").replace("Item 2", "Item 12")
    (part,) = read(f"{ORDER}{APART}{third}\n{FIRST}{FIRST_APART},Box,7,X-1,3,30.00,30.00,,,,,,\n")
    assert table(part, "order_lines", "line_no, product, quantity") == [(1, "Mug", 2), (2, "Bag", 1), (11, "Box", 3)]


def test_an_item_that_cannot_be_read_is_refused_with_its_column(read: Read) -> None:
    (part,) = read(BOTH.replace("Mug,5,M-1,2,", "Mug,5,M-1,two,"))
    assert (part.rows.loaded, part.rows.refused) == (1, 1)
    assert "Product Item 1 Quantity" in str(part.refused[0].reason)


def test_the_numbers_of_the_shop(tmp_path: Path) -> None:
    file = tmp_path / "order_export.csv"
    file.write_text(BOTH, "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(file)
        kpis = ("gross_sales", "discounts", "refunds", "revenue", "units", "item_sales", "customers")
        assert shop.ask(Query(kpis)).totals == {
            "gross_sales": 140,
            "discounts": 10,
            "refunds": 40,
            "revenue": 90,
            "units": 4,
            "item_sales": Decimal(130),
            "customers": 2,
        }


def test_nobody_is_named(read: Read, con: Any) -> None:
    (part,) = read(BOTH.replace("123.00,100.00", "123.00,much"))
    assert part.rows.refused == 1
    assert not any(name in kept_words(con, part) for name in ("anna", "bob"))


def test_a_gift_card_among_the_items_is_no_product(read: Read, table: Table) -> None:
    (part,) = read(BOTH.replace(",Bag,6,,1,36.00,40.00", ",Gift card,6,,1,36.00,40.00"))
    # 100 of items, 40 of them for the card
    assert table(part, "orders", "items_amount")[0] == (60,)
    assert table(part, "order_lines", "line_type") == [("product",), ("gift_card",), ("product",)]


def test_a_part_that_was_paid_back_counts_on_its_day_without_tax(tmp_path: Path) -> None:
    back = "amount:12.30|reason:too; late|date:2026-03-09 08:00:00;amount:24.60|reason:|date:2026-03-11 09:00:00"
    file = tmp_path / "order_export.csv"
    file.write_text(BOTH.replace("SPRING|amount:10.00,,", f"SPRING|amount:10.00,{back},"), "utf-8")
    with Workspace(":memory:") as shop:
        load = shop.add(file)
        # of 123.00 paid, 100 were without tax: 12.30 are 10 and 24.60 are 20; order 12 came back whole, on its own day
        frame = shop.ask(Query(("refunds", "revenue"), grain="day")).frame
        days = {str(day)[:10]: amount for day, amount in zip(frame.iloc[:, 0], frame["refunds"], strict=True) if amount}
        assert days == {"2026-03-02": 40, "2026-03-09": 10, "2026-03-11": 20}
        assert shop.ask(Query(("revenue",))).totals == {"revenue": 130 - 70}
        assert not any("not read" in str(note) for note in load.notes)


def test_refunds_in_other_words_lower_nothing_and_are_said(tmp_path: Path) -> None:
    file = tmp_path / "order_export.csv"
    file.write_text(BOTH.replace("SPRING|amount:10.00,,", "SPRING|amount:10.00,id:7|total:-12.30,"), "utf-8")
    with Workspace(":memory:") as shop:
        load = shop.add(file)
        assert shop.ask(Query(("refunds",))).totals == {"refunds": 40}
        assert any("packed in a text that is not read" in str(note) for note in load.notes)


def test_gift_cards_in_packed_items_are_no_products(read: Read, table: Table) -> None:
    """Of 100 the bag for 40 became a gift card: products for 60."""
    (part,) = read(ONLY_PACKED.replace("name:Bag|product_id:6|sku:|", "name:Gift card 40|product_id:6|sku:|"))
    assert table(part, "orders", "items_amount") == [(60,), (40,)]


def test_a_file_that_excel_saved_with_decimal_commas_gives_the_same_lines(read: Read, table: Table) -> None:
    cells = [row.split(",") for row in BOTH.splitlines()]
    apart = len(f"{ORDER}{PACKED}".split(","))
    rows = [";".join([*row[:apart], *(cell.replace(".", ",") for cell in row[apart:])]) for row in cells[1:]]
    (part,) = read("\n".join([";".join(cells[0]), *rows]))
    assert table(part, "order_lines", COLUMNS) == LINES
