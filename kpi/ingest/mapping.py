"""A table that no known export fits: which generic table it is and which column is what, guessed, asked or answered."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi.ingest.answers import Answers, bad_answer
from kpi.ingest.generic import Generic, generics
from kpi.ingest.guess import Guess, best_guess, guessed, lacking
from kpi.ingest.labels import is_in_millionths, normalised, squeezed
from kpi.ingest.load import MappedField, Mapping, Question
from kpi.ingest.personal import hold_persons, is_personal_value, may_name_a_person
from kpi.ingest.recognise import LOOKS_LIKE, Match
from kpi.ingest.sections import Section
from kpi.ingest.sourcecolumns import source_columns
from kpi.wording.message import Message, message

_ACCOUNT = "main"
_SPREAD = 0.29


@dataclass(frozen=True)
class Mapped:
    """What was made of a table.

    match: how to read it, with the likely columns too while there are questions; None where that cannot be said ·
    is_usable: some table has all that it needs, if only by likeness.
    """

    contract: Mapping
    match: Match | None = None
    questions: tuple[Question, ...] = ()
    is_usable: bool = False


def mapped(section: Section, answers: Answers) -> Mapped:
    """Read the table by the answers where there are any, else by a guess; what neither settles is asked.

    Raises: BadAnswer: a field, a column or a join that is not there.
    """
    guess, is_certain = _guess(section, answers)
    if guess is None:
        return Mapped(_contract(section, None, {}), None, (_table_question(None), _columns_question(None, {})))
    is_told = answers.columns is not None or not guess.likely
    chosen = {**guess.exact} if answers.columns is not None else {**guess.exact, **guess.likely}
    missing = lacking(guess.table, chosen)
    match = None if missing else _match(section, guess, chosen, answers)
    contract = _contract(section, guess, chosen)
    if is_certain and is_told and not missing:
        return Mapped(contract, match, (), True)
    _refuse_what_is_denied(guess.table, missing, answers)
    asked = [] if answers.table else [_table_question(guess.table)]
    return Mapped(contract, match, (*asked, _columns_question(guess.table, contract.chosen)), not missing)


def with_choices(questions: Sequence[Question], contract: Mapping) -> tuple[Question, ...]:
    """The questions, and with one about the columns what may be answered and how they were read."""
    choices = tuple((known.id, known.name) for known in contract.fields)
    return tuple(
        replace(one, choices=choices, suggested=dict(contract.chosen)) if one.key == "columns" else one
        for one in questions
    )


def _guess(section: Section, answers: Answers) -> tuple[Guess | None, bool]:
    """The guess within what was answered, and whether the table is certain."""
    if answers.table is None and answers.columns is None and not answers.joins:
        return best_guess(section)
    table = generics()[answers.table] if answers.table else _table_with(section, answers)
    if table is None:
        return None, False
    fixed = _fixed(section, table, answers)
    return guessed(section, table, fixed), True


def _table_with(section: Section, answers: Answers) -> Generic | None:
    """The table that has all the fields that were answered; the one that the file seems to be, if it does."""
    named = set(answers.columns or ())
    fitting = [
        table for table in generics().values() if named <= table.fields.keys() and (table.key or not answers.joins)
    ]
    if not fitting:
        raise bad_answer("columns", ", ".join(sorted(named)), message("No table has all of these fields."))
    best, _ = best_guess(section)
    if best and best.table in fitting:
        return best.table
    return fitting[0] if len(fitting) == 1 else None


def _fixed(section: Section, table: Generic, answers: Answers) -> dict[str, int | None]:
    given = {name: _position(section, table, name, label) for name, label in (answers.columns or {}).items()}
    given = _in_their_units(section, table, given)
    for own, other in answers.joins:
        name = _joined_field(table, own, other)
        given.setdefault(name, _position(section, table, name, own))
    return given


def _in_their_units(section: Section, table: Generic, given: Pairs[str, int | None]) -> dict[str, int | None]:
    """The columns with amounts in millionths at the field that takes them so.

    Raises: BadAnswer: there is no such field.
    """
    found = dict(given)
    for name, position in given.items():
        if position is None or table.fields[name].type != "money" or not is_in_millionths(section.header[position]):
            continue
        other = f"{name.removesuffix('_amount')}_micros"
        if other not in table.fields or given.get(other) not in (None, position):
            fix = message(
                "The amounts are in millionths: divide them by 1,000,000 in the file, or leave the column out."
            )
            raise bad_answer("columns", section.header[position], fix)
        found |= {name: None, other: position}
    return found


def _position(section: Section, table: Generic, name: str, label: str | None) -> int | None:
    """The column that was named for a field. Raises: BadAnswer: there is no such field or column, or it may not be."""
    if name not in table.fields:
        raise bad_answer(
            "columns",
            name,
            message("The fields of {table} are: {fields}.", table=table.name, fields=", ".join(table.fields)),
        )
    if label is None:
        return None
    position = column_position(section, label)
    if position is None:
        known = tuple(it.label for it in source_columns(section, None) if it.label and not is_personal_value(it.label))
        raise bad_answer("columns", label, message("The columns of the file are: {columns}.", columns=", ".join(known)))
    _refuse_persons(section, table, name, position)
    return position


def column_position(section: Section, label: str) -> int | None:
    """Where the column stands: written just so, else the same but for case and spaces."""
    if label in section.header:
        return section.header.index(label)
    plain = [normalised(it) for it in section.header]
    return plain.index(normalised(label)) if normalised(label) in plain else None


def _refuse_persons(section: Section, table: Generic, name: str, position: int) -> None:
    """Raises: BadAnswer: the field is kept as it is written and the column may name a person."""
    known, label = table.format.fields[name], section.header[position]
    is_kept = known.type in ("text", "group", "list") and not known.is_personal
    is_synonym = squeezed(label) in table.fields[name].names
    cells = [row[position] for row in section.rows.sample]
    if is_kept and ((may_name_a_person(label) and not is_synonym) or hold_persons(cells)):
        raise bad_answer(
            "columns",
            label,
            message("The column can name a person, so only the customer's e-mail or id may be taken from it."),
        )


def _joined_field(table: Generic, own: str, other: str) -> str:
    """The key field that a join names: by our id, by what the column is called elsewhere, else the first key."""
    if not table.key:
        raise bad_answer("joins", own, message("{table} are no lookup for other files.", table=table.name))
    if other in table.fields:
        return other
    called = [name for name in table.key if squeezed(other) in table.fields[name].names]
    return called[0] if called else table.key[0]


def _refuse_what_is_denied(table: Generic, missing: list[frozenset[str]], answers: Answers) -> None:
    """Raises: BadAnswer: the answer itself says that the file lacks what the table cannot be without."""
    denied = {name for name, label in (answers.columns or {}).items() if label is None}
    for group in missing:
        if group <= denied:
            names = tuple(table.fields[name].name for name in table.fields if name in group)
            raise bad_answer(
                "columns",
                ", ".join(sorted(group)),
                message("{table} cannot be read without one of: {fields}.", table=table.name, fields=names),
            )


def _match(section: Section, guess: Guess, chosen: Pairs[str, int], answers: Answers) -> Match:
    is_answered = answers.table is not None or answers.columns is not None
    filled = sum(bool(label.strip()) for label in section.header)
    confidence = (
        1.0 if is_answered else round(LOOKS_LIKE + _SPREAD * min(1.0, len(set(chosen.values())) / max(filled, 1)), 4)
    )
    note = None if is_answered else message("This was taken for {table}: check the columns.", table=guess.table.name)
    return Match(
        guess.table.format,
        confidence,
        dict(chosen),
        guess.currency,
        _ACCOUNT,
        note or _as_answered(guess.table),
        continues=guess.table.continues,
    )


def _as_answered(table: Generic) -> Message:
    return message("This was read as {table}, as you said.", table=table.name)


def _contract(section: Section, guess: Guess | None, chosen: Pairs[str, int]) -> Mapping:
    tables = tuple((table.id, table.name) for table in generics().values())
    fields = [] if guess is None else [_mapped_field(guess.table, name) for name in guess.table.fields]
    labels = {name: section.header[position] for name, position in chosen.items()}
    return Mapping(guess.table.id if guess else None, tables, tuple(fields), source_columns(section, guess), labels)


def _mapped_field(table: Generic, name: str) -> MappedField:
    known = table.fields[name]
    return MappedField(name, known.name, known.type, known.is_required)


def _table_question(suggested: Generic | None) -> Question:
    choices = tuple((table.id, table.name) for table in generics().values())
    return Question("table", message("What is in this table?"), choices, suggested.id if suggested else None)


def _columns_question(table: Generic | None, suggested: Pairs[str, str]) -> Question:
    """Amounts of money are suggested by a known name only."""
    choices = tuple((known.id, known.name) for known in table.fields.values()) if table else ()
    return Question("columns", message("Which column holds what?"), choices, dict(suggested))
