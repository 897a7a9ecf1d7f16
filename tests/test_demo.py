"""The demo shop: the same for a seed, believable, and with the stories that its docstring tells."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from kpi import Query, Workspace, demo

TOTALS = (
    "orders",
    "revenue",
    "gross_profit",
    "sessions",
    "spend",
    "contacts",
    "tickets",
    "nps",
    "open_rate",
    "search_clicks",
)
WEEK = timedelta(days=7)


def made(seed: int = 7, until: date = demo.UNTIL) -> Workspace:
    shop = Workspace(":memory:")
    assert demo.fill(shop, until=until, seed=seed)
    return shop


@pytest.fixture(scope="module")
def shop() -> Iterator[Workspace]:
    with made() as shop:
        yield shop


@pytest.fixture(scope="module", params=[(11, demo.UNTIL), (2, date(2025, 7, 20))], ids=["seed", "until"])
def another(request: pytest.FixtureRequest) -> Iterator[tuple[Workspace, date]]:
    """Another seed, and another last day."""
    seed, until = request.param
    with made(seed, until) as shop:
        yield shop, until


def totals(shop: Workspace, *kpis: str, **rest: object) -> dict[str, float | None]:
    return dict(shop.ask(Query(kpis, **rest)).totals)  # type: ignore[arg-type]


def by(shop: Workspace, dimension: str, *kpis: str, **rest: object) -> pd.DataFrame:
    return shop.ask(Query(kpis, by=(dimension,), **rest)).frame.set_index(dimension)  # type: ignore[arg-type]


def test_the_same_seed_makes_the_same_shop_and_another_one_another(shop: Workspace) -> None:
    with made() as again, made(seed=8) as other:
        assert totals(again, *TOTALS) == pytest.approx(totals(shop, *TOTALS), rel=1e-12)
        by_product = by(again, "product", "item_sales"), by(shop, "product", "item_sales")
        pd.testing.assert_frame_equal(*(frame.sort_index() for frame in by_product))
        assert totals(other, "revenue") != totals(shop, "revenue")


def test_it_has_two_years_three_markets_and_the_promised_size(shop: Workspace) -> None:
    answer = shop.ask(Query(("orders", "sessions", "aov"), by=("country",)))
    assert answer.period == (date(2024, 11, 1), date(2026, 10, 31))
    assert set(answer.frame["country"]) == {"PL", "DE", "CZ"}
    assert 57_000 < answer.totals["orders"] < 64_000
    assert 1_900_000 < answer.totals["sessions"] < 2_100_000
    assert shop.values("currency") == ("PLN",)


BELIEVABLE = {
    "aov": (180, 260),
    "items_per_order": (1.5, 3),
    "discount_rate": (0.05, 0.10),
    "refund_rate": (0.04, 0.08),
    "gross_margin": (0.35, 0.45),
    "below_cost": (0.0001, 0.03),
    "complaint_rate": (0.005, 0.02),
    "conversion_rate": (0.02, 0.04),
    "bounce_rate": (0.10, 0.30),
    "session_duration": (120, 300),
    "cart_abandonment": (0.65, 0.80),
    "mobile_share": (0.55, 0.70),
    "search_ctr": (0.02, 0.06),
    "ctr": (0.01, 0.03),
    "mer": (5, 20),
    "open_rate": (0.20, 0.30),
    "email_ctr": (0.02, 0.05),
    "email_conversion": (0.01, 0.03),
    "unsubscribe_rate": (0, 0.01),
    "repeat_rate": (0.2, 0.35),
    "returning_rate": (0.3, 0.5),
    "crr": (0.2, 0.45),
    "nps": (30, 55),
    "csat": (0.75, 0.9),
    "resolution_rate": (0.85, 0.99),
    "win_rate": (0.25, 0.45),
    "sales_cycle": (15 * 86400, 35 * 86400),
    "stock_turnover": (6, 12),
    "days_of_stock": (25, 60),
    "stockout_rate": (0.002, 0.03),
}


@pytest.mark.parametrize("kpi", BELIEVABLE)
def test_a_kpi_of_the_last_year_lies_where_such_shops_lie(shop: Workspace, kpi: str) -> None:
    value = totals(shop, kpi, start=date(2025, 11, 1), end=demo.UNTIL)[kpi]
    low, high = BELIEVABLE[kpi]
    assert value is not None
    assert low <= value <= high


def test_the_rows_of_every_report_stand_for_the_same_sessions(shop: Workspace) -> None:
    whole = totals(shop, "sessions")["sessions"]
    for dimension in ("channel", "device", "country", "campaign", "age_group", "gender"):
        assert by(shop, dimension, "sessions")["sessions"].sum() == whole


def test_seasons_and_growth_are_there(shop: Workspace) -> None:
    months = shop.ask(Query(("revenue",), grain="month")).frame.set_index("date")["revenue"]
    # the months without a campaign of one year only: December to February, May to July
    plain = [1, 2, 3, 6, 7, 8]
    assert 1.08 < months.iloc[[place + 12 for place in plain]].sum() / months.iloc[plain].sum() < 1.22
    assert months[pd.Timestamp("2025-01-01")] < 0.8 * months[pd.Timestamp("2024-12-01")]
    days = shop.ask(Query(("orders",), grain="day")).frame.set_index("date")["orders"]
    black_friday = days[pd.Timestamp("2025-11-28")]
    assert black_friday > 2 * days[pd.Timestamp("2025-11-14")]
    assert days.idxmax() == pd.Timestamp("2025-11-28")


def test_every_order_says_its_tax_so_that_it_is_not_asked(shop: Workspace) -> None:
    assert shop.holdings.tax == "gross"


def test_between_two_counts_of_a_product_something_is_delivered_or_nothing(shop: Workspace) -> None:
    """What a count has more than the one before, and what was sold in between, was delivered: never less than nothing."""
    rows = shop._store.rows("""
        with sold as (
            select sku, day, sum(quantity) as units from facts.order_lines where is_valid and is_product group by all
        ),
        counts as (
            select sku, counted_on, quantity, lag(counted_on) over product as since, lag(quantity) over product as before
            from rows.stock window product as (partition by sku order by counted_on)
        )
        select c.quantity - c.before + coalesce(sum(s.units), 0) as delivered
        from counts c left join sold s on s.sku = c.sku and s.day > c.since and s.day <= c.counted_on
        where c.since is not null
        group by c.sku, c.counted_on, c.quantity, c.before
    """)
    delivered = [row[0] for row in rows]
    assert len(delivered) == 120 * 105
    assert min(delivered) == 0
    assert 0.1 < sum(one > 0 for one in delivered) / len(delivered) < 0.25


def test_some_products_run_out_around_black_friday_and_hardly_any_at_other_times(shop: Workspace) -> None:
    months = shop.ask(Query(("stockout_rate",), grain="month")).frame.set_index("date")["stockout_rate"]
    late_2025 = months[[pd.Timestamp("2025-11-01"), pd.Timestamp("2025-12-01")]]
    assert late_2025.between(0.02, 0.10).all()
    assert (months[[stamp for stamp in months.index if stamp.month not in (11, 12)]] < 0.01).all()
    before = by(shop, "product", "stockout_rate", start=date(2025, 11, 1), end=date(2025, 11, 27))["stockout_rate"]
    assert 3 <= (before > 0).sum() <= 30


def test_about_forty_deals_a_month_are_in_every_stage(shop: Workspace) -> None:
    deals = shop._store.rows("select count(*), count(distinct stage) from rows.deals")[0]
    assert 35 * 24 < deals[0] < 45 * 24
    assert deals[1] == 5
    for dimension in ("staff", "office", "sector"):
        frame = by(shop, dimension, "won_amount", "win_rate")
        assert len(frame) > 2
        assert (frame > 0).all(axis=None)


def test_in_one_week_the_checkout_fails_on_phones_and_only_there(shop: Workspace) -> None:
    assert demo.broken_week() == (date(2026, 9, 14), date(2026, 9, 20))
    _expect_broken_checkout(shop, demo.UNTIL)


def test_the_outlet_campaign_sells_well_and_earns_less_than_it_costs(shop: Workspace) -> None:
    _expect_outlet_without_profit(shop, demo.UNTIL)


def test_every_channel_converts_better_and_all_together_worse(shop: Workspace) -> None:
    _expect_hidden_improvement(shop, demo.UNTIL)


def test_the_stories_hold_for_another_seed_and_another_day(another: tuple[Workspace, date]) -> None:
    _expect_broken_checkout(*another)
    _expect_outlet_without_profit(*another)
    _expect_hidden_improvement(*another)


def _expect_broken_checkout(shop: Workspace, until: date) -> None:
    start, end = demo.broken_week(until)
    kpis = ("conversion_rate", "sessions", "cart_abandonment")
    before, during, after = (
        by(shop, "device", *kpis, start=start + shift, end=end + shift) for shift in (-WEEK, 0 * WEEK, WEEK)
    )
    usual = (before["conversion_rate"] + after["conversion_rate"]) / 2
    share = during["conversion_rate"] / usual
    assert 0.25 < share["mobile"] < 0.42
    assert 0.8 < share["desktop"] < 1.2
    assert 0.85 < during["sessions"]["mobile"] / before["sessions"]["mobile"] < 1.15
    assert during["cart_abandonment"]["mobile"] > before["cart_abandonment"]["mobile"] + 0.1
    asked = [totals(shop, "tickets", start=start + shift, end=end + shift)["tickets"] for shift in (-WEEK, 0 * WEEK)]
    assert asked[1] > 1.5 * asked[0]
    for country in ("PL", "DE", "CZ"):
        found = by(
            shop, "device", "conversion_rate", start=start, end=end, where={"country": (country,)}, compare="previous"
        )
        assert found["conversion_rate"]["mobile"] < 0.5 * found["conversion_rate_compared"]["mobile"]


def _expect_outlet_without_profit(shop: Workspace, until: date) -> None:
    campaigns = by(shop, "campaign", "spend", "revenue", "gross_profit", "discount_rate", "platform_roas")
    campaigns = campaigns[campaigns["spend"] > 0]
    left = campaigns["gross_profit"] - campaigns["spend"]
    assert left["spring-outlet"] < -20_000
    assert (left.drop("spring-outlet") > 0).all()
    assert campaigns["platform_roas"]["spring-outlet"] > 3
    assert campaigns["revenue"]["spring-outlet"] > 2.5 * campaigns["spend"]["spring-outlet"]
    assert campaigns["discount_rate"]["spring-outlet"] == pytest.approx(0.4, abs=0.01)
    assert (campaigns["discount_rate"].drop("spring-outlet") < 0.25).all()
    days = shop.ask(Query(("spend",), by=("campaign",), grain="day", where={"campaign": ("spring-outlet",)})).frame
    spent = days[days["spend"] > 0]["date"]
    assert (spent.min().date(), spent.max().date()) == demo.outlet_days(until)


def _expect_hidden_improvement(shop: Workspace, until: date) -> None:
    start, end = demo.shifted_days(until)
    query = Query(("conversion_rate", "sessions"), by=("channel",), start=start, end=end, compare="previous")
    frame = shop.ask(query).frame.set_index("channel")
    assert (frame["conversion_rate"] > frame["conversion_rate_compared"]).all()
    now = totals(shop, "conversion_rate", start=start, end=end)["conversion_rate"]
    length = end - start + timedelta(days=1)
    then = totals(shop, "conversion_rate", start=start - length, end=end - length)["conversion_rate"]
    assert now is not None
    assert then is not None
    assert now < then - 0.001
    share = frame["sessions"]["paid social"] / frame["sessions"].sum()
    assert share > 2 * frame["sessions_compared"]["paid social"] / frame["sessions_compared"].sum()


def test_the_test_was_won_by_buyers_and_not_by_larger_baskets(shop: Workspace, another: tuple[Workspace, date]) -> None:
    for made_shop, until in ((shop, demo.UNTIL), another):
        (held,) = made_shop.experiments.held()
        assert held.days == demo.experiment_days(until)
        found = made_shop.experiments.judge(made_shop.experiments.suggested(held.name), until)
        assert (found.verdict.code, found.verdict.arm) == ("win", "delivery bar")
        assert {guard.state for guard in found.verdict.guards} == {"passed"}
        (conversion,) = found.verdict.comparisons
        assert conversion.estimate is not None
        assert conversion.estimate.low < 0.045 < conversion.estimate.high
        (basket,) = (one for one in found.secondary if one.metric.kind == "ratio")
        assert basket.p_adjusted is not None
        assert basket.p_adjusted > 0.05


def test_a_workspace_knows_that_it_is_the_demo(shop: Workspace, tmp_path: Path) -> None:
    assert shop.is_demo
    with Workspace(tmp_path / "own.duckdb") as own:
        assert not own.is_demo
        assert demo.fill(own)
    with Workspace(tmp_path / "own.duckdb") as own:
        assert own.is_demo


def test_a_workspace_with_data_is_left_alone() -> None:
    with Workspace(":memory:") as shop:
        shop.set_rate("EUR", "PLN", 4.3)
        assert not demo.fill(shop)
        assert not shop.is_demo
        assert len(shop.imports()) == 1


def test_two_who_ask_at_the_same_time_get_one_shop() -> None:
    with Workspace(":memory:") as shop:
        found: list[bool] = []
        people = [threading.Thread(target=lambda: found.append(demo.fill(shop))) for _ in range(2)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        assert sorted(found) == [False, True]
        assert len(shop.imports()) == len({one.name for one in shop.imports()}) == 12


def test_nothing_remains_of_a_demo_that_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workspace(":memory:") as shop:
        with monkeypatch.context() as broken:
            broken.setattr(demo, "_count", lambda con, relation: 1 / 0 if relation == "made_leads" else 0)
            with pytest.raises(ZeroDivisionError):
                demo.fill(shop)
        assert (shop.imports(), shop.is_demo) == ((), False)
        assert demo.fill(shop)


def test_the_journal_tells_each_platform_and_can_be_undone() -> None:
    with made() as shop:
        platforms = {one.name: one for one in shop.imports()}
        assert platforms["demo · Shopify"].load.rows.are_conserved
        assert platforms["demo · Shopify"].load.period == (date(2024, 11, 1), date(2026, 10, 31))
        shop.undo(platforms["demo · GA4"].id)
        assert "sessions" in shop.ask(Query(("sessions",))).refused
        assert totals(shop, "orders")["orders"]


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "demo.duckdb"
    for said in ("the demo shop", "nothing done, this workspace is not empty"):
        run = subprocess.run(
            [sys.executable, "-m", "kpi.demo", str(file)],
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == f"{file}: {said}"
    with Workspace(file) as shop:
        assert shop.is_demo
