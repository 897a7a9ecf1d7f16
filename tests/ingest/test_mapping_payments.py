"""Reports of payments from any provider or bank: what was received, paid back and kept, and what is no payment at all."""

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
KPIS = ("payments_received", "payment_refunds", "payment_fees", "payment_success_rate")
POLISH = (
    "ID płatności;Numer zamówienia;Data płatności;Kwota;Waluta;Status;Metoda płatności;Prowizja\n"
    "P1;1001;2026-03-01 10:00;100,00;PLN;Zakończona;BLIK;-1,50\n"
    "P2;1002;2026-03-01 11:00;50,00;PLN;ODRZUCONA;karta;0,00\n"
    "P3;1003;2026-03-02 11:00;70,00;PLN;Oczekująca;karta;0\n"
    "P4;1001;2026-03-05 11:00;-40,00;PLN;Zakończona;BLIK;0,50\n"
    "P5;1005;2026-03-05 12:00;10,00;PLN;dziwna;BLIK;\n"
)
WALLET = (
    "Date,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Invoice Number\n"
    "2026-03-01,Express Checkout Payment,Completed,EUR,100.00,-3.50,96.50,T1,1001\n"
    "2026-03-13,Payment Refund,Completed,EUR,-40.00,1.00,-39.00,T2,1001\n"
    "2026-03-14,General Withdrawal,Completed,EUR,-50.00,0.00,-50.00,T3,\n"
    "2026-03-15,Express Checkout Payment,Denied,EUR,30.00,0.00,30.00,T4,1002\n"
    "2026-03-16,Website Payment,Completed,EUR,20.00,-0.70,19.30,T5,\n"
)


def said(part: Part) -> str:
    return " ".join(str(note) for note in part.notes)


def totals(*files: str, answers: dict[str, Any] | None = None) -> dict[str, float | None]:
    with Workspace(":memory:") as shop:
        for number, text in enumerate(files):
            load = shop.add(text.encode(), name=f"payments{number}.csv", answers=answers or {})
            assert not load.questions
        return dict(shop.ask(Query(KPIS)).totals)


def test_a_polish_report_is_known_and_its_refund_is_no_negative_payment(read: Read, table: Table) -> None:
    """Received 100 of P1; paid back 40; kept 1.50 − 0.50; P1 went through and P2 failed, so half."""
    (part,) = read(POLISH)
    assert (part.format, part.questions, part.rows.loaded) == ("payments", (), 5)
    assert table(part, "payments", "amount, refunded_amount, fee_amount, status, order_id, method") == [
        (Decimal(100), None, Decimal("1.5"), "paid", "1001", "BLIK"),
        (Decimal(50), None, Decimal(0), "failed", "1002", "karta"),
        (Decimal(70), None, Decimal(0), "awaiting_payment", "1003", "karta"),
        (Decimal(0), Decimal(40), Decimal("-0.5"), "refunded", "1001", "BLIK"),
        (Decimal(10), None, None, "unknown", "1005", "BLIK"),
    ]
    assert "not known; these payments are not counted: “dziwna”" in said(part)
    assert totals(POLISH) == {
        "payments_received": 100,
        "payment_refunds": 40,
        "payment_fees": 1,
        "payment_success_rate": 0.5,
    }


def test_a_refund_counts_on_its_own_day() -> None:
    with Workspace(":memory:") as shop:
        shop.add(POLISH.encode(), name="payments.csv")
        on_the_fifth = Query(KPIS[:2], start=date(2026, 3, 5), end=date(2026, 3, 5))
        assert shop.ask(on_the_fifth).totals == {"payments_received": 0, "payment_refunds": 40}


def test_payments_join_their_orders() -> None:
    orders = "order_id,order_date,total,currency,device,customer_id\n1001,2026-03-01,100.00,PLN,mobile,7\n"
    with Workspace(":memory:") as shop:
        shop.add(orders.encode(), name="orders.csv")
        shop.add(POLISH.encode(), name="payments.csv")
        frame = shop.ask(Query(("payments_received",), by=("device",))).frame
        assert frame.set_index("device")["payments_received"].to_dict()["mobile"] == 100


