"""The one file that would unlock most: only what it alone can bring, with what is there already."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace
from kpi.coaching import next_files
from tests.rows import line, load_rows, order, visit

ANALYTICS = "web analytics (GA4, Matomo, Plausible)"


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def unlocked(shop: Workspace) -> dict[str, tuple[str, ...]]:
    computable = shop.scope(Query(tuple(shop.catalogue.kpis))).kpis
    return {one.name.en: one.kpis for one in next_files(shop.catalogue, shop.holdings, computable)}


def test_an_empty_workspace_is_told_to_bring_orders_first(shop):
    first, kpis = next(iter(unlocked(shop).items()))
    assert first.startswith("your shop's orders")
    assert {"revenue", "aov", "units"} <= set(kpis)
    # conversion needs two files, so neither of them alone unlocks it
    assert not any("conversion_rate" in kpis for kpis in unlocked(shop).values())


def test_with_orders_the_traffic_unlocks_conversion(shop):
    load_rows(shop, orders=[order("1", "2026-01-05")])
    assert "conversion_rate" in unlocked(shop)[ANALYTICS]


def test_a_file_that_is_there_is_not_asked_for_again(shop):
    load_rows(shop, orders=[order("1", "2026-01-05")], traffic=[visit("2026-01-05", 10)])
    assert "conversion_rate" not in {kpi for kpis in unlocked(shop).values() for kpi in kpis}


def test_orders_that_are_there_are_not_asked_for_though_they_have_no_lines(shop):
    load_rows(shop, orders=[order("1", "2026-01-05")])
    assert not any(name.startswith("your shop's orders") for name in unlocked(shop))
    assert "units" in unlocked(shop)["order lines (one row a product sold)"]


def test_payments_and_fees_have_a_file_that_brings_them(shop):
    assert {"payments (Stripe, Square or any provider’s report)", "a bill of marketplace fees (Allegro)"} <= set(
        unlocked(shop)
    )


def test_costs_unlock_profit_once_lines_are_there(shop):
    costs = "a product list with what each costs you"
    load_rows(shop, orders=[order("1", "2026-01-05")], order_lines=[line("1", 1, "A", 1, 100, sku="A")])
    assert {"gross_profit", "gross_margin", "item_profit", "below_cost"} <= set(unlocked(shop)[costs])
    load_rows(shop, products=[{"sku": "A", "unit_cost": 40}])
    assert costs not in unlocked(shop)


def test_what_is_promised_comes_true(shop):
    """Whatever traffic is said to unlock is computable once a report with everything in it is there."""
    load_rows(shop, orders=[order("1", "2026-01-05", customer_key="a")])
    promised = set(unlocked(shop)[ANALYTICS])
    full = {"bounces": 1, "duration_s": 5, "carts": 4, "checkouts": 3, "users": 9, "key_events": 2}
    load_rows(
        shop, traffic=[visit("2026-01-05", 10, breakdown="channel,device", channel="organic", device="mobile", **full)]
    )
    load_rows(shop, "users.csv", traffic=[visit("2026-01-05", 10, users=9)])
    assert promised <= set(shop.scope(Query(tuple(shop.catalogue.kpis))).kpis)
