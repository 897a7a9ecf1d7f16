"""What must hold for any data: parts add up, filters add up, order of files does not matter, values are parameters."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import Query, Workspace, catalogue
from kpi.errors import UnknownKpi
from tests.examples import examples
from tests.rows import line, load_rows, order, spent, visit

ADDITIVE = ("gross_sales", "net_sales", "revenue", "orders", "online_orders", "new_customers", "double_discount")
DIMENSIONS = ("channel", "device", "country", "sales_channel", "customer_type", "promo_code", "payment_method")
FIRST = date(2026, 1, 1)

_maybe = lambda *values: st.sampled_from([None, *values])  # noqa: E731
orders_strategy = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.integers(0, 60).map(lambda n: str(FIRST + timedelta(n))),
            "items": st.integers(0, 500),
            "discount_amount": st.integers(0, 50),
            "refunded_amount": st.integers(0, 100),
            "status": st.sampled_from(["paid", "refunded", "cancelled", "test", "unknown", "awaiting_payment"]),
            "channel": _maybe("organic", "direct"),
            "device": _maybe("mobile", "desktop"),
            "country": _maybe("PL", "DE"),
            "sales_channel": _maybe("web", "pos"),
            "customer_key": _maybe("a", "b", "c"),
            "promo_codes": st.sampled_from([[], ["X"], ["X", "Y"]]),
            "payment_method": _maybe("card"),
        }
    ),
    min_size=1,
    max_size=25,
)


def _rows(drawn):
    return [
        order(
            f"O{place}",
            fields["day"],
            fields["items"],
            **{k: v for k, v in fields.items() if k not in ("day", "items")},
        )
        for place, fields in enumerate(drawn)
    ]


@examples(4, 12)
@given(orders_strategy)
def test_parts_and_filters_add_up_to_the_whole(drawn):
    with Workspace(":memory:") as shop:
        load_rows(shop, orders=_rows(drawn))
        whole = shop.ask(Query(ADDITIVE)).totals
        for dimension in DIMENSIONS:
            answer = shop.ask(Query(ADDITIVE, by=(dimension,)))
            for kpi in set(ADDITIVE) - set(answer.refused):
                assert answer.frame[kpi].sum() == pytest.approx(whole[kpi])
                assert answer.totals[kpi] == pytest.approx(whole[kpi])
            values = [None if value != value else value for value in answer.frame.get(dimension, ())]
            filtered = [shop.ask(Query(ADDITIVE, where={dimension: (value,)})).totals for value in values]
            for kpi in set(ADDITIVE) - set(answer.refused):
                assert sum(totals[kpi] for totals in filtered) == pytest.approx(whole[kpi])


@examples(3, 10)
@given(orders_strategy, st.randoms())
def test_the_order_of_files_does_not_matter(drawn, dice):
    rows = _rows(drawn)
    lines = [line(row["order_id"], 1, f"P{place % 3}", 1 + place % 2, 10) for place, row in enumerate(rows)]
    files = [
        {"orders": rows},
        {"order_lines": lines},
        {"traffic": [visit("2026-01-05", 50)]},
        {"ad_spend": [spent("2026-01-06", 9)]},
    ]
    kpis = tuple(catalogue().kpis)
    with Workspace(":memory:") as one, Workspace(":memory:") as other:
        for place, tables in enumerate(files):
            load_rows(one, f"{place}.csv", **tables)
        for place, tables in sorted(enumerate(files), key=lambda _: dice.random()):
            load_rows(other, f"{place}.csv", **tables)
        assert one.ask(Query(kpis)).totals == pytest.approx(other.ask(Query(kpis)).totals, nan_ok=True)


def test_product_sales_add_up_to_net_sales(shop):
    for by in ((), ("country",), ("promo_code",)):
        answer = shop.ask(Query(("item_sales", "net_sales"), by=by))
        assert answer.frame["item_sales"].tolist() == pytest.approx(answer.frame["net_sales"].tolist())


@pytest.mark.parametrize(
    "value", ["'; DROP TABLE facts.orders; --", "mobile' OR '1'='1", "??", "$1", "{x}", "%", "Żółw"]
)
def test_typed_values_are_only_ever_parameters(shop, value):
    answer = shop.ask(Query(("orders",), where={"device": (value,)}))
    assert answer.totals["orders"] == 0
    assert value not in answer.sql
    assert shop.ask(Query(("orders",))).totals["orders"] == 5


@pytest.mark.parametrize(
    "query",
    [Query(("orders; drop table x",)), Query(("orders",), by=("1=1",)), Query(("orders",), where={"day) --": ("x",)})],
)
def test_names_come_only_from_the_catalogue(shop, query):
    with pytest.raises(UnknownKpi):
        shop.ask(query)


def test_queries_are_hashable_and_equal_by_content():
    one = Query(("aov",), where={"device": ["mobile", None], "channel": "direct"})
    assert one == Query(("aov",), where={"channel": ("direct",), "device": ("mobile", None)})
    assert hash(one) == hash(Query(("aov",), where={"channel": ("direct",), "device": ("mobile", None)}))


def test_one_refused_kpi_never_stops_the_others(shop):
    answer = shop.ask(Query(("orders", "users", "platform_cpa")))
    assert answer.totals == {"orders": 5}
    assert set(answer.refused) == {"users", "platform_cpa"}


def test_an_empty_workspace_refuses_everything_and_crashes_at_nothing(empty):
    answer = empty.ask(Query(tuple(catalogue().kpis), by=("channel",), grain="month", compare="previous"))
    assert set(answer.refused) == set(catalogue().kpis)
    assert answer.frame.empty
