"""From what was observed and what was planned to one of six verdicts, with the reasons under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from kpi.experiment import sayings
from kpi.experiment.comparison import Comparison, Mode, Rule, all_compared, compared
from kpi.experiment.confidence import units_to_decide
from kpi.experiment.guards import Guard, guards
from kpi.experiment.moments import Moments
from kpi.experiment.multiple import benjamini_hochberg, holm
from kpi.experiment.noninferiority import non_inferiority
from kpi.experiment.observed import Observed
from kpi.experiment.plan import Plan, Progress, compared_arms, progress, rule_of
from kpi.wording.message import Message

Code = Literal["win", "loss", "no_difference", "keep_running", "blocked", "not_enough_data"]
_FARTHEST_DAYS = 365


@dataclass(frozen=True)
class Verdict:
    """code · one sentence · what it rests on.

    arm: the one the sentence is about · mode: how the p-values were judged · comparisons: every arm on the primary
    metric, p adjusted by Holm · reasons: why this verdict, beside the guards · days_left: until the plan is reached, or
    until a difference as it is now would decide; None where nothing can be said · is_not_worse: with a margin, whether
    the arm is shown not to be worse by more.
    """

    code: Code
    sentence: Message
    guards: tuple[Guard, ...]
    progress: Progress
    arm: str | None = None
    mode: Mode | None = None
    comparisons: tuple[Comparison, ...] = ()
    reasons: tuple[Message, ...] = ()
    days_left: int | None = None
    is_not_worse: bool | None = None


def verdict(observed: Observed, plan: Plan, as_of: date | None = None) -> Verdict:
    """The one answer. as_of: the day on which it is asked, which is not over yet.

    Order: what blocks, what is missing, then the primary metric by the plan's rule. A win is the best arm that is better
    for sure; a loss needs every arm to be worse.
    """
    where = progress(observed, plan, as_of)
    checks = guards(observed, plan, where)
    if blocking := tuple(one.text for one in checks if one.state == "blocked"):
        return Verdict("blocked", sayings.BLOCKED, checks, where, reasons=blocking)
    rule, primary = rule_of(plan, where), _primary(observed, plan, where)
    if missing := tuple(one.text for one in checks if one.state == "too_few"):
        return Verdict("not_enough_data", sayings.NOT_ENOUGH, checks, where, None, rule.mode, primary, missing)
    found = Verdict(
        "keep_running", sayings.KEEP_RUNNING, checks, where, None, rule.mode, primary, (sayings.rule(rule, where),)
    )
    return _decided(observed, plan, rule, found)


def secondary(observed: Observed, plan: Plan, as_of: date | None = None) -> tuple[Comparison, ...]:
    """Every other metric of every arm, by the same rule, p adjusted by Benjamini–Hochberg. They never decide."""
    rule = rule_of(plan, progress(observed, plan, as_of))
    arms = compared_arms(observed, plan)
    found = [
        compared(metric, observed.moments(metric.name), plan.control, arm, rule, is_adjusted=plan.is_adjusted)
        for metric in observed.metrics
        if metric.name != plan.primary
        for arm in arms
        if arm != plan.control
    ]
    adjusted = iter(benjamini_hochberg([one.estimate.p for one in found if one.estimate]))
    return tuple(replace(one, p_adjusted=next(adjusted)) if one.estimate else one for one in found)


def beside(observed: Observed, plan: Plan, name: str, as_of: date | None = None) -> dict[str, tuple[Comparison, ...]]:
    """A metric looked at in the other ways: `raw`, `cuped` with a covariate, `winsorised` where it was asked for."""
    rule, metric = rule_of(plan, progress(observed, plan, as_of)), observed.metric(name)
    arms, moments, capped = compared_arms(observed, plan), observed.moments(name), observed.capped(name)
    found = {"raw": all_compared(metric, _of(arms, moments), plan.control, rule)}
    if metric.covariate:
        found["cuped"] = all_compared(metric, _of(arms, moments), plan.control, rule, is_adjusted=True)
    if capped:
        found["winsorised"] = all_compared(metric, _of(arms, capped), plan.control, rule)
    return found


def _primary(observed: Observed, plan: Plan, where: Progress) -> tuple[Comparison, ...]:
    moments = _of(compared_arms(observed, plan), observed.moments(plan.primary))
    return all_compared(
        observed.metric(plan.primary), moments, plan.control, rule_of(plan, where), is_adjusted=plan.is_adjusted
    )


def _of(arms: tuple[str, ...], moments: dict[str, Moments]) -> dict[str, Moments]:
    return {arm: moments[arm] for arm in arms}


def _decided(observed: Observed, plan: Plan, rule: Rule, found: Verdict) -> Verdict:
    tested = [one for one in found.comparisons if one.estimate]
    if not tested:
        reasons = tuple(dict.fromkeys(one.reason for one in found.comparisons if one.reason))
        return replace(found, code="not_enough_data", sentence=sayings.NOT_ENOUGH, reasons=reasons)
    decided = [one for one in tested if one.p_adjusted is not None and one.p_adjusted <= plan.alpha]
    better = [one for one in decided if one.is_better]
    if better:
        best = max(better, key=_gain)
        return replace(found, code="win", sentence=sayings.effect(best), arm=best.arm)
    best = max(tested, key=_gain)
    if len(decided) == len(tested):
        return replace(found, code="loss", sentence=sayings.effect(best), arm=best.arm)
    if decided:
        found = replace(found, reasons=(*found.reasons, sayings.worse(tuple(one.arm for one in decided))))
    open_arms = [one for one in tested if one not in decided]
    best = max(open_arms, key=_gain)
    not_worse = _not_worse(observed, plan, rule, open_arms)
    found = replace(found, arm=best.arm, is_not_worse=not_worse.get(best.arm) if plan.margin else None)
    if found.is_not_worse and plan.margin:
        return replace(found, code="no_difference", sentence=sayings.not_worse(best, plan.margin))
    if found.progress.fraction == 1:
        return replace(found, code="no_difference", sentence=sayings.no_difference(best))
    days = _days_left(plan, rule, found.progress, open_arms)
    return replace(found, sentence=sayings.keep_running(days, is_planned=plan.is_declared), days_left=days)


def _gain(one: Comparison) -> float:
    """The difference in the wanted direction."""
    return one.estimate.difference * (1 if one.metric.is_higher_better else -1) if one.estimate else float("-inf")


def _not_worse(observed: Observed, plan: Plan, rule: Rule, arms: list[Comparison]) -> dict[str, bool]:
    """With a margin: which arms are shown not to be worse by more. Before the plan's end the guarded interval decides."""
    if plan.margin is None:
        return {}
    if rule.mode != "fixed":
        margin = plan.margin
        return {one.arm: _worst(one) > -margin for one in arms}
    metric, moments = observed.metric(plan.primary), observed.moments(plan.primary)
    tests = {
        one.arm: test
        for one in arms
        if (test := non_inferiority(metric, moments[plan.control], moments[one.arm], plan.margin, plan.alpha))
    }
    adjusted = holm([test.p for test in tests.values()])
    return {arm: p <= plan.alpha for arm, p in zip(tests, adjusted, strict=True)}


def _worst(one: Comparison) -> float:
    """The end of the interval on the unwanted side, as a gain."""
    if one.estimate is None:
        return float("-inf")
    return one.estimate.low if one.metric.is_higher_better else -one.estimate.high


def _days_left(plan: Plan, rule: Rule, where: Progress, arms: list[Comparison]) -> int | None:
    if plan.units is not None and where.units < plan.units:
        return where.days_for(plan.units - where.units)
    if plan.end is not None and where.last_day is not None:
        return max(1, (plan.end - where.last_day).days + (1 if where.unfinished else 0))
    if plan.is_declared:
        return None
    largest = max((one.estimate for one in arms if one.estimate), key=lambda one: abs(one.z))
    share = len(arms) + 1
    pair_units = round(where.units * 2 / share)
    needed = units_to_decide(largest.se, pair_units, largest.difference, plan.alpha / len(arms), rule.tuning_units)
    days = None if needed is None else where.days_for((needed - pair_units) * share / 2)
    return days if days is not None and days <= _FARTHEST_DAYS else None
