"""The six verdicts, the guards before them, and the sentences."""

import datetime as dt
import math
from dataclasses import replace

import pytest

from kpi.errors import BadExperiment
from kpi.experiment import (
    ArmCount,
    Metric,
    Moments,
    Observed,
    Plan,
    beside,
    observed_counts,
    secondary,
    verdict,
)
from kpi.experiment.moments import proportion_moments
from kpi.experiment.observed import Cell, Intake
from kpi.wording import words
from tests.experiment.samples import AOV, CONVERSION, REVENUE

FIRST = dt.date(2026, 3, 2)
DONE = Plan("A", "conversion", units=2_000)


def counted(*arms):
    """Counts of arms A, B, …: (n, converted)."""
    return observed_counts([ArmCount("ABCDEFGHIJKLMNOPQRSTUV"[i], n, x) for i, (n, x) in enumerate(arms)])


def by_days(days, daily, metric=CONVERSION, first=FIRST):
    """The same moments on each of so many days, per arm."""
    cells = tuple(
        Cell(arm, one.n, {metric.name: one}, day=first + dt.timedelta(days=day))
        for day in range(days)
        for arm, one in daily.items()
    )
    return Observed((metric,), cells, Intake(None, 0, sum(cell.units for cell in cells)))


def states(found):
    return {guard.name: guard.state for guard in found.guards}


def said(found, language="en"):
    return words(language).say(found.sentence).replace("\u00a0", " ")


def test_a_win_says_its_range():
    found = verdict(counted((10_000, 300), (10_000, 380)), DONE)
    assert (found.code, found.arm, found.mode) == ("win", "B", "fixed")
    # Newcombe by the closed form: 0.00299 to 0.01303.
    assert said(found) == "“B” raises conversion rate by 0.30 pp to 1.30 pp, compared with “A”."
    assert said(found, "pl") == "„B”, konwersja: wzrost o od 0,30 p.p. do 1,30 p.p. w porównaniu z „A”."


def test_a_loss_says_its_range():
    found = verdict(counted((10_000, 380), (10_000, 300)), DONE)
    assert (found.code, found.arm) == ("loss", "B")
    assert said(found).startswith("“B” lowers conversion rate by 0.30 pp")


def test_where_less_is_better_less_wins():
    lower = replace(CONVERSION, is_higher_better=False)
    observed = replace(counted((10_000, 380), (10_000, 300)), metrics=(lower,))
    assert verdict(observed, DONE).code == "win"


def test_money_is_said_per_visitor():
    arms = {"A": Moments(20_000, 1.80, 225.0, 700), "B": Moments(20_000, 2.30, 240.0, 800)}
    observed = Observed((REVENUE,), tuple(Cell(arm, 20_000, {"revenue": one}) for arm, one in arms.items()), Intake(None, 0, 40_000))  # fmt: skip
    found = verdict(observed, Plan("A", "revenue", units=40_000))
    # 0.50 ± 1.96 × √((225 + 240) / 20,000) = 0.50 ± 0.2989
    assert said(found) == "“B” adds PLN 0.20 to PLN 0.80 per visitor, compared with “A”."
    assert said(found, "pl") == "„B” przynosi od 0,20 zł do 0,80 zł więcej na odwiedzającego niż „A”."


def test_no_difference_at_the_planned_end_says_what_is_left():
    found = verdict(counted((10_000, 300), (10_000, 305)), DONE)
    assert found.code == "no_difference"
    assert said(found).startswith("No difference was found: compared with “A”, “B” changes conversion rate by anything")


def test_before_the_planned_end_the_test_goes_on():
    observed = by_days(10, {"A": proportion_moments(500, 20), "B": proportion_moments(500, 22)})
    found = verdict(observed, Plan("A", "conversion", units=14_000))
    assert (found.code, found.mode, found.days_left) == ("keep_running", "spending", 4)
    assert said(found) == "Keep the test running: about 4 more days to the planned end."
    assert said(found, "pl") == "Kontynuuj test: do planowanego końca zostały około 4 dni."
    until = verdict(observed, Plan("A", "conversion", end=FIRST + dt.timedelta(days=20)))
    assert (until.code, until.days_left, until.progress.fraction) == ("keep_running", 11, pytest.approx(10 / 21))


