"""The first rows of what was fetched, for the person to look at: nothing in them names anybody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from kpi.ingest.personal import HIDDEN, hold_persons, is_personal_value, may_name_a_person, read_like_names

_ROWS = 20
_LONGEST = 60


@dataclass(frozen=True)
class FirstRows:
    """Column names and rows of text; None is no value."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


def first_rows(path: Path, count: int = _ROWS) -> FirstRows:
    """The first rows of a Parquet file. Whether a column names people is decided by all rows that the file has."""
    table = pq.read_table(path)
    shown = [
        _column(label, [None if cell is None else str(cell) for cell in table.column(place).to_pylist()], count)
        for place, label in enumerate(table.column_names)
    ]
    return FirstRows(tuple(table.column_names), tuple(zip(*shown, strict=True)))


def _column(label: str, cells: list[str | None], count: int) -> list[str | None]:
    filled = [cell for cell in cells if cell]
    is_hidden = may_name_a_person(label) or hold_persons(filled) or read_like_names(filled)
    return [_shown(cell, is_hidden=is_hidden) for cell in cells[:count]]


def _shown(cell: str | None, *, is_hidden: bool) -> str | None:
    if not cell:
        return None
    return HIDDEN if is_hidden or is_personal_value(cell) else cell[:_LONGEST]
