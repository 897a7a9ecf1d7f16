"""Hillstrom's file through a workspace: dropped, mapped, judged; the published figures come out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpi import Workspace
from kpi import experiment as ab
from kpi.abtests import Design, Measure

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hillstrom_email_test" / "hillstrom.csv"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FILE.is_file(), reason="the shared reference files are not beside the project"),
]
NONE, MENS, WOMENS = "No E-Mail", "Mens E-Mail", "Womens E-Mail"
AS_OF = date(2026, 4, 1)
SPEND = Measure("mean", "revenue_amount", covariate="history", winsor_share=0.999)
DESIGN = Design(
    "hillstrom",
    NONE,
    SPEND,
    (Measure("proportion", "conversions"), Measure("proportion", "visit")),
    ("channel",),
    units=64_000,
)


@pytest.fixture(scope="module")
def shop():
    with Workspace(":memory:") as shop:
        load = shop.add(FILE)
        assert [question.key for question in load.questions] == ["table", "columns", "currency"]
        assert load.questions[0].suggested == "experiment_units"
        assert load.questions[1].suggested == {"arm": "segment", "converted": "conversion", "revenue": "spend"}
        answers = {"table": "experiment_units", "columns": load.questions[1].suggested, "currency": "USD"}
        load = shop.add(FILE, answers=answers)
        assert (load.rows.read, load.rows.loaded, load.currencies) == (64_000, 64_000, ("USD",))
        yield shop


def test_the_choices_that_are_offered(shop):
    (held,) = shop.experiments.held()
    assert dict(held.arms) == {MENS: 21_307, WOMENS: 21_387, NONE: 21_306}
    assert [one.name for one in held.categories if one.kind == "category"] == ["history_segment", "zip_code", "channel"]
    design = shop.experiments.suggested("hillstrom")
    assert (design.control, design.primary) == (NONE, Measure("proportion", "conversions"))
    assert Measure("mean", "revenue_amount", covariate="history") in design.others
    assert shop.experiments.undecided("hillstrom") == ()


def test_the_published_values(shop):
    found = shop.experiments.judge(DESIGN, AS_OF).observed
    published = {
        "proportion:visit": {MENS: 0.18276, WOMENS: 0.15140, NONE: 0.10617},
        "proportion:conversions": {MENS: 0.012531, WOMENS: 0.008837, NONE: 0.005726},
        "mean:revenue_amount": {MENS: 1.4226, WOMENS: 1.0772, NONE: 0.6528},
    }
    for name, values in published.items():
        assert {arm: one.mean for arm, one in found.moments(name).items()} == pytest.approx(values, abs=5e-5)


def test_the_published_tests(shop):
    found = shop.experiments.judge(DESIGN, AS_OF)
    of = {one.arm: one.fixed for one in found.beside["raw"]}
    assert (of[MENS].statistic, of[WOMENS].statistic) == pytest.approx((5.300, 3.256), abs=1e-3)
    assert (of[MENS].p, of[WOMENS].p) == pytest.approx((1.16e-7, 0.00113), rel=0.005)
    assert (found.verdict.code, found.verdict.arm) == ("win", MENS)


def test_cuped_on_the_year_before_is_what_plain_arithmetic_gives(shop):
    """theta = cov(spend, history) / var(history) over both arms together; adjusted spend = spend − theta·history."""
    rows = pd.read_csv(FILE)
    for one in shop.experiments.judge(DESIGN, AS_OF).beside["cuped"]:
        own, other = (rows[rows.segment == arm] for arm in (NONE, one.arm))
        both = pd.concat([own, other])
        covariance = np.cov(both.spend, both.history)
        theta = covariance[0, 1] / covariance[1, 1]
        a, b = (part.spend - theta * part.history for part in (own, other))
        se = np.sqrt(a.var() / len(a) + b.var() / len(b))
        assert (one.estimate.difference, one.estimate.se) == pytest.approx((b.mean() - a.mean(), se), rel=1e-9)


def test_its_segments_and_its_quantile(shop):
    found = shop.experiments.judge(DESIGN, AS_OF)
    table = ab.segments(found.observed, "proportion:visit", NONE, "channel")
    assert len(table.rows) == 6
    quantiles = shop.experiments.quantile(DESIGN, "revenue_amount", 0.999)
    rows = pd.read_csv(FILE)
    for arm, one in quantiles.items():
        values = np.sort(rows[rows.segment == arm].spend.to_numpy())
        assert one.treatment == values[int(np.ceil(len(values) * 0.999)) - 1]
