"""Shopify's exports in the layouts that people make of them: rows filled in, columns deleted, reports not by day."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = [
    "Name",
    "Financial Status",
    "Currency",
    "Subtotal",
    "Shipping",
    "Total",
    "Discount Amount",
    "Refunded Amount",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Payment Method",
]
AT = "2025-06-10 10:00:00 +0200"
# 2 x 30 + 40 = 100 and a delivery of 5; 4 x 30 - 20 = 100; 2 x 30, all of it paid back with the delivery.
ORDERS = [
    ["#3", "paid", "EUR", "100.00", "5.00", "105.00", "0.00", "0.00", AT, "2", "Mug", "30.00", "card"],
    ["#3", "", "", "", "", "", "", "", AT, "1", "Tee", "40.00", ""],
    ["#2", "paid", "EUR", "100.00", "0.00", "100.00", "20.00", "0.00", AT, "4", "Mug", "30.00", "card"],
    ["#1", "refunded", "EUR", "60.00", "5.00", "65.00", "0.00", "65.00", AT, "2", "Mug", "30.00", "card"],
]
KPIS = ("orders", "gross_sales", "discounts", "refunds", "revenue")
TRUTH = {"orders": 3, "gross_sales": 280, "discounts": 20, "refunds": 60, "revenue": 200}


def text(rows: list[list[str]], header: list[str] = HEADER, separator: str = ",") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows([header, *rows])
    return target.getvalue()


def numbers(content: str, **answers: Any) -> dict[str, Any]:
    with Workspace(":memory:") as shop:
        load = shop.add(content.encode(), name="orders_export_1.csv", answers=answers)
        assert load.format == "shopify_orders"
        return dict(shop.ask(Query(KPIS)).totals)


def filled_in(rows: list[list[str]]) -> list[list[str]]:
    """The same rows with the order written out on each line, as a spreadsheet's fill-down does it."""
    heads = {row[0]: row for row in rows if row[1]}
    return [[cell or head for cell, head in zip(row, heads[row[0]], strict=True)] for row in rows]


def test_the_orders_as_exported() -> None:
    assert numbers(text(ORDERS)) == TRUTH


def test_an_order_that_is_written_out_beside_each_line_is_one_order() -> None:
    assert numbers(text(filled_in(ORDERS))) == TRUTH


def test_an_order_of_one_line_that_stands_twice_counts_once() -> None:
    assert numbers(text([*ORDERS, ORDERS[2]])) == TRUTH


def test_orders_written_out_twice_count_once() -> None:
    assert numbers(text([*filled_in(ORDERS), *filled_in(ORDERS)])) == TRUTH


def test_columns_in_another_order_and_unknown_ones_change_nothing() -> None:
    header = [*reversed(HEADER), "Market", "Additional Fees"]
    assert numbers(text([[*reversed(row), "", ""] for row in ORDERS], header)) == TRUTH


def test_a_file_saved_by_a_polish_spreadsheet_gives_the_same() -> None:
    local = [[cell.replace(AT, "10.06.2025 10:00").replace(".00", ",00") for cell in row] for row in ORDERS]
    assert numbers(text(local, separator=";")) == TRUTH


def test_without_columns_of_lines_the_subtotal_is_what_the_products_cost() -> None:
    kept = HEADER[:9]
    assert numbers(text([row[:9] for row in ORDERS], kept)) == TRUTH
    assert numbers(text([row[:9] for row in ORDERS if row[1]], kept)) == TRUTH


def test_subtotals_in_place_of_lines_are_said(read: Read, table: Table) -> None:
    (part,) = read(text([row[:9] for row in ORDERS], HEADER[:9]))
    assert (part.tables, part.rows.loaded, part.rows.set_aside) == ({"orders": 3}, 3, 1)
    assert table(part, "orders", "items_amount") == [(Decimal(100),), (Decimal(120),), (Decimal(60),)]
    assert any("the subtotals count as sales of products" in str(note) for note in part.notes)


@pytest.mark.parametrize(("method", "status"), [("bogus", "test"), ("Bogus + Gift Card", "test"), ("card", "paid")])
def test_orders_of_the_bogus_gateway_are_tests(read: Read, table: Table, method: str, status: str) -> None:
    (part,) = read(text([[*ORDERS[2][:12], method]]))
    assert table(part, "orders", "status") == [(status,)]
    assert any("bogus gateway" in str(note) for note in part.notes) == (status == "test")


@pytest.mark.parametrize("dimension", ["Month", "Week", "Hour", "Sales channel", "Product title"])
def test_a_sales_report_that_is_not_by_day_counts_nothing_and_says_why(read: Read, dimension: str) -> None:
    value = {"Sales channel": "Online Store", "Product title": "Mug"}.get(dimension, "2025-01-01")
    report = (
        f"{dimension},Orders,Gross sales,Discounts,Returns,Net sales,Taxes,Total sales\n"
        f"{value},10,1000.00,-100.00,-50.00,850.00,90.00,940.00\n"
    )
    (part,) = read(report, "Total sales - 2025-01-01 - 2025-01-31.csv")
    assert (part.format, part.tables, part.questions) == ("shopify_sales_other", {}, ())
    assert (part.rows.set_aside, part.rows.are_conserved) == (1, True)
    assert any("not by day" in str(note) for note in part.notes)


def test_the_sales_report_of_a_german_admin(read: Read, table: Table) -> None:
    report = (
        "Tag,Vertriebskanal,Bestellungen,Bruttoumsatz,Rabatte,Rückgaben,Nettoumsatz,Versandgebühren,Steuern,Gesamtumsatz\n"
        "2025-01-01,Onlineshop,3,300.00,-30.00,-20.00,250.00,15.00,20.00,285.00\n"
    )
    (part,) = read(report, currency="EUR")
    assert (part.format, part.confidence >= 0.9) == ("shopify_sales_report", True)
    columns = "orders, gross_amount, discount_amount, refunded_amount, net_amount, shipping_amount, total_amount"
    assert table(part, "sales_daily", columns) == [(3, 300, 30, 20, 250, 15, 285)]


def test_a_refunded_order_came_back_whole_where_the_amount_was_deleted(tmp_path: Path) -> None:
    head = "Name,Financial Status,Created at,Currency,Subtotal,Shipping,Total,Lineitem quantity,Lineitem name,Lineitem price\n"
    rows = "".join(
        f"#{number},{status},2025-01-01 10:00:00 +0000,GBP,50.00,5.00,55.00,1,Mug,50.00\n"
        for number, status in enumerate(("refunded", "paid", "partially_refunded"))
    )
    file = tmp_path / "orders_export.csv"
    file.write_text(head + rows, "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(file)
        # the products of the first order: a refund never exceeds them
        assert shop.ask(Query(("net_sales", "refunds"))).totals == {"net_sales": 150, "refunds": 50}
