"""What every driver can do, and how it is stopped from outside."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import pyarrow as pa

from kpi.ingest.database.connection import Connection
from kpi.ingest.database.failures import Failed

Kind = Literal["whole", "day", "moment", "moment_utc", "number", "other", "bytes"]
ORDERED: Final[frozenset[Kind]] = frozenset({"whole", "day", "moment", "moment_utc"})
"""The kinds by whose highest value rows can be told new from old."""

_REACH_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Column:
    """One column of what is read. expression: its SQL as it is to be sent, exact for numbers; `bytes` are not read."""

    name: str
    kind: Kind
    expression: str


@dataclass(frozen=True)
class SourceTable:
    """A table or view of the database. rows: the database's own estimate, None where it has none."""

    schema: str
    name: str
    columns: tuple[str, ...]
    rows: int | None = None


class Reader(Protocol):
    """An open, read-only session. Every method raises Failed, whatever the driver raises."""

    def tables(self) -> tuple[SourceTable, ...]:
        """What may be read, by schema and name."""

    def columns(self, origin: str) -> tuple[Column, ...]:
        """The columns of `origin`, what stands behind FROM."""

    def batches(self, statement: str) -> Iterator[pa.RecordBatch]:
        """The rows of a statement, a batch at a time."""


class Stop:
    """Asked for from another thread, obeyed between batches; a driver that waits is woken by what it gave to `calls`."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._call: Callable[[], None] | None = None
        self._lock = threading.Lock()

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    def ask(self) -> None:
        """Stop as soon as possible; harmless twice."""
        with self._lock:
            self._asked.set()
            if self._call:
                self._call()

    def refuse(self) -> None:
        """Raises: Failed: it was asked to stop."""
        if self.is_asked:
            raise Failed("stopped")

    @contextmanager
    def calls(self, call: Callable[[], None]) -> Iterator[None]:
        """While this lasts, being asked to stop calls `call`. Raises: Failed: it was asked before."""
        with self._lock:
            self.refuse()
            self._call = call
        try:
            yield
        finally:
            with self._lock:
                self._call = None


def text_kind(scale: int | None) -> Kind:
    """The kind of decimals that come as text: with a fixed number of them other than three none can be taken for
    thousands, and nothing has to be made unambiguous."""
    return "number" if scale in (None, 3) else "other"


def require_reachable(connection: Connection) -> None:
    """Raises: Failed: the host is not known, or nothing answers there. Drivers tell that apart in their own words only."""
    if not connection.host or connection.host.startswith("/"):
        return
    address = (connection.host, connection.port or connection.kind.port or 0)
    try:
        socket.create_connection(address, timeout=_REACH_SECONDS).close()
    except (socket.gaierror, UnicodeError):
        raise Failed("unknown_host") from None
    except (OSError, OverflowError):
        raise Failed("unreachable") from None
