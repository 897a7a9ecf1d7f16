"""Payments, parcels and stock counts that cannot be right."""

from __future__ import annotations

from datetime import date, timedelta

from tests.rows import load_rows, order


def payment(name, day="2026-01-05", amount=100, **more):
    return {"payment_id": name, "paid_at": day, "amount": amount, "status": "paid", "currency": "PLN"} | more


def test_a_refund_above_its_payment_and_a_status_that_nobody_knows(shop, found):
    """100 paid and 150 back; a refund with a row of its own has no payment beside it and is right."""
    load_rows(shop, account="stripe/main", payments=[
        payment("a", refunded_amount=150),
        payment("b", refunded_amount=100),
        payment("c", amount=0, refunded_amount=40, status="refunded"),
        payment("d", status="under review"),
        payment("e", status=None),
    ])  # fmt: skip
    (above,) = found("refund_above_payment")
    assert (above.count, above.examples, above.severity) == (1, ("a",), "affects")
    (unknown,) = found("unknown_payments")
    assert (unknown.count, unknown.examples, unknown.severity) == (1, ("e",), "look")


def test_a_parcel_sent_before_its_order(shop, found):
    times = {"1": ("2026-01-05 10:00", "2026-01-04 10:00"), "2": ("2026-01-05 10:00", "2026-01-05 10:00")}
    load_rows(shop, shipments=[
        {"order_id": name, "parcel": name, "ordered_at": ordered, "shipped_at": sent} for name, (ordered, sent) in times.items()
    ])  # fmt: skip
    (one,) = found("sent_before_ordered")
    assert (one.count, one.examples) == (1, ("1",))


def test_stock_below_zero_and_without_a_cost_is_counted_once_a_count(shop, found):
    """A holds its count of −10 for nine days until the next one: one count, not nine rows."""
    counts = [
        ("A", "2026-01-01", -10, 5),
        ("A", "2026-01-10", 4, 5),
        ("B", "2026-01-01", 5, 0),
        ("C", "2026-01-01", 0, 0),
    ]
    load_rows(shop, stock=[
        {"sku": sku, "counted_on": day, "quantity": quantity, "unit_cost": cost, "currency": "PLN"} for sku, day, quantity, cost in counts
    ])  # fmt: skip
    assert [(one.count, one.examples) for one in found("negative_stock")] == [(1, ("A",))]
    assert [(one.count, one.examples) for one in found("unpriced_stock")] == [(1, ("B",))]


def test_payments_and_stock_counts_of_the_future(shop, found):
    """Imported on 1 March 2026."""
    load_rows(shop, "a.csv", payments=[payment("a"), payment("b", "2035-01-05")])
    load_rows(shop, "b.csv", stock=[{"sku": "A", "counted_on": "2026-03-02", "quantity": 1}])
    assert [(one.table, one.count) for one in found("future_days")] == [("payments", 1), ("stock", 1)]


def test_a_day_without_payments_and_a_day_missing_in_the_shops_report(shop, found):
    """Eight weeks of twenty a day, but for the fifth Wednesday: e^(−20) is no chance."""
    days = [date(2025, 12, 1) + timedelta(n) for n in range(56)]
    days.remove(date(2025, 12, 31))
    load_rows(
        shop, "a.csv", "stripe/main", payments=[payment(f"{day}-{n}", str(day)) for day in days for n in range(20)]
    )
    load_rows(shop, "b.csv", "shop/main", sales_daily=[{"day": str(day), "orders": 20} for day in days])
    missing = [(one.table, one.period, one.what.params["typical"]) for one in found("missing_days")]
    new_year = (date(2025, 12, 31), date(2025, 12, 31))
    assert missing == [("payments", new_year, 20), ("sales_daily", new_year, 20)]


def test_payments_and_parcels_of_orders_that_are_not_there(shop, found):
    """Two of three payments name an order of the shop, with its sign and without; the one without a number is asked nothing."""
    load_rows(shop, "p.csv", "stripe/main", payments=[
        payment("a", order_id="1"), payment("b", order_id="#2"), payment("c", order_id="9"), payment("d"),
    ])  # fmt: skip
    assert found("unjoined") == []
    load_rows(shop, "o.csv", "shop/main", orders=[order("#1", "2026-01-05"), order("2", "2026-01-05")])
    (one,) = found("unjoined")
    assert (one.table, one.count, one.what.params["total"], one.examples) == ("payments", 1, 3, ("9",))
