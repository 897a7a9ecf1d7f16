"""What can be written on the command line, and what its help says, in the reader's language."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from kpi.wording import LANGUAGES, Language, Words, words

_WORKSPACE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments: `command`, `workspace`, `home`, `language`, and what belongs to the command. A wrong call ends the
    program with 2."""
    language = _language(arguments)
    given = _parser(words(language)).parse_args(arguments)
    given.language = language
    return given


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the reader's language; argparse's own words are English."""

    def __init__(self, *, say: Words, **settings: Any) -> None:
        super().__init__(add_help=False, **settings)
        self.say = say
        self._positionals.title, self._optionals.title = say.t("arguments"), say.t("options")
        self.add_argument("-h", "--help", action="help", help=say.t("show this help"))

    def error(self, message: str) -> NoReturn:
        asked = self.say.t("See: {command}", command=f"{self.prog} --help")
        self.exit(2, f"{self.say.t('The command cannot be understood: {reason}', reason=message)}\n{asked}\n")


def _parser(say: Words) -> argparse.ArgumentParser:
    parser = _Parser(
        say=say,
        prog="python -m kpi",
        description=say.t("Bring files into a workspace while no server has it open."),
        epilog=say.t(
            "Exit code: 0 everything was loaded · 1 a file asks a question or was refused whole · 2 the call is wrong, "
            "or the workspace is open in another program."
        ),
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=say.t("commands"), parser_class=_Parser
    )
    load = commands.add_parser("import", say=say, help=say.t("load files"), description=_import_words(say))
    load.add_argument("files", nargs="+", metavar="FILE", help=say.t("an export: CSV, Excel, Parquet or zip"))
    load.add_argument("--answers", metavar="JSON", help=say.t("answers to the files' questions, as a JSON object"))
    listed = commands.add_parser("imports", say=say, help=say.t("list what has been imported, with its numbers"))
    undone = commands.add_parser("undo", say=say, help=say.t("take an import back"))
    undone.add_argument("number", type=int, metavar="NUMBER", help=say.t("of the import, from the list of imports"))
    for one in (load, listed, undone):
        one.add_argument(
            "--workspace", required=True, type=_workspace_id, metavar="ID", help=say.t("the workspace, such as shop")
        )
        one.add_argument(
            "--home",
            default=os.environ.get("KOSZYK_HOME") or "workspaces",
            metavar="DIR",
            help=say.t("the folder of the workspaces (otherwise KOSZYK_HOME, or ./workspaces)"),
        )
        one.add_argument("--language", choices=LANGUAGES, help=say.t("the language of what is printed"))
    return parser


def _import_words(say: Words) -> str:
    return say.t(
        "Each file is taken as if it were dropped on the Data page, and what its card says is printed. A file that asks "
        "something is not loaded: give the answer with --answers and call again."
    )


def _workspace_id(text: str) -> str:
    """An id as it stands in links; anything else could name a file elsewhere."""
    if not _WORKSPACE_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"“{text[:80]}”")
    return text


def _language(arguments: Sequence[str]) -> Language:
    """The language chosen, else that of the terminal."""
    finder = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    finder.add_argument("--language")
    try:
        chosen = finder.parse_known_args(arguments)[0].language
    except argparse.ArgumentError:
        chosen = None
    if chosen in LANGUAGES:
        return "pl" if chosen == "pl" else "en"
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "pl" if locale.startswith("pl") else "en"
