"""What a file does not say and nobody may guess."""

from __future__ import annotations

from collections.abc import Mapping

from kpi.ingest.formats import TableMap, canonical_tables
from kpi.ingest.load import Question
from kpi.ingest.part import Defaults
from kpi.ingest.relations import is_report
from kpi.ingest.remarks import doubts
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.typed import NTH_TYPES, Reading
from kpi.wording.message import message


def open_questions(reading: Reading, section: Section) -> tuple[Question, ...]:
    """Questions that stand before any reading of the cells."""
    asked = [_decimal(reading, section), _day_first(reading, section)]
    types = {reading.format.fields[name].type for name in reading.columns}
    if reading.span is None and (types & {*NTH_TYPES} or ("month_number" in types and "year" not in types)):
        asked.append(_period())
    return tuple(question for question in asked if question)


def late_questions(
    scratch: Scratch, source: str, relations: Mapping[str, str], reading: Reading, defaults: Defaults
) -> tuple[Question, ...]:
    """Questions that the canonical rows raise, made of the rows of `source`."""
    asked = [_currency(scratch, source, mapped, relations[mapped.table], defaults) for mapped in reading.format.tables]
    asked += [period_question(scratch, name) for table, name in relations.items() if is_report(table)]
    asked += [_day(scratch, name) for table, name in relations.items() if table == "stock"]
    asked += [Question("columns", message("{remark}", remark=text)) for text in doubts(scratch, source, reading)]
    return tuple({question.key: question for question in asked if question}.values())


def _day(scratch: Scratch, relation: str) -> Question | None:
    """Asked when a count of stock has no day."""
    missing = scratch.row(f"SELECT count(*) FROM {relation} WHERE counted_on IS NULL")[0]
    return Question("day", message("The file does not say of which day this stock is. Which one?")) if missing else None


def _currency(scratch: Scratch, source: str, mapped: TableMap, relation: str, defaults: Defaults) -> Question | None:
    """Asked unless every row takes the currency of another table's."""
    if mapped.borrows_currency:
        own = scratch.row(
            f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE ({mapped.borrows_currency}) IS NOT TRUE LIMIT 1)"
        )
        if not own[0]:
            return None
    if mapped.wants_currency:
        missing = scratch.row(f"SELECT count(*) FROM (SELECT 1 FROM {relation} WHERE currency IS NULL LIMIT 1)")[0]
        return _which_currency(defaults) if missing else None
    return currency_question(scratch, mapped.table, relation, defaults)


def currency_question(scratch: Scratch, table: str, relation: str, defaults: Defaults) -> Question | None:
    """Asked when an amount other than zero has no currency."""
    types = canonical_tables()[table]["columns"]
    present = {row[0] for row in scratch.rows(f"SELECT column_name FROM (DESCRIBE {relation})")}
    money = [name for name, type in types.items() if type == "money" and name in present]
    if not money or "currency" not in types:
        return None
    amounts = " OR ".join(f"coalesce({name}, 0) <> 0" for name in money)
    without = f"currency IS NULL AND ({amounts})" if "currency" in present else amounts
    if not scratch.row(f"SELECT count(*) FROM (SELECT 1 FROM {relation} WHERE {without} LIMIT 1)")[0]:
        return None
    return _which_currency(defaults)


def _which_currency(defaults: Defaults) -> Question:
    return Question(
        "currency",
        message("The file has amounts and does not name their currency. Which is it?"),
        (),
        defaults.currency,
    )


def period_question(scratch: Scratch, relation: str) -> Question | None:
    """Asked when a row of a report has neither a day nor a declared period."""
    missing = scratch.row(f"SELECT count(*) FROM {relation} WHERE period_start IS NULL OR period_end IS NULL")[0]
    return _period() if missing else None


def _period() -> Question:
    return Question(
        "period", message("The report does not say which days it covers. Which are the first and the last?")
    )


def _decimal(reading: Reading, section: Section) -> Question | None:
    for name, style in reading.numbers.items():
        if style.decimal is None:
            label = section.header[int(reading.columns[name][1:])]
            return Question(
                "decimal",
                message(
                    "Is “1,234” in the column “{column}” more than a thousand, or a little more than one?", column=label
                ),
                ((".", message("More than a thousand")), (",", message("A little more than one"))),
            )
    return None


def _day_first(reading: Reading, section: Section) -> Question | None:
    for name, style in reading.times.items():
        if style.is_open:
            label = section.header[int(reading.columns[name][1:])]
            return Question(
                "day_first",
                message("Does the day or the month come first in the column “{column}”?", column=label),
                ((True, message("The day (31/12/2026)")), (False, message("The month (12/31/2026)"))),
            )
    return None
