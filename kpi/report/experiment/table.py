"""The table of comparisons: each number points at its metric's sheet; p-values are adjusted here, in live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kpi.experiment import Comparison, Metric
from kpi.report.experiment.tested import Block, Tested, kind_of_metric
from kpi.report.experiment.workings import Workings
from kpi.report.live import typed_cell
from kpi.report.sheet import Cell, Kind, Row
from kpi.report.summary import verdict_words

Family = Literal["holm", "benjamini_hochberg"]
WIDTHS = (38.0, 18.0, 14.0, 16.0, 14.0, 14.0, 14.0, 14.0, 13.0, 13.0, 13.0, 13.0, 13.0, 14.0, 20.0)
VERDICTS = 15
_P = Kind("number", digits=5)
_UNITS = Kind("count")
# A formula has at most 255 arguments and 8,192 letters; beyond so many comparisons the adjusted p-value is typed in.
_MOST_LIVE = 200


@dataclass(frozen=True)
class Line:
    """One comparison, and the workings that it points at."""

    block: Block
    workings: Workings
    comparison: Comparison
    name: str

    @property
    def is_known(self) -> bool:
        return self.comparison.estimate is not None


def header(tested: Tested) -> Row:
    w = tested.words
    texts = (w.t("Metric"), w.t("Variant"))
    numbers = (
        w.t("Units"), w.t("The control's value"), w.t("Value"), w.t("Difference"), w.t("Difference from"), w.t("Difference to"), w.t("Relative change"),
        w.t("Relative from"), w.t("Relative to"), w.t("p-value"), w.t("p × step"), w.t("Adjusted p-value"),
    )  # fmt: skip
    cells = [*(Cell(text, look="header") for text in texts), *(Cell(text, look="header_number") for text in numbers)]
    return Row((*cells, Cell(w.t("Better or worse"), look="header_line")), height=32)


def table_rows(tested: Tested, lines: Sequence[Line], first: int, family: Family) -> list[Row]:
    """The rows from row number `first` on; p-values are adjusted over all of them together."""
    rows = [number for number, line in enumerate(lines, first) if line.is_known]
    return [_row(tested, line, number, rows, family) for number, line in enumerate(lines, first)]


def _row(tested: Tested, line: Line, number: int, rows: Sequence[int], family: Family) -> Row:
    arm, metric = line.comparison.arm, line.block.metric
    head = [Cell(line.name, look="key"), Cell(arm, look="key")]
    units = Cell(float(line.block.moments[arm].n), _UNITS, "body", f"={line.workings.cell('n', arm)}")
    if not line.is_known:
        return Row((*head, units, *(typed_cell(None, _P, "body") for _ in range(11)), Cell("", look="line")))
    kind, control = kind_of_metric(metric), line.comparison.control
    values = (
        Cell(line.comparison.control_value, kind, "body", f"={line.workings.cell('value', control)}"),
        Cell(line.comparison.value, kind, "card_value", f"={line.workings.cell('value', arm)}"),
    )
    return Row((*head, units, *values, *_effect_cells(line), *_p_cells(tested, line, number, rows, family)))


def _effect_cells(line: Line) -> list[Cell]:
    """Difference and its ends, in points for a rate; relative change and its ends, a dash where there is none."""
    one, arm, cell = line.comparison, line.comparison.arm, line.workings.cell
    assert one.estimate
    kind, scale = difference_kind(line.block.metric)
    pointer = "=100*{}" if scale == 100 else "={}"
    differences = {"difference": one.estimate.difference, "low": one.estimate.low, "high": one.estimate.high}
    ends = one.lift_interval or (None, None)
    found = [Cell(value * scale, kind, "body", pointer.format(cell(key, arm))) for key, value in differences.items()]
    for key, value in (("lift", one.lift), ("lift_low", ends[0]), ("lift_high", ends[1])):
        change = Kind("change", digits=1)
        found.append(
            typed_cell(None, change, "body") if value is None else Cell(value, change, "body", f"={cell(key, arm)}")
        )
    return found


def _p_cells(tested: Tested, line: Line, number: int, rows: Sequence[int], family: Family) -> list[Cell]:
    one = line.comparison
    assert one.estimate
    every, p = f"$L${rows[0]}:$L${rows[-1]}", f"L{number}"
    if family == "holm":
        step = f"={p}*(COUNT({every})-RANK({p},{every},1)+1)"
        adjusted = f"=MIN(1,MAX({','.join(f'IF(L{row}<={p},M{row},0)' for row in rows)}))"
    else:
        step = f"={p}*COUNT({every})/(COUNT({every})-RANK({p},{every},0)+1)"
        adjusted = f"=MIN(1,{','.join(f'IF(L{row}>={p},M{row},1)' for row in rows)})"
    return [
        Cell(one.estimate.p, _P, "body", f"={line.workings.cell('p', one.arm)}"),
        Cell(_step(one, tested, line, family), _P, "faint", step),
        typed_cell(one.p_adjusted, _P) if len(rows) > _MOST_LIVE else Cell(one.p_adjusted, _P, "body", adjusted),
        _word(tested, line, number),
    ]


def _step(one: Comparison, tested: Tested, line: Line, family: Family) -> float:
    """p × how many comparisons are left at its rank, before the running maximum (Holm) or minimum."""
    together = line.block.comparisons if family == "holm" else tested.secondary
    values = [other.estimate.p for other in together if other.estimate]
    assert one.estimate
    p = one.estimate.p
    if family == "holm":
        return p * (len(values) - sum(value < p for value in values))
    return p * len(values) / sum(value <= p for value in values)


def _word(tested: Tested, line: Line, number: int) -> Cell:
    """Better or worse where the adjusted p-value says that there is a difference."""
    one = line.comparison
    better, worse, undecided, _ = verdict_words(tested.words)
    assert one.estimate
    assert one.p_adjusted is not None
    up, down = (better, worse) if line.block.metric.is_higher_better else (worse, better)
    is_found = one.p_adjusted <= tested.plan.alpha
    word = undecided if not is_found else up if one.estimate.difference > 0 else down
    found = f'IF(F{number}>0,"{up}","{down}")'
    return Cell(word, look="line", formula=f'=IF(N{number}<={line.workings.parameter("alpha")},{found},"{undecided}")')


def difference_kind(metric: Metric) -> tuple[Kind, int]:
    """How a difference of the metric is written, and what it is multiplied by: rates differ in percentage points."""
    if metric.unit == "percent":
        return Kind("points", digits=2), 100
    return replace(kind_of_metric(metric), is_signed=True), 1
