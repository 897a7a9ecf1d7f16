"""Numbers as a Polish and an English reader write them. `~` stands for the space that does not break."""

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.wording import words

PL, EN = words("pl"), words("en")
UNITS = ("money", "count", "number", "percent", "ratio", "points", "duration", "days")


def spaced(text):
    return text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("x", "polish", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1~000", "1,000"),
        (1234.5, "1~234,5", "1,234.5"),
        (-1234567.891, "−1~234~567,89", "−1,234,567.89"),
        (0.0345678, "0,035", "0.035"),
        (-0.0000001, "0", "0"),
        (2.345, "2,35", "2.35"),  # halves go up, as in a spreadsheet
        (1e15, "1~000~000~000~000~000", "1,000,000,000,000,000"),
        (Decimal("12.30"), "12,3", "12.3"),
        (np.float64(12.3), "12,3", "12.3"),
        (np.int64(12345), "12~345", "12,345"),
    ],
)
def test_number_has_the_decimals_it_needs(x, polish, english):
    assert (PL.number(x), EN.number(x)) == (spaced(polish), english)


def test_number_has_the_decimals_asked_for():
    assert PL.number(1234.5, digits=3) == spaced("1~234,500")
    assert PL.count(1234.5) == spaced("1~235")


@pytest.mark.parametrize(
    ("x", "currency", "polish", "english"),
    [
        (1234.56, "PLN", "1~234,56~zł", "PLN~1,234.56"),
        (1234.56, "EUR", "1~234,56~€", "€1,234.56"),
        (1234.56, "USD", "1~234,56~USD", "$1,234.56"),
        (-0.5, "PLN", "−0,50~zł", "−PLN~0.50"),
        (-0.001, "PLN", "0,00~zł", "PLN~0.00"),
        (Decimal("0.125"), "PLN", "0,13~zł", "PLN~0.13"),
        (1234.56, None, "1~234,56", "1,234.56"),
    ],
)
def test_money_is_written_with_its_currency(x, currency, polish, english):
    assert (PL.money(x, currency), EN.money(x, currency)) == (spaced(polish), spaced(english))


def test_money_has_the_decimals_asked_for_or_those_of_the_currency():
    assert PL.money(1234.56, "PLN", digits=0) == spaced("1~235~zł")
    assert EN.money(1234.56, "JPY", digits=None) == "¥1,235"
    assert EN.money(1234.5, "EUR", digits=None) == "€1,234.50"


@pytest.mark.parametrize(
    ("fraction", "polish", "english"),
    [(0.123, "12,3~%", "12.3%"), (0, "0,0~%", "0.0%"), (1.5, "150,0~%", "150.0%"), (-0.0005, "−0,1~%", "−0.1%")],
)
def test_percent_is_written_from_a_fraction(fraction, polish, english):
    assert (PL.percent(fraction), EN.percent(fraction)) == (spaced(polish), english)


@pytest.mark.parametrize(
    ("change", "polish", "english"),
    [
        (0.123, "+12,3~%", "+12.3%"),
        (-0.04, "−4,0~%", "−4.0%"),
        (0.0001, "0,0~%", "0.0%"),
        (20, "+2~000,0~%", "+2,000.0%"),
    ],
)
def test_change_always_shows_its_sign_unless_it_is_none(change, polish, english):
    assert (PL.change(change), EN.change(change)) == (spaced(polish), english)


def test_points_are_percentage_points():
    assert (PL.points(0.0031), EN.points(0.0031)) == (spaced("+0,31~p.p."), spaced("+0.31~pp"))
    assert (PL.points(-0.0012), EN.points(0.0)) == (spaced("−0,12~p.p."), spaced("0.00~pp"))


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0~s"),
        (-0.01, "0~s"),
        (45.2, "45~s"),
        (60, "1~min"),
        (125, "2~min 5~s"),
        (3599.7, "1~h"),
        (3900, "1~h 5~min"),
        (-125, "−2~min 5~s"),
    ],
)
def test_duration_shows_its_two_largest_units(seconds, written):
    assert PL.duration(seconds) == EN.duration(seconds) == spaced(written)


def test_duration_counts_days_in_the_language():
    assert PL.duration(86_399) == spaced("1~dzień")
    assert PL.duration(100_000) == spaced("1~dzień 4~h")  # 100 000 s = 27.8 h
    assert EN.duration(10_000_000) == spaced("115~days 18~h")
    assert PL.duration(4.26) == spaced("4,3~s")


def test_days_decline():
    assert [PL.days(x) for x in (0, 1, 2, 5, 34.5)] == [
        spaced(text) for text in ("0~dni", "1~dzień", "2~dni", "5~dni", "34,5~dnia")
    ]
    assert [EN.days(x) for x in (1, 3.0, 34.5)] == [spaced(text) for text in ("1~day", "3~days", "34.5~days")]


@pytest.mark.parametrize(
    ("x", "unit", "polish", "english"),
    [
        (1234.5, "money", "1~234,50~zł", "PLN~1,234.50"),
        (1234, "count", "1~234", "1,234"),
        (2.5, "number", "2,5", "2.5"),
        (0.123, "percent", "12,3~%", "12.3%"),
        (0.0234, "percent", "2,34~%", "2.34%"),
        (4, "ratio", "4,00", "4.00"),
        (25.0, "points", "25,0", "25.0"),
        (125, "duration", "2~min 5~s", "2~min 5~s"),
        (3, "days", "3~dni", "3~days"),
    ],
)
def test_value_is_written_by_its_unit(x, unit, polish, english):
    assert (PL.value(x, unit, "PLN"), EN.value(x, unit, "PLN")) == (spaced(polish), spaced(english))


@pytest.mark.parametrize(
    ("x", "unit", "polish", "english"),
    [
        (12345, "money", "12,3~tys.~zł", "PLN~12.3K"),
        (999_999, "count", "1~mln", "1M"),  # not "1000 tys."
        (-1_234_567, "count", "−1,23~mln", "−1.23M"),
        (2.5e9, "count", "2,5~mld", "2.5B"),
        (200.63, "money", "201~zł", "PLN~201"),
        (0.0, "count", "0", "0"),
        (-0.0, "count", "0", "0"),
        (0.0234, "percent", "2,34~%", "2.34%"),
    ],
)
def test_compact_has_three_figures(x, unit, polish, english):
    assert (PL.compact(x, unit, "PLN"), EN.compact(x, unit, "PLN")) == (spaced(polish), spaced(english))


@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf, np.float64("nan"), pd.NA, Decimal("nan")])
@pytest.mark.parametrize("unit", UNITS)
def test_undefined_is_a_dash(missing, unit):
    assert {PL.value(missing, unit, "PLN"), EN.compact(missing, unit, "PLN"), PL.change(missing)} == {"—"}


@settings(deadline=None)
@given(x=st.floats(allow_nan=False, allow_infinity=False), unit=st.sampled_from(UNITS))
def test_every_number_can_be_written_in_every_unit(x, unit):
    for w in (PL, EN):
        for text in (w.value(x, unit, "PLN"), w.compact(x, unit, "PLN")):
            assert text
            assert "-" not in text
            assert "E+" not in text


@settings(deadline=None)
@given(x=st.floats(min_value=-1e15, max_value=1e15))
def test_written_money_reads_back_within_half_a_cent(x):
    read = float(PL.money(x, "PLN").removesuffix("\u00a0zł").replace("\u00a0", "").replace(",", ".").replace("−", "-"))
    assert abs(read - x) <= 0.005 + abs(x) * 1e-15
