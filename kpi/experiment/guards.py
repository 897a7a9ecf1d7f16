"""What must hold before a verdict is drawn. Each guard is one line: passed, warned, failed or not checkable, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kpi.experiment.balance import Balance, balance, daily_balance
from kpi.experiment.observed import Observed
from kpi.experiment.plan import MOST_ARMS, Plan, Progress, compared_arms, split_of
from kpi.wording.message import Message, Share, message

State = Literal["passed", "warned", "blocked", "too_few", "unknown"]
"""`blocked`: no verdict whatever the numbers say · `too_few`: no verdict yet · `unknown`: cannot be checked."""

FEWEST_CONVERSIONS = 100
FEWEST_DAYS = 7
_SHARED_WARNS, _SHARED_BLOCKS = 0.001, 0.01


@dataclass(frozen=True)
class Guard:
    """One line of the checklist."""

    name: str
    state: State
    text: Message


def guards(observed: Observed, plan: Plan, where: Progress) -> tuple[Guard, ...]:
    """Every guard, in the order of a reader's questions. If the plan does not fit the rows, only that is said."""
    broken = tuple(_plan_guards(observed, plan))
    if broken:
        return broken
    return (
        *_split_guards(observed, plan),
        *_unit_guards(observed, plan),
        _conversions(observed, plan),
        _days(where),
        *_last_day(where),
        *_beside(observed, plan),
    )


def _plan_guards(observed: Observed, plan: Plan) -> Iterator[Guard]:
    if plan.primary not in {metric.name for metric in observed.metrics}:
        yield Guard(
            "plan", "blocked", message("The primary metric “{metric}” is not in the data.", metric=plan.primary)
        )
    if plan.control not in observed.arms:
        yield Guard("plan", "blocked", message("The control “{arm}” has no units in the data.", arm=plan.control))
        return
    if plan.split and not plan.split.get(plan.control):
        yield Guard(
            "plan", "blocked", message("The planned split gives the control “{arm}” no units.", arm=plan.control)
        )
        return
    arms = compared_arms(observed, plan)
    if len(arms) < 2:
        yield Guard("plan", "blocked", message("There is only one variant, so there is nothing to compare it with."))
    if len(arms) > MOST_ARMS:
        text = message("{n} variants are more than the {most} that can be told apart.", n=len(arms), most=MOST_ARMS)
        yield Guard("plan", "blocked", text)


def _split_guards(observed: Observed, plan: Plan) -> Iterator[Guard]:
    split = split_of(observed, plan)
    if strangers := tuple(arm for arm in observed.arms if not split.get(arm)):
        yield Guard(
            "strangers", "warned", message("Variants without a place in the planned split are left out: {arms}.", arms=strangers)
        )  # fmt: skip
    found = balance(observed.units, split)
    if found is not None:
        yield Guard("split", found.state, _split_text(found))
    daily = daily_balance(observed.units_by_day, split)
    if not daily:
        yield Guard("daily_split", "unknown", message("Without dates the split of each day cannot be checked."))
        return
    worst = min(daily, key=lambda one: one.p)
    yield Guard("daily_split", worst.state, _daily_text(worst))


def _split_text(found: Balance) -> Message:
    if found.state == "passed":
        return message("The variants have as many units as planned (p {p}).", p=written_p(found.p))
    return message(
        "The variants do not have as many units as planned (p {p}): units are lost or counted twice in one of them.",
        p=written_p(found.p),
    )


def _daily_text(worst: Balance) -> Message:
    if worst.state == "passed":
        return message("No day's split is off the plan (smallest adjusted p {p}).", p=written_p(worst.p))
    return message(
        "On {day} the split is off the plan (adjusted p {p}): something changed that day.",
        day=worst.on,
        p=written_p(worst.p),
    )


def _unit_guards(observed: Observed, plan: Plan) -> Iterator[Guard]:
    share = observed.intake.in_two_arms_share
    if share > 0:
        state: State = "blocked" if share > _SHARED_BLOCKS else "warned" if share > _SHARED_WARNS else "passed"
        text = message("{share} of the units are in several variants and are left out.", share=Share(share))
        yield Guard("in_two_arms", state, text)
    moments = observed.moments(plan.primary)
    if empty := tuple(arm for arm in compared_arms(observed, plan) if moments[arm].n < 2):
        state = "too_few" if plan.control in empty else "warned"
        yield Guard("thin_arms", state, message("Fewer than two units to compare: {arms}.", arms=empty))


def _conversions(observed: Observed, plan: Plan) -> Guard:
    moments = observed.moments(plan.primary)
    count = sum(moments[arm].nonzero for arm in compared_arms(observed, plan))
    if count < FEWEST_CONVERSIONS:
        text = message(
            "{n} conversion in all; a verdict needs at least {least}.",
            "{n} conversions in all; a verdict needs at least {least}.",
            n=count,
            least=FEWEST_CONVERSIONS,
        )
        return Guard("conversions", "too_few", text)
    text = message("{n} conversion in all.", "{n} conversions in all.", n=count)
    return Guard("conversions", "passed", text)


def _days(where: Progress) -> Guard:
    if where.whole_days is None:
        return Guard(
            "days", "unknown", message("Without dates it cannot be checked that the test covers a whole week.")
        )
    text = message(
        "{n} whole day; a verdict needs at least {least}, because days of the week differ.",
        "{n} whole days; a verdict needs at least {least}, because days of the week differ.",
        n=where.whole_days,
        least=FEWEST_DAYS,
    )
    if where.whole_days < FEWEST_DAYS:
        return Guard("days", "too_few", text)
    text = message("The test covers {n} whole day.", "The test covers {n} whole days.", n=where.whole_days)
    return Guard("days", "passed", text)


def _last_day(where: Progress) -> Iterator[Guard]:
    if where.ahead:
        text = message(
            "The rows reach to {day}, which is still to come: perhaps day and month are swapped. Days to come do not count.",
            day=where.ahead,
        )
        yield Guard("last_day", "warned", text)
    elif where.unfinished:
        text = message("{day} is not over or cut off: it does not count as a whole day.", day=where.unfinished)
        yield Guard("last_day", "warned", text)


def _beside(observed: Observed, plan: Plan) -> Iterator[Guard]:
    """A ratio of money says nothing without the mean of the same money over all units."""
    primary = observed.metric(plan.primary)
    if primary.kind != "ratio" or primary.unit != "money":
        return
    if not any(metric.kind == "mean" and metric.column == primary.column for metric in observed.metrics):
        yield Guard(
            "beside",
            "warned",
            message(
                "“{metric}” counts buyers only: a variant that wins small baskets lowers it. Look at revenue per visitor too.",
                metric=primary.label,
            ),
        )


def written_p(p: float) -> Message:
    """A p-value behind the letter: four decimals, and never zero."""
    return message("< {least}", least=0.0001) if p < 0.0001 else message("= {p}", p=round(p, 4))
