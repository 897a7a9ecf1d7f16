"""A corpus of damaged copies of every format: rows are conserved, nothing falls over, no amount is silently nothing.

Over six hundred copies in continuous integration, one a file while people wait; with those of the property tests and
of real exports beside it they are more than a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpi.errors import KpiError
from tests.ingest.corpus import damaged, sheets
from tests.ingest.reading import ANSWERS, IS_MANY, amounts, connection, dropped, read, silent_zeros

SHEETS = sheets()
NAMES = {f"{number} {sheet.format}": sheet for number, sheet in enumerate(SHEETS)}
AT_LEAST = 600
ALL = math.ceil(1.01 * AT_LEAST / len(SHEETS))
COPIES = ALL if IS_MANY else 1


@pytest.fixture
def con() -> Iterator[Any]:
    with connection() as con:
        yield con


def copies(name: str, count: int) -> list[tuple[bytes, frozenset[str]]]:
    return [damaged(NAMES[name], f"{name} {number}") for number in range(count)]


def test_there_are_many_different_damaged_copies_and_all_are_tried_where_time_allows() -> None:
    contents = {content for name in NAMES for content, _ in copies(name, ALL)}
    assert len(contents - {sheet.content for sheet in SHEETS}) >= AT_LEAST
    assert not IS_MANY or COPIES == ALL


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_survived_and_said(con: Any, tmp_path: Path, name: str) -> None:
    sheet = NAMES[name]
    whole = read(con, tmp_path / "file", sheet.content, ANSWERS | sheet.answers, name=sheet.name)
    before = amounts(con, whole)
    dropped(con, whole)
    survivors = 0
    for number, (content, gone) in enumerate(copies(name, COPIES)):
        try:
            parts = read(con, tmp_path / "file", content, ANSWERS | sheet.answers, name=sheet.name)
        except KpiError:
            continue
        survivors += 1
        assert all(part.rows.are_conserved for part in parts), number
        if not gone and parts[0].format == sheet.format:
            assert silent_zeros(before, amounts(con, parts)) == [], number
        dropped(con, parts)
    assert survivors > 0 or COPIES < 4
