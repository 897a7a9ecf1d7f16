"""What an empty cell looks like, in SQL."""

from __future__ import annotations

# Spaces that exports put around and inside values, no-break ones included.
SPACES = " \t\r\n\u00a0\u202f\u2009\ufeff"
NO_BREAK_SPACES = "\u00a0\u202f\u2009"
_NO_NUMBER = (
    "",
    "-",
    "--",
    "---",
    "—",
    "–",
    "n/a",
    "na",
    "n.d.",
    "null",
    "none",
    "nan",
    "#n/a",
    "#div/0!",
    "#div/0",
    "brak",
    "brak danych",
)
_NO_TEXT = ("", "--", "—")
# "None" and "brak" may name the group that got nothing.
_NO_GROUP = (*_NO_TEXT, "null", "nan", "n/a", "#n/a", "\\n")

_EDGE = f"^[{SPACES}]|[{SPACES}]$"


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def text_value(column: str) -> str:
    """The trimmed cell, NULL where it says nothing."""
    return _value(column, _NO_TEXT, "{}")


def group_value(column: str) -> str:
    """The trimmed cell that names a group, NULL also for the words that a database or a sheet writes for no value."""
    return _value(column, _NO_GROUP, "lower({})")


def number_value(column: str) -> str:
    """The trimmed cell of a number, NULL for the dashes and words that stand for none, and for `<5`."""
    return f"CASE WHEN {column}[1] = '<' THEN NULL ELSE {_value(column, _NO_NUMBER, 'lower({})')} END"


def time_value(column: str) -> str:
    """The trimmed cell of a date as `number_value` gives it; the no-break space before AM and PM is a space."""
    return number_value(f"translate({column}, {literal(NO_BREAK_SPACES)}, '   ')")


def _value(column: str, nothing: tuple[str, ...], folded: str) -> str:
    """Trimming is dear and seldom needed, so a cell is looked at before it is trimmed."""
    words = ", ".join(map(literal, nothing))
    trimmed = f"trim({column}, {literal(SPACES)})"
    return f"""CASE WHEN {folded.format(column)} IN ({words}) THEN NULL
        WHEN NOT regexp_matches({column}, {literal(_EDGE)}) THEN {column}
        WHEN {folded.format(trimmed)} IN ({words}) THEN NULL ELSE {trimmed} END"""


def says_nothing(text: str) -> bool:
    """Whether a trimmed cell stands for no value."""
    return text.casefold() in _NO_NUMBER
