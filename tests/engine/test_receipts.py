"""Every number knows its formula, its rows, what was left out, and where it came from."""

from datetime import date

import pytest

from kpi import Query
from kpi.errors import DataChanged, UnknownKpi
from tests.rows import load_rows, order


def test_receipt_of_a_total(shop):
    receipt = shop.ask(Query(("aov",))).receipt("aov")
    assert (receipt.value, receipt.numerator, receipt.denominator) == (84, 420, 5)
    assert receipt.n == {"orders": 5}
    assert [(left.reason.en, left.count, dict(left.detail)) for left in receipt.left_out] == [
        ("cancelled, failed or test orders", 2, {"cancelled": 1, "test": 1})
    ]
    assert [(source.name, source.rows) for source in receipt.imports] == [("orders.csv", 5)]
    assert receipt.currency == "PLN"


def test_receipt_of_a_group(shop):
    answer = shop.ask(Query(("conversion_rate",), by=("channel",)))
    receipt = answer.receipt("conversion_rate", channel="organic")
    assert (receipt.numerator, receipt.denominator) == (3, 150)
    assert receipt.value == pytest.approx(0.02)
    assert receipt.n == {"orders": 3, "traffic": 2}
    assert [source.name for source in receipt.imports] == ["orders.csv", "ga4.csv"]


def test_receipt_counts_orders_of_other_sales_channels_apart(shop):
    left = shop.ask(Query(("online_orders",))).receipt("online_orders").left_out
    assert [one.count for one in left] == [2, 1]


def test_receipt_of_a_bucket(shop):
    answer = shop.ask(Query(("orders",), grain="week"))
    receipt = answer.receipt("orders", date=date(2026, 3, 9))
    assert (receipt.value, receipt.period) == (2, (date(2026, 3, 9), date(2026, 3, 15)))


def test_receipt_of_a_group_without_a_value(shop):
    assert shop.ask(Query(("orders",), by=("device",))).receipt("orders", device=None).value == 1


def test_receipt_of_the_whole_of_a_breakdown(shop):
    assert shop.ask(Query(("aov",), by=("country",), grain="month")).receipt("aov").value == 84


def test_there_is_no_receipt_for_a_number_that_was_not_asked(shop):
    with pytest.raises(UnknownKpi):
        shop.ask(Query(("aov",))).receipt("orders")
    with pytest.raises(UnknownKpi):
        shop.ask(Query(("aov",))).receipt("aov", device="mobile")


def test_the_sql_of_a_receipt_gives_the_number_again(shop):
    receipt = shop.ask(Query(("aov",))).receipt("aov")
    assert shop._store.rows(receipt.sql, receipt.parameters)[0][-1] == 84


def test_the_receipt_of_a_bucket_counts_only_its_rows(shop):
    receipt = shop.ask(Query(("sessions",), grain="day")).receipt("sessions", date=date(2026, 3, 1))
    assert (receipt.value, receipt.n) == (100, {"traffic": 1})


def test_a_receipt_never_adds_currencies(empty):
    load_rows(empty, orders=[order("A", "2026-01-01", 100), order("B", "2026-01-01", 50, currency="EUR")])
    answer = empty.ask(Query(("revenue",), by=("currency",)))
    assert answer.receipt("revenue").value is None
    assert answer.receipt("revenue", currency="EUR").value == 50


def test_a_receipt_is_of_its_answers_data_or_of_none(empty):
    load_rows(empty, orders=[order("A", "2026-01-01", 100)])
    answer = empty.ask(Query(("revenue",)))
    load_rows(empty, "more.csv", orders=[order("B", "2026-01-01", 900)])
    with pytest.raises(DataChanged):
        answer.receipt("revenue")


def test_there_is_no_bucket_without_a_grain(shop):
    with pytest.raises(UnknownKpi):
        shop.ask(Query(("sessions",))).receipt("sessions", date=date(2026, 3, 1))


def test_keys_that_a_comparison_adds_are_none_where_unknown(empty):
    load_rows(
        empty,
        orders=[
            order("A", "2026-01-01", country="DE"),
            order("B", "2026-02-10", country="PL", device="mobile"),
            order("C", "2026-01-31"),
            order("D", "2026-02-28"),
        ],
    )
    answer = empty.ask(
        Query(
            ("orders",),
            by=("country", "device"),
            start=date(2026, 2, 1),
            end=date(2026, 2, 28),
            compare=(date(2026, 1, 1), date(2026, 1, 31)),
        )
    )
    assert {(row.country, row.device) for row in answer.frame.itertuples()} == {
        ("PL", "mobile"),
        ("DE", None),
        (None, None),
    }


def test_dated_refunds_are_counted_beside_the_orders(empty):
    """Two orders of 100 and a refund of 30 that came on a day of its own: 2 rows of orders, 1 of refunds, 170 left."""
    refund = {"refund_id": "r1", "order_id": "1", "refunded_at": "2026-03-09", "amount": 30, "currency": "PLN"}
    load_rows(empty, orders=[order("1", "2026-03-02"), order("2", "2026-03-03")], refunds=[refund])
    told = empty.ask(Query(kpis=("revenue",))).receipt("revenue")
    assert (told.value, dict(told.n)) == (170, {"orders": 2, "refunds": 1})


def test_a_receipt_tells_of_its_own_number_only(shop):
    """Remarks and SQL of the other KPIs of the answer do not stand in it."""
    answer = shop.ask(Query(kpis=("orders", "gross_profit", "conversion_rate")))
    told = answer.receipt("orders")
    assert "cost" not in told.sql
    assert len(told.sql) < len(answer.sql)
    assert told.value == answer.totals["orders"]
