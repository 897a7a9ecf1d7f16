"""Lists of orders of Polish shops and marketplaces that have no format of their own: what was sold, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpi import Load, Query, Workspace


def sold(text: str, *names: str) -> tuple[Load, dict[str, Decimal | float | int | None]]:
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="eksport.csv")
        return load, dict(shop.ask(Query(names)).totals)


@pytest.mark.parametrize("label", ["Do zapłaty", "Kwota do zapłaty", "Pozostało do zapłaty"])
def test_what_is_left_to_pay_is_not_what_was_ordered(label: str) -> None:
    rows = "1;2026-03-12;Wysłane;100,00;0,00;PLN\n2;2026-03-13;Nowe;200,00;200,00;PLN\n"
    load, totals = sold(f"Nr zamówienia;Data zamówienia;Status;Wartość zamówienia;{label};Waluta\n{rows}", "net_sales")
    assert load.questions == ()
    assert totals == {"net_sales": 300}


def test_what_is_left_to_pay_tells_that_the_sum_is_before_the_discount() -> None:
    """100 - 10 was paid, 200 - 20 is to pay."""
    rows = "1;2026-03-12;Wysłane;100,00;10,00;0,00;PLN\n2;2026-03-13;Nowe;200,00;20,00;180,00;PLN\n"
    _, totals = sold(
        f"Nr zamówienia;Data zamówienia;Status;Razem;Rabat;Do zapłaty;Waluta\n{rows}",
        "gross_sales",
        "discounts",
        "net_sales",
    )
    assert totals == {"gross_sales": 300, "discounts": 30, "net_sales": 270}


def test_what_is_left_to_pay_tells_that_the_sum_is_after_the_discount() -> None:
    """100 was paid, 200 is to pay; they were 110 and 220 before."""
    rows = "1;2026-03-12;Wysłane;100,00;10,00;0,00;PLN\n2;2026-03-13;Nowe;200,00;20,00;200,00;PLN\n"
    _, totals = sold(f"Nr zamówienia;Data zamówienia;Status;Razem;Rabat;Do zapłaty;Waluta\n{rows}", "net_sales")
    assert totals == {"net_sales": 300}


def test_what_is_to_pay_is_the_total_where_the_sum_is_before_the_discount() -> None:
    """The second order was paid with a voucher, whole: nothing was left to pay, and nothing was sold."""
    rows = "1;2026-03-12;Wysłane;100,00;20,00;10,00;90,00;PLN\n2;2026-03-13;Nowe;50,00;50,00;0,00;0,00;PLN\n"
    _, totals = sold(
        f"Nr zamówienia;Data zamówienia;Status;Razem;Rabat;Dostawa;Do zapłaty;Waluta\n{rows}",
        "gross_sales",
        "discounts",
        "net_sales",
    )
    assert totals == {"gross_sales": 150, "discounts": 70, "net_sales": 80}


def test_the_delivery_without_vat_is_taken_off_a_total_without_vat() -> None:
    head = "Nr zamówienia;Data zamówienia;Status;Wartość zamówienia netto;Koszt wysyłki netto;Waluta\n"
    load, totals = sold(
        f"{head}1;2026-03-12;Opłacone;110,00;10,00;PLN\n2;2026-03-13;Opłacone;200,00;0,00;PLN\n", "net_sales"
    )
    assert totals == {"net_sales": 300}
    assert any("without VAT" in str(note) for note in load.notes)


def test_the_delivery_without_vat_is_not_taken_off_a_total_with_vat() -> None:
    head = "Nr zamówienia;Data zamówienia;Status;Wartość brutto;Koszt wysyłki netto;Koszt wysyłki brutto;Waluta\n"
    _, totals = sold(f"{head}1;2026-03-12;Opłacone;135,30;10,00;12,30;PLN\n", "net_sales")
    assert totals == {"net_sales": 123}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Zwrócone", {"orders": 2, "net_sales": 210, "revenue": 80}),
        ("Anulowane", {"orders": 1, "net_sales": 80, "revenue": 80}),
    ],
)
def test_what_stands_beside_the_first_line_of_an_order_is_so_for_all_of_it(word: str, expected: dict[str, int]) -> None:
    head = "Numer zamówienia;Data zamówienia;Status;E-mail;Nazwa produktu;SKU;Ilość;Cena brutto;Waluta\n"
    rows = (
        "5001;12.03.2026 10:15;Wysłane;a@example.com;Kubek;K1;2;40,00;PLN\n"
        f"5002;13.03.2026 10:15;{word};b@example.com;Talerz;T1;3;30,00;PLN\n5002;;;;Kubek;K1;1;40,00;PLN\n"
    )
    _, totals = sold(head + rows, *expected)
    assert totals == expected


@pytest.mark.parametrize(
    "head",
    [
        "Numer faktury;Data wystawienia;Kontrahent;Netto;VAT;Brutto;Waluta",
        "Numer;Data wystawienia;Nabywca;Wartość netto;VAT;Wartość brutto;Waluta",
        "Numer dokumentu;Data wystawienia;Termin płatności;Netto;VAT;Brutto;Waluta",
        "Numer dokumentu;Data wystawienia;Rodzaj dokumentu;Netto;VAT;Brutto;Waluta",
    ],
)
def test_a_list_of_invoices_is_asked_about(head: str) -> None:
    """It holds proformas and corrections, and an order may have several."""
    load, _ = sold(
        f"{head}\nFV 1/2026;12.03.2026;Sklep A;100,00;23,00;123,00;PLN\n"
        "KOR 1/2026;14.03.2026;Sklep A;-100,00;-23,00;-123,00;PLN\n",
        "orders",
    )
    assert [question.key for question in load.questions] == ["table", "columns"]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            "orders",
            "ID;Data dodania;Status;Klient;E-mail;Suma brutto;Suma netto;Wysyłka;Waluta\n"
            "11;2026-03-12;Wysłane;Anna Kowalska;a@example.com;123,00;100,00;12,30;PLN\n",
        ),
        (
            "order_lines",
            "Nr zam.;Data zam.;Towar;Ilość szt.;Cena szt.;Suma\n1;12.03.2026;Kubek;2;50,00 zł;100,00 zł\n"
            "1;12.03.2026;Talerz;1;10,00 zł;10,00 zł\n",
        ),
        (
            "order_lines",
            "Data utworzenia;Numer zamówienia;Ilość;Szczegóły;Status;Kwota;Waluta;SKU oferty;Cena jednostkowa;Prowizja\n"
            "12.03.2026 10:15;EM-1;2;Kubek;Odebrane;80,00;PLN;K1;40,00;12,00\n",
        ),
    ],
)
def test_what_explains_far_more_columns_is_suggested(table: str, text: str) -> None:
    """Orders under a bare ID are no customers, their lines neither orders nor a provider's payments."""
    load, _ = sold(text, "orders")
    assert [(question.key, question.suggested) for question in load.questions][:1] == [("table", table)]


