"""One table of a file to a Part: by the export that it is, else by its mapping, with the answers that are its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from kpi.errors import BadAnswer, UnreadableFile
from kpi.ingest.answers import Answers, answers_from, bad_answer, parts_of
from kpi.ingest.convert import converted
from kpi.ingest.days import Span
from kpi.ingest.guess import best_guess
from kpi.ingest.labels import header_fingerprint
from kpi.ingest.mapping import column_position
from kpi.ingest.part import Defaults, Part
from kpi.ingest.recognise import RECOGNISED, Match, recognised
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.unknown import mapped_part
from kpi.wording.message import message

Recall = Callable[[str], Mapping[str, Any]]
_MAPPING = ("table", "columns", "joins")
# What is said of one file says nothing of the next with the same header.
_NOT_KEPT = frozenset({"period", "day", "account", "adds", "parts"})


@dataclass(frozen=True)
class File:
    """What all tables of one file have in common: its name, the answers given, those given before, the defaults."""

    name: str
    answers: Mapping[str, Any]
    recall: Recall
    defaults: Defaults


def section_part(
    scratch: Scratch, section: Section, name: str, file: File, span: Span | None, *, is_only: bool
) -> Part:
    """The Part of one table. `name` hints at its format and period; is_only: the file has no other table.

    Raises: UnknownFormat, UnreadableFile, BadAnswer.
    """
    own = _own_answers(section, file, is_only)
    try:
        part = _read(scratch, section, name, file, own, span, is_only=is_only)
    except (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException):
        detail = message("It holds a number or a date that is too large to be true.")
        raise UnreadableFile(name, detail, message("Correct the value in the file and add it again.")) from None
    kept = {key: value for key, value in own.items() if key not in _NOT_KEPT}
    labels = tuple(label for label in section.header if label.strip())
    return replace(part, kept_answers=kept, columns=labels, adds=answers_from(own).adds)


def require_used(file: File, parts: Sequence[Part]) -> None:
    """Raises: BadAnswer: an answer names a part or columns that the file does not have."""
    titles = {part.title(file.name) for part in parts} | {file.name}
    for title in parts_of(file.answers):
        if title not in titles:
            raise bad_answer(
                "parts", title, message("The parts of the file are: {parts}.", parts=", ".join(sorted(titles)))
            )
    columns = file.answers.get("columns")
    if columns and not any("columns" in part.kept_answers for part in parts):
        raise bad_answer(
            "columns", ", ".join(map(str, columns.values())), message("No table of the file has all of these columns.")
        )


def _read(
    scratch: Scratch,
    section: Section,
    name: str,
    file: File,
    own: Mapping[str, Any],
    span: Span | None,
    *,
    is_only: bool,
) -> Part:
    remembered = file.recall(header_fingerprint(section.header))
    given = answers_from({**remembered, **own})
    match = None if _is_overruled(given, section) else recognised(section, name)
    if match is not None and not _is_outdone(match, section):
        return converted(scratch, section, match, given, file.defaults, span)
    try:
        return mapped_part(scratch, section, file.name, given, file.defaults, span, is_only=is_only)
    except BadAnswer:
        if any(key in own for key in _MAPPING) or not any(key in remembered for key in _MAPPING):
            raise
        return mapped_part(scratch, section, file.name, answers_from(own), file.defaults, span, is_only=is_only)


def _own_answers(section: Section, file: File, is_only: bool) -> dict[str, Any]:
    """The answers for this table: those of the whole file, then its own. A mapping that names columns which one of
    several tables lacks is meant for another."""
    shared = {key: value for key, value in file.answers.items() if key != "parts"}
    if not is_only and not _has_columns(section, answers_from(shared)):
        shared = {key: value for key, value in shared.items() if key not in _MAPPING}
    title = " · ".join(section.path) or file.name
    parts = parts_of(file.answers)
    alone = parts.get(file.name, {}) if is_only else {}
    return {**shared, **alone, **parts.get(title, {})}


def _has_columns(section: Section, answers: Answers) -> bool:
    labels = [label for label in (answers.columns or {}).values() if label] + [own for own, _ in answers.joins]
    return all(column_position(section, label) is not None for label in labels)


def _is_overruled(answers: Answers, section: Section) -> bool:
    """Whether the person has said what the table is, so that no known export counts."""
    has_all = len(section.staged_columns) == len(section.header)
    return answers.table is not None and answers.columns is not None and has_all


def _is_outdone(match: Match, section: Section) -> bool:
    """Whether a table that only looks like a known export is told by its own names, and these explain more of it: an
    export that knows no currency or discount would leave their columns unread."""
    if match.confidence >= RECOGNISED:
        return False
    guess, is_certain = best_guess(section)
    return is_certain and guess is not None and set(guess.exact.values()) > set(match.fields.values())
