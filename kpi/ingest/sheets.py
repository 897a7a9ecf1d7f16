"""Sheets of xlsx, xls and ods files as rows of unambiguous text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from kpi.errors import UnreadableFile
from kpi.ingest.dialect import Record
from kpi.ingest.recognise import known_label_count
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section, split
from kpi.wording.message import message


def sheet_names(path: Path, name: str) -> list[str]:
    """Raises: UnreadableFile: broken or encrypted."""
    with _read(name):
        return list(CalamineWorkbook.from_path(str(path)).sheet_names)


def sheet_sections(scratch: Scratch, path: Path, name: str, sheet: str) -> Iterator[Section]:
    """The tables of one sheet."""
    with _read(name):
        found = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
    lines = _records(found)
    for section in split(lines, known_label_count, lambda width: RowBuffer(scratch, width)):
        section.has_typed_cells = True
        yield section


def cell_text(value: Any) -> str:
    """ISO dates, and numbers with a decimal point that no reader takes for a thousands sign."""
    return value if type(value) is str else _TEXTS.get(type(value), str)(value)


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    """Row by row: the whole sheet as Python's objects would take ten times the room. Rows begin at the first column."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row_no, row in enumerate(sheet.iter_rows(), start=1):
        yield row_no, (*left, *map(cell_text, row))


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    # 1.234 could be a thousand; 1.2340 could not.
    return f"{text}0" if "e" not in text and len(text.partition(".")[2]) == 3 else text


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    float: _number_text,
    datetime: lambda value: value.isoformat(sep=" ", timespec="seconds"),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: lambda value: str(value.total_seconds()),
    type(None): lambda value: "",
}


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
