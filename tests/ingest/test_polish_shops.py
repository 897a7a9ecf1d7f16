"""Shops of the Polish market: a module of PrestaShop, Shoper's products, and orders that no signature knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import is_taken_for

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
MODULE = """Numer zamówienia;Data zamówienia;Status;Kwota zamówienia;Kwota dostawy;Ilość produktów;Miasto
1001;2026-03-01 10:15:00;Płatność zaakceptowana;1 450,00;15,00;3;Łódź
1002;2026-03-02 11:00:00;Anulowane;99,00;9,00;1;Gdynia
1003;2026-03-03 12:30:00;Oczekiwanie na płatność przelewem;50,00;0,00;1;Kraków
1004;2026-03-03 13:30:00;Zwrot pieniędzy;60,00;10,00;2;Kraków
"""
SHOPER = """product_code;active;name;price;vat;unit;category;producer;stock;stock_warnlevel;availability;currency
KUB-1;1;Kubek;39,90;23%;szt.;Kuchnia;Koszyk;12;3;dostępny;PLN
TAL-1;1;Talerz;1 019,90;23%;szt.;Kuchnia;Koszyk;0;3;brak;PLN
;1;;10,00;23%;szt.;Kuchnia;;0;3;brak;PLN
"""
BASELINKER = """order_id;date_confirmed;order_source;payment_done;delivery_price;currency;payment_method;delivery_country_code;delivery_city
501;2026-03-01 10:15:00;allegro;115,00;15,00;PLN;PayU;PL;Łódź
502;2026-03-02 11:15:00;shop;60,00;10,00;PLN;COD;PL;Gdynia
"""


def test_orders_of_the_module(read: Read, table: Table) -> None:
    (part,) = read(MODULE, "zamowienia.csv", currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("prestashop_module_orders", True)
    columns = "order_id, ordered_at, status, total_amount, shipping_amount, refunded_amount, units_declared, city"
    assert table(part, "orders", columns) == [
        ("1001", datetime(2026, 3, 1, 10, 15), "paid", 1450, 15, None, 3, "Łódź"),
        ("1002", datetime(2026, 3, 2, 11), "cancelled", 99, 9, None, 1, "Gdynia"),
        ("1003", datetime(2026, 3, 3, 12, 30), "awaiting_payment", 50, 0, None, 1, "Kraków"),
        ("1004", datetime(2026, 3, 3, 13, 30), "refunded", 60, 10, 60, 2, "Kraków"),
    ]


def test_the_module_names_no_currency_and_its_sales_are_without_the_delivery(read: Read, tmp_path: Path) -> None:
    (part,) = read(MODULE)
    assert [question.key for question in part.questions] == ["currency"]
    file = tmp_path / "zamowienia.csv"
    file.write_bytes(MODULE.encode("cp1250"))
    with Workspace(":memory:") as shop:
        shop.add(file, answers={"currency": "PLN"})
        # 1435 + 50 + 50, of which the last was paid back
        assert shop.ask(Query(("net_sales", "revenue", "orders"))).totals == {
            "net_sales": 1535,
            "revenue": 1485,
            "orders": 3,
        }


def test_rows_of_the_module_that_cannot_be_read_are_refused(read: Read) -> None:
    (part,) = read(MODULE.replace("1 450,00", "dużo").replace("2026-03-02", "wczoraj"), currency="PLN")
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (4, 2, 2)


def test_products_of_shoper_with_their_stock(read: Read, table: Table) -> None:
    (part,) = read(SHOPER, "products.csv")
    assert [question.key for question in part.questions] == ["day"]
    (part,) = read(SHOPER, "products.csv", day="2026-03-31")
    assert (part.format, part.confidence >= 0.9) == ("shoper_products", True)
    assert table(part, "products", "sku, product, category, brand, price, currency") == [
        ("KUB-1", "Kubek", "Kuchnia", "Koszyk", Decimal("39.9"), "PLN"),
        ("TAL-1", "Talerz", "Kuchnia", "Koszyk", Decimal("1019.9"), "PLN"),
    ]
    counted = [("KUB-1", date(2026, 3, 31), 12.0, 3.0), ("TAL-1", date(2026, 3, 31), 0.0, 3.0)]
    assert table(part, "stock", "sku, counted_on, quantity, warn_level") == counted
    assert (part.tables, part.rows.set_aside) == ({"products": 2, "stock": 2}, 1)


def test_a_template_of_baselinker_is_mapped_by_the_names_of_its_columns(read: Read, table: Table) -> None:
    """What was paid is not what was ordered: nothing is taken for the total that is not called so."""
    (part,) = read(BASELINKER, "eksport.csv")
    assert part.format == "orders"
    assert part.mapping is not None
    chosen = {
        name: part.mapping.chosen.get(name) for name in ("order_id", "ordered_at", "total_amount", "shipping_amount")
    }
    assert chosen == {
        "order_id": "order_id",
        "ordered_at": "date_confirmed",
        "total_amount": None,
        "shipping_amount": "delivery_price",
    }
    (part,) = read(BASELINKER, table="orders", columns={"total_amount": "payment_done"})
    assert table(part, "orders", "order_id, ordered_at, total_amount, shipping_amount, country") == [
        ("501", datetime(2026, 3, 1, 10, 15), 115, 15, "PL"),
        ("502", datetime(2026, 3, 2, 11, 15), 60, 10, "PL"),
    ]


def test_what_nobody_knows_is_not_taken_for_a_shop(read: Read) -> None:
    for text in ("Zamówienie IAI;Kwota\n1;2\n", "Klient;Kwota\nAnna;2\n"):
        known = ("prestashop_module_orders", "prestashop_orders", "allegro_billing", "shoper_products")
        assert not any(is_taken_for(format, read, text) for format in known)


def test_yes_and_no_say_which_orders_were_paid_and_cancelled(tmp_path: Path) -> None:
    file = tmp_path / "zamowienia.csv"
    rows = "1;2026-03-01;100,00 zł;tak;nie\n2;2026-03-02;200,00 zł;nie;nie\n3;2026-03-03;400,00 zł;nie;tak\n"
    file.write_text(f"Nr zamówienia;Data;Kwota;Opłacone;Anulowane\n{rows}", "utf-8")
    with Workspace(":memory:") as shop:
        load = shop.add(file)
        # the third order was cancelled; the second waits for its money and counts
        assert shop.ask(Query(("orders", "revenue"))).totals == {"orders": 2, "revenue": 300}
        assert not any("cancelled ones too" in str(note) for note in load.notes)


def test_the_courier_and_the_fee_among_the_lines_are_no_products(tmp_path: Path) -> None:
    file = tmp_path / "pozycje.csv"
    head = "zamowienie_nr,data_zlozenia,klient,produkt,kod,ilosc,cena_brutto,waluta\n"
    lines = ("Torba kurierska,T1,2,50.00", "Przesyłka kurierska DPD,D1,1,15.00", "Opłata za pobranie,P1,1,5.00")
    file.write_text(head + "".join(f"1,2026-03-05,ala@example.com,{line},PLN\n" for line in lines), "utf-8")
    with Workspace(":memory:") as shop:
        assert shop.add(file).questions == ()
        assert shop.ask(Query(("gross_sales", "units"))).totals == {"gross_sales": 100, "units": 2}


def test_the_discounts_amount_is_no_code(tmp_path: Path) -> None:
    file = tmp_path / "zamowienia.csv"
    head = "Zamówienie;Data złożenia;Wartość zamówienia brutto;Koszt wysyłki;Kod rabatowy;Wartość rabatu\n"
    file.write_text(head + "A/1;13-02-2026;110,00;10,00;LATO;20,00\n", "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(file, answers={"currency": "PLN"})
        # 110 with 10 of delivery: 100 of products, which cost 120 before the discount of 20
        totals = shop.ask(Query(("gross_sales", "discounts", "net_sales"))).totals
        assert totals == {"gross_sales": 120, "discounts": 20, "net_sales": 100}


def test_states_of_failed_deleted_and_refunded_orders(read: Read, table: Table) -> None:
    words = ("płatność odrzucona", "usunięte", "zwrócono środki")
    rows = "".join(f"{number};2026-03-01;40,00 zł;{word}\n" for number, word in enumerate(words))
    (part,) = read(f"Numer zamówienia;Data zamówienia;Suma;Status\n{rows}")
    assert table(part, "orders", "status") == [("failed",), ("cancelled",), ("refunded",)]


def test_a_file_like_the_modules_with_further_columns_is_read_with_them() -> None:
    """The module writes no currency and no discount: a file that has them is a shop's own, and they count."""
    file = (
        "Numer zamówienia;Data zamówienia;Status;Kwota zamówienia;Kwota dostawy;Rabat;Waluta\n"
        "1;2026-03-01;Opłacone;110,00 zł;10,00;0;PLN\n2;2026-03-02;Opłacone;55,00;5,00;10,00;EUR\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(file.encode(), name="zamowienia.csv")
        assert (load.format, load.currencies) == ("orders", ("EUR", "PLN"))
        frame = shop.ask(Query(("net_sales", "discounts"), by=("currency",))).frame
    # 110 − 10 delivery; 55 − 5 delivery is what was paid for products, of which 10 were taken off before
    assert frame.values.tolist() == [["EUR", 50, 10], ["PLN", 100, 0]]
