"""What a file is by its first bytes, and the tables' files inside it: zip members, sheets, or the file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from kpi.errors import UnreadableFile
from kpi.ingest.archive import archive_members, check_sheets, check_size, extracted, is_workbook
from kpi.ingest.parquet import parquet_sections
from kpi.ingest.part import Limits
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.sheets import sheet_names, sheet_sections
from kpi.ingest.textfile import text_sections
from kpi.wording.message import Message, message

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet", ".zip")
"""Of the names of files that are taken in."""

_OLE = b"\xd0\xcf\x11\xe0"
_PARQUET = b"PAR1"
_FOREIGN = (
    (b"%PDF", message("It is a PDF, not a table.")),
    (b"\x89PNG", message("It is a picture, not a table.")),
    (b"\xff\xd8\xff", message("It is a picture, not a table.")),
    (b"<!doctype html", message("It is a web page, not a table.")),
    (b"<html", message("It is a web page, not a table.")),
)
_PACKED = (
    (b"\x1f\x8b", message("It is packed with gzip.")),
    (b"Rar!", message("It is packed with RAR.")),
    (b"7z\xbc\xaf", message("It is packed with 7-Zip.")),
)


@dataclass(frozen=True)
class Member:
    """One readable thing: `path` is where it stands inside the file, `name` what hints at its period and format."""

    path: tuple[str, ...]
    name: str
    sections: Callable[[Scratch], Iterator[Section]]


def members(path: Path, name: str, limits: Limits, *, is_inside: bool = False) -> list[Member]:
    """The members, opened only when their sections are asked for. Raises: UnreadableFile."""
    with path.open("rb") as file:
        head = file.read(512)
    for mark, detail in _FOREIGN:
        if head.lstrip().lower().startswith(mark.lower()):
            raise unreadable(name, detail)
    for mark, detail in _PACKED:
        if head.startswith(mark):
            raise UnreadableFile(name, detail, message("Unpack it and add the files that you need one by one."))
    if head.startswith(_PARQUET):
        return [Member((), name, partial(parquet_sections, path=path, name=name))]
    if head.startswith(b"PK") and not is_workbook(path, name):
        if is_inside:
            raise unreadable(name, message("It is a zip file inside a zip file."))
        return _zip_members(path, name, limits)
    if head.startswith((b"PK", _OLE)):
        if head.startswith(b"PK"):
            check_size(path, name, limits)
            check_sheets(path, name)
        return _sheet_members(path, (), name)
    return [Member((), name, partial(text_sections, path=path, name=name, limits=limits))]


def unreadable(name: str, detail: Message) -> UnreadableFile:
    return UnreadableFile(name, detail, message("Export the data again as CSV or XLSX and add that file."))


def _sheet_members(path: Path, inside: tuple[str, ...], name: str) -> list[Member]:
    sheets = sheet_names(path, name)
    check = cache(partial(check_sheets, path, name, has_large=True))
    return [
        Member(
            inside if len(sheets) == 1 else (*inside, sheet),
            name,
            partial(sheet_sections, path=path, name=name, sheet=sheet, check=check),
        )
        for sheet in sheets
    ]


def _zip_members(path: Path, name: str, limits: Limits) -> list[Member]:
    check_size(path, name, limits)
    return [_zip_member(path, name, entry, label, limits) for entry, label in archive_members(path, name)]


def _zip_member(path: Path, name: str, entry: str, label: str, limits: Limits) -> Member:
    def sections(scratch: Scratch) -> Iterator[Section]:
        with extracted(path, entry, label, limits) as file:
            for member in members(file, label, limits, is_inside=True):
                yield from member.sections(scratch)

    return Member((label,), f"{name} {label}", sections)
