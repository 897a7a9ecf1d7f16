"""What a part would keep or show, for tests that look for words that name a person or for a guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kpi.errors import UnknownFormat
from kpi.ingest import Part


def kept_words(con: Any, part: Part) -> str:
    """Everything that the part would store or show, as one text in lower case."""
    rows = [con.execute(f"SELECT * FROM {relation}").fetchall() for relation in part.relations.values()]
    shown = [(str(row.reason), row.cells) for row in part.refused]
    return str((rows, shown, [str(note) for note in part.notes])).casefold()


def is_taken_for(format: str, read: Callable[..., tuple[Part, ...]], text: str) -> bool:
    """Whether the text is read as this format, with or without questions."""
    try:
        return any(part.format == format for part in read(text))
    except UnknownFormat:
        return False
