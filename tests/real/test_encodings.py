"""Every real text export, written in every encoding that can hold it and with every separator, gives the same rows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi.errors import KpiError
from kpi.ingest import Defaults, read_file
from kpi.ingest.dialect import dialect_of
from kpi.ingest.encoding import encoding_of
from kpi.ingest.recognise import known_label_count

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "exports"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared files are not beside the project"),
]
FILES = sorted(path for path in EXPORTS.glob("*/*") if path.suffix in (".csv", ".txt"))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "iso-8859-2")
ANSWERS = {"currency": "PLN", "day_first": True, "decimal": ".", "period": ("2026-03-01", "2026-03-31")}


def outcome(path: Path, content: bytes, name: str) -> list[Any]:
    """Formats, fates of rows and the rows themselves, or the reason why there are none."""
    path.write_bytes(content)
    with duckdb.connect() as con:
        try:
            parts = read_file(con, path, name, answers=ANSWERS, recall=lambda _: {}, defaults=Defaults())
        except KpiError as error:
            return [str(error)]
        return [
            (
                part.format,
                part.rows,
                [q.key for q in part.questions],
                *(_rows(con, part.relations[t]) for t in part.tables),
            )
            for part in parts
        ]


def _rows(con: Any, relation: str) -> list[tuple[Any, ...]]:
    return con.execute(f"select * from {relation} order by all").fetchall()


def text_of(path: Path) -> str:
    with path.open(encoding=encoding_of(path, path.name), newline="") as file:
        return file.read().lstrip("\ufeff")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_encoding_that_can_hold_it_gives_the_same_rows(path: Path, tmp_path: Path) -> None:
    text, written = text_of(path), []
    expected = outcome(tmp_path / "file", path.read_bytes(), path.name)
    for encoding in ENCODINGS:
        try:
            content = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        written.append(encoding)
        assert outcome(tmp_path / "file", content, path.name) == expected, encoding
    assert len(written) >= 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_separator_gives_the_same_rows(path: Path, tmp_path: Path) -> None:
    text = text_of(path)
    dialect = dialect_of(text, known_label_count)
    if not dialect.is_quoted:
        pytest.skip("its quotation marks are plain characters")
    expected = outcome(tmp_path / "file", path.read_bytes(), path.name)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter))
    rows = [row for row in rows if not re.fullmatch("sep=.?", "".join(row))] if text.startswith("sep=") else rows
    for separator in ",;\t|":
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
        found = outcome(tmp_path / "file", out.getvalue().encode(), path.name)
        assert [part[:3] for part in found] == [part[:3] for part in expected], separator