def test_a_wallets_report_is_asked_and_read_by_its_types(read: Read, table: Table) -> None:
    """Received 100 + 20; paid back 40; kept 3.50 − 1.00 + 0.70; the withdrawal is neither."""
    (asked,) = read(WALLET)
    assert [question.key for question in asked.questions] == ["table", "columns"]
    assert asked.questions[0].suggested == "payments"
    columns = dict(asked.questions[1].suggested)
    (part,) = read(WALLET, table="payments", columns=columns)
    assert (part.rows.read, part.rows.loaded, part.rows.set_aside) == (5, 4, 1)
    assert "neither a payment nor a refund were set aside: “General Withdrawal” (1 row)" in said(part)
    assert totals(WALLET, answers={"table": "payments", "columns": columns}) == {
        "payments_received": 120,
        "payment_refunds": 40,
        "payment_fees": pytest.approx(3.2),
        "payment_success_rate": pytest.approx(2 / 3),
    }


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("COMPLETED", "paid"),
        ("captured", "paid"),
        ("zrealizowana", "paid"),
        ("Opłacona", "paid"),
        ("WAITING_FOR_CONFIRMATION", "awaiting_payment"),
        ("processing", "awaiting_payment"),
        ("W realizacji", "awaiting_payment"),
        ("CANCELED", "cancelled"),
        ("anulowana", "cancelled"),
        ("błąd", "failed"),
        ("odrzucona", "failed"),
        ("Częściowo zwrócona", "partially_refunded"),
        ("shipped", "unknown"),
    ],
)
def test_a_status_is_the_payments_and_not_the_orders(read: Read, table: Table, written: str, status: str) -> None:
    (part,) = read(f"payment id,payment date,amount,currency,status\n1,2026-03-01,5.00,PLN,{written}\n")
    assert table(part, "payments", "status, status_raw") == [(status, written)]


def test_a_payment_marked_as_refunded_is_received_and_paid_back_whole(read: Read) -> None:
    text = (
        "payment id,payment date,amount,currency,status\n1,2026-03-01,50.00,PLN,refunded\n2,2026-03-01,30.00,PLN,paid\n"
    )
    assert "all of each counts as paid back (1 row)" in said(read(text)[0])
    assert totals(text) == {"payments_received": 80, "payment_refunds": 50, "payment_success_rate": 1}


def test_a_refund_is_counted_once_where_it_has_a_row_too() -> None:
    """The payment says that it was refunded, and the refund of 50 stands in a row of its own."""
    text = (
        "payment id,payment date,transaction type,amount,currency,status\n"
        "1,2026-03-01,Płatność,50.00,PLN,zwrócona\n2,2026-03-02,Zwrot,50.00,PLN,zakończona\n"
    )
    assert totals(text)["payments_received"] == 50
    assert totals(text)["payment_refunds"] == 50


def test_the_states_that_one_payment_went_through_count_once(read: Read) -> None:
    """P1 was pending, then paid, then refunded: received 50, paid back 50. P2 was captured in two parts: 30 + 20."""
    text = (
        "payment id,payment date,amount,currency,status\n1,2026-03-01,50.00,PLN,pending\n1,2026-03-02,50.00,PLN,paid\n"
        "1,2026-03-09,50.00,PLN,refunded\n2,2026-03-03,30.00,PLN,captured\n2,2026-03-04,20.00,PLN,captured\n"
    )
    assert "another state of it, or the same once more (1 row)" in said(read(text)[0])
    assert totals(text)["payments_received"] == 100
    assert totals(text)["payment_refunds"] == 50


def test_a_refund_that_failed_is_neither_paid_back_nor_a_failed_payment(read: Read) -> None:
    text = (
        "payment id,payment date,amount,currency,status\n1,2026-03-01,50.00,PLN,paid\n"
        "2,2026-03-02,-50.00,PLN,rejected\n3,2026-03-03,-5.00,PLN,pending\n"
    )
    assert "not counted (2 rows)" in said(read(text)[0])
    assert "payment_refunds" not in totals(text)
    assert totals(text)["payment_success_rate"] == 1


def test_a_column_beside_the_payment_says_what_was_paid_back() -> None:
    text = "payment id,payment date,amount,amount refunded,currency,status\n1,2026-03-01,50.00,20.00,PLN,partially refunded\n"
    assert totals(text)["payment_refunds"] == 20


@pytest.mark.parametrize("fees", [("1.50", "-0.50"), ("-1.50", "0.50")])
def test_fees_are_costs_whichever_sign_they_have(read: Read, table: Table, fees: tuple[str, str]) -> None:
    text = f"payment id,payment date,amount,fee,currency\n1,2026-03-01,50.00,{fees[0]},PLN\n2,2026-03-02,-50.00,{fees[1]},PLN\n"
    (part,) = read(text)
    assert table(part, "payments", "fee_amount") == [(Decimal("1.5"),), (Decimal("-0.5"),)]
    assert "every payment in it counts as received" in said(part)


def test_fees_of_refunds_alone_are_left_open(read: Read, table: Table) -> None:
    (part,) = read("payment id,payment date,amount,fee,currency\n1,2026-03-01,-50.00,1.00,PLN\n")
    assert table(part, "payments", "refunded_amount, fee_amount") == [(Decimal(50), None)]
    assert "leaves open" in said(part)


