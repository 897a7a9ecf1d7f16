"""From rows in DuckDB to moments: what counts, what is left out, and by which rule."""

import datetime as dt
from dataclasses import astuple

import numpy as np
import pytest
from scipy import stats

from kpi.errors import BadExperiment
from kpi.experiment import (
    ROWS,
    ArmCount,
    Events,
    Metric,
    Plan,
    Source,
    all_compared,
    checked,
    collect,
    compared,
    observe,
    observed_counts,
    verdict,
)
from kpi.experiment.comparison import Rule
from tests.experiment.samples import AOV, CONVERSION, REVENUE, moments_of, table

SOURCE = Source("visitors", unit="unit", arm="arm", at="day", segments=("device",))
TEN = """
from (values
    ('a', 'A', date '2026-03-02', 'mobile', true, 10.50::decimal(9,2), 1),
    ('b', 'A', date '2026-03-02', 'mobile', false, null, null),
    ('c', 'A', date '2026-03-03', null, null, null, null),
    ('d', 'B', date '2026-03-02', 'desktop', true, 30.00, 2),
    ('e', 'B', date '2026-03-03', 'desktop', true, -5.00, 1),
    ('f', 'B', date '2026-03-03', 'mobile', false, null, 0)
) v(unit, arm, day, device, converted, revenue, orders)
"""


def seen(con, source=SOURCE, *metrics):
    return observe(con, source, metrics or (CONVERSION, REVENUE, AOV))


def test_moments_of_booleans_decimals_and_nothing():
    found = seen(table(TEN))
    assert found.units == {"A": 3, "B": 3}
    assert found.moments("conversion")["A"].nonzero == 1
    assert found.moments("conversion")["B"].mean == pytest.approx(2 / 3)
    revenue = found.moments("revenue")
    assert (revenue["A"].mean, revenue["A"].var) == pytest.approx((3.5, np.var([10.5, 0, 0], ddof=1)))
    assert (revenue["B"].mean, revenue["B"].nonzero) == (pytest.approx(25 / 3), 2)
    aov = found.moments("aov")["B"]
    assert (aov.denominator_mean, aov.denominator_covar) == pytest.approx((1, np.cov([30, -5, 0], [2, 1, 0])[0, 1]))


def test_no_value_may_mean_that_nothing_was_measured():
    metric = Metric.mean("revenue", "revenue", empty="left_out")
    share = Metric.proportion("conversion", "converted", empty="left_out")
    ratio = Metric.ratio("aov", "revenue", "orders", empty="left_out")
    found = seen(table(TEN), SOURCE, metric, share, ratio)
    assert (found.moments("revenue")["A"].n, found.moments("revenue")["A"].mean) == (1, 10.5)
    assert found.moments("conversion")["A"].n == 2
    assert found.moments("aov")["B"].n == 2  # f has orders but no revenue
    assert found.units == {"A": 3, "B": 3}


def test_days_and_segments_add_up_to_the_whole():
    found = seen(table(TEN))
    assert found.days == (dt.date(2026, 3, 2), dt.date(2026, 3, 3))
    assert found.units_by_day[dt.date(2026, 3, 3)] == {"A": 1, "B": 2}
    segments = found.by_segment("revenue", "device")
    assert {value: {arm: one.n for arm, one in arms.items()} for value, arms in segments.items()} == {
        "mobile": {"A": 2, "B": 1},
        "desktop": {"B": 2},
        None: {"A": 1},
    }
    assert sum(one.total for arms in segments.values() for one in arms.values()) == pytest.approx(35.5)
    assert sum(one.total for one in found.moments("revenue").values()) == pytest.approx(35.5)


def test_several_segments_and_no_dates():
    source = Source("visitors", unit="unit", arm="arm", segments=("device", "orders"))
    found = seen(table(TEN), source, REVENUE)
    assert found.days == ()
    assert found.units == {"A": 3, "B": 3}
    assert {value: sum(one.n for one in arms.values()) for value, arms in found.by_segment("revenue", "orders").items()} == {
        "1": 2, "2": 1, "0": 1, None: 2,
    }  # fmt: skip


REPEATED = """
from (values
    ('a', 'A', timestamp '2026-03-02 10:00', 'x', 1),
    ('a', 'A', timestamp '2026-03-02 10:00', 'x', 1),
    ('a', 'A', timestamp '2026-03-05 09:00', 'x', 7),
    ('b', 'A', timestamp '2026-03-02 10:00', 'x', 2),
    ('b', 'B', timestamp '2026-03-03 10:00', 'y', 2),
    ('c', 'B', timestamp '2026-03-02 10:00', 'y', 3),
    ('c', 'B', timestamp '2026-03-02 10:00', 'y', 4),
    ('d', 'B', timestamp '2026-03-02 10:00', 'y', 5),
    ('e', 'B', timestamp '2026-03-02 10:00', 'x', 9),
    (null, 'B', timestamp '2026-03-02 10:00', 'y', 5),
    ('', 'B', timestamp '2026-03-02 10:00', 'y', 5),
    ('f', null, timestamp '2026-03-02 10:00', 'y', 5),
    ('g', '', timestamp '2026-03-02 10:00', 'y', 5)
) v(unit, arm, moment, page, revenue)
"""