def test_states_of_orders_that_came_to_nothing() -> None:
    words = ("Niezrealizowane", "Nie zrealizowano", "Nieopłacone - anulowane automatycznie", "Zduplikowane", "Wysłane")
    rows = "".join(f"{number};2026-03-01;10,00;{word};PLN\n" for number, word in enumerate(words))
    _, totals = sold(f"Numer zamówienia;Data zamówienia;Suma;Status;Waluta\n{rows}", "orders")
    assert totals == {"orders": 1}


def test_the_cost_of_the_parcel_is_the_delivery() -> None:
    head = "Nr zamówienia;Data;Status;Kwota;Koszt przesyłki;Waluta\n"
    _, totals = sold(
        f"{head}1;2026-03-12;Wysłane;138,00;15,00;PLN\n2;2026-03-13;Wysłane;246,00;0,00;PLN\n", "net_sales"
    )
    assert totals == {"net_sales": 369}


def test_sales_with_vat_go_before_sales_without() -> None:
    head = "Nr zamówienia;Data;Status;Sprzedaż netto;Sprzedaż brutto;Waluta\n"
    _, totals = sold(f"{head}1;2026-03-12;Wysłane;100,00;123,00;PLN\n", "net_sales")
    assert totals == {"net_sales": 123}


def test_lines_with_no_other_price_than_one_without_vat_are_sold_for_that() -> None:
    head = "Nr zamówienia;Data;Nazwa produktu;Ilość;Cena netto;Stawka VAT;Waluta\n"
    load, totals = sold(f"{head}1;12.03.2026;Kubek;2;50,00;23%;PLN\n", "net_sales", "units")
    assert totals == {"net_sales": 100, "units": 2}
    assert any("without VAT" in str(note) for note in load.notes)


