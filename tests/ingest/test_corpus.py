"""A corpus of damaged copies of every format: rows are conserved, nothing falls over, no amount is silently nothing.

Few copies a file while people wait, many in continuous integration.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi.errors import KpiError
from kpi.ingest import Defaults, Part, read_file
from kpi.ingest.formats import canonical_tables, formats
from kpi.ingest.labels import normalised
from tests.ingest.corpus import ENCODINGS, NEWLINES, SEPARATORS, Sheet, damaged, sheets

SHEETS = sheets()
NAMES = [f"{number} {sheet.format}" for number, sheet in enumerate(SHEETS)]
IS_MANY = bool(os.environ.get("CI"))
# of each file: with the other damaged copies more than a thousand, or as many as take a minute, however many formats there are
COPIES = math.ceil(600 / len(SHEETS)) if IS_MANY else max(1, 140 // len(SHEETS))
WRITINGS = math.ceil(280 / len(SHEETS)) if IS_MANY else max(1, 56 // len(SHEETS))
STRANGERS = 200
ANSWERS = {"currency": "PLN", "day_first": True, "decimal": ".", "period": ("2026-03-01", "2026-03-31")}
Amounts = dict[tuple[str, str], tuple[int, int]]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


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
            for column, kind in canonical_tables()[table]["columns"].items():
                if kind == "money" and column in held:
                    sql = f"select count(*), count(*) filter (where {column} <> 0) from {relation}"
                    found[table, column] = con.execute(sql).fetchall()[0]
    return found


def rows_of(con: Any, parts: tuple[Part, ...]) -> list[tuple[Any, ...]]:
    return [
        (part.format, part.rows.loaded, table, *con.execute(f"select * from {name} order by all").fetchall())
        for part in parts
        for table, name in sorted(part.relations.items())
    ]


def dropped(con: Any, parts: tuple[Part, ...]) -> None:
    for part in parts:
        part.drop(con)
    assert con.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]


def test_the_corpus_has_every_format() -> None:
    assert {sheet.format for sheet in SHEETS} == {known.id for known in formats() if not known.is_card}


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_what_is_written_as_a_format_is_taken_for_one_of_its_platform(con: Any, tmp_path: Path, sheet: Sheet) -> None:
    """Not always for that one: with the columns of all reports of a platform, the table is most like the fullest."""
    parts = read(con, tmp_path / "file", sheet.content, name=sheet.name)
    platforms = {known.id: known.platform for known in formats()}
    assert [platforms.get(part.format or "") for part in parts] == [platforms[sheet.format]]
    assert all(part.rows.are_conserved for part in parts)
    dropped(con, parts)


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_damage_is_survived_and_said(con: Any, tmp_path: Path, sheet: Sheet) -> None:
    whole = read(con, tmp_path / "file", sheet.content, name=sheet.name)
    filled = {key for key, (_, positive) in amounts(con, whole).items() if positive}
    dropped(con, whole)
    for number in range(COPIES):
        seed = f"{sheet.format} {sheet.rows[0][0]} {number}"
        content, gone = damaged(sheet, seed)
        try:
            parts = read(con, tmp_path / "file", content, name=sheet.name)
        except KpiError:
            continue
        assert all(part.rows.are_conserved for part in parts), seed
        if not gone:
            nothing = [
                key
                for key, (rows, positive) in amounts(con, parts).items()
                if key in filled and rows > 3 and not positive and parts[0].format == sheet.format
            ]
            assert nothing == [], seed
        dropped(con, parts)


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_neither_encoding_nor_separator_nor_line_end_changes_a_row(con: Any, tmp_path: Path, sheet: Sheet) -> None:
    plain = read(con, tmp_path / "file", sheet.content, name=sheet.name)
    expected = rows_of(con, plain)
    dropped(con, plain)
    ways = [(e, s, n) for e in ENCODINGS for s in SEPARATORS for n in NEWLINES]
    for encoding, separator, newline in random.Random(sheet.rows[0][0]).sample(ways, WRITINGS):
        parts = read(
            con,
            tmp_path / "file",
            replace(sheet, encoding=encoding, separator=separator, newline=newline).content,
            name=sheet.name,
        )
        assert rows_of(con, parts) == expected, (encoding, separator, newline)
        dropped(con, parts)


def stranger(seed: int) -> bytes:
    """A file that is no export: a log, a price list, a poem, a matrix, lines of JSON, German or random words."""
    chance = random.Random(seed)
    word = lambda: "".join(chance.choices("abcdefghijklmnoprstuwzäöüß", k=chance.randint(2, 11)))  # noqa: E731
    lines = range(chance.randint(2, 40))
    match seed % 8:
        case 0:
            text = "\n".join(
                f'10.0.{i}.7 - - [0{1 + i % 9}/Mar/2026:10:0{i % 9}:01 +0100] "GET /{word()} HTTP/1.1" 200 {i * 97}'
                for i in lines
            )
        case 1:
            text = "Artikelnummer;Bezeichnung;Verpackung;Gewicht\n"
            text += "\n".join(f"{i};{word()};{word()};{i},5" for i in lines)
        case 2:
            text = "\n".join(" ".join(word() for _ in range(chance.randint(3, 9))).capitalize() + "," for _ in lines)
        case 3:
            text = "\n".join(",".join(f"{chance.gauss(0, 9):.4f}" for _ in range(7)) for _ in lines)
        case 4:
            text = "\n".join(f'{{"{word()}": {i}, "{word()}": "{word()}"}}' for i in lines)
        case 5:
            text = "\n".join(" ".join(word() for _ in range(30)) + "." for _ in lines)
        case 6:
            header = list(dict.fromkeys(word() for _ in range(chance.randint(2, 9))))
            text = "\n".join("\t".join(row) for row in [header, *([word() for _ in header] for _ in lines)])
        case _:
            header = ["Lp.", "Kolor", "Rozmiar", "Uwagi", word()]
            text = "\n".join(";".join([str(i), *(word() for _ in header[1:])]) for i in lines)
            text = ";".join(header) + "\n" + text
    return text.encode()


def test_what_is_no_export_is_not_taken_for_one(con: Any, tmp_path: Path) -> None:
    taken = []
    for seed in range(STRANGERS):
        try:
            parts = read(con, tmp_path / "file", stranger(seed), {})
        except KpiError:
            continue
        known = {it.id for it in formats()}
        taken += [(seed, part.format) for part in parts if part.format in known and part.confidence >= 0.6]
        taken += [(seed, part.tables) for part in parts if part.relations]
        dropped(con, parts)
    assert taken == []


def test_the_labels_of_the_corpus_are_those_of_the_formats() -> None:
    known = {it.id: it for it in formats()}
    for sheet in SHEETS:
        assert sum(known[sheet.format].knows(normalised(label)) for label in sheet.rows[0]) >= 2
