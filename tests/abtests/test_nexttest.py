"""The next test: sizes by named formulas, days in whole weeks, and what the last test taught."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from kpi.abtests.nexttest import NextTest, learned, planned
from kpi.errors import BadExperiment
from kpi.experiment.moments import Moments, proportion_moments
from tests.experiment.samples import AOV, CONVERSION, REVENUE, moments_of


def test_a_rate_is_sized_by_fleiss() -> None:
    """p 5 % and 5.5 %: (1.959964 √(2 · 0.0525 · 0.9475) + 0.841621 √(0.0475 + 0.051975))² ÷ 0.005² = 31,233.9…"""
    found = planned(NextTest("proportion", 0.05, 0.005, units_a_day=5000))
    pooled, apart = math.sqrt(2 * 0.0525 * 0.9475), math.sqrt(0.05 * 0.95 + 0.055 * 0.945)
    by_hand = (1.959964 * pooled + 0.8416212 * apart) ** 2 / 0.005**2
    assert found.size.raw == pytest.approx(by_hand, rel=1e-6)
    assert (found.size.control, found.size.total) == (31_234, 62_468)
    # 62,468 ÷ 5,000 is 12.5 days, so two whole weeks
    assert found.days == 14
    assert [one.weeks for one in found.longer] == list(range(1, 13))


def test_longer_finds_less_and_two_weeks_find_about_what_was_wanted() -> None:
    longer = planned(NextTest("proportion", 0.05, 0.005, units_a_day=5000)).longer
    assert all(after.detectable < before.detectable for before, after in pairwise(longer))
    assert longer[1].detectable < 0.005 < longer[0].detectable


def test_without_traffic_no_days_are_told() -> None:
    found = planned(NextTest("mean", 10, 1, deviation=50))
    assert (found.days, found.longer) == (None, ())
    # 2 (1.959964 + 0.841621)² · 50² = 39,244; Student's t needs one more
    assert found.size.control == pytest.approx(39_245, abs=1)


def test_more_variants_share_the_error_and_need_more_units() -> None:
    two, three = (planned(NextTest("proportion", 0.05, 0.005, arms=arms)).size for arms in (2, 3))
    assert three.control > two.control
    assert three.total == 3 * three.control


def test_what_is_learnt_is_the_control_and_its_spread() -> None:
    rate = learned(CONVERSION, proportion_moments(1000, 50), 120.0)
    assert rate == NextTest("proportion", 0.05, pytest.approx(0.005), units_a_day=120.0)
    mean = learned(REVENUE, moments_of([0, 0, 30, 10]), None)
    assert mean is not None
    # mean 10, variance ((10² + 10² + 20² + 0²) ÷ 3) = 200
    assert (mean.baseline, mean.deviation, mean.effect) == (10, pytest.approx(math.sqrt(200)), pytest.approx(1))
    ratio = learned(AOV, moments_of([20, 60, 40], [1, 2, 1]), None)
    assert ratio is not None
    assert ratio.baseline == pytest.approx(120 / 4)


def test_nothing_is_learnt_from_a_control_without_spread() -> None:
    assert learned(REVENUE, Moments(10, 5.0), None) is None
    assert learned(CONVERSION, Moments(0), None) is None


def test_a_plan_survives_the_address() -> None:
    wanted = NextTest("mean", 10, 1, 50, "money", "PLN", 0.9, 3, 120.5)
    assert NextTest.of(wanted.as_dict()) == wanted


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "guess"}, {"unit": "miles"}, {"effect": float("nan")}, {"effect": "x"}, {"arms": 2.5}, {"more": 1}],
)
def test_what_is_no_plan_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        NextTest.of(NextTest("mean", 10, 1, 50).as_dict() | wrong)


def test_a_plan_that_cannot_be_is_a_sentence() -> None:
    with pytest.raises(BadExperiment):
        planned(NextTest("proportion", 0.98, 0.05))
