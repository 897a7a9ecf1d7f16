"""Order lines of any shop: orders from dates, refunds from returns, and what is no sale."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def line(document: str, sku: str = "A", quantity: int = 1, price: str = "2.00", customer: str = "17850.0") -> str:
    return f"{document},{sku},Mug,{quantity},2010-12-01 08:26:00,{price},{customer},United Kingdom\n"


def test_lines_with_a_date_make_the_orders(read: Read, table: Table) -> None:
    (part,) = read(HEADER + line("1") + line("1", "B", 3) + line("2", customer=""), currency="GBP")
    assert table(
        part, "orders", "order_id, currency, country, sales_channel, status, is_from_lines, customer_key is null"
    ) == [
        ("1", "GBP", "GB", "web", "unknown", True, False),
        ("2", "GBP", "GB", "web", "unknown", True, True),
    ]
    assert table(part, "order_lines", "order_id, line_no, sku, quantity, unit_price, line_amount") == [
        ("1", 1, "A", 1, Decimal(2), Decimal(2)),
        ("1", 2, "B", 3, Decimal(2), Decimal(6)),
        ("2", 1, "A", 1, Decimal(2), Decimal(2)),
    ]


def test_an_order_takes_customer_and_country_from_the_first_line_that_has_them(read: Read, table: Table) -> None:
    first = line("1", customer="").replace("United Kingdom", "")
    rest = line("1", customer="7").replace("United Kingdom", "France") + line("1", customer="9")
    (part,) = read(HEADER + first + rest, currency="GBP")
    (alone,) = read(HEADER + line("1", customer="7"), currency="GBP")
    ((country, customer),) = table(part, "orders", "country, customer_key")
    assert country == "FR"
    assert [(customer,)] == table(alone, "orders", "customer_key")


def test_equal_lines_all_stay(read: Read, table: Table) -> None:
    (part,) = read(HEADER + line("1") * 3, currency="GBP")
    assert table(part, "order_lines", "line_no") == [(1,), (2,), (3,)]


def test_lines_without_a_date_make_none(read: Read) -> None:
    (part,) = read("order_id,sku,quantity,unit_price\n1,A,1,2.00\n")
    assert not part.questions
    assert part.tables == {"order_lines": 1}


def test_cancellation_documents_and_negative_quantities_are_refunds(read: Read, table: Table) -> None:
    lines = line("1", quantity=5) + line("1", "B", -1) + line("C2", quantity=-2) + line("3") + line("4", price="0.00")
    (part,) = read(HEADER + lines, currency="GBP")
    # a cancellation document is no order; a return within an order belongs to it
    assert table(part, "refunds", "refund_id, order_id, sku, quantity, amount, country") == [
        ("1/2", "1", "B", 1, Decimal(2), "GB"),
        ("C2/1", None, "A", 2, Decimal(4), "GB"),
    ]
    assert [row[0] for row in table(part, "orders", "order_id")] == ["1", "3"]
    assert (part.rows.loaded, part.rows.set_aside) == (4, 1)
    said = " ".join(map(str, part.notes))
    # 10 - 2 - 4 + 2 + 0
    assert "Documents: 4." in said
    assert "taken off: 6." in said
    assert "no sales and were set aside (1 row)" in said


def test_a_c_is_no_cancellation_where_documents_are_no_numbers(read: Read) -> None:
    (part,) = read(HEADER + line("C1") + line("C2") + line("3"), currency="GBP")
    assert part.tables == {"order_lines": 3, "orders": 3}


def test_lines_without_a_customer_are_counted(read: Read) -> None:
    (part,) = read(HEADER + line("1") + line("2", customer="") + line("2", customer=""), currency="GBP")
    assert any("Lines without a customer (2 rows)" in str(note) for note in part.notes)


def test_the_currency_is_asked_even_where_no_line_has_a_price(read: Read) -> None:
    (part,) = read("order_id,order_date,sku,quantity\n1,2026-01-05,A,1\n")
    assert [question.key for question in part.questions] == ["currency"]


def test_a_real_orders_file_counts_before_orders_from_lines_whatever_comes_first() -> None:
    lines = b"order_id,order_date,sku,quantity,unit_price,currency\n1,2026-01-05,A,1,10.00,PLN\n"
    orders = b"order_id,order_date,status,items,currency,country\n1,2026-01-07,paid,12.00,PLN,DE\n"
    for files in ([lines, orders], [orders, lines]):
        with Workspace(":memory:") as shop:
            for number, content in enumerate(files):
                assert not shop.add(content, name=f"{number}.csv").questions
            frame = shop.ask(Query(("gross_sales", "orders"), by=("country",))).frame
            assert frame.to_dict("list") == {"country": ["DE"], "gross_sales": [12.0], "orders": [1.0]}


def test_a_line_without_a_price_takes_the_products() -> None:
    with Workspace(":memory:") as shop:
        shop.add(b"order_id,order_date,sku,quantity\n1,2026-01-05,A,3\n", name="l.csv", answers={"currency": "PLN"})
        shop.add(b"sku,price,unit_cost\nA,10.00,4.00\n", name="p.csv")
        assert shop.ask(Query(("gross_sales",))).totals == {"gross_sales": 30.0}


def test_a_product_that_begins_like_a_total_is_a_product(read: Read, table: Table) -> None:
    lines = "Razem: gra planszowa;1;2026-05-01;1;100,00;PLN\nKubek;2;2026-05-01;1;10,00;PLN\n"
    (part,) = read("Produkt;Nr zamówienia;Data;Ilość;Cena;Waluta\n" + lines)
    assert table(part, "order_lines", "product, line_amount") == [("Razem: gra planszowa", 100), ("Kubek", 10)]


POLISH = "Nr zamówienia;Data;Status;Produkt;Ilość;Cena;Waluta\n"


def test_delivery_tips_and_gift_cards_among_the_lines_are_no_products(read: Read, table: Table) -> None:
    names = ["Kubek", "Koszt dostawy", "Napiwek", "Karta podarunkowa 100 zł", "Dostawa marzeń - książka"]
    lines = "".join(f"1;01.05.2026;Zrealizowane;{name};1;10,00;PLN\n" for name in names)
    (part,) = read(POLISH + lines + "1;02.05.2026;Zrealizowane;Koszt dostawy;-1;10,00;PLN\n")
    kinds = ["product", "shipping", "tip", "gift_card", "product"]
    assert table(part, "order_lines", "product, line_type") == list(zip(names, kinds, strict=True))
    assert table(part, "orders", "shipping_amount, tips_fees_amount") == [(10, 10)]
    assert part.tables == {"order_lines": 5, "orders": 1}
    assert (part.rows.loaded, part.rows.set_aside) == (5, 1)


def test_the_lines_of_a_refunded_order_count_as_paid_back() -> None:
    lines = "1;01.05.2026;Zrealizowane;Kubek;2;50,00;PLN\n3;02.05.2026;Zwrócone;Talerz;1;80,00;PLN\n"
    with Workspace(":memory:") as shop:
        load = shop.add((POLISH + lines + "3;02.05.2026;Zwrócone;Dostawa;1;15,00;PLN\n").encode(), name="p.csv")
        # 2 x 50 + 80 sold, 80 of it paid back; the delivery is neither
        totals = shop.ask(Query(("gross_sales", "refunds", "revenue"))).totals
        assert totals == {"gross_sales": 180, "refunds": 80, "revenue": 100}
        assert any("marked as refunded" in str(note) for note in load.notes)


@pytest.mark.parametrize("is_product_list_first", [True, False])
def test_lines_of_a_refunded_order_without_a_price_come_back_for_the_products_price(
    *, is_product_list_first: bool
) -> None:
    """Order 1: 2 x 4. Order 2, refunded: 3 x 4 + 1 x 10, all of it paid back. C has no price anywhere."""
    lines = b"order_id,order_date,status,sku,quantity,currency\n1,2026-05-01,paid,A,2,PLN\n2,2026-05-02,refunded,A,3,PLN\n2,2026-05-02,refunded,B,1,PLN\n3,2026-05-03,refunded,C,1,PLN\n"
    files = [("products.csv", b"sku,product,price,currency\nA,Mug,4.00,PLN\nB,Bag,10.00,PLN\n"), ("lines.csv", lines)]
    with Workspace(":memory:") as shop:
        for name, content in files if is_product_list_first else reversed(files):
            shop.add(content, name=name)
        assert shop._store.rows("select sum(items_amount)::double, sum(refunded_amount)::double from facts.orders") == [
            (30, 22)
        ]


def test_a_refunded_order_with_some_prices_comes_back_whole() -> None:
    """2 x 5 as written and 3 x 4 by the product list: 22 sold and 22 paid back, not 10."""
    lines = b"order_id,order_date,status,sku,quantity,unit_price,currency\n2,2026-05-02,refunded,B,2,5.00,PLN\n2,2026-05-02,refunded,A,3,,PLN\n"
    with Workspace(":memory:") as shop:
        shop.add(b"sku,product,price,currency\nA,Mug,4.00,PLN\n", name="products.csv")
        shop.add(lines, name="lines.csv")
        assert shop.ask(Query(("gross_sales", "refunds", "revenue"))).totals == {
            "gross_sales": 22,
            "refunds": 22,
            "revenue": 0,
        }


def test_what_stands_beside_each_line_is_the_whole_orders(read: Read, table: Table) -> None:
    header = "order_id;date_confirmed;order_status;delivery_price;payment_method;product_sku;product_quantity;product_price_brutto\n"
    lines = "1;05.03.2025;Wysłane;15,00;PayU;K1;1;50,00\n1;05.03.2025;Wysłane;15,00;PayU;T1;2;40,00\n"
    (part,) = read(f"{header}{lines}2;06.03.2025;Anulowane;12,00;COD;K1;1;50,00\n", currency="PLN")
    assert (part.format, part.questions) == ("order_lines", ())
    assert table(part, "orders", "order_id, shipping_amount, payment_method, status") == [
        ("1", 15, "PayU", "paid"),
        ("2", 12, "COD", "cancelled"),
    ]
    assert table(part, "order_lines", "line_amount") == [(50,), (80,), (50,)]


def test_deliveries_that_differ_within_an_order_are_added(read: Read, table: Table) -> None:
    header = "order id,order date,sku,quantity,unit price,shipping cost,order total\n"
    (part,) = read(f"{header}1,2026-03-05,K1,1,50.00,4.00,99.00\n1,2026-03-05,T1,1,40.00,5.00,99.00\n", currency="PLN")
    assert table(part, "orders", "shipping_amount, total_amount") == [(9, 99)]


def test_an_order_of_a_gift_card_alone_sold_no_product() -> None:
    """Its value is known, 0; that of an order whose product has no price is not. 100 ÷ 2 orders of a known value."""
    rows = "1;2026-05-01;Zrealizowane;Kubek;2;50,00;PLN\n2;2026-05-01;Zrealizowane;Karta podarunkowa;1;200,00;PLN\n"
    with Workspace(":memory:") as shop:
        shop.add((POLISH + rows + "3;2026-05-01;Zrealizowane;Talerz;1;;PLN\n").encode(), name="pozycje.csv")
        assert shop.ask(Query(("orders", "gross_sales", "aov"))).totals == {"orders": 3, "gross_sales": 100, "aov": 50}


def test_a_refund_without_a_date_counts_on_the_day_of_the_order_and_says_so() -> None:
    orders = (
        "Nr zamówienia;Data zamówienia;Wartość zamówienia;Waluta\n1;2026-05-01;100,00;PLN\n2;2026-05-02;80,00;PLN\n"
    )
    refunds = "Nr zwrotu;Nr zamówienia;Data zwrotu;Kwota zwrotu;Waluta\nR1;1;2026-05-03;30,00;PLN\nR2;2;;20,00;PLN\nR3;;;5,00;PLN\n"
    with Workspace(":memory:") as shop:
        shop.add(orders.encode(), name="zamowienia.csv")
        notes = " ".join(map(str, shop.add(refunds.encode(), name="zwroty.csv").notes))
        daily = shop.ask(Query(("refunds",), grain="day")).frame["refunds"].tolist()
    assert daily == [0, 20, 30]
    assert "they count on the day of the order (1 row)" in notes
    assert "they are in no number (1 row)" in notes


def test_a_line_that_was_cancelled_or_returned_alone_takes_no_other_with_it() -> None:
    """100 of the first two orders each, of the third 50 + 100 less 50; the fourth was cancelled whole."""
    states = [
        ("anulowane", "zrealizowane"),
        ("zrealizowane", "anulowane"),
        ("zwrócone", "zrealizowane"),
        ("anulowane",) * 2,
    ]
    prices = [("50,00", "100,00"), ("100,00", "50,00"), ("50,00", "100,00"), ("50,00", "100,00")]
    rows = [
        f"{number};2026-03-0{number};{state};Kubek;1;{price};PLN"
        for number, both in enumerate(zip(states, prices, strict=True), 1)
        for state, price in zip(*both, strict=True)
    ]
    with Workspace(":memory:") as shop:
        header = "Nr zamówienia;Data zamówienia;Status;Produkt;Ilość;Cena;Waluta"
        load = shop.add("\n".join([header, *rows]).encode(), name="pozycje.csv")
        totals = shop.ask(Query(("orders", "gross_sales", "refunds", "units"))).totals
        assert totals == {"orders": 3, "gross_sales": 350, "refunds": 50, "units": 4}
        assert (load.rows.loaded, load.rows.set_aside) == (6, 2)


def test_a_line_total_without_vat_counts_only_where_there_is_no_other_amount(read: Read, table: Table) -> None:
    head, row = "Numer zamówienia;Data zamówienia;Produkt;Ilość;{};Waluta\n", "1;2026-05-02;Buty;2;{};PLN\n"
    both = head.format("Cena jednostkowa brutto;Wartość netto;Wartość brutto") + row.format("123,00;200,00;246,00")
    for text, amount, included in (
        (both, 246, None),
        (head.format("Wartość netto") + row.format("200,00"), 200, False),
    ):
        (part,) = read(text)
        assert (part.format, part.questions) == ("order_lines", ())
        assert table(part, "order_lines", "line_amount, unit_price") == [(amount, Decimal(amount) / 2)]
        assert table(part, "orders", "tax_included") == [(included,)]
