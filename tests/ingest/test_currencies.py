"""Which currency an amount is in: the header's, the sign's in the row's cells, the column's, else it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]


def orders(*rows: tuple[str, str], label: str = "Kwota zamówienia") -> str:
    lines = "".join(f"{n};2026-05-01;Zrealizowane;{total};{code}\n" for n, (total, code) in enumerate(rows, 1))
    return f"Numer zamówienia;Data zamówienia;Status;{label};Waluta\n{lines}"


def test_the_header_is_before_the_column(read: Read, table: Table) -> None:
    (part,) = read(orders(("430,00", "EUR"), ("100,00", "PLN"), label="Kwota zamówienia (PLN)"))
    assert table(part, "orders", "total_amount, currency") == [(430, "PLN"), (100, "PLN")]


def test_the_sign_in_a_cell_is_before_the_column(read: Read, table: Table) -> None:
    (part,) = read(orders(("430,00 zł", "EUR"), ("100,00", "EUR"), ("7,00 €", "EUR")))
    assert table(part, "orders", "total_amount, currency") == [(430, "PLN"), (100, "EUR"), (7, "EUR")]


def test_a_header_that_the_cells_contradict_is_refused(read: Read) -> None:
    with pytest.raises(KpiError, match="header"):
        read(orders(("430,00 €", "EUR"), label="Kwota zamówienia (PLN)"))
    (part,) = read(orders(("430,00 zł", ""), label="Kwota zamówienia (PLN)"))
    assert part.currencies == ("PLN",)


def test_a_column_of_signs_is_read(read: Read, table: Table) -> None:
    (part,) = read(orders(*[("10,00", sign) for sign in ("zł", "ZŁ", "€", "Kč", "eur", "Ft", "-")]), currency="PLN")
    codes = [code for (code,) in table(part, "orders", "currency")]
    assert codes == ["PLN", "PLN", "EUR", "CZK", "EUR", "HUF", "PLN"]


def test_a_currency_that_nobody_knows_is_a_fault_of_the_row(read: Read, table: Table) -> None:
    (part,) = read(orders(*[("10,00", code) for code in ("PLN", "PLN", "PLN", "PLN", "złotówki?")]))
    assert (part.rows.loaded, part.rows.refused) == (4, 1)
    assert "Waluta" in str(part.refused[0].reason)


def test_a_column_of_dollar_signs_is_asked(read: Read) -> None:
    (part,) = read(orders(("10,00", "$"), ("10,00", "$")))
    assert [question.key for question in part.questions] == ["currency"]


def test_a_row_whose_amounts_are_in_two_currencies_is_refused(read: Read, table: Table) -> None:
    header = "Numer zamówienia;Data zamówienia;Kwota zamówienia;Koszt dostawy\n"
    (part,) = read(header + "1;2026-05-01;10,00 zł;2,00 zł\n2;2026-05-01;10,00 zł;2,00 €\n3;2026-05-01;8,00 €;0\n")
    assert table(part, "orders", "order_id, currency") == [("1", "PLN"), ("3", "EUR")]
    assert "several currencies" in str(part.refused[0].reason)
