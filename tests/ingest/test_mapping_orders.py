"""Orders of any shop: what was paid back, and whether the tax is within the prices, where the file says it by amounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]
HEADER = "Numer zamówienia;Data zamówienia;Status;Kwota zamówienia;Waluta\n"


def said(part: Part) -> str:
    return " ".join(map(str, part.notes))


@pytest.mark.parametrize(("bad", "is_asked"), [(1, False), (3, True)])
def test_a_column_of_amounts_that_mostly_is_none_is_asked_for(read: Read, bad: int, is_asked: bool) -> None:
    """Of ten amounts one is damaged: its row is refused. With three the column would be left out, and all be worth nothing."""
    rows = [f"{n};2026-05-01;Zrealizowane;{'dziesięć' if n <= bad else '10,00'};PLN\n" for n in range(1, 11)]
    (part,) = read(HEADER + "".join(rows))
    assert [question.key for question in part.questions] == (["table", "columns"] if is_asked else [])
    assert part.rows.refused == (0 if is_asked else 1)


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
    assert "Refunds have no date of their own in this file and count on the day of the order (1 row)" in said(part)


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


def test_a_negative_row_of_an_order_is_its_refund_wherever_it_stands() -> None:
    # newest first, as shops write it: the refund stands above its order; the last row has no order in the file
    orders = (
        "Nr zamówienia;Data;Status;Sprzedaż netto;Waluta\n"
        "104;2025-03-04 12:00:00;Zrealizowane;-25,00;PLN\n104;2025-03-03 10:00:00;Zrealizowane;50,00;PLN\n"
        "103;2025-03-02 10:00:00;Anulowane;40,00;PLN\n102;2025-03-01 10:00:00;Zrealizowane;-5,00;PLN\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(orders.encode(), name="z.csv")
        assert (load.tables, load.rows.are_conserved) == ({"orders": 3, "refunds": 1}, True)
        totals = shop.ask(Query(("net_sales", "refunds", "revenue", "orders"))).totals
        # 50 and the -5 of an order that is not here; 25 came back on the fourth
        assert totals == {"net_sales": 45, "refunds": 25, "revenue": 20, "orders": 2}
        assert shop.ask(Query(("refunds",), start=date(2025, 3, 4), end=date(2025, 3, 4))).totals == {"refunds": 25}


def test_sales_after_discounts_get_the_discount_back(read: Read, table: Table) -> None:
    header = "Order number,Order date,Net sales,Discount,Currency\n"
    (part,) = read(header + "1,2026-05-01,80.00,20.00,EUR\n")
    assert table(part, "orders", "items_amount, discount_amount") == [(100, 20)]


@pytest.mark.parametrize(
    "header",
    [
        "Nr zam.;Data zam.;Stan;Kwota brutto",
        "Numer zamówienia;Data dodania;Status zamówienia;Wartość zamówienia brutto",
        "Nr zamówienia;Data złożenia zamówienia;Status realizacji;Kwota",
        "Bestellnummer;Bestelldatum;Bestellstatus;Gesamtbetrag",
        "Numéro de commande;Date de commande;Statut;Montant total TTC",
        "Número de pedido;Fecha de pedido;Estado del pedido;Importe total",
    ],
)
def test_orders_in_other_words_and_languages(read: Read, table: Table, header: str) -> None:
    (part,) = read(f"{header}\nA1;2026-05-13;Storniert;1 050,50 €\nA2;2026-05-14;Zrealizowane;20,00 €\n")
    assert (part.format, part.questions, part.currencies) == ("orders", (), ("EUR",))
    assert table(part, "orders", "order_id, status, total_amount") == [
        ("A1", "cancelled", Decimal("1050.5")),
        ("A2", "paid", 20),
    ]


def test_an_amount_without_tax_is_never_taken_for_the_total(read: Read) -> None:
    (part,) = read("Nr zamówienia;Data;Kwota netto;Kwota brutto\n1;2026-05-13;100,00;123,00\n", currency="PLN")
    assert part.mapping is not None
    assert part.mapping.chosen["total_amount"] == "Kwota brutto"
    assert part.mapping.chosen["net_total"] == "Kwota netto"


def test_a_number_of_orders_is_no_order_number(read: Read) -> None:
    (part,) = read("Dzień;Zamówienia;Sprzedaż netto;Rabaty\n2026-05-13;12;100,00;5,00\n", currency="PLN")
    assert part.mapping is not None
    assert part.questions
    assert "Zamówienia" not in part.mapping.chosen.values()


def test_ids_that_a_spreadsheet_shortened_are_refused_and_never_taken_for_one_order(read: Read) -> None:
    """1,00E+12 stood for three numbers; the rows that kept theirs count."""
    rows = [f"1,00E+12;2026-05-0{day};Zrealizowane;{day}00,00;PLN\n" for day in (1, 2, 3)]
    (part,) = read(
        HEADER + "".join(rows) + "17;2026-05-04;Zrealizowane;40,00;PLN\n1E-12;2026-05-04;Zrealizowane;5,00;PLN\n"
    )
    assert (part.rows.loaded, part.rows.refused) == (2, 3)
    assert str(part.refused[0].reason) == (
        "Column “Numer zamówienia” holds “1,00E+12”, a number that a spreadsheet shortened; add the file as it was exported."
    )


@pytest.mark.parametrize("label", ["Brutto", "Gesamt", "Suma brutto"])
def test_a_total_under_a_short_name_counts(read: Read, table: Table, label: str) -> None:
    (part,) = read(HEADER.replace("Kwota zamówienia", label) + "1;2026-05-02;Zrealizowane;200,00;PLN\n")
    assert table(part, "orders", "total_amount") == [(200,)]


def test_what_is_to_pay_is_the_total_beside_a_plain_sum() -> None:
    """Products for 100 less 10 % and a delivery of 15: 105 to pay, 90 of sales; the delivery that was taken out is said."""
    text = "Nr zamówienia;Data zamówienia;Suma;Rabat %;Wysyłka;Do zapłaty;Waluta\n1;2026-05-02;100,00;10;15,00;105,00;PLN\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="z.csv")
        assert shop.ask(Query(("net_sales",))).totals == {"net_sales": 90}
        assert any("delivery was taken out" in str(note) for note in load.notes)


def test_a_total_without_vat_counts_where_there_is_no_other(read: Read, table: Table) -> None:
    """100 less a delivery of 10; beside a total with VAT it says nothing."""
    header = HEADER.replace("Kwota zamówienia", "Wartość netto;Koszt dostawy")
    (part,) = read(header + "1;2026-05-02;Zrealizowane;100,00;10,00;PLN\n")
    assert table(part, "orders", "items_amount, total_amount, tax_included") == [(90, None, False)]
    assert "without VAT is known" in said(part)
    (part,) = read(HEADER.replace("Waluta", "Wartość netto;Waluta") + "1;2026-05-02;Zrealizowane;123,00;100,00;PLN\n")
    assert table(part, "orders", "items_amount, total_amount, tax_included") == [(None, 123, None)]