def test_a_fee_is_what_its_parts_add_up_to(read: Read, table: Table) -> None:
    """1.00 net and 0.23 of VAT; and of another file, 50 paid and 48.80 left."""
    (part,) = read(
        "Id płatności;Data płatności;Kwota;Prowizja netto;VAT od prowizji\n1;2026-03-01;50,00 zł;1,00;0,23\n"
    )
    assert table(part, "payments", "fee_amount, fee_tax_amount, currency") == [
        (Decimal("1.23"), Decimal("0.23"), "PLN")
    ]
    (part,) = read("Id płatności;Data płatności;Kwota;Kwota po prowizji\n1;2026-03-01;50,00 zł;48,80\n")
    assert table(part, "payments", "fee_amount") == [(Decimal("1.2"),)]


def test_amounts_in_two_columns_are_received_and_paid_back(read: Read, table: Table) -> None:
    text = (
        "Psp Reference,Merchant Reference,Payment Method,Creation Date,Type,Gross Currency,Gross Debit (GC),Gross Credit (GC)\n"
        "8535,1001,visa,2026-03-01 10:00:00,Settled,EUR,,100.00\n8536,1001,visa,2026-03-05 10:00:00,Refunded,EUR,40.00,\n"
        "-,,,2026-03-06 10:00:00,MerchantPayout,EUR,55.00,\n8537,1002,visa,2026-03-07 10:00:00,Chargeback,EUR,9.00,\n"
    )
    (part,) = read(text)
    assert part.format == "payments"
    assert table(part, "payments", "amount, refunded_amount, currency, order_id") == [
        (Decimal(100), None, "EUR", "1001"),
        (Decimal(0), Decimal(40), "EUR", "1001"),
    ]
    assert part.rows.set_aside == 2
    assert "“Chargeback”" in said(part)


def test_converted_amounts_count_and_are_before_the_fee(read: Read, table: Table) -> None:
    """100 PLN less 2 is settled as 98, so settled amounts lack their fee: 10 EUR came to 41.20 + 0.80 = 42 PLN."""
    text = (
        "payment id,payment date,amount,currency,fee,settlement amount,settlement currency\n"
        "1,2026-03-01,100.00,PLN,2.00,98.00,PLN\n2,2026-03-02,10.00,EUR,0.80,41.20,PLN\n"
    )
    (part,) = read(text)
    assert table(part, "payments", "settled_amount") == [(Decimal(100),), (Decimal(42),)]
    assert totals(text)["payments_received"] == 142


def test_a_title_names_its_order_where_it_says_so(read: Read, table: Table) -> None:
    text = (
        "Id transakcji;Data transakcji;Kwota;Prowizja;Tytuł\n1;2026-03-01;50,00 zł;1,00;Zamówienie nr 1001\n"
        "2;2026-03-02;20,00 zł;0,50;Zam. #A/77\n3;2026-03-02;20,00 zł;0,50;wpłata za prezent\n"
    )
    columns = {"payment_id": "Id transakcji", "amount": "Kwota", "title": "Tytuł"}
    (part,) = read(text, table="payments", columns=columns)
    assert table(part, "payments", "order_id") == [("1001",), ("A/77",), (None,)]


@pytest.mark.parametrize(
    "text",
    [
        ("Transaction ID,Date,Amount,Status,Payment method,Currency\nT1,2026-03-01,10.00,COMPLETED,blik,PLN\n"),
        ("Numer zamówienia;Data płatności;Kwota;Status;Metoda płatności\n1;2026-03-01;10,00;opłacona;blik\n"),
    ],
)  # fmt: skip
def test_what_may_be_orders_or_payments_is_asked(read: Read, text: str) -> None:
    (part,) = read(text)
    assert [question.key for question in part.questions][:2] == ["table", "columns"]
    assert part.questions[0].suggested == "payments"
    assert not part.relations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nr zamówienia;Data zamówienia;Data płatności;Metoda płatności;Kwota zamówienia;Status płatności\n1;2026-03-01;2026-03-02;BLIK;10,00 zł;opłacone\n", "orders"),
        ("Order ID,Order date,Payment date,Payment status,Payment method,Total,Customer email,Currency,Payment id\n1,2026-03-01,2026-03-02,paid,card,100.00,a@example.com,PLN,77\n", "orders"),
        ("order_id,order_date,total,currency,payment_method\n1,2026-03-01,9.00,PLN,card\n", "orders"),
        ("order_id,sku,quantity,unit_price,currency\n1,A,2,5.00,PLN\n", "order_lines"),
        ("refund_id,return_date,order_id,amount,currency\nR1,2026-03-09,1,5.00,PLN\n", "refunds"),
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_payments(read: Read, text: str, expected: str) -> None:
    (part,) = read(text)
    assert (part.format, part.questions) == (expected, ())


def test_a_newer_report_of_the_same_payments_counts_once() -> None:
    text = "payment date,order id,amount,fee,currency\n2026-03-01,1,50.00,1.00,PLN\n2026-03-01,1,50.00,1.00,PLN\n"
    assert totals(text)["payments_received"] == 100
    assert totals(text, text + "2026-03-02,2,7.00,0.20,PLN\n")["payments_received"] == 107
