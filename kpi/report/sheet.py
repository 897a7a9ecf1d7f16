"""A sheet as values: what its cells hold and how they look, before any file. Workbook and preview are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Value = str | float | date | None
Written = Literal[
    "text", "money", "count", "number", "percent", "ratio", "duration", "change", "points", "day", "week", "month",
    "quarter", "year",
]  # fmt: skip
Look = Literal[
    "body", "title", "subtitle", "label", "line", "header", "header_number", "area", "key", "typed", "total", "note",
    "card", "card_value", "prose", "code", "definition", "link", "faint", "quiet",
    "header_line", "meta",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """How a number is written. A percentage is a fraction; "points" are percentage points, 100 times a fraction.
    `is_signed`: with a plus where it is more."""

    written: Written = "text"
    currency: str | None = None
    digits: int = 0
    is_signed: bool = False


TEXT = Kind()


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, or a formula with the value that it has now. A str value is text, whatever it begins with.

    `target`: where a click leads, a web address or `'Sheet'!A1`.
    """

    value: Value
    kind: Kind = TEXT
    look: Look = "body"
    formula: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells; a folded row stands behind the plus sign of the row above."""

    cells: tuple[Cell | None, ...] = ()
    height: float | None = None
    is_folded: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the chart: a column of the sheet by its number, its name and the values that it has now."""

    column: int
    name: str
    values: tuple[float | None, ...]
    is_compared: bool = False


@dataclass(frozen=True)
class Chart:
    """A line chart of the rows `first` to `last`; `anchor` is the row of its upper edge."""

    title: str
    kind: Kind
    days_kind: Kind
    days: tuple[date, ...]
    first: int
    last: int
    lines: tuple[Line, ...]
    anchor: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. Rows and columns are numbered from 1, as in a spreadsheet.

    `header`: the row of the column titles, which print repeats. `body`: the first and last row of the table, last <
        first where it is empty. `still`: the columns that stay in view; with `is_frozen` the header stays too.
    `folded`: the columns behind the plus sign. `printed`: the last row on paper, all where
        None. `verdicts`: the column with better or worse.
    """

    name: str
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    header: int
    body: tuple[int, int]
    still: int = 1
    is_frozen: bool = True
    has_filter: bool = False
    folded: tuple[int, int] | None = None
    printed: int | None = None
    verdicts: int | None = None
    chart: Chart | None = None

    @property
    def columns(self) -> int:
        """How many columns of the table are in view."""
        return self.folded[0] - 2 if self.folded else len(self.widths)

    def table(self, count: int) -> Iterator[tuple[Cell | None, ...]]:
        """The header and the first rows of the table, in view."""
        first, last = self.body
        for number in (self.header, *range(first, min(last, first + count - 1) + 1)):
            cells = self.rows[number - 1].cells[: self.columns]
            yield cells + (None,) * (self.columns - len(cells))
