"""The totals of a table: a sum only where the sum is the total."""

from __future__ import annotations

import pytest

import kpi
from kpi.model import catalogue
from kpi.report.asked import asked
from kpi.report.totals import is_shared_out, table_totals
from tests.report.books import book_of, plan, row_of
from tests.rows import load_rows, order, visit


@pytest.fixture
def shop():
    with kpi.Workspace(":memory:") as shop:
        yield shop


def table_of(shop, *kpis, by):
    return asked(shop.ask, shop.catalogue, plan(*kpis, compare=None).query.but(by=(by,)))


def test_total_of_a_breakdown_is_that_of_its_own_report(shop):
    # two reports of one account: 100 sessions in all; 60 + 30 = 90 of the same by device
    load_rows(shop, "all.csv", traffic=[visit("2026-02-01", 100)])
    by_device = [
        visit("2026-02-01", n, breakdown="device", device=name) for name, n in (("mobile", 60), ("desktop", 30))
    ]
    load_rows(shop, "devices.csv", traffic=by_device)
    book = book_of(shop, plan("sessions", compare=None, breakdowns=("device",)))
    assert next(row[1].value for row in book["Measures"].iter_rows() if row[0].value == "Sessions") == 100
    total = row_of(book["Device"], "Total")["Sessions"]
    assert total.value == f"=SUM({total.column_letter}5:{total.column_letter}6)"


def test_total_of_what_cannot_be_added_comes_from_the_summary(shop):
    orders = [order("a", "2026-02-01", device="mobile", customer_key="k"), order("b", "2026-02-02", customer_key="k")]
    load_rows(shop, orders=orders)
    table = table_of(shop, "returning_rate", by="device")
    found = table_totals(table, {"returning_customers": 1.0, "customers": 1.0})
    assert found.measures == {"returning_customers": 1, "customers": 1}
    assert not found.summed


def test_total_that_the_summary_does_not_have_comes_from_the_receipt(shop):
    orders = [order("a", "2026-02-01", device="mobile", customer_key="k"), order("b", "2026-02-02", customer_key="k")]
    load_rows(shop, orders=orders)
    found = table_totals(table_of(shop, "returning_rate", by="device"), {"returning_customers": 5.0, "customers": 7.0})
    # one customer, who came back
    assert found.measures == {"returning_customers": 1, "customers": 1}


def test_stock_adds_up_over_products_and_never_over_months(shop):
    """A month closes with 2 mugs and 3 bags, the next with 1 and 0: 1 piece is left in the end, not 6."""
    left = {"2026-02-28": (2, 3), "2026-03-31": (1, 0)}
    load_rows(shop, stock=[
        {"sku": sku, "counted_on": day, "quantity": quantity, "unit_cost": 10, "currency": "PLN"}
        for day, both in left.items() for sku, quantity in zip(("Mug", "Bag"), both, strict=True)
    ])  # fmt: skip
    wanted = plan("stock_value", "stockout_rate", compare=None, period=None, breakdowns=("product",))
    book = book_of(shop, wanted)
    by_product, over_time = (
        book[name][row_of(book[name], "Total")["Stock value"].value.removeprefix("=")].value
        for name in ("Product", "Over time")
    )
    assert by_product.startswith("=SUM(")
    assert over_time == 10
    months = asked(shop.ask, shop.catalogue, wanted.query.but(grain="month"))
    assert months.measure("closing_value") == [50, 10]
    assert table_totals(months, {"closing_value": 10.0}).measures["closing_value"] == 10


@pytest.mark.parametrize(
    ("kpi_id", "is_shared"),
    [
        ("net_sales", True),
        ("orders", True),
        ("new_customers", True),
        ("aov", False),
        ("median_order", False),
        ("customers", False),
        ("churn", False),
        ("cpm", False),
        ("session_duration", False),
    ],
)
def test_only_sums_and_differences_of_what_adds_up_are_shared_out(kpi_id, is_shared):
    model = catalogue()
    assert is_shared_out(model.kpis[kpi_id], model.measures_of(kpi_id)) == is_shared
