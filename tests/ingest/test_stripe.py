"""Stripe's payments in three layouts: only converted amounts add up, refunds count with their payment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
OLDER = """id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Converted Amount,Converted Amount Refunded,Fee,Taxes On Fee,Converted Currency,Status,Customer ID,Customer Email,Captured
ch_1,Order 7,Payment complete.,2026-03-01 10:15,100.00,0.00,usd,400.00,0.00,12.00,2.20,pln,Paid,cus_1,anna@example.com,true
ch_2,,Payment complete.,2026-03-01 23:30,50.00,20.00,eur,215.00,86.00,7.00,1.30,pln,Paid,cus_2,,true
ch_3,,Payment complete.,2026-03-02 08:00,80.00,80.00,pln,80.00,80.00,3.00,0.50,pln,Refunded,cus_1,anna@example.com,true
ch_4,,The bank declined.,2026-03-02 09:00,999.00,0.00,usd,,,0.00,0.00,,Failed,cus_3,,false
ch_5,,,2026-03-03 09:00,30.00,0.00,pln,30.00,0.00,0.00,0.00,pln,Paid,,,false
"""
NEWER = """id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,Converted Currency,Decline Reason,Fee,Status,Card Issue Country,Payment Source Type,UTM Source,order_id (metadata)
py_1,2026-03-01 10:15:30,19.90,0.00,gbp,true,99.50,0.00,pln,,2.90,Paid,GB,card,google,1001
"""
CHOSEN = (
    "Created date (UTC);Amount;Currency;Captured;Converted Amount;Converted Currency;Fee;Payment Source Type;Status;Taxes On Fee;Customer ID;Invoice Number\r\n"
    "2026-03-01 10:15;100.00;thb;true;100.00;thb;3.65;card;Paid;0.24;cus_1;INV-1\r\n"
    "2026-03-01 10:15;100.00;thb;true;100.00;thb;3.65;card;Paid;0.24;cus_1;INV-1\r\n"
    "2026-03-02 10:15;10.00;usd;true;350.00;thb;15.00;card;Refunded;1.00;cus_2;INV-2\r\n"
)


def test_amounts_of_the_payout_stand_beside_those_of_the_customer(read: Read, table: Table) -> None:
    (part,) = read(OLDER, "unified_payments.csv")
    assert (part.format, part.confidence >= 0.9, part.questions) == ("stripe_payments", True, ())
    assert table(part, "payments", "payment_id, amount, currency, settled_amount, settled_currency, status") == [
        ("ch_1", 100, "USD", 400, "PLN", "paid"),
        ("ch_2", 50, "EUR", 215, "PLN", "partially_refunded"),
        ("ch_3", 80, "PLN", 80, "PLN", "refunded"),
        ("ch_4", 999, "USD", None, None, "failed"),
        ("ch_5", 30, "PLN", 30, "PLN", "awaiting_payment"),
    ]
    assert table(part, "payments", "refunded_amount, fee_amount, utc_offset")[1] == (86, 7, 0)
    assert table(part, "payments", "paid_at")[1] == (datetime(2026, 3, 1, 23, 30),)
    assert part.rows.are_conserved


def test_the_newer_names_of_the_columns(read: Read, table: Table) -> None:
    (part,) = read(NEWER)
    columns = "payment_id, paid_at, settled_amount, country, method, order_id"
    assert table(part, "payments", columns) == [
        ("py_1", datetime(2026, 3, 1, 10, 15, 30), Decimal("99.50"), "GB", "card", "1001")
    ]


def test_a_choice_of_columns_without_ids_and_refunds(read: Read, table: Table) -> None:
    (part,) = read(CHOSEN, "payments.csv")
    assert part.format == "stripe_payments"
    found = table(part, "payments", "payment_id, settled_amount, status, refunded_amount")
    assert [row[1:] for row in found] == [(100, "paid", None), (100, "paid", None), (350, "refunded", 350)]
    assert len({row[0] for row in found}) == 3
    assert any("has no payment ids" in str(note) for note in part.notes)
    (again,) = read(CHOSEN)
    assert table(again, "payments", "payment_id") == [(row[0],) for row in found]


def test_a_refund_that_is_only_known_in_the_customers_money_is_converted(read: Read, table: Table) -> None:
    (part,) = read(OLDER.replace("Converted Amount Refunded", "Note"))
    assert table(part, "payments", "refunded_amount") == [(0,), (86,), (80,), (0,), (0,)]


def test_the_kpis_of_payments(tmp_path: Path) -> None:
    file = tmp_path / "unified_payments.csv"
    file.write_text(OLDER, "utf-8")
    with Workspace(":memory:") as shop:
        shop.settings["time_zone"] = "Europe/Warsaw"
        shop.add(file)
        kpis = ("payments_received", "payment_refunds", "payment_fees", "payment_fee_rate", "payment_success_rate")
        answer = shop.ask(Query(kpis))
        # 400 + 215 + 80; 86 + 80; 12 + 7 + 3; three went through and one failed
        assert answer.totals == pytest.approx(
            {
                "payments_received": 695,
                "payment_refunds": 166,
                "payment_fees": 22,
                "payment_fee_rate": 22 / 695,
                "payment_success_rate": 3 / 4,
            }
        )
        # half past eleven in the evening UTC is the next day in Warsaw
        by_day = shop.ask(Query(("payments_received",), grain="day")).frame["payments_received"].tolist()
        assert by_day == [400, 295, 0]


def test_an_unknown_status_is_said_and_not_counted(read: Read, table: Table) -> None:
    (part,) = read(OLDER.replace("Refunded,cus_1", "Mystery,cus_1"))
    assert table(part, "payments", "status")[2] == ("unknown",)
    assert any("“Mystery”" in str(note) for note in part.notes)


def test_rows_that_cannot_be_read_are_refused_and_name_nobody(read: Read, con: Any) -> None:
    (part,) = read(OLDER.replace("2026-03-01 10:15", "yesterday").replace("50.00,20.00", "fifty,20.00"))
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (5, 3, 2)
    assert [row.row_no for row in part.refused] == [2, 3]
    assert "anna" not in kept_words(con, part)


@pytest.mark.parametrize(
    "text",
    [
        "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description\n"
        "txn_1,charge,ch_1,100.00,1.75,98.25,eur,2025-03-05 10:15,2025-03-08 00:00,Order 1\n",
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id\n"
        "txn_1,2025-03-05 10:15:00,2025-03-08 00:00:00,eur,100.00,1.75,98.25,charge,ch_1\n",
        "id,Amount,Created (UTC),Currency,Arrival Date (UTC),Source Type,Status,Type,Method\n"
        "po_1,88.25,2025-03-10 10:15,eur,2025-03-12 00:00,card,paid,bank_account,standard\n",
    ],
    ids=["balance", "itemised balance", "payouts"],
)
def test_what_is_no_payment_counts_nothing_and_says_so(read: Read, text: str) -> None:
    (part,) = read(text)
    assert (part.format, part.tables, part.questions) == ("stripe_other", {}, ())
    assert (part.rows.set_aside, part.rows.are_conserved) == (1, True)
    assert any("not of payments" in str(note) for note in part.notes)


def test_payments_of_the_test_mode_are_set_aside(read: Read, table: Table) -> None:
    head = "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Mode\n"
    live, test = (f"py_{mode},2026-03-01 10:00:00,100.00,10.00,pln,true,Paid,{mode}\n" for mode in ("Live", "Test"))
    (part,) = read(head + live + test)
    assert table(part, "payments", "payment_id, amount, refunded_amount") == [("py_Live", 100, 10)]
    assert (part.rows.loaded, part.rows.set_aside) == (1, 1)
    assert any("test mode" in str(note) for note in part.notes)


NUMBERED = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,Converted Currency,Fee,Status\n"
    "ch_1,2026-03-01 10:15:20,100.00,30.00,thb,true,100.00,30.00,thb,3.65,Paid\n"
    "ch_2,2026-03-02 10:15:00,10.00,0.00,usd,true,350.00,0.00,thb,15.00,Paid\n"
)


@pytest.mark.parametrize("is_numbered_first", [True, False])
def test_payments_without_ids_give_way_to_the_same_with_ids(is_numbered_first: bool) -> None:
    """Without ids 100 + 100 + 350; 100 and 350 of these have ids in the other file, which knows that 30 was paid back."""
    files = [("unified_payments.csv", NUMBERED), ("unified_payments (1).csv", CHOSEN)]
    with Workspace(":memory:") as shop:
        ids = {
            name: shop.add(text.encode(), name=name).import_id
            for name, text in files[:: 1 if is_numbered_first else -1]
        }
        query = Query(("payments_received", "payment_refunds"))
        assert shop.ask(query).totals == {"payments_received": 550, "payment_refunds": 30}
        shop.undo(ids["unified_payments.csv"])
        assert shop.ask(Query(("payments_received",))).totals == {"payments_received": 550}


def test_what_was_never_captured_is_no_payment_and_no_refund(read: Read, table: Table) -> None:
    (part,) = read(OLDER.replace("Refunded,cus_1,anna@example.com,true", "Refunded,cus_1,anna@example.com,false"))
    assert table(part, "payments", "status, refunded_amount")[2] == ("cancelled", None)
