"""Hillstrom's e-mail test: 64,000 customers, three arms, the figures that were published about it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from kpi.experiment import CUSTOMER, Metric, Plan, Source, beside, observe, overall, segments, verdict
from kpi.wording import words

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hillstrom_email_test" / "hillstrom.csv"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FILE.is_file(), reason="the shared reference files are not beside the project"),
]
NONE, MENS, WOMENS = "No E-Mail", "Mens E-Mail", "Womens E-Mail"
METRICS = (
    Metric.proportion("visit", "visit", empty="zero"),
    Metric.proportion("conversion", "conversion", empty="zero"),
    Metric.mean("spend", "spend", empty="zero", covariate="history", currency="USD", winsor_share=0.999, per=CUSTOMER),
)


@pytest.fixture(scope="module")
def observed():
    con = duckdb.connect()
    con.execute("create table customers as select row_number() over () as id, * from read_csv(?)", [str(FILE)])
    return observe(con, Source("customers", unit="id", arm="segment", segments=("channel", "zip_code")), METRICS)


def plan(primary):
    return Plan(NONE, primary, units=64_000)


def test_the_published_values(observed):
    assert observed.units == {MENS: 21_307, WOMENS: 21_387, NONE: 21_306}
    published = {
        "visit": {MENS: 0.18276, WOMENS: 0.15140, NONE: 0.10617},
        "conversion": {MENS: 0.012531, WOMENS: 0.008837, NONE: 0.005726},
        "spend": {MENS: 1.4226, WOMENS: 1.0772, NONE: 0.6528},
    }
    for name, values in published.items():
        found = {arm: one.mean for arm, one in observed.moments(name).items()}
        assert found == pytest.approx(values, abs=5e-5 if name == "spend" else 5e-6)


def test_the_published_tests(observed):
    found = {one.arm: one.estimate for one in verdict(observed, plan("spend")).comparisons}
    assert (found[MENS].statistic, found[WOMENS].statistic) == pytest.approx((5.300, 3.256), abs=5e-4)
    assert (found[MENS].p, found[WOMENS].p) == pytest.approx((1.16e-7, 0.00113), rel=0.005)


@pytest.mark.parametrize("primary", ["visit", "conversion", "spend"])
def test_the_mens_mail_wins(observed, primary):
    found = verdict(observed, plan(primary))
    assert (found.code, found.arm) == ("win", MENS)
    assert {guard.name: guard.state for guard in found.guards} == {
        "split": "passed",
        "daily_split": "unknown",
        "conversions": "passed",
        "days": "unknown",
    }


def test_the_sentence_in_money(observed):
    found = verdict(observed, plan("spend"))
    assert (
        words("en").say(found.sentence) == "“Mens E-Mail” adds $0.49 to $1.05 per customer, compared with “No E-Mail”."
    )
    # Looked at without a plan the range is wider, and still decided.
    undeclared = verdict(observed, Plan(NONE, "spend"))
    assert undeclared.code == "win"
    assert undeclared.comparisons[0].estimate.low < found.comparisons[0].estimate.low


def test_the_year_before_explains_next_to_nothing(observed):
    found = beside(observed, plan("spend"), "spend")
    for one in found["cuped"]:
        assert 0 < one.variance_reduction < 0.001
        assert one.estimate.p < 0.002
    assert all(
        capped.estimate.se < raw.estimate.se for raw, capped in zip(found["raw"], found["winsorised"], strict=True)
    )


def test_all_arms_and_segments(observed):
    counts = [(one.nonzero, one.n) for one in observed.moments("visit").values()]
    chi_square, df, p = overall(counts)
    assert (df, p < 1e-90, chi_square > 400) == (2, True, True)
    found = segments(observed, "visit", NONE, "channel")
    assert len(found.rows) == 6
    assert all(row.p_adjusted < 1e-5 for _, row in found.rows)
    assert all(one.p > 0.5 for one in found.interactions)
