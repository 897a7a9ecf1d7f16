"""Sheets of xlsx, xls and ods files as rows of unambiguous text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from kpi.errors import UnreadableFile
from kpi.ingest.dialect import Record
from kpi.ingest.recognise import known_label_count
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section, split
from kpi.wording.message import message


def sheet_names(path: Path, name: str) -> list[str]:
    """Raises: UnreadableFile: broken or encrypted."""
    return list(_workbook(path, name).sheet_names)


def sheet_sections(scratch: Scratch, path: Path, name: str, sheet: str) -> Iterator[Section]:
    """The tables of one sheet."""
    try:
        rows = _workbook(path, name).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except Exception as error:
        raise _broken(name) from error
    lines = _records(rows)
    for section in split(lines, known_label_count, lambda width: RowBuffer(scratch, width)):
        section.has_typed_cells = True
        yield section


def cell_text(value: Any) -> str:
    """ISO dates, and numbers with a decimal point that no reader takes for a thousands sign."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return "" if value is None else str(value)


def _records(rows: list[list[Any]]) -> Iterator[Record]:
    for row_no, row in enumerate(rows, start=1):
        yield row_no, tuple(cell_text(value) for value in row)


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    # 1.234 could be a thousand; 1.2340 could not.
    return f"{text}0" if "e" not in text and len(text.partition(".")[2]) == 3 else text


def _workbook(path: Path, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(name) from error


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile(
        name,
        message("The workbook is broken or protected by a password."),
        message("Open it in a spreadsheet program, save it without a password, and add it again."),
    )
