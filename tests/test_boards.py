"""Boards: weights, the fold of the tail, filters, change, and two dimensions crossed; every number by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace, catalogue
from kpi.boards import Board, Grid, base_formula, board, boards, grid
from tests.rows import line, load_rows, order, visit

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


@pytest.fixture
def shop():
    """March: 400 sessions (mobile 300, desktop 100); orders: mobile 3 of 100, desktop 2 of 200 and 50; February: mobile 1 of 80."""
    with Workspace(":memory:") as shop:
        load_rows(
            shop,
            orders=[
                order("1", "2026-03-02", 100, device="mobile", channel="organic", customer_key="a"),
                order("2", "2026-03-03", 100, device="mobile", channel="organic", customer_key="a"),
                order("3", "2026-03-04", 100, device="mobile", channel="direct", customer_key="b"),
                order("4", "2026-03-05", 200, device="desktop", channel="organic", customer_key="c"),
                order("5", "2026-03-31", 50, device="desktop", channel="paid search", customer_key="d"),
                order("6", "2026-02-01", 80, device="mobile", channel="organic", customer_key="e"),
            ],
            traffic=[
                visit(day, sessions, breakdown="device", device=device)
                for day, device, sessions in (
                    ("2026-03-02", "mobile", 300),
                    ("2026-03-31", "desktop", 100),
                    ("2026-02-01", "mobile", 50),
                    ("2026-02-28", "desktop", 50),
                )
            ],
        )
        yield shop


def found(shop: Workspace, kpi: str, dimension: str, **more) -> Board:
    one = board(shop.ask, Query(kpis=(kpi,), **MARCH, **more), kpi, dimension)
    assert isinstance(one, Board)
    return one


def test_a_rate_stands_on_its_denominator(shop):
    """3 of 300 sessions and 2 of 100; three quarters of the sessions are mobile."""
    groups = found(shop, "conversion_rate", "device").groups
    assert [(one.value, one.kpi, one.base, one.share) for one in groups] == [
        ("mobile", 0.01, 300, 0.75),
        ("desktop", 0.02, 100, 0.25),
    ]


def test_a_sum_stands_on_itself(shop):
    groups = found(shop, "net_sales", "channel").groups
    assert [(one.value, one.kpi, one.share) for one in groups] == [
        ("organic", 400, pytest.approx(400 / 550)),
        ("direct", 100, pytest.approx(100 / 550)),
        ("paid search", 50, pytest.approx(50 / 550)),
    ]


def test_the_rest_is_made_of_sums_not_of_averages(shop):
    """Average order: direct 100 / 1 and paid search 50 / 1 together 150 / 2; a mean of all three would be 94.4."""
    rest = found(shop, "aov", "channel").rest(1)
    assert rest is not None
    assert (rest.kpi, rest.base, rest.share) == (75, 2, pytest.approx(0.4))


def test_what_cannot_be_added_has_no_rest_of_its_own(shop):
    rest = found(shop, "median_order", "channel").rest(1)
    assert rest is not None
    assert (rest.kpi, rest.share) == (None, None)


def test_nothing_is_left_where_all_are_shown(shop):
    assert found(shop, "aov", "channel").rest(3) is None


def test_a_board_keeps_the_groups_beside_the_one_that_is_filtered_for(shop):
    groups = found(shop, "net_sales", "device", where={"device": ("mobile",)}).groups
    assert {one.value: one.kpi for one in groups} == {"mobile": 300, "desktop": 250}
    groups = found(shop, "net_sales", "channel", where={"device": ("mobile",)}).groups
    assert {one.value: one.kpi for one in groups} == {"organic": 200, "direct": 100}


def test_each_group_has_its_number_before(shop):
    groups = found(shop, "net_sales", "device", compare="previous").groups
    assert {one.value: (one.kpi, one.compared) for one in groups} == {"mobile": (300, 80), "desktop": (250, 0)}


def test_dimensions_without_two_groups_have_no_board(shop):
    telling, refused = boards(
        shop.ask, Query(kpis=("net_sales",), **MARCH), "net_sales", ("device", "currency", "age_group")
    )
    assert [one.dimension for one in telling] == ["device"]
    assert set(refused) == {"age_group"}


def test_two_dimensions_are_crossed(shop):
    crossed = grid(shop.ask, Query(kpis=("aov",), **MARCH), "aov", ("device", "channel"), size=(2, 2))
    assert isinstance(crossed, Grid)
    assert (crossed.rows, crossed.columns) == (("mobile", "desktop"), ("organic", "direct"))
    values = [[cell and cell.kpi for cell in line] for line in crossed.cells]
    assert values == [[100, 100], [200, None]]
    assert crossed.left_out == (0, 1)


@pytest.mark.parametrize(
    ("kpi", "base"),
    [("conversion_rate", "sessions"), ("revenue", "net_sales - refunds"), ("promo_aov_gap", None), ("customers", None)],
)
def test_the_base_of_a_kpi(kpi, base):
    formula = base_formula(kpi, catalogue())
    assert (formula and formula.text) == base


def test_the_groups_of_every_kpi_that_partitions_add_up_to_its_total(shop):
    for kpi in ("net_sales", "orders", "gross_sales"):
        one = found(shop, kpi, "device")
        assert sum(group.kpi or 0 for group in one.groups) == one.answer.totals[kpi]


@pytest.fixture
def empty():
    with Workspace(":memory:") as shop:
        yield shop


def test_amounts_of_several_currencies_have_no_share_and_no_rest(empty):
    """100 PLN and 100 EUR are no 200, and neither is half of anything; of the orders each is half."""
    load_rows(empty, orders=[order("1", "2026-03-02", 100), order("2", "2026-03-03", 100, currency="EUR")])
    money, count = found(empty, "net_sales", "currency"), found(empty, "orders", "currency")
    assert {one.value: (one.kpi, one.share) for one in money.groups} == {"PLN": (100, None), "EUR": (100, None)}
    assert (money.rest(0) or money.groups[0]).kpi is None
    assert [one.share for one in count.groups] == [0.5, 0.5]
    average = found(empty, "aov", "currency").rest(0)
    assert average is not None
    assert (average.kpi, average.share) == (None, 1)


def test_a_listing_shares_out_the_known_total_and_has_no_rest(empty):
    """Search Console leaves rare queries out: 5 and 5 of 40 clicks, not half each."""
    listed = {"period_end": "2026-03-31", "breakdown": "search_query", "clicks": 5, "impressions": 9, "position": 2}
    rows = [{"period_start": "2026-03-01", "search_query": query, **listed} for query in "ab"]
    days = [
        {"period_start": f"2026-03-{n:02}", "period_end": f"2026-03-{n:02}", "breakdown": "", "clicks": clicks}
        for n, clicks in ((1, 10), (31, 30))
    ]
    load_rows(empty, "queries.csv", seo=rows)
    load_rows(empty, "days.csv", seo=days)
    clicks = found(empty, "search_clicks", "search_query")
    assert [(one.value, one.kpi, one.share) for one in clicks.groups] == [("a", 5, 0.125), ("b", 5, 0.125)]
    rest = clicks.rest(1)
    assert rest is not None
    assert (rest.kpi, rest.share) == (None, 0.125)


def test_the_rest_has_no_profit_where_the_cost_of_one_group_is_not_known(empty):
    """Costs of 60 of one group and none of the other are not the costs of both."""
    orders = [order(str(n), f"2026-03-0{n}", 100, country=country) for n, country in ((2, "PL"), (3, "DE"), (4, "CZ"))]
    lines = [
        line("2", 1, "Mug", 1, 100, unit_cost=60),
        line("3", 1, "Cup", 1, 100),
        line("4", 1, "Mug", 1, 100, unit_cost=60),
    ]
    load_rows(empty, orders=orders, order_lines=lines)
    board = found(empty, "item_profit", "country")
    assert {one.value: one.kpi is None for one in board.groups} == {"PL": False, "CZ": False, "DE": True}
    whole = board.rest(0)
    assert whole is not None
    assert whole.kpi is None
