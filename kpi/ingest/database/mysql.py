"""MySQL and MariaDB: small questions by PyMySQL, rows by connectorx in a process of its own (see `bulk.py`)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from kpi.ingest.database.bulk import bulk_batches
from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Failed, kind_of_mysql
from kpi.ingest.database.reader import Column, Kind, SourceTable, Stop, require_reachable, text_kind
from kpi.ingest.database.statement import quoted

_CONNECT_SECONDS = 10
_BINARY = 63
_TABLES = """
    SELECT t.table_schema, t.table_name, t.table_rows, c.column_name
    FROM information_schema.tables t
    JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
    WHERE t.table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
    ORDER BY t.table_schema, t.table_name, c.ordinal_position"""
# The numbers of the protocol's types.
_WHOLE, _DECIMAL, _FLOAT = frozenset({1, 2, 3, 8, 9, 13}), frozenset({0, 246}), frozenset({4, 5})
_TIMESTAMP, _DATETIME, _DATE, _BIT, _JSON, _GEOMETRY = 7, 12, 10, 16, 245, 255
_TEXT = frozenset({15, 247, 248, 249, 250, 251, 252, 253, 254})


@contextmanager
def opened(connection: Connection, seconds: int, stop: Stop) -> Iterator[MySQL]:
    """A read-only session; every statement in it may take `seconds`. Raises: Failed."""
    require_reachable(connection)
    session = _session(connection, seconds, stop)
    try:
        is_mariadb = "mariadb" in str(session.server_version).casefold()
        settings = (
            "SET SESSION TRANSACTION READ ONLY",
            # A TIMESTAMP is a moment, whatever the server's own zone is.
            "SET SESSION time_zone = '+00:00'",
            f"SET SESSION max_statement_time = {seconds}"
            if is_mariadb
            else f"SET SESSION max_execution_time = {seconds * 1000}",
        )
        reader = MySQL(connection, session, settings, seconds, stop)
        for text in settings:
            reader.rows(text)
        yield reader
    finally:
        with suppress(Exception):
            session.close()


class MySQL:
    def __init__(
        self, connection: Connection, session: Any, settings: tuple[str, ...], seconds: int, stop: Stop
    ) -> None:
        self._connection, self._session, self._settings = connection, session, settings
        self._seconds, self._stop = seconds, stop

    def tables(self) -> tuple[SourceTable, ...]:
        found: dict[tuple[str, str], SourceTable] = {}
        for schema, name, rows, column in self.rows(_TABLES)[0]:
            before = found.get((schema, name))
            found[schema, name] = SourceTable(schema, name, (*(before.columns if before else ()), column), rows)
        return tuple(found.values())

    def columns(self, origin: str) -> tuple[Column, ...]:
        # A server need not compute anything for no rows, yet some do.
        with self._stop.calls(self._end_own):
            _, fields = self.rows(f"SELECT * FROM {origin} WHERE FALSE LIMIT 0")
        return tuple(self._column(field) for field in fields)

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        mark = uuid.uuid4().hex
        marked = f"/* koszyk {mark} */ {statement}"
        end = partial(self._end, mark)
        uri = _uri(self._connection)
        yield from bulk_batches(uri, marked, self._settings, self._stop, end, kind_of_mysql, self._seconds)

    def rows(self, statement: str) -> tuple[Any, Any]:
        """The rows of a small question, and what the protocol says of its columns. Raises: Failed."""
        import pymysql

        try:
            with self._session.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall(), getattr(cursor._result, "fields", ())
        except (pymysql.MySQLError, OSError) as error:
            raise _failed(error, self._stop) from None

    def _end(self, mark: str) -> None:
        """End the marked statement on the server, which would go on computing for nobody."""
        listing = f"SELECT id FROM information_schema.processlist WHERE info LIKE '/* koszyk {mark}%'"
        with suppress(Failed):
            for (number,) in self.rows(listing)[0]:
                self.rows(f"KILL QUERY {int(number)}")

    def _end_own(self) -> None:
        with suppress(Failed), _session(self._connection, _CONNECT_SECONDS, Stop()) as other, other.cursor() as cursor:
            cursor.execute(f"KILL QUERY {int(self._session.thread_id())}")

    def _column(self, field: Any) -> Column:
        name, type = quoted(field.name, self._connection.kind), field.type_code
        kind, expression = _read_as(type, name, field.scale, is_binary=field.charsetnr == _BINARY)
        return Column(field.name, kind, expression)


def _read_as(type: int, name: str, scale: int, *, is_binary: bool) -> tuple[Kind, str]:
    """How a column of this type of the protocol is read. As text decimals stay exact and dates of zeros can be refused
    one by one; the bulk driver reads neither."""
    text = f"CAST({name} AS CHAR)"
    if type in _WHOLE:
        return "whole", name
    if type in _DECIMAL:
        return text_kind(scale), text
    if type in _FLOAT:
        return "number", text
    if type == _TIMESTAMP:
        return "moment_utc", f"CONCAT({text}, '+00:00')"
    if type in (_DATETIME, _DATE):
        return "moment" if type == _DATETIME else "day", text
    if type == _BIT:
        return "number", f"CAST({name} + 0 AS CHAR)"
    if type == _GEOMETRY or (type in _TEXT and is_binary):
        return "bytes", name
    return "other", name if type in _TEXT else text


def _session(connection: Connection, seconds: int, stop: Stop) -> Any:
    """Raises: Failed: it cannot be had."""
    import pymysql

    try:
        return pymysql.connect(
            host=connection.host,
            port=connection.port or connection.kind.port or 0,
            user=connection.username,
            password=connection.password.encode(),
            database=connection.database or None,
            charset="utf8mb4",
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=seconds + _CONNECT_SECONDS,
            autocommit=True,
        )
    except (pymysql.MySQLError, OSError, RuntimeError) as error:
        raise _failed(error, stop) from None


def _failed(error: Exception, stop: Stop) -> Failed:
    if stop.is_asked:
        return Failed("stopped")
    number = error.args[0] if error.args and isinstance(error.args[0], int) else None
    if number == 2003:
        return Failed("unreachable")
    return Failed(kind_of_mysql(number) if number else "sign_in" if isinstance(error, RuntimeError) else "cut")


def _uri(connection: Connection) -> str:
    user, password = (quote(text, safe="") for text in (connection.username, connection.password))
    place = f"{connection.host}:{connection.port or connection.kind.port}"
    return f"mysql://{user}{':' if password else ''}{password}@{place}/{quote(connection.database, safe='')}"
