"""Rows of another database into a Parquet file in the staging folder, a batch at a time, with the highest value seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kpi.errors import DatabaseError
from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Failed, failure
from kpi.ingest.database.reader import ORDERED, Column, Reader, SourceTable, Stop
from kpi.ingest.database.statement import DatabaseSource, Since, origin, rows_statement
from kpi.wording.message import message

LOAD_SECONDS: Final = 600
LOOK_SECONDS: Final = 30
Progress = Callable[[int], None]
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Fetched:
    """What has been written. highest: of the column that was asked for, as `Since.value` takes it; None without any ·
    left_out: columns of bytes, which are not read."""

    rows: int
    columns: tuple[Column, ...]
    left_out: tuple[str, ...] = ()
    highest: str | None = None


def sign_in(connection: Connection) -> None:
    """Sign in and ask for one row. Raises: DatabaseError: what stands in the way."""
    with _reading(connection, LOOK_SECONDS, Stop()) as reader:
        for _ in reader.batches("SELECT 1 AS one"):
            pass


def tables(connection: Connection) -> tuple[SourceTable, ...]:
    """The tables and views that may be read, with their columns. Raises: DatabaseError."""
    with _reading(connection, LOOK_SECONDS, Stop()) as reader:
        return reader.tables()


def fetch(
    connection: Connection,
    source: DatabaseSource,
    path: Path,
    *,
    since: Since | None = None,
    watermark: str | None = None,
    needed: tuple[str, ...] = (),
    limit: int | None = None,
    as_of: datetime | None = None,
    seconds: int = LOAD_SECONDS,
    progress: Progress = lambda rows: None,
    stop: Stop | None = None,
) -> Fetched:
    """Write the rows of the source to `path`, which does not stay where something fails.

    watermark: the column whose highest value is wanted, no later than `as_of` · needed: columns that must be there ·
    progress: told the rows so far, after every batch.
    Raises: DatabaseError: what stood in the way; also that it was stopped.
    """
    start, stop = origin(source, connection.kind), stop or Stop()
    try:
        with _reading(connection, seconds, stop) as reader:
            found = reader.columns(start)
            columns = tuple(column for column in found if column.kind != "bytes")
            left_out = tuple(column.name for column in found if column.kind == "bytes")
            _require_usable(connection, columns, (*needed, *([watermark] if watermark else [])))
            highest = _Highest(next((one for one in columns if one.name == watermark), None), as_of)
            batches = reader.batches(rows_statement(start, columns, connection.kind, since, limit))
            rows = _written(batches, columns, path, highest, progress, stop)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Fetched(rows, columns, left_out, highest.text)


@contextmanager
def _reading(connection: Connection, seconds: int, stop: Stop) -> Iterator[Reader]:
    connection.require_driver()
    driver = import_module(f"kpi.ingest.database.{connection.kind.driver}")
    try:
        with driver.opened(connection, seconds, stop) as reader:
            yield reader
    except Failed as failed:
        raise failure(failed.kind, connection.name) from None


def _written(
    batches: Iterator[pa.RecordBatch],
    columns: tuple[Column, ...],
    path: Path,
    highest: _Highest,
    progress: Progress,
    stop: Stop,
) -> int:
    rows, writer = 0, None
    try:
        for batch in batches:
            stop.refuse()
            whole = _unambiguous(batch, columns)
            try:
                writer = writer or pq.ParquetWriter(path, whole.schema, compression="snappy")
                writer.write_batch(whole)
            except OSError:
                raise _full() from None
            highest.see(whole)
            rows += whole.num_rows
            progress(rows)
        writer = writer or pq.ParquetWriter(path, pa.schema([(column.name, pa.string()) for column in columns]))
    finally:
        if writer is not None:
            writer.close()
    return rows


def _unambiguous(batch: pa.RecordBatch, columns: tuple[Column, ...]) -> pa.RecordBatch:
    """Numbers that come as text get a form that no reader takes for thousands: 1.234 could be one, 1.2340 could not."""
    arrays = list(batch.columns)
    for place, column in enumerate(columns):
        if column.kind == "number" and pa.types.is_string(arrays[place].type):
            arrays[place] = pc.replace_substring_regex(arrays[place], r"^(-?\d+\.\d{3})$", r"\10")
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


class _Highest:
    """The highest value of one column over all batches, as text that sorts as the values do where they are days."""

    def __init__(self, column: Column | None, as_of: datetime | None) -> None:
        self._column, self._as_of = column, as_of
        self._value: Any = None

    def see(self, batch: pa.RecordBatch) -> None:
        if self._column is None:
            return
        value = self._of(batch.column(self._column.name))
        if value is not None and (self._value is None or value > self._value):
            self._value = value

    @property
    def text(self) -> str | None:
        """A day in the future is a mistake of the data, and would hide all that comes before it."""
        value = self._value
        if isinstance(value, datetime) and self._as_of is not None:
            value = min(value, self._as_of.astimezone(UTC).replace(tzinfo=None) + timedelta(days=1))
        return None if value is None else value.isoformat(" ") if isinstance(value, datetime) else str(value)

    def _of(self, cells: pa.Array) -> Any:
        assert self._column is not None
        if self._column.kind == "whole":
            value = pc.max(cells).as_py()
            return None if value is None else int(value)
        if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
            return _moment(pc.max(cells).as_py())
        unit = pa.int32() if pa.types.is_date32(cells.type) else pa.int64()
        plain = cells if pa.types.is_date(cells.type) else cells.cast(pa.timestamp("us", cells.type.tz))
        found = pc.max(plain.cast(unit)).as_py()
        return None if found is None else _since_epoch(found, is_days=unit == pa.int32())


def _since_epoch(count: int, *, is_days: bool) -> datetime:
    """The moment, or the last one there is for what no calendar has, such as infinity."""
    try:
        return _EPOCH + (timedelta(days=count) if is_days else timedelta(microseconds=count))
    except OverflowError:
        return datetime.max if count > 0 else datetime.min


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _require_usable(connection: Connection, columns: tuple[Column, ...], needed: tuple[str, ...]) -> None:
    names = [column.name.strip() for column in columns]
    gone = tuple(dict.fromkeys(name for name in needed if name.strip() not in names))
    double = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    if gone:
        raise DatabaseError(
            message("A column is gone"),
            message(
                "In the database of the connection {name} these columns are no longer there: {columns}. Nothing was loaded.",
                name=connection.name,
                columns=gone,
            ),
            message("Load the table anew and say which columns take their place."),
        )
    if double or not names:
        raise DatabaseError(
            message("The columns cannot be told apart"),
            message("Several columns have the name {columns}.", columns=double)
            if double
            else message("There is no column that could be read."),
            message("Give each column a name of its own in the SELECT, with AS."),
        )


def is_ordered(column: Column) -> bool:
    """Whether new rows can be told from old ones by this column."""
    return column.kind in ORDERED


def _full() -> DatabaseError:
    return DatabaseError(
        message("The server's disk is full"),
        message("The rows of the database could not be put aside. Nothing was loaded."),
        message("Tell whoever runs this server."),
    )
