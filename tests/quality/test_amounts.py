"""Orders below zero, of zero, far from the others, and discounted twice."""

from __future__ import annotations

import math

import pytest

from kpi import Query
from tests.rows import line, load_rows, order


def test_orders_below_zero_affect_numbers_and_those_of_zero_are_worth_a_look(shop, found):
    """−30 − 20 = −50; the refunded and the cancelled order of nothing are not both: one counts."""
    load_rows(
        shop,
        orders=[
            order("1", "2026-01-05", 100),
            order("2", "2026-01-06", -30),
            order("3", "2026-01-07", -20),
            order("4", "2026-01-08", 40, discount_amount=40),
            order("5", "2026-01-09", 0, status="cancelled"),
        ],
    )
    (below,), (zero,) = found("negative_orders"), found("zero_orders")
    assert (below.severity, below.count, below.amount, below.examples) == ("affects", 2, -50, ("2", "3"))
    assert (zero.severity, zero.count, zero.amount, zero.examples) == ("look", 1, 0, ("4",))


def test_orders_without_an_amount_affect_numbers_until_their_lines_come(shop, found):
    """Of three orders two have no amount; the cancelled one does not count. The lines of one say 2 × 30."""
    bare = [
        order("2", "2026-01-06", None),
        order("3", "2026-01-07", None, status="cancelled"),
        order("4", "2026-01-08", None),
    ]
    load_rows(shop, orders=[order("1", "2026-01-05", 100), *bare])
    (lacking,) = found("orders_without_amount")
    assert (lacking.severity, lacking.count, lacking.examples) == ("affects", 2, ("2", "4"))
    load_rows(shop, "lines.csv", order_lines=[line("4", 1, "Kubek", 2, 30)])
    assert [one.examples for one in found("orders_without_amount")] == [("2",)]
    assert shop.ask(Query(("net_sales",))).totals["net_sales"] == 160


def test_a_refunded_order_of_nothing_hides_its_sale_and_its_refund(shop, found):
    """The file nets the refund off. The gift is no refund, and of what is refunded in part the rest is not known."""
    refunded = order("2", "2026-01-06", 0, status="refunded", refunded_amount=50)
    partly = order("4", "2026-01-08", 0, status="partially_refunded")
    load_rows(shop, orders=[order("1", "2026-01-05", 100), refunded, order("3", "2026-01-07", 0), partly])
    (hidden,), (gift,) = found("refunded_to_zero"), found("zero_orders")
    assert (hidden.severity, hidden.count, hidden.examples) == ("affects", 1, ("2",))
    assert {(it.kpi, it.effect) for it in hidden.kpis} == {("net_sales", "low"), ("aov", "low"), ("refund_rate", "low")}
    assert (gift.count, gift.examples) == (2, ("3", "4"))


@pytest.mark.parametrize(("amount", "is_far"), [(2_400, True), (260, False)])
def test_an_amount_far_from_the_others_is_named_and_stays(shop, found, amount, is_far):
    """Nine orders of 80, 85, 90, 95, 100, 105, 110, 118 and 125 with the amount: of ten the lower middle is 100.

    The distances of the logarithms from ln 100 are 0, 0.049, 0.051, 0.095, 0.105, 0.163, 0.166, 0.223, 0.223 and that of
    the amount; the fifth, 0.105, is the MAD. ln 24 = 3.178 gives 0.6745 × 3.178 / 0.1054 = 20.3, ln 2.6 = 0.956 gives 6.1;
    ten orders have the bound max(3.5, sqrt(2 ln 200)) = 3.5. So 260 is far too, but not among amounts of a wider spread.
    """
    near = [80, 85, 90, 95, 100, 105, 110, 118, 125]
    wide = [30, 55, 70, 90, 100, 120, 150, 190, 300]
    amounts = [*(near if is_far else wide), amount]
    load_rows(shop, orders=[order(str(n), "2026-01-05", value) for n, value in enumerate(amounts)])
    found_now = found("outliers")
    assert [one.examples for one in found_now] == ([("9",)] if is_far else [])
    if is_far:
        (one,) = found_now
        assert (one.severity, one.count, one.amount) == ("look", 1, 2_400)
        assert one.what.params["typical"] == pytest.approx(100)
        assert 0.6745 * math.log(24) / (math.log(100) - math.log(90)) == pytest.approx(20.3, abs=0.05)


def test_nine_orders_are_too_few_to_call_one_of_them_odd(shop, found):
    amounts = [80, 85, 90, 95, 100, 105, 110, 118, 9_000]
    load_rows(shop, orders=[order(str(n), "2026-01-05", value) for n, value in enumerate(amounts)])
    assert found("outliers") == []


def test_where_most_orders_cost_the_same_nothing_is_odd(shop, found):
    amounts = [100] * 9 + [900]
    load_rows(shop, orders=[order(str(n), "2026-01-05", value) for n, value in enumerate(amounts)])
    assert found("outliers") == []


def test_discounts_on_lines_and_order_and_two_codes_are_suspect(shop, found):
    """1: 10 on a line and 5 more on the order; 2: two codes and 7 off. 15 + 7 = 22. 3 repeats its line's discount."""
    load_rows(
        shop,
        orders=[
            order("1", "2026-01-05", 100, discount_amount=15),
            order("2", "2026-01-06", 50, discount_amount=7, promo_codes=["A", "B"]),
            order("3", "2026-01-07", 60, discount_amount=6),
        ],
        order_lines=[
            line("1", 1, "Kubek", 1, 100, line_discount_amount=10),
            line("3", 1, "Kubek", 1, 60, line_discount_amount=6),
        ],
    )
    (one,) = found("suspect_discounts")
    assert (one.severity, one.count, one.amount, one.examples) == ("look", 2, 22, ("1", "2"))


def test_a_second_kind_of_order_is_no_stray(shop, found):
    """Of forty orders around 100 two of 9000 are 1 in 21, and strays; a third makes it 3 of 43, more than one in twenty."""
    near = [order(str(n), "2026-01-05", 80 + n) for n in range(40)]
    load_rows(shop, orders=[*near, order("a", "2026-01-05", 9_000), order("b", "2026-01-05", 9_000)])
    assert [one.count for one in found("outliers")] == [2]
    load_rows(shop, "more.csv", orders=[order("c", "2026-01-05", 9_000)])
    assert found("outliers") == []