def test_an_early_look_needs_more_than_the_usual_p_value():
    observed = counted((10_000, 300), (10_000, 355))
    early, done = (verdict(observed, Plan("A", "conversion", units=units)) for units in (60_000, 20_000))
    assert done.code == "win"
    assert early.code == "keep_running"
    assert early.comparisons[0].fixed.p < 0.05 < early.comparisons[0].estimate.p


def test_earlier_looks_cost_a_little_at_the_end():
    observed = counted((10_000, 300), (10_000, 350))
    assert verdict(observed, Plan("A", "conversion", units=20_000)).code == "win"  # p = 0.046
    found = verdict(observed, Plan("A", "conversion", units=20_000, looks=(10_000, 15_000)))
    assert (found.code, found.mode) == ("no_difference", "spending")


def test_without_a_plan_only_an_always_valid_difference_counts():
    observed = counted((10_000, 300), (10_000, 355))
    found = verdict(observed, Plan("A", "conversion"))
    assert (found.code, found.mode) == ("keep_running", "always_valid")
    assert verdict(counted((10_000, 300), (10_000, 420)), Plan("A", "conversion")).code == "win"
    assert "No end was planned" in words("en").say(found.reasons[0])


def test_how_long_still_without_a_plan():
    observed = by_days(10, {"A": proportion_moments(1000, 30), "B": proportion_moments(1000, 35)})
    found = verdict(observed, Plan("A", "conversion"))
    assert found.code == "keep_running"
    longer = by_days(10 + found.days_left, {"A": proportion_moments(1000, 30), "B": proportion_moments(1000, 35)})
    assert verdict(longer, Plan("A", "conversion")).code == "win"
    shorter = by_days(9 + found.days_left, {"A": proportion_moments(1000, 30), "B": proportion_moments(1000, 35)})
    assert verdict(shorter, Plan("A", "conversion")).code == "keep_running"


def test_a_mismatched_split_blocks():
    found = verdict(counted((10_000, 300), (10_700, 400)), DONE)
    assert (found.code, states(found)["split"]) == ("blocked", "blocked")
    assert found.comparisons == ()
    warned = verdict(counted((10_000, 300), (10_400, 400)), DONE)  # p = 0.0051
    assert (warned.code, states(warned)["split"]) == ("win", "warned")


def test_a_ninety_to_ten_split_is_what_was_planned():
    observed = counted((90_000, 2_700), (10_000, 400))
    assert verdict(observed, DONE).code == "blocked"
    assert verdict(observed, replace(DONE, split={"A": 9, "B": 1})).code == "win"


def test_one_bad_day_blocks():
    good = {"A": proportion_moments(500, 20), "B": proportion_moments(500, 20)}
    observed = by_days(14, good)
    bad = [replace(cell, units=300, moments={"conversion": proportion_moments(300, 12)}) if i == 9 else cell for i, cell in enumerate(observed.cells)]  # fmt: skip
    found = verdict(replace(observed, cells=tuple(bad)), Plan("A", "conversion", units=100))
    assert (found.code, states(found)["split"], states(found)["daily_split"]) == ("blocked", "passed", "blocked")


@pytest.mark.parametrize(
    ("shared", "state", "code"), [(3893, "blocked", "blocked"), (500, "warned", "win"), (50, "passed", "win")]
)
def test_units_in_two_arms(shared, state, code):
    observed = counted((50_000, 1_500), (50_000, 2_000))
    observed = replace(observed, intake=replace(observed.intake, in_two_arms=shared, units=100_000 - shared))
    found = verdict(observed, DONE)
    assert (states(found)["in_two_arms"], found.code) == (state, code)


def test_a_hundred_conversions_are_the_least():
    assert verdict(counted((1000, 30), (1000, 69)), DONE).code == "not_enough_data"
    assert verdict(counted((1000, 31), (1000, 69)), DONE).code == "win"
    nothing = verdict(counted((1000, 0), (1000, 0)), DONE)
    assert nothing.code == "not_enough_data"
    assert "Nobody converted" in str(nothing.comparisons[0].reason)


def test_seven_whole_days_are_the_least():
    daily = {"A": proportion_moments(500, 20), "B": proportion_moments(500, 40)}
    plan = Plan("A", "conversion", units=100)
    assert verdict(by_days(6, daily), plan).code == "not_enough_data"
    assert verdict(by_days(7, daily), plan).code == "win"
    today = verdict(by_days(7, daily), plan, as_of=FIRST + dt.timedelta(days=6))
    assert (today.code, states(today)["last_day"]) == ("not_enough_data", "warned")
    undated = verdict(counted((5000, 200), (5000, 400)), plan)
    assert (undated.code, states(undated)["days"]) == ("win", "unknown")


