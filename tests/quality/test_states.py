"""What two files say of the same orders: states that went back, and a report that counts other orders."""

from __future__ import annotations

import pytest

from tests.rows import load_rows, order


def test_an_older_export_that_was_added_last_is_named_with_the_orders_it_brings_back(shop, found):
    """1 was cancelled and 2 refunded in the newer export; the older one, added last, knows both as paid: 10 + 20 = 30."""
    newer = [order("1", "2026-01-05", 10, status="cancelled"), order("2", "2026-01-06", 20, status="refunded")]
    load_rows(shop, "newer.csv", orders=[*newer, order("3", "2026-01-07", 30)])
    older = load_rows(shop, "older.csv", orders=[order(str(n), f"2026-01-0{4 + n}", 10 * n) for n in (1, 2, 3)])
    (one,) = found("orders_gone_back")
    assert (one.severity, one.count, one.amount, one.currency) == ("affects", 2, 30, "PLN")
    assert (one.imports, one.examples) == ((1, 2), ("1", "2"))
    shop.undo(older)
    assert found("orders_gone_back") == []


def test_states_that_go_on_are_no_older_export(shop, found):
    load_rows(shop, "older.csv", orders=[order("1", "2026-01-05"), order("2", "2026-01-06", status="awaiting_payment")])
    load_rows(shop, "newer.csv", orders=[order("1", "2026-01-05", status="refunded"), order("2", "2026-01-06")])
    assert found("orders_gone_back") == []


def said(*orders: int) -> list[dict[str, object]]:
    return [{"day": f"2026-01-0{day}", "orders": count, "currency": "PLN"} for day, count in enumerate(orders, 5)]


def placed(*counts: int, status: str = "paid") -> list[dict[str, object]]:
    return [
        order(f"{status}{day}-{n}", f"2026-01-0{day}", status=status)
        for day, count in enumerate(counts, 5)
        for n in range(count)
    ]


def test_a_report_that_counts_more_orders_than_there_are_is_named_with_the_worst_day(shop, found):
    """10 + 20 + 10 = 40 against 10 + 12 + 10 = 32: 8 are missing, all on the 6th."""
    load_rows(shop, "orders.csv", orders=placed(10, 12, 10))
    load_rows(shop, "report.csv", sales_daily=said(10, 20, 10))
    (one,) = found("report_against_orders")
    assert (one.count, one.imports) == (8, (2,))
    assert (one.what.params["reported"], one.what.params["known"]) == (40, 32)
    assert str(one.what.params["day"]) == "2026-01-06"
    assert {it.effect for it in one.kpis} == {"low"}


@pytest.mark.parametrize(
    ("counts", "report"),
    [
        pytest.param((10, 10, 10), (10, 9, 11), id="an order near midnight"),
        pytest.param((10, 0, 10), (10, 0, 10, 400), id="days without a file of orders"),
    ],
)
def test_a_report_that_agrees_where_both_are_known_is_no_finding(shop, found, counts, report):
    load_rows(shop, "orders.csv", orders=placed(*counts))
    load_rows(shop, "report.csv", sales_daily=said(*report))
    assert found("report_against_orders") == []


def test_the_reports_cancelled_orders_are_no_gap(shop, found):
    """8 paid and 2 cancelled are the 10 of the report."""
    load_rows(shop, "orders.csv", orders=[*placed(8), *placed(2, status="cancelled")])
    load_rows(shop, "report.csv", sales_daily=said(10))
    assert found("report_against_orders") == []
