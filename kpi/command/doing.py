"""What each command does, and what it prints."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kpi.errors import BadAnswer, KpiError, WorkspaceError, WorkspaceInUse
from kpi.ingest.load import Load, Question
from kpi.loadwords import certainty_words, fact_words, is_unknown, total_words
from kpi.wording import Words
from kpi.wording.message import message
from kpi.workspace import Workspace

BY_COMMAND = "command"
"""Who has imported, in the journal, what came by a command."""

_REASONS_SHOWN = 3


def bring_in(say: Words, given: argparse.Namespace) -> int:
    """Import the files, one after another; one that fails does not stop the others."""
    answers = _answers(given.answers)
    is_all_loaded = True
    with _opened(given, makes=True) as shop:
        for file in given.files:
            try:
                load = shop.add(file, answers=answers, by=BY_COMMAND)
            except KpiError as error:
                print(f"{say.say(error.title)}. {say.say(error.detail)} {say.say(error.fix)}")
                is_all_loaded = False
            else:
                print("\n".join(_load_lines(say, load)))
                is_all_loaded &= load.import_id is not None
    return 0 if is_all_loaded else 1


def list_imports(say: Words, given: argparse.Namespace) -> int:
    """The journal, newest first."""
    with _opened(given) as shop:
        zone = ZoneInfo(shop.settings["time_zone"])
        for one in shop.imports():
            facts = [one.name, say.say(one.load.format_name), say.moment(one.imported_at.astimezone(zone))]
            facts += [say.t("undone")] if one.undone_at else []
            print(f"{one.id}  {' · '.join(facts)}")
        if not shop.imports():
            print(say.t("Nothing has been imported yet."))
    return 0


def undo(say: Words, given: argparse.Namespace) -> int:
    """Take an import back."""
    with _opened(given) as shop:
        shop.undo(given.number, by=BY_COMMAND)
    print(say.t("Import undone"))
    return 0


@contextmanager
def _opened(given: argparse.Namespace, *, makes: bool = False) -> Iterator[Workspace]:
    """The workspace, where no other program has it. Only an import makes a new one."""
    home = Path(given.home).resolve()
    file = home / f"{given.workspace}.duckdb"
    if not makes and not file.is_file():
        raise WorkspaceError(
            message("The workspace cannot be opened"),
            message("There is no workspace “{name}” in {folder}.", name=given.workspace, folder=str(home)),
            message("Check --workspace and --home."),
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
        shop = Workspace(file, staging=home / "staging" / given.workspace)
    except WorkspaceInUse as error:
        raise _in_use(error) from error
    except OSError as error:
        raise WorkspaceError(
            message("The workspace cannot be opened"),
            message("The folder {folder} cannot be written.", folder=str(home)),
            message("Check --workspace and --home."),
        ) from error
    with shop:
        yield shop


def _in_use(error: WorkspaceInUse) -> WorkspaceInUse:
    fix = message(
        "While the server runs, drop the files on the Data page or put them into the watched folder; or stop the server."
    )
    return WorkspaceInUse(error.title, error.detail, fix)


def _answers(text: str | None) -> Mapping[str, Any]:
    try:
        answers = json.loads(text or "{}")
    except ValueError:
        answers = None
    if not isinstance(answers, dict):
        raise BadAnswer(
            message("The answers cannot be used"),
            message("What stands after --answers is no JSON object."),
            message("Write them like this: {example}.", example='{"currency": "PLN"}'),
        )
    return answers


def _load_lines(say: Words, load: Load) -> Iterator[str]:
    """What the file's card says."""
    name, certainty = say.say(load.format_name), certainty_words(say, load)
    if is_unknown(load):
        yield f"{load.name}: {certainty}"
    else:
        yield f"{load.name}: {name} ({certainty})" if name else f"{load.name}:"
    if load.is_unchanged:
        yield "  " + say.t("This very file is in the workspace already; nothing has changed.")
    if load.questions:
        for question in load.questions:
            yield from _question_lines(say, question)
        return
    yield "  " + " · ".join(fact_words(say, load))
    yield from (f"  {total_words(say, total)}" for total in load.check_totals)
    yield from (f"  {say.say(note)}" for note in load.notes)
    for row in load.refused[:_REASONS_SHOWN]:
        yield "  " + say.t("Row {row}: {reason}", row=str(row.row_no), reason=row.reason)
    if load.import_id is None:
        yield "  " + say.t("There is nothing in it to load.")


def _question_lines(say: Words, question: Question) -> Iterator[str]:
    yield f"  ? {question.key}: {say.say(question.text)}"
    for value, words in question.choices:
        yield f"      {json.dumps(value, ensure_ascii=False)} – {say.say(words)}"
    if question.suggested is not None:
        yield "      " + say.t(
            "suggested: {value}", value=json.dumps(question.suggested, ensure_ascii=False, default=str)
        )
