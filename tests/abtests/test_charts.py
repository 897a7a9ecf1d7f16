"""What the charts of a verdict hold: signs, colours, units, zero, and lift only where it has an interval."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kpi.abtests.charts import DARK, LIGHT, by_day, effects, over_days, tone_of, what_longer_brings
from kpi.abtests.scale import Scale, difference_scale, scale_of, unit_scale
from kpi.experiment import Comparison, Estimate, Longer, Metric, all_compared
from kpi.experiment.comparison import Rule
from kpi.experiment.moments import proportion_moments
from kpi.wording import words
from tests.experiment.samples import CONVERSION, REVENUE

ARMS = {
    "A": proportion_moments(10_000, 500),
    "B": proportion_moments(10_000, 650),
    "C": proportion_moments(10_000, 390),
}
WORDS = words("en")


def found(rule: Rule = Rule(), metric: Metric = CONVERSION) -> tuple[Comparison, ...]:
    return all_compared(metric, ARMS, "A", rule)


def rows(chart: Any, name: str) -> list[dict[str, Any]]:
    """The chart's data that has this column."""
    sets = chart.to_dict()["datasets"].values()
    return next(data for data in sets if name in data[0])


def test_each_effect_has_its_interval_its_words_and_its_tone() -> None:
    better, worse = rows(effects(found(Rule("always_valid")), WORDS, LIGHT), "tone")
    assert [better["tone"], worse["tone"]] == ["better", "worse"]
    assert better["value"] == pytest.approx(1.5)
    assert better["low"] < 1.5 < better["high"]
    assert better["told"].startswith("B: +1.50\u00a0pp (")
    assert better["told"].endswith(", better")


def test_lift_is_drawn_at_a_planned_end_and_the_difference_before() -> None:
    assert scale_of(found()).measured == "lift"
    assert rows(effects(found(), WORDS, LIGHT), "tone")[0]["value"] == pytest.approx(0.3)
    assert scale_of(found(Rule("always_valid"))).measured == "points"
    assert scale_of(found(Rule("spending", fraction=0.5))).measured == "points"


def test_less_is_better_turns_the_tones() -> None:
    metric = Metric.proportion("bounce", "bounced", empty="zero", is_higher_better=False)
    assert [tone_of(one, 0.05) for one in found(metric=metric)] == ["worse", "better"]


def test_the_axis_of_effects_holds_zero_in_both_themes() -> None:
    for tones in (LIGHT, DARK):
        spec = effects(found()[:1], WORDS, tones).to_dict()
        point = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
        low, high = point["encoding"]["x"]["scale"]["domain"]
        assert low < 0 < high
        assert tones.better in point["encoding"]["color"]["scale"]["range"]


def test_zero_has_a_gap_where_a_label_stands() -> None:
    """The label's letters are 13 px high, 19 px above the middle of a row of 62 px: they end 12 px above the middle."""
    layers = effects(found(), WORDS, LIGHT).to_dict()["layer"]
    zero = next(layer["mark"] for layer in layers if layer["encoding"]["x"].get("field") == "zero")
    label = next(layer["mark"] for layer in layers if layer["mark"]["type"] == "text")
    top, bottom = zero["yOffset"] - zero["size"] / 2, zero["yOffset"] + zero["size"] / 2
    assert label["dy"] + label["fontSize"] / 2 < top < 0
    assert bottom == 31


def test_nothing_is_drawn_where_nothing_could_be_compared() -> None:
    nobody = {"A": proportion_moments(100, 0), "B": proportion_moments(100, 0)}
    assert effects(all_compared(CONVERSION, nobody, "A", Rule()), WORDS, LIGHT) is None


def estimates(count: int) -> dict[date, Estimate]:
    """The band of day n is 1/n wide on either side."""
    return {
        date(2026, 3, 1) + timedelta(n): Estimate(
            0.1, 0.1 - 1 / (n + 1), 0.1 + 1 / (n + 1), 0.5, 1.0, 0.1, "always_valid"
        )
        for n in range(count)
    }


def test_the_band_over_days_has_a_row_a_day_and_its_later_half_sets_the_axis() -> None:
    chart = over_days(estimates(10), REVENUE, WORDS, LIGHT)
    assert len(rows(chart, "low")) == 10
    band = next(layer for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == "area")
    low, high = band["encoding"]["y"]["scale"]["domain"]
    # from day 5 on: 0.1 − 1/5 to 0.1 + 1/5, and a tenth of room
    assert (low, high) == (pytest.approx(-0.14), pytest.approx(0.34))


def test_one_day_is_no_chart() -> None:
    assert over_days(estimates(1), REVENUE, WORDS, LIGHT) is None
    one_day = {date(2026, 3, 1): found()[0]}
    assert by_day(one_day, CONVERSION, WORDS, LIGHT) is None


def test_what_longer_brings_falls_with_the_weeks() -> None:
    longer = [Longer(1, 1000, 0.02), Longer(2, 2000, 0.014)]
    chart = what_longer_brings(longer, 0.01, CONVERSION, words("pl"), "#0B6E4F", LIGHT)
    assert [row["value"] for row in rows(chart, "weeks")] == [2.0, pytest.approx(1.4)]
    assert [row["shown"] for row in rows(chart, "weeks")] == ["2,00\u00a0p.p.", "1,40\u00a0p.p."]
    assert rows(chart, "wanted") == [{"wanted": 1.0}]


@pytest.mark.parametrize(
    ("scale", "lang", "told"),
    [
        (Scale("points"), "pl", "+0,31\u00a0p.p. (−0,10 … +0,72)"),
        (Scale("money", "PLN"), "pl", "+0,00\u00a0zł (−0,00 … +0,01)"),
        (Scale("number", digits=3), "en", "+0.003 (−0.001 … +0.007)"),
        (Scale("lift"), "en", "+0.3% (−0.1% … +0.7%)"),
    ],
)
def test_a_difference_is_written_with_its_unit_once(scale: Scale, lang: Any, told: str) -> None:
    written = scale.whole(words(lang), 0.0031, -0.001, 0.0072)
    assert written == told.replace("+0,00", "0,00").replace("−0,00", "0,00")


def test_small_money_gets_the_decimals_that_show_it() -> None:
    assert unit_scale("money", "PLN", [0.0042, 0.02]).digits == 3
    assert unit_scale("percent", None, [0.0001, 0.02]).digits == 2
    assert difference_scale(REVENUE).currency == "PLN"
