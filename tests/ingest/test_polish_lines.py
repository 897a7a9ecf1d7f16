"""Lines of orders with two prices, discounts, values of whole orders and corrections: what was sold, worked out by hand.

Each list of `DISCOUNTED` is the same sale: of order 1 two mugs for 50 less 10 in all and a plate for 30, of order 2 a
mug for 50 less 5. That is 180 before the discounts, 15 of discounts, and 165 paid.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpi import Load, Query, Workspace

ORDERS = ("1;2026-03-12;Kubek;2", "1;2026-03-12;Talerz;1", "2;2026-03-13;Kubek;1")
Totals = dict[str, Decimal | float | int | None]


def sold(columns: str, rows: list[str], *names: str) -> tuple[Load, Totals]:
    head = f"Numer zamówienia;Data zamówienia;Nazwa produktu;Ilość;{columns};Waluta\n"
    with Workspace(":memory:") as shop:
        load = shop.add((head + "".join(f"{row};PLN\n" for row in rows)).encode(), name="pozycje.csv")
        return load, dict(shop.ask(Query(names)).totals)


def beside(*cells: str) -> list[str]:
    return [f"{order};{cell}" for order, cell in zip(ORDERS, cells, strict=True)]


PAIRS = [
    "Cena;Cena z rabatem",
    "Cena;Cena po rabacie",
    "Cena brutto;Cena brutto po rabacie",
    "Cena przed rabatem;Cena po rabacie",
    "Cena katalogowa;Cena sprzedaży",
    "Cena;Cena promocyjna",
    "Price;Discounted price",
    "Unit price;Final price",
    "Original price;Sale price",
]
DISCOUNTED = [
    *((pair, ["50,00;45,00", "30,00;30,00", "50,00;45,00"]) for pair in PAIRS),
    ("Cena;Cena promocyjna", ["50,00;45,00", "30,00;", "50,00;45,00"]),
    ("Cena;Cena promocyjna", ["50,00;45,00", "30,00;0,00", "50,00;45,00"]),
    ("Cena;Cena po rabacie;Wartość", ["50,00;45,00;90,00", "30,00;30,00;30,00", "50,00;45,00;45,00"]),
    ("Cena przed rabatem;Kwota rabatu;Cena", ["50,00;5,00;45,00", "30,00;0,00;30,00", "50,00;5,00;45,00"]),
    ("Cena;Wartość;Wartość po rabacie", ["50,00;100,00;90,00", "30,00;30,00;30,00", "50,00;50,00;45,00"]),
    ("Wartość przed rabatem;Kwota rabatu", ["100,00;10,00", "30,00;0,00", "50,00;5,00"]),
    ("Kwota rabatu;Wartość po rabacie", ["10,00;90,00", "0,00;30,00", "5,00;45,00"]),
    ("Cena;Rabat jednostkowy", ["50,00;5,00", "30,00;0,00", "50,00;5,00"]),
    ("Cena;Rabat %", ["50,00;10", "30,00;0", "50,00;10"]),
    ("Cena;Rabat", ["50,00;10%", "30,00;0%", "50,00;10%"]),
    # the line's value tells whether the discount is one of the line, of each piece or in percent
    ("Cena;Kwota rabatu;Wartość brutto", ["50,00;10,00;90,00", "30,00;0,00;30,00", "50,00;5,00;45,00"]),
    ("Cena;Kwota rabatu;Wartość brutto", ["50,00;-10,00;90,00", "30,00;0,00;30,00", "50,00;-5,00;45,00"]),
    ("Cena;Kwota rabatu;Wartość brutto", ["50,00;5,00;90,00", "30,00;0,00;30,00", "50,00;5,00;45,00"]),
    ("Cena;Rabat;Wartość brutto", ["50,00;10,00;90,00", "30,00;0,00;30,00", "50,00;5,00;45,00"]),
    ("Cena;Rabat;Wartość brutto", ["50,00;10;90,00", "30,00;0;30,00", "50,00;10;45,00"]),
    ("Cena netto;Rabat;Wartość netto", ["50,00;10;90,00", "30,00;0;30,00", "50,00;10;45,00"]),
    ("Cena;Rabat;Wartość brutto", ["50,00;0,1;90,00", "30,00;0;30,00", "50,00;0,1;45,00"]),
    ("Cena;Wartość", ["50,00;90,00", "30,00;30,00", "50,00;45,00"]),
    ("Cena;Rabat;Zapłacono", ["50,00;10,00;120,00", "30,00;0,00;120,00", "50,00;5,00;45,00"]),
    # the order's total tells whether the amounts are before the discount or after it
    ("Kwota rabatu;Wartość brutto;Wartość zamówienia", ["10,00;90,00;120,00", "0,00;30,00;120,00", "5,00;45,00;45,00"]),
    (
        "Kwota rabatu;Wartość brutto;Wartość zamówienia",
        ["10,00;100,00;120,00", "0,00;30,00;120,00", "5,00;50,00;45,00"],
    ),
    ("Cena;Kwota rabatu;Wartość zamówienia", ["45,00;10,00;120,00", "30,00;0,00;120,00", "45,00;5,00;45,00"]),
    (
        "Cena;Rabat;Koszt dostawy;Wartość zamówienia",
        ["50,00;10;15,00;135,00", "30,00;0;15,00;135,00", "50,00;10;15,00;60,00"],
    ),
]


@pytest.mark.parametrize(("columns", "cells"), DISCOUNTED)
def test_what_was_paid_is_after_the_discount(columns: str, cells: list[str]) -> None:
    load, totals = sold(columns, beside(*cells), "gross_sales", "discounts", "net_sales", "units")
    assert load.questions == ()
    assert totals == {"gross_sales": 180, "discounts": 15, "net_sales": 165, "units": 4}


def test_values_below_all_prices_by_differing_shares_were_paid() -> None:
    _, totals = sold("Cena;Wartość", beside("50,00;90,00", "30,00;20,00", "50,00;40,00"), "discounts", "net_sales")
    assert totals == {"discounts": 30, "net_sales": 150}


def test_net_amounts_tell_that_the_gross_one_is_after_the_discount() -> None:
    cells = ("50,00;10;90,00;110,70", "30,00;0;30,00;36,90", "50,00;10;45,00;55,35")
    load, totals = sold("Cena netto;Rabat %;Wartość netto;Wartość brutto", beside(*cells), "net_sales")
    assert load.questions == ()
    assert totals == pytest.approx({"net_sales": 202.95})


def test_a_value_without_vat_below_the_price_is_no_discount() -> None:
    _, totals = sold("Cena;Wartość", beside("61,50;100,00", "36,90;30,00", "61,50;50,00"), "net_sales")
    assert totals == pytest.approx({"net_sales": 221.4})


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Cena;Rabat", ["50,00;10,00", "30,00;0,00", "50,00;5,00"]),
        ("Kwota rabatu;Wartość brutto", ["10,00;90,00", "0,00;30,00", "5,00;45,00"]),
        ("Cena;Kwota rabatu", ["50,00;10,00", "30,00;10,00", "50,00;5,00"]),
    ],
)
def test_a_discount_of_which_nothing_tells_what_it_is_off_is_asked_about(columns: str, cells: list[str]) -> None:
    load, _ = sold(columns, beside(*cells), "orders")
    assert [question.key for question in load.questions] == ["columns"]
    assert "discount" in str(load.questions[0].text)


def test_what_a_discount_is_off_may_be_said() -> None:
    text = "Numer zamówienia;Data zamówienia;Nazwa produktu;Ilość;Kwota rabatu;Wartość brutto;Waluta\n"
    text += "".join(f"{row};PLN\n" for row in beside("10,00;90,00", "0,00;30,00", "5,00;45,00"))
    with Workspace(":memory:") as shop:
        asked = shop.add(text.encode(), name="pozycje.csv")
        assert asked.mapping is not None
        columns = {name: label for name, label in asked.mapping.chosen.items() if name != "line_amount"}
        answers = {"table": "order_lines", "columns": {**columns, "line_paid_amount": "Wartość brutto"}}
        assert not shop.add(text.encode(), name="pozycje.csv", answers=answers).questions
        assert shop.ask(Query(("gross_sales", "net_sales"))).totals == {"gross_sales": 180, "net_sales": 165}


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Cena;Kwota rabatu;Wartość zamówienia", ["50,00;10,00;120,00", "30,00;10,00;120,00", "50,00;5,00;45,00"]),
        ("Cena;Rabat;Wartość zamówienia", ["50,00;10,00;120,00", "30,00;10,00;120,00", "50,00;5,00;45,00"]),
        ("Cena;Kwota rabatu;Wartość", ["50,00;10,00;120,00", "30,00;10,00;120,00", "50,00;5,00;45,00"]),
        ("Kwota rabatu;Wartość", ["10,00;120,00", "10,00;120,00", "5,00;45,00"]),
        ("Cena;Rabat na zamówienie", ["50,00;10,00", "30,00;10,00", "50,00;5,00"]),
    ],
)
def test_the_orders_discount_beside_each_of_its_lines_counts_once(columns: str, cells: list[str]) -> None:
    load, totals = sold(columns, beside(*cells), "gross_sales", "discounts", "net_sales")
    assert load.questions == ()
    assert totals == {"gross_sales": 180, "discounts": 15, "net_sales": 165}


def test_the_same_discount_of_each_line_counts_for_each() -> None:
    rows = ("50,00;10,00;90,00", "30,00;10,00;20,00", "50,00;5,00;45,00")
    _, totals = sold("Cena;Kwota rabatu;Wartość", beside(*rows), "discounts", "net_sales")
    assert totals == {"discounts": 25, "net_sales": 155}
    rows = ("50,00;10;117,00", "30,00;10;117,00", "50,00;10;45,00")
    _, totals = sold("Cena;Rabat;Wartość zamówienia", beside(*rows), "discounts", "net_sales")
    assert totals == {"discounts": 18, "net_sales": 162}


WHOLE = [
    # 130 and 45, whatever the quantities
    ("Wartość", ["130,00", "130,00", "45,00"], 175),
    ("Wartość brutto", ["130,00", "130,00", "45,00"], 175),
    ("Wartość netto", ["130,00", "130,00", "45,00"], 175),
    ("Cena;Wartość", ["50,00;130,00", "30,00;130,00", "45,00;45,00"], 175),
    ("Koszt dostawy;Wartość", ["15,00;145,00", "15,00;145,00", "10,00;55,00"], 175),
    ("Kwota rabatu;Wartość", ["10,00;120,00", "0,00;120,00", "0,00;45,00"], 165),
    ("Kwota rabatu;Wartość zamówienia", ["10,00;120,00", "0,00;120,00", "0,00;45,00"], 165),
    ("Cena;Kwota rabatu;Wartość", ["50,00;10,00;120,00", "30,00;0,00;120,00", "45,00;0,00;45,00"], 165),
    # values of lines
    ("Wartość", ["90,00", "30,00", "45,00"], 165),
]


@pytest.mark.parametrize(("columns", "cells", "expected"), WHOLE)
def test_the_orders_value_beside_each_of_its_lines_counts_once(columns: str, cells: list[str], expected: int) -> None:
    load, totals = sold(columns, beside(*cells), "orders", "net_sales", "units")
    assert load.questions == ()
    assert totals == {"orders": 2, "net_sales": expected, "units": 4}


def test_a_correction_of_a_whole_order_counts_once_too() -> None:
    rows = [*beside("130,00", "130,00", "45,00"), "K1;2026-03-14;Kubek;-2;-130,00", "K1;2026-03-14;Talerz;-1;-130,00"]
    _, totals = sold("Wartość", rows, "net_sales", "refunds", "revenue")
    assert totals == {"net_sales": 175, "refunds": 130, "revenue": 45}


def test_what_a_product_costs_alone_tells_whose_value_stands_beside_the_lines() -> None:
    both = ["1;2026-03-12;Kubek;1;75,00", "1;2026-03-12;Talerz;1;75,00"]
    alone = ["2;2026-03-13;Kubek;1;45,00", "3;2026-03-13;Talerz;1;30,00"]
    _, totals = sold("Wartość", [*both, *alone], "net_sales")
    assert totals == {"net_sales": 150}
    same = [row.replace("75", "45") for row in both]
    _, totals = sold("Wartość", [*same, alone[0]], "net_sales")
    assert totals == {"net_sales": 135}


def test_a_value_of_which_nothing_tells_whose_it_is_is_asked_about() -> None:
    load, _ = sold("Wartość", ["1;2026-03-12;Kubek;1;75,00", "1;2026-03-12;Talerz;1;75,00"], "orders")
    assert [question.key for question in load.questions] == ["columns"]


@pytest.mark.parametrize(
    ("columns", "row", "refunds"),
    [
        ("Cena", "K1;2026-03-14;Kubek;1;-50,00", 50),
        ("Cena", "K1;2026-03-14;Kubek;-1;50,00", 50),
        ("Cena", "K1;2026-03-14;Kubek;-1;-50,00", 50),
        ("Cena", "1;2026-03-14;Kubek;1;-5,00", 5),
        ("Cena", "K1;2026-03-14;Korekta salda;1;-50,00", 0),
        ("Wartość", "1;2026-03-14;Kubek;0;-5,00", 5),
        ("Wartość", "1;2026-03-14;Kubek;-1;-50,00", 50),
    ],
)
def test_a_correction_of_what_was_sold_is_paid_back(columns: str, row: str, refunds: int) -> None:
    first = "100,00" if columns == "Wartość" else "50,00"
    rows = [f"1;2026-03-12;Kubek;2;{first}", "2;2026-03-13;Talerz;1;30,00", row]
    _, totals = sold(columns, rows, "orders", "net_sales", "refunds", "units")
    assert totals == {"orders": 2, "net_sales": 130, "refunds": refunds, "units": 3}


@pytest.mark.parametrize(
    ("columns", "cells"),
    [("Cena;Cena po rabacie", ("50,00;40,00",) * 2), ("Cena;Kwota rabatu", ("50,00;20,00", "50,00;-10,00"))],
)
def test_what_comes_back_was_paid_after_the_discount(columns: str, cells: tuple[str, str]) -> None:
    rows = [f"1;2026-03-12;Kubek;2;{cells[0]}", f"1;2026-03-14;Kubek;-1;{cells[1]}"]
    _, totals = sold(columns, rows, "net_sales", "refunds")
    assert totals == {"net_sales": 80, "refunds": 40}


HEAD = "Numer zamówienia;Data zamówienia;Status;E-mail;{}Nazwa produktu;Ilość;{}Waluta\n"


def listed(text: str, *names: str) -> tuple[Load, Totals]:
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="pozycje.csv")
        return load, dict(shop.ask(Query(names)).totals)


def test_rows_without_what_is_the_orders_are_further_lines_of_it() -> None:
    rows = (
        "1;2026-03-12;Wysłane;a@example.com;Kubek;2;50,00;PLN",
        ";;;;Talerz;1;30,00;PLN",
        "2;2026-03-13;Anulowane;b@example.com;Kubek;1;45,00;PLN",
        ";;;;Miska;2;10,00;",
        "3;2026-03-14;Wysłane;a@example.com;Kubek;1;45,00;PLN",
        "Razem;;;;;7;240,00;",
    )
    load, totals = listed(HEAD.format("", "Cena;") + "\n".join(rows), "orders", "net_sales", "units", "customers")
    assert (load.questions, load.rows.loaded, load.rows.refused, load.rows.totals) == ((), 5, 0, 1)
    assert totals == {"orders": 2, "net_sales": 175, "units": 4, "customers": 1}
    assert any("2 rows without a number" in str(note) for note in load.notes)


def test_the_orders_value_beside_its_first_line_only_is_no_value_of_that_line() -> None:
    rows = "1;2026-03-12;Wysłane;a@example.com;130,00;Kubek;2;PLN\n;;;;;Talerz;1;PLN\n"
    rows += "2;2026-03-13;Wysłane;b@example.com;45,00;Kubek;1;PLN\n"
    _, totals = listed(HEAD.format("Wartość;", "") + rows, "orders", "net_sales", "units")
    assert totals == {"orders": 2, "net_sales": 175, "units": 4}


@pytest.mark.parametrize(
    "row",
    [
        ";2026-03-12;;;Talerz;1;30,00;PLN",
        ";;;c@example.com;Talerz;1;30,00;PLN",
        ";;;;;1;30,00;PLN",
        ";;;;Talerz;;30,00;PLN",
    ],
)
def test_a_row_without_a_number_that_may_be_anything_stays_refused_and_ends_the_order(row: str) -> None:
    rows = f"1;2026-03-12;Wysłane;a@example.com;Kubek;2;50,00;PLN\n{row}\n;;;;Miska;1;5,00;PLN\n"
    load, totals = listed(HEAD.format("", "Cena;") + rows, "orders", "net_sales")
    assert (load.rows.loaded, load.rows.refused) == (1, 2)
    assert totals == {"orders": 1, "net_sales": 100}


def test_lines_of_an_order_whose_first_row_cannot_be_read_go_with_it() -> None:
    rows = (
        "1;2026-03-12;Wysłane;a@example.com;Kubek;2;50,00;PLN\n2;2026-13-45;Wysłane;b@example.com;Kubek;1;50,00;PLN\n"
    )
    wide = "3;2026-03-12;Wysłane;b@example.com;Kubek;1;50,00;PLN;a;b;c\n"
    load, totals = listed(
        f"{HEAD.format('', 'Cena;')}{rows};;;;Talerz;1;30,00;PLN\n{wide};;;;Talerz;1;30,00;PLN\n", "orders", "net_sales"
    )
    assert (load.rows.loaded, load.rows.refused) == (1, 4)
    assert totals == {"orders": 1, "net_sales": 100}
