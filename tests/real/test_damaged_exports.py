"""Damaged copies of all known exports: rows are conserved, nothing falls over, no amount is silently nothing."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from kpi.errors import KpiError
from kpi.ingest.dialect import dialect_of
from kpi.ingest.encoding import encoding_of
from kpi.ingest.recognise import known_label_count
from tests.ingest.corpus import ENCODINGS, NEWLINES, SEPARATORS, damaged_bytes, damaged_rows
from tests.ingest.reading import IS_MANY, amounts, connection, dropped, read, silent_zeros

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "exports"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared files are not beside the project"),
]
FILES = sorted(path for path in EXPORTS.glob("*/*") if path.is_file())
ALL = 12
COPIES = ALL if IS_MANY else 1
Copy = tuple[bytes, frozenset[str]]


@pytest.fixture
def con() -> Iterator[Any]:
    with connection() as con:
        yield con


def damaged(path: Path, number: int) -> Copy:
    """A damaged copy of a text, of one member of a zip or of a workbook, and the labels that are gone with it."""
    chance = random.Random(f"{path.name} {number}")
    if path.suffix == ".zip":
        return _damaged_zip(path, chance)
    if path.suffix == ".xlsx":
        return _damaged_workbook(path, chance)
    return _damaged_text(path.read_bytes(), _text(path), chance)


def _text(path: Path) -> str:
    with path.open(encoding=encoding_of(path, path.name), newline="") as file:
        return file.read().lstrip("\ufeff")


def _damaged_text(content: bytes, text: str, chance: random.Random) -> Copy:
    """Half of the copies keep their writing, for its lines and quotation marks are what may be broken."""
    dialect = dialect_of(text, known_label_count)
    quoting = csv.QUOTE_MINIMAL if dialect.is_quoted else csv.QUOTE_NONE
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, quoting=quoting))
    header = max(range(len(rows)), key=lambda place: (known_label_count(tuple(rows[place])), -place))
    table, gone = damaged_rows(rows[header:], chance)
    out = io.StringIO()
    is_kept = chance.random() < 0.5
    separator = dialect.delimiter if is_kept else chance.choice(SEPARATORS)
    newline = "\n" if is_kept else chance.choice(NEWLINES)
    csv.writer(out, delimiter=separator, lineterminator=newline).writerows([*rows[:header], *table])
    encoding = "utf-8" if is_kept else chance.choice(ENCODINGS)
    return damaged_bytes(out.getvalue().encode(encoding, errors="replace"), chance), gone


def _damaged_zip(path: Path, chance: random.Random) -> Copy:
    out, gone = io.BytesIO(), frozenset[str]()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        names = archive.namelist()
        chosen = chance.choice([name for name in names if archive.read(name).strip().count(b"\n")])
        for name in names:
            content = archive.read(name)
            if name == chosen:
                content, gone = _damaged_text(content, content.decode("utf-8-sig"), chance)
            copy.writestr(name, content)
    return _perhaps_broken(out.getvalue(), chance), gone


def _damaged_workbook(path: Path, chance: random.Random) -> Copy:
    source = CalamineWorkbook.from_path(path)
    rows = source.get_sheet_by_index(0).to_python()
    table, gone = damaged_rows([[str(cell) for cell in row] for row in rows], chance)
    book = openpyxl.Workbook()
    book.active.title = source.sheet_names[0]
    for row in table:
        book.active.append([cell.replace("\0", "") for cell in row])
    out = io.BytesIO()
    book.save(out)
    return _perhaps_broken(out.getvalue(), chance), gone


def _perhaps_broken(content: bytes, chance: random.Random) -> bytes:
    """A container whose own bytes are cut or changed in a quarter of the copies."""
    if chance.random() < 0.75:
        return content
    place = chance.randrange(len(content))
    return content[:place] if chance.random() < 0.5 else content[:place] + b"\x00\xff" + content[place + 2 :]


def test_there_are_twelve_different_damaged_copies_of_each_export() -> None:
    assert len(FILES) >= 25
    for path in FILES:
        contents = {damaged(path, number)[0] for number in range(ALL)}
        assert len(contents - {path.read_bytes()}) == ALL, path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_damage_is_survived_and_said(con: Any, tmp_path: Path, path: Path) -> None:
    whole = read(con, tmp_path / "file", path.read_bytes(), name=path.name)
    before, known = amounts(con, whole), {part.format for part in whole}
    dropped(con, whole)
    survivors = 0
    for number in range(COPIES):
        content, gone = damaged(path, number)
        try:
            parts = read(con, tmp_path / "file", content, name=path.name)
        except KpiError:
            continue
        survivors += 1
        assert all(part.rows.are_conserved for part in parts), number
        if not gone and {part.format for part in parts} == known:
            assert silent_zeros(before, amounts(con, parts)) == [], number
        dropped(con, parts)
    assert survivors > 0 or COPIES < 4
