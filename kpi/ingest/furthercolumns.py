"""The columns of a file that no field takes: further dimensions of an open report, or columns left unused."""

from __future__ import annotations

from kpi.ingest.freecolumns import takes_free_columns
from kpi.ingest.generic import generics
from kpi.ingest.labels import normalised
from kpi.ingest.sections import Section
from kpi.ingest.typed import Reading


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


def _unmapped(section: Section, reading: Reading) -> list[tuple[int, str]]:
    taken = set(reading.columns.values())
    return [(i, label) for i, label in enumerate(section.header) if label.strip() and f"c{i}" not in taken]


def _holds_numbers(section: Section, position: int) -> bool:
    cells = [row[position].strip() for row in section.rows.sample]
    return all(not cell or cell[0] in "-−0123456789(<$€£" or cell[-1] in "%0123456789" for cell in cells)
