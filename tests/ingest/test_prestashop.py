"""PrestaShop: one row an order with nothing but its total, English or Polish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
EN = "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date\n"
PL = "ID;Referencja;Nowy klient;Dostawa;Klient;Razem;Płatność;Status;Data\n"
ORDER = "7;ABCDEF;1;Poland;A. Nowak;€1,049.76;PayPal;Shipped;2026-03-02 21:40:02\n"
POLISH = "8;GHIJKL;0;Polska;B. Kowal;1 450,00 zł;Przelew;{status};2026-03-03 08:00:00\n"


def test_an_order_is_its_total(read: Read, table: Table) -> None:
    (part,) = read(EN + ORDER)
    assert (part.format, part.confidence >= 0.9, part.currencies) == ("prestashop_orders", True, ("EUR",))
    columns = "order_id, ordered_at, status, total_amount, items_amount, is_new_declared, country, payment_method, customer_key"
    assert table(part, "orders", columns.replace("items_amount, ", "").replace(", customer_key", "")) == [
        ("7", datetime(2026, 3, 2, 21, 40, 2), "paid", Decimal("1049.76"), True, "PL", "PayPal")
    ]
    assert any("include delivery and VAT" in str(note) for note in part.notes)


def test_polish_labels_and_amounts(read: Read, table: Table) -> None:
    (part,) = read(PL + POLISH.format(status="Płatność przyjęta"))
    assert (part.confidence >= 0.9, part.currencies) == (True, ("PLN",))
    assert table(part, "orders", "total_amount, is_new_declared, country, status") == [(1450, False, "PL", "paid")]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Płatność zaakceptowana", "paid"),
        ("Przygotowanie w toku", "paid"),
        ("Wysłane", "paid"),
        ("Dostarczone", "paid"),
        ("Anulowane", "cancelled"),
        ("Zwrot pieniędzy", "refunded"),
        ("Błąd płatności", "failed"),
        ("Oczekiwanie na płatność przelewem", "awaiting_payment"),
        ("Oczekiwanie na płatność czekiem", "awaiting_payment"),
        ("Oczekiwanie na płatność przy odbiorze", "awaiting_payment"),
        ("Zamówienie oczekujące (opłacone)", "paid"),
        ("Zamówienie oczekujące (nieopłacone)", "awaiting_payment"),
        ("Payment accepted", "paid"),
        ("Payment error", "failed"),
        ("Awaiting bank wire payment", "awaiting_payment"),
        ("Canceled", "cancelled"),
        ("Refunded", "refunded"),
        ("Zamówienie anulowane", "cancelled"),
        ("Anulowane przez klienta", "cancelled"),
        ("Zwrot częściowy", "partially_refunded"),
        ("Zrealizowane", "paid"),
        ("Czeka na Olę", "unknown"),
    ],
)
def test_statuses(read: Read, table: Table, written: str, status: str) -> None:
    (part,) = read(PL + POLISH.format(status=written))
    assert table(part, "orders", "status, refunded_amount") == [(status, 1450 if status == "refunded" else None)]
    said = " ".join(map(str, part.notes))
    assert ("not known; their orders count: “Czeka na Olę”" in said) == (status == "unknown")
    assert ("its amount is unknown" in said) == (status == "partially_refunded")


def test_a_refunded_order_below_zero_lowers_sales_once(read: Read, table: Table) -> None:
    (part,) = read(EN + ORDER.replace("€1,049.76", "-€20.00").replace("Shipped", "Refunded"))
    assert table(part, "orders", "total_amount, status, refunded_amount") == [(-20, "refunded", None)]


def test_two_currencies_in_one_file_stay_apart(read: Read, table: Table) -> None:
    (part,) = read(EN + ORDER + ORDER.replace("€1,049.76", "£5.00").replace("7;", "8;", 1))
    assert table(part, "orders", "total_amount, currency") == [(Decimal("1049.76"), "EUR"), (5, "GBP")]
    assert part.currencies == ("EUR", "GBP")


def test_a_dollar_beside_another_currency_is_not_loaded(read: Read) -> None:
    with pytest.raises(KpiError):
        read(EN + ORDER + ORDER.replace("€1,049.76", "$5.00").replace("7;", "8;", 1))


def test_a_dollar_is_asked(read: Read) -> None:
    (part,) = read(EN + ORDER.replace("€", "$"))
    assert [question.key for question in part.questions] == ["currency"]


def test_a_key_counts_once_and_bad_rows_name_nobody(read: Read, con: Any) -> None:
    slipped = "9;XYZ;maybe;Poland;A. Nowak;A. Nowak;PayPal;Shipped;2026-03-02\n"
    without = "10;XYZ;1;Poland;A. Nowak;;PayPal;Shipped;2026-03-02\n"
    (part,) = read(EN + ORDER + ORDER + slipped + without + "11;A. Nowak\n")
    assert (part.rows.read, part.rows.refused, part.tables) == (5, 3, {"orders": 1})
    assert part.rows.are_conserved
    assert not any(name in kept_words(con, part) for name in ("nowak", "abcdef"))


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (
            "ID;Référence;Nouveau client;Livraison;Client;Total;Paiement;État;Date",
            ["Oui;{};Paiement accepté", "Non;{};Remboursé", "Non;{};En attente du paiement par PayPal"],
        ),
        (
            "ID;Referencia;Nuevo cliente;Entrega;Cliente;Total;Pago;Estado;Fecha",
            ["Sí;{};Pago aceptado", "No;{};Reembolsado", "No;{};En espera de pago por PayPal"],
        ),
    ],
    ids=["fr", "es"],
)
def test_french_and_spanish_lists_are_the_same_export(read: Read, table: Table, header: str, rows: list[str]) -> None:
    cells = (row.split(";") for row in rows)
    lines = [
        f"{n};AB{n};{new};France;A. B;1 450,00 €;Virement;{state};2026-03-0{n} 10:00:00"
        for n, (new, _, state) in enumerate(cells, 1)
    ]
    (part,) = read("\n".join([header, *lines]))
    assert (part.format, part.questions, part.currencies) == ("prestashop_orders", (), ("EUR",))
    assert table(part, "orders", "total_amount, is_new_declared, status, refunded_amount") == [
        (1450, True, "paid", None),
        (1450, False, "refunded", 1450),
        (1450, False, "awaiting_payment", None),
    ]


def test_the_mark_that_a_spreadsheet_puts_before_a_number_is_no_part_of_it(read: Read, table: Table) -> None:
    (part,) = read(EN + ORDER.replace("7;ABCDEF", "'0007;ABCDEF") + ORDER.replace("7;ABCDEF", "'8a;ABCDEG"))
    assert table(part, "orders", "order_id") == [("0007",), ("'8a",)]