def test_every_row_is_counted_where_it_went():
    con = table(REPEATED)
    source = Source("visitors", unit="unit", arm="arm", at="moment", seen="page", shows={"A": "x", "B": "y"})
    intake = checked(con, source, (REVENUE,))
    assert [(one.rule.text, one.count) for one in intake.left_out] == [
        ("Rows without a unit are left out: nobody can be told apart in them.", 2),
        ("Rows without a variant are left out.", 2),
        ("Rows that show something else than their variant does are left out.", 1),
        ("Units whose rows name several variants are left out of all of them.", 1),
        ("Of a unit with several rows the earliest counts; its other rows are left out.", 2),
        ("Units whose earliest rows contradict each other are left out.", 1),
    ]
    assert (intake.rows, intake.units, intake.in_two_arms) == (13, 2, 1)
    assert intake.in_two_arms_share == pytest.approx(1 / 3)
    found = observe(con, source, (REVENUE,), intake)
    assert {arm: one.total for arm, one in found.moments("revenue").items()} == {"A": 1, "B": 5}


def test_an_intake_of_other_data_is_not_believed():
    con = table(TEN)
    intake = checked(con, SOURCE, (REVENUE,))
    con.execute("insert into visitors from visitors")
    assert observe(con, SOURCE, (REVENUE,), intake).units == {"A": 3, "B": 3}


ORDERS = """
select 'u' || (i % 700) as unit, case when (i % 700) % 2 = 0 then 'A' else 'B' end as arm,
    timestamp '2026-03-01' + interval (i) minute as moment, 20 + (i * 37 % 101) + 40 * ((i % 700) % 7) as revenue,
    case when i % 3 = 0 then 'mobile' else 'desktop' end as device
from range(3000) t(i)
"""


def test_orders_are_summed_to_their_customer_before_anything_else():
    con = table(ORDERS)
    source = Source("visitors", unit="unit", arm="arm", at="moment", segments=("device",), rows="event")
    per_order = Metric.ratio("aov", "revenue", ROWS, empty="zero")
    found = observe(con, source, (per_order, REVENUE))
    assert found.units == {"A": 350, "B": 350}
    rows = con.execute("select unit, any_value(arm), sum(revenue), count(*) from visitors group by unit").fetchall()
    for arm in ("A", "B"):
        y, d = (np.array([row[i] for row in rows if row[1] == arm], dtype=float) for i in (2, 3))
        one = found.moments("aov")[arm]
        assert (one.n, one.mean, one.denominator_mean) == (350, pytest.approx(y.mean()), pytest.approx(d.mean()))
        assert one.denominator_covar == pytest.approx(np.cov(y, d)[0, 1])
    # As rows of units, a customer's further orders are left out, so that no order is ever a unit of its own.
    as_units = observe(con, Source("visitors", unit="unit", arm="arm", at="moment"), (REVENUE,))
    assert as_units.units == {"A": 350, "B": 350}


def test_a_shops_orders_join_an_assignment():
    con = table("from (values ('a', 'A', timestamp '2026-03-02 12:00', 3), ('b', 'A', timestamp '2026-03-02 12:00', null),"
                " ('c', 'B', timestamp '2026-03-02 12:00', 1)) v(customer, arm, assigned_at, history)")  # fmt: skip
    con.execute("""create table orders as from (values
        ('a', timestamp '2026-03-01 10:00', 99.0), ('a', timestamp '2026-03-02 13:00', 10.0), ('a', timestamp '2026-03-04 13:00', 5.0),
        ('a', timestamp '2026-04-01 13:00', 1000.0), ('z', timestamp '2026-03-04 13:00', 7.0)) o(customer, ordered_at, amount)""")
    events = Events("orders", unit="customer", at="ordered_at", until=dt.date(2026, 3, 31))
    source = Source("visitors", unit="customer", arm="arm", at="assigned_at", events=events)
    revenue = Metric.mean("revenue", "amount", empty="zero", covariate="history")
    orders = Metric.mean("orders", ROWS, empty="zero")
    found = observe(con, source, (revenue, orders))
    assert found.units == {"A": 2, "B": 1}
    assert (found.moments("revenue")["A"].total, found.moments("orders")["A"].total) == (15, 2)
    assert (found.moments("revenue")["B"].n, found.moments("revenue")["B"].total) == (1, 0)
    assert found.moments("revenue")["A"].covariate_mean == 1.5  # no history is zero


