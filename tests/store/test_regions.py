"""Regions in the facts: one ISO code for all spellings, decided by the row's own country, else as written."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace
from kpi.model.values import value_name
from kpi.wording import words
from tests.rows import load_rows, order, spent, visit


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def orders_by_region(shop: Workspace) -> dict[str | None, float]:
    frame = shop.ask(Query(("orders",), by=("region",))).frame
    return dict(zip(frame["region"], frame["orders"], strict=True))


def test_all_spellings_of_a_region_are_one_group(shop):
    written = [
        "mazowieckie",
        "MAZOWIECKIE",
        "woj. mazowieckie",
        "Mazovia",
        "Masovian Voivodeship",
        "PL-14",
        "Mazowieckie ",
    ]
    load_rows(shop, orders=[order(str(n), "2026-01-10", country="PL", region=r) for n, r in enumerate(written)])
    assert orders_by_region(shop) == {"PL-14": 7}


def test_the_country_of_the_row_decides_and_an_unknown_region_stays_as_written(shop):
    pairs = [
        ("US", "CA"),
        ("IT", "CA"),
        ("BE", "Limburg"),
        ("NL", "Limburg"),
        ("PL", "Strefa 3"),
        (None, "CA"),
        ("PL", None),
    ]
    load_rows(shop, orders=[order(str(n), "2026-01-10", country=c, region=r) for n, (c, r) in enumerate(pairs)])
    assert orders_by_region(shop) == {
        "US-CA": 1,
        "IT-CA": 1,
        "BE-VLI": 1,
        "NL-LI": 1,
        "Strefa 3": 1,
        "CA": 1,
        None: 1,
    }


def test_a_customers_region_is_read_with_the_customers_country_not_with_the_orders(shop):
    """CA is California of a customer from the United States, though her parcel goes to Italy, which has a CA too."""
    load_rows(
        shop,
        orders=[order("1", "2026-01-10", country="IT", customer_key="ann")],
        customers=[{"customer_key": "ann", "country": "US", "region": "CA"}],
    )
    assert orders_by_region(shop) == {"US-CA": 1}


def test_orders_visits_and_ads_name_a_region_alike(shop):
    load_rows(
        shop,
        orders=[order("1", "2026-01-10", country="PL", region="śląskie")],
        traffic=[visit("2026-01-10", 9, breakdown="region", region="Silesian Voivodeship")],
        ad_spend=[spent("2026-01-10", 5, breakdown="country,region", country="PL", region="Slaskie")],
    )
    frame = shop.ask(Query(("orders", "sessions", "spend"), by=("region",))).frame
    assert frame.to_dict("records") == [{"region": "PL-24", "orders": 1, "sessions": 9, "spend": 5}]


def test_an_import_that_brings_the_first_region_and_its_undo_are_followed(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", country="PL", region="pomorskie")])
    second = load_rows(shop, orders=[order("1", "2026-01-10", country="DE", region="Bayern")])
    assert orders_by_region(shop) == {"DE-BY": 1}
    shop.undo(second)
    assert orders_by_region(shop) == {"PL-22": 1}


@pytest.mark.parametrize(
    ("value", "polish", "english"),
    [
        ("PL-14", "mazowieckie", "Mazovia"),
        ("DE-BY", "Bawaria", "Bavaria"),
        ("US-CA", "Kalifornia", "California"),
        ("NL-LI", "Limburgia (Holandia)", "Limburg (Netherlands)"),
        ("Strefa 3", "Strefa 3", "Strefa 3"),
        ("XX-99", "XX-99", "XX-99"),
    ],
)
def test_a_region_is_shown_in_the_readers_language(value, polish, english):
    assert value_name("region", value, words("pl")) == polish
    assert value_name("region", value, words("en")) == english
