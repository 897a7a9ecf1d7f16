"""How many records a CSV file has, counted apart from any CSV reader: line ends outside quotation marks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

_BLOCK = 16 << 20
_QUOTE, _NEWLINE, _RETURN = 34, 10, 13
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RecordCount:
    """records: how many · shifts: pairs of a record's number (from 0) and the physical lines that earlier records took
    beyond one each, wherever that number grows · has_blank: an empty line stands between records."""

    records: int
    shifts: tuple[tuple[int, int], ...]
    has_blank: bool


def record_count(path: Path, skip_lines: int, *, is_quoted: bool) -> RecordCount:
    """Count the records below the first `skip_lines` lines; empty lines at the end do not count."""
    with path.open("rb") as file:
        for _ in range(skip_lines):
            file.readline()
        counter = _Counter(is_quoted, file.tell())
        left = _content_end(path) - file.tell()
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            counter.add(block)
            left -= len(block)
    return counter.result()


def _content_end(path: Path) -> int:
    """Where the last byte that is no line end stands."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while size:
            start = max(0, size - 65_536)
            file.seek(start)
            tail = file.read(size - start).rstrip(b"\r\n")
            if tail:
                return start + len(tail)
            size = start
    return 0


class _Counter:
    def __init__(self, is_quoted: bool, start: int) -> None:
        self._is_quoted, self._offset = is_quoted, start
        self._quotes = self._lines = self._records = self._last_end = 0
        self._last_end = start - 1
        self._shifts: list[tuple[int, int]] = []
        self._has_blank = self._has_content = False

    def add(self, block: bytes) -> None:
        data = np.frombuffer(block, np.uint8)
        newlines: Positions = np.flatnonzero(data == _NEWLINE)
        is_end = np.ones(len(newlines), bool)
        if self._is_quoted and (self._quotes or b'"' in block):
            quotes: Positions = np.flatnonzero(data == _QUOTE)
            is_end = (np.searchsorted(quotes, newlines) + self._quotes) % 2 == 0
            self._quotes = (self._quotes + len(quotes)) % 2
        ends = newlines[is_end]
        self._note_blank(data, ends)
        if not is_end.all() or self._shifts or self._lines != self._records:
            self._note_shifts(np.flatnonzero(is_end))
        self._lines += len(newlines)
        self._records += len(ends)
        self._offset += len(block)
        self._has_content = True

    def result(self) -> RecordCount:
        # The last record ends with the content, not with a line end.
        return RecordCount(self._records + self._has_content, tuple(self._shifts), self._has_blank)

    def _note_blank(self, data: npt.NDArray[np.uint8], ends: Positions) -> None:
        gaps = np.diff(ends + self._offset, prepend=self._last_end)
        before = data[np.maximum(ends - 1, 0)]
        self._has_blank |= bool(((gaps == 1) | ((gaps == 2) & (before == _RETURN))).any())
        if len(ends):
            self._last_end = int(ends[-1]) + self._offset

    def _note_shifts(self, positions: Positions) -> None:
        """`positions` are the record ends among all line ends of the block."""
        shift = self._shifts[-1][1] if self._shifts else 0
        extra = positions + self._lines - (np.arange(len(positions)) + self._records)
        for index in np.flatnonzero(np.diff(extra, prepend=shift)):
            self._shifts.append((self._records + int(index) + 1, int(extra[index])))
