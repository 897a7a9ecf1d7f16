"""From the lines of a file to its tables: preamble, header row, data rows, and where the next table begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kpi.ingest.bounds import LONGEST_LABEL, WIDEST_TABLE, wide_table
from kpi.ingest.dialect import Record
from kpi.ingest.labels import normalised
from kpi.ingest.preamble import Preamble, preamble
from kpi.ingest.rowbuffer import Row, RowBuffer
from kpi.ingest.totals import is_total_label

_HEAD = 60
_VALUE = re.compile(r"^[-−+(]?[.,\s\u00a0]*\d[\d.,:\s\u00a0]*[%)]?$|^\d{4}-\d\d-\d\d")
# "Report Start: 03/01/2026, Report End: 03/31/2026" is cut in two where nobody quoted it.
_STATEMENT = re.compile(r"^[^\W\d][^:]{2,40}:\s+\S*\d")
_EMPTY_REPORT = frozenset({"no data available", "brak dostępnych danych", "brak danych", "no data"})
KnownLabels = Callable[[tuple[str, ...]], int]


@dataclass
class Section:
    """One table: its header, its rows, and the rows that do not have the header's width (`misfits`).

    `staged_columns`: the positions of the columns that the staged table has.
    `has_typed_cells`: a sheet, whose numbers and dates are already unambiguous text. `is_card`: its one row was written
    as lines of a name and a value. `name`: the file's, as the person knows it.
    """

    header: tuple[str, ...]
    header_row: int
    preamble: Preamble
    rows: RowBuffer
    misfits: list[Record] = field(default_factory=list)
    misfit_count: int = 0
    is_empty_report: bool = False
    delimiter: str | None = None
    has_typed_cells: bool = False
    path: tuple[str, ...] = ()
    staged_columns: Sequence[int] = ()
    is_card: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        self.staged_columns = self.staged_columns or range(len(self.header))

    @property
    def read(self) -> int:
        return len(self.rows) + self.misfit_count

    def add(self, row_no: int, cells: tuple[str, ...], shown: int = 1_000) -> None:
        """Keep the row, or keep it apart as a misfit when its cells cannot be matched with the header."""
        row = self._fitted(row_no, cells)
        if row is not None:
            self.rows.append(row)
        elif self.rows or normalised(cells[0]).rstrip(".") not in _EMPTY_REPORT:
            self.misfit_count += 1
            if len(self.misfits) < shown:
                self.misfits.append((row_no, cells))
        else:
            self.is_empty_report = True

    def _fitted(self, row_no: int, cells: tuple[str, ...]) -> Row | None:
        width = len(self.header)
        kept, extra = cells[:width], [cell for cell in cells[width:] if cell.strip()]
        if len(kept) < width:
            label = next((cell for cell in cells if cell.strip()), "")
            return (row_no, "", *kept, *[""] * (width - len(kept))) if is_total_label(label) else None
        if not extra:
            return (row_no, "", *kept)
        return (row_no, extra[0], *kept) if len(extra) == 1 and is_total_label(extra[0]) else None


def split(lines: Iterable[Record], known: KnownLabels, new_rows: Callable[[int], RowBuffer]) -> Iterator[Section]:
    """The tables in their order. `known` counts the cells of a row that are labels of known formats."""
    return _Splitter(known, new_rows).sections(lines)


class _Splitter:
    def __init__(self, known: KnownLabels, new_rows: Callable[[int], RowBuffer]) -> None:
        self._known, self._new_rows = known, new_rows
        self._pending: list[Record] = []
        self._above: list[str] = []
        self._left: list[Record] = []
        self._current: Section | None = None
        self._finished: list[Section] = []
        self._is_collecting = True

    def sections(self, lines: Iterable[Record]) -> Iterator[Section]:
        for row_no, cells in lines:
            if not any(cell.strip() for cell in cells):
                self._resolve()
                self._is_collecting = True
            elif self._is_collecting:
                self._pending.append((row_no, cells))
                if len(self._pending) >= _HEAD:
                    self._resolve()
            else:
                self._add(row_no, cells)
            yield from self._take_finished()
        self._resolve()
        self._add_leftovers()
        yield from self._take_finished()
        if self._current is not None:
            yield self._current

    def _take_finished(self) -> list[Section]:
        finished, self._finished = self._finished, []
        return finished

    def _resolve(self) -> None:
        """Decide what the collected lines are: a new table, more rows of the last one, or lines above the next."""
        block, self._pending = self._pending, []
        if not block:
            return
        position = _header_position(block, self._known, self._current)
        if position is not None:
            self._above += [_line(cells) for _, cells in block[:position]]
            self._begin(*block[position])
            for row_no, cells in block[position + 1 :]:
                self._add(row_no, cells)
        elif self._current is not None and any(len(cells) == len(self._current.header) for _, cells in block):
            self._is_collecting = False
            for row_no, cells in block:
                self._add(row_no, cells)
        else:
            self._above += [_line(cells) for _, cells in block]
            # A single value below comments of its own is a block of the report, like those between two tables.
            is_own = _is_comment(block[0][1]) and len(block[-1][1]) == 1
            self._left = block if self._current is not None and not is_own else []

    def _begin(self, row_no: int, cells: tuple[str, ...]) -> None:
        inherited = None
        if self._current is not None:
            inherited = self._current.preamble
            self._finished.append(self._current)
        header = _without_blank_tail(cells)
        if len(header) > WIDEST_TABLE:
            raise wide_table(len(header))
        self._current = Section(header, row_no, preamble(self._above, inherited), self._new_rows(len(header)))
        self._above, self._left, self._is_collecting = [], [], False

    def _add(self, row_no: int, cells: tuple[str, ...]) -> None:
        section = self._current
        assert section is not None
        if cells[0] == section.header[0] and self._is_header(cells, section):
            if _without_blank_tail(cells) != section.header:
                self._begin(row_no, cells)
            return
        if not (len(cells) == 1 and _is_comment(cells)):
            section.add(row_no, cells)

    def _is_header(self, cells: tuple[str, ...], section: Section) -> bool:
        return _without_blank_tail(cells) == section.header or (_is_texts(cells) and self._known(cells) >= 2)

    def _add_leftovers(self) -> None:
        """Lines after the last table that lead to no other one are damaged rows of it, not a preamble."""
        for row_no, cells in self._left:
            self._add(row_no, cells)


def _header_position(block: list[Record], known: KnownLabels, current: Section | None) -> int | None:
    """The row with most known labels; without any, the first row of texts that is no row of the table before."""
    texts = [i for i, (_, cells) in enumerate(block) if _is_texts(cells) and not _is_comment(cells)]
    hits = {i: known(block[i][1]) for i in texts}
    enough = [i for i in texts if hits[i] >= 2 or (hits[i] == 1 and len(_without_blank_tail(block[i][1])) <= 2)]
    if enough:
        return max(enough, key=lambda i: (hits[i], -i))
    widths = Counter(len(cells) for _, cells in block if not _is_comment(cells))
    width, count = max(widths.items(), key=lambda it: (it[1], it[0]), default=(0, 0))
    named = [i for i in texts if not _STATEMENT.match(block[i][1][0])]
    first = next((i for i in named if len(block[i][1]) == width >= 2 and len(set(block[i][1])) == width), None)
    if first is None or current is None or any(_is_comment(cells) for _, cells in block[:first]):
        return first
    if width != len(current.header):
        return first if count >= 2 else None
    return first if _stands_over_numbers(block[first][1], current) else None


def _stands_over_numbers(cells: tuple[str, ...], current: Section) -> bool:
    """Whether a text stands in a column that has held numbers only."""
    filled = [[cell for cell in column if cell.strip()] for column in zip(*current.rows.sample, strict=True)]
    return any(
        cell.strip() and column and all(_VALUE.match(it.strip()) for it in column)
        for cell, column in zip(cells, filled, strict=False)
    )


def _is_comment(cells: tuple[str, ...]) -> bool:
    return cells[0].startswith(("# ", "#\t")) or (len(cells) == 1 and cells[0].startswith("#"))


def _is_texts(cells: tuple[str, ...]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and not any(len(cell) > LONGEST_LABEL or _VALUE.match(cell) for cell in filled)


def _without_blank_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cell.strip("\ufeff") for cell in cells[:end])


def _line(cells: tuple[str, ...]) -> str:
    return ", ".join(cell.strip() for cell in cells if cell.strip())[:LONGEST_LABEL]
