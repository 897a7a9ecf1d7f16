"""Stock: how long a count holds, what closes a period, costs, names, and the days to which all of it belongs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import Query, Workspace
from tests.examples import examples
from tests.rows import line, load_rows, order

KPIS = ("stockout_rate", "stock_turnover", "days_of_stock", "stock_value")
JANUARY = {"start": date(2026, 1, 1), "end": date(2026, 1, 31)}


def count(sku, day, quantity, **more):
    return {"sku": sku, "counted_on": day, "quantity": quantity} | more


def sale(order_id, day, sku, quantity, price=20):
    return order(order_id, day, quantity * price), line(order_id, 1, {"A": "Mug", "B": "Bag"}[sku], quantity, price, sku=sku)  # fmt: skip


def sell(shop, *sales, account="main"):
    load_rows(
        shop, f"sales {account}", account, orders=[one for one, _ in sales], order_lines=[one for _, one in sales]
    )


def ask(shop, *kpis, **rest):
    return shop.ask(Query(kpis, **rest))


@pytest.fixture
def shop(empty):
    """January: the mugs (cost 4) are counted three times, the bags (cost 10) once; 5 mugs and 1 bag are sold."""
    sell(empty, sale("1", "2026-01-02", "A", 2), sale("2", "2026-01-15", "B", 1), sale("3", "2026-01-31", "A", 3))
    load_rows(empty, "products", products=[
        {"sku": "A", "product": "Mug, blue", "category": "Kitchen", "brand": "Velmo", "supplier": "One", "unit_cost": 4, "currency": "PLN"},
        {"sku": "B", "product": "Bag", "category": "Travel", "unit_cost": 10, "currency": "PLN"},
    ])  # fmt: skip
    load_rows(empty, "stock", stock=[
        count("A", "2026-01-01", 10), count("A", "2026-01-11", 0), count("A", "2026-01-21", 6), count("B", "2026-01-01", 5),
    ])  # fmt: skip
    return empty


def test_totals(shop):
    """Until 21 January, the last count: mugs 10 days with 10, 10 with none, 1 with 6; bags 21 days with 5.

    42 product-days, 10 without stock. Value: 10 × 40 + 0 + 24 + 21 × 50 = 1,474 on 21 days. Sold: 5 × 4 + 1 × 10 = 30.
    Closing: 6 + 5 = 11 pieces, 24 + 50 = 74 of worth; sold 2–31 January: 6 in 30 days.
    """
    answer = ask(shop, *KPIS, **JANUARY)
    assert answer.totals == pytest.approx(
        {
            "stockout_rate": 10 / 42,
            "stock_turnover": 30 / (1474 / 21),
            "days_of_stock": 11 / (6 / 30),
            "stock_value": 74,
        }
    )
    assert answer.currencies == {"stock_value": "PLN"}


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("product", {"Mug": (20 / (424 / 21), 6 / (5 / 30), 24), "Bag": (10 / 50, 5 / (1 / 30), 50)}),
        ("category", {"Kitchen": (20 / (424 / 21), 6 / (5 / 30), 24), "Travel": (10 / 50, 5 / (1 / 30), 50)}),
        ("brand", {"Velmo": (20 / (424 / 21), 6 / (5 / 30), 24), None: (10 / 50, 5 / (1 / 30), 50)}),
    ],
)
def test_breakdowns_and_filters(shop, dimension, expected):
    kpis = ("stock_turnover", "days_of_stock", "stock_value")
    frame = ask(shop, *kpis, by=(dimension,), **JANUARY).frame
    found = {row[dimension]: tuple(row[kpi] for kpi in kpis) for _, row in frame.iterrows()}
    assert found == {name: pytest.approx(values) for name, values in expected.items()}
    for name, values in expected.items():
        totals = ask(shop, *kpis, where={dimension: (name,)}, **JANUARY).totals
        assert tuple(totals[kpi] for kpi in kpis) == pytest.approx(values)


def test_months_are_what_each_is_alone(shop):
    sell(shop, sale("4", "2026-02-03", "A", 1), sale("5", "2026-02-28", "B", 4))
    load_rows(shop, "more", stock=[count("A", "2026-02-05", 3), count("B", "2026-02-20", 2)])
    both = ask(shop, *KPIS, start=date(2026, 1, 1), end=date(2026, 2, 28), grain="month").frame
    for place, end in enumerate((date(2026, 1, 31), date(2026, 2, 28))):
        alone = ask(shop, *KPIS, start=end.replace(day=1), end=end).totals
        assert {kpi: both[kpi].iloc[place] for kpi in KPIS} == pytest.approx(alone)


def test_a_count_holds_for_31_days_and_not_beyond_the_account_s_last_count(empty):
    """A counted on 1 January holds until the 31st; B's as long, and its next one for the one day of the last count."""
    load_rows(empty, stock=[count("A", "2026-01-01", 1), count("B", "2026-01-01", 1), count("B", "2026-02-10", 1)])
    answer = ask(empty, "stockout_rate")
    assert answer.receipt("stockout_rate").measures == {"stockout_days": 0, "product_days": 31 + 31 + 1}
    assert answer.period == (date(2026, 1, 1), date(2026, 2, 10))


