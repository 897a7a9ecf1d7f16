"""The XML of one sheet of an xlsx workbook, in blocks of whole rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineSheet, CalamineWorkbook

LARGE_SHEET = 8 << 20
"""Bytes of a sheet's XML from which on it is worth reading in bulk: ten thousand rows or so."""

_BLOCK = 1 << 20
_LARGEST_TEXTS = 64 << 20
_LARGEST_INDEX = 1 << 20
_LONGEST_ROW = 16 << 20
_KEPT = frozenset(
    {"[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
)
_TEXTS = "xl/sharedstrings.xml"
_OPENING = re.compile(rb"<sheetData\s*>\s*$")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_CLOSING = re.compile(rb"\s*(?:<row[^<>]*/>\s*)*</sheetData>")
_TEXT = re.compile(rb"<si[\s/>]")
_ROOT = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


class NotPlain(Exception):
    """The sheet is written in a way that only the reader by cell knows."""


def is_large(entry: zipfile.ZipInfo) -> bool:
    """Whether a sheet's XML is worth reading in bulk."""
    return entry.file_size > LARGE_SHEET


def has_large_sheet(path: Path) -> bool:
    """Whether it is an xlsx file with such a sheet."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(is_large(it) and it.filename.casefold().startswith("xl/") for it in archive.infolist())


def sheet_entry(archive: zipfile.ZipFile, sheet: str) -> zipfile.ZipInfo | None:
    """The member of the archive that holds this sheet, or None where it cannot be told."""
    try:
        places = {it.get("Id"): it.get("Target", "") for it in _tree(archive, "xl/_rels/workbook.xml.rels")}
        book = _tree(archive, "xl/workbook.xml").iter()
        found = next(it for it in book if it.tag.endswith("}sheet") and it.get("name") == sheet)
        target = places[next(value for key, value in found.attrib.items() if key.endswith("}id"))]
        return archive.getinfo(target[1:] if target.startswith("/") else f"xl/{target}")
    except (KeyError, StopIteration, ElementTree.ParseError):
        return None


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _LARGEST_INDEX:
        raise KeyError(name)
    return ElementTree.fromstring(archive.read(name))


class SheetXml:
    """Blocks of rows, and any rows as a workbook of their own, so that their cells mean what they mean in this one."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sheet: str) -> None:
        self._archive, self._entry, self._sheet = archive, entry, sheet
        self._texts = next((it for it in archive.infolist() if it.filename.casefold() == _TEXTS), None)
        if self._texts and self._texts.file_size > _LARGEST_TEXTS:
            raise NotPlain

    def blocks(self) -> Iterator[bytes]:
        """From the first row to the last; each begins with a row and ends with one."""
        with self._archive.open(self._entry) as file:
            rest = _without_opening(file.read(_BLOCK))
            while block := file.read(_BLOCK):
                head, mark, rest = (rest + block).rpartition(b"</row>")
                if mark:
                    yield head + mark
                elif _CLOSING.match(rest):
                    return
                elif len(rest) > _LONGEST_ROW:
                    raise NotPlain
            head, mark, rest = rest.rpartition(b"</row>")
            if mark:
                yield head + mark
            if not _CLOSING.match(rest):
                raise NotPlain

    def read(self, rows: bytes, *, has_texts: bool = False) -> CalamineSheet:
        """These rows, read by cell. `has_texts`: with the texts that the workbook's cells share.

        Raises: NotPlain.
        """
        kept = {*_KEPT, _TEXTS} if has_texts else _KEPT
        book = io.BytesIO()
        with zipfile.ZipFile(book, "w") as target:
            for it in self._archive.infolist():
                if it.filename.casefold() in kept:
                    target.writestr(it.filename, self._archive.read(it))
            target.writestr(self._entry.filename, _ROOT + rows + b"</sheetData></worksheet>")
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(book.getvalue())).get_sheet_by_name(self._sheet)
        except Exception as error:
            raise NotPlain from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise NotPlain from error

    def texts(self) -> list[str]:
        """The texts that cells share, as the reader by cell reads them."""
        if self._texts is None:
            raise NotPlain
        count = len(_TEXT.findall(self._archive.read(self._texts)))
        cells = (b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (i + 1, i + 1, i) for i in range(count))
        found = self.read(b"".join(cells), has_texts=True).to_python(skip_empty_area=False)
        texts = [row[0] for row in found]
        return texts + [""] * (count - len(texts))


def _without_opening(block: bytes) -> bytes:
    opening, mark, rest = block.partition(b"<row")
    if not mark or not _OPENING.search(opening) or _ENCODING.search(opening):
        raise NotPlain
    return mark + rest
