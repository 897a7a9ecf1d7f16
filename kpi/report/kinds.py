"""How a number is written: the number format of a cell, and the same as text for the preview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kpi.report.sheet import Cell, Kind, Written
from kpi.wording import Words

DASH = "—"
NBSP = "\u00a0"
_MINUS = "\u2212"

# Excel writes months in the language of these codes whatever the language of the machine. LibreOffice's short Polish
# months are Roman numerals, so the Polish ones are written out.
_DATES = {
    "en": {"day": "[$-809]d mmm yyyy", "month": "[$-809]mmm yyyy", "year": "yyyy"},
    "pl": {"day": "[$-415]d mmmm yyyy", "month": "[$-415]mmmm yyyy", "year": "yyyy"},
}
_DATES_OF_GRAINS = {"day": "day", "week": "day", "month": "month", "quarter": "month", "year": "year"}


def kind_of(unit: str, currency: str | None, values: Iterable[float | None]) -> Kind:
    """The kind for a column of values: counts with fractions keep two decimals, rates below 10 % have two."""
    known = [abs(value) for value in values if value is not None]
    written: Written = unit  # type: ignore[assignment]
    if unit == "money":
        return Kind("money", currency, 2)
    if unit == "percent":
        return Kind("percent", digits=2 if any(value < 0.1 for value in known) else 1)
    if unit == "points":
        return Kind("number", digits=1)
    if unit in ("number", "ratio"):
        return Kind(written, digits=2)
    if unit == "duration":
        return Kind("duration")
    return Kind("count", digits=0 if all(value == int(value) for value in known) else 2)


def number_format(kind: Kind, words: Words) -> str:
    """The cell's number format. Its last section writes an em dash for a formula without a value."""
    if kind.written == "text":
        return "General"
    if kind.written in _DATES_OF_GRAINS:
        return _DATES[words.language][_DATES_OF_GRAINS[kind.written]]
    digits = "0" + ("." + "0" * kind.digits if kind.digits else "")
    if kind.written in ("change", "points"):
        body = f"{digits}{_percent(words)}" if kind.written == "change" else f"{digits}{_quoted(_points(words))}"
        return f'"+"{body};"{_MINUS}"{body};{body};"{DASH}"'
    if kind.written == "percent":
        body = f"{digits}{_percent(words)}"
    elif kind.written == "money":
        before, after = words.money(0, kind.currency, digits=0).split("0") if kind.currency else ("", "")
        body = f"{_quoted(before)}#,##{digits}{_quoted(after)}"
    elif kind.written == "duration":
        body = f"#,##{digits}{_quoted(NBSP + 's')}"
    else:
        body = f"#,##{digits}"
    if kind.is_signed:
        return f'"+"{body};"{_MINUS}"{body};{body};"{DASH}"'
    return f'{body};-{body};{body};"{DASH}"'


def shown(cell: Cell | None, words: Words) -> str:
    """The cell's text, as the workbook shows it."""
    if cell is None:
        return ""
    kind, value = cell.kind, cell.value
    if value is None:
        return "" if kind.written == "text" else DASH
    if isinstance(value, str):
        return value if value or kind.written == "text" else DASH
    text = _number_shown(kind, value, words)
    return f"+{text}" if kind.is_signed and isinstance(value, float) and value > 0 else text


def _number_shown(kind: Kind, value: Any, words: Words) -> str:
    if kind.written in _DATES_OF_GRAINS:
        grain = _DATES_OF_GRAINS[kind.written]
        return words.bucket(value, "day" if grain == "day" else "month" if grain == "month" else "year")
    if kind.written == "money":
        return words.money(value, kind.currency, kind.digits)
    if kind.written == "percent":
        return words.percent(value, kind.digits)
    if kind.written == "change":
        return words.change(value, kind.digits)
    if kind.written == "points":
        return words.points(value / 100, kind.digits)
    if kind.written == "duration":
        return f"{words.count(value)}{NBSP}s"
    return words.number(value, kind.digits)


def _percent(words: Words) -> str:
    """The percent sign, after a quoted space where the language writes one; unquoted, because it scales."""
    return _quoted(words.percent(0, 0).strip("0%")) + "%"


def _points(words: Words) -> str:
    return re.sub(r"^[\d.,]+", "", words.points(0))


def _quoted(text: str) -> str:
    """Text inside a number format; a space at its edge stands outside the quotes, as spreadsheets write it."""
    text = text.replace(NBSP, " ")
    return re.sub(r"\S+", lambda found: f'"{found[0]}"', text)