def test_days_to_come_are_no_whole_days():
    """Ten days, asked on the fifth: four are over, and neither the fifth nor the five after it is whole."""
    daily = {"A": proportion_moments(1_000, 200), "B": proportion_moments(1_000, 300)}
    found = verdict(by_days(10, daily), Plan("A", "conversion"), as_of=FIRST + dt.timedelta(days=4))
    assert (found.code, found.progress.whole_days) == ("not_enough_data", 4)
    assert found.progress.ahead == FIRST + dt.timedelta(days=9)
    assert states(found)["last_day"] == "warned"


def test_a_cut_last_day_is_no_whole_day():
    observed = by_days(7, {"A": proportion_moments(500, 20), "B": proportion_moments(500, 40)})
    cut = observed.cells[:-2] + tuple(
        replace(cell, units=100, moments={"conversion": proportion_moments(100, 4)}) for cell in observed.cells[-2:]
    )
    found = verdict(replace(observed, cells=cut), Plan("A", "conversion", units=100))
    assert (found.progress.whole_days, found.progress.unfinished) == (6, FIRST + dt.timedelta(days=6))
    later = verdict(replace(observed, cells=cut), Plan("A", "conversion", units=100), FIRST + dt.timedelta(days=30))
    assert later.progress.whole_days == 7


@pytest.mark.parametrize(
    ("observed", "plan"),
    [
        (counted((100, 60), (100, 70)), Plan("Z", "conversion")),
        (counted((100, 60), (100, 70)), Plan("A", "profit")),
        (counted((200, 160)), Plan("A", "conversion")),
        (counted((200, 160), (200, 150)), Plan("A", "conversion", split={"B": 1})),
        (counted(*[(200, 20)] * 21), Plan("A", "conversion")),
    ],
)
def test_a_plan_that_does_not_fit_blocks_with_one_reason(observed, plan):
    found = verdict(observed, plan)
    assert (found.code, len(found.guards)) == ("blocked", 1)
    assert words("pl").say(found.reasons[0]) != words("en").say(found.reasons[0])


def test_twenty_arms_are_told_apart():
    found = verdict(counted(*[(5000, 250)] * 19, (5000, 400)), DONE)
    assert (found.code, found.arm, len(found.comparisons)) == ("win", "T", 19)
    # Holm: the smallest of 19 p-values times 19.
    assert found.comparisons[-1].p_adjusted == pytest.approx(19 * found.comparisons[-1].estimate.p)


def test_some_arms_worse_and_the_rest_open_is_no_loss():
    found = verdict(counted((10_000, 400), (10_000, 280), (10_000, 405)), DONE)
    assert (found.code, found.arm) == ("no_difference", "C")
    assert words("en").say(found.reasons[-1]) == "Worse for sure: B. The rest is undecided."


@pytest.mark.parametrize(("control", "treatment"), [(Moments(1, 5.0, math.nan, 1), Moments(500, 4.0, 2.0, 500)), (Moments(500, 4.0, 2.0, 500), Moments(1, 5.0, math.nan, 1))])  # fmt: skip
def test_an_arm_of_one_unit_has_no_p_value(control, treatment):
    cells = tuple(Cell(arm, one.n, {"revenue": one}) for arm, one in (("A", control), ("B", treatment)))
    plan = Plan("A", "revenue", units=10, split={"A": control.n, "B": treatment.n})
    found = verdict(Observed((REVENUE,), cells, Intake(None, 0, 501)), plan)
    assert found.code == "not_enough_data"
    assert found.comparisons[0].estimate is None
    assert "fewer than two units" in str(found.comparisons[0].reason)


def test_negative_means_have_a_difference_and_no_lift():
    cells = tuple(Cell(arm, 5000, {"revenue": Moments(5000, mean, 90.0, 4000)}) for arm, mean in (("A", -3.0), ("B", -2.0)))  # fmt: skip
    found = verdict(Observed((REVENUE,), cells, Intake(None, 0, 10_000)), Plan("A", "revenue", units=10))
    assert (found.code, found.comparisons[0].lift, found.comparisons[0].lift_interval) == ("win", None, None)


