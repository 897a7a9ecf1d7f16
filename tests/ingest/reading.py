"""What the tests with many files ask of each: read it, look at what came out, leave nothing behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb

from kpi.ingest import Defaults, Part, read_file
from kpi.ingest.formats import canonical_tables

IS_MANY = bool(os.environ.get("CI"))
"""Few files while people wait, many in continuous integration."""
ANSWERS = {"currency": "PLN", "day_first": True, "decimal": ".", "period": ("2026-03-01", "2026-03-31")}
Amounts = dict[tuple[str, str], tuple[int, int]]


def connection() -> Any:
    """For small files, of which several are read beside each other: a second thread would only wait."""
    return duckdb.connect(config={"threads": 1})


def read(
    con: Any, path: Path, content: bytes, answers: dict[str, Any] | None = None, *, name: str = "file.csv"
) -> tuple[Part, ...]:
    path.write_bytes(content)
    given = ANSWERS if answers is None else answers
    return read_file(con, path, name, answers=given, recall=lambda _: {}, defaults=Defaults())


def amounts(con: Any, parts: tuple[Part, ...]) -> Amounts:
    """For each amount of each table: its rows, and in how many it is more than nothing."""
    found: Amounts = {}
    for part in parts:
        for table, relation in part.relations.items():
            held = {row[0] for row in con.execute(f"describe {relation}").fetchall()}
            kinds = canonical_tables()[table]["columns"]
            money = [column for column, kind in kinds.items() if kind == "money" and column in held]
            counts = ", ".join(f"count(*) filter (where {column} <> 0)" for column in money)
            if money:
                rows, *filled = con.execute(f"select count(*), {counts} from {relation}").fetchall()[0]
                for column, count in zip(money, filled, strict=True):
                    before = found.get((table, column), (0, 0))
                    found[table, column] = before[0] + rows, before[1] + count
    return found


def silent_zeros(before: Amounts, after: Amounts) -> list[tuple[str, str]]:
    """The amounts that were there before and of which, in more than three rows, nothing is left."""
    filled = {key for key, (_, positive) in before.items() if positive}
    return [key for key, (rows, positive) in after.items() if key in filled and rows > 3 and not positive]


def rows_of(con: Any, parts: tuple[Part, ...]) -> list[tuple[Any, ...]]:
    return [
        (part.format, part.rows.loaded, table, *con.execute(f"select * from {name} order by all").fetchall())
        for part in parts
        for table, name in sorted(part.relations.items())
    ]


def dropped(con: Any, parts: tuple[Part, ...]) -> None:
    """Drop the parts' tables, and see that there were no others."""
    for part in parts:
        part.drop(con)
    assert con.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]
