"""Whatever happens to a file, its rows are conserved and nothing but a KpiError is raised."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import KpiError
from kpi.ingest import Defaults, Limits, Part, read_file
from tests.examples import examples

HEADER = ["Nazwa kampanii", "Dzień", "Płeć", "Wyświetlenia", "Wydana kwota (PLN)"]
CELL = st.text(st.characters(codec="cp1250", exclude_categories=("Cc",)), max_size=12)
AMOUNT = st.decimals(min_value=0, max_value=99_999, places=2)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Łódź", "Gęś; pasztet", 'Cytat "ą"', "A, b"]),
        st.sampled_from(["kobieta", "mężczyzna"]),
        st.integers(0, 10**6),
        AMOUNT,
    ),
    min_size=1,
    max_size=8,
)
SHARED = examples(8, 20)


def read(content: bytes, defaults: Defaults | None = None) -> tuple[tuple[Part, ...], list[list[tuple[object, ...]]]]:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        path = Path(folder) / "staged"
        path.write_bytes(content)
        parts = read_file(
            con,
            path,
            "x.csv",
            answers={"currency": "PLN", "day_first": True},
            recall=lambda _: {},
            defaults=defaults or Defaults(),
        )
        rows = [
            con.execute(f"SELECT * EXCLUDE row_no FROM {name} ORDER BY row_no").fetchall()
            for part in parts
            for name in part.relations.values()
        ]
        for part in parts:
            part.drop(con)
        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
        return parts, rows


def quoted(cell: object) -> str:
    return '"' + str(cell).replace('"', '""') + '"'


def written(rows: list[tuple[object, ...]], separator: str, decimal: str) -> str:
    lines = [separator.join(map(quoted, HEADER))]
    for campaign, gender, count, amount in rows:
        cells = [campaign, "2026-01-05", gender, count, str(amount).replace(".", decimal)]
        lines.append(separator.join(map(quoted, cells)))
    return "\r\n".join(lines) + "\r\n"


@SHARED
@given(
    ROWS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2"]),
    st.sampled_from(",;\t|"),
    st.sampled_from([Defaults(), Defaults(limits=Limits(small_file=1))]),
)
def test_encoding_and_separator_do_not_change_the_rows(
    rows: list[tuple[object, ...]], encoding: str, separator: str, defaults: Defaults
) -> None:
    (part,), (found,) = read(written(rows, separator, ".").encode(encoding), defaults)
    (plain,), (expected,) = read(written(rows, ",", ".").encode())
    assert found == expected
    assert part.rows == plain.rows
    assert part.rows.are_conserved


@SHARED
@given(ROWS)
def test_a_decimal_comma_does_not_change_the_rows(rows: list[tuple[object, ...]]) -> None:
    assert read(written(rows, ";", ",").encode())[1] == read(written(rows, ";", ".").encode())[1]


@examples(20, 50)
@given(ROWS, st.data(), st.sampled_from([Defaults(), Defaults(limits=Limits(small_file=1))]))
def test_damage_conserves_rows_and_raises_nothing_unforeseen(
    rows: list[tuple[object, ...]], data: st.DataObject, defaults: Defaults
) -> None:
    content = bytearray(
        written(rows, data.draw(st.sampled_from(",;")), ".").encode(
            data.draw(st.sampled_from(["utf-8", "utf-16", "cp1250"]))
        )
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        match data.draw(st.sampled_from(["cut", "swap", "insert"])):
            case "cut":
                del content[place : place + data.draw(st.integers(1, 40))]
            case "swap":
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=2))
            case "insert":
                content[place:place] = data.draw(
                    st.sampled_from([b'"', b"\n", b",", b";", b"\x00", b"9" * 400, b"=1+1", b"Suma", b"\xff"])
                )
    try:
        parts, _ = read(bytes(content), defaults)
    except KpiError:
        return
    assert all(part.rows.are_conserved for part in parts)


@SHARED
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        parts, _ = read(content)
    except KpiError:
        return
    assert all(part.rows.are_conserved for part in parts)
