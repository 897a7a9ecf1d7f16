"""Square's item details: a row an item, and a row with a minus for what was paid back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = (
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,"
    "Event Type,Location,Customer ID,Itemization Type\n"
)
# A sale of 2 coffees and a gift card, one of a cake with a discount of 100, and a coffee paid back nine days later.
ROWS = """3/5/2025,10:15:00,Eastern Time (US & Canada),Drinks,Coffee,2.0,Large,C1,,$10.00,$0.00,$10.00,$0.80,T1,P1,Payment,Main,CU1,Physical Good
3/5/2025,10:15:00,Eastern Time (US & Canada),,Voucher 50,1.0,,,,$50.00,$0.00,$50.00,$0.00,T1,P1,Payment,Main,CU1,Gift Card
3/14/2025,11:00:05 PM,Eastern Time (US & Canada),Cakes,Cake,1.0,Regular,K1,,"$1,240.00",-$100.00,"$1,140.00",$91.20,T2,P2,Payment,Main,,Physical Good
3/14/2025,23:30:00,Eastern Time (US & Canada),Drinks,Coffee,-1.0,Large,C1,,-$5.00,$0.00,-$5.00,-$0.40,T1,P3,Refund,Main,CU1,Physical Good
"""


def test_sales_discounts_and_refunds() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add((HEADER + ROWS).encode(), name="items-2025-03-01-2025-04-01.csv", answers={"currency": "USD"})
        assert (load.format, load.confidence >= 0.9, load.rows.are_conserved) == ("square_items", True, True)
        kpis = ("orders", "gross_sales", "discounts", "refunds", "revenue", "units", "item_sales")
        # 10 + 1240; the gift card is no product
        assert shop.ask(Query(kpis)).totals == {
            "orders": 2,
            "gross_sales": 1250,
            "discounts": 100,
            "refunds": 5,
            "revenue": 1145,
            "units": 3,
            "item_sales": 1150,
        }
        assert shop.ask(Query(("refunds",), start=date(2025, 3, 14), end=date(2025, 3, 14))).totals == {"refunds": 5}


def test_lines_and_times(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS, currency="USD")
    assert table(part, "orders", "order_id, ordered_at, items_amount, tax_amount, sales_channel") == [
        ("T1", datetime(2025, 3, 5, 10, 15), 10, Decimal("0.8"), "pos"),
        ("T2", datetime(2025, 3, 14, 23, 0, 5), 1240, Decimal("91.2"), "pos"),
    ]
    assert table(part, "order_lines", "order_id, line_no, product, quantity, line_amount, line_type") == [
        ("T1", 1, "Coffee", 2, 10, "product"),
        ("T1", 2, "Voucher 50", 1, 50, "gift_card"),
        ("T2", 1, "Cake", 1, 1240, "product"),
    ]


def test_the_channel_tells_the_till_from_the_shop(read: Read, table: Table) -> None:
    rows = ROWS.splitlines()
    text = HEADER.replace("Itemization Type", "Itemization Type,Channel") + f"{rows[0]},Square Online\n{rows[2]},Till\n"
    (part,) = read(text, currency="USD")
    assert table(part, "orders", "sales_channel") == [("web",), ("pos",)]


def test_the_currency_is_asked_and_payments_are_another_export(read: Read) -> None:
    (part,) = read(HEADER + ROWS)
    assert [question.key for question in part.questions] == ["currency"]
