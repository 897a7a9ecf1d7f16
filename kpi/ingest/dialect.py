"""How a text file separates its cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from kpi.ingest.bounds import LONGEST_LINE, OutOfBounds, long_line

csv.field_size_limit(LONGEST_LINE)
_CANDIDATES = ((",", True), (";", True), ("\t", True), ("\t", False), ("|", True))
Record = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Dialect:
    """`is_quoted` is False where quotation marks are plain characters."""

    delimiter: str = ","
    is_quoted: bool = True


def records(file: IO[str], dialect: Dialect) -> Iterator[Record]:
    """Every line's cells with the number of the physical line it begins at; blank lines are empty tuples.

    Raises: OutOfBounds: a line without end · csv.Error: a quotation mark that is never closed.
    """
    lines = _lines(file)
    if dialect.is_quoted:
        rows = csv.reader(lines, delimiter=dialect.delimiter)
    else:
        rows = csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
    line_no = 1
    for cells in rows:
        yield line_no, tuple(cells)
        line_no = rows.line_num + 1


def dialect_of(sample: str, known_labels: Callable[[tuple[str, ...]], int]) -> Dialect:
    """The dialect with most known labels in one row, then most rows of equal width.

    A `sep=` line does not overrule what the rows show: it is often left over from another program.
    """
    return max((Dialect(*candidate) for candidate in _CANDIDATES), key=lambda it: _score(sample, it, known_labels))


def _lines(file: IO[str]) -> Iterator[str]:
    line_no = 1
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise long_line(line_no)
        yield line
        line_no += 1


def _score(sample: str, dialect: Dialect, known_labels: Callable[[tuple[str, ...]], int]) -> tuple[int, int, int]:
    try:
        rows = [cells for _, cells in records(io.StringIO(sample, newline=""), dialect) if len(cells) > 1]
    except (csv.Error, OutOfBounds):
        return -1, 0, 0
    if not rows:
        return 0, 0, 0
    width, count = Counter(len(cells) for cells in rows).most_common(1)[0]
    return max(known_labels(cells) for cells in rows[:60]), count, width
