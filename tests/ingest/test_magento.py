"""Magento's orders grid: no currency, ids with leading zeros, `closed` is paid back whole."""

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
HEADER = (
    "ID,Purchase Point,Purchase Date,Bill-to Name,Grand Total (Base),Grand Total (Purchased),Status,Customer Email,"
    "Customer Group,Subtotal,Shipping and Handling,Payment Method,Total Refunded\n"
)
ROWS = """000000101,"Main
Store","Mar 1, 2026, 9:05:00 AM",Anna Nowak,110.0000,110.0000,complete,anna@example.com,General,100.0000,10.0000,checkmo,
000000102,"Main
Store","Mar 2, 2026, 12:30:00 PM",Bob,50.0000,50.0000,closed,bob@example.com,General,45.0000,5.0000,checkmo,50.0000
000000103,Main,"Mar 3, 2026, 12:00:00 AM",Bob,118.0000,236.0000,processing,bob@example.com,B2B,100.0000,0.0000,checkmo,59.0000
000000104,Main,"Mar 4, 2026, 1:00:00 PM",,80.0000,80.0000,pending,,NOT LOGGED IN,90.0000,10.0000,banktransfer,
000000105,Main,"Mar 5, 2026, 1:00:00 PM",,70.0000,70.0000,canceled,,NOT LOGGED IN,70.0000,0.0000,banktransfer,
"""


def test_the_currency_is_asked(read: Read) -> None:
    (part,) = read(HEADER + ROWS)
    assert (part.format, part.confidence >= 0.9) == ("magento_orders", True)
    assert [question.key for question in part.questions] == ["currency"]


def test_amounts_states_and_what_the_total_leaves(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS, currency="EUR")
    columns = "order_id, ordered_at, status, items_amount, discount_amount, tax_amount, total_amount, refunded_amount"
    assert table(part, "orders", columns) == [
        ("000000101", datetime(2026, 3, 1, 9, 5), "paid", 100, None, None, 110, None),
        ("000000102", datetime(2026, 3, 2, 12, 30), "refunded", 45, None, None, 50, 50),
        # 118 - 100 is tax; 59 of the customer's 236 is a quarter, as 29.50 of 118
        ("000000103", datetime(2026, 3, 3), "partially_refunded", 100, None, 18, 118, Decimal("29.5")),
        # 80 - 90 - 10: a discount of 20
        ("000000104", datetime(2026, 3, 4, 13), "awaiting_payment", 90, 20, None, 80, None),
        ("000000105", datetime(2026, 3, 5, 13), "cancelled", 70, None, None, 70, None),
    ]
    assert table(part, "customers", "segment") == [("General",), ("B2B",)]
    assert part.rows.are_conserved


def test_refunds_never_exceed_the_products(tmp_path: Path) -> None:
    file = tmp_path / "export_orders.csv"
    file.write_text(HEADER + ROWS, "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(file, answers={"currency": "EUR"})
        totals = shop.ask(Query(("gross_sales", "discounts", "refunds", "revenue", "orders"))).totals
        # the refund of 50 holds 5 of delivery
        assert totals == pytest.approx(
            {"gross_sales": 335, "discounts": 20, "refunds": 45 + 29.5, "revenue": 335 - 20 - 74.5, "orders": 4}
        )


def test_an_unknown_status_is_said(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS.replace("complete", "packed"), currency="EUR")
    assert table(part, "orders", "status")[0] == ("unknown",)
    assert any("“packed”" in str(note) for note in part.notes)


def test_rows_that_cannot_be_read_are_refused_and_name_nobody(read: Read, con: Any) -> None:
    text = HEADER + ROWS.replace('"Mar 1, 2026, 9:05:00 AM"', "soon").replace(
        "50.0000,50.0000,closed", "Bob,50.0000,closed"
    )
    (part,) = read(text, currency="EUR")
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (5, 3, 2)
    assert [row.row_no for row in part.refused] == [2, 4]
    assert not any(name in kept_words(con, part) for name in ("anna", "nowak", "bob"))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Zakończone", "paid"),
        ("W trakcie realizacji", "paid"),
        ("Oczekujące", "awaiting_payment"),
        ("Anulowane", "cancelled"),
        ("Zamknięte", "refunded"),
        ("Podejrzenie oszustwa", "failed"),
        ("Abgeschlossen", "paid"),
        ("Storniert", "cancelled"),
        ("Geschlossen", "refunded"),
        ("Annulée", "cancelled"),
        ("suspected_fraud", "failed"),
        ("Czeka na Olę", "unknown"),
    ],
)
def test_states_in_the_admins_language(read: Read, table: Table, written: str, status: str) -> None:
    (part,) = read(HEADER + ROWS.splitlines()[-1].replace("canceled", written) + "\n", currency="EUR")
    assert table(part, "orders", "status") == [(status,)]
    assert any("not known" in str(note) for note in part.notes) == (status == "unknown")


def test_a_time_may_have_a_no_break_space_before_am(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS.replace(" AM", "\u202fAM").replace(" PM", "\u202fPM"), currency="EUR")
    assert (part.rows.refused, part.tables["orders"]) == (0, 5)
    assert table(part, "orders", "ordered_at")[0] == (datetime(2026, 3, 1, 9, 5),)


def test_the_grids_own_columns_of_tax_and_discount_tell_them_apart(read: Read, table: Table) -> None:
    """100 + 5 + 18.50 - 20 = 103.50; with one of the two columns the other follows. Within the price: 123 + 5 - 20 = 108."""
    row = "000000201,Main,2026-03-01 10:00:00,A,{total},{total},complete,,General,{items},5.0000,card,"
    added = row.format(total="103.5000", items="100.0000")
    for header, cells in (
        (",Tax,Discount", ",18.5000,-20.0000"),
        (",Tax", ",18.5000"),
        (",Discount Amount", ",20.0000"),
    ):
        (part,) = read(f"{HEADER.strip()}{header},Currency\n{added}{cells},EUR\n")
        found = table(part, "orders", "items_amount, discount_amount, tax_amount, tax_included, currency")
        assert found == [(100, 20, Decimal("18.5"), False, "EUR")]
    within = row.format(total="108.0000", items="123.0000")
    (part,) = read(f"{HEADER.strip()},Tax Amount,Discount Amount,Currency\n{within},19.2600,20.0000,EUR\n")
    assert table(part, "orders", "discount_amount, tax_amount, tax_included") == [(20, Decimal("19.26"), True)]


def test_ids_whose_zeros_a_spreadsheet_lost_are_the_same_orders() -> None:
    resaved = HEADER + ROWS.replace("\n0000001", "\n1").removeprefix("000000")
    with Workspace(":memory:") as shop:
        for text in (HEADER + ROWS, resaved):
            shop.add(text.encode(), name="export_orders.csv", answers={"currency": "EUR"})
        assert shop.ask(Query(("orders",))).totals == {"orders": 4}
