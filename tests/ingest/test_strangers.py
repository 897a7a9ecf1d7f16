"""Tables that are no export at all are not taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.ingest.formats import formats
from tests.ingest.reading import connection, dropped, read
from tests.ingest.strangers import KINDS, stranger

FILES = 6 * len(KINDS)


@pytest.fixture
def con() -> Iterator[Any]:
    with connection() as con:
        yield con


def test_there_are_more_than_two_hundred_of_forty_kinds() -> None:
    assert len(KINDS) >= 40
    assert len({stranger(seed) for seed in range(FILES)}) > 200


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[kind.__name__ for kind in KINDS])
def test_what_is_no_export_is_not_taken_for_one(con: Any, tmp_path: Path, kind: int) -> None:
    known = {it.id for it in formats()}
    for seed in range(kind, FILES, len(KINDS)):
        try:
            parts = read(con, tmp_path / "file", stranger(seed), {})
        except KpiError:
            continue
        assert [part.format for part in parts if part.format in known and part.confidence >= 0.6] == []
        assert [part.tables for part in parts if part.relations] == []
        dropped(con, parts)
