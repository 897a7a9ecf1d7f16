"""Every real text export, written in every encoding that can hold it and with every separator, gives the same rows."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpi.errors import KpiError
from kpi.ingest.dialect import dialect_of
from kpi.ingest.encoding import encoding_of
from kpi.ingest.recognise import known_label_count
from tests.ingest.corpus import ENCODINGS, SEPARATORS
from tests.ingest.reading import IS_MANY, connection, dropped, read

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "exports"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared files are not beside the project"),
]
FILES = sorted(path for path in EXPORTS.glob("*/*") if path.suffix in (".csv", ".txt", ".zip"))
FEW = 3
Row = list[str]


@pytest.fixture
def con() -> Iterator[Any]:
    with connection() as con:
        yield con


def outcome(con: Any, path: Path, content: bytes, name: str) -> list[Any]:
    """Formats, fates of rows, questions and the rows themselves, or the reason why there are none."""
    try:
        parts = read(con, path, content, name=name)
    except KpiError as error:
        return [str(error)]
    found = [
        (
            part.format,
            part.rows,
            [question.key for question in part.questions],
            *(con.execute(f"select * from {part.relations[t]} order by all").fetchall() for t in part.tables),
        )
        for part in parts
    ]
    dropped(con, parts)
    return found


def texts(path: Path) -> dict[str, str]:
    """The text of the file, or of each member of a zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    with path.open(encoding=encoding_of(path, path.name), newline="") as file:
        return {"": file.read().lstrip("\ufeff")}


def rows(text: str) -> list[Row]:
    dialect = dialect_of(text, known_label_count)
    quoting = csv.QUOTE_MINIMAL if dialect.is_quoted else csv.QUOTE_NONE
    found = list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, quoting=quoting))
    return [row for row in found if not re.fullmatch("sep=.?", "".join(row))] if text.startswith("sep=") else found


def written(path: Path, encoding: str, separator: str | None) -> bytes:
    """The file anew; without a separator its lines stay to the letter.

    Raises: UnicodeEncodeError: the encoding cannot hold it.
    """
    members = {name: _written(text, separator).encode(encoding) for name, text in texts(path).items()}
    if path.suffix != ".zip":
        return members[""]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _written(text: str, separator: str | None) -> str:
    if separator is None:
        return text
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows(text))
    return out.getvalue()


def can_hold(path: Path, encoding: str) -> bool:
    try:
        written(path, encoding, None)
    except UnicodeEncodeError:
        return False
    return True


def ways(path: Path) -> list[tuple[str, str | None]]:
    """Every encoding with the lines to the letter, and every separator in one of the encodings."""
    encodings = [encoding for encoding in ENCODINGS if can_hold(path, encoding)]
    assert set(ENCODINGS) - set(encodings) <= {"cp1250", "iso-8859-2"}
    turned = encodings[FILES.index(path) % len(encodings) :] + encodings
    return [*((encoding, None) for encoding in encodings), *zip(turned, SEPARATORS, strict=False)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_neither_encoding_nor_separator_changes_a_row(con: Any, tmp_path: Path, path: Path) -> None:
    """All ways in continuous integration, else a few."""
    expected = outcome(con, tmp_path / "file", path.read_bytes(), path.name)
    every = ways(path)
    for encoding, separator in every if IS_MANY else random.Random(path.name).sample(every, FEW):
        content = written(path, encoding, separator)
        assert outcome(con, tmp_path / "file", content, path.name) == expected, (encoding, separator)
