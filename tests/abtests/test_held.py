"""Which experiments a workspace holds, from small files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi import Workspace
from kpi.abtests import Design, Measure
from kpi.errors import BadExperiment
from tests.experiment.samples import moments_of

TODAY = date(2026, 4, 1)
UNITS = (
    "user_id,timestamp,group,landing_page,converted,revenue,orders,device\n"
    "1,2026-03-01 10:00:00,control,old_page,1,50.00,1,mobile\n"
    "2,2026-03-01 11:00:00,treatment,new_page,1,80.00,2,desktop\n"
    "3,2026-03-02 12:00:00,control,old_page,0,,0,desktop\n"
    "4,2026-03-03 09:00:00,treatment,new_page,0,,0,mobile\n"
)
COUNTS = "Variation,Visitors,Conversions,Revenue\nKontrola,1000,50,500.50\nZielony,990,81,610.00\n"


@pytest.fixture
def shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        yield shop


def added(shop: Workspace, text: str, name: str) -> int:
    load = shop.add(text.encode(), name=name, answers={"currency": "PLN"})
    assert load.import_id is not None
    return load.import_id


def test_a_held_experiment_says_what_its_rows_have(shop: Workspace) -> None:
    added(shop, UNITS, "checkout.csv")
    (held,) = shop.experiments.held()
    assert (held.name, held.shape, held.rows, dict(held.arms)) == (
        "checkout",
        "units",
        4,
        {"control": 2, "treatment": 2},
    )
    assert [(one.name, one.kind, one.filled) for one in held.numbers] == [
        ("conversions", "flag", 4),
        ("orders", "count", 4),
        ("revenue_amount", "amount", 2),
    ]
    assert [(one.name, one.distinct) for one in held.categories] == [("device", 2), ("landing_page", 2)]
    assert (held.days, held.currency, held.rows_are) == ((date(2026, 3, 1), date(2026, 3, 3)), "PLN", "unit")


def test_first_choices_are_control_conversion_and_both_views_of_revenue(shop: Workspace) -> None:
    added(shop, UNITS, "checkout.csv")
    design = shop.experiments.suggested("checkout")
    assert (design.control, design.primary, design.segments) == (
        "control",
        Measure("proportion", "conversions"),
        ("device",),
    )
    assert design.others == (
        Measure("mean", "revenue_amount"),
        Measure("mean", "orders"),
        Measure("ratio", "revenue_amount", denominator="orders"),
    )
    assert design.shows == (("control", "old_page"), ("treatment", "new_page"))
    assert [one.name for one in shop.experiments.undecided("checkout")] == ["revenue_amount"]


def test_revenue_per_visitor_and_aov_stand_beside_each_other_unasked(shop: Workspace) -> None:
    """Control: 50 of 2 visitors and 1 order; treatment: 80 of 2 visitors and 2 orders."""
    added(shop, UNITS, "checkout.csv")
    asked = Design("checkout", "control", Measure("mean", "revenue_amount"))
    (aov,) = shop.experiments.judge(asked, TODAY).secondary
    assert (aov.metric.name, aov.control_value, aov.value) == ("ratio:revenue_amount/orders", 50.0, 40.0)
    asked = Design("checkout", "control", Measure("ratio", "revenue_amount", denominator="orders"))
    (mean,) = shop.experiments.judge(asked, TODAY).secondary
    assert (mean.metric.name, mean.control_value, mean.value) == ("mean:revenue_amount", 25.0, 40.0)


def test_an_empty_cell_means_what_was_answered(shop: Workspace) -> None:
    added(shop, UNITS, "checkout.csv")
    asked = Design("checkout", "control", Measure("mean", "revenue_amount", empty="left_out"))
    moments = shop.experiments.judge(asked, TODAY).observed.moments("mean:revenue_amount")
    assert {arm: (one.n, one.mean) for arm, one in moments.items()} == {"control": (1, 50.0), "treatment": (1, 80.0)}


def test_an_undone_import_is_no_longer_held_and_a_redone_one_is(shop: Workspace) -> None:
    first = added(shop, UNITS, "checkout.csv")
    second = added(shop, UNITS.replace("4,2026-03-03 09:00:00,treatment,new_page,0,,0,mobile\n", ""), "checkout.csv")
    assert [(one.rows, one.imports) for one in shop.experiments.held()] == [(3, (second,))]
    shop.undo(second)
    assert [(one.rows, one.imports) for one in shop.experiments.held()] == [(4, (first,))]
    shop.undo(first)
    assert shop.experiments.held() == ()
    shop.redo(first)
    assert [one.imports for one in shop.experiments.held()] == [(first,)]


def test_counts_are_judged_by_their_conversion_alone(shop: Workspace) -> None:
    """50 of 1,000 beside 81 of 990: pooled z 2.8618, worked by hand below."""
    added(shop, COUNTS, "button.csv")
    (held,) = shop.experiments.held()
    assert (held.shape, dict(held.arms)) == ("counts", {"Kontrola": 1000, "Zielony": 990})
    design = shop.experiments.suggested("button")
    assert design.control == "Kontrola"
    found = shop.experiments.judge(design, TODAY)
    (one,) = found.verdict.comparisons
    assert one.fixed is not None
    # p = 131/1990 = 0.0658291; sqrt(p (1 − p) (1/1000 + 1/990)) = 0.0111183; (81/990 − 0.05) / 0.0111183 = 2.861785
    assert (one.control_value, one.value) == (0.05, pytest.approx(81 / 990))
    assert one.fixed.z == pytest.approx(2.861785, abs=1e-4)
    (revenue,) = found.secondary
    assert (revenue.control_value, revenue.estimate) == (0.5005, None)


@pytest.mark.parametrize(
    ("name", "change", "title"),
    [
        ("nothing", {}, "There is no such test"),
        ("checkout", {"control": "B"}, "The control is no variant of this test"),
        ("checkout", {"primary": Measure("mean", "weight")}, "A column of the test is missing"),
        ("checkout", {"primary": Measure("ratio", "revenue_amount")}, "This metric cannot be computed"),
        ("checkout", {"units": -1}, "This plan cannot be used"),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_a_sentence(
    shop: Workspace, name: str, change: dict, title: str
) -> None:
    added(shop, UNITS, "checkout.csv")
    design = Design(
        **{"experiment": name, "control": "control", "primary": Measure("proportion", "conversions"), **change}
    )
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.judge(design, TODAY)
    assert str(raised.value.title) == title


def test_a_design_survives_an_address(shop: Workspace) -> None:
    design = Design(
        "checkout", "control", Measure("mean", "revenue_amount", "left_out", covariate="history", winsor_share=0.99),
        (Measure("ratio", "revenue_amount", denominator="orders", is_higher_better=False),), ("device",),
        (("control", 0.9), ("treatment", 0.1)), 20_000, date(2026, 5, 1), 0.5, True,
        (("colour", ("red", "green")),), "orders", "landing_page", (("control", "old"),),
    )  # fmt: skip
    assert Design.of(json.loads(json.dumps(design.as_dict()))) == design
    assert hash(Design.of(design.as_dict())) == hash(design)
    with pytest.raises(BadExperiment):
        Design.of({"experiment": "checkout"})


def test_a_workspace_of_an_older_version_gains_what_it_lacks(tmp_path: Path) -> None:
    """Rows that were loaded before free columns and saved results were kept are judged as before."""
    with Workspace(tmp_path / "shop.duckdb") as shop:
        added(shop, UNITS, "checkout.csv")
        with shop._store.writing() as con:
            for column in ("event_id", "further", "numbers", "labels"):
                con.execute(f"alter table rows.experiment_units drop column {column} cascade")
            con.execute("drop table experiment_results")
            con.execute("update settings set value = '\"older\"' where name = 'facts_version'")
    with Workspace(tmp_path / "shop.duckdb") as shop:
        design = shop.experiments.suggested("checkout")
        assert shop.experiments.save(design, TODAY, "Checkout").is_current
        added(shop, UNITS.replace("device", "kolor"), "checkout.csv")
        assert [one.name for one in shop.experiments.held()[0].categories] == ["landing_page", "kolor"]


def test_a_ratio_may_be_adjusted_by_the_same_ratio_before(shop: Workspace) -> None:
    """Revenue per order by itself of the year before: numpy's moments of the same rows, and CUPED stands beside."""
    rows = [
        (number, "AB"[number % 2], 50 + number * 7 % 40, 1 + number % 3, 30 + number * 7 % 45, 1 + number % 4)
        for number in range(200)
    ]
    lines = "".join(f"u{','.join(map(str, row))}\n" for row in rows)
    added(shop, f"user_id,variant,revenue,orders,spent_before,orders_before\n{lines}", "ratio.csv")
    past = {"covariate": "spent_before", "covariate_denominator": "orders_before"}
    aov = Measure("ratio", "revenue_amount", "zero", "orders", **past)
    design = Design("ratio", "A", aov)
    assert Design.of(json.loads(json.dumps(design.as_dict()))) == design
    found = shop.experiments.judge(design, TODAY)
    for arm in "AB":
        y, d, x, z = zip(*[row[2:] for row in rows if row[1] == arm], strict=True)
        own, numpys = found.observed.moments(aov.name)[arm], moments_of(y, d, x, z)
        for name in ("mean", "denominator_covar", "covariate_covar", "covariate_denominator_covar"):
            assert getattr(own, name) == pytest.approx(getattr(numpys, name), rel=1e-12)
    (raw,), (adjusted,) = found.beside["raw"], found.beside["cuped"]
    assert raw.estimate is not None
    assert adjusted.estimate is not None
    assert adjusted.estimate.se < raw.estimate.se


@pytest.mark.parametrize(
    "wrong",
    [
        Measure("mean", "revenue_amount", covariate="orders", covariate_denominator="orders"),
        Measure("ratio", "revenue_amount", denominator="orders", covariate_denominator="orders"),
    ],
)
def test_only_a_ratio_with_a_past_divides_it(shop: Workspace, wrong: Measure) -> None:
    added(shop, UNITS, "checkout.csv")
    with pytest.raises(BadExperiment):
        shop.experiments.judge(Design("checkout", "control", wrong), TODAY)
