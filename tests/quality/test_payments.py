"""The same payments under two numbers."""

from __future__ import annotations

from tests.rows import load_rows

STRIPE = "stripe/main"


def payment(name, at, amount=100, **more):
    return {"payment_id": name, "paid_at": at, "amount": amount, "status": "paid", "currency": "PLN"} | more


def test_payments_that_a_second_export_has_without_their_numbers_are_named(shop, found):
    """100 and 40 twice; 7 is another second, the failed one no payment."""
    seconds = ["2026-01-05 10:00:01", "2026-01-06 11:00:02", "2026-01-07 12:00:03"]
    first = [payment("ch_1", seconds[0]), payment("ch_2", seconds[1], 40), payment("ch_3", seconds[2], 7)]
    again = [payment("a 1", seconds[0]), payment("b 1", seconds[1], 40), payment("c 1", "2026-01-07 12:00:04", 7)]
    failed = [payment("ch_4", seconds[2], 9, status="failed")]
    load_rows(shop, "ids.csv", STRIPE, payments=first + failed)
    load_rows(shop, "no ids.csv", STRIPE, payments=[*again, payment("d 1", seconds[2], 9, status="failed")])
    (one,) = found("doubled_payments")
    assert (one.count, one.amount, one.currency, one.imports) == (2, 140, "PLN", (1, 2))
    assert one.kpis[0].kpi == "payments_received"


def test_equal_amounts_of_days_without_a_time_or_of_one_file_are_no_doubles(shop, found):
    days = [payment(f"ch_{n}", f"2026-01-0{n}") for n in range(1, 5)]
    load_rows(shop, "a.csv", STRIPE, payments=days)
    load_rows(shop, "b.csv", STRIPE, payments=[one | {"payment_id": f"x {one['payment_id']}"} for one in days])
    at_once = [payment(f"y{n}", "2026-02-01 10:00:00") for n in range(3)]
    load_rows(shop, "c.csv", STRIPE, payments=at_once)
    load_rows(shop, "d.csv", "stripe/other", payments=at_once)
    assert found("doubled_payments") == []
