"""What keeps everything out: one filter, two that exclude each other, or the period."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace
from kpi.emptiness import hindrances, is_empty, is_empty_without_filters
from tests.rows import load_rows, order

JANUARY = {"start": date(2026, 1, 1), "end": date(2026, 1, 31)}


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        load_rows(
            shop,
            orders=[
                order("1", "2026-01-05", device="mobile", country="PL"),
                order("2", "2026-01-06", device="desktop", country="DE"),
            ],
        )
        yield shop


def asked(where, **period) -> Query:
    return Query(kpis=("orders", "aov"), where=where, **(period or JANUARY))


def test_something_matches(shop):
    assert not is_empty(shop.ask(asked({"device": ("mobile",)})))


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"device": ("mobile",), "country": ("DE",)}, ("device", "country")),
        ({"device": ("mobile",), "country": ("CZ",)}, ("country",)),
        ({"device": ("tablet",), "country": ("CZ",)}, ()),
    ],
)
def test_a_filter_that_alone_keeps_everything_out_is_named(shop, where, found):
    query = asked(where)
    assert is_empty(shop.ask(query))
    assert set(hindrances(shop.ask, query)) == set(found)
    assert not is_empty_without_filters(shop.ask, query)


def test_a_period_without_data_is_not_the_filters_fault(shop):
    query = asked({"device": ("mobile",)}, start=date(2020, 1, 1), end=date(2020, 1, 31))
    assert is_empty(shop.ask(query))
    assert is_empty_without_filters(shop.ask, query)
