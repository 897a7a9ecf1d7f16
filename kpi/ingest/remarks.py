"""What a person should know of rows that were read: the format's notes, columns left unused, keys that repeat."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kpi.ingest.formats import Note
from kpi.ingest.furthercolumns import PART
from kpi.ingest.personal import is_personal_value
from kpi.ingest.relations import is_report
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.typed import Reading
from kpi.wording import words
from kpi.wording.message import Message, Text, message

_SHOWN = 3
_COLUMNS_SHOWN = 20


def remarks(
    scratch: Scratch, source: str, reading: Reading, dimensions: Sequence[str], ignored: Sequence[str]
) -> list[Message]:
    """The notes about the rows of `source`, its unknown dimensions, and the columns that nothing was taken from."""
    notes = _remarks(scratch, source, [note for note in reading.format.notes if not note.asks], reading)
    unknown = [name for name in dimensions if name != PART]
    if unknown and any(is_report(it.table) for it in reading.format.tables):
        shown = ", ".join(unknown[:_COLUMNS_SHOWN])
        notes.insert(
            0,
            message(
                "The rows are broken down by {columns}, which may overlap or leave something out, so they are kept and never added up.",
                columns=shown,
            ),
        )
    if ignored:
        shown = ", ".join(ignored[:_COLUMNS_SHOWN])
        notes.insert(0, message("Columns that were not used: {columns}.", columns=shown))
    return notes


def is_narrowed(scratch: Scratch, source: str, reading: Reading) -> bool:
    """Whether the rows say that the export holds a part of the whole."""
    narrowing = [note for note in reading.format.notes if note.narrows]
    return bool(_remarks(scratch, source, narrowing, reading))


def doubts(scratch: Scratch, source: str, reading: Reading) -> list[Text]:
    """What the rows leave open of the columns, where nobody has said which holds what."""
    asking = [] if reading.are_columns_told else [note for note in reading.format.notes if note.asks]
    return [note.text for note in asking if _remarks(scratch, source, [note], reading)]


def date_remarks(section: Section, reading: Reading) -> list[Message]:
    """Which comes first, the day or the month, in the columns that write both as numbers."""
    notes = []
    for name, style in reading.times.items():
        if "slashes" in style.shapes:
            label = section.header[int(reading.columns[name][1:])]
            notes.append(
                message("The dates in “{column}” were read with the day first (31/12/2026).", column=label)
                if style.is_day_first
                else message("The dates in “{column}” were read with the month first (12/31/2026).", column=label)
            )
    return notes


def apart_remarks(across: Sequence[str], people: str) -> list[Message]:
    """What is said of a pivot, whose numbers stand in several columns of one name, and of a report about some people."""
    notes = []
    if across:
        notes.append(
            message(
                "The table is a pivot: {columns} stand in several columns, each for a part that has no name in the header, so its numbers are kept and never added up. Export it without values across.",
                columns=", ".join(across[:_COLUMNS_SHOWN]),
            )
        )
    if people:
        notes.append(
            message(
                "The report is about a part of the people (“{people}”), so its numbers are kept and never taken for the whole.",
                people=people,
            )
        )
    return notes


def repeats(repeated: int, same_key: int) -> list[Message]:
    """What is said of rows that repeat a group, and of rows that repeat a key."""
    notes = []
    if repeated:
        notes.append(
            message(
                "{n} row repeats an order that stands further up in the file and was set aside.",
                "{n} rows repeat orders that stand further up in the file and were set aside.",
                n=repeated,
            )
        )
    if same_key:
        notes.append(
            message(
                "{n} row has a key that stands further up in the file; the first one was kept.",
                "{n} rows have keys that stand further up in the file; the first ones were kept.",
                n=same_key,
            )
        )
    return notes


def _remarks(scratch: Scratch, source: str, notes: Sequence[Note], reading: Reading) -> list[Message]:
    conditions = [note.count for note in notes if note.count]
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    counts = iter(scratch.row(f"SELECT {counted} FROM {source}") if conditions else ())
    found = (_remark(scratch, source, note, next(counts) if note.count else 0, reading) for note in notes)
    return [remark for remark in found if remark]


def _remark(scratch: Scratch, source: str, note: Note, count: int, reading: Reading) -> Message | None:
    if note.figure:
        figure = scratch.row(f"SELECT {note.figure} FROM {source}")[0]
        return None if figure is None else message("{remark}: {figure}.", remark=note.text, figure=_written(figure))
    if note.words:
        return _most_frequent(scratch, source, note)
    if count:
        return message("{remark} ({n} row)", "{remark} ({n} rows)", remark=note.text, n=count)
    if note.missing and not any(name in reading.columns for name in note.missing):
        return message("{remark}", remark=note.text)
    return None


def _most_frequent(scratch: Scratch, source: str, note: Note) -> Message | None:
    """The most frequent words and the number of rows that have one; what may name a person is not said."""
    found = scratch.rows(
        f"SELECT {note.words} AS word, count(*) FROM {source} WHERE {note.words} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if not found:
        return None
    shown = ", ".join([f"“{word}”" for word, _ in found if not is_personal_value(word)][:_SHOWN])
    n = sum(count for _, count in found)
    return message("{remark}: {words} ({n} row)", "{remark}: {words} ({n} rows)", remark=note.text, words=shown, n=n)


def _written(figure: object) -> Text:
    """The number with all its digits, in both languages, so that the journal keeps it so."""
    exact = Decimal(str(figure)).normalize()
    digits = max(0, -int(exact.as_tuple().exponent))
    return Text(*(words(language).number(exact, digits) for language in ("en", "pl")))
