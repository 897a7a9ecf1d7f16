"""A large sheet read in blocks gives, cell by cell, what the reader by cell gives."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from kpi import KpiError, Workspace
from kpi.ingest import bulksheet, sheets, sheetxml
from kpi.ingest.ahead import ahead
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from tests.ingest.hostile_files import bombs, cell, workbook
from tests.ingest.reading import IS_MANY

Rows = list[tuple[Any, ...]]
HEADER = ["Order ID", "Order date", "Total", "Note"]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few rows are many blocks."""
    for module, name, value in (
        (sheetxml, "LARGE_SHEET", 0),
        (sheetxml, "_BLOCK", 1 << 10),
        (bulksheet, "_HEAD_ROWS", 6),
        (bulksheet, "_SAMPLE", 3),
        (bulksheet, "_BATCH", 2),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with duckdb.connect(config={"threads": 1}) as con:
        yield Scratch(con)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets") / "book.xlsx"


def by_cell(scratch: Scratch, path: Path, sheet: str) -> list[Section]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "has_large_sheet", lambda path: False)
        return list(sheets.sheet_sections(scratch, path, path.name, sheet, lambda: None))


def in_bulk(scratch: Scratch, path: Path, content: bytes) -> bool:
    """Whether the first sheet is read in bulk; then it is what the reader by cell finds."""
    path.write_bytes(content)
    sheet = sheets.sheet_names(path, path.name)[0]
    bulk = bulksheet.bulk_sheet(scratch, path, sheet, sheets._records)
    if bulk is None:
        return False
    (slow,) = by_cell(scratch, path, sheet)
    assert (bulk.header, bulk.header_row, bulk.preamble) == (slow.header, slow.header_row, slow.preamble)
    assert bulk.rows.sample[:3] == slow.rows.sample[:3]
    assert bulk.has_typed_cells
    assert (len(bulk.rows), bulk.misfit_count, slow.misfit_count) == (len(slow.rows), 0, 0)
    assert rows_of(scratch, bulk) == rows_of(scratch, slow)
    return True


def rows_of(scratch: Scratch, section: Section) -> Rows:
    return scratch.rows(f"FROM {section.rows.table()} ORDER BY row_no")


def saved(
    rows: list[list[Any]], *, is_streamed: bool = False, formats: dict[int, str] | None = None, is_mac: bool = False
) -> bytes:
    """The rows below a header by openpyxl: texts shared among cells, or each in its cell."""
    book = openpyxl.Workbook(write_only=is_streamed)
    book.epoch = CALENDAR_MAC_1904 if is_mac else CALENDAR_WINDOWS_1900
    sheet = book.create_sheet("Orders") if is_streamed else book.active
    for row in [HEADER, *rows]:
        sheet.append(row)
    for column, form in (formats or {}).items():
        for row in range(2, len(rows) + 2):
            sheet.cell(row, column).number_format = form
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def orders(count: int, *cells: Any) -> list[list[Any]]:
    return [[f"A-{n}", datetime(2026, 3, 1, 8) + timedelta(hours=n), n / 4, *(cells or ("x",))] for n in range(count)]


def written(rows: list[str], texts: str = "") -> bytes:
    """The XML of rows below a header."""
    names = "".join(cell(f"{'ABCD'[i]}1", name) for i, name in enumerate(HEADER))
    body = "".join(f'<row r="{n}">{row.replace("@", str(n))}</row>' for n, row in enumerate(rows, start=2))
    return workbook(f'<row r="1">{names}</row>{body}', texts=texts)


ROW = '<c r="A@" t="inlineStr"><is><t>A-@</t></is></c><c r="B@"><v>@</v></c><c r="C@"><v>@.5</v></c>'