@pytest.mark.parametrize(
    ("end", "value"),
    [(date(2026, 1, 5), 2), (date(2026, 2, 5), 2), (date(2026, 2, 6), None), (date(2026, 3, 9), 7), (date(2026, 4, 10), None)],
)  # fmt: skip
def test_closing_stock_is_the_last_count_of_the_period_and_no_older_than_31_days(empty, end, value):
    """Counted on 5 January and on 9 March: 31 days later the first still closes a period, 32 days later it does not."""
    costs = {"unit_cost": 1, "currency": "PLN"}
    load_rows(empty, stock=[count("A", "2026-01-05", 2, **costs), count("A", "2026-03-09", 7, **costs)])
    assert ask(empty, "stock_value", start=date(2026, 1, 1), end=end).totals == {"stock_value": value}


def test_a_period_without_a_count_has_no_closing_stock(shop):
    answer = ask(shop, "stock_value", "days_of_stock", start=date(2026, 1, 22), end=date(2026, 1, 31))
    assert set(answer.refused) == {"stock_value", "days_of_stock"}


def test_a_product_that_is_out_has_no_days_left_and_one_that_does_not_sell_has_no_value(empty):
    sell(empty, sale("1", "2026-01-01", "A", 3), sale("2", "2026-01-31", "A", 3))
    load_rows(empty, stock=[count("A", "2026-01-31", -2), count("B", "2026-01-31", 9)])
    answer = ask(empty, "days_of_stock", "stockout_rate", by=("product",), **JANUARY)
    frame = answer.frame.set_index("product")
    assert frame["days_of_stock"]["Mug"] == 0
    assert frame["days_of_stock"].isna()["B"]
    assert frame["stockout_rate"].to_dict() == {"Mug": 1, "B": 0}
    assert answer.totals["days_of_stock"] == 9 / (3 / 30)


def test_days_of_stock_need_sales_on_record_for_all_30_days(empty):
    sell(empty, sale("1", "2026-01-10", "A", 3), sale("2", "2026-01-31", "A", 3))
    load_rows(empty, stock=[count("A", "2026-01-31", 9)])
    answer = ask(empty, "days_of_stock", **JANUARY)
    assert "needs all of the 30 days" in str(answer.refused["days_of_stock"])


def test_the_30_days_end_with_the_sales_where_these_end_inside_the_period(shop):
    """Asked until 10 February, the sales end on 31 January: 6 pieces from 2 January on; 11 were there on the 21st."""
    answer = ask(shop, "days_of_stock", start=date(2026, 1, 1), end=date(2026, 2, 10))
    assert answer.totals["days_of_stock"] == pytest.approx(11 / (6 / 30))


def test_an_earlier_end_looks_at_an_earlier_stock(shop):
    answer = ask(shop, "stock_value", **JANUARY, compare=(date(2026, 1, 1), date(2026, 1, 10)))
    assert (answer.totals["stock_value"], answer.totals_compared["stock_value"]) == (74, 10 * 4 + 50)


def test_stock_of_unknown_cost_has_no_value_and_none_of_it_needs_no_cost(empty):
    costs = {"unit_cost": 2, "currency": "PLN"}
    load_rows(empty, "one", stock=[count("A", "2026-01-01", 4, **costs), count("B", "2026-01-01", 0)])
    assert ask(empty, "stock_value").totals["stock_value"] == 8
    load_rows(empty, "two", stock=[count("B", "2026-01-01", 1)])
    answer = ask(empty, "stock_value", "stockout_rate")
    assert answer.totals == {"stock_value": None, "stockout_rate": 0}


def test_a_newer_count_of_a_day_replaces_the_older_and_undo_brings_it_back(shop):
    newer = load_rows(shop, "again", stock=[count("B", "2026-01-01", 7)])
    assert ask(shop, "stock_value", **JANUARY).totals["stock_value"] == 24 + 70
    shop.undo(newer)
    assert ask(shop, "stock_value", **JANUARY).totals["stock_value"] == 74


def test_a_table_of_no_platform_is_the_stock_of_the_one_shop(empty):
    sell(empty, sale("1", "2026-01-01", "A", 1), sale("2", "2026-01-31", "A", 2), account="shopify/main")
    load_rows(empty, "products", "shopify/main", products=[{"sku": "A", "product_id": "17", "unit_cost": 5}])
    load_rows(empty, stock=[count("17", "2026-01-31", 4)])
    answer = ask(empty, "stock_value", by=("product",))
    assert answer.frame.to_numpy().tolist() == [["17", 20]]
    load_rows(empty, "by sku", stock=[count("A", "2026-01-31", 4)])
    assert set(ask(empty, "stock_value", by=("product",)).frame["product"]) == {"17", "Mug"}


