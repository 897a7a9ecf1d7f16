"""Why rows were refused, in words, with every cell that may name a person covered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from babel import Locale

from kpi.ingest.bounds import LONGEST_CELL
from kpi.ingest.dialect import Record
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.formats import Field, Format
from kpi.ingest.labels import currency_codes
from kpi.ingest.load import RefusedRow
from kpi.ingest.part import Defaults
from kpi.ingest.personal import DATE as _DATE
from kpi.ingest.personal import HIDDEN, may_name_a_person
from kpi.ingest.personal import PERSONAL_VALUE as _PERSONAL
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.typed import FLAG_WORDS, SHORTENED, Reading, occurs_twice, typed_select, year_of
from kpi.wording.message import Message, message

_NUMBER = re.compile(r"[#(+−-]?\d[\d., \u00a0\u202f]*[%)]?")
_SHOWN = 500
_NO_NUMBER = message("is not a number")
_NO_WHOLE_NUMBER = message("is not a whole number")
_FAULTS = {"number": _NO_NUMBER, "time": message("is not a date")}
_OTHER_REASONS = {
    "group": message("Another row that belongs to this one was refused."),
    "signs": message("The amounts of the row are in several currencies."),
    "headless": message("The row that this one continues is not in the file."),
    "unmatched_total": message(
        "The row has no name and is as large as all the others together, like a total that does not match."
    ),
}


def refused_rows(
    scratch: Scratch, staged: str, refused: str, section: Section, reading: Reading, defaults: Defaults
) -> tuple[RefusedRow, ...]:
    """The first refused rows in the order of the file. `refused` is a table of `row_no` and `why`."""
    shown = defaults.limits.refused_shown
    rows = list(misfit_rows(section, reading.format))
    why = dict(scratch.rows(f"SELECT row_no, why FROM {refused} ORDER BY row_no LIMIT {shown}"))
    if why:
        rows += _unreadable(scratch, staged, refused, why, section, reading, defaults)
    return tuple(sorted(rows, key=lambda row: row.row_no)[:shown])


def misfit_rows(section: Section, known: Format) -> tuple[RefusedRow, ...]:
    """The rows whose number of cells is not the header's."""
    return tuple(_misfit(record, section, known) for record in section.misfits)


def _misfit(record: Record, section: Section, known: Format) -> RefusedRow:
    """The cells of a row of another width cannot be told apart, so one personal column hides them all."""
    row_no, cells = record
    is_personal = known.is_personal or any(map(may_name_a_person, section.header))
    labelled = zip(section.header, cells, strict=False)
    shown = {label: HIDDEN if cell and (is_personal or _PERSONAL.search(cell)) else cell for label, cell in labelled}
    reason = message(
        "The row has {found} cells and the header has {expected}.", found=len(cells), expected=len(section.header)
    )
    return RefusedRow(row_no, reason, {label: _cut(cell) for label, cell in shown.items() if cell})


def _unreadable(
    scratch: Scratch,
    staged: str,
    refused: str,
    why: dict[int, str],
    section: Section,
    reading: Reading,
    defaults: Defaults,
) -> list[RefusedRow]:
    chosen = f"(SELECT * FROM {staged} WHERE row_no IN (SELECT row_no FROM {refused} ORDER BY row_no LIMIT {len(why)}))"
    typed = typed_select(scratch, chosen, reading, defaults, each_fault=True)
    cells = {row["row_no"]: row for row in scratch.records(f"SELECT * FROM {chosen}")}
    flags = {row["row_no"]: row for row in scratch.records(f"SELECT * FROM ({typed})")}
    return [
        _refused(row_no, why[row_no], cells[row_no], flags.get(row_no, {}), section, reading)
        for row_no in sorted(cells)
    ]


def _refused(
    row_no: int, why: str, cells: dict[str, Any], flags: dict[str, Any], section: Section, reading: Reading
) -> RefusedRow:
    fields = reading.format.fields
    labels = {name: section.header[int(column[1:])] for name, column in reading.columns.items()}
    shown = {
        labels[name]: _cut(_shown(reading.format, fields[name], cells[column]))
        for name, column in reading.columns.items()
    }
    fault = next((fields[name] for name in reading.columns if flags.get(f"fault_{name}")), None)
    length = len(cells[reading.columns[fault.name]] or "") if fault else 0
    numbered = next((name for name in reading.numbered if flags.get(f"fault_{name}")), None)
    if fault:
        reason = _reason(fault, labels[fault.name], shown[labels[fault.name]], length, reading)
    elif numbered:
        position = _damaged_position(reading.numbered[numbered], flags[numbered], cells)
        label = section.header[position]
        shown[label] = _shown(reading.format, fields[numbered], cells[f"c{position}"])
        reason = _no_number(label, shown[label])
    else:
        reason = _OTHER_REASONS["signs" if flags.get("fault_signs") else why]
    return RefusedRow(row_no, reason, {label: cell for label, cell in shown.items() if cell})


