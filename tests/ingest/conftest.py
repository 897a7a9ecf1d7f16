"""A file in a staging folder, read with the defaults of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi.ingest import Defaults, Part, read_file

Read = Callable[..., tuple[Part, ...]]


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A workspace's cursor, in a transaction: nothing outside the staging folder can be read, Python's variables neither."""
    with duckdb.connect() as connection:
        connection.execute("SET python_enable_replacements = false")
        connection.execute(f"SET allowed_directories = ['{tmp_path}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("BEGIN")
        yield connection


@pytest.fixture
def read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Read:
    def parts(
        content: str | bytes,
        name: str = "export.csv",
        defaults: Defaults | None = None,
        remembered: dict[str, Any] | None = None,
        **answers: Any,
    ) -> tuple[Part, ...]:
        path = tmp_path / "staged"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(
            con, path, name, answers=answers, recall=lambda _: remembered or {}, defaults=defaults or Defaults()
        )

    return parts


@pytest.fixture
def table(con: duckdb.DuckDBPyConnection) -> Callable[..., list[tuple[Any, ...]]]:
    def rows(part: Part, name: str, columns: str) -> list[tuple[Any, ...]]:
        return con.execute(f"SELECT {columns} FROM {part.relations[name]} ORDER BY row_no").fetchall()

    return rows
