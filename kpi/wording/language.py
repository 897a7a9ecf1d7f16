"""The languages that a reader can choose, and what is written where there is no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["pl", "en"]
LANGUAGES: tuple[Language, ...] = ("pl", "en")

DASH = "—"
NBSP = "\u00a0"


@dataclass(frozen=True)
class InLanguage:
    """Something that writes in one language."""

    language: Language


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas.NA: what is written as an em dash."""
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas.NA is neither equal to itself nor different
        return True
