"""Steps: the rows of a metric's workings. Each is typed in, or a formula over the steps above, one cell an arm."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from kpi.report.live import typed_cell
from kpi.report.sheet import Cell, Kind, Row

COUNT, NUMBER = Kind("count"), Kind("number", digits=6)
_FIGURES, _MOST_DIGITS = 5, 12
_NAME = re.compile(r"\{(\w+)(\.c)?\}")
_CONTROL = "B"


@dataclass(frozen=True)
class Step:
    """A row. values: one an arm, the control first; None where there is none · kind: as many decimals as they need, where none is said.

    formula: over {step} of the same arm, {step.c} of the control and {parameter}; None where the values are typed in ·
    is_pair: an arm beside the control, whose own cell stays empty.
    """

    key: str
    label: str
    formula: str | None
    values: tuple[float | None, ...]
    kind: Kind | None = None
    is_pair: bool = False


@dataclass(frozen=True)
class Parameter:
    """One value for all arms, typed in or a formula over the parameters before it."""

    key: str
    label: str
    value: float
    formula: str | None = None
    kind: Kind = NUMBER


@dataclass
class Places:
    """Where each step and parameter stands. `names`: other names of steps, such as `value` of `mean_y`."""

    names: Mapping[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)

    def cell(self, key: str, letter: str) -> str:
        return self.parameters.get(key) or f"{letter}{self.rows[self.names.get(key, key)]}"

    def formula(self, template: str, letter: str) -> str:
        """The template with its names as cells, for the arm in this column."""
        return _NAME.sub(lambda found: self.cell(found[1], f"${_CONTROL}$" if found[2] else letter), template)


def arm_letter(place: int) -> str:
    """The column of an arm: the control's is B."""
    return get_column_letter(place + 2)


def parameter_rows(parameters: Sequence[Parameter], places: Places, first: int) -> list[Row]:
    rows = []
    for number, one in enumerate(parameters, first):
        formula = places.formula(one.formula, _CONTROL) if one.formula else None
        value = Cell(one.value, one.kind, "body", formula) if formula else typed_cell(one.value, one.kind)
        rows.append(Row((Cell(one.label, look="key"), value)))
        places.parameters[one.key] = f"$B${number}"
    return rows


def step_rows(steps: Sequence[Step], places: Places, first: int) -> list[Row]:
    """The rows, in order, so that every formula looks up."""
    rows = []
    for number, step in enumerate(steps, first):
        places.rows[step.key] = number
        cells = [_cell(step, place, places) for place in range(len(step.values))]
        rows.append(Row((Cell(step.label, look="key"), *cells)))
    return rows


def _cell(step: Step, place: int, places: Places) -> Cell | None:
    value, kind = step.values[place], step.kind or _kind(step.values)
    if step.is_pair and place == 0:
        return None
    if value is None or step.formula is None:
        return typed_cell(value, kind)
    return Cell(value, kind, "body", places.formula(step.formula, arm_letter(place)))


def _kind(values: Sequence[float | None]) -> Kind:
    """A number with as many decimals as the smallest value needs for five figures, within reason."""
    smallest = min((abs(value) for value in values if value), default=1.0)
    return Kind("number", digits=min(_MOST_DIGITS, max(2, _FIGURES - 1 - math.floor(math.log10(smallest)))))
