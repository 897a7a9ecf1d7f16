"""One file to Parts: open it, split it, recognise each table and convert it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from kpi.errors import BadAnswer, KpiError, UnreadableFile
from kpi.ingest.answers import answers_from, parts_of
from kpi.ingest.bounds import OutOfBounds
from kpi.ingest.containers import Member, members
from kpi.ingest.days import Span, span_in
from kpi.ingest.formats import formats
from kpi.ingest.load import Rows
from kpi.ingest.part import Defaults, Part
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.table import File, Recall, require_used, section_part
from kpi.wording.message import Message, message


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
    scratch, file = Scratch(con), File(name, answers, recall, _wide(defaults, answers))
    found: dict[Member, list[Part]] = {}
    try:
        inside = members(path, name, file.defaults.limits)
        for member in inside:
            own = found.setdefault(member, [])
            for part in _member_parts(scratch, member, file, _span_named(member), is_only=len(inside) == 1):
                own.append(part)
        for member, own in found.items():
            if span := _sibling_span(own, found):
                for part in own:
                    part.drop(con)
                own.clear()
                for part in _member_parts(scratch, member, file, span, is_only=len(inside) == 1):
                    own.append(part)
        parts = _without_comparisons(con, [part for own in found.values() for part in own])
        parts = _without_narrowed(con, parts)
        require_used(file, parts)
        return _with_one_known(parts, name)
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


def _span_named(member: Member) -> Span | None:
    """The days that the name of the member says, else that of the whole file."""
    return next(filter(None, map(span_in, (*reversed(member.path), member.name))), None)


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


def _member_parts(scratch: Scratch, member: Member, file: File, span: Span | None, *, is_only: bool) -> Iterator[Part]:
    try:
        sections = list(member.sections(scratch))
    except OutOfBounds as error:
        yield _failed(member, error.of(member.name))
        return
    except KpiError as error:
        yield _failed(member, error)
        return
    if not sections:
        yield _failed(member, _without_table(member))
    for number, section in enumerate(sections, start=1):
        section.name = member.name
        section.path = (
            member.path if len(sections) == 1 else (*member.path, f"{number} {section.preamble.title}".strip())
        )
        try:
            yield section_part(scratch, section, member.name, file, span, is_only=is_only and len(sections) == 1)
        except BadAnswer:
            raise
        except KpiError as error:
            yield _set_aside(section, error)


def _wide(defaults: Defaults, answers: Mapping[str, Any]) -> Defaults:
    """With every column of large files, where the answers may name any of them."""
    is_mapped = any("columns" in own or "table" in own for own in (answers, *parts_of(answers).values()))
    return replace(defaults, limits=replace(defaults.limits, has_all_columns=True)) if is_mapped else defaults


def _without_narrowed(con: Any, parts: list[Part]) -> list[Part]:
    """What was narrowed before it was exported neither counts as the whole nor replaces it. The format's note says so."""
    accounts = {part.account for part in parts if part.is_narrowed}
    return [_put_aside(con, part) if part.relations and part.account in accounts else part for part in parts]


def _without_comparisons(con: Any, parts: list[Part]) -> list[Part]:
    """Of tables that count the same visits alike the first is of everybody; each next one is of a part of the people."""
    said = message(
        "The table counts again, for a part of the people, what another table of the file counts: set aside."
    )
    found, seen = list[Part](), set[tuple[object, ...]]()
    for part in parts:
        key = (part.path[:-1], part.format, part.account, part.fingerprint, part.period)
        is_again = "traffic" in part.relations and key in seen
        found.append(replace(_put_aside(con, part), notes=(*part.notes, said)) if is_again else part)
        seen.add(key)
    return found


def _put_aside(con: Any, part: Part) -> Part:
    part.drop(con)
    rows = replace(part.rows, loaded=0, set_aside=part.rows.set_aside + part.rows.loaded)
    return replace(part, relations={}, made=(), tables={}, sample=(), rows=rows)


def _with_one_known(parts: list[Part], name: str) -> tuple[Part, ...]:
    """The parts; where none of them is known, the first reason why is raised."""
    if any(part.format or part.questions for part in parts):
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
