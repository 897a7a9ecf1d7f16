"""The command line: `python -m kpi import FILE… --workspace ID`, `imports`, `undo`.

For when no server runs: a workspace is open in one program at a time. What a card on the screen says, a command prints.
Ends with 0 where everything was done, 1 where something is asked or was refused whole, 2 where the call was wrong or
the workspace could not be opened.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from kpi.command.arguments import parsed
from kpi.command.doing import bring_in, list_imports, undo
from kpi.errors import KpiError
from kpi.wording import words

_DOING = {"import": bring_in, "imports": list_imports, "undo": undo}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say. Returns: the exit code."""
    given = parsed(sys.argv[1:] if arguments is None else arguments)
    say = words(given.language)
    try:
        return _DOING[given.command](say, given)
    except KpiError as error:
        print(f"{say.say(error.title)}. {say.say(error.detail)} {say.say(error.fix)}", file=sys.stderr)
        return 2
