"""A million visitors from a seed, beside SciPy, statsmodels and tea-tasting. docs/experiments.md says where we differ."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
import tea_tasting as tt
from scipy import stats
from statsmodels.stats import power
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportions_ztest,
    samplesize_proportions_2indep_onetail,
)
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from kpi.experiment import (
    Metric,
    Observed,
    Plan,
    Rule,
    Source,
    all_compared,
    compared,
    mean_size,
    observe,
    overall,
    proportion_power,
    proportion_size,
    secondary,
)
from kpi.experiment.comparison import Comparison
from tests.experiment.samples import table

# Three arms; a visitor's past (`*_before`) shares its appetite with what it does in the test; B sells a little more.
MILLION = """
select i as visitor_id, ['A', 'B', 'C'][1 + arm] as variant, date '2026-01-01' + (i % 14)::int as seen_on,
    orders > 0 as converted, orders::double as orders, round(orders * (20 + 80 * size), 2)::double as revenue,
    orders_before::double as orders_before, round(orders_before * (20 + 70 * size), 2)::double as revenue_before,
    case when orders > 0 then round(orders * (20 + 80 * size), 2)::double end as paid
from (
    select i, arm, size, (luck < 0.02 + 0.05 * appetite + 0.001 * (arm = 1)::int)::int * (1 + (more < 0.3)::int) as orders,
        (past < 0.1 + 0.5 * appetite)::int * (1 + (more < 0.4)::int) as orders_before
    from (
        select i, (hash('arm' || i) % 3)::int as arm, {rolls}
        from range(1_000_000) t(i)
    )
)
""".format(rolls=", ".join(f"(hash('{name}' || i) >> 11) / 9007199254740992 as {name}" for name in
                           ("size", "luck", "more", "past", "appetite")))  # fmt: skip
CONVERSION = Metric.proportion("converted", "converted", empty="zero")
REVENUE = Metric.mean("revenue", "revenue", empty="zero", covariate="revenue_before")
AOV = Metric.ratio("aov", "revenue", "orders", empty="zero", covariate="revenue_before", covariate_denominator="orders_before")  # fmt: skip
PLAN = Plan("A", "converted", units=1)
CLOSE = {"rel": 1e-9, "abs": 0.0}


@pytest.fixture(scope="module")
def seen() -> tuple[Observed, pd.DataFrame]:
    """What we observe, and the same rows for the others. tea-tasting mixes rows up in a PyArrow table of this size."""
    con = table(MILLION)
    observed = observe(
        con, Source("visitors", unit="visitor_id", arm="variant", at="seen_on"), (CONVERSION, REVENUE, AOV)
    )
    rows = con.execute("select * replace (converted::int as converted) from visitors").df()
    con.close()
    return observed, rows


def ours(seen: Any, metric: Metric, arm: str = "B", **more: Any) -> Comparison:
    return compared(metric, seen[0].moments(metric.name), "A", arm, Rule(), **more)


def theirs(seen: Any, metric: Any, arm: str = "B") -> Any:
    rows = seen[1]
    pair = rows[rows.variant.isin(["A", arm])]
    return tt.Experiment({"it": metric}).analyze(pair, control="A")["it"]


def counts(seen: Any) -> dict[str, tuple[int, int]]:
    by_arm = seen[1].groupby("variant").converted
    return {arm: (int(by_arm.sum()[arm]), int(by_arm.count()[arm])) for arm in "ABC"}


def assert_same_difference(found: Comparison, expected: Any) -> None:
    one = found.estimate
    assert one is not None
    assert (one.difference, one.low, one.high) == pytest.approx(
        (expected.effect_size, expected.effect_size_ci_lower, expected.effect_size_ci_upper), **CLOSE
    )
    assert (one.statistic, one.p) == pytest.approx((expected.statistic, expected.pvalue), **CLOSE)


@pytest.mark.parametrize("arm", ["B", "C"])
def test_proportions_agree_with_statsmodels(seen, arm):
    (x_c, n_c), (x_t, n_t) = counts(seen)["A"], counts(seen)[arm]
    found = ours(seen, CONVERSION, arm)
    z, p = proportions_ztest([x_t, x_c], [n_t, n_c])
    interval = confint_proportions_2indep(x_t, n_t, x_c, n_c, method="newcomb", compare="diff")
    ratio = Table2x2([[x_t, n_t - x_t], [x_c, n_c - x_c]])
    assert found.estimate.method == "z"
    assert (found.estimate.statistic, found.estimate.p) == pytest.approx((z, p), **CLOSE)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(interval, **CLOSE)
    assert found.lift == pytest.approx(ratio.riskratio - 1, **CLOSE)
    assert [end + 1 for end in found.lift_interval] == pytest.approx(ratio.riskratio_confint(), **CLOSE)


def test_all_arms_at_once_agree_with_scipy(seen):
    three = [[x, n - x] for x, n in counts(seen).values()]
    expected = stats.chi2_contingency(three, correction=False)
    assert overall(list(counts(seen).values())) == pytest.approx((expected.statistic, 2, expected.pvalue), **CLOSE)


@pytest.mark.parametrize("arm", ["B", "C"])
def test_means_agree_with_scipy_and_statsmodels(seen, arm):
    control, treatment = (seen[1][seen[1].variant == one].revenue for one in ("A", arm))
    found = ours(seen, REVENUE, arm).estimate
    expected = stats.ttest_ind(treatment, control, equal_var=False)
    assert (found.statistic, found.p, found.df) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.df), **CLOSE
    )
    pair = CompareMeans(DescrStatsW(treatment), DescrStatsW(control))
    assert (found.low, found.high) == pytest.approx(pair.tconfint_diff(usevar="unequal"), **CLOSE)
    assert found.se == pytest.approx(pair.std_meandiff_separatevar, **CLOSE)


def test_adjusted_p_values_agree_with_statsmodels(seen):
    observed = seen[0]
    arms = all_compared(CONVERSION, observed.moments("converted"), "A", Rule())
    found = secondary(observed, PLAN)
    for comparisons, method in ((arms, "holm"), (found, "fdr_bh")):
        expected = multipletests([one.estimate.p for one in comparisons], method=method)[1]
        assert len(expected) == len(comparisons) >= 2
        assert [one.p_adjusted for one in comparisons] == pytest.approx(list(expected), rel=1e-12)


@pytest.mark.parametrize(("baseline", "effect", "allocation"), [(0.03, 0.003, 1), (0.2, -0.02, 1), (0.05, 0.01, 0.25)])
def test_sizes_of_proportions_agree_with_statsmodels(baseline, effect, allocation):
    found = proportion_size(baseline, effect, allocation=allocation)
    # Its first sample is the changed one; ours is the control.
    expected = samplesize_proportions_2indep_onetail(effect, baseline, 0.8, ratio=1 / allocation)
    assert found.raw * allocation == pytest.approx(expected, **CLOSE)
    if allocation == 1:
        power_there = power_proportions_2indep(effect, baseline, 5_000, return_results=False)
        assert proportion_power(baseline, effect, 5_000) == pytest.approx(power_there, **CLOSE)


@pytest.mark.parametrize(("deviation", "effect", "allocation"), [(40, 2, 1), (5, 3, 1), (12, 1, 0.5)])
def test_sizes_of_means_agree_with_statsmodels(deviation, effect, allocation):
    expected = power.TTestIndPower().solve_power(effect / deviation, alpha=0.05, power=0.8, ratio=allocation)
    assert mean_size(deviation, effect, allocation=allocation).raw == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("arm", ["B", "C"])
def test_means_agree_with_tea_tasting(seen, arm):
    assert_same_difference(ours(seen, REVENUE, arm), theirs(seen, tt.Mean("revenue"), arm))


@pytest.mark.parametrize("arm", ["B", "C"])
def test_ratios_agree_with_tea_tasting(seen, arm):
    assert_same_difference(ours(seen, AOV, arm), theirs(seen, tt.RatioOfMeans("revenue", "orders"), arm))


@pytest.mark.parametrize("arm", ["B", "C"])
def test_means_adjusted_by_their_past_agree_with_tea_tasting(seen, arm):
    found = ours(seen, REVENUE, arm, is_adjusted=True)
    assert_same_difference(found, theirs(seen, tt.Mean("revenue", "revenue_before"), arm))
    assert found.variance_reduction > 0.001


@pytest.mark.parametrize("arm", ["B", "C"])
def test_ratios_adjusted_by_their_past_agree_with_tea_tasting(seen, arm):
    found = ours(seen, AOV, arm, is_adjusted=True)
    past = tt.RatioOfMeans("revenue", "orders", "revenue_before", "orders_before")
    assert_same_difference(found, theirs(seen, past, arm))
    assert found.variance_reduction > 0.01


def test_proportions_agree_with_tea_tasting_without_its_correction(seen):
    expected = theirs(seen, tt.Proportion("converted", method="norm", correction=False))
    found = ours(seen, CONVERSION).estimate
    assert (found.difference, found.p) == pytest.approx((expected.effect_size, expected.pvalue), **CLOSE)


# Where we differ: each of these is a sentence of docs/experiments.md.


def test_its_proportions_are_corrected_by_default_and_so_more_cautious(seen):
    expected, found = theirs(seen, tt.Proportion("converted")), ours(seen, CONVERSION).estimate
    (x_c, n_c), (x_t, n_t) = counts(seen)["A"], counts(seen)["B"]
    yates = stats.chi2_contingency([[x_c, n_c - x_c], [x_t, n_t - x_t]], correction=True).pvalue
    assert expected.pvalue == pytest.approx(yates, rel=1e-9)
    assert found.p < yates


def test_its_interval_of_proportions_is_symmetric_and_may_leave_the_possible():
    few = pd.DataFrame({"variant": ["A"] * 600 + ["B"] * 600, "converted": [1] + [0] * 599 + [1] * 12 + [0] * 588})
    expected = tt.Experiment(it=tt.Proportion("converted", method="norm", correction=False)).analyze(few, control="A")[
        "it"
    ]
    low, high = confint_proportions_2indep(12, 600, 1, 600, method="newcomb", compare="diff")
    middle = expected.effect_size
    assert expected.effect_size_ci_upper - middle == pytest.approx(middle - expected.effect_size_ci_lower)
    assert high - middle > middle - low


def test_small_samples_are_barnards_there_and_fishers_mid_p_here():
    few = pd.DataFrame({"variant": ["A"] * 90 + ["B"] * 60, "converted": [1] * 3 + [0] * 87 + [1] * 5 + [0] * 55})
    expected = tt.Experiment(it=tt.Proportion("converted")).analyze(few, control="A")["it"]
    barnard = stats.barnard_exact([[3, 5], [87, 55]], pooled=True).pvalue
    assert expected.pvalue == pytest.approx(barnard, rel=1e-6)
    moments = observe(counted_table(few), Source("visitors", "rowid", "variant"), (CONVERSION,)).moments("converted")
    found = compared(CONVERSION, moments, "A", "B", Rule()).estimate
    # The smaller arm expects 8 × 60 / 150 = 3.2 conversions.
    assert found.method == "fisher_mid_p"
    assert found.p != pytest.approx(barnard, rel=0.01)


def counted_table(rows: pd.DataFrame) -> Any:
    con = table("select 1")
    con.register("given", rows)
    con.execute("create or replace table visitors as select row_number() over () as rowid, * from given")
    return con


def test_it_passes_over_missing_values_where_we_ask_what_they_mean(seen):
    """4 visitors an arm, of whom 2 paid: 10 and 30 in A. We say 10 a visitor, or 20 a buyer, as told; both with their own n."""
    rows = pd.DataFrame({"variant": list("AAAABBBB"), "paid": [10, 30, None, None, 20, 50, None, None]})
    expected = tt.Experiment(it=tt.Mean("paid")).analyze(rows, control="A")["it"]
    con = counted_table(rows)
    values = {}
    for empty in ("zero", "left_out"):
        metric = Metric.mean("paid", "paid", empty=empty)
        observed = observe(con, Source("visitors", "rowid", "variant"), (metric,))
        values[empty] = observed.moments("paid")["A"]
    assert (values["zero"].mean, values["zero"].n) == (10, 4)
    assert (values["left_out"].mean, values["left_out"].n) == (20, 2)
    assert expected.control == 20
    # Its spread is over four visitors although two have a value, so it claims to know more than it does.
    of_buyers = compared(metric, observed.moments("paid"), "A", "B", Rule()).estimate
    assert (expected.effect_size_ci_upper - expected.effect_size_ci_lower) / 2 < of_buyers.high - of_buyers.difference


def test_its_relative_interval_is_by_logarithms_where_ours_is_fiellers(seen):
    found, expected = ours(seen, REVENUE), theirs(seen, tt.Mean("revenue"))
    assert found.lift == pytest.approx(expected.rel_effect_size, **CLOSE)
    low, high = expected.rel_effect_size_ci_lower, expected.rel_effect_size_ci_upper
    assert math.sqrt((1 + low) * (1 + high)) == pytest.approx(1 + found.lift, rel=1e-9)
    assert found.lift_interval == pytest.approx((low, high), abs=2e-4)
    assert found.lift_interval != pytest.approx((low, high), abs=1e-7)


def test_a_relative_interval_where_the_control_is_negative_is_given_there_and_refused_here():
    rows = pd.DataFrame({"variant": ["A"] * 4 + ["B"] * 4, "margin": [-3.0, -1, -2, -2, 1, 2, 0, 1]})
    expected = tt.Experiment(it=tt.Mean("margin")).analyze(rows, control="A")["it"]
    metric = Metric.mean("margin", "margin", empty="zero")
    moments = observe(counted_table(rows), Source("visitors", "rowid", "variant"), (metric,)).moments("margin")
    found = compared(metric, moments, "A", "B", Rule())
    assert expected.rel_effect_size == pytest.approx(1 / -2 - 1)
    assert (found.lift, found.lift_interval) == (None, None)


def test_a_constant_past_changes_nothing_there_and_is_a_sentence_here():
    rows = pd.DataFrame({"variant": list("AAABBB"), "y": [1.0, 2, 4, 3, 5, 4], "x": [7.0] * 6})
    expected = tt.Experiment(it=tt.Mean("y", "x"), raw=tt.Mean("y")).analyze(rows, control="A")
    assert expected["it"].pvalue == expected["raw"].pvalue
    metric = Metric.mean("y", "y", empty="zero", covariate="x")
    moments = observe(counted_table(rows), Source("visitors", "rowid", "variant"), (metric,)).moments("y")
    found = compared(metric, moments, "A", "B", Rule(), is_adjusted=True)
    assert found.estimate is None
    assert "explains nothing" in str(found.reason)


def test_its_default_of_unequal_variances_is_ours(seen):
    assert tt.get_config("equal_var") is False
    pooled = theirs(seen, tt.Mean("revenue", equal_var=True))
    assert ours(seen, REVENUE).estimate.p != pytest.approx(pooled.pvalue, rel=1e-9)
