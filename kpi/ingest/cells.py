"""What an empty cell looks like, in SQL."""

from __future__ import annotations

# Spaces that exports put around and inside values, no-break ones included.
SPACES = " \t\r\n\u00a0\u202f\u2009\ufeff"
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
    "brak",
    "brak danych",
)
_NO_TEXT = ("", "--", "—")


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def text_value(column: str) -> str:
    """The trimmed cell, NULL where it says nothing."""
    return _value(column, _NO_TEXT)


def number_value(column: str) -> str:
    """The trimmed cell of a number or a date, NULL for the dashes and words that stand for none."""
    return _value(column, _NO_NUMBER)


def _value(column: str, nothing: tuple[str, ...]) -> str:
    trimmed = f"trim({column}, {literal(SPACES)})"
    return f"CASE WHEN lower({trimmed}) IN ({', '.join(map(literal, nothing))}) THEN NULL ELSE {trimmed} END"
