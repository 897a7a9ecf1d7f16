"""Where the cells of a block of a sheet's XML stand, found by comparing bytes: no object for a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kpi.ingest.sheetxml import NotPlain

Places = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_PAD = bytes(64)
_WORD = 8
_LETTERS, _DIGITS = 3, 7


class Bytes:
    """A block as bytes and, at each of them, as the word of eight bytes that begins there."""

    def __init__(self, block: bytes) -> None:
        self.raw, self.size = block + _PAD, len(block)
        self.at: np.ndarray[Any, np.dtype[np.uint8]] = np.frombuffer(self.raw, np.uint8)
        self._words: np.ndarray[Any, np.dtype[np.uint64]] = np.ndarray(
            (len(self.raw) - _WORD + 1,), "<u8", self.raw, strides=(1,)
        )

    def has(self, text: bytes, places: Places) -> Flags:
        """Whether the text stands at each of the places."""
        found = np.ones(len(places), np.bool_)
        for start in range(0, len(text), _WORD):
            piece = text[start : start + _WORD]
            word, mask = (int.from_bytes(it, "little") for it in (piece, b"\xff" * len(piece)))
            found &= (self._words[places + start] & np.uint64(mask)) == np.uint64(word)
        return found

    def where(self, text: bytes) -> Places:
        """The places of a text of up to four characters."""
        end = self.size - len(text) + 1
        found = self.at[:end] == text[0]
        for i, letter in enumerate(text[1:], start=1):
            found &= self.at[i : end + i] == letter
        return np.flatnonzero(found)


@dataclass(frozen=True)
class Cells:
    """Cells in their order: from `start`; their attributes but for the name from `rest`; all before `end`."""

    block: Bytes
    row: Places
    column: Places
    start: Places
    rest: Places
    end: Places
    row_tags: int

    def __len__(self) -> int:
        return len(self.start)


def cells_in(block: bytes) -> Cells:
    """Raises: NotPlain: a cell has no name, or the name is not its first attribute."""
    held = Bytes(block)
    start = held.where(b"<c")
    start = start[held.at[start + 2] < ord("?")]
    if not len(start) or not held.has(b' r="', start + 2).all():
        raise NotPlain
    row, column, rest = _named(held, start + 6)
    row_ends = held.where(b"</ro")
    return Cells(held, row, column, start, rest, _ends(held, start, row_ends), len(row_ends) + len(held.where(b"<ro")))


def _named(held: Bytes, place: Places) -> tuple[Places, Places, Places]:
    """Row and column of each cell's name, and the place behind it."""
    row, column = np.zeros_like(place), np.zeros_like(place)
    for _ in range(_LETTERS):
        letter = held.at[place].astype(np.int64) - ord("A") + 1
        is_one = (letter >= 1) & (letter <= 26)
        if not is_one.any():
            break
        column = np.where(is_one, column * 26 + letter, column)
        place = place + is_one
    for _ in range(_DIGITS):
        digit = held.at[place].astype(np.int64) - ord("0")
        is_one = (digit >= 0) & (digit <= 9)
        if not is_one.any():
            break
        row = np.where(is_one, row * 10 + digit, row)
        place = place + is_one
    if (held.at[place] != ord('"')).any() or not row.all() or not column.all():
        raise NotPlain
    return row, column, place + 1


def _ends(held: Bytes, start: Places, row_ends: Places) -> Places:
    """A cell ends where the next one begins, or its row ends."""
    end = np.append(start[1:], held.size)
    last = np.searchsorted(start, row_ends) - 1
    is_first = np.append(True, last[1:] != last[:-1]) & (last >= 0)
    end[last[is_first]] = row_ends[is_first]
    return end
