"""The texts of many cells of a sheet, each as the reader by cell gives it, without an object for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi.ingest.cellkinds import Kind, Kinds
from kpi.ingest.celltext import cell_text, number_text
from kpi.ingest.sheetcells import Cells, Flags, Places
from kpi.ingest.sheetxml import NotPlain, SheetXml

# Those that stand in the XML as they are read: few enough digits to mean one number, and no three of them after the point.
_AS_WRITTEN = r"^(?:0|-?[1-9]\d{0,14}|-?[1-9]\d{0,8}\.(?:\d?[1-9]|\d{3,5}[1-9])|-?0\.(?:\d?[1-9]|[1-9]\d{2,13}[1-9]))$"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SERIAL = r"^\d{1,7}(?:\.\d{1,20})?$"
_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 61, 2_958_466
_DAY = 86_400
_TIMES = pa.array([f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(_DAY)])
_SHARED = re.compile(rb"[^>]*\st\s*=\s*[\"']s[\"']")
_BLANK, _LAST_ASCII = 32, 126


@dataclass(frozen=True)
class Texts:
    """Of each cell the position of its text in `values`, below nought without one.

    has_value: there is one, though it may be no text · is_filled: its text is surely more than blanks.
    """

    values: pa.Array
    taken: Places
    has_value: Flags
    is_filled: Flags


class CellTexts:
    """The texts of one sheet's cells, block by block."""

    def __init__(self, xml: SheetXml) -> None:
        self._xml, self._kinds = xml, Kinds(xml)

    def of(self, cells: Cells) -> Texts:
        """Raises: NotPlain."""
        found = self._kinds.of(cells)
        kind, at = found.kind, cells.block.at
        written = _pieces(cells, found.begin, found.end)
        taken = np.where(found.begin < found.end, 2 * np.arange(len(cells)), -1)
        is_filled = (taken >= 0) & (at[found.begin] > _BLANK) & (at[found.begin] <= _LAST_ASCII)
        made = _Made(written, taken, is_filled)
        made.add(*self._shared(written, np.flatnonzero(kind == Kind.SHARED)))
        for make, own in ((_days, Kind.DAY), (_numbers, Kind.NUMBER)):
            places = np.flatnonzero(kind == own)
            places, texts, others = make(written, places)
            made.add(places, texts, np.ones(len(places), np.bool_))
            kind[others] = Kind.OTHER
        made.add(*self._others(cells, np.flatnonzero(kind == Kind.OTHER)))
        return Texts(pa.concat_arrays(made.values), taken, kind != Kind.EMPTY, is_filled)

    @cached_property
    def _texts(self) -> tuple[pa.Array, Flags]:
        texts = self._xml.texts()
        return _binary(texts), np.array([bool(text.strip()) for text in texts], np.bool_)

    def _shared(self, written: pa.Array, places: Places) -> tuple[Places, pa.Array, Flags]:
        if not len(places):
            return places, _binary([]), np.zeros(0, np.bool_)
        texts, is_filled = self._texts
        numbers = written.take(pa.array(2 * places)).cast(pa.string()).cast(pa.int64()).to_numpy()
        if numbers.min() < 0 or numbers.max() >= len(texts):
            raise NotPlain
        return places, texts.take(pa.array(numbers)), is_filled[numbers]

    def _others(self, cells: Cells, places: Places) -> tuple[Places, pa.Array, Flags]:
        raw = cells.block.raw
        written = [raw[cells.rest[i] : cells.end[i]] for i in places]
        if any(map(_SHARED.match, written)):
            raise NotPlain
        rows = b"".join(b'<row r="%d"><c r="A%d"%b</row>' % (n, n, one) for n, one in enumerate(written, start=1))
        read = self._xml.read(rows).to_python(skip_empty_area=False) if written else []
        texts = [cell_text(row[0]) for row in read] + [""] * (len(places) - len(read))
        return places, _binary(texts), np.array([bool(text.strip()) for text in texts], np.bool_)


class _Made:
    """Texts that do not stand in the XML, behind those that do."""

    def __init__(self, written: pa.Array, taken: Places, is_filled: Flags) -> None:
        self.values, self._taken, self._is_filled, self._count = [written], taken, is_filled, len(written)

    def add(self, places: Places, texts: pa.Array, is_filled: Flags) -> None:
        self._taken[places] = self._count + np.arange(len(places))
        self._is_filled[places] = is_filled
        self.values.append(texts)
        self._count += len(texts)


def _pieces(cells: Cells, begin: Places, end: Places) -> pa.Array:
    """The block cut before and behind each value: the even pieces are the values."""
    cuts = np.column_stack((begin, end)).astype(np.int32).ravel()
    return pa.Array.from_buffers(pa.binary(), len(cuts) - 1, [None, pa.py_buffer(cuts), pa.py_buffer(cells.block.raw)])


def _numbers(written: pa.Array, places: Places) -> tuple[Places, pa.Array, Places]:
    """Cells whose text differs from what stands in the XML, these texts, and cells that hold no number."""
    texts = written.take(pa.array(2 * places)).cast(pa.string())
    is_plain = pc.match_substring_regex(texts, _AS_WRITTEN).to_numpy(zero_copy_only=False)
    places, others = places[~is_plain], texts.filter(pa.array(~is_plain)).dictionary_encode()
    # prices repeat: each is read once
    made = [number_text(float(it)) if _NUMBER.fullmatch(it) else None for it in others.dictionary.to_pylist()]
    found = pa.array(made, pa.string()).take(others.indices).cast(pa.binary())
    is_number = found.is_valid().to_numpy(zero_copy_only=False)
    return places[is_number], found.drop_null(), places[~is_number]


def _days(written: pa.Array, places: Places) -> tuple[Places, pa.Array, Places]:
    """Cells with a day or a time as the number of days since the epoch, their texts, and cells that hold none."""
    texts = written.take(pa.array(2 * places)).cast(pa.string())
    is_serial = pc.match_substring_regex(texts, _SERIAL).to_numpy(zero_copy_only=False)
    serials: Any = texts.filter(pa.array(is_serial)).cast(pa.float64()).to_numpy()
    is_known = np.zeros(len(places), np.bool_)
    is_known[is_serial] = (serials >= _FIRST_SERIAL) & (serials < _LAST_SERIAL - 1)
    serials = serials[is_known[is_serial]]
    # The reader by cell rounds to the millisecond, and the text is cut to the second.
    seconds = np.floor(serials * (_DAY * 1000) + 0.5).astype(np.int64) // 1000
    days, numbers = np.unique(seconds // _DAY, return_inverse=True)
    day = pa.array([(_EPOCH + timedelta(int(n))).isoformat() for n in days], pa.string()).take(pa.array(numbers))
    time = pc.binary_join_element_wise(day, _TIMES.take(pa.array(seconds % _DAY)), " ")
    made = pc.if_else(pa.array(serials == np.floor(serials)), day, time)
    return places[is_known], made.cast(pa.binary()), places[~is_known]


def _binary(texts: list[str]) -> pa.Array:
    return pa.array([text or None for text in texts], pa.string()).cast(pa.binary())
