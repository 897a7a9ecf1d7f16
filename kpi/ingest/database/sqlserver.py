"""SQL Server by connectorx, in a process of its own; the login's rights are all that keeps it from writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote

import pyarrow as pa

from kpi.ingest.database.bulk import bulk_batches
from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Kind as FailureKind
from kpi.ingest.database.reader import Column, Kind, SourceTable, Stop, require_reachable
from kpi.ingest.database.statement import quoted

_TABLES = """
    SELECT CAST(s.name AS nvarchar(128)) AS s, CAST(o.name AS nvarchar(128)) AS t, CAST(c.name AS nvarchar(128)) AS c,
        CAST((SELECT SUM(p.rows) FROM sys.partitions p WHERE p.object_id = o.object_id AND p.index_id < 2) AS bigint) AS n
    FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN sys.columns c ON c.object_id = o.object_id
    WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 ORDER BY s.name, o.name, c.column_id"""
_NUMBERS: Final[dict[int, FailureKind]] = {
    18456: "sign_in", 4060: "sign_in", 208: "table", 207: "column", 229: "rights", 230: "rights", 262: "rights",
    102: "statement", 156: "statement", 195: "statement", 8156: "names",
}  # fmt: skip
_WHOLE = ("tinyint", "smallint", "int", "bigint")
_NUMBER = ("decimal", "numeric", "money", "smallmoney", "float", "real")
_BYTES = ("binary", "varbinary", "image", "timestamp", "rowversion", "geography", "geometry", "hierarchyid")


@contextmanager
def opened(connection: Connection, seconds: int, stop: Stop) -> Iterator[SQLServer]:
    """A session a statement. Raises: Failed."""
    require_reachable(connection)
    yield SQLServer(connection, seconds, stop)


class SQLServer:
    def __init__(self, connection: Connection, seconds: int, stop: Stop) -> None:
        self._connection, self._seconds, self._stop = connection, seconds, stop

    def tables(self) -> tuple[SourceTable, ...]:
        found: dict[tuple[str, str], SourceTable] = {}
        for batch in self.batches(_TABLES):
            for row in batch.to_pylist():
                schema, name, column, rows = row.values()
                before = found.get((schema, name))
                found[schema, name] = SourceTable(schema, name, (*(before.columns if before else ()), column), rows)
        return tuple(found.values())

    def columns(self, origin: str) -> tuple[Column, ...]:
        text = f"SELECT * FROM {origin}".replace("'", "''")
        described = (
            "SELECT CAST(name AS nvarchar(128)) AS c, CAST(system_type_name AS nvarchar(128)) AS t "
            f"FROM sys.dm_exec_describe_first_result_set(N'{text}', NULL, 0) ORDER BY column_ordinal"
        )
        rows = [tuple(row.values()) for batch in self.batches(described) for row in batch.to_pylist()]
        return tuple(self._column(name or "", type or "") for name, type in rows)

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        uri = _uri(self._connection)
        yield from bulk_batches(uri, statement, (), self._stop, lambda: None, _kind_of, self._seconds)

    def _column(self, name: str, type: str) -> Column:
        own, plain = quoted(name, self._connection.kind), type.partition("(")[0]
        kind, expression = _read_as(plain, own)
        return Column(name, kind, expression)


def _read_as(type: str, name: str) -> tuple[Kind, str]:
    """How a column of this type is read: decimals and times as text of a fixed form, so that they stay exact."""
    if type in _WHOLE:
        return "whole", f"CAST({name} AS bigint)"
    if type in _NUMBER:
        # Money in full, floats with all their digits.
        style = {"money": ", 2", "smallmoney": ", 2", "float": ", 3", "real": ", 3"}.get(type, "")
        return "number", f"CONVERT(varchar(60), {name}{style})"
    if type == "date":
        return "day", f"CONVERT(varchar(10), {name}, 23)"
    if type in ("datetime", "datetime2", "smalldatetime"):
        return "moment", f"CONVERT(varchar(19), {name}, 120)"
    if type == "datetimeoffset":
        return "moment_utc", f"CONVERT(varchar(19), SWITCHOFFSET({name}, '+00:00'), 120) + '+00:00'"
    return ("bytes", name) if type in _BYTES else ("other", f"CAST({name} AS nvarchar(max))")


def _kind_of(number: int | None) -> FailureKind:
    return _NUMBERS.get(number or 0, "other")


def _uri(connection: Connection) -> str:
    user, password = (quote(text, safe="") for text in (connection.username, connection.password))
    place = f"{connection.host}:{connection.port or connection.kind.port}"
    return f"mssql://{user}:{password}@{place}/{quote(connection.database, safe='')}?encrypt=true"
