"""BigQuery and Snowflake by ADBC, where the driver is installed: rows come as typed Arrow, decimals exact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pyarrow as pa

from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Failed, kind_of_state
from kpi.ingest.database.reader import Column, Kind, SourceTable, Stop
from kpi.ingest.database.statement import quoted


@contextmanager
def opened(connection: Connection, seconds: int, stop: Stop) -> Iterator[Warehouse]:
    """A session with the rights of its user, which are all that keeps it from writing. Raises: Failed."""
    dbapi = import_module(f"adbc_driver_{connection.dialect}.dbapi")
    try:
        session = dbapi.connect(db_kwargs=_settings(connection))
    except dbapi.Error as error:
        raise Failed(kind_of_state(getattr(error, "sqlstate", None)) or "sign_in") from None
    try:
        with session, session.cursor() as cursor:
            if connection.dialect == "snowflake":
                cursor.execute(f"ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = {seconds}, TIMEZONE = 'UTC'")
            yield Warehouse(connection, cursor, stop)
    except (dbapi.Error, pa.ArrowException, OSError) as error:
        raise _failed(error, stop) from None


class Warehouse:
    def __init__(self, connection: Connection, cursor: Any, stop: Stop) -> None:
        self._connection, self._cursor, self._stop = connection, cursor, stop

    def tables(self) -> tuple[SourceTable, ...]:
        schema = self._connection.options.get("schema") or self._connection.options.get("dataset") or ""
        place = f"{quoted(schema, self._connection.kind)}." if self._connection.dialect == "bigquery" and schema else ""
        statement = (
            "SELECT table_schema AS s, table_name AS t, column_name AS c "
            f"FROM {place}INFORMATION_SCHEMA.COLUMNS WHERE table_schema <> 'INFORMATION_SCHEMA' ORDER BY 1, 2, ordinal_position"
        )
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for batch in self.batches(statement):
            for row in batch.to_pylist():
                place_of, table, column = row.values()
                found[place_of, table] = (*found.get((place_of, table), ()), column)
        return tuple(SourceTable(schema, name, columns) for (schema, name), columns in found.items())

    def columns(self, origin: str) -> tuple[Column, ...]:
        self._cursor.execute(f"SELECT * FROM {origin} LIMIT 0")
        with self._cursor.fetch_record_batch() as reader:
            return tuple(
                Column(field.name, _kind(field.type), quoted(field.name, self._connection.kind))
                for field in reader.schema
            )

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        with self._stop.calls(self._cursor.adbc_cancel):
            self._cursor.execute(statement)
            with self._cursor.fetch_record_batch() as reader:
                yield from reader


def _kind(type: pa.DataType) -> Kind:
    if pa.types.is_integer(type):
        return "whole"
    if pa.types.is_date32(type):
        return "day"
    if pa.types.is_timestamp(type):
        return "moment_utc" if type.tz else "moment"
    if pa.types.is_binary(type) or pa.types.is_large_binary(type):
        return "bytes"
    return "number" if pa.types.is_decimal(type) or pa.types.is_floating(type) else "other"


def _settings(connection: Connection) -> dict[str, str]:
    """The driver's own names of its settings; what else an administrator gave goes along as it is written."""
    if connection.dialect == "bigquery":
        known = {"adbc.bigquery.sql.project_id": connection.database}
        if dataset := connection.options.get("dataset"):
            known["adbc.bigquery.sql.dataset_id"] = dataset
    else:
        known = {
            "username": connection.username,
            "password": connection.password,
            "adbc.snowflake.sql.account": connection.options.get("account") or connection.host,
            "adbc.snowflake.sql.db": connection.database,
            "adbc.snowflake.sql.schema": connection.options.get("schema", ""),
            "adbc.snowflake.sql.warehouse": connection.options.get("warehouse", ""),
        }
    own = {key: value for key, value in connection.options.items() if key.startswith("adbc.")}
    return {key: value for key, value in {**known, **own}.items() if value}


def _failed(error: Exception, stop: Stop) -> Failed:
    if stop.is_asked:
        return Failed("stopped")
    return Failed(kind_of_state(getattr(error, "sqlstate", None)) or "other")
