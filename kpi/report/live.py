"""Live cells: a KPI as a formula over the cells of its measures, beside the value that it has now."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kpi.formula import Formula
from kpi.report.kinds import DASH
from kpi.report.sheet import Cell, Kind, Look

ROW = "\0"


def live(formula: Formula, cells: Mapping[str, str]) -> str:
    """The formula over cells; without a value wherever one of its measures has none (a dash is no number)."""
    text = formula.excel(cells)
    return text if len(formula.names) == 1 or text.startswith("=IFERROR(") else f'=IFERROR({text[1:]},"")'


def nothing(formula: str) -> str:
    """What a formula of `live` gives without a value: an empty text, or the dash that it points at."""
    return "" if formula.startswith("=IFERROR(") else DASH


def agrees(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same but for the rounding of the last digits."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def kpi_cell(
    formula: Formula,
    cells: Mapping[str, str],
    measures: Mapping[str, float | None],
    value: float | None,
    kind: Kind,
    look: Look,
) -> Cell:
    """A live cell where the measures give the answer's value, else the answer's value itself."""
    if not agrees(formula.value(measures), value):
        return Cell(DASH if value is None else value, kind, look)
    text = live(formula, cells)
    return Cell(nothing(text) if value is None else value, kind, look, formula=text)


def typed_cell(value: float | None, kind: Kind, look: Look = "typed") -> Cell:
    """A value that stands as it is; none is a dash, because an empty cell would count as zero."""
    return Cell(DASH if value is None else value, kind, look)
