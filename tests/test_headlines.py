"""What stands on top of the overview, and what a click on a pin does to it."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace, catalogue
from kpi.headlines import headlines, pins_after
from tests.rows import load_rows, order


@pytest.fixture
def answer():
    """One order and nothing else: no sessions, so no conversion rate."""
    with Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("1", "2026-01-10", 100)])
        yield shop.ask(Query(tuple(catalogue().kpis)))


def test_without_a_choice_the_first_four_that_have_a_value_stand_on_top(answer):
    assert headlines(answer, None) == ("revenue", "orders", "aov", "net_sales")


def test_a_pin_without_a_value_is_not_shown(answer):
    assert headlines(answer, ["conversion_rate", "aov"]) == ("aov",)


def test_a_pin_without_a_value_stays_while_another_is_pinned_and_let_go(answer):
    pins = pins_after("orders", ["conversion_rate", "aov"], headlines(answer, ["conversion_rate", "aov"]))
    assert pins == ["conversion_rate", "aov", "orders"]
    assert pins_after("aov", pins, headlines(answer, pins)) == ["conversion_rate", "orders"]


def test_the_first_click_begins_with_what_is_shown(answer):
    shown = headlines(answer, None)
    assert pins_after("units", None, shown) == [*shown, "units"]
    assert pins_after("orders", None, shown) == ["revenue", "aov", "net_sales"]


def test_the_last_pin_can_be_let_go_and_none_is_a_choice(answer):
    assert pins_after("aov", ["aov"], ("aov",)) == []
    assert headlines(answer, []) == ()
    assert pins_after("aov", [], ()) == ["aov"]


def test_the_oldest_of_nine_pins_is_let_go():
    assert pins_after("i", list("abcdefgh"), list("abcdefgh")) == list("bcdefghi")