@pytest.mark.parametrize("words", ["Status realizacji;Status płatności", "Status zamówienia;Payment status"])
def test_what_was_paid_back_is_told_by_the_status_of_the_payment(words: str) -> None:
    """Cancelled is what became of the order, whatever was paid; the money of the fourth went back."""
    states = ("Wysłane;Opłacone", "Anulowane;Opłacone", "Nowe;Nieopłacone", "Wysłane;Zwrócono")
    rows = "".join(f"{number};2026-03-12;{state};{number}0,00;PLN\n" for number, state in enumerate(states, 1))
    _, totals = sold(f"Numer zamówienia;Data;{words};Wartość;Waluta\n{rows}", "orders", "net_sales", "revenue")
    assert totals == {"orders": 3, "net_sales": 80, "revenue": 40}


@pytest.mark.parametrize("line", ["Rabat;1;-10,00", "Kupon LATO;-1;10,00"])
def test_a_line_that_only_lowers_its_order_is_its_discount(line: str) -> None:
    head = "Numer zamówienia;Data zamówienia;Nazwa produktu;Ilość;Cena;Waluta\n"
    rows = f"1;12.03.2026;Kubek;2;40,00;PLN\n1;12.03.2026;{line};PLN\n2;12.03.2026;Talerz;1;30,00;PLN\n"
    _, totals = sold(head + rows, "orders", "gross_sales", "discounts", "net_sales", "revenue", "units")
    assert totals == {"orders": 2, "gross_sales": 110, "discounts": 10, "net_sales": 100, "revenue": 100, "units": 3}


@pytest.mark.parametrize("label", ["Wpłacono", "Zapłacono", "Kwota zapłacona"])
def test_what_is_left_to_pay_after_a_part_was_paid_is_no_total(label: str) -> None:
    head = f"Nr zamówienia;Data zamówienia;Status;Wartość zamówienia;{label};Do zapłaty;Waluta\n"
    _, totals = sold(
        f"{head}1;2026-03-12;Nowe;110,00;10,00;100,00;PLN\n2;2026-03-12;Nowe;200,00;50,00;150,00;PLN\n", "net_sales"
    )
    assert totals == {"net_sales": 310}


@pytest.mark.parametrize("name", ["Dostawa InPost", "Wysyłka: DPD", "Odbiór osobisty w sklepie", "Orlen Paczka"])
def test_a_delivery_by_a_couriers_name_is_no_product(name: str) -> None:
    head = "Nr zamówienia;Data;Produkt;Ilość;Cena brutto;Waluta\n"
    rows = f"1;12.03.2026;Kubek;2;40,00;PLN\n1;12.03.2026;{name};1;15,00;PLN\n"
    _, totals = sold(head + rows, "net_sales", "units")
    assert totals == {"net_sales": 80, "units": 2}


def test_products_after_the_discount_are_told_by_the_orders_total() -> None:
    head = "Nr zamówienia;Data zamówienia;Status;Wartość produktów;Rabat;Koszt wysyłki;Suma zamówienia;Waluta\n"
    _, totals = sold(f"{head}1;2026-03-12;Wysłane;90,00;10,00;15,00;105,00;PLN\n", "gross_sales", "net_sales")
    assert totals == {"gross_sales": 100, "net_sales": 90}


def test_the_orders_own_amounts_and_statuses_beside_its_lines_are_no_reason_to_ask() -> None:
    head = "Numer zamówienia;Data zamówienia;Status zamówienia;Status płatności;"
    head += "Nazwa produktu;SKU;Ilość;Cena brutto;Koszt wysyłki;Wartość zamówienia;Zapłacono;Waluta\n"
    rows = "1;12.03.2026;Wysłane;Opłacone;Kubek;K1;2;40,00;15,00;115,00;115,00;PLN\n"
    rows += "1;12.03.2026;Wysłane;Opłacone;Talerz;T1;1;20,00;15,00;115,00;115,00;PLN\n"
    rows += "2;13.03.2026;Wysłane;Zwrócono;Talerz;T1;3;20,00;0,00;60,00;60,00;PLN\n"
    load, totals = sold(head + rows, "orders", "net_sales", "revenue")
    assert load.questions == ()
    assert totals == {"orders": 2, "net_sales": 160, "revenue": 100}
