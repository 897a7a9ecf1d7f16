"""What is asked of an experiment: a frozen question that fits into an address and into a saved result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

from kpi import experiment as ab
from kpi.errors import BadExperiment
from kpi.wording.message import message

MeasureKind = Literal["proportion", "mean", "ratio"]
Outcomes = Literal["file", "orders"]


@dataclass(frozen=True)
class Measure:
    """One outcome that the person picked, by names of `Column`s.

    empty: what no value means · covariate: the same thing before the test, of a mean or a ratio; of a ratio divided by
    `covariate_denominator` where that is given · winsor_share: values above this quantile are looked at cut, beside the
    raw ones.
    """

    kind: MeasureKind
    column: str
    empty: Literal["zero", "left_out"] = "zero"
    denominator: str | None = None
    covariate: str | None = None
    winsor_share: float | None = None
    is_higher_better: bool = True
    covariate_denominator: str | None = None

    @property
    def name(self) -> str:
        """The name of its metric, unique among the measures that one design may hold."""
        return f"{self.kind}:{self.column}" + (f"/{self.denominator}" if self.denominator else "")


@dataclass(frozen=True)
class Design:
    """The whole question.

    split: planned weight of each arm, equal where empty · units: planned size over all arms · end: last planned day ·
    margin: an acceptable loss of the primary metric · is_adjusted: CUPED decides · factors: (factor, its level in each
    arm, in the order of the arms' names) · outcomes: the file's own columns, or the workspace's orders of the people in
    it · seen, shows: a column that tells what a row's unit was shown, and what belongs to each arm.
    """

    experiment: str
    control: str
    primary: Measure
    others: tuple[Measure, ...] = ()
    segments: tuple[str, ...] = ()
    split: tuple[tuple[str, float], ...] = ()
    units: int | None = None
    end: date | None = None
    margin: float | None = None
    is_adjusted: bool = False
    factors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    outcomes: Outcomes = "file"
    seen: str | None = None
    shows: tuple[tuple[str, str], ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The primary one first, each once."""
        named = {one.name: one for one in (*reversed(self.others), self.primary)}
        rest = {one.name: None for one in self.others if one.name != self.primary.name}
        return (self.primary, *(named[name] for name in rest))

    @property
    def plan(self) -> ab.Plan:
        """Raises: BadExperiment: a size, a weight or the margin is not above zero."""
        return ab.Plan(
            self.control,
            self.primary.name,
            split=dict(self.split),
            units=self.units,
            end=self.end,
            margin=self.margin,
            is_adjusted=self.is_adjusted,
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON's kinds of values only; what is left at its default is not in it."""
        told = {name: value for name, value in asdict(self).items() if value != _DEFAULTS.get(name, _NOTHING)}
        told["primary"] = _told(self.primary)
        if self.others:
            told["others"] = [_told(one) for one in self.others]
        if self.end:
            told["end"] = self.end.isoformat()
        for name in ("split", "factors", "shows"):
            if name in told:
                told[name] = [list(map(_plain, pair)) for pair in told[name]]
        if self.segments:
            told["segments"] = list(self.segments)
        return told

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Design:
        """The design that `as_dict` wrote. Raises: BadExperiment: it is none."""
        try:
            given = {name: told[name] for name in (field.name for field in fields(cls)) if name in told}
            given["primary"] = Measure(**told["primary"])
            given["others"] = tuple(Measure(**one) for one in told.get("others", ()))
            given["segments"] = tuple(map(str, told.get("segments", ())))
            given["end"] = date.fromisoformat(told["end"]) if told.get("end") else None
            given["split"] = tuple((str(arm), float(weight)) for arm, weight in told.get("split", ()))
            given["shows"] = tuple((str(arm), str(value)) for arm, value in told.get("shows", ()))
            given["factors"] = tuple((str(name), tuple(map(str, of))) for name, of in told.get("factors", ()))
            return cls(**given)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadExperiment(
                message("This is no question about a test"),
                message("What was saved or linked cannot be read."),
                message("Open the test anew and choose again."),
            ) from None


_NOTHING = object()
_DEFAULTS = {field.name: field.default for field in fields(Design)}
_MEASURE_DEFAULTS = {field.name: field.default for field in fields(Measure)}


def _told(measure: Measure) -> dict[str, Any]:
    return {name: value for name, value in asdict(measure).items() if value != _MEASURE_DEFAULTS.get(name, _NOTHING)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
