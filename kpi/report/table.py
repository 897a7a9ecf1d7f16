"""The table of a sheet: columns with their totals → rows, the rows above them, and widths that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.report.kinds import shown
from kpi.report.report import Report
from kpi.report.sheet import Cell, Row

HEADER = 4
FIRST = HEADER + 1
_NARROWEST, _WIDEST = 11.0, 44.0
# How much wider a letter of the title is than one of the table.
_TITLE_LETTER = 1.7
# A narrow table has an empty column beside it, so that the notes under it have room.
_LEAST_IN_VIEW = 120.0


@dataclass(frozen=True)
class Column:
    """A column of the table: its title, a cell a row, and the cell of the total."""

    title: str
    cells: Sequence[Cell | None]
    total: Cell | None = None
    is_number: bool = True


def table_head(report: Report, title: str, keys: int, in_view: int, link: Cell | None = None) -> tuple[Row, Row, Row]:
    """The rows above the header: title and subtitle, how to find the measures, and over them what they are.

    The text begins beside the columns that stay in view, so that it scrolls and prints with the table.
    """
    w, gap = report.words, [None] * (keys - 1)
    hint = w.t("Every KPI is a formula over the measures on the right; the plus sign above them unfolds them.")
    padding = [None] * (in_view - keys)
    over_measures = Cell(w.t("Measures behind the numbers"), look="label")
    return (
        Row((Cell(title, look="title"), *gap, Cell(report.subtitle, look="subtitle")), height=27),
        Row((None, *gap, Cell(hint, look="note"), *padding, over_measures), height=18),
        Row((None, *gap, link), height=18),
    )


def table_rows(columns: Sequence[Column], total_row: int) -> list[Row]:
    """Header, body and total of a table."""
    header = Row(tuple(_header(column) for column in columns), height=44)
    count = total_row - FIRST
    padded = [[*column.cells, *[None] * (count - len(column.cells))] for column in columns]
    body = [Row(cells) for cells in zip(*padded, strict=True)]
    total = [Row(tuple(column.total for column in columns), height=18)] if count else []
    return [header, *body, *total]


def table_widths(report: Report, title: str, columns: Sequence[Column]) -> tuple[float, ...]:
    """Widths that fit what the cells show; the first column holds the sheet's title too."""
    widths = [_width(report, column) for column in columns]
    widths[0] = max(widths[0], len(title) * _TITLE_LETTER + 2)
    gap = next((place for place, column in enumerate(columns) if not column.title), None)
    if gap is not None:
        widths[gap] = max(widths[gap], _LEAST_IN_VIEW - sum(widths[:gap]))
    return tuple(widths)


def _header(column: Column) -> Cell | None:
    return Cell(column.title, look="header_number" if column.is_number else "header") if column.title else None


def _width(report: Report, column: Column) -> float:
    if not column.title:
        return 3.0
    longest = max((len(shown(cell, report.words)) for cell in (*column.cells, column.total)), default=0)
    title = max(map(len, column.title.split())) if column.is_number else len(column.title)
    lines = len(column.title) / 2.6 + 3
    return min(max(longest + 3.0, title + 3.0, lines, _NARROWEST), _WIDEST)
