"""Sheets of xlsx, xls and ods files as rows of unambiguous text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook

from kpi.errors import UnreadableFile
from kpi.ingest.bulksheet import bulk_sheet
from kpi.ingest.celltext import cell_text
from kpi.ingest.dialect import Record
from kpi.ingest.recognise import known_label_count
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section, split
from kpi.ingest.sheetxml import has_large_sheet
from kpi.wording.message import message


def sheet_names(path: Path, name: str) -> list[str]:
    """Raises: UnreadableFile: broken or encrypted."""
    with _read(name):
        return list(CalamineWorkbook.from_path(str(path)).sheet_names)


def sheet_sections(scratch: Scratch, path: Path, name: str, sheet: str, check: Callable[[], None]) -> Iterator[Section]:
    """The tables of one sheet. `check`: called before a sheet is read by cell beside or instead of a large one.

    Raises: UnreadableFile: broken, or too large for memory.
    """
    if has_large_sheet(path):
        section = bulk_sheet(scratch, path, sheet, _records)
        if section is not None:
            yield section
            return
        check()
    with _read(name):
        found = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
    lines = _records(found)
    for section in split(lines, known_label_count, lambda width: RowBuffer(scratch, width)):
        section.has_typed_cells = True
        yield section


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    """Row by row: the whole sheet as Python's objects would take ten times the room. Rows begin at the first column."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row_no, row in enumerate(sheet.iter_rows(), start=1):
        yield row_no, (*left, *map(cell_text, row))


@contextmanager
def _read(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise _broken(name) from error
    except BaseException as error:
        # When the reader of workbooks panics, what it raises is no Exception; it is a broken file all the same.
        if type(error).__name__ != "PanicException":
            raise
        raise _broken(name) from error


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile(
        name,
        message("The workbook is broken or protected by a password."),
        message("Open it in a spreadsheet program, save it without a password, and add it again."),
    )
