"""Changes: what is read as zero is judged as none, in every unit, and what comes after nothing is new."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import catalogue
from kpi.changes import POINTS_DIGITS, RELATIVE_DIGITS, change_between
from kpi.wording import words

KPIS = catalogue().kpis
SAY = words("en")


@pytest.mark.parametrize(
    ("kpi", "value", "before", "shown", "verdict", "arrow"),
    [
        # 49 of 100,000 is 0.049 %, 50 is 0.05 %, which is written as 0.1 %
        ("revenue", 100_049, 100_000, "0.0%", "same", "off"),
        ("revenue", 100_050, 100_000, "+0.1%", "better", "up"),
        ("revenue", 99_951, 100_000, "0.0%", "same", "off"),
        ("revenue", 99_950, 100_000, "\u22120.1%", "worse", "down"),
        ("refunds", 100_050, 100_000, "+0.1%", "worse", "up"),
        # discounts are neither good nor bad
        ("discounts", 200, 100, "+100.0%", "", "up"),
        ("discounts", 100, 100, "0.0%", "same", "off"),
    ],
)
def test_a_relative_change_is_judged_as_it_is_written(kpi, value, before, shown, verdict, arrow):
    change = change_between(KPIS[kpi], value, before)
    assert (SAY.change(change.relative, RELATIVE_DIGITS), change.verdict, change.arrow) == (shown, verdict, arrow)


@pytest.mark.parametrize(
    ("kpi", "value", "before", "shown", "verdict"),
    [
        # 0.004 points of a rate, then 0.006
        ("conversion_rate", 0.03004, 0.03, "0.00\u00a0pp", "same"),
        ("conversion_rate", 0.03006, 0.03, "+0.01\u00a0pp", "better"),
        ("bounce_rate", 0.41, 0.4, "+1.00\u00a0pp", "worse"),
        # a score of 36.504 against 36.5
        ("nps", 36.504, 36.5, "0.00\u00a0pp", "same"),
        # 36.56 is written as 36.6
        ("nps", 36.56, 36.5, "+0.06\u00a0pp", "better"),
    ],
)
def test_a_change_in_points_is_judged_as_it_is_written(kpi, value, before, shown, verdict):
    change = change_between(KPIS[kpi], value, before)
    assert (SAY.points(change.points, POINTS_DIGITS), change.verdict) == (shown, verdict)


@pytest.mark.parametrize(
    ("kpi", "value", "before", "difference", "verdict", "arrow"),
    [
        # a loss of 50 after a loss of 100 is better by 50; 50 ÷ 100 would be no share of anything
        ("gross_profit", -50, -100, 50, "better", "up"),
        # across zero: −18.03 − 25.70 = −43.73, which is not "−170.2%"
        ("promo_aov_gap", -18.03, 25.70, -43.73, "", "down"),
        ("gross_profit", 20, -10, 30, "better", "up"),
    ],
)
def test_from_below_zero_or_across_it_there_is_a_difference_and_no_percentage(
    kpi, value, before, difference, verdict, arrow
):
    change = change_between(KPIS[kpi], value, before)
    assert math.isnan(change.relative)
    assert (round(change.difference, 9), change.verdict, change.arrow) == (difference, verdict, arrow)
    assert (change.is_new, change.is_none) == (False, False)


@pytest.mark.parametrize(
    ("kpi", "value", "before", "is_alike"),
    [
        # 59.4 s and 59.3 s are both 59 s, though 0.1 ÷ 59.3 = 0.17 %; 59.6 s is a minute
        ("session_duration", 59.4, 59.3, True),
        ("session_duration", 59.6, 59.3, False),
        # below ten seconds tenths are written
        ("session_duration", 9.4, 9.3, False),
        # 61.94 % and 61.93 % are both 61.9 %; a conversion has two decimals
        ("mobile_share", 0.6194, 0.6193, True),
        ("conversion_rate", 0.0114, 0.0113, False),
        ("orders", 0, 5, False),
    ],
)
def test_two_values_that_are_written_alike_have_not_changed(kpi, value, before, is_alike):
    entry = KPIS[kpi]
    change = change_between(entry, value, before)
    assert (SAY.value(value, entry.unit) == SAY.value(before, entry.unit)) == is_alike
    assert (change.is_alike, change.is_none, change.verdict == "same", change.arrow == "off") == (is_alike,) * 4


def test_what_comes_after_nothing_is_new_and_nothing_after_nothing_is_no_change():
    new, none = change_between(KPIS["orders"], 5, 0), change_between(KPIS["orders"], 0, 0)
    assert (new.verdict, new.arrow, new.is_none, new.is_new) == ("", "up", False, True)
    assert (none.verdict, none.arrow, none.is_none) == ("same", "off", True)


@pytest.mark.parametrize(("value", "before"), [(None, 1), (1, None), (math.nan, 1), (1, math.nan)])
def test_there_is_no_change_where_a_value_is_missing(value, before):
    assert change_between(KPIS["orders"], value, before) is None


@given(st.floats(0.01, 1e9), st.floats(-0.01, 0.01))
def test_it_is_none_exactly_where_it_is_written_as_zero(before, relative):
    change = change_between(KPIS["revenue"], before * (1 + relative), before)
    is_zero = SAY.change(change.relative, RELATIVE_DIGITS) == SAY.change(0, RELATIVE_DIGITS)
    assert change.is_none == (is_zero or SAY.money(before * (1 + relative), "PLN") == SAY.money(before, "PLN"))
