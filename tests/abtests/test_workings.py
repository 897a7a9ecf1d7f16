"""The steps that a reader is shown give the numbers that the verdict uses."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from kpi.abtests.workings import SYMBOLS, Step, p_words, workings
from kpi.experiment import Metric, Moments, compared
from kpi.experiment.comparison import Rule
from kpi.experiment.moments import proportion_moments
from kpi.wording import words
from tests.experiment.samples import AOV, CONVERSION, REVENUE, moments_of

RULES = {
    "fixed": Rule(),
    "spending": Rule("spending", fraction=0.5),
    "always_valid": Rule("always_valid"),
}
_PYTHON = (("÷", "/"), ("×", "*"), ("−", "-"), ("²", "**2"), ("√", "sqrt"), ("ln {alpha}", "ln({alpha})"))


def worked_out(step: Step) -> tuple[float, float] | None:
    """What the left side of a step gives and what its right side says; None for a step that is no sum."""
    if "=" not in step.formula or "±" in step.formula:
        return None
    left, _, right = step.formula.partition("=")
    for sign, python in _PYTHON:
        left = left.replace(sign, python)
    names: dict[str, Any] = {"sqrt": math.sqrt, "ln": math.log, **step.values}
    return eval(re.sub(r"[{}]", "", left), {"__builtins__": {}}, names), step.values[right.strip(" {}")]


def samples() -> dict[str, tuple[Metric, dict[str, Moments], bool]]:
    generator = np.random.default_rng(5)
    y, d, x = (generator.gamma(2, 30, 900), generator.integers(1, 4, 900), generator.gamma(2, 20, 900))
    y = y + x / 2
    z = generator.integers(1, 3, 900)
    halves = {"A": slice(0, 400), "B": slice(400, 900)}
    ratio = Metric.ratio("aov", "revenue", "orders", empty="zero", covariate="before", covariate_denominator="earlier")
    mean = Metric.mean("revenue", "revenue", empty="zero", covariate="before", currency="PLN")
    return {
        "rates": (CONVERSION, {"A": proportion_moments(400, 50), "B": proportion_moments(500, 90)}, False),
        "few": (CONVERSION, {"A": proportion_moments(20, 1), "B": proportion_moments(20, 4)}, False),
        "means": (REVENUE, {arm: moments_of(y[part]) for arm, part in halves.items()}, False),
        "ratios": (AOV, {arm: moments_of(y[part], d[part]) for arm, part in halves.items()}, False),
        "ratio cuped": (
            ratio,
            {arm: moments_of(y[part], d[part], x[part], z[part]) for arm, part in halves.items()},
            True,
        ),
        "cuped": (mean, {arm: moments_of(y[part], x=x[part]) for arm, part in halves.items()}, True),
    }


@pytest.mark.parametrize("mode", RULES)
@pytest.mark.parametrize("kind", samples())
def test_every_step_gives_what_it_says(kind: str, mode: str) -> None:
    metric, moments, is_adjusted = samples()[kind]
    one = compared(metric, moments, "A", "B", RULES[mode], is_adjusted=is_adjusted)
    found = workings(one, moments, RULES[mode], is_adjusted=is_adjusted)
    assert found is not None
    sums = [pair for step in found.steps if (pair := worked_out(step))]
    assert len(sums) >= 3
    for left, right in sums:
        assert left == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize("mode", RULES)
@pytest.mark.parametrize("kind", samples())
def test_the_last_steps_end_at_the_interval_and_p_of_the_verdict(kind: str, mode: str) -> None:
    metric, moments, is_adjusted = samples()[kind]
    one = compared(metric, moments, "A", "B", RULES[mode], is_adjusted=is_adjusted)
    found = workings(one, moments, RULES[mode], is_adjusted=is_adjusted)
    assert found is not None
    assert one.estimate is not None
    values = {symbol: value for step in found.steps for symbol, value in step.values.items()}
    assert (values["d"], values["p"]) == (one.estimate.difference, one.estimate.p)
    assert (values["low"], values["high"]) == (one.estimate.low, one.estimate.high)
    for step in found.steps:
        if "±" in step.formula:
            half = (
                values["half"] if "half" in step.values else values.get("q", values.get("bound", 0)) * step.values["se"]
            )
            assert step.values["d"] + half == pytest.approx(step.values["high"], rel=1e-9)


def test_a_step_is_written_in_words_and_in_numbers() -> None:
    step = Step(SYMBOLS["d"][0], "{x_t} ÷ {n_t} − {x_c} ÷ {n_c} = {d}", {"x_t": 90, "n_t": 1500, "x_c": 50, "n_c": 400, "d": -0.065})  # fmt: skip
    assert step.in_numbers(words("en")) == "90 ÷ 1,500 − 50 ÷ 400 = −0.0650000"
    assert step.in_words(words("pl")).startswith("konwersje w wariancie ÷ jednostki w wariancie − konwersje w kontroli")


def test_nothing_is_worked_out_where_nothing_was_estimated() -> None:
    moments = {"A": proportion_moments(100, 0), "B": proportion_moments(100, 0)}
    assert workings(compared(CONVERSION, moments, "A", "B", Rule()), moments, Rule(), is_adjusted=False) is None


def test_a_tiny_p_is_never_zero() -> None:
    assert [p_words(words("pl"), p) for p in (1e-12, 0.00012, None)] == ["< 0,0001", "0,0001", "—"]
