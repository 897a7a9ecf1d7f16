"""The views beside a verdict: segments, days, factors, quantiles."""

import datetime as dt
import math

import numpy as np
import pytest
from scipy import stats

from kpi.experiment import (
    Metric,
    Moments,
    Observed,
    Source,
    cumulative,
    daily,
    factorial,
    observe,
    quantile_difference,
    segments,
    trend,
    weekday_interaction,
)
from kpi.experiment.moments import proportion_moments
from kpi.experiment.observed import Cell, Intake
from kpi.experiment.quantiles import resampled_ranks
from kpi.wording import Message
from tests.experiment.samples import CONVERSION, REVENUE, table

FIRST = dt.date(2026, 3, 2)  # a Monday
NUMBER = Metric.mean("x", "x", empty="zero")


def in_segments(**values):
    cells = [
        Cell(arm, n, {"conversion": proportion_moments(n, x)}, segment=("device", value))
        for value, arms in values.items()
        for arm, (n, x) in zip("AB", arms, strict=True)
    ]
    return Observed((CONVERSION,), tuple(cells), Intake(None, 0, 0))


def on_days(differences, spread=1.0, n=1000):
    cells = [
        Cell(arm, n, {"revenue": Moments(n, 5.0 + difference * (arm == "B"), spread, n)}, day=FIRST + dt.timedelta(days=day))
        for day, difference in enumerate(differences)
        for arm in "AB"
    ]  # fmt: skip
    return Observed((REVENUE,), tuple(cells), Intake(None, 0, 0))


def test_an_interaction_is_cochrans_q_by_hand():
    found = segments(
        in_segments(mobile=((1000, 100), (1000, 160)), desktop=((1000, 100), (1000, 110))), "conversion", "A", "device"
    )
    # Differences 0.06 and 0.01; variances (0.09 + 0.1344) / 999 and (0.09 + 0.0979) / 999; with two groups Q is their z².
    z = (0.06 - 0.01) / math.sqrt((0.09 + 0.1344 + 0.09 + 0.0979) / 999)
    (interaction,) = found.interactions
    assert (interaction.statistic, interaction.df) == (pytest.approx(z**2), 1)
    assert interaction.p == pytest.approx(2 * stats.norm.sf(z))
    # Holm over two rows: the smaller p doubled.
    p = {value: row.estimate.p for value, row in found.rows}
    assert dict(found.rows)["mobile"].p_adjusted == pytest.approx(2 * p["mobile"])


def test_a_segment_without_one_of_the_arms_has_a_reason():
    found = segments(in_segments(mobile=((1000, 100), (1000, 160)), tv=((5, 1), (0, 0))), "conversion", "A", "device")
    assert dict(found.rows)["tv"].estimate is None
    assert isinstance(dict(found.rows)["tv"].reason, Message)
    assert found.interactions == ()


def test_a_novelty_that_wears_off_has_a_falling_trend():
    falling = on_days([1.0 - 0.1 * day for day in range(8)])
    found = trend(falling, "revenue", "A", "B")
    assert found.change_a_day == pytest.approx(-0.1)
    assert found.p < 1e-6
    assert trend(on_days([0.3] * 8), "revenue", "A", "B").p == pytest.approx(1, abs=1e-6)
    assert trend(on_days([0.3] * 2), "revenue", "A", "B") is None


def test_a_weekend_effect_shows_as_an_interaction_with_the_weekday():
    weekend = on_days([1.0 if day % 7 > 4 else 0.0 for day in range(21)])
    assert weekday_interaction(weekend, "revenue", "A", "B").p < 1e-9
    steady = weekday_interaction(on_days([0.4] * 21), "revenue", "A", "B")
    assert (steady.df, steady.p) == (6, pytest.approx(1))


def test_daily_and_cumulative_effects_end_in_the_same_place():
    observed = on_days([0.1 * day for day in range(10)])
    assert [round(one.estimate.difference, 6) for one in daily(observed, "revenue", "A", "B").values()] == [
        round(0.1 * day, 6) for day in range(10)
    ]
    bands = list(cumulative(observed, "revenue", "A", "B").values())
    assert bands[-1].difference == pytest.approx(0.45)
    assert bands[-1].high - bands[-1].low < bands[0].high - bands[0].low


FACTORS = {"colour": ("green", "red"), "text": ("buy", "order")}
LEVELS = {"A": ("green", "buy"), "B": ("red", "buy"), "C": ("green", "order"), "D": ("red", "order")}


def cells(*means, n=1000, var=4.0):
    return {arm: Moments(n, mean, var, n) for arm, mean in zip("ABCD", means, strict=True)}