texts = st.text(st.sampled_from("aŁ€ 19.,-_x\n&<>\"'\u00a0\u3000#ó"), max_size=6)
numbers = st.one_of(
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-1000, 1000).map(lambda value: round(value, 3)),
    st.sampled_from([0.0, -0.0, 1.234, 0.00001, 29.020000000000003, 1e15, 123456.789, 999999999999999.0]),
)
days = st.one_of(
    st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1)),
    st.dates(date(1899, 12, 31), date(2100, 1, 1)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
anything = st.one_of(
    texts, numbers, days, st.booleans(), st.none(), st.sampled_from(["#N/A", "#DIV/0!", "NA", "=1+1", "", "nan", "007"])
)


@given(data=st.lists(st.tuples(texts, days, numbers, anything), min_size=8, max_size=40), is_streamed=st.booleans())
@settings(
    max_examples=100 if IS_MANY else 30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_stands_in_the_cells_both_readers_agree(
    scratch: Scratch, file: Path, data: Rows, is_streamed: bool
) -> None:
    rows = [[f"A-{n}", *row] for n, (_, *row) in enumerate(data)]
    assert in_bulk(scratch, file, saved(rows, is_streamed=is_streamed))


@pytest.mark.parametrize("is_streamed", [False, True])
def test_plain_orders_are_read_in_bulk(scratch: Scratch, file: Path, is_streamed: bool) -> None:
    assert in_bulk(scratch, file, saved(orders(200), is_streamed=is_streamed))


serials = st.one_of(
    st.floats(0, 80_000),
    st.integers(0, 2_958_465).map(float),
    st.integers(61, 60_000).flatmap(lambda day: st.sampled_from([day + 1e-9, day - 1e-9, day + 0.5, day + 2 / 86_400])),
    st.integers(0, 40_000 * 86_400_000).map(lambda ms: ms / 86_400_000),
)


@given(data=st.lists(st.tuples(serials, serials, numbers), min_size=8, max_size=40), is_mac=st.booleans())
@settings(max_examples=60 if IS_MANY else 20, deadline=None)
def test_numbers_shown_as_days_hours_and_percents_are_what_the_reader_by_cell_finds(
    scratch: Scratch, file: Path, data: Rows, is_mac: bool
) -> None:
    rows = [[f"A-{n}", *row] for n, row in enumerate(data)]
    formats = {2: "yyyy-mm-dd hh:mm", 3: "[h]:mm:ss", 4: "0.00%"}
    assert in_bulk(scratch, file, saved(rows, formats=formats, is_mac=is_mac))


@pytest.mark.parametrize(
    "written_as",
    [
        "<c r='D@' t='inlineStr'><is><t>x</t></is></c>",
        '<c r="D@" t="inlineStr"><is><t>a &amp; b</t></is></c>',
        '<c r="D@" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
        '<c r="D@" t="inlineStr"><is><t> a </t></is></c>',
        '<c r="D@" t="inlineStr"><is><r><rPr><color rgb="FF"/></rPr><t>a</t></r><r><t>b</t></r></is></c>',
        '<c r="D@" t="inlineStr"><is><t>a_x000D_b\n\tc</t></is></c>',
        '<c r="D@" t="inlineStr"><is><t></t></is></c>',
        '<c r="D@" t="str"><f>A1&amp;"x"</f><v>a</v></c>',
        '<c r="D@" t="str"><v>0012</v></c>',
        '<c r="D@"><f t="shared" si="0"/><v>12.500</v></c>',
        '<c r="D@" t="b"><v>1</v></c>',
        '<c r="D@" t="e"><v>#N/A</v></c>',
        '<c r="D@" t="d"><v>2026-03-01T10:00:00</v></c>',
        '<c r="D@" s="0"></c>',
        '<c r="D@" t="s"/>',
        '<c r="D@"><v></v></c>',
        '<c r="D@"><v> 12 </v></c>',
        '<c r="D@"><v>+1.50E-3</v></c>',
        '<c r="D@"><v>1e400</v></c>',
        '<c r="D@"><v>007</v></c>',
        '<c r="D@" t="n" cm="1"><v>00.100</v></c>',
        '<c r="D@"><v>1_0</v></c>',
        '<c r="D@"><v>12</v> </c>',
        '<c r="D@"><f>A@</f></c>',
        '<c r="D@" t="inlineStr"><is><t>last</t></is></c><c r="E@" s="3"/>',
    ],
)
def test_every_way_of_writing_a_cell_is_read_as_by_cell(scratch: Scratch, file: Path, written_as: str) -> None:
    is_plain = "'" not in written_as
    assert in_bulk(scratch, file, written([ROW + written_as] * 9)) == is_plain
    assert in_bulk(scratch, file, written([ROW] * 30 + [ROW + written_as])) == is_plain


def test_shared_texts_are_those_of_the_reader_by_cell(scratch: Scratch, file: Path) -> None:
    shared = (
        "<si><t>one</t></si><si/><si><t xml:space='preserve'> b </t></si><si><r><t>c&lt;</t></r><r><t>d</t></r></si>"
    )
    rows = [f'{ROW}<c r="D@" t="s"><v>{n % 4}</v></c>' for n in range(40)]
    assert in_bulk(scratch, file, written(rows, shared))
    assert not in_bulk(scratch, file, written([*rows, ROW], ""))


def test_a_total_at_the_end_is_a_row_like_any_other(scratch: Scratch, file: Path) -> None:
    assert in_bulk(scratch, file, saved([*orders(30), ["Suma", None, 12.5, None]]))


NOT_PLAIN = {
    "a row without cells": [ROW] * 20 + [""] + [ROW] * 9,
    "a row of blanks": [ROW] * 20 + [cell("A@", "\u00a0")] + [ROW] * 9,
    "the header again": [ROW] * 20 + [cell("A@", "Order ID") + cell("B@", "Order date")] + [ROW] * 9,
    "a cell behind the last column": [ROW] * 20 + [ROW + cell("E@", "x")] + [ROW] * 9,
    "a cell far away": [ROW] * 20 + [ROW + cell("XFD@", "x")],
    "a cell without a name": [ROW] * 20 + [ROW + "<c><v>1</v></c>"],
    "a cell in small letters": [ROW] * 20 + [ROW + cell("d@", "x")],
    "a cell twice": [ROW] * 20 + [ROW + '<c r="C@"><v>9</v></c>'],
    "a cell of a row above": [ROW] * 20 + [ROW + cell("D9", "x")],
    "a cell of a row far below": [ROW] * 20 + [cell("A9999", "x")],
    "a comment": [ROW] * 20 + [ROW + "<!-- </row> -->"],
    "data not parsed": [ROW] * 20 + [ROW + '<c r="D@" t="inlineStr"><is><t><![CDATA[</c>]]></t></is></c>'],
}


@pytest.mark.parametrize("case", NOT_PLAIN)
def test_what_is_not_one_plain_table_is_left_to_the_reader_by_cell(scratch: Scratch, file: Path, case: str) -> None:
    assert in_bulk(scratch, file, written([ROW] * 30))
    assert not in_bulk(scratch, file, written(NOT_PLAIN[case]))


def test_rows_in_another_order_are_left_to_the_reader_by_cell(scratch: Scratch, file: Path) -> None:
    xml = "".join(f'<row r="{n}">{ROW.replace("@", str(n))}</row>' for n in (*range(2, 40), 5))
    head = "".join(cell(f"{'ABCD'[i]}1", name) for i, name in enumerate(HEADER))
    assert not in_bulk(scratch, file, workbook(f'<row r="1">{head}</row>{xml}'))


def test_rows_on_lines_of_their_own_are_read_in_bulk(scratch: Scratch, file: Path) -> None:
    xml = "".join(f'<row r="{n}" spans="1:4" ht="15">{ROW.replace("@", str(n))}</row>\r\n' for n in range(2, 40))
    head = "".join(cell(f"{'ABCD'[i]}1", name) for i, name in enumerate(HEADER))
    assert in_bulk(scratch, file, workbook(f'<row r="1">{head}</row>\n{xml}'))


@pytest.mark.parametrize(
    "name", [name for name in bombs() if name.endswith((".xlsx", ".ods")) and name != "empty.xlsx"]
)
def test_a_bomb_is_refused_though_its_sheet_is_large(name: str) -> None:
    content, reason = bombs()[name]
    with Workspace(":memory:") as shop, pytest.raises(KpiError, match=re.escape(reason)):
        shop.add(content, name=name)


def test_a_small_sheet_beside_a_large_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetxml, "LARGE_SHEET", 20_000)
    book = openpyxl.Workbook()
    for title, count in (("Small", 3), ("Large", 400)):
        sheet = book.create_sheet(title)
        for row in [HEADER, *orders(count, title)]:
            sheet.append(row)
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    with Workspace(":memory:") as shop:
        load = shop.add(file.getvalue(), name="book.xlsx", answers={"currency": "PLN"})
    assert [(part.name, part.rows.loaded) for part in load.parts] == [("Small", 3), ("Large", 400)]


def test_items_made_ahead_keep_their_order_and_their_errors() -> None:
    def items() -> Iterator[int]:
        yield from range(5)
        raise ValueError("the sixth")

    found = ahead(items())
    assert [next(found) for _ in range(5)] == [*range(5)]
    with pytest.raises(ValueError, match="sixth"):
        next(found)
