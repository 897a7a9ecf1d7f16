"""The demographic table: the literature's example, and what it does with people of whom nothing is known."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace
from kpi.demographics import demographic_table
from tests.rows import load_rows, order

# customers of 100 and average order by age, as the literature gives them
EXAMPLE = {"18–24": (25, 200), "25–34": (35, 300), "35–44": (20, 250), "45–54": (15, 350), "55+": (5, 400)}


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        people = [(group, aov) for group, (count, aov) in EXAMPLE.items() for _ in range(count)]
        load_rows(
            shop,
            orders=[order(str(n), "2026-01-05", aov, customer_key=f"c{n}") for n, (_, aov) in enumerate(people)],
            customers=[{"customer_key": f"c{n}", "age_group": group} for n, (group, _) in enumerate(people)],
        )
        yield shop


def test_the_literatures_example(shop):
    """25 × 200 of 27,750 is 18.0 %, 35 × 300 is 37.8 %: who spends most an order brings least."""
    found = demographic_table(shop.ask, Query(()), "age_group")
    assert list(found["group"]) == list(EXAMPLE)
    assert list(found["customer_share"]) == pytest.approx([0.25, 0.35, 0.2, 0.15, 0.05])
    assert list(found["aov"]) == [aov for _, aov in EXAMPLE.values()]
    revenue = [count * aov for count, aov in EXAMPLE.values()]
    assert list(found["revenue_share"]) == pytest.approx([one / sum(revenue) for one in revenue])
    assert found["revenue_share"].idxmax() != found["aov"].idxmax()


def test_orders_of_nobody_are_the_last_group_without_customers(shop):
    load_rows(shop, "more.csv", orders=[order("x", "2026-01-06", 250)])
    found = demographic_table(shop.ask, Query(()), "age_group")
    last = found.iloc[-1]
    assert last["group"] is None
    assert (last["customers"], last["customer_share"], last["revenue"]) == (0, 0, 250)
    assert found["revenue_share"].sum() == pytest.approx(1)


def test_a_dimension_that_nobody_knows_gives_no_rows(shop):
    assert demographic_table(shop.ask, Query(()), "gender").empty
