"""What was said before the test, and where the test stands beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kpi.errors import BadExperiment
from kpi.experiment.comparison import Rule
from kpi.experiment.confidence import TUNING_UNITS
from kpi.experiment.observed import Observed
from kpi.wording.message import message

MOST_ARMS = 20
# Of the days before, the last one's units must reach this share, or it is taken for cut off.
_WHOLE_SHARE = 0.5
_DAYS_TO_JUDGE = 3


@dataclass(frozen=True)
class Plan:
    """Said before the data are looked at.

    primary: the metric that decides · split: weights of the arms, equal where empty · units: planned size over all arms ·
    end: last planned day · margin: a loss of the primary metric that is acceptable, positive, in its unit · looks: units
    at which the test was looked at before, as far as known · is_adjusted: CUPED decides · tuning_units: where the
    always-valid sequence is narrowest.
    """

    control: str
    primary: str
    split: Mapping[str, float] = field(default_factory=dict)
    units: int | None = None
    end: date | None = None
    margin: float | None = None
    alpha: float = 0.05
    looks: tuple[int, ...] = ()
    is_adjusted: bool = False
    tuning_units: int = TUNING_UNITS

    def __post_init__(self) -> None:
        wrong = (
            (self.units is not None and self.units < 1)
            or (self.margin is not None and not 0 < self.margin < math.inf)
            or not 0 < self.alpha < 0.5
            or self.tuning_units < 1
            or any(not 0 <= weight < math.inf for weight in self.split.values())
        )
        if wrong:
            raise BadExperiment(
                message("This plan cannot be used"),
                message("Sizes, weights and the margin are positive numbers, and the error rate is under a half."),
                message("Correct the plan of the test."),
            )

    @property
    def is_declared(self) -> bool:
        return self.units is not None or self.end is not None


@dataclass(frozen=True)
class Progress:
    """Where the test stands.

    fraction: of the plan, 1 once it is reached; None without a plan · whole_days: None without dates · unfinished: the
    last day, where it is not over or looks cut off · units_a_day: mean over the whole days · ahead: the last day, where
    it comes after the one on which the question is asked.
    """

    units: int
    fraction: float | None
    whole_days: int | None
    unfinished: date | None
    units_a_day: float | None
    last_day: date | None
    ahead: date | None = None

    def days_for(self, units: float) -> int | None:
        """How many more days these units take at the pace so far."""
        return math.ceil(units / self.units_a_day) if self.units_a_day and units > 0 else None


def compared_arms(observed: Observed, plan: Plan) -> tuple[str, ...]:
    """The arms of the plan that have units, the control first."""
    planned = [arm for arm in observed.arms if not plan.split or plan.split.get(arm, 0) > 0]
    return tuple(sorted(planned, key=lambda arm: (arm != plan.control, arm)))


def split_of(observed: Observed, plan: Plan) -> dict[str, float]:
    """The planned weights; equal ones for every arm that was seen, where nothing was said."""
    return dict(plan.split) if plan.split else dict.fromkeys(observed.arms, 1.0)


def progress(observed: Observed, plan: Plan, as_of: date | None) -> Progress:
    """How far the test has come. as_of: the day on which the question is asked; that day is not over."""
    units = sum(observed.units[arm] for arm in compared_arms(observed, plan))
    days = observed.days
    unfinished = _unfinished(observed, as_of)
    whole = tuple(day for day in days if day != unfinished and (as_of is None or day < as_of))
    counted = {day: sum(found.values()) for day, found in observed.units_by_day.items()}
    pace = sum(counted[day] for day in whole) / len(whole) if whole else None
    by_units = units / plan.units if plan.units else None
    by_end = _share_of_days(whole, plan.end) if plan.end else None
    shares = [share for share in (by_units, by_end) if share is not None]
    return Progress(
        units,
        min(1.0, *shares, 1.0) if shares else None,
        len(whole) if days else None,
        unfinished,
        pace,
        days[-1] if days else None,
        days[-1] if days and as_of is not None and days[-1] > as_of else None,
    )


def rule_of(plan: Plan, where: Progress) -> Rule:
    """How the numbers are to be judged: by the plan's horizon, on the way to it, or at any time."""
    if where.fraction is None:
        return Rule("always_valid", plan.alpha, tuning_units=plan.tuning_units)
    looks = tuple(units / plan.units for units in plan.looks) if plan.units else ()
    if where.fraction < 1:
        return Rule("spending", plan.alpha, where.fraction, looks)
    # Looks on the way have spent a part of alpha; the end has only what is left of it.
    return (
        Rule("spending", plan.alpha, 1.0, looks) if any(0 < look < 1 for look in looks) else Rule("fixed", plan.alpha)
    )


def _share_of_days(whole: tuple[date, ...], end: date) -> float | None:
    """Of the days from the first one to the planned end, those that are over."""
    if not whole:
        return None
    return max(0.0, min(1.0, ((whole[-1] - whole[0]).days + 1) / max(1, (end - whole[0]).days + 1)))


def _unfinished(observed: Observed, as_of: date | None) -> date | None:
    """The last day, if the question is asked on it, or if it has far fewer units than the days before."""
    days = observed.days
    if not days:
        return None
    last = days[-1]
    if as_of is not None and last >= as_of:
        return last
    if as_of is not None and as_of - last > timedelta(days=1):
        return None  # long over: a thin last day is a fact, not a cut
    counted = [sum(observed.units_by_day[day].values()) for day in days]
    before = sorted(counted[:-1])
    if len(before) < _DAYS_TO_JUDGE:
        return None
    return last if counted[-1] < _WHOLE_SHARE * before[len(before) // 2] else None
