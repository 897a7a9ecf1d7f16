"""The Part of a table that no known export fits: loaded by its mapping, or with the questions that stand before it."""

from __future__ import annotations

from dataclasses import replace

from kpi.errors import KpiError, UnknownFormat
from kpi.ingest.answers import Answers
from kpi.ingest.convert import converted
from kpi.ingest.days import Span
from kpi.ingest.generic import telling_labels
from kpi.ingest.labels import header_fingerprint, squeezed
from kpi.ingest.load import Rows
from kpi.ingest.mapping import Mapped, mapped, with_choices
from kpi.ingest.part import Defaults, Part
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.sourcecolumns import looks_like_data
from kpi.wording.message import Message, Text, message

_UNKNOWN = Text(en="Unknown table", pl="Nieznana tabela")


def mapped_part(
    scratch: Scratch,
    section: Section,
    name: str,
    answers: Answers,
    defaults: Defaults,
    span: Span | None,
    *,
    is_only: bool,
) -> Part:
    """The table as its mapping says. Among several tables of a file, one that nothing is known of is set aside.

    Raises: UnknownFormat: it has no header row, or too little to be a table · BadAnswer.
    """
    is_told = answers.table is not None or answers.columns is not None
    labels = [label for label in section.header if label.strip()]
    if not is_told and (looks_like_data(section.header) or len(labels) < 2):
        raise (_unknown(name, _known(labels)) if is_only else _unusable(section, name, _known(labels)))
    found = mapped(section, answers)
    if found.questions and not len(section.rows):
        raise _unknown(name, _known(labels))
    if found.questions and not found.is_usable and not is_only and not is_told:
        return _set_aside(section, found, _unusable(section, name, _known(labels)))
    if found.match is None or found.questions:
        return _asking(scratch, section, found, answers, defaults, span)
    part = converted(scratch, section, found.match, answers, defaults, span)
    return replace(part, questions=with_choices(part.questions, found.contract), mapping=found.contract)


def _asking(
    scratch: Scratch, section: Section, found: Mapped, answers: Answers, defaults: Defaults, span: Span | None
) -> Part:
    """The questions, and a first look at the rows where the suggestion can be read."""
    names = dict(found.contract.tables)
    known = found.contract.table
    part = Part(
        section.path,
        known,
        names[known] if known else _UNKNOWN,
        fingerprint=header_fingerprint(section.header),
        questions=found.questions,
        mapping=found.contract,
    )
    if found.match is None:
        return part
    try:
        trial = converted(scratch, section, found.match, answers, defaults, span)
    except KpiError:
        return part
    scratch.drop(trial.made)
    return replace(
        part, questions=(*found.questions, *with_choices(trial.questions, found.contract)), sample=trial.sample
    )


def _set_aside(section: Section, found: Mapped, error: UnknownFormat) -> Part:
    note = message("{title}: {detail}", title=error.title, detail=error.detail)
    rows = Rows(read=section.read, set_aside=section.read)
    return Part(section.path, None, "", rows=rows, notes=(note,), error=error, mapping=found.contract)


def _known(labels: list[str]) -> list[str]:
    """The labels that are known words; the others could be data of a file without a header row."""
    return [label for label in labels if squeezed(label) in telling_labels()]


def _unknown(name: str, labels: list[str]) -> UnknownFormat:
    return UnknownFormat(
        message("{file} is no export that is known", file=name),
        _known_columns(labels),
        message("Check that the file is the original export with its header row, or say what its columns mean."),
    )


def _unusable(section: Section, name: str, labels: list[str]) -> UnknownFormat:
    return UnknownFormat(
        message("{file} holds nothing that can be used", file=section.path[-1] if section.path else name),
        _known_columns(labels),
        message("Say what its columns mean, if it should be loaded."),
    )


def _known_columns(labels: list[str]) -> Message:
    if not labels:
        return message("None of its columns has a name that is known.")
    return message("Of its columns only these have a known name: {columns}.", columns=", ".join(labels[:40]))
