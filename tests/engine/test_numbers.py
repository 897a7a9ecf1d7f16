"""Numbers worked out by hand from the table in conftest."""

from datetime import date

import pandas as pd
import pytest

from kpi import Query
from tests.rows import load_rows, order

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ("orders", 5),  # A1 A2 B1 C1 D1; the cancelled and the test order are left out
        ("gross_sales", 480),  # 100 + 60 + 200 + 40 + 80
        ("net_sales", 420),  # − 10 − 50
        ("revenue", 360),  # − 20 − 40: the refund of 60 never exceeds the 40 that C1 was worth
        ("aov", 84),  # 420 / 5
        ("median_order", 80),  # of 100, 50, 150, 40, 80
        ("discount_rate", 60 / 480),
        ("refund_rate", 60 / 420),
        ("promo_share", 1 / 5),
        ("promo_aov_gap", 200 / 1 - (100 + 60 + 40 + 80) / 4),
        ("units", 10),  # 2 + 1 + 1 + 1 + 1 + 4; the tip is no unit
        ("item_sales", 420),  # the lines share out their orders' discounts: the same as net sales
        ("items_per_order", 2),  # 10 / 5
        ("multi_item_share", 1 / 5),  # B1 has two products; D1's second line is a tip
        ("online_orders", 4),  # C1 is a marketplace's
        ("sessions", 200),
        ("conversion_rate", 4 / 200),
        ("bounce_rate", 80 / 200),
        ("organic_share", 150 / 200),
        ("mobile_share", 140 / 200),
        ("spend", 75),
        ("cpa", 75 / 4),
        ("cac", 75 / 3),
        ("mer", 360 / 75),
        ("ctr", 50 / 5000),
        ("cpc", 1.5),
        ("cpm", 15),
        ("customers", 3),
        ("new_customers", 3),
        ("returning_rate", 1 / 3),  # ann came back
        ("repeat_rate", 1 / 3),
        ("purchase_frequency", 4 / 3),  # D1 has no known customer
    ],
)
def test_total(shop, kpi, expected):
    answer = shop.ask(Query((kpi,), **MARCH))
    assert answer.totals[kpi] == pytest.approx(expected, abs=1e-12)
    assert answer.frame[kpi].iloc[0] == pytest.approx(expected, abs=1e-12)


def test_a_group_without_orders_converts_nothing_rather_than_unknown(shop):
    answer = shop.ask(Query(("conversion_rate",), by=("channel",), **MARCH))
    rates = dict(zip(answer.frame["channel"], answer.frame["conversion_rate"], strict=True))
    assert rates == {"direct": 0.0, "organic": pytest.approx(3 / 150), "paid search": pytest.approx(1 / 40)}


def test_rows_without_a_value_are_a_group_of_their_own(shop):
    answer = shop.ask(Query(("orders",), by=("device",), **MARCH))
    assert list(zip(answer.frame["device"], answer.frame["orders"], strict=True)) == [
        ("desktop", 1),
        ("mobile", 3),
        (None, 1),
    ]


def test_none_in_a_filter_finds_the_rows_without_a_value(shop):
    assert shop.ask(Query(("orders",), where={"device": (None,)})).totals["orders"] == 1
    assert shop.ask(Query(("orders",), where={"device": ("mobile", None)})).totals["orders"] == 4


def test_a_group_of_cancelled_orders_only_is_no_group(shop):
    products = shop.ask(Query(("item_sales",), by=("product",))).frame["product"].tolist()
    assert products == ["Bag", "Mug"]


def test_product_sales_share_out_an_order_discount_in_proportion(shop):
    answer = shop.ask(Query(("item_sales",), by=("product",)))
    # Mug: 100 + 50 + 50 × 150/200 = 187.50 · Bag: 150 × 150/200 + 40 + 80 = 232.50
    assert dict(zip(answer.frame["product"], answer.frame["item_sales"], strict=True)) == pytest.approx(
        {"Mug": 187.5, "Bag": 232.5}
    )


def test_a_total_of_rates_is_the_rate_of_the_totals(shop):
    answer = shop.ask(Query(("conversion_rate",), by=("channel",), **MARCH))
    assert answer.totals["conversion_rate"] == pytest.approx(4 / 200)
    assert answer.frame["conversion_rate"].mean() != pytest.approx(4 / 200)


def test_days_without_rows_are_zero_inside_the_coverage_and_unknown_outside(shop):
    answer = shop.ask(Query(("orders", "spend"), start=date(2026, 3, 8), end=date(2026, 3, 10), grain="day"))
    assert answer.frame["date"].tolist() == [pd.Timestamp(2026, 3, day) for day in (8, 9, 10)]
    assert answer.frame["orders"].tolist() == [0, 2, 0]
    assert answer.frame["spend"].isna().tolist() == [True, False, True]  # ads are known for one day only


