"""SQLite and DuckDB files on the server's disk, opened to be read only; nothing else on the disk can be reached."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Failed
from kpi.ingest.database.reader import Column, Kind, SourceTable, Stop
from kpi.ingest.database.statement import quoted

_BATCH_ROWS = 20_000
_SAMPLE = 1_000
_SHOWN_BYTES = 20
_DUCKDB_SIMPLE: dict[str, Kind] = {
    "BOOLEAN": "other", "TINYINT": "whole", "SMALLINT": "whole", "INTEGER": "whole", "BIGINT": "whole", "DATE": "day",
    "FLOAT": "number", "DOUBLE": "number", "TIMESTAMP": "moment", "TIMESTAMP WITH TIME ZONE": "moment_utc", "VARCHAR": "other",
}  # fmt: skip


@contextmanager
def opened(connection: Connection, seconds: int, stop: Stop) -> Iterator[SQLite | DuckDB]:
    """The file, which has to be there. Raises: Failed."""
    path = Path(connection.database)
    if not connection.database or not path.is_file():
        raise Failed("unreachable")
    try:
        if connection.dialect == "sqlite":
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as session:
                session.execute("PRAGMA query_only = on")
                deadline = time.monotonic() + seconds
                session.set_progress_handler(lambda: int(time.monotonic() > deadline), 10_000)
                yield SQLite(connection, session, stop)
        else:
            config: dict[str, bool | int] = {
                "enable_external_access": False,
                "lock_configuration": True,
                "python_enable_replacements": False,
            }
            config |= {"max_execution_time": seconds * 1000}
            with closing(duckdb.connect(str(path), read_only=True, config=config)) as session:
                yield DuckDB(connection, session, stop)
    except (sqlite3.Error, duckdb.Error, RecursionError) as error:
        raise _failed(error, stop) from None


class SQLite:
    def __init__(self, connection: Connection, session: sqlite3.Connection, stop: Stop) -> None:
        self._dialect, self._session, self._stop = connection.kind, session, stop

    def tables(self) -> tuple[SourceTable, ...]:
        names = self._session.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        ).fetchall()
        return tuple(SourceTable("", name, self._names(quoted(name, self._dialect))) for (name,) in names)

    def columns(self, origin: str) -> tuple[Column, ...]:
        """SQLite's columns have no type of their own, so the first cells tell."""
        names = self._names(origin)
        cells = self._session.execute(f"SELECT * FROM {origin} LIMIT {_SAMPLE}").fetchall()
        kinds = [_kind([row[place] for row in cells]) for place in range(len(names))]
        return tuple(Column(name, kind, quoted(name, self._dialect)) for name, kind in zip(names, kinds, strict=True))

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        with self._stop.calls(self._session.interrupt):
            cursor = self._session.execute(statement)
            names = [column[0] for column in cursor.description]
            while True:
                rows = cursor.fetchmany(_BATCH_ROWS)
                columns = zip(*rows, strict=True) if rows else [()] * len(names)
                arrays = [pa.array([_text(cell) for cell in column], pa.string()) for column in columns]
                yield pa.RecordBatch.from_arrays(arrays, names=names)
                if len(rows) < _BATCH_ROWS:
                    return

    def _names(self, origin: str) -> tuple[str, ...]:
        return tuple(column[0] for column in self._session.execute(f"SELECT * FROM {origin} LIMIT 0").description)


class DuckDB:
    def __init__(self, connection: Connection, session: Any, stop: Stop) -> None:
        self._dialect, self._session, self._stop = connection.kind, session, stop

    def tables(self) -> tuple[SourceTable, ...]:
        found = self._session.execute("""
            SELECT schema_name, table_name, list(column_name ORDER BY column_index), any_value(estimated_size)
            FROM duckdb_columns() LEFT JOIN (SELECT table_oid, estimated_size FROM duckdb_tables()) USING (table_oid)
            WHERE NOT internal AND database_name = current_database() GROUP BY 1, 2 ORDER BY 1, 2""").fetchall()
        return tuple(SourceTable(schema, name, tuple(columns), rows) for schema, name, columns, rows in found)

    def columns(self, origin: str) -> tuple[Column, ...]:
        described = self._session.execute(f"DESCRIBE SELECT * FROM {origin}").fetchall()
        return tuple(self._column(name, type) for name, type, *_ in described)

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        with self._stop.calls(self._session.interrupt):
            yield from self._session.sql(statement).to_arrow_reader(_BATCH_ROWS)

    def _column(self, name: str, type: str) -> Column:
        own = quoted(name, self._dialect)
        if type in _DUCKDB_SIMPLE:
            return Column(name, _DUCKDB_SIMPLE[type], own)
        if type == "BLOB":
            return Column(name, "bytes", own)
        is_number = type.startswith("DECIMAL") or type.endswith("INT") or type == "UINTEGER"
        return Column(name, "number" if is_number else "other", f"CAST({own} AS VARCHAR)")


def _kind(cells: list[Any]) -> Kind:
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return "other"
    if all(isinstance(cell, bytes) for cell in filled):
        return "bytes"
    if all(isinstance(cell, int) for cell in filled):
        return "whole"
    if all(isinstance(cell, int | float) for cell in filled):
        return "number"
    if all(isinstance(cell, str) and _is_iso(cell) for cell in filled):
        return "moment" if any(len(cell) > 10 for cell in filled) else "day"
    return "other"


def _is_iso(cell: str) -> bool:
    try:
        return (date if len(cell) == 10 else datetime).fromisoformat(cell) is not None and cell[4:5] == "-"
    except ValueError:
        return False


def _text(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        # Bytes among other values are a damaged cell: written so, the row is refused with its reason.
        return f"x'{cell[:_SHOWN_BYTES].hex()}'"
    if cell is None:
        return None
    return repr(cell) if isinstance(cell, float) else str(cell)


def _failed(error: Exception, stop: Stop) -> Failed:
    if stop.is_asked:
        return Failed("stopped")
    text = str(error).casefold()
    if "no such table" in text or (isinstance(error, duckdb.CatalogException) and "table" in text):
        return Failed("table")
    if "no such column" in text or isinstance(error, duckdb.BinderException):
        return Failed("column")
    if "interrupt" in text:
        return Failed("slow")
    if "readonly" in text or "permission" in text or isinstance(error, duckdb.PermissionException):
        return Failed("rights")
    if "syntax error" in text or isinstance(error, duckdb.ParserException):
        return Failed("statement")
    return Failed("other")
