"""The columns of a file that no field takes: further dimensions of an open report, or columns left unused."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.ingest.freecolumns import takes_free_columns
from kpi.ingest.generic import generics
from kpi.ingest.labels import normalised
from kpi.ingest.relations import is_report
from kpi.ingest.sections import Section
from kpi.ingest.typed import Reading

PART = "part"
"""Stands in a breakdown for unknown dimensions whose rows are known to add up; the tables have it among their partitions."""
ACROSS = "across"
"""Stands in the breakdown of a pivot table, of whose columns only the first of each name is read."""


def further_columns(section: Section, reading: Reading) -> tuple[list[str], list[str]]:
    """Labels of unknown dimensions, where the format lets a report have any column, and of columns left unused.

    A dimension stands before the first number that is known, or holds something other than numbers.
    """
    known = reading.format
    if known.id in generics() or takes_free_columns(known):
        return [], [label for _, label in _unmapped(section, reading)]
    if not known.is_open:
        return [], []
    numbers = [int(column[1:]) for name, column in reading.columns.items() if name in reading.numbers]
    first_number = min(numbers, default=len(section.header))
    dimensions: list[str] = []
    ignored: list[str] = []
    for position, label in _unmapped(section, reading):
        if known.field_of(label) or known.ignores(label):
            continue
        is_dimension = position < first_number or not _holds_numbers(section, position)
        (dimensions if is_dimension else ignored).append(label)
    return [normalised(label).replace(",", " ") for label in dimensions], ignored


def columns_across(section: Section, reading: Reading) -> list[str]:
    """Labels of numbers that stand over several columns of a report, each for a part that the header does not name."""
    if not all(is_report(it.table) for it in reading.format.tables):
        return []
    read = {normalised(section.header[int(reading.columns[name][1:])]): name for name in reading.numbers}
    again = [(i, name) for i, label in _unmapped(section, reading) if (name := read.get(normalised(label)))]
    return list(dict.fromkeys(section.header[i] for i, name in again if _differ(section, i, reading.columns[name])))


def whole_apart(section: Section, reading: Reading, across: Sequence[str]) -> list[str]:
    """What keeps the table out of every total: it is a pivot, or it is about a part of the people."""
    people = section.preamble.part_of_people if reading.format.is_open else ""
    return [*([ACROSS] if across else []), *([normalised(people).replace(",", " ")] if people else [])]


def _differ(section: Section, position: int, column: str) -> bool:
    return any(row[position].strip() != row[int(column[1:])].strip() for row in section.rows.sample)


def _unmapped(section: Section, reading: Reading) -> list[tuple[int, str]]:
    taken = set(reading.columns.values())
    return [(i, label) for i, label in enumerate(section.header) if label.strip() and f"c{i}" not in taken]


def _holds_numbers(section: Section, position: int) -> bool:
    cells = [row[position].strip() for row in section.rows.sample]
    return all(not cell or cell[0] in "-−0123456789(<$€£" or cell[-1] in "%0123456789" for cell in cells)
