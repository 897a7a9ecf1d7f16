"""Orders of any shop: what was paid back, and whether the tax is within the prices, where the file says it by amounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]
HEADER = "Numer zamówienia;Data zamówienia;Status;Kwota zamówienia;Waluta\n"


def said(part: Part) -> str:
    return " ".join(map(str, part.notes))


def test_a_refunded_order_without_an_amount_is_paid_back_whole() -> None:
    orders = HEADER + "1;2026-05-01;Zrealizowane;100,00;PLN\n2;2026-05-02;Zwrócone;200,00;PLN\n"
    with Workspace(":memory:") as shop:
        load = shop.add(orders.encode(), name="z.csv")
        totals = shop.ask(Query(("net_sales", "refunds", "revenue"))).totals
        # 100 + 200 were sold and 200 paid back
        assert totals == {"net_sales": 300, "refunds": 200, "revenue": 100}
        assert any("marked as refunded without an amount" in str(note) for note in load.notes)


def test_an_amount_that_was_refunded_is_taken_as_written(read: Read, table: Table) -> None:
    header = HEADER.replace("Waluta", "Zwrócono;Waluta")
    (part,) = read(header + "1;2026-05-02;Zwrócone;200,00;150,00;PLN\n2;2026-05-02;Zwrócone;-20,00;;PLN\n")
    assert table(part, "orders", "refunded_amount") == [(150,), (None,)]


def test_a_refund_of_a_part_without_an_amount_is_said(read: Read, table: Table) -> None:
    (part,) = read(HEADER + "1;2026-05-02;Częściowo zwrócone;200,00;PLN\n")
    assert table(part, "orders", "status, refunded_amount") == [("partially_refunded", None)]
    assert "A part was refunded and its amount is unknown" in said(part)


def test_a_total_alone_holds_the_delivery_and_says_so(read: Read) -> None:
    assert "sales include the delivery" in said(read(HEADER + "1;2026-05-02;Zrealizowane;200,00;PLN\n")[0])
    header = HEADER.replace("Waluta", "Koszt dostawy;Waluta")
    assert "sales include" not in said(read(header + "1;2026-05-02;Zrealizowane;200,00;12,00;PLN\n")[0])


@pytest.mark.parametrize(
    ("amounts", "included"),
    [
        ("100,00;0,00;10,00;25,30;135,30", False),  # 100 + 10 + 25.30
        ("123,00;0,00;10,00;25,30;133,00", True),  # 123 + 10
        ("123,00;23,00;0,00;18,70;100,00", True),  # 123 - 23
        ("100,00;0,00;0,00;0,00;100,00", None),
        ("100,00;0,00;0,00;23,00;150,00", None),
    ],
)
def test_each_order_tells_whether_its_tax_is_within(
    read: Read, table: Table, amounts: str, included: bool | None
) -> None:
    header = (
        "Numer zamówienia;Data zamówienia;Wartość produktów;Rabat;Koszt dostawy;Kwota VAT;Kwota zamówienia;Waluta\n"
    )
    (part,) = read(header + f"1;2026-05-01;{amounts};PLN\n")
    assert table(part, "orders", "tax_included") == [(included,)]


def test_sales_without_tax_of_orders_that_write_it_in_both_ways() -> None:
    orders = (
        "Numer zamówienia;Data zamówienia;Wartość produktów;Koszt dostawy;Kwota VAT;Kwota zamówienia;Waluta\n"
        "1;2026-05-01;100,00;0,00;23,00;123,00;PLN\n2;2026-05-02;123,00;0,00;23,00;123,00;PLN\n"
    )
    with Workspace(":memory:") as shop:
        shop.add(orders.encode(), name="z.csv")
        shop.settings["tax_basis"] = "net"
        # 100 with its 23 on top, and 123 that hold 23
        assert shop.ask(Query(("revenue",))).totals == {"revenue": 200}