def test_stock_in_several_currencies_is_never_added(empty):
    day = "2026-01-31"
    load_rows(empty, stock=[
        count("A", day, 1, unit_cost=10, currency="PLN"), count("B", day, 1, unit_cost=10, currency="EUR"),
    ])  # fmt: skip
    assert "stock_value" in ask(empty, "stock_value").refused
    assert ask(empty, "stock_value", where={"currency": ("EUR",)}).totals["stock_value"] == 10
    empty.settings["currency"] = "PLN"
    empty.set_rate("EUR", "PLN", 4)
    assert ask(empty, "stock_value").totals["stock_value"] == 50


def test_a_cost_without_any_currency_has_no_value(empty):
    load_rows(empty, "products", products=[{"sku": "A", "product": "Mug", "unit_cost": 5}])
    load_rows(empty, stock=[count("A", "2026-01-31", 4)])
    assert "stock_value" in ask(empty, "stock_value").refused


def test_days_have_no_currency_and_sales_channels_have_no_stock(shop):
    assert "no meaning" in str(ask(shop, "days_of_stock", by=("currency",)).refused["days_of_stock"])
    assert set(ask(shop, *KPIS, by=("sales_channel",)).refused) == set(KPIS)


def test_a_receipt_counts_the_closing_day_only(shop):
    receipt = ask(shop, "days_of_stock", **JANUARY).receipt("days_of_stock")
    assert (receipt.numerator, receipt.denominator) == (30 * 11, 6)
    assert receipt.n == {"stock": 2, "order_lines": 3}
    assert [(left.reason.en, left.count) for left in receipt.left_out] == [("product-days before the closing day", 40)]
    assert [(source.name, source.rows) for source in receipt.imports] == [("sales main", 3), ("stock", 2)]
    assert shop._store.rows(receipt.sql, receipt.parameters)[0][-1] == pytest.approx(55)


def test_a_receipt_of_a_bucket_is_that_of_its_days(shop):
    answer = ask(shop, "stock_value", **JANUARY, grain="week")
    weeks = answer.frame.set_index("date")["stock_value"]
    assert weeks.tolist()[:4] == [90, 50, 50, 74]
    receipt = answer.receipt("stock_value", date=date(2026, 1, 5))
    assert (receipt.value, receipt.period, receipt.n) == (50, (date(2026, 1, 5), date(2026, 1, 11)), {"stock": 2})


@examples(10, 50)
@given(
    st.dictionaries(st.tuples(st.sampled_from("AB"), st.integers(0, 120)), st.integers(-1, 3), min_size=1, max_size=12)
)
def test_every_product_and_day_is_as_a_plain_loop_finds_it(counts):
    first, last_counted = date(2026, 1, 1), max(day for _, day in counts)
    held = {}
    for day in range(last_counted + 1):
        for sku in "AB":
            found = [back for back in range(day, day - 31, -1) if (sku, back) in counts]
            if found:
                held[sku, day] = counts[sku, found[0]]
    with Workspace(":memory:") as shop:
        load_rows(
            shop, stock=[count(sku, str(first + timedelta(day)), quantity) for (sku, day), quantity in counts.items()]
        )
        rows = shop._store.rows("select sku, day, quantity from facts.stock")
        assert {(sku, (day - first).days): quantity for sku, day, quantity in rows} == held
        rate = ask(shop, "stockout_rate").totals["stockout_rate"]
        assert rate == pytest.approx(sum(quantity <= 0 for quantity in held.values()) / len(held))


@pytest.mark.parametrize(
    ("end", "value", "silent"),
    [(date(2026, 2, 5), 2 + 5, []), (date(2026, 2, 6), 5, ["old/main"]), (date(2026, 3, 10), 7 + 9, []), (date(2026, 4, 20), None, ["new/main", "old/main"])],
)  # fmt: skip
def test_an_account_that_went_silent_is_not_in_the_closing_stock_and_that_is_said(empty, end, value, silent):
    """Old: 2 on 5 January, 7 on 9 March. New: 5 on 5 and on 31 January, 5 on 28 February, 9 on 9 March."""
    costs = {"unit_cost": 1, "currency": "PLN"}
    load_rows(
        empty, "old", "old/main", stock=[count("A", "2026-01-05", 2, **costs), count("A", "2026-03-09", 7, **costs)]
    )
    weeks = (("2026-01-05", 5), ("2026-01-31", 5), ("2026-02-28", 5), ("2026-03-09", 9))
    load_rows(empty, "new", "new/main", stock=[count("A", day, number, **costs) for day, number in weeks])
    answer = ask(empty, "stock_value", start=date(2026, 1, 1), end=end)
    assert answer.totals == {"stock_value": value}
    notes = [str(note) for note in answer.notes if "was last counted on" in str(note)]
    assert [note.split(" was")[0] for note in notes] == [f"The stock of {name}" for name in silent]