def test_two_factors_by_hand():
    colour, text, both = factorial(NUMBER, cells(10, 11, 12, 15), FACTORS, LEVELS)
    # Red − green: (11 − 10 + 15 − 12) / 2 = 2; order − buy: (12 − 10 + 15 − 11) / 2 = 3; difference of differences 3 − 1 = 2.
    assert [one.differences[0][1] for one in (colour, text, both)] == pytest.approx([2, 3, 2])
    # Variance of a main effect: 4 cells × (1/2)² × 4 / 1000 = 0.004; of the interaction 4 × 4 / 1000 = 0.016.
    assert (colour.statistic, both.statistic) == pytest.approx((4 / 0.004, 4 / 0.016))
    assert both.factors == ("colour", "text")
    assert colour.differences[0][2] == pytest.approx((2 - 1.959964 * math.sqrt(0.004), 2 + 1.959964 * math.sqrt(0.004)))


def test_no_interaction_is_found_where_effects_add_up():
    *_, both = factorial(NUMBER, cells(10, 11, 12, 13), FACTORS, LEVELS)
    assert (both.statistic, both.p) == pytest.approx((0, 1))


def test_three_factors_and_three_levels():
    factors = {"a": ("0", "1", "2"), "b": ("0", "1"), "c": ("0", "1")}
    levels = {f"{a}{b}{c}": (a, b, c) for a in "012" for b in "01" for c in "01"}
    moments = {arm: Moments(500, int(arm[0]) + 2 * int(arm[1]), 1.0, 500) for arm in levels}
    found = {one.factors: one for one in factorial(NUMBER, moments, factors, levels)}
    assert len(found) == 7
    assert [value for _, value, _ in found[("a",)].differences] == pytest.approx([1, 2])
    assert (found[("a",)].df, found[("a", "b", "c")].df) == (2, 2)
    assert found[("c",)].p == pytest.approx(1)
    assert found[("a", "b", "c")].p == pytest.approx(1)


@pytest.mark.parametrize(
    ("moments", "factors", "levels"),
    [
        (cells(1, 2, 3, 4), {"colour": ("green", "red")}, LEVELS),
        (cells(1, 2, 3, 4), FACTORS, {arm: LEVELS[arm] for arm in "ABC"}),
        ({arm: cells(1, 2, 3, 4)[arm] for arm in "ABC"}, FACTORS, LEVELS),
        (cells(1, 2, 3, 4, var=0.0), FACTORS, LEVELS),
    ],
)
def test_factors_that_cannot_be_told_apart_are_a_sentence(moments, factors, levels):
    assert isinstance(factorial(NUMBER, moments, factors, levels), Message)


def test_a_median_agrees_with_a_bootstrap_of_rows():
    con = table("select i as unit, case when i % 2 = 0 then 'A' else 'B' end as arm, exp(((hash(i) % 1000000) / 1e6 - 0.5) * 3) + (i % 2) * 0.2 as x from range(1200) t(i)")  # fmt: skip
    observed = observe(con, Source("visitors", "unit", "arm"), (NUMBER,))
    found = quantile_difference(con, observed, "x", "A", "B", seed=4, draws=4000)
    values = {
        arm: np.sort(con.execute("select x from visitors where arm = ?", [arm]).fetchnumpy()["x"]) for arm in "AB"
    }
    assert found.difference == values["B"][299] - values["A"][299]  # rank ⌈600 × 0.5⌉ = 300
    rng = np.random.default_rng(5)
    drawn = [np.sort(rng.choice(one, (4000, 600)), axis=1)[:, 299] for one in (values["A"], values["B"])]
    expected = np.quantile(drawn[1] - drawn[0], [0.025, 0.975])
    assert found.interval == pytest.approx(expected, abs=0.03)
    assert found == quantile_difference(con, observed, "x", "A", "B", seed=4, draws=4000)


def test_ranks_of_resamples_stay_inside_the_sample():
    rng = np.random.default_rng(1)
    for n in (2, 3, 50):
        for quantile in (0.001, 0.5, 0.999):
            ranks = resampled_ranks(n, quantile, 500, rng)
            assert 1 <= ranks.min() <= ranks.max() <= n


def test_a_quantile_needs_rows():
    observed = Observed((CONVERSION,), tuple(Cell(arm, 9, {"conversion": proportion_moments(9, 3)}) for arm in "AB"), Intake(None, 0, 18))  # fmt: skip
    assert isinstance(quantile_difference(None, observed, "conversion", "A", "B", seed=1), Message)
