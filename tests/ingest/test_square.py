"""Square's transactions: payments and refunds, each with its own row, at the clock of the named zone."""

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
HEADER = (
    "Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Tip,Total Collected,Source,Card,Cash,Square Gift Card,Other Tender,Fees,Net Total,"
    "Transaction ID,Payment ID,Card Brand,Event Type,Location,Customer ID,Customer Name\n"
)
ROWS = """3/30/2026,12:05:09 AM,Eastern Time (US & Canada),"$1,200.00",$0.00,"$1,200.00",$40.00,$0.00,"$1,240.00",Register,"$1,240.00",$0.00,$0.00,$0.00,-$32.54,"$1,207.46",t-1,p-1,Visa,Payment,Main,c-1,Anna Nowak
3/30/2026,1:30:00 PM,Eastern Time (US & Canada),$50.00,-$5.00,$45.00,$0.00,$0.00,$45.00,Register,$20.00,$25.00,$0.00,$0.00,-$0.62,$44.38,t-2,p-2,Visa,Payment,Main,,
3/31/2026,12:15:00 PM,Eastern Time (US & Canada),-$45.00,$0.00,-$45.00,$0.00,$0.00,-$45.00,Register,-$20.00,-$25.00,$0.00,$0.00,$0.00,-$45.00,t-3,p-2,Visa,Refund,Main,,
3/31/2026,2:15:00 PM,Eastern Time (US & Canada),$10.00,$0.00,$10.00,$0.00,$0.00,$10.00,Register,$0.00,$10.00,$0.00,$0.00,$0.00,$10.00,t-4,p-4,,Payment,Main,,
"""


def test_a_dollar_sign_is_no_currency(read: Read) -> None:
    (part,) = read(HEADER + ROWS)
    assert (part.format, part.confidence >= 0.9) == ("square_transactions", True)
    assert [question.key for question in part.questions] == ["currency"]


def test_payments_and_refunds(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS, currency="USD")
    columns = "payment_id, paid_at, amount, refunded_amount, fee_amount, method"
    assert table(part, "payments", columns) == [
        ("p-1", datetime(2026, 3, 30, 0, 5, 9), 1240, 0, Decimal("32.54"), "card"),
        ("p-2", datetime(2026, 3, 30, 13, 30), 45, 0, Decimal("0.62"), "several"),
        ("refund p-2 2026-03-31 12:15:00 -45.0000 1", datetime(2026, 3, 31, 12, 15), 0, 45, 0, "several"),
        ("p-4", datetime(2026, 3, 31, 14, 15), 10, 0, 0, "cash"),
    ]
    assert any("“Eastern Time (US & Canada)”" in str(note) for note in part.notes)


def test_refunds_count_on_their_own_day(tmp_path: Path) -> None:
    file = tmp_path / "transactions.csv"
    file.write_text(HEADER + ROWS, "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(file, answers={"currency": "USD"})
        days = shop.ask(Query(("payments_received", "payment_refunds"), grain="day")).frame
        assert days[["payments_received", "payment_refunds"]].values.tolist() == [[1285, 0], [10, 45]]
        assert shop.ask(Query(("payment_fee_rate",))).totals["payment_fee_rate"] == pytest.approx(33.16 / 1295)


def test_a_second_refund_of_a_payment_in_another_file_does_not_replace_the_first(tmp_path: Path) -> None:
    """The other day's file gives 20 of the 1240 back, the next one 15; each counts once, however often it is read."""
    row = "4/{day}/2026,12:15:00 PM,,-{x},$0.00,-{x},$0.00,$0.00,-{x},Register,-{x},$0.00,$0.00,$0.00,$0.00,-{x},t-9,p-1,Visa,Refund,Main,,\n"
    parts = [ROWS, row.format(day=1, x="$20.00"), row.format(day=2, x="$15.00")]
    with Workspace(":memory:") as shop:
        for number, rows in enumerate([*parts, "".join(parts)]):
            file = tmp_path / f"transactions {number}.csv"
            file.write_text(HEADER + rows, "utf-8")
            shop.add(file, answers={"currency": "USD"})
        totals = shop.ask(Query(("payments_received", "payment_refunds"))).totals
        assert totals == {"payments_received": 1295, "payment_refunds": 45 + 20 + 15}


def test_rows_that_cannot_be_read_are_refused_and_name_nobody(read: Read, con: Any) -> None:
    text = HEADER + ROWS.replace('"$1,240.00",Register', "much,Register").replace("3/31/2026,12", "soon,12")
    (part,) = read(text, currency="USD")
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (4, 2, 2)
    assert not any(name in kept_words(con, part) for name in ("anna", "nowak"))


def test_other_events_are_set_aside_and_said(read: Read) -> None:
    (part,) = read(HEADER + ROWS.replace("Refund,Main", "Payout,Main"), currency="USD")
    assert (part.rows.loaded, part.rows.set_aside) == (3, 1)
    assert any("“Payout”" in str(note) for note in part.notes)


def test_a_declined_transaction_took_no_money(read: Read, table: Table) -> None:
    header, first, *_ = (HEADER + ROWS).splitlines()
    text = f"{header},Transaction Status\n{first},Complete\n{first.replace('p-1', 'p-9')},Failed\n"
    (part,) = read(text, currency="USD")
    assert table(part, "payments", "status, fee_amount") == [("paid", Decimal("32.54")), ("failed", None)]
