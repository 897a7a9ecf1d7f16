"""A small file of every format: it is known, and the same rows come out of it however it is written.

Few writings a file while people wait, many in continuous integration.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kpi.ingest.formats import formats
from kpi.ingest.labels import normalised
from tests.ingest.corpus import ENCODINGS, NEWLINES, SEPARATORS, Sheet, sheets
from tests.ingest.reading import ANSWERS, IS_MANY, connection, dropped, read, rows_of

SHEETS = sheets()
NAMES = [f"{number} {sheet.format}" for number, sheet in enumerate(SHEETS)]
WRITINGS = math.ceil(250 / len(SHEETS)) if IS_MANY else 1


@pytest.fixture
def con() -> Iterator[Any]:
    with connection() as con:
        yield con


def test_the_corpus_has_every_format() -> None:
    assert {sheet.format for sheet in SHEETS} == {known.id for known in formats() if not known.is_card}


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_what_is_written_as_a_format_is_taken_for_one_of_its_platform(con: Any, tmp_path: Path, sheet: Sheet) -> None:
    """Not always for that one: with the columns of all reports of a platform, the table is most like the fullest."""
    parts = read(con, tmp_path / "file", sheet.content, ANSWERS | sheet.answers, name=sheet.name)
    platforms = {known.id: known.platform for known in formats()}
    assert [platforms.get(part.format or "") for part in parts] == [platforms[sheet.format]]
    assert all(part.rows.are_conserved for part in parts)
    dropped(con, parts)


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_neither_encoding_nor_separator_nor_line_end_changes_a_row(con: Any, tmp_path: Path, sheet: Sheet) -> None:
    plain = read(con, tmp_path / "file", sheet.content, ANSWERS | sheet.answers, name=sheet.name)
    expected = rows_of(con, plain)
    dropped(con, plain)
    ways = [(e, s, n) for e in ENCODINGS if sheet.can_be(e) for s in SEPARATORS for n in NEWLINES]
    for encoding, separator, newline in random.Random(sheet.rows[0][0]).sample(ways, WRITINGS):
        parts = read(
            con,
            tmp_path / "file",
            replace(sheet, encoding=encoding, separator=separator, newline=newline).content,
            ANSWERS | sheet.answers,
            name=sheet.name,
        )
        assert rows_of(con, parts) == expected, (encoding, separator, newline)
        dropped(con, parts)


def test_the_labels_of_the_corpus_are_those_of_the_formats() -> None:
    known = {it.id: it for it in formats()}
    for sheet in SHEETS:
        assert sum(known[sheet.format].knows(normalised(label)) for label in sheet.rows[0]) >= 2
