"""Lists of parcels from couriers, warehouses and suppliers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]
POLISH = (
    "Numer zamówienia;Numer przesyłki;Data zamówienia;Data nadania;Planowana data dostawy;Data doręczenia;Kompletna;Zgodna z zamówieniem;Koszt przesyłki\n"
    "1001;A1;2026-03-01;2026-03-02;2026-03-04;2026-03-04;tak;tak;12,50 zł\n"
    "1002;A2;2026-03-01;2026-03-03;2026-03-05;2026-03-06;tak;nie;12,50 zł\n"
    "1003;A3;2026-03-02;2026-03-03;2026-03-06;;;;12,50 zł\n"
    "1003;A4;2026-03-02;2026-03-03;2026-03-10;;;;10,00 zł\n"
    "1004;A5;2026-03-02;2026-03-04;2026-03-08;2026-03-09;tak;tak;12,50 zł\n"
)


def said(part: Part) -> str:
    return " ".join(str(note) for note in part.notes)


def test_a_polish_list_of_parcels_gives_every_kpi_of_them() -> None:
    """On time 1 of 4 due (A4 is promised for after the file's last day), right 2 of 3, sent after 7 days / 5,
    delivered after (3 + 5 + 7) / 3 days, 60 zł for 4 orders."""
    kpis = ("on_time", "order_accuracy", "processing_time", "fulfilment_time", "logistics_cost")
    with Workspace(":memory:") as shop:
        load = shop.add(POLISH.encode(), name="przesylki.csv")
        assert (load.format, load.questions, load.tables) == ("shipments", (), {"shipments": 5})
        assert shop.ask(Query(kpis)).totals == {
            "on_time": 0.25,
            "order_accuracy": pytest.approx(2 / 3),
            "processing_time": pytest.approx(1.4 * 86400),
            "fulfilment_time": 5 * 86400,
            "logistics_cost": 15,
        }


def test_deliveries_to_a_purchase_order_are_the_suppliers(read: Read, table: Table) -> None:
    (part,) = read("PO number,Supplier,Due date,Received date\nP1,Velmo,2026-03-04,2026-03-04\nP2,Orto,2026-03-05,\n")
    assert (part.format, part.questions) == ("shipments", ())
    assert table(part, "shipments", "order_id, supplier, direction") == [
        ("P1", "Velmo", "from supplier"),
        ("P2", "Orto", "from supplier"),
    ]


def test_a_direction_is_read_in_both_languages_and_returns_are_neither(read: Read, table: Table) -> None:
    words = ("outbound", "do klienta", "inbound", "Od dostawcy", "zwrot", "gdzieś")
    rows = "".join(f"{n},A{n},2026-03-01,{word}\n" for n, word in enumerate(words))
    (part,) = read(f"order id,parcel number,shipped at,direction\n{rows}")
    assert [row[0] for row in table(part, "shipments", "direction")] == 2 * ["to customer"] + 2 * ["from supplier"]
    assert part.rows.set_aside == 2
    assert "Neither to a customer nor from a supplier; set aside: “gdzieś”, “zwrot” (2 rows)" in said(part)


def test_cancelled_parcels_were_never_due(read: Read) -> None:
    text = "order id,parcel number,promised date,delivered at,parcel status\n1,A,2026-03-01,2026-03-01,Delivered\n2,B,2026-03-01,,Anulowana\n"
    (part,) = read(text)
    assert (part.rows.loaded, part.rows.set_aside) == (1, 1)
    assert "Cancelled parcels were set aside (1 row)" in said(part)


def test_a_delivery_without_its_day_is_neither_late_nor_on_time(read: Read, table: Table) -> None:
    text = "order id,parcel number,promised date,delivered at,parcel status\n1,A,2026-03-01,2026-03-02,Doręczona\n2,B,2026-03-01,,Doręczona\n3,C,2026-03-01,,W drodze\n"
    (part,) = read(text)
    promised = [row[0] for row in table(part, "shipments", "promised_at")]
    assert promised == [datetime(2026, 3, 1), None, datetime(2026, 3, 1)]
    assert "without the day of delivery" in said(part)


def test_a_list_that_only_promises_says_so(read: Read) -> None:
    (part,) = read("order id,parcel number,shipped at,promised date\n1,A,2026-03-01,2026-03-02\n")
    assert "nothing in it is late or on time" in said(part)


def test_rows_of_one_order_without_parcel_numbers_are_parcels_each(read: Read, table: Table) -> None:
    (part,) = read("order id,promised date,delivered at\n1,2026-03-01,2026-03-01\n1,2026-03-01,2026-03-03\n")
    assert table(part, "shipments", "order_id, parcel") == [("1", None), ("1", "2")]


def test_a_change_of_the_clocks_between_order_and_delivery_is_no_hour(read: Read, table: Table) -> None:
    """29 March 2026: 10:00+01:00 to 11:00+02:00 a day later is 24 hours."""
    text = "order id,parcel number,order date,delivered at,promised date\n1,A,2026-03-28T10:00:00+01:00,2026-03-29T11:00:00+02:00,2026-03-30\n"
    (part,) = read(text)
    assert table(part, "shipments", "epoch(delivered_at - ordered_at), utc_offset") == [(86400, 60)]


def test_the_cost_of_a_parcel_is_money(read: Read, table: Table) -> None:
    (part,) = read("Numer paczki;Data nadania;Koszt kuriera;Liczba sztuk w przesyłce\nA;2026-03-01;9,90 zł;3\n")
    assert table(part, "shipments", "parcel, cost_amount, currency, units") == [("A", Decimal("9.9"), "PLN", 3.0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order_id,order_date,ship_date,delivery_date,status,customer_id,total,currency\n1,2026-03-04,2026-03-04,2026-03-06,paid,7,10.00,PLN\n", "orders"),
        ("Nr zamówienia;Data zamówienia;Numer przesyłki;Data wysyłki;Koszt dostawy;Metoda płatności;Razem\n1;2026-03-04;A;2026-03-05;9,00 zł;BLIK;50,00 zł\n", "orders"),
        ("order_id,order_date,sku,quantity,unit_price,currency,tracking_number,shipped_at\n1,2026-03-01,A,2,5.00,PLN,T1,2026-03-02\n", "order_lines"),
        ("ticket_id,created_at,status,order_id\n1,2026-03-01,open,7\n", "tickets"),
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_parcels(read: Read, text: str, expected: str) -> None:
    (part,) = read(text)
    assert (part.format, part.questions) == (expected, ())


def test_an_order_list_with_little_of_an_order_is_asked(read: Read) -> None:
    text = "Nr zamówienia,Data zamówienia,Data wysyłki,Numer przesyłki,Status,Razem,Waluta\n1,2026-03-04,2026-03-04,A6,opłacone,10.00,PLN\n"
    (part,) = read(text)
    assert [question.key for question in part.questions] == ["table", "columns"]


def test_a_list_without_order_dates_covers_the_days_of_its_parcels(read: Read) -> None:
    (part,) = read("order id,parcel number,shipped at,delivered at\n1,A,2026-03-02,2026-03-05\n2,B,,2026-03-08\n")
    assert part.period == (date(2026, 3, 2), date(2026, 3, 8))
