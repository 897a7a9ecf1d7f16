"""What all findings have in common, and a shop that has none."""

from __future__ import annotations

import re
from datetime import date
from inspect import getsource

from kpi import catalogue
from kpi.quality import amounts, days, doubles, joins, lacking, money, odd, overlaps, twice
from kpi.quality.finding import touched
from tests.quality.conftest import AS_OF
from tests.rows import line, load_rows, order, spent, visit

DAYS = [f"2026-01-{day:02}" for day in range(1, 29)]


def clean(shop):
    """Four weeks in which everything fits: twelve orders of 80 to 135 a month, each with its line, product and customer."""
    numbers = range(12)
    orders = [order(str(n), f"{DAYS[2 * n]} 10:0{n % 10}:00", 80 + 5 * n, customer_key=f"c{n}") for n in numbers]
    load_rows(shop, account="shopify/main", orders=orders,
              order_lines=[line(str(n), 1, "Kubek", 1, 80 + 5 * n, sku="A", unit_cost=20) for n in numbers])  # fmt: skip
    load_rows(shop, "products.csv", products=[{"sku": "A", "product": "Kubek"}])
    load_rows(
        shop, "customers.csv", "shopify/main", customers=[{"customer_key": f"c{n}", "gender": "F"} for n in numbers]
    )
    load_rows(
        shop, "ga4.csv", "ga4/1", traffic=[visit(day, 100, breakdown="channel", channel="organic") for day in DAYS]
    )
    load_rows(
        shop,
        "ads.csv",
        "google_ads/1",
        ad_spend=[spent(day, 10, breakdown="campaign", campaign="Brand") for day in DAYS],
    )


def test_a_clean_shop_has_no_finding_and_neither_has_an_empty_one(shop):
    assert shop.findings(AS_OF) == ()
    clean(shop)
    assert shop.findings(AS_OF) == ()


def test_findings_that_affect_numbers_come_first_and_each_has_an_id_of_its_own(shop):
    clean(shop)
    load_rows(shop, "odd.csv", "shopify/main", orders=[
        order("80", "2026-01-07", 0),
        order("81", "2026-01-07", -5),
        order("82", "2026-08-07", 90),
        order("83", "2026-01-07", 101, discount_amount=1, promo_codes=["A", "B"]),
    ])  # fmt: skip
    found = shop.findings(AS_OF)
    severities = [one.severity for one in found]
    assert severities == sorted(severities)
    assert {one.check for one in found} == {"negative_orders", "zero_orders", "future_days", "suspect_discounts"}
    assert len({one.id for one in found}) == len(found)


def test_every_kpi_that_a_check_can_name_is_in_the_catalogue():
    named = {
        touch.kpi
        for module in (amounts, days, doubles, joins, lacking, money, odd, overlaps, twice)
        for touch in touches_in(module)
    }
    assert len(named) > 20
    assert named <= catalogue().kpis.keys()


def touches_in(module):
    """Every KPI that a module's source names, by its own words."""
    for words in re.findall(r"\b(?:high|low|missing|unclear)=\"([a-z_ ]+)\"", getsource(module)):
        yield from touched(high=words)


def test_findings_are_kept_until_the_data_changes(shop):
    clean(shop)
    assert shop.findings(AS_OF) is shop.findings(AS_OF)
    wrong = load_rows(shop, "odd.csv", "shopify/main", orders=[order("80", "2026-01-07", -5)])
    assert [one.check for one in shop.findings(AS_OF)] == ["negative_orders"]
    shop.undo(wrong)
    assert shop.findings(AS_OF) == ()
    assert shop.findings(date(2026, 1, 3)) != ()
