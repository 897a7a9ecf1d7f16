"""Each method beside SciPy, or beside numbers worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from kpi.experiment import Rule, balance, compared, daily_balance, overall, posteriors
from kpi.experiment.cuped import adjusted
from kpi.experiment.estimate import Estimate
from kpi.experiment.lift import fieller_interval, lift, log_interval
from kpi.experiment.means import welch
from kpi.experiment.metric import Metric
from kpi.experiment.moments import Moments, linearised, proportion_moments
from kpi.experiment.multiple import benjamini_hochberg, holm
from kpi.experiment.noninferiority import non_inferiority
from kpi.experiment.proportions import (
    EVERYBODY,
    NOBODY,
    fisher,
    newcombe,
    pooled_z,
    proportion_difference,
    wilson,
)
from kpi.wording import Message
from tests.experiment.samples import CONVERSION, moments_of

RNG = np.random.default_rng(20261122)


@pytest.mark.parametrize("size", [(5, 9), (40, 25), (1000, 3000)])
def test_welch_agrees_with_scipy(size):
    control, treatment = RNG.gamma(0.5, 40, size[0]), RNG.gamma(0.6, 40, size[1]) - 5
    expected = stats.ttest_ind(treatment, control, equal_var=False)
    found = welch(moments_of(control), moments_of(treatment))
    assert isinstance(found, Estimate)
    assert (found.statistic, found.p, found.df) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.df), rel=1e-9
    )
    assert (found.low, found.high) == pytest.approx(expected.confidence_interval(), rel=1e-9)


@pytest.mark.parametrize("table", [(3, 40, 9, 38), (0, 50, 6, 50), (12, 12, 9, 14), (2, 900, 4, 100), (5, 5, 0, 7)])
def test_fisher_agrees_with_scipy(table):
    x_c, n_c, x_t, n_t = table
    expected = stats.fisher_exact([[x_c, n_c - x_c], [x_t, n_t - x_t]]).pvalue
    assert fisher((x_c, n_c), (x_t, n_t), is_mid=False) == pytest.approx(expected, rel=1e-9)
    assert fisher((x_c, n_c), (x_t, n_t)) < expected
    assert fisher((x_t, n_t), (x_c, n_c)) == pytest.approx(fisher((x_c, n_c), (x_t, n_t)))


def test_mid_p_by_hand():
    # 0 of 2 against 2 of 2: tables 0, 1, 2 with 1/6, 4/6, 1/6; both outer ones are as likely: (1/6 + 1/6) / 2.
    assert fisher((0, 2), (2, 2)) == pytest.approx(1 / 6)


def test_chi_square_agrees_with_scipy():
    counts = [(300, 10_000), (350, 10_100), (330, 9_900), (290, 5_000)]
    expected = stats.chi2_contingency([[x, n - x] for x, n in counts], correction=False)
    assert overall(counts) == pytest.approx((expected.statistic, 3, expected.pvalue), rel=1e-9)


def test_pooled_z_is_the_root_of_chi_square():
    statistic, _, p = overall([(300, 10_000), (350, 10_100)])
    found = proportion_difference((300, 10_000), (350, 10_100))
    assert isinstance(found, Estimate)
    assert found.method == "z"
    assert (found.statistic**2, found.p) == pytest.approx((statistic, p))


def test_wilson_agrees_with_scipy():
    expected = stats.binomtest(7, 53).proportion_ci(method="wilson")
    assert wilson(7, 53) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_swapping_arms_turns_the_signs():
    low, high = newcombe((30, 900), (50, 1000))
    assert newcombe((50, 1000), (30, 900)) == pytest.approx((-high, -low))
    assert pooled_z((50, 1000), (30, 900)) == pytest.approx(-pooled_z((30, 900), (50, 1000)))
    a, b = moments_of(RNG.normal(3, 1, 30)), moments_of(RNG.normal(4, 5, 20))
    assert welch(a, b).difference == -welch(b, a).difference
    assert welch(a, b).p == welch(b, a).p


def test_a_small_expected_cell_takes_fisher():
    # Expected conversions of the smaller arm: 9 × 100 / 1100 = 0.8.
    found = proportion_difference((5, 1000), (4, 100))
    assert isinstance(found, Estimate)
    assert found.method == "fisher_mid_p"
    assert found.p == fisher((5, 1000), (4, 100))
    assert math.copysign(1, found.z) == 1


@pytest.mark.parametrize(("pair", "reason"), [(((0, 50), (0, 60)), NOBODY), (((50, 50), (60, 60)), EVERYBODY)])
def test_the_same_outcome_everywhere_is_a_sentence(pair, reason):
    assert proportion_difference(*pair) == reason
    assert overall(list(pair)) == reason


def test_values_without_spread_are_a_sentence():
    assert isinstance(welch(Moments(5, 2.0, 0.0), Moments(7, 2.0, 0.0)), Message)


@pytest.mark.parametrize("p_values", [(0.01, 0.04, 0.03, 0.005), (0.2,), (), (0.5, 0.5, 0.9), tuple(RNG.random(20))])
def test_adjusted_p_values(p_values):
    expected = stats.false_discovery_control(p_values) if p_values else ()
    assert benjamini_hochberg(p_values) == pytest.approx(tuple(expected), rel=1e-12)
    # Holm by its definition: the largest of (m − rank) × p up to this one.
    order = sorted(p_values)
    steps = {p: max(min(1, (len(order) - i) * order[i]) for i in range(order.index(p) + 1)) for p in p_values}
    assert holm(p_values) == pytest.approx(tuple(steps[p] if p_values.count(p) == 1 else max(
        min(1, (len(order) - i) * order[i]) for i in range(len(order) - order[::-1].index(p))
    ) for p in p_values), rel=1e-12)  # fmt: skip


def test_lift_needs_a_positive_control():
    assert lift(0.02, 0.025) == pytest.approx(0.25)
    assert lift(0.0, 0.025) is None
    assert lift(-3.0, 5.0) is None
    assert fieller_interval(Moments(100, -3.0, 1.0), Moments(100, 5.0, 1.0)) is None
    assert log_interval((0, 100), (4, 100)) is None


def test_fieller_is_where_the_scaled_difference_is_on_the_edge():
    control, treatment = Moments(400, 10.0, 90.0), Moments(500, 11.0, 110.0)
    for end in fieller_interval(control, treatment):
        # At either end, treatment − (1 + lift) × control is z standard errors from zero.
        difference = treatment.mean - (1 + end) * control.mean
        assert abs(difference) / math.sqrt(110 / 500 + (1 + end) ** 2 * 90 / 400) == pytest.approx(1.959964, abs=1e-6)


def test_a_perfect_covariate_takes_all_noise_away():
    before = RNG.normal(50, 10, 40)
    control, treatment = moments_of(before, x=before), moments_of(before + 2, x=before)
    found = adjusted(control, treatment, "within")
    assert found.theta == pytest.approx(1)
    assert found.variance_reduction == pytest.approx(1)
    assert found.treatment.mean - found.control.mean == pytest.approx(2)


def test_the_within_slope_is_that_of_an_analysis_of_covariance():
    arms = [RNG.normal(0, 1, (2, 30)), RNG.normal(1, 1, (2, 25))]
    for arm in arms:
        arm[1] += 0.6 * arm[0]
    x = np.concatenate([arm[0] for arm in arms])
    design = np.column_stack([np.ones(55), np.repeat([0, 1], [30, 25]), x])
    _, effect, slope = np.linalg.lstsq(design, np.concatenate([arm[1] for arm in arms]))[0]
    found = adjusted(*(moments_of(arm[1], x=arm[0]) for arm in arms), "within")
    assert (found.theta, found.treatment.mean - found.control.mean) == pytest.approx((slope, effect))


def test_a_ratio_is_adjusted_by_the_ratio_before_by_hand():
    """Control: orders 1, 1, revenue 8, 12, before 1, 1 and 18, 22. Treatment: 1, 1, 11, 17, before 1, 1, 19, 25.

    R = 10 and 14, Q = 20 and 22; both together R = 12, Q = 21. Linearised around them, outcome −4, 0, −1, 5 and past
    −3, 1, −2, 4: theta = (12 + 0 + 2 + 20) / (9 + 1 + 4 + 16) = 34 / 30. Then 10 + 34/30 and 14 − 34/30.
    """
    ones = np.array([1.0, 1.0])
    pair = {
        "A": moments_of(np.array([8.0, 12]), ones, np.array([18.0, 22]), ones),
        "B": moments_of(np.array([11.0, 17]), ones, np.array([19.0, 25]), ones),
    }
    metric = Metric.ratio("aov", "r", "o", empty="zero", covariate="r_before", covariate_denominator="o_before")
    found = compared(metric, pair, "A", "B", Rule(), is_adjusted=True)
    assert found.estimate.method == "cuped"
    assert found.estimate.difference == pytest.approx(4 - 2 * 34 / 30)
    # Inside the arms outcome and past are both ±2, or both ±3: variances 8(1 − θ)² and 18(1 − θ)², over two units each.
    assert found.estimate.se == pytest.approx(math.sqrt((8 + 18) * (1 - 34 / 30) ** 2 / 2))
    assert found.variance_reduction == pytest.approx(1 - (4 / 30) ** 2)


def test_the_past_of_a_ratio_may_have_other_denominators():
    """Two units: orders 1, 3 (mean 2), revenue 10, 50 (R = 15), before 2, 2 (mean 2), 10, 30 (Q = 10).

    Linearised: (10 − 15) / 2, (50 − 45) / 2 = ∓2.5; past (10 − 20) / 2, (30 − 20) / 2 = ∓5. Variances 12.5 and 50,
    covariance 25. With a plain past (x alone, mean 20): ∓10, variance 200, covariance 50.
    """
    y, d, x, z = np.array([10.0, 50]), np.array([1.0, 3]), np.array([10.0, 30]), np.array([2.0, 2])
    found, plain = linearised(moments_of(y, d, x, z)), linearised(moments_of(y, d, x))
    assert (found.mean, found.var) == pytest.approx((15, 12.5))
    assert (found.covariate_mean, found.covariate_var, found.covariate_covar) == pytest.approx((10, 50, 25))
    assert (plain.covariate_mean, plain.covariate_var, plain.covariate_covar) == pytest.approx((20, 200, 50))


def test_a_past_without_anything_to_divide_by_is_a_sentence():
    y, zeros = np.array([1.0, 2, 4]), np.zeros(3)
    pair = {"A": moments_of(y, y + 1, y, y), "B": moments_of(y + 1, y + 1, y, zeros)}
    metric = Metric.ratio("aov", "r", "o", empty="zero", covariate="r_before", covariate_denominator="o_before")
    found = compared(metric, pair, "A", "B", Rule(), is_adjusted=True)
    assert found.estimate is None
    assert "nothing to divide by" in str(found.reason)


def test_a_denominator_of_the_past_needs_its_numerator():
    with pytest.raises(ValueError, match="covariate"):
        Metric.ratio("aov", "r", "o", empty="zero", covariate_denominator="o_before")


def test_a_constant_covariate_is_a_sentence():
    arm = moments_of(np.array([1.0, 2, 3]), x=np.array([5.0, 5, 5]))
    assert isinstance(adjusted(arm, arm), Message)


def test_balance_agrees_with_scipy():
    expected = stats.chisquare([890, 110], [900, 100])
    found = balance({"A": 890, "B": 110}, {"A": 0.9, "B": 0.1})
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert balance({"A": 5000, "B": 5000, "C": 0}, {"A": 1, "B": 1, "C": 0}).df == 1
    assert balance({"A": 5000}, {"A": 1}) is None


def test_days_are_adjusted_together():
    days = {day: {"A": 500 + 40 * (day == 3), "B": 500} for day in range(1, 8)}
    found = daily_balance(days, {"A": 1, "B": 1})
    alone = balance(days[3], {"A": 1, "B": 1}).p
    assert len(found) == 7
    assert found[2].p == pytest.approx(min(1, 7 * alone))


def test_posteriors_agree_with_a_simulation():
    counts = {"A": (20, 400), "B": (31, 420), "C": (9, 90)}
    draws = np.stack([RNG.beta(1 + x, 1 + n - x, 400_000) for x, n in counts.values()])
    found = posteriors(counts)
    best = np.bincount(draws.argmax(axis=0), minlength=3) / draws.shape[1]
    assert [one.best_share for one in found] == pytest.approx(best, abs=0.004)
    assert [one.expected_loss for one in found] == pytest.approx((draws.max(axis=0) - draws).mean(axis=1), abs=2e-4)
    assert sum(one.best_share for one in found) == pytest.approx(1, abs=1e-9)


def test_twenty_arms_and_very_different_sizes_integrate():
    counts = {str(i): (30 + i, 1000) for i in range(19)} | {"huge": (45_000, 1_000_000)}
    found = posteriors(counts)
    assert sum(one.best_share for one in found) == pytest.approx(1, abs=1e-6)
    assert all(math.isfinite(one.expected_loss) for one in found)


def test_non_inferiority_by_hand():
    # Equal rates 10 % of 10,000, margin 1 point: se = √(2 × 0.09 / 10,000) = 0.0042426, z = 0.01 / se = 2.3570.
    arm = proportion_moments(10_000, 1_000)
    found = non_inferiority(CONVERSION, arm, arm, 0.01)
    assert found.z == pytest.approx(2.35702, abs=1e-5)
    assert found.p == pytest.approx(stats.norm.sf(2.35702), rel=1e-4)
    assert found.low == pytest.approx(-1.644854 * 0.00424264, abs=1e-6)


def test_non_inferiority_turns_where_lower_is_better():
    returns = Metric.mean("returns", "returns", empty="zero", is_higher_better=False)
    few, many = Moments(1000, 1.0, 4.0), Moments(1000, 1.3, 4.0)
    assert non_inferiority(returns, few, many, 0.1).p > 0.9
    assert non_inferiority(returns, many, few, 0.1).p < 0.001
    assert non_inferiority(returns, Moments(9, 1.0, 0.0), Moments(9, 1.0, 0.0), 0.1) is None
