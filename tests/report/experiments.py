"""Experiments for the tests of their workbook: every method and rule, from moments made by numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from kpi.experiment import (
    ArmCount,
    Comparison,
    Metric,
    Moments,
    Observed,
    Plan,
    SetAside,
    Verdict,
    beside,
    observed_counts,
    secondary,
    verdict,
)
from kpi.experiment.moments import proportion_moments
from kpi.experiment.observed import Cell, Intake
from kpi.report.experiment import experiment_workbook
from kpi.wording import Language, Text, message
from tests.experiment.samples import moments_of

MADE_AT = datetime(2026, 11, 22, 18, 30)
FIRST = date(2026, 3, 2)
CONVERSION = Metric.proportion("conversion", "converted", empty="zero", label=Text("conversion rate", "konwersja"))
REVENUE = Metric.mean("revenue", "revenue", empty="zero", label=Text("revenue per visitor", "przychód na odwiedzającego"),
                      covariate="revenue_before", winsor_share=0.99, currency="PLN")  # fmt: skip
AOV = Metric.ratio("aov", "revenue", "orders", empty="zero", label=Text("average order value", "średnia wartość zamówienia"),
                   covariate="revenue_before", covariate_denominator="orders_before", currency="PLN")  # fmt: skip
RETURNS = Metric.ratio("returns", "returned", "orders", empty="zero", label=Text("returns", "zwroty"),
                       covariate="returned_before", is_higher_better=False)  # fmt: skip
METRICS = (CONVERSION, REVENUE, AOV, RETURNS)


@dataclass(frozen=True)
class Case:
    """What the workbook is made from, and what was said of it."""

    observed: Observed
    plan: Plan
    verdict: Verdict
    secondary: tuple[Comparison, ...]
    beside: Mapping[str, tuple[Comparison, ...]]

    def workbook(self, language: Language = "en", **more: str) -> bytes:
        return experiment_workbook(
            self.observed, self.plan, self.verdict, self.secondary, self.beside, language=language, made_at=MADE_AT, **more
        )  # fmt: skip


def case(observed: Observed, plan: Plan, as_of: date | None = None) -> Case:
    found = verdict(observed, plan, as_of)
    if not found.comparisons:
        return Case(observed, plan, found, (), {})
    return Case(observed, plan, found, secondary(observed, plan, as_of), beside(observed, plan, plan.primary, as_of))


def shop_test(days: int = 10, a_day: int = 400, arms: str = "ABC") -> Observed:
    """Visitors of ten days in three arms, the last of which sells more, with what they did before the test."""
    rng = np.random.default_rng(20261122)
    cells = [
        _cell(rng, arm, a_day + 10 * place, 0.08 + 0.03 * (place == 2), FIRST + timedelta(days=day))
        for day in range(days)
        for place, arm in enumerate(arms)
    ]
    left_out = (SetAside(message("Rows without a variant are left out."), 17),)
    everyone = sum(cell.units for cell in cells)
    return Observed(METRICS, tuple(cells), Intake(None, everyone + 17, everyone, left_out=left_out), {"revenue": 180.0})


def _cell(rng: np.random.Generator, arm: str, n: int, rate: float, day: date) -> Cell:
    taste = rng.gamma(4, 10, n)
    orders = (rng.random(n) < rate).astype(float) * rng.integers(1, 3, n)
    before = rng.integers(0, 3, n).astype(float)
    revenue, spent = orders * (taste + 20), before * (taste + rng.normal(15, 3, n))
    returned, sent_back = orders * (rng.random(n) < 0.2), before * (rng.random(n) < 0.2)
    moments = {
        "conversion": proportion_moments(n, int(np.count_nonzero(orders))),
        "revenue": moments_of(revenue, x=spent),
        "aov": moments_of(revenue, orders, spent, before),
        "returns": moments_of(returned, orders, sent_back + 0.3 * before),
    }
    return Cell(arm, n, moments, {"revenue": moments_of(np.minimum(revenue, 180.0))}, day)


def counted(*arms: tuple[int, int]) -> Observed:
    return observed_counts([ArmCount("ABCDEFGHIJ"[i], n, x) for i, (n, x) in enumerate(arms)])


def whole(metric: Metric, **arms: Moments) -> Observed:
    """One metric without days."""
    cells = tuple(Cell(arm, one.n, {metric.name: one}) for arm, one in arms.items())
    return Observed((metric,), cells, Intake(None, 0, sum(cell.units for cell in cells)))


CASES: dict[str, Case] = {
    "planned end, four metrics": case(shop_test(), Plan("A", "conversion", units=9_000)),
    "planned end, revenue adjusted": case(shop_test(), Plan("A", "revenue", units=9_000, is_adjusted=True)),
    "planned end, ratio adjusted": case(shop_test(), Plan("A", "aov", units=9_000, is_adjusted=True)),
    "planned end, plain past of a ratio": case(shop_test(), Plan("A", "returns", units=9_000, is_adjusted=True)),
    "planned end, ratio": case(shop_test(), Plan("A", "aov", units=9_000)),
    "no end planned": case(shop_test(), Plan("A", "revenue")),
    "no end planned, adjusted": case(shop_test(), Plan("A", "aov", is_adjusted=True)),
    "before the end": case(shop_test(), Plan("A", "revenue", units=30_000)),
    "before the end, with looks": case(shop_test(), Plan("A", "conversion", units=30_000, looks=(3_000, 7_000))),
    "unequal split": case(counted((90_000, 2_700), (10_000, 400)), Plan("A", "conversion", units=1, split={"A": 9, "B": 1})),
    "small cells": case(counted((3_000, 120), (50, 4), (2_900, 0)), Plan("A", "conversion", units=1, split={"A": 60, "B": 1, "C": 58})),
    "small cells before the end": case(counted((3_000, 120), (50, 4)), Plan("A", "conversion", units=9_000, split={"A": 60, "B": 1})),
    "equal p-values": case(counted((9_000, 300), (9_000, 350), (9_000, 350), (9_000, 310)), Plan("A", "conversion", units=1)),
    "negative means": case(whole(REVENUE, A=Moments(5_000, -3.0, 90.0, 4_000), B=Moments(5_000, -2.0, 80.0, 4_000)), Plan("A", "revenue", units=1)),
    "many units": case(whole(REVENUE, A=Moments(2_000_000, 3.0, 90.0, 40_000), B=Moments(2_000_000, 3.02, 91.0, 40_500)), Plan("A", "revenue", units=1)),
    "one unit": case(counted((5_000, 300), (5_000, 320), (1, 1)), Plan("A", "conversion", units=1, split={"A": 5_000, "B": 5_000, "C": 1})),
    "totals only": case(observed_counts([ArmCount("A", 9_000, 300, 900.0), ArmCount("B", 9_000, 380, 1_000.0)], "PLN"), Plan("A", "conversion", units=1)),
    "blocked": case(counted((10_000, 300), (10_700, 400)), Plan("A", "conversion", units=1)),
    "no control": case(counted((100, 60), (100, 70)), Plan("Z", "conversion")),
}  # fmt: skip
