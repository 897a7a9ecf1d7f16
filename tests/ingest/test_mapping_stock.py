"""Stock counts of any shop: known by their labels, asked for their day, told apart from products and order lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.errors import BadAnswer
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]
DAY = date(2026, 1, 31)
SHOPER = (
    "product_code;active;name;price;vat;unit;category;producer;stock;stock_warnlevel;availability;currency\n"
    "A;1;Kubek;20,00;23;szt.;Dom;Velmo;12;3;auto;PLN\n"
    "B;1;Torba;50,00;23;szt.;Dom;Velmo;0;2;auto;PLN\n"
)
PLACES = (
    "Handle,Title,SKU,Location,Committed,Available,On hand\n"
    "mug,Mug,A,Warszawa,1,4,5\nmug,Mug,A,Kraków,1,1,2\nbag,Bag,B,Kraków,0,0,0\n"
)


def keys(part: Part) -> list[str]:
    return [question.key for question in part.questions]


@pytest.mark.parametrize(
    "header",
    [
        "sku,stock",
        "SKU,Quantity on hand",
        "Product ID,Available",
        "Product name,Inventory quantity",
        "Kod produktu,Stan",
        "Symbol;Nazwa;Stan magazynowy",
        "Indeks;Ilość na stanie",
        "Kod;Nazwa produktu;Producent;Ilość w magazynie",
    ],
)
def test_a_file_without_a_day_is_asked_for_it(read: Read, table: Table, header: str) -> None:
    separator = ";" if ";" in header else ","
    width = header.count(separator)
    text = f"{header}\n" + "".join(separator.join([name] * width + [n]) + "\n" for name, n in (("A", "3"), ("B", "0")))
    (part,) = read(text)
    assert (part.format, keys(part)) == ("stock", ["day"])
    (part,) = read(text, day=DAY)
    assert part.period == (DAY, DAY)
    assert table(part, "stock", "sku, counted_on, quantity") == [("A", DAY, 3.0), ("B", DAY, 0.0)]
    assert set(part.relations) == {"stock"}


@pytest.mark.parametrize("label", ["Data", "Data stanu", "date", "Counted on", "Stan na dzień"])
def test_a_file_that_says_its_days_is_not_asked(read: Read, table: Table, label: str) -> None:
    (part,) = read(f"sku;{label};stan\nA;2026-01-31;3\nA;2026-02-28;1\n")
    assert not part.questions
    assert table(part, "stock", "counted_on, quantity") == [(DAY, 3.0), (date(2026, 2, 28), 1.0)]


def test_a_product_list_with_stock_gives_products_and_stock(read: Read, table: Table) -> None:
    (part,) = read(SHOPER, day="2026-01-31")
    assert table(part, "products", "sku, product, category, brand, price, currency") == [
        ("A", "Kubek", "Dom", "Velmo", Decimal(20), "PLN"),
        ("B", "Torba", "Dom", "Velmo", Decimal(50), "PLN"),
    ]
    assert table(part, "stock", "sku, counted_on, quantity, warn_level") == [("A", DAY, 12.0, 3.0), ("B", DAY, 0.0, 2.0)]  # fmt: skip
    assert part.rows.loaded == part.rows.read == 2


def test_a_product_without_a_quantity_is_a_product_and_in_no_count(read: Read, table: Table) -> None:
    (part,) = read(SHOPER.replace(";12;", ";;"), day=DAY)
    assert (part.tables, part.rows.loaded) == ({"stock": 1, "products": 2}, 2)
    assert any("without a quantity" in str(note) for note in part.notes)


def test_what_lies_in_several_places_is_one_stock(read: Read, table: Table) -> None:
    (part,) = read(PLACES, day=DAY)
    assert table(part, "stock", "sku, quantity") == [("A", 7.0), ("B", 0.0)]
    assert (part.rows.read, part.rows.loaded, part.rows.set_aside) == (3, 2, 1)
    assert any("Further places" in str(note) for note in part.notes)


def test_costs_are_asked_for_their_currency(read: Read, table: Table) -> None:
    text = "SKU,Stan,Koszt jednostkowy\nA,4,2.50\n"
    assert sorted(keys(read(text)[0])) == ["currency", "day"]
    (part,) = read(text, day=DAY, currency="PLN")
    assert table(part, "stock", "unit_cost, currency") == [(Decimal("2.5"), "PLN")]
    assert "products" not in part.relations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sku,product,category,price,unit_cost\nA,Mug,home,10.00,4.00\n", "products"),
        ("order_id,sku,quantity,unit_price,currency\n1,A,2,5.00,PLN\n", "order_lines"),
        ("Nr zamówienia,Data zamówienia,Razem,Waluta,Stan\n1,2026-01-01,5.00,PLN,Nowe\n", "orders"),
        ("refund_id,return_date,sku,quantity\nR1,2026-01-09,A,1\n", "refunds"),
    ],
)
def test_nothing_else_is_taken_for_stock(read: Read, text: str, expected: str) -> None:
    (part,) = read(text)
    assert part.format == expected
    assert "day" not in keys(part)


def test_a_bare_quantity_may_be_what_was_sold_and_is_asked(read: Read) -> None:
    (part,) = read("sku,date,quantity\nA,2026-01-31,4\n")
    assert keys(part) == ["table", "columns"]
    assert not part.relations


def test_a_day_is_said_of_one_file_and_not_of_the_next() -> None:
    with Workspace(":memory:") as shop:
        text = "sku,stock,unit_cost,currency\nA,{},2.00,PLN\n"
        assert [question.key for question in shop.add(text.format(3).encode(), name="a.csv").questions] == ["day"]
        assert shop.add(text.format(3).encode(), name="a.csv", answers={"day": DAY}).period == (DAY, DAY)
        assert [question.key for question in shop.add(text.format(1).encode(), name="b.csv").questions] == ["day"]
        shop.add(text.format(1).encode(), name="b.csv", answers={"day": date(2026, 2, 7)})
        values = shop.ask(Query(("stock_value",), grain="month")).frame["stock_value"]
        assert values.tolist() == [6, 2]


@pytest.mark.parametrize("day", ["31.01.2026", "soon", 5])
def test_a_day_that_is_none_is_no_answer(read: Read, day: object) -> None:
    with pytest.raises(BadAnswer):
        read(SHOPER, day=day)
