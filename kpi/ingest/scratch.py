"""Temporary tables of one import, under names that no other import has."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal

import duckdb
import pyarrow as pa


class Scratch:
    """A cursor and the names made on it. `drop` removes all but the kept ones."""

    def __init__(self, con: Any) -> None:
        self._con = con
        self._prefix = f"ingest_{uuid.uuid4().hex[:12]}"
        self._made = 0
        self._kinds: dict[str, str] = {}

    def new(self, hint: str, kind: Literal["TABLE", "VIEW"] = "TABLE") -> str:
        """A fresh name; nothing is created."""
        self._made += 1
        name = f"{self._prefix}_{self._made}_{hint}"
        self._kinds[name] = kind
        return name

    def names(self) -> frozenset[str]:
        """What is there now."""
        return frozenset(self._kinds)

    def release(self, names: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Leave these to the caller: kinds and names, the newest first."""
        left = [(kind, name) for name, kind in self._kinds.items() if name in names]
        for _, name in left:
            self._kinds.pop(name)
        return tuple(reversed(left))

    def discard(self, name: str) -> None:
        """Remove a table that is not needed any more, before all others go."""
        self.run(f"DROP {self._kinds.pop(name)} IF EXISTS {name}")

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        self._con.execute(sql, list(parameters)).fetchall()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._con.execute(sql, list(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        return self.rows(sql, parameters)[0]

    def records(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows as dictionaries."""
        cursor = self._con.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def registered(self, table: pa.Table) -> Iterator[str]:
        name = self.new("batch")
        self._con.register(name, table)
        try:
            yield name
        finally:
            with suppress(duckdb.Error):
                self._con.unregister(name)
            self._kinds.pop(name)

    def drop(self, made: Collection[tuple[str, str]] | None = None) -> None:
        """Remove these, or what is left. In a transaction that has failed nothing can be, and its end removes it all."""
        for kind, name in self.release(self.names()) if made is None else made:
            with suppress(duckdb.Error):
                self.run(f"DROP {kind} IF EXISTS {name}")