def _damaged_position(positions: Sequence[int | None], values: Sequence[Any], cells: Mapping[str, Any]) -> int:
    """The first column of a numbered field whose cell is filled and has no value."""
    there = zip(positions, values, strict=True)
    return next(it for it, value in there if it is not None and value is None and (cells[f"c{it}"] or "").strip())


def _shown(known_format: Format, known: Field, cell: str | None) -> str | None:
    """The cell, or dots for what may name a person; beside personal columns only what cannot is shown."""
    if not cell or not cell.strip():
        return cell
    if known.is_personal or (known_format.is_personal and not _is_harmless(known_format, cell.strip())):
        return HIDDEN
    is_free = FIELD_TYPES[known.type].kind == "text" or not re.fullmatch(r"[\d\s:./T+Z-]*", cell)
    return HIDDEN if is_free and _PERSONAL.search(cell) and not _DATE.fullmatch(cell.strip()) else cell


def _is_harmless(known_format: Format, cell: str) -> bool:
    """A date, a number too short for a telephone, a code of a currency or country, or a word of the format itself."""
    if _DATE.fullmatch(cell) or re.fullmatch(SHORTENED, cell):
        return True
    if _NUMBER.fullmatch(cell):
        return not _PERSONAL.search(cell)
    return cell in _codes() or cell.casefold() in known_format.words | FLAG_WORDS


@cache
def _codes() -> frozenset[str]:
    territories = (code for code in Locale("en").territories if len(code) == 2 and code.isalpha())
    return frozenset({*currency_codes(), *territories})


def _cut(cell: str | None) -> str | None:
    """What a list of refused rows has room for."""
    return f"{cell[:_SHOWN]}…" if cell and len(cell) > _SHOWN else cell


def _reason(known: Field, label: str, shown: str | None, length: int, reading: Reading) -> Message:
    if length > LONGEST_CELL:
        return message(
            "Column “{column}” holds {length} characters in one cell; a cell may have {limit}.",
            column=label,
            length=length,
            limit=LONGEST_CELL,
        )
    if not shown or not shown.strip():
        return message("Column “{column}” is empty, and the row means nothing without it.", column=label)
    if known.type == "month_number" and reading.span and _is_repeated_month(shown, reading):
        return message(
            "Column “{column}” holds “{value}”, a month that occurs twice between {start} and {end}. Add the year to the report.",
            column=label,
            value=shown,
            start=reading.span[0],
            end=reading.span[1],
        )
    kind = FIELD_TYPES[known.type].kind
    if shown == HIDDEN:
        is_whole = known.type == "count" or known.within
        return _hidden(label, _NO_WHOLE_NUMBER if is_whole else _FAULTS.get(kind, message("cannot be read")))
    if known.within:
        low, high = known.within
        return message(
            "Column “{column}” holds “{value}”, which is not a whole number from {low} to {high}.",
            column=label,
            value=shown,
            low=low,
            high=high,
        )
    if known.type == "count":
        return message("Column “{column}” holds “{value}”, which is not a whole number.", column=label, value=shown)
    if kind == "number":
        return _no_number(label, shown)
    if kind == "time":
        return message("Column “{column}” holds “{value}”, which is not a date.", column=label, value=shown)
    if re.fullmatch(SHORTENED, shown.strip()):
        return message(
            "Column “{column}” holds “{value}”, a number that a spreadsheet shortened; add the file as it was exported.",
            column=label,
            value=shown,
        )
    return message("Column “{column}” holds “{value}”, which cannot be read.", column=label, value=shown)


def _no_number(label: str, shown: str | None) -> Message:
    if shown == HIDDEN:
        return _hidden(label, _NO_NUMBER)
    return message("Column “{column}” holds “{value}”, which is not a number.", column=label, value=shown)


def _hidden(label: str, fault: Message) -> Message:
    """The dots are ours: as a value they would read as what the file holds."""
    return message(
        "Column “{column}” holds a value that {fault}; it is hidden here, since it may name a person.",
        column=label,
        fault=fault,
    )


def _is_repeated_month(shown: str, reading: Reading) -> bool:
    if reading.span is None or year_of(reading) or not shown.strip().isdecimal():
        return False
    return 1 <= int(shown) <= 12 and occurs_twice(int(shown), reading.span)
