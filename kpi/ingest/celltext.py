"""A cell of a sheet as unambiguous text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any


def cell_text(value: Any) -> str:
    """ISO dates, and numbers with a decimal point that no reader takes for a thousands sign."""
    return value if type(value) is str else _TEXTS.get(type(value), str)(value)


def number_text(value: float) -> str:
    """Whole numbers as such, others with a decimal point."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    # 1.234 could be a thousand; 1.2340 could not.
    return f"{text}0" if "e" not in text and len(text.partition(".")[2]) == 3 else text


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    float: number_text,
    datetime: lambda value: value.isoformat(sep=" ", timespec="seconds"),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: lambda value: str(value.total_seconds()),
    type(None): lambda value: "",
}
