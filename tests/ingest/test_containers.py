"""Zips and workbooks: each member a part, none of them a danger."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kpi.errors import UnreadableFile
from kpi.ingest import Defaults, Limits, Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
META = (
    "Campaign name,Impressions,Amount spent (PLN),Reporting starts,Reporting ends\nA,100,12.50,2026-09-01,2026-09-30\n"
)


def zipped(**members: str | bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_each_member_of_a_zip_is_a_part(read: Read) -> None:
    parts = read(zipped(**{"one.csv": META, "two.csv": META, "empty.csv": "", "__MACOSX/x": "junk"}), "all.zip")
    by_path = {part.path: part for part in parts}
    assert by_path[("one.csv",)].rows.loaded == by_path[("two.csv",)].rows.loaded == 1
    assert by_path[("empty.csv",)].format is None
    assert "could not be read" in str(by_path[("empty.csv",)].notes[0])


def test_a_member_of_another_kind_is_set_aside(read: Read) -> None:
    parts = read(zipped(**{"one.csv": META, "notes.csv": "Alpha,Beta\n1,2\n3,4\n"}))
    other = next(part for part in parts if part.format is None)
    assert (other.rows.read, other.rows.set_aside) == (2, 2)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "/abs/olute.csv", "C:\\x\\evil.csv", "a\nb.csv", "." * 300 + ".csv"]
)
def test_hostile_names_are_labels_only(read: Read, tmp_path: Path, name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, META)
    (part,) = read(file.getvalue(), "x.zip")
    assert part.rows.loaded == 1
    assert "/" not in part.path[0]
    assert "\n" not in part.path[0]
    assert [path.name for path in tmp_path.iterdir()] == ["staged"]


def test_a_bomb_is_refused_before_it_unfolds(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="unfold"):
        read(zipped(**{"bomb.csv": b"0" * 50_000_000}))
    assert [path.name for path in tmp_path.iterdir()] == ["staged"]


def test_too_many_members_are_refused(read: Read) -> None:
    members = {f"{i}.csv": META for i in range(4)}
    with pytest.raises(UnreadableFile):
        read(zipped(**members), defaults=Defaults(limits=Limits(members=3)))


def test_a_zip_in_a_zip_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="inside a zip"):
        read(zipped(**{"inner.zip": zipped(**{"one.csv": META})}))


def test_a_workbook_in_a_zip_is_read(read: Read) -> None:
    sheet = workbook(Data=[line.split(",") for line in META.splitlines()])
    (part,) = read(zipped(**{"report.xlsx": sheet}))
    assert part.rows.loaded == 1


def test_sheets_give_typed_cells_whatever_they_look_like(read: Read, table: Table) -> None:
    header = ["Campaign name", "Impressions", "Amount spent (PLN)", "Day"]
    rows = [header, ["A", 1234, 1.234, datetime(2026, 2, 1)], ["B", 5, 20, date(2026, 2, 3)]]
    (part,) = read(workbook(Data=rows), "report.xlsx")
    # 1.234 in a sheet is a little more than one, never a thousand
    assert table(part, "ad_spend", "impressions, cost_amount, period_start, row_no") == [
        (1234, Decimal("1.234"), date(2026, 2, 1), 2),
        (5, Decimal(20), date(2026, 2, 3), 3),
    ]


def test_every_sheet_is_a_part(read: Read) -> None:
    rows = [line.split(",") for line in META.splitlines()]
    parts = read(workbook(Jan=rows, Feb=rows, Empty=[]), "report.xlsx")
    assert [(part.path, part.rows.loaded) for part in parts] == [(("Jan",), 1), (("Feb",), 1), (("Empty",), 0)]


def test_a_workbook_bomb_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="unfold"):
        read(zipped(**{"[Content_Types].xml": b" " * 50_000_000}), "x.xlsx")
