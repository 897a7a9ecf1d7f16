"""How much memory a workbook would take, reckoned from its XML before any program opens it.

A reader of workbooks holds a sheet as a full rectangle and each text once a cell. A file of two kilobytes may name a
single cell in the last corner of a sheet, or one long text in a million cells, and either would end the server.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from kpi.ingest.bounds import OutOfBounds
from kpi.ingest.sheetcells import cells_in
from kpi.ingest.sheetxml import NotPlain, is_large
from kpi.wording.message import message

MOST_CELLS = 30_000_000
"""Of the smallest rectangle that holds all of a sheet; a cell takes about 24 bytes."""

MOST_TEXT = 1 << 30
"""Bytes of all texts of a workbook, each counted as often as it is used."""

MOST_XML = 2 << 30
"""Bytes of all parts of a workbook."""

_BLOCK = 4 << 20
_SHORTEST_USE = len('<c t="s"><v>0</v></c>')
_WIDTHS = (26, 702, 16_384)
_LAST_ROW = 1_048_576
_TWO_LETTERS, _THREE_LETTERS = (re.compile(rb"r\s*=\s*[\"'][A-Za-z]{%d}\d" % n) for n in (2, 3))
_PLACE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{0,3})(\d{1,7})")
_TAG = re.compile(rb"<(?:[\w.-]+:)?(row|c)((?:\s[^>]*)?)/?>")
_PREFIXED = re.compile(rb":(?:row|c)[\s/>]")
_TEXT_USED = re.compile(rb"t\s*=\s*[\"']s[\"'][^>]*>\s*<(?:[\w.-]+:)?v>\s*(\d+)")
_REPEATED = re.compile(
    rb"<table:table-(row|cell)\b([^>]*?)(/?)>|</table:table-(row)>|<table:covered-table-(cell)\b([^>]*?)(/?)>"
)
_TIMES = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d+)")


def check_workbook(archive: zipfile.ZipFile, *, has_large: bool) -> None:
    """`has_large`: with the sheets that are read in blocks, as long as they can be; their size is no matter then.

    Raises: OutOfBounds: the workbook would not fit in memory, or it is of the binary kind (xlsb).
    """
    entries = archive.infolist()
    names = {entry.filename.casefold() for entry in entries}
    if "xl/workbook.bin" in names:
        raise OutOfBounds(message("It is a binary workbook (xlsb). Save it as an Excel workbook (xlsx)."))
    if sum(entry.file_size for entry in entries) > MOST_XML:
        raise _too_large()
    if "content.xml" in names:
        _check_repeats(b"".join(_blocks(archive, "content.xml")))
        return
    uses = 0
    texts = [entry for entry in entries if entry.filename.casefold().endswith("sharedstrings.xml")]
    sheets = [entry for entry in entries if entry not in texts]
    for entry in sheets:
        if not has_large and is_large(entry):
            uses += entry.file_size // _SHORTEST_USE
            continue
        extent = _extent(archive, entry)
        uses += extent.texts
        if extent.cells > MOST_CELLS and _cells(archive, entry) > MOST_CELLS:
            raise _too_large()
    for entry in texts:
        lengths = _lengths(archive, entry)
        if max(lengths, default=0) * uses > MOST_TEXT and _text(archive, sheets, lengths) > MOST_TEXT:
            raise _too_large()


@dataclass
class _Extent:
    """An upper bound of a sheet's rectangle, and how many cells name a shared text."""

    last_row: int = 0
    last_column: int = 0
    texts: int = 0
    is_plain: bool = True

    @property
    def cells(self) -> int:
        return self.last_row * self.last_column if self.is_plain else MOST_CELLS + 1

    def take_in(self, last_row: int, last_column: int) -> None:
        self.last_row, self.last_column = max(self.last_row, last_row), max(self.last_column, last_column)


def _extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Extent:
    """From the names of all cells. Sheets that do not name every cell, or that write their tags in an unusual way, are
    left to the exact count."""
    found, rows = _Extent(), 0
    for block in _blocks(archive, entry):
        rows += block.count(b"<row")
        found.texts += block.count(b't="s"') + block.count(b"t='s'")
        found.is_plain &= not _PREFIXED.search(block) and b"<c/" not in block
        try:
            cells = cells_in(block)
            found.take_in(int(cells.row.max()), int(cells.column.max()))
        except NotPlain:
            found.take_in(rows, 1)
            _take_in_loosely(found, block)
    return found


def _take_in_loosely(found: _Extent, block: bytes) -> None:
    """From a few quick looks: the most letters and digits of a cell's name."""
    tags = block.count(b"<c ") + block.count(b"<c>") + block.count(b"<row ")
    found.is_plain &= tags <= block.count(b' r="') + 1
    letters = 3 if _THREE_LETTERS.search(block) else 2 if _TWO_LETTERS.search(block) else 1
    digits = 0
    while digits < 7 and re.search(rb"r\s*=\s*[\"'][A-Za-z]{0,3}\d{%d}" % (digits + 1), block):
        digits += 1
    found.take_in(min(10**digits, _LAST_ROW), _WIDTHS[letters - 1])


def _cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """The rectangle, counted tag by tag; cells without a name follow the one before."""
    row, column, last_row, last_column = 0, 0, 0, 0
    for block in _blocks(archive, entry):
        for kind, attributes in _TAG.findall(block):
            place = _PLACE.search(attributes)
            if kind == b"row":
                row, column = (int(place[2]) if place else row + 1), 0
            else:
                column = _column(place[1]) if place and place[1] else column + 1
                last_column = max(last_column, column)
                last_row = max(last_row, int(place[2]) if place else row)
    return last_row * last_column


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _lengths(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> list[int]:
    """The bytes of each shared text with its tags."""
    lengths = [0]
    for block in _blocks(archive, entry):
        first, *others = block.split(b"<si")
        lengths[-1] += len(first)
        lengths += map(len, others)
    return lengths[1:]


def _text(archive: zipfile.ZipFile, sheets: list[zipfile.ZipInfo], lengths: list[int]) -> int:
    """The bytes of all shared texts, each as often as a cell names it."""
    used = (
        int(number) for entry in sheets for block in _blocks(archive, entry) for number in _TEXT_USED.findall(block)
    )
    return sum(lengths[number] for number in used if number < len(lengths))


def _check_repeats(content: bytes) -> None:
    """An ods sheet writes equal cells and rows once, with how often they stand there."""
    cells = total = width = 0
    times = 1
    for match in _REPEATED.finditer(content):
        kind, attributes = match[1] or match[5], match[2] or match[6] or b""
        if kind == b"row":
            times, cells, width = _times(attributes), 0, 0
        elif kind == b"cell":
            width += _times(attributes)
            if not (match[3] or match[7]) or b"value" in attributes:
                cells = width
        if match[4] or (kind == b"row" and match[3]):
            total += cells * times
            if total > MOST_CELLS:
                raise _too_large()


def _times(attributes: bytes) -> int:
    found = _TIMES.search(attributes)
    return int(found[1]) if found else 1


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str) -> Iterator[bytes]:
    """The member in pieces that end between two tags."""
    with archive.open(entry) as file:
        yield from _whole_tags(file)


def _whole_tags(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := file.read(_BLOCK):
        head, sign, tail = (rest + block).rpartition(b"<")
        if sign and head:
            yield head
            rest = sign + tail
        else:
            rest += block
            if len(rest) > 2 * _BLOCK:
                raise _too_large()
    yield rest


def _too_large() -> OutOfBounds:
    return OutOfBounds(
        message("Its sheets are larger than {cells} cells, or their texts larger than a gigabyte.", cells=MOST_CELLS)
    )
