"""Looking early: boundaries of Lan and DeMets, repeated p-values, the always-valid sequence."""

import math

import numpy as np
import pytest

from kpi.experiment.comparison import spaced
from kpi.experiment.confidence import always_valid, half_width, mixture_rho, units_to_decide
from kpi.experiment.estimate import Estimate
from kpi.experiment.moments import proportion_moments
from kpi.experiment.spending import (
    any_look_boundary,
    any_look_p,
    boundaries,
    crossing_probabilities,
    repeated_p,
    spent_alpha,
)

# Two-sided 5 % O'Brien–Fleming type boundaries at equal looks as Lan and DeMets' program and R's ldbounds print them.
PUBLISHED = {
    2: (2.9626, 1.9686),
    3: (3.7103, 2.5114, 1.9930),
    4: (4.3326, 2.9631, 2.3590, 2.0141),
    5: (4.8769, 3.3569, 2.6803, 2.2898, 2.0310),
}


@pytest.mark.parametrize("looks", PUBLISHED)
def test_boundaries_are_the_published_ones(looks):
    found = boundaries([(look + 1) / looks for look in range(looks)])
    assert found == pytest.approx(PUBLISHED[looks], abs=2e-4)


def test_irregular_looks_spend_what_is_allowed_by_a_simulation():
    shares = (0.1, 0.3, 0.31, 0.5, 0.501, 0.502, 1.0)
    bounds = boundaries(shares)
    steps = np.random.default_rng(7).normal(size=(200_000, len(shares))) * np.sqrt(np.diff([0, *shares]))
    crossed = np.abs(np.cumsum(steps, axis=1) / np.sqrt(shares)) >= bounds
    by_look = np.maximum.accumulate(crossed, axis=1).mean(axis=0)
    assert by_look == pytest.approx([spent_alpha(share) for share in shares], abs=0.0015)
    assert crossing_probabilities(bounds, shares)[-1] == pytest.approx(0.05, abs=1e-9)


def test_one_look_at_the_end_is_the_fixed_test():
    assert boundaries([1.0]) == pytest.approx((1.959964,), abs=1e-6)
    assert repeated_p(1.959964, [1.0]) == pytest.approx(0.05, abs=1e-6)


def test_a_repeated_p_is_on_the_edge_where_the_boundary_is():
    shares = [0.2, 0.55, 0.8]
    assert repeated_p(boundaries(shares)[-1], shares) == pytest.approx(0.05, rel=1e-6)
    assert repeated_p(30.0, shares) == 1e-12
    assert repeated_p(0.0, shares) == 1.0


def test_ever_more_looks_come_near_the_line_for_any_number_of_looks():
    many = [look / 400 for look in range(4, 401)]
    found = boundaries(many)
    assert found[-1] < any_look_boundary(1.0) == pytest.approx(2.2414, abs=1e-4)
    assert found[-1] == pytest.approx(2.2414, abs=0.1)
    assert any_look_p(any_look_boundary(0.4), 0.4) == pytest.approx(0.05)
    assert any_look_p(0.1, 0.4) == 1.0


def test_looks_that_are_the_same_look_count_once():
    assert spaced((0.5, 0.50001, 0.2, 1.2, 0.0), 0.9) == (0.2, 0.50001)
    with pytest.raises(ValueError, match="increasing"):
        boundaries([0.5, 0.5])


def test_the_sequence_leaves_zero_out_exactly_where_its_p_value_is_small():
    for converted in range(300, 480, 3):
        found = always_valid(proportion_moments(10_000, 300), proportion_moments(10_000, converted))
        assert isinstance(found, Estimate)
        assert (found.low > 0) == (found.p < 0.05)


def test_the_sequence_is_narrowest_near_its_tuning_size():
    # The width against that of a fixed interval, which falls as 1/√n, is smallest there.
    sizes = [100 * 2**i for i in range(16)]
    against_fixed = [half_width(1.0, n, 0.05, mixture_rho(0.05, 12_800)) * math.sqrt(n) for n in sizes]
    assert sizes[int(np.argmin(against_fixed))] == 12_800


def test_how_many_units_would_decide():
    variance, difference = 0.25, 0.02
    units = units_to_decide(math.sqrt(variance / 5_000), 5_000, difference, 0.05, 10_000)
    rho = mixture_rho(0.05, 10_000)
    assert half_width(variance, units, 0.05, rho) <= difference < half_width(variance, units - 2, 0.05, rho)
    assert units_to_decide(0.01, 5_000, 1e-9, 0.05, 10_000) is None
    assert units_to_decide(0.01, 5_000, 0.0, 0.05, 10_000) is None