def test_non_inferiority_is_said_with_its_margin():
    observed = counted((100_000, 3_150), (100_000, 3_120))
    found = verdict(observed, Plan("A", "conversion", units=200_000, margin=0.002))
    assert (found.code, found.is_not_worse) == ("no_difference", True)
    assert said(found) == "“B” is not worse than “A” by more than the accepted 0.20 pp of conversion rate."
    assert verdict(observed, Plan("A", "conversion", units=200_000, margin=0.001)).is_not_worse is False
    # On the way there, and without a plan, a wider interval has to hold.
    assert verdict(observed, Plan("A", "conversion", margin=0.002)).code == "keep_running"
    assert verdict(observed, Plan("A", "conversion", margin=0.006)).code == "no_difference"


def test_an_average_order_value_is_never_alone():
    one = Moments(5000, 2.0, 9.0, 300, 0.06, 0.06, 0.3)
    cells = tuple(Cell(arm, 5000, {"aov": one}) for arm in "AB")
    observed = Observed((AOV,), cells, Intake(None, 0, 10_000))
    assert states(verdict(observed, Plan("A", "aov", units=10)))["beside"] == "warned"
    assert "beside" not in states(verdict(replace(observed, metrics=(AOV, REVENUE), cells=tuple(replace(cell, moments={**cell.moments, "revenue": one}) for cell in cells)), Plan("A", "aov", units=10)))  # fmt: skip


def test_secondary_metrics_share_one_false_discovery_rate():
    arms = {arm: {"conversion": proportion_moments(5000, x), "revenue": Moments(5000, mean, 400.0, x)} for arm, x, mean in (("A", 200, 5.0), ("B", 280, 5.6), ("C", 210, 6.4))}  # fmt: skip
    observed = Observed((CONVERSION, REVENUE), tuple(Cell(arm, 5000, one) for arm, one in arms.items()), Intake(None, 0, 15_000))  # fmt: skip
    found = secondary(observed, DONE)
    p = sorted(one.estimate.p for one in found)
    assert [one.metric.name for one in found] == ["revenue", "revenue"]
    assert sorted(one.p_adjusted for one in found) == pytest.approx([min(2 * p[0], p[1]), p[1]])


def test_the_other_ways_stand_beside_the_raw_one():
    metric = Metric.mean("revenue", "revenue", empty="zero", covariate="before", winsor_share=0.99)
    moments = {arm: Moments(5000, mean, 400.0, 900, covariate_mean=4.0, covariate_var=300.0, covariate_covar=200.0) for arm, mean in (("A", 5.0), ("B", 5.5))}  # fmt: skip
    cells = tuple(Cell(arm, 5000, {"revenue": one}, {"revenue": Moments(5000, one.mean - 1, 200.0)}) for arm, one in moments.items())  # fmt: skip
    observed = Observed((metric,), cells, Intake(None, 0, 10_000), {"revenue": 80.0})
    found = beside(observed, Plan("A", "revenue", units=10_000), "revenue")
    assert list(found) == ["raw", "cuped", "winsorised"]
    # theta = 200 / 300; 400 − 200² / 300 = 266.7, a third less.
    assert found["cuped"][0].variance_reduction == pytest.approx(1 / 3, rel=1e-3)
    assert found["raw"][0].estimate.p > found["cuped"][0].estimate.p
    decided = verdict(observed, Plan("A", "revenue", units=10_000, is_adjusted=True))
    assert decided.comparisons[0].estimate.method == "cuped"


@pytest.mark.parametrize(
    "wrong", [{"units": 0}, {"margin": -0.1}, {"alpha": 0.7}, {"tuning_units": 0}, {"split": {"A": -1}}]
)
def test_a_plan_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadExperiment):
        Plan("A", "conversion", **wrong)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_sentence_can_be_written(language):
    w = words(language)
    observed = by_days(9, {"A": proportion_moments(500, 20), "B": proportion_moments(500, 29), "C": proportion_moments(480, 21)})  # fmt: skip
    for plan in (DONE, Plan("A", "conversion"), Plan("A", "conversion", units=90_000), replace(DONE, split={"A": 1, "B": 1})):  # fmt: skip
        found = verdict(observed, plan, as_of=FIRST + dt.timedelta(days=8))
        lines = [found.sentence, *found.reasons, *(guard.text for guard in found.guards)]
        assert all(w.say(line) and "{" not in w.say(line) for line in lines)
