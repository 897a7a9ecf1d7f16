"""A large sheet that is one table from its header to its end, block by block; any other is read by cell."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineSheet

from kpi.ingest.ahead import ahead
from kpi.ingest.archive import DAMAGE
from kpi.ingest.bulk import BulkRows
from kpi.ingest.cells import literal
from kpi.ingest.celltexts import CellTexts, Texts
from kpi.ingest.dialect import Record
from kpi.ingest.recognise import known_label_count
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section, split
from kpi.ingest.sheetcells import Cells, cells_in
from kpi.ingest.sheetxml import NotPlain, SheetXml, is_large, sheet_entry

_HEAD_ROWS = 600
_MOST_CELLS = 2_000_000
_LARGEST_HEAD = 16 << 20
_SAMPLE = 300
_BATCH = 16
_MOST_COLUMNS = 26 + 26**2 + 26**3 + 1
_ROW_END = re.compile(rb"</row>")
Records = Callable[[CalamineSheet], Iterator[Record]]


def bulk_sheet(scratch: Scratch, path: Path, sheet: str, records: Records) -> Section | None:
    """The one table of a large sheet, or None where only the reader by cell can say what is in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = sheet_entry(archive, sheet)
            if entry is None or not is_large(entry):
                return None
            xml = SheetXml(archive, entry, sheet)
            blocks = ahead(xml.blocks())
            first = _first(blocks)
            section = _head(scratch, first, xml, records)
            return _filled(scratch, section, xml, itertools.chain([first], blocks))
    except (NotPlain, pa.ArrowInvalid, *DAMAGE):
        return None


def _first(blocks: Iterator[bytes]) -> bytes:
    """Enough blocks for the head, as one."""
    found = b""
    while found.count(b"</row>") < _HEAD_ROWS and len(found) < _LARGEST_HEAD and (block := next(blocks, b"")):
        found += block
    return found


def _head(scratch: Scratch, block: bytes, xml: SheetXml, records: Records) -> Section:
    """The table as its first rows tell it."""
    ends = [match.end() for match in itertools.islice(_ROW_END.finditer(block), _HEAD_ROWS)]
    rows = block[: ends[-1]] if ends else b""
    cells = cells_in(rows)
    if cells.row.max() * cells.column.max() > _MOST_CELLS:
        raise NotPlain
    lines = records(xml.read(rows, has_texts=True))
    sections = list(split(lines, known_label_count, lambda width: RowBuffer(scratch, width)))
    if len(sections) != 1 or sections[0].misfits or len(sections[0].rows) < _SAMPLE:
        raise NotPlain
    if len(sections[0].header) < 2 or not sections[0].header[0].strip():
        raise NotPlain
    sections[0].has_typed_cells = True
    return sections[0]


def _filled(scratch: Scratch, section: Section, xml: SheetXml, blocks: Iterator[bytes]) -> Section:
    """The section with all its rows."""
    staged, count = scratch.new("staged"), 0
    names = ["row_no", "extra", *(f"c{i}" for i in range(len(section.header)))]
    columns = ", ".join(f"{name} VARCHAR" for name in names[1:])
    scratch.run(f"CREATE TEMP TABLE {staged} (row_no BIGINT, {columns})")
    for table in ahead(_tables(xml, blocks, section.header_row, names)):
        count += len(table)
        with scratch.registered(table) as rows:
            scratch.run(f"INSERT INTO {staged} FROM {rows}")
    first = literal(section.header[0])
    if scratch.row(f"SELECT count(*) FROM {staged} WHERE c0 = {first}")[0]:
        raise NotPlain
    section.rows = BulkRows(scratch, staged, count, section.rows.sample)
    return section


def _tables(xml: SheetXml, blocks: Iterator[bytes], header_row: int, names: list[str]) -> Iterator[pa.Table]:
    """The rows of several blocks at a time."""
    texts, next_row = CellTexts(xml), header_row + 1
    while batch := list(itertools.islice(blocks, _BATCH)):
        tables = []
        for block in batch:
            cells = _in_order(cells_in(block))
            if cells.row[0] < next_row and next_row > header_row + 1:
                raise NotPlain
            tables.append(_table(cells, texts.of(cells), next_row, names))
            next_row += len(tables[-1])
        yield pa.concat_tables(tables)


def _in_order(cells: Cells) -> Cells:
    """Raises: NotPlain: a cell stands before another that follows it, or twice."""
    if (np.diff(cells.row * _MOST_COLUMNS + cells.column) <= 0).any():
        raise NotPlain
    return cells


def _table(cells: Cells, texts: Texts, next_row: int, names: list[str]) -> pa.Table:
    """The rows below the header, each with something in it, none left out, and nothing behind the last column."""
    width = len(names) - 2
    is_used = (cells.row >= next_row) & texts.has_value
    row, column, taken = cells.row[is_used] - next_row, cells.column[is_used] - 1, texts.taken[is_used]
    if not len(row):
        raise NotPlain
    place, height = row * width + column, int(row[-1]) + 1
    if column.max() >= width or height > len(row):
        raise NotPlain
    is_filled = np.zeros(height, np.bool_)
    is_filled[row[texts.is_filled[is_used]]] = True
    if not is_filled.all():
        raise NotPlain
    grid = np.full((height, width), -1)
    grid.ravel()[place] = taken
    found = (texts.values.take(pa.array(grid[:, i], mask=grid[:, i] < 0)).cast(pa.string()) for i in range(width))
    numbers = pa.array(np.arange(next_row, next_row + height))
    return pa.table([numbers, pa.nulls(height, pa.string()), *found], names=names)
