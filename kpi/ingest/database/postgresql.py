"""PostgreSQL by ADBC: the rows come as COPY in binary, inside one read-only transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa

from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Failed, kind_of_state
from kpi.ingest.database.reader import Column, Kind, SourceTable, Stop, require_reachable, text_kind
from kpi.ingest.database.statement import quoted

_CONNECT_SECONDS = 10
_BATCH_BYTES = 4 << 20
_TABLES = """
    SELECT n.nspname AS schema, c.relname AS name, nullif(c.reltuples, -1)::bigint AS rows,
        (SELECT string_agg(a.attname, chr(1) ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND n.nspname NOT LIKE 'pg_t%' AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY 1, 2"""
_PLAIN: dict[str, Kind] = {
    "bool": "other", "int2": "whole", "int4": "whole", "int8": "whole", "oid": "whole", "float4": "number",
    "float8": "number", "date": "day", "timestamp": "moment", "timestamptz": "moment_utc", "text": "other",
    "varchar": "other", "bpchar": "other", "name": "other",
}  # fmt: skip


@contextmanager
def opened(connection: Connection, seconds: int, stop: Stop) -> Iterator[PostgreSQL]:
    """A session whose one transaction only reads; every statement in it may take `seconds`. Raises: Failed."""
    from adbc_driver_postgresql import StatementOptions, dbapi

    require_reachable(connection)
    try:
        session = dbapi.connect(_uri(connection))
    except dbapi.Error as error:
        raise Failed(kind_of_state(getattr(error, "sqlstate", None)) or "sign_in") from None
    try:
        with session, session.cursor() as cursor:
            # Once the transaction has begun to read, no statement in it can make it write.
            for text in ("SET TRANSACTION READ ONLY", f"SET LOCAL statement_timeout = {seconds * 1000}"):
                cursor.execute(text)
            cursor.execute("SET LOCAL TimeZone = 'UTC'")
            cursor.adbc_statement.set_options(**{StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(_BATCH_BYTES)})
            yield PostgreSQL(connection, cursor, stop)
            with suppress(Exception):
                session.rollback()
    except (dbapi.Error, pa.ArrowException) as error:
        raise _failed(error, stop) from None


class PostgreSQL:
    def __init__(self, connection: Connection, cursor: Any, stop: Stop) -> None:
        self._dialect, self._cursor, self._stop = connection.kind, cursor, stop

    def tables(self) -> tuple[SourceTable, ...]:
        rows = [row for batch in self.batches(_TABLES) for row in batch.to_pylist()]
        return tuple(
            SourceTable(row["schema"], row["name"], tuple(row["columns"].split("\x01")), row["rows"])
            for row in rows
            if row["columns"]
        )

    def columns(self, origin: str) -> tuple[Column, ...]:
        from adbc_driver_postgresql import dbapi

        try:
            with self._stop.calls(self._cursor.adbc_cancel):
                schema = self._cursor.adbc_execute_schema(f"SELECT * FROM {origin} LIMIT 0")
        except (dbapi.Error, pa.ArrowException, OSError) as error:
            raise _failed(error, self._stop) from None
        return tuple(self._column(field) for field in schema)

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        from adbc_driver_postgresql import dbapi

        try:
            with self._stop.calls(self._cursor.adbc_cancel):
                self._cursor.execute(statement)
                with self._cursor.fetch_record_batch() as reader:
                    yield from reader
        except (dbapi.Error, pa.ArrowException, OSError) as error:
            raise _failed(error, self._stop) from None

    def _column(self, field: pa.Field) -> Column:
        name = quoted(field.name, self._dialect)
        type = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
        if type == "bytea":
            return Column(field.name, "bytes", name)
        if type in _PLAIN:
            return Column(field.name, _PLAIN[type], name)
        if type in ("numeric", "money"):
            # As text a decimal stays exact, and money loses its sign of a currency.
            return Column(field.name, text_kind(_scale(field)), f"{name}::numeric::text")
        return Column(field.name, "other", f"{name}::text")


def _scale(field: pa.Field) -> int | None:
    """The declared number of decimals of a numeric column."""
    modifier = int((field.metadata or {}).get(b"POSTGRESQL:typmod", b"-1"))
    return None if modifier < 4 else (modifier - 4) & 0x7FF


def _failed(error: Exception, stop: Stop) -> Failed:
    if stop.is_asked:
        return Failed("stopped")
    text = str(error)
    state = getattr(error, "sqlstate", None) or text.rpartition("SQLSTATE: ")[2][:5]
    if kind := kind_of_state(state):
        return Failed(kind)
    # While rows come, the driver gives the server's words alone.
    if "statement timeout" in text:
        return Failed("slow")
    if "read-only" in text or "read-write mode" in text or "permission denied" in text:
        return Failed("rights")
    return Failed("other" if state and state.isalnum() and len(state) == 5 and state != text[:5] else "cut")


def _uri(connection: Connection) -> str:
    user = quote(connection.username, safe="")
    password = f":{quote(connection.password, safe='')}" if connection.password else ""
    host = quote(connection.host, safe="") if connection.host.startswith("/") else connection.host
    place = f"[{host}]" if ":" in host else host
    port = f":{connection.port or connection.kind.port}"
    options = {"connect_timeout": str(_CONNECT_SECONDS), "application_name": "koszyk", **connection.options}
    return f"postgresql://{user}{password}@{place}{port}/{quote(connection.database, safe='')}?{urlencode(options, quote_via=quote)}"