def test_a_day_is_compared_with_days():
    con = table("from (values (1, 'A', timestamp '2026-03-02 12:00')) v(customer, arm, assigned_at)")
    con.execute("create table orders as from (values ('1', date '2026-03-02', 4), ('1', date '2026-03-01', 3)) o(who, day, amount)")  # fmt: skip
    source = Source("visitors", "customer", "arm", at="assigned_at", events=Events("orders", "who", "day"))
    found = observe(con, source, (Metric.mean("revenue", "amount", empty="zero"),))
    assert found.moments("revenue")["A"].total == 4


def test_infinite_and_broken_numbers_are_no_values():
    con = table("from (values (1, 'A', 'inf'::double), (2, 'A', 'nan'::double), (3, 'A', 4.0), (4, 'A', 2.0)) v(unit, arm, revenue)")  # fmt: skip
    found = observe(con, Source("visitors", "unit", "arm"), (Metric.mean("revenue", "revenue", empty="left_out"),))
    assert found.moments("revenue")["A"].n == 2
    assert found.moments("revenue")["A"].var == pytest.approx(2)


def test_a_mean_far_above_the_spread_keeps_its_digits():
    con = table("select i as unit, case when i % 2 = 0 then 'A' else 'B' end as arm, 1e15 + i % 2 + i // 2 % 7 as x from range(140000) t(i)")  # fmt: skip
    found = observe(con, Source("visitors", "unit", "arm"), (Metric.mean("x", "x", empty="zero"),)).moments("x")
    # Each arm has 10,000 times 0 … 6, with a variance of 4 × 70,000 / 69,999; B is one higher.
    assert found["B"].mean - found["A"].mean == 1
    assert found["A"].var == pytest.approx(4 * 70_000 / 69_999, rel=1e-6)


def test_winsorised_values_stand_beside_the_raw_ones():
    con = table("select i as unit, case when i % 2 = 0 then 'A' else 'B' end as arm, case when i = 99 then 1000.0 else i end as revenue from range(100) t(i)")  # fmt: skip
    metric = Metric.mean("revenue", "revenue", empty="zero", winsor_share=0.95)
    found = observe(con, Source("visitors", "unit", "arm"), (metric,))
    values = np.array([*range(99), 1000.0])
    cap = np.quantile(values, 0.95)
    assert found.caps == {"revenue": pytest.approx(cap)}
    odd = np.minimum(values[1::2], cap)
    assert found.capped("revenue")["B"].mean == pytest.approx(odd.mean())
    assert found.capped("revenue")["B"].var == pytest.approx(odd.var(ddof=1))
    assert found.moments("revenue")["B"].mean == pytest.approx(values[1::2].mean())


def test_a_name_cannot_become_sql():
    con = table(
        """select 1 as "un""it", 'A''; drop table visitors; --' as "a; drop table visitors", 3 as "re'venue" """
    )
    source = Source(
        "visitors", 'un"it', "a; drop table visitors", seen='un"it', shows={"A'; drop table visitors; --": "1"}
    )
    found = observe(con, source, (Metric.mean("revenue", "re'venue", empty="zero"),))
    assert found.units == {"A'; drop table visitors; --": 1}


