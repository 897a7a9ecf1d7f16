"""The columns of a file as the person sees them while she maps them: a few cells, and nothing that may name somebody."""

from __future__ import annotations

from kpi.ingest.cells import says_nothing
from kpi.ingest.guess import Guess
from kpi.ingest.load import SourceColumn
from kpi.ingest.personal import HIDDEN, hold_persons, is_personal_value, may_name_a_person, read_like_names
from kpi.ingest.sections import Section

_SAMPLES = 3
_LONGEST = 60


def source_columns(section: Section, guess: Guess | None) -> tuple[SourceColumn, ...]:
    """Every column of the file, in its order."""
    return tuple(_column(section, guess, position) for position in range(len(section.header)))


def looks_like_data(header: tuple[str, ...]) -> bool:
    """Whether a header row holds what no label holds: an address or a telephone number."""
    return any(map(is_personal_value, header))


def _column(section: Section, guess: Guess | None, position: int) -> SourceColumn:
    label = section.header[position]
    field, certainty = _suggested(guess, position)
    cells = [cell for row in section.rows.sample if (cell := row[position].strip()) and not says_nothing(cell)]
    shown = tuple(dict.fromkeys(cell[:_LONGEST] for cell in cells))[:_SAMPLES]
    if _is_hidden(label, cells, guess, field):
        shown = tuple(HIDDEN for _ in shown)
    shown = tuple(HIDDEN if is_personal_value(cell) else cell for cell in shown)
    return SourceColumn(label, shown, field, certainty)  # type: ignore[arg-type]


def _suggested(guess: Guess | None, position: int) -> tuple[str | None, str]:
    if guess is None:
        return None, ""
    for certainty, fields in (("exact", guess.exact), ("likely", guess.likely)):
        if field := next((name for name, place in fields.items() if place == position), None):
            return field, certainty
    return None, ""


def _is_hidden(label: str, cells: list[str], guess: Guess | None, field: str | None) -> bool:
    """What a field says of itself counts before the label, for a bare *name* is a product's in a list of products."""
    if guess is not None and field is not None:
        return guess.table.format.fields[field].is_personal or hold_persons(cells)
    return may_name_a_person(label) or hold_persons(cells) or read_like_names(cells)
