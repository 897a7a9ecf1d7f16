"""Sizes, detectable effects and days, each beside a published figure or its own inverse."""

import math

import pytest

from kpi.errors import BadExperiment
from kpi.experiment import (
    FORMULAS,
    days_needed,
    detectable_mean,
    detectable_proportion,
    mean_size,
    proportion_power,
    proportion_size,
    ratio_size,
    what_longer_buys,
)
from kpi.experiment.moments import Moments


def test_cohens_published_sizes():
    # Cohen (1988), table 2.4.1, and G*Power: d = 0.2, 0.5, 0.8 at 5 % and 80 %.
    assert [mean_size(1, d).control for d in (0.2, 0.5, 0.8)] == [394, 64, 26]


def test_the_size_of_a_proportion_has_the_power_it_promises():
    size = proportion_size(0.03, 0.003)
    assert proportion_power(0.03, 0.003, size.control) == pytest.approx(0.8, abs=1e-4)
    assert proportion_power(0.03, 0.003, size.control - 5) < 0.8
    assert size.formula == FORMULAS["pooled"]


def test_a_fall_needs_about_what_a_rise_needs():
    assert proportion_size(0.05, -0.005).control < proportion_size(0.05, 0.005).control


def test_more_arms_and_uneven_splits_need_more():
    plain, three = proportion_size(0.03, 0.003), proportion_size(0.03, 0.003, arms=3)
    assert three.control > plain.control
    assert three.total == 3 * three.control
    uneven = proportion_size(0.03, 0.003, allocation=1 / 9)
    assert uneven.total > 2.5 * plain.total
    assert mean_size(10, 1, allocation=1 / 9).total > 2.5 * mean_size(10, 1).total


def test_what_can_be_detected_is_the_inverse_of_the_size():
    size = proportion_size(0.03, 0.003)
    assert detectable_proportion(0.03, size.control) == pytest.approx(0.003, rel=1e-3)
    assert detectable_proportion(0.5, 3) is None
    assert mean_size(15.58, detectable_mean(15.58, 100_000)).control == pytest.approx(100_000, rel=1e-4)


def test_a_ratio_takes_the_spread_of_its_linearised_units():
    # y = 20 d exactly, but for a variance of 4 in y: residual variance 4 over mean(d)² = 0.25, so 16.
    moments = Moments(1000, 10.0, 20.0**2 * 0.3 + 4, 1000, 0.5, 0.3, 20 * 0.3)
    assert ratio_size(moments, 1.0).control == mean_size(4.0, 1.0).control
    assert ratio_size(moments, 1.0).formula == FORMULAS["delta"]


def test_days_are_whole_weeks():
    size = proportion_size(0.03, 0.003)  # 2 × 53,210
    assert days_needed(size, size.total / 7) == 7
    assert days_needed(size, size.total / 7.1) == 14


def test_four_times_as_long_halves_what_can_be_detected():
    found = what_longer_buys(lambda units: detectable_mean(10, units), 1000, weeks=(1, 4))
    assert [one.units for one in found] == [7_000, 28_000]
    assert found[1].detectable == pytest.approx(found[0].detectable / 2)


@pytest.mark.parametrize(
    "plan",
    [
        lambda: proportion_size(0.0, 0.01),
        lambda: proportion_size(0.99, 0.02),
        lambda: proportion_size(0.03, 0.0),
        lambda: proportion_size(0.03, 0.01, arms=1),
        lambda: proportion_size(0.03, 0.01, power=0.01),
        lambda: mean_size(0, 1),
        lambda: mean_size(math.nan, 1),
        lambda: detectable_mean(10, 0),
        lambda: days_needed(proportion_size(0.03, 0.003), 0),
        lambda: ratio_size(Moments(1), 1),
    ],
)
def test_what_cannot_be_planned_is_refused(plan):
    with pytest.raises(BadExperiment):
        plan()
