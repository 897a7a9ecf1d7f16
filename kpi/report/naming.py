"""Text that a workbook can hold: names of sheets, and strings from data that must not become formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MOST_LETTERS = 31
_MOST_IN_CELL = 32_767
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def sheet_names(wanted: Iterable[str]) -> tuple[str, ...]:
    """Names that Excel takes, in the same order: at most 31 letters, no two alike, none of its forbidden characters.

    >>> sheet_names(["Source / medium", "source - medium"])
    ('Source - medium', 'source - medium (2)')
    """
    taken: dict[str, str] = {}
    for name in wanted:
        free = next(one for one in _candidates(_allowed(name)) if one.casefold() not in taken)
        taken[free.casefold()] = free
    return tuple(taken.values())


def safe_text(text: str) -> str:
    """The text without the characters that XML cannot hold, line breaks as spaces, no longer than a cell."""
    return _NOT_IN_XML.sub("", re.sub(r"[\r\n\t]+", " ", text))[:_MOST_IN_CELL]


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula when a person edits the cell."""
    return text.startswith(("=", "+", "-", "@"))


def reference(sheet: str, cell: str) -> str:
    """A cell of another sheet: `'Over time'!A1`."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def _allowed(name: str) -> str:
    name = _NOT_IN_SHEET_NAMES.sub("-", safe_text(name)).strip("' ")
    # "History" is a name that Excel keeps for itself.
    return f"{name} -" if name.casefold() == "history" else name or "-"


def _candidates(name: str) -> Iterable[str]:
    yield name[:_MOST_LETTERS].rstrip("' ")
    for number in range(2, 1000):
        suffix = f" ({number})"
        yield name[: _MOST_LETTERS - len(suffix)].rstrip("' ") + suffix