@pytest.mark.parametrize(
    ("source", "metric", "title"),
    [
        (Source("visitors", "nobody", "arm"), REVENUE, "A column of the test is missing"),
        (
            Source("visitors", "unit", "arm"),
            Metric.mean("x", "profit", empty="zero"),
            "A column of the test is missing",
        ),
        (Source("visitors", "unit", "arm"), Metric.mean("x", "device", empty="zero"), "An outcome is no number"),
        (Source("visitors", "unit", "arm", at="device"), REVENUE, "“device” is no date"),
        (Source("(from visitors where false)", "unit", "arm"), REVENUE, "No unit takes part in this test"),
        (Source("visitors", "unit", "arm"), Metric.mean("x", ROWS, empty="zero"), "A column of the test is missing"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(source, metric, title):
    with pytest.raises(BadExperiment) as refused:
        observe(table(TEN), source, (metric,))
    assert str(refused.value.title) == title


def test_counts_are_read_like_rows():
    found = observed_counts([ArmCount("A", 1000, 40, 5000.0), ArmCount("B", 1010, 62, 7000.0)], "PLN")
    assert found.moments("conversion")["B"].nonzero == 62
    reason = all_compared(found.metric("revenue_per_visitor"), found.moments("revenue_per_visitor"), "A", Rule())[
        0
    ].reason
    assert str(reason).startswith("The file gives totals only")


@pytest.mark.parametrize(
    "counts",
    [
        [ArmCount("A", 10, 11)],
        [ArmCount("A", 10, -1)],
        [ArmCount("A", 10, 1), ArmCount("A", 10, 2)],
        [ArmCount("A", 10, 1.5)],
        [ArmCount("", 10, 1)],
        [],
    ],
)
def test_broken_counts_are_refused(counts):
    with pytest.raises(BadExperiment):
        observed_counts(counts)


def test_a_million_rows_agree_with_scipy():
    con = table("""select i as unit, case when hash(i) % 2 = 0 then 'A' else 'B' end as arm, date '2026-03-01' + (i % 14)::int as day,
        case when hash(i, 1) % 100 < 4 then (hash(i, 2) % 100000 / 100)::decimal(12,2) end as revenue,
        hash(i, 1) % 100 < 4 as converted, (hash(i, 1) % 100 < 4)::int + (hash(i, 1) % 100 < 1)::int as orders from range(1000000) t(i)""")  # fmt: skip
    found = observe(con, Source("visitors", "unit", "arm", at="day"), (CONVERSION, REVENUE, AOV))
    values = {arm: con.execute(f"select coalesce(revenue, 0)::double as y, orders::double as d from visitors where arm = '{arm}'").fetchnumpy() for arm in "AB"}  # fmt: skip
    expected = stats.ttest_ind(values["B"]["y"], values["A"]["y"], equal_var=False)
    mean = compared(REVENUE, found.moments("revenue"), "A", "B", Rule()).estimate
    assert (mean.statistic, mean.p, mean.low) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.confidence_interval().low), rel=1e-9
    )
    table_ = [[np.count_nonzero(values[arm]["d"]), np.count_nonzero(values[arm]["d"] == 0)] for arm in "AB"]
    share = compared(CONVERSION, found.moments("conversion"), "A", "B", Rule()).estimate
    assert share.p == pytest.approx(stats.chi2_contingency(table_, correction=False).pvalue, rel=1e-9)
    lines = {arm: one["y"].sum() / one["d"].sum() + (one["y"] - one["y"].sum() / one["d"].sum() * one["d"]) / one["d"].mean() for arm, one in values.items()}  # fmt: skip
    expected = stats.ttest_ind(lines["B"], lines["A"], equal_var=False)
    ratio = compared(AOV, found.moments("aov"), "A", "B", Rule()).estimate
    assert (ratio.statistic, ratio.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9)
    assert verdict(found, Plan("A", "revenue", units=1_000_000), dt.date(2026, 4, 1)).mode == "fixed"


@pytest.mark.parametrize("most", [0, 5_000])
def test_days_and_segments_are_the_same_whether_grouped_in_turn_or_together(monkeypatch, most):
    """Twelve units with a unit alone on its day, one without a date, one without a device, and values above the cap."""
    monkeypatch.setattr(collect, "_MOST_CROSSED", most)
    con = table("""
        select i as id, case when i % 2 = 0 then 'A' else 'B' end as variant, (i * i)::double as revenue, (i % 3)::double as orders,
            (7 - i)::double as before, case when i < 11 then date '2026-01-01' + (i // 4)::int end as day,
            case when i <> 5 then ['mobile', 'desktop'][1 + (i // 6)::int] end as device
        from range(12) t(i)
    """)
    metrics = (
        Metric.mean("capped", "revenue", empty="zero", covariate="before", winsor_share=0.75),
        Metric.ratio("aov", "revenue", "orders", empty="zero", covariate="before", covariate_denominator="orders"),
    )
    found = observe(con, Source("visitors", unit="id", arm="variant", at="day", segments=("device",)), metrics)
    for arm, first in (("A", 0), ("B", 1)):
        units = np.arange(first, 12, 2.0)
        whole = moments_of(units**2, units % 3, 7 - units, units % 3)
        assert found.moments("aov")[arm].crossed == pytest.approx(whole.crossed)
        assert astuple(found.moments("aov")[arm])[:-1] == pytest.approx(astuple(whole)[:-1])
        assert found.capped("capped")[arm].mean == pytest.approx(np.minimum(units**2, found.caps["capped"]).mean())
        mobile = np.array([i for i in range(first, 6, 2) if i != 5]) ** 2.0
        segment = found.by_segment("capped", "device")
        assert (segment["mobile"][arm].mean, segment["mobile"][arm].var) == pytest.approx(
            (mobile.mean(), mobile.var(ddof=1))
        )
    assert found.by_segment("capped", "device")[None]["B"].n == 1
    assert found.units_by_day == {
        dt.date(2026, 1, day): {"A": count - count // 2, "B": count // 2} for day, count in ((1, 4), (2, 4), (3, 3))
    }
    assert found.units == {"A": 6, "B": 6}
