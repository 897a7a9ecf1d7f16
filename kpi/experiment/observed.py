"""Observed: all that is known of an experiment after its rows have been read once: counts and moments, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kpi.experiment.metric import Metric, Source
from kpi.experiment.moments import Moments, merged
from kpi.wording.message import Message


@dataclass(frozen=True)
class SetAside:
    """Rows or units that take no part, by the rule that the sentence states."""

    rule: Message
    count: int


@dataclass(frozen=True)
class Intake:
    """What stood in the source: rows, units that take part, and what was left out.

    in_two_arms: units whose rows name several arms · has_repeats: whether any unit stands in several rows.
    """

    source: Source | None
    rows: int
    units: int
    in_two_arms: int = 0
    has_repeats: bool = False
    left_out: tuple[SetAside, ...] = ()

    @property
    def in_two_arms_share(self) -> float:
        """Of all units that have an arm."""
        everyone = self.units + self.in_two_arms
        return self.in_two_arms / everyone if everyone else 0.0


@dataclass(frozen=True)
class Cell:
    """The moments of one arm: on a day, or in a segment (dimension, value); with neither, of the whole test."""

    arm: str
    units: int
    moments: Mapping[str, Moments]
    capped: Mapping[str, Moments] = field(default_factory=dict)
    day: date | None = None
    segment: tuple[str, str | None] | None = None


@dataclass(frozen=True)
class Observed:
    """An experiment's counts and moments. `caps` are the values at which winsorised metrics are cut."""

    metrics: tuple[Metric, ...]
    cells: tuple[Cell, ...]
    intake: Intake
    caps: Mapping[str, float] = field(default_factory=dict)

    def metric(self, name: str) -> Metric:
        return next(metric for metric in self.metrics if metric.name == name)

    @cached_property
    def arms(self) -> tuple[str, ...]:
        return tuple(sorted({cell.arm for cell in self.cells}))

    @cached_property
    def units(self) -> Mapping[str, int]:
        """Units per arm."""
        return {arm: sum(cell.units for cell in self._whole if cell.arm == arm) for arm in self.arms}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which units were seen, in order; none where the source has no dates."""
        return tuple(sorted({cell.day for cell in self._whole if cell.day}))

    @cached_property
    def units_by_day(self) -> Mapping[date, Mapping[str, int]]:
        found: dict[date, dict[str, int]] = {day: dict.fromkeys(self.arms, 0) for day in self.days}
        for cell in self._whole:
            if cell.day:
                found[cell.day][cell.arm] += cell.units
        return found

    def moments(self, name: str) -> dict[str, Moments]:
        """A metric's moments per arm."""
        return {arm: merged(cell.moments[name] for cell in self._whole if cell.arm == arm) for arm in self.arms}

    def capped(self, name: str) -> dict[str, Moments]:
        """The same of the winsorised metric; none where it has not been asked for."""
        cells = [cell for cell in self._whole if name in cell.capped]
        return {arm: merged(cell.capped[name] for cell in cells if cell.arm == arm) for arm in self.arms if cells}

    def by_day(self, name: str) -> dict[date, dict[str, Moments]]:
        found: dict[date, dict[str, Moments]] = {day: {} for day in self.days}
        for cell in self._whole:
            if cell.day:
                found[cell.day][cell.arm] = cell.moments[name]
        return found

    def by_segment(self, name: str, dimension: str) -> dict[str | None, dict[str, Moments]]:
        """A metric's moments per value of a dimension and arm, the largest value first."""
        found: dict[str | None, dict[str, Moments]] = {}
        for cell in self.cells:
            if cell.segment and cell.segment[0] == dimension:
                found.setdefault(cell.segment[1], {})[cell.arm] = cell.moments[name]
        return dict(sorted(found.items(), key=lambda one: -sum(arm.n for arm in one[1].values())))

    @cached_property
    def _whole(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.segment is None)
