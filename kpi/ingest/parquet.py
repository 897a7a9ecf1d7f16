"""Parquet files as tables of unambiguous text, read by DuckDB in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kpi.errors import UnreadableFile
from kpi.ingest.bulk import BulkRows
from kpi.ingest.cells import literal
from kpi.ingest.preamble import Preamble
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.wording.message import message

_SAMPLE = 300


def parquet_sections(scratch: Scratch, path: Path, name: str) -> Iterator[Section]:
    """The one table of the file; its rows are numbered from 1. Raises: UnreadableFile: damaged."""
    try:
        header = tuple(str(label).strip() for label in pq.read_schema(path).names)
        staged = _staged(scratch, path, len(header))
    except (pa.ArrowException, OSError, ValueError, duckdb.Error) as error:
        raise UnreadableFile(
            name, message("It is a damaged Parquet file."), message("Save the data again and add that file.")
        ) from error
    count = scratch.row(f"SELECT count(*) FROM {staged}")[0]
    cells = ", ".join(f"coalesce(c{i}, '')" for i in range(len(header)))
    sample = scratch.rows(f"SELECT {cells} FROM {staged} ORDER BY row_no LIMIT {_SAMPLE}") if header else []
    yield Section(header, 0, Preamble(), BulkRows(scratch, staged, count, sample), has_typed_cells=True)


def _staged(scratch: Scratch, path: Path, width: int) -> str:
    """A table of `row_no`, `extra` and the columns' text."""
    source, staged = scratch.new("parquet", "VIEW"), scratch.new("staged")
    names = ", ".join(["row_no", *(f"c{i}" for i in range(width))])
    file = f"read_parquet({literal(str(path))}, file_row_number = true)"
    described = scratch.rows(f"DESCRIBE SELECT * EXCLUDE file_row_number FROM {file}")
    texts = ", ".join(_text(_quoted(column), type) for column, type, *_ in described)
    scratch.run(
        f"CREATE TEMP VIEW {source} AS SELECT * FROM (SELECT file_row_number + 1, {texts} FROM {file}) AS t({names})"
    )
    scratch.run(
        f"CREATE TEMP TABLE {staged} AS SELECT row_no, '' AS extra, * EXCLUDE row_no FROM {source} ORDER BY row_no"
    )
    scratch.discard(source)
    return staged


def _text(column: str, type: str) -> str:
    """The typed cell as text that no reader takes for anything else: dates as ISO, numbers with a decimal point."""
    if type in ("DOUBLE", "FLOAT"):
        return _number_text(f"CASE WHEN isfinite({column}) THEN {column} END", column)
    if type.startswith("DECIMAL"):
        return _unambiguous(f"CAST({column} AS VARCHAR)")
    if type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(timezone('UTC', {column}), '%Y-%m-%d %H:%M:%S+00:00')"
    if type.startswith("TIMESTAMP"):
        return f"strftime(CAST({column} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S')"
    return f"nullif(CAST({column} AS VARCHAR), '')"


def _number_text(finite: str, column: str) -> str:
    whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
    decimal = f"CASE WHEN contains(CAST({column} AS VARCHAR), 'e') THEN CAST(try_cast({column} AS DECIMAL(38, 12)) AS VARCHAR) ELSE CAST({finite} AS VARCHAR) END"
    return f"CASE WHEN {whole} THEN CAST(try_cast({column} AS BIGINT) AS VARCHAR) ELSE {_unambiguous(decimal)} END"


def _unambiguous(text: str) -> str:
    """1.234 could be a thousand; 1.2340 could not."""
    return rf"regexp_replace({text}, '^(-?\d+\.\d{{3}})$', '\10')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
