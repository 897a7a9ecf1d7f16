"""What each cell of a block of a sheet's XML holds, by how it is written.

A way of writing is what stands between a cell's name and its value. What it means is asked of the reader by cell, once.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import numpy as np

from kpi.ingest.sheetcells import Cells, Flags, Places
from kpi.ingest.sheetxml import NotPlain, SheetXml

_WRITING = re.compile(rb"[^<>]*/>|[^<>]*>(?:<is><t>|<is><t |<is><r|<v>|</c>|<..)?")
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_FORMULA_TEXT = re.compile(rb"\st\s*=\s*[\"']str[\"']")
_TYPED = re.compile(rb"\st\s*=\s*[\"'](?!n[\"'])")
_VALUE_END, _TEXT_END = b"</v></c>", b"</t></is></c>"
_MOST_WRITINGS = 200
_SPACE = 32
# The first bytes of the spaces beyond ASCII, which the reader by cell may cut off, and how far they stand before the end.
_WIDE_SPACES = ((0xC2, 2), (0xE1, 3), (0xE2, 3), (0xE3, 3))


class Kind(IntEnum):
    """`OTHER`: to be read by cell."""

    OTHER = 0
    EMPTY = 1
    TEXT = 2
    SHARED = 3
    NUMBER = 4
    DAY = 5


@dataclass(frozen=True)
class Sorted:
    """Of each cell its kind, and where the text of its value begins and ends."""

    kind: np.ndarray[Any, np.dtype[np.int8]]
    begin: Places
    end: Places


@dataclass(frozen=True)
class _Writing:
    kind: Kind
    ending: bytes
    tags: int


class Kinds:
    """The ways of writing of one sheet, as they come."""

    def __init__(self, xml: SheetXml) -> None:
        self._xml = xml
        self._known: dict[bytes, _Writing] = {}

    def of(self, cells: Cells) -> Sorted:
        """Raises: NotPlain: there is more in the block than rows and cells."""
        found = Sorted(np.zeros(len(cells), np.int8), cells.rest.copy(), cells.rest.copy())
        tags, todo, writings = 0, np.arange(len(cells)), 0
        while len(todo):
            writings += 1
            match = _WRITING.match(cells.block.raw, int(cells.rest[todo[0]]))
            if match is None or writings > _MOST_WRITINGS:
                raise NotPlain
            written = self._writing(match.group())
            is_hit = cells.block.has(match.group(), cells.rest[todo])
            hits, todo = todo[is_hit], todo[~is_hit]
            hits = hits[_is_ended(cells, hits, len(match.group()), written)]
            tags += len(hits) * written.tags
            found.kind[hits] = written.kind
            if written.kind > Kind.EMPTY:
                found.begin[hits] = cells.rest[hits] + len(match.group())
                found.end[hits] = cells.end[hits] - len(written.ending)
        others = np.flatnonzero(found.kind == Kind.OTHER)
        tags += sum(cells.block.raw.count(b"<", cells.start[i], cells.end[i]) for i in others)
        if tags + cells.row_tags != cells.block.raw.count(b"<"):
            raise NotPlain
        _set_aside(cells, found)
        return found

    def _writing(self, opening: bytes) -> _Writing:
        if opening not in self._known:
            kind, ending = self._meaning(opening)
            self._known[opening] = _Writing(kind, ending, 1 + opening.count(b"<") + ending.count(b"<"))
        return self._known[opening]

    def _meaning(self, opening: bytes) -> tuple[Kind, bytes]:
        if opening.endswith((b"/>", b"></c>")):
            return (Kind.EMPTY if self._asked(opening) == [] else Kind.OTHER), b""
        if opening.endswith(b"<is><t>"):
            return (Kind.TEXT if self._asked(opening, b"x", _TEXT_END) == [["x"]] else Kind.OTHER), _TEXT_END
        if not opening.endswith(b"<v>"):
            return Kind.OTHER, b""
        if _SHARED.search(opening):
            return Kind.SHARED, _VALUE_END
        answer = self._asked(opening, b"45292.5", _VALUE_END)
        if _TYPED.search(opening):
            is_text = _FORMULA_TEXT.search(opening) and answer == [["45292.5"]]
            return (Kind.TEXT if is_text else Kind.OTHER), _VALUE_END
        kinds = ((45292.5, Kind.NUMBER), (datetime(2024, 1, 1, 12), Kind.DAY))
        return next((kind for value, kind in kinds if answer == [[value]]), Kind.OTHER), _VALUE_END

    def _asked(self, opening: bytes, value: bytes = b"", ending: bytes = b"") -> list[list[Any]] | None:
        """The rows that the reader by cell finds in one such cell, none where it is empty to it."""
        with suppress(NotPlain):
            return self._xml.read(b'<row r="1"><c r="A1"' + opening + value + ending + b"</row>").to_python()
        return None


def _is_ended(cells: Cells, hits: Places, length: int, written: _Writing) -> Flags:
    """Whether nothing else stands between a value's ending and the next cell."""
    begin, end = cells.rest[hits] + length, cells.end[hits] - len(written.ending)
    if written.kind == Kind.OTHER:
        return np.zeros(len(hits), np.bool_)
    if written.kind == Kind.EMPTY:
        return begin == end
    return (begin <= end) & cells.block.has(written.ending, end)


def _set_aside(cells: Cells, found: Sorted) -> None:
    """Cells with characters that stand for others or that may be cut off are read by cell."""
    at, kind = cells.block.at, found.kind
    special = (at == ord("&")) | (at < _SPACE)
    special[:-1] |= (at[:-1] == ord("_")) & (at[1:] == ord("x"))
    places = np.flatnonzero(special[: cells.block.size])
    owner = np.searchsorted(cells.start, places, "right") - 1
    owner = owner[(owner >= 0) & (places < cells.end[owner])]
    kind[owner[kind[owner] != Kind.EMPTY]] = Kind.OTHER
    texts = np.flatnonzero((kind == Kind.TEXT) & (found.begin < found.end))
    begin, end = found.begin[texts], found.end[texts]
    is_edged = (at[begin] == _SPACE) | (at[end - 1] == _SPACE)
    for first, distance in _WIDE_SPACES:
        is_edged |= (at[begin] == first) | (at[end - distance] == first)
    kind[texts[is_edged]] = Kind.OTHER
