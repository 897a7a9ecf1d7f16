"""One file to Parts: open it, split it, recognise each table and convert it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from kpi.errors import KpiError, UnknownFormat, UnreadableFile
from kpi.ingest.answers import answers_from
from kpi.ingest.containers import Member, members
from kpi.ingest.convert import converted
from kpi.ingest.days import Span, span_in
from kpi.ingest.formats import formats
from kpi.ingest.labels import header_fingerprint
from kpi.ingest.load import Rows
from kpi.ingest.part import Defaults, Part
from kpi.ingest.recognise import recognised
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.wording.message import Message, message

Recall = Callable[[str], Mapping[str, Any]]


def read_file(
    con: Any, path: Path, name: str, *, answers: Mapping[str, Any], recall: Recall, defaults: Defaults
) -> tuple[Part, ...]:
    """Every table of the file as a Part.

    Args: con: a cursor of the workspace · path: the file in the staging folder · name: the client's name for it ·
        answers: key → value, see `answers.py` · recall: header fingerprint → answers given before; `answers` win.
    Raises: UnreadableFile, UnknownFormat, BadAnswer. Where a file has several tables, one that fails is a Part with a
        note instead, as long as another is known.
    """
    answers_from(answers)
    scratch = Scratch(con)
    found: dict[Member, list[Part]] = {}
    try:
        for member in members(path, name, defaults.limits):
            own = found.setdefault(member, [])
            for part in _member_parts(scratch, member, answers, recall, defaults, span_in(member.name)):
                own.append(part)
        for member, own in found.items():
            if span := _sibling_span(own, found):
                for part in own:
                    part.drop(con)
                own.clear()
                for part in _member_parts(scratch, member, answers, recall, defaults, span):
                    own.append(part)
        return _with_one_known([part for own in found.values() for part in own], name)
    except BaseException as error:
        parts = [part for own in found.values() for part in own]
        for part in parts:
            with suppress(duckdb.Error):
                part.drop(con)
        if isinstance(error, duckdb.TransactionException):
            _raise_first(parts)
        raise
    finally:
        scratch.drop()


def _sibling_span(own: list[Part], found: Mapping[Member, list[Part]]) -> Span | None:
    """The days that other members of the same export cover, where one of these tables does not say its own."""
    shared = {known.id for known in formats() if known.shares_period}
    waiting = [part for part in own if any(question.key == "period" for question in part.questions)]
    names = {(part.format, part.account) for part in waiting if part.format in shared}
    days = [
        part.period
        for parts in found.values()
        for part in parts
        if part.period and part.relations and (part.format, part.account) in names
    ]
    return (min(start for start, _ in days), max(end for _, end in days)) if days else None


def _member_parts(
    scratch: Scratch,
    member: Member,
    answers: Mapping[str, Any],
    recall: Recall,
    defaults: Defaults,
    span: Span | None,
) -> Iterator[Part]:
    try:
        sections = list(member.sections(scratch))
    except KpiError as error:
        yield _failed(member, error)
        return
    if not sections:
        yield _failed(member, _without_table(member))
    for number, section in enumerate(sections, start=1):
        section.path = (
            member.path if len(sections) == 1 else (*member.path, f"{number} {section.preamble.title}".strip())
        )
        try:
            yield _section_part(scratch, section, member.name, answers, recall, defaults, span)
        except KpiError as error:
            yield _set_aside(section, error)


def _section_part(
    scratch: Scratch,
    section: Section,
    name: str,
    answers: Mapping[str, Any],
    recall: Recall,
    defaults: Defaults,
    span: Span | None,
) -> Part:
    match = recognised(section, name)
    if match is None:
        raise _unknown(section, name)
    given = answers_from({**recall(header_fingerprint(section.header)), **answers})
    try:
        return converted(scratch, section, match, given, defaults, span)
    except (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException):
        detail = message("It holds a number or a date that is too large to be true.")
        raise UnreadableFile(name, detail, message("Correct the value in the file and add it again.")) from None


def _with_one_known(parts: list[Part], name: str) -> tuple[Part, ...]:
    """The parts; where none of them is known, the first reason why is raised."""
    if any(part.format for part in parts):
        return tuple(parts)
    _raise_first(parts)
    raise UnreadableFile(
        name, message("It holds no file that could be read."), message("Add the files it should hold.")
    )


def _raise_first(parts: list[Part]) -> None:
    """Raise what went wrong first; in a transaction it is the reason why nothing after it could be read."""
    error = next((part.error for part in parts if part.error), None)
    if error:
        raise error


def _failed(member: Member, error: KpiError) -> Part:
    return Part(member.path, None, "", notes=(_note(error),), error=error)


def _set_aside(section: Section, error: KpiError) -> Part:
    rows = Rows(read=section.read, set_aside=section.read)
    return Part(section.path, None, "", rows=rows, notes=(_note(error),), error=error)


def _note(error: KpiError) -> Message:
    return message("{title}: {detail}", title=error.title, detail=error.detail)


def _without_table(member: Member) -> UnreadableFile:
    return UnreadableFile(
        member.name,
        message("No table with a header row was found."),
        message("Add the export as the platform saved it."),
    )


def _unknown(section: Section, name: str) -> UnknownFormat:
    columns = ", ".join(label for label in section.header[:40] if label)
    return UnknownFormat(
        message("{file} is no export that is known", file=name),
        message("Its columns are: {columns}.", columns=columns),
        message("Check that the file is the original export with its header row, or say what its columns mean."),
    )
