"""The body of a large CSV file by DuckDB's reader, believed only when an independent count of records agrees."""

from __future__ import annotations

import csv
import itertools
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from kpi.ingest.bounds import LONGEST_LINE
from kpi.ingest.cells import SPACES, literal
from kpi.ingest.dialect import Dialect, records
from kpi.ingest.freecolumns import takes_free_columns
from kpi.ingest.lines import RecordCount, record_count
from kpi.ingest.part import Limits
from kpi.ingest.recognise import known_label_count, mapped_positions, recognised
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section, split

_HEAD_RECORDS = 400
_BLOCK = 4 << 20
_LINE_BYTES = 4 * LONGEST_LINE
_UTF8 = ("utf-8", "utf-8-sig")


class BulkRows(RowBuffer):
    """Rows that stand in a temporary table already, only the columns that some format knows."""

    def __init__(self, scratch: Scratch, table: str, count: int, sample: list[tuple[str, ...]]) -> None:
        super().__init__(scratch, 0)
        self._table, self._count, self.sample = table, count, sample

    def table(self) -> str:
        assert self._table is not None
        return self._table


def bulk_section(
    scratch: Scratch, path: Path, encoding: str, dialect: Dialect, name: str, limits: Limits
) -> Section | None:
    """The one table of a large file, or None when it has several or the counts disagree; then read it by line."""
    section = _head(scratch, path, encoding, dialect)
    if section is None:
        return None
    found = recognised(section, name)
    if found and not limits.has_all_columns and not takes_free_columns(found.format):
        section.staged_columns = mapped_positions(section.header)
    with _as_utf8(path, encoding) as source:
        counted = record_count(source, section.header_row, is_quoted=dialect.is_quoted)
        table = None if counted.has_blank else _body(scratch, source, section, dialect)
    if table is None or _differs(scratch, table, counted, section):
        return None
    staged = _numbered(scratch, table, section, counted)
    section.rows = BulkRows(scratch, staged, counted.records, section.rows.sample)
    return section


def _head(scratch: Scratch, path: Path, encoding: str, dialect: Dialect) -> Section | None:
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        lines = itertools.islice(records(file, dialect), _HEAD_RECORDS)
        try:
            sections = list(split(lines, known_label_count, lambda width: RowBuffer(scratch, width)))
        except csv.Error:  # the reader by line says where
            return None
    is_single = len(sections) == 1 and not any("\n" in label for label in sections[0].header)
    return sections[0] if is_single and not sections[0].misfits else None


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a copy in UTF-8 beside it that is removed afterwards."""
    if encoding in _UTF8:
        yield path
        return
    target = path.with_name(f"{uuid.uuid4().hex}.csv")
    try:
        with (
            path.open("r", encoding=encoding, errors="replace", newline="") as source,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            while text := source.read(_BLOCK):
                copy.write(text)
        yield target
    finally:
        target.unlink(missing_ok=True)


def _body(scratch: Scratch, path: Path, section: Section, dialect: Dialect) -> str | None:
    """The rows, or None where one of them cannot be read: it is asked for, for an error would end the transaction."""
    table, rejected, scans = scratch.new("body"), scratch.new("rejected"), scratch.new("scans")
    columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(section.header)))
    quote = '"' if dialect.is_quoted else ""
    wanted = ", ".join(f"c{i}" for i in section.staged_columns)
    scratch.run(f"""CREATE TEMP TABLE {table} AS SELECT {wanted} FROM read_csv({literal(str(path))},
        auto_detect = false, header = false, skip = {section.header_row}, columns = {{{columns}}},
        delim = {literal(dialect.delimiter)}, quote = {literal(quote)}, escape = {literal(quote)}, nullstr = '',
        max_line_size = {_LINE_BYTES}, strict_mode = true,
        store_rejects = true, rejects_table = '{rejected}', rejects_scan = '{scans}', rejects_limit = 1)""")
    return None if scratch.row(f"SELECT count(*) FROM {rejected}")[0] else table


def _differs(scratch: Scratch, table: str, counted: RecordCount, section: Section) -> bool:
    """Whether the records are not those that were counted, or some are blank or headers, which the reader by line drops."""
    if scratch.row(f"SELECT count(*) FROM {table}")[0] != counted.records:
        return True
    blank = " AND ".join(f"trim(coalesce(c{i}, ''), {literal(SPACES)}) = ''" for i in section.staged_columns)
    if scratch.row(f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {blank} LIMIT 1)")[0]:
        return True
    labels = [(i, section.header[i]) for i in section.staged_columns if section.header[i]]
    same = " AND ".join(f"c{i} = {literal(label)}" for i, label in labels)
    return bool(scratch.row(f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {same} LIMIT 1)")[0])


def _numbered(scratch: Scratch, table: str, section: Section, counted: RecordCount) -> str:
    """A view with the physical line of every record; records with line ends in their cells move those below."""
    name, columns = scratch.new("staged", "VIEW"), ", ".join(f"c{i}" for i in section.staged_columns)
    # within a transaction the rows that it has written are numbered from a very large number on
    record = f"rowid - {scratch.row(f'SELECT min(rowid) FROM {table}')[0] or 0}"
    number = f"{record} + {section.header_row + 1}"
    if counted.shifts:
        shifts = _shift_table(scratch, counted.shifts)
        scratch.run(f"ALTER TABLE {table} ADD COLUMN line BIGINT")
        scratch.run(f"""UPDATE {table} SET line = {number} + coalesce(places.shift, 0)
            FROM (SELECT record, shift FROM (SELECT {record} AS record FROM {table}) AS body
                ASOF LEFT JOIN {shifts} AS shifts ON body.record >= shifts.start) AS places
            WHERE places.record = {table}.{record}""")
        number = "line"
    scratch.run(f"CREATE TEMP VIEW {name} AS SELECT {number} AS row_no, '' AS extra, {columns} FROM {table}")
    return name


def _shift_table(scratch: Scratch, shifts: Sequence[tuple[int, int]]) -> str:
    name = scratch.new("shifts")
    starts, amounts = zip(*shifts, strict=True)
    columns = {"start": pa.array(starts, pa.int64()), "shift": pa.array(amounts, pa.int64())}
    with scratch.registered(pa.table(columns)) as batch:
        scratch.run(f"CREATE TEMP TABLE {name} AS FROM {batch}")
    return name