def test_the_last_bucket_is_marked_while_it_is_not_over(shop):
    assert shop.ask(Query(("orders",), grain="week")).incomplete == date(2026, 3, 30)
    assert shop.ask(Query(("orders",), grain="month", **MARCH)).incomplete is None
    assert shop.ask(Query(("orders",), grain="week")).clipped is None  # 2 March is a Monday


def test_comparison_aligns_buckets_by_position(shop):
    answer = shop.ask(
        Query(("orders",), start=date(2026, 3, 9), end=date(2026, 3, 15), grain="day", compare="previous")
    )
    assert answer.compared_period == (date(2026, 3, 2), date(2026, 3, 8))
    assert answer.frame["orders_compared"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert (answer.totals["orders"], answer.totals_compared["orders"]) == (2, 1)


def test_comparison_keeps_groups_of_either_period(shop):
    answer = shop.ask(
        Query(("orders",), by=("channel",), start=date(2026, 3, 9), end=date(2026, 3, 15), compare="previous")
    )
    found = {row["channel"]: (row["orders"], row["orders_compared"]) for _, row in answer.frame.iterrows()}
    assert found == {"organic": (1, 1), "paid search": (1, 0)}


def test_frame_has_keys_then_kpis_then_compared(shop):
    answer = shop.ask(Query(("aov", "orders"), by=("country",), grain="month", compare="year", **MARCH))
    assert list(answer.frame.columns) == ["date", "country", "aov", "orders", "aov_compared", "orders_compared"]
    assert answer.frame["orders"].dtype == "float64"


def test_retention_looks_back_twelve_months(empty):
    """Active at the start: ann, bob. In May ann orders again and dora is new; bob's order is 12 months old by then."""
    days = {
        "A1": ("2025-06-10", "ann"),
        "B1": ("2025-05-10", "bob"),
        "A2": ("2026-05-03", "ann"),
        "D1": ("2026-05-20", "dora"),
    }
    load_rows(empty, orders=[order(name, day, customer_key=who) for name, (day, who) in days.items()])
    answer = empty.ask(Query(("crr", "churn"), start=date(2026, 5, 1), end=date(2026, 5, 31)))
    # (active at the end: ann, dora = 2 − new: dora = 1) / active at the start: ann, bob = 2
    assert answer.totals == {"crr": 0.5, "churn": 0.5}


def test_retention_by_month_equals_retention_month_by_month(empty):
    rows = [order(f"O{n}", f"2026-0{1 + n % 4}-1{n % 9}", customer_key=f"c{n % 7}") for n in range(40)]
    load_rows(empty, orders=rows)
    months = [(date(2026, month, 1), date(2026, month, 28)) for month in (1, 2, 3)]
    query = Query(("crr", "repeat_rate"), start=date(2026, 1, 1), end=date(2026, 3, 31), grain="month")
    by_month = empty.ask(query).frame
    for place, (start, _) in enumerate(months):
        alone = empty.ask(Query(("crr", "repeat_rate"), start=start, end=date(2026, start.month, [31, 28, 31][place])))
        for kpi in ("crr", "repeat_rate"):
            got = by_month[kpi].iloc[place]
            assert alone.totals[kpi] == (pytest.approx(got) if got == got else None)


def test_retention_has_no_value_by_a_dimension_that_customers_move_between(shop):
    answer = shop.ask(Query(("crr", "churn", "customers"), by=("channel",)))
    assert set(answer.refused) == {"crr", "churn"}
    assert set(shop.ask(Query(("crr",), where={"device": ("mobile",)})).refused) == {"crr"}


def test_periods_in_two_currencies_are_not_compared(empty):
    load_rows(empty, orders=[order("A", "2026-01-15", 100, currency="EUR"), order("B", "2026-02-15", 50)])
    answer = empty.ask(
        Query(
            ("revenue", "orders"),
            start=date(2026, 2, 15),
            end=date(2026, 2, 15),
            compare=(date(2026, 1, 15), date(2026, 1, 15)),
        )
    )
    assert answer.totals == {"revenue": 50, "orders": 1}
    assert answer.totals_compared == {"orders": 1}
    assert answer.frame["revenue_compared"].isna().all()


def test_a_sum_is_not_compared_with_a_period_that_is_covered_in_part(empty):
    """Orders begin on 25 January: February's sum is not set beside a week of January, its average order may be."""
    load_rows(
        empty,
        orders=[order(f"O{day}", f"2026-01-{day}") for day in range(25, 32)]
        + [order(f"P{day}", f"2026-02-{day:02}") for day in range(1, 29)],
    )
    answer = empty.ask(Query(("revenue", "aov"), start=date(2026, 2, 1), end=date(2026, 2, 28), compare="previous"))
    assert answer.totals_compared == {"aov": 100}
    assert answer.notes
