"""Moments: merged without error, ratios linearised."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.experiment.moments import Moments, linearised, merged, proportion_moments
from tests.experiment.samples import moments_of

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES, st.floats(0, 1e9))
def test_parts_merge_into_the_whole(first, second, offset):
    first, second = (np.array(values) + offset for values in (first, second))
    parts = [
        moments_of(part, part * 2 + np.arange(len(part)), -part) if len(part) > 1 else single(part[0])
        for part in (first, second)
    ]
    both = np.concatenate([first, second])
    d = np.concatenate([part * 2 + np.arange(len(part)) for part in (first, second)])
    found, expected = merged(parts), moments_of(both, d, -both)
    scale = max(1.0, float(np.abs(both).max()))
    assert found.n == expected.n
    assert found.mean == pytest.approx(expected.mean, abs=1e-9 * scale)
    for name in ("var", "denominator_var", "denominator_covar", "covariate_covar"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-7, abs=1e-7 * scale), name


def test_all_pairs_of_a_ratio_with_its_past_merge():
    rng = np.random.default_rng(7)
    first, second = rng.normal(3, 1, (4, 9)), rng.normal(5, 2, (4, 14))
    first[1:], second[1:] = first[1:] + first[0], second[1:] - second[0]
    found, expected = merged([moments_of(*first), moments_of(*second)]), moments_of(*np.hstack([first, second]))
    assert found.crossed == pytest.approx(expected.crossed, rel=1e-12)
    for name in ("mean", "var", "covar"):
        place = f"covariate_denominator_{name}"
        assert getattr(found, place) == pytest.approx(getattr(expected, place), rel=1e-12)


def single(value):
    """One unit: means are known, spreads are not."""
    return Moments(1, value, math.nan, 1, value * 2, math.nan, math.nan, -value, math.nan, math.nan)


def test_nothing_merges_into_nothing():
    assert merged([]) == Moments(0)
    assert merged([Moments(0), proportion_moments(4, 1), Moments(0)]) == proportion_moments(4, 1)


def test_a_spread_far_below_the_mean_survives():
    # Sums of squares would lose it: 1e9 ± 1, variance 2/3 of each part's three values … by hand 0, 1, 2 → 1.
    part = moments_of(np.array([1e9, 1e9 + 1, 1e9 + 2]))
    assert merged([part, part]).var == pytest.approx(0.8)  # six values, squares around the mean 4, over 5


def test_a_proportion_has_the_sample_variance_of_its_zeros_and_ones():
    assert proportion_moments(4, 1) == moments_of(np.array([1.0, 0, 0, 0]))
    assert math.isnan(proportion_moments(1, 1).var)


def test_a_ratio_is_linearised_by_hand():
    # Units (10, 1), (30, 2), (20, 2): R = 60 / 5 = 12, residuals −2, 6, −4 over mean 5/3: −1.2, 3.6, −2.4.
    found = linearised(moments_of(np.array([10.0, 30, 20]), np.array([1.0, 2, 2])))
    assert (found.n, found.mean) == (3, pytest.approx(12))
    assert found.var == pytest.approx((1.44 + 12.96 + 5.76) / 2)


def test_a_ratio_without_a_denominator_has_no_value():
    empty = linearised(moments_of(np.array([0.0, 0, 0]), np.array([0.0, 0, 0])))
    assert math.isnan(empty.mean)
    assert not empty.has_spread
