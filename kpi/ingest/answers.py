"""What the person answered to an import's questions, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from kpi.errors import BadAnswer
from kpi.ingest.days import Span
from kpi.ingest.generic import generics
from kpi.ingest.labels import currency_codes
from kpi.ingest.personal import HIDDEN, is_personal_value
from kpi.ingest.times import fixed_offset
from kpi.wording.message import Message, message

_KEYS = frozenset(
    [
        "currency",
        "day_first",
        "decimal",
        "period",
        "day",
        "account",
        "adds",
        "tax_included",
        "table",
        "columns",
        "joins",
        "time_zone",
        "parts",
    ]
)


@dataclass(frozen=True)
class Answers:
    """None where nothing was answered.

    decimal: the sign before the fraction, `.` or `,` · period: of a `day`, that day alone · table, columns: a generic table and field → column's label, None
    for a field that the file lacks · joins: pairs of a lookup's column and what it is in other files ·
    time_zone: of times that state none, a name such as Europe/Warsaw or an offset such as +02:00 ·
    adds: whether a report tells another part of its account than those that are there.
    """

    currency: str | None = None
    is_day_first: bool | None = None
    decimal: str | None = None
    period: Span | None = None
    account: str | None = None
    is_tax_included: bool | None = None
    table: str | None = None
    columns: Mapping[str, str | None] | None = None
    joins: tuple[tuple[str, str], ...] = ()
    time_zone: str | None = None
    adds: bool | None = None


def answers_from(raw: Mapping[str, Any]) -> Answers:
    """Raises: BadAnswer: a question that no file asks, or a value that none could be read with."""
    for key in raw.keys() - _KEYS:
        raise bad_answer(key, raw[key], message("The answers may be: {names}.", names=", ".join(sorted(_KEYS))))
    return Answers(
        _currency(raw.get("currency")),
        _flag("day_first", raw.get("day_first")),
        _decimal(raw.get("decimal")),
        _span(raw.get("period")) or _day(raw.get("day")),
        str(raw["account"]) if raw.get("account") else None,
        _flag("tax_included", raw.get("tax_included")),
        _table(raw.get("table")),
        _columns(raw.get("columns")),
        _joins(raw.get("joins")),
        _time_zone(raw.get("time_zone")),
        _flag("adds", raw.get("adds")),
    )


def parts_of(raw: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The answers of single parts, by the part's name. Raises: BadAnswer: they are no such thing."""
    parts = raw.get("parts") or {}
    if not isinstance(parts, Mapping) or not all(isinstance(own, Mapping) for own in parts.values()):
        raise bad_answer("parts", parts, message("Name each part and give its own answers."))
    for own in parts.values():
        answers_from(own)
    return parts


def bad_answer(key: str, value: Any, fix: Message) -> BadAnswer:
    """The error for an answer that cannot be used; `fix` says what can."""
    return BadAnswer(
        message("An answer cannot be used"),
        message("The answer to “{key}” was {value}.", key=key, value=_said(value)),
        fix,
    )


def _said(value: Any) -> str:
    """The answer in words, without what could name a person."""
    text = str(value)
    return HIDDEN if is_personal_value(text) else text[:200]


def _table(value: Any) -> str | None:
    if value is None:
        return None
    if value not in generics():
        raise bad_answer("table", value, message("The tables are: {tables}.", tables=", ".join(generics())))
    return str(value)


def _columns(value: Any) -> Mapping[str, str | None] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not all(isinstance(it, str | None) for it in value.values()):
        raise bad_answer("columns", value, message("Name for each field the column that holds it."))
    return {str(name): label for name, label in value.items()}


def _joins(value: Any) -> tuple[tuple[str, str], ...]:
    try:
        pairs = tuple((str(own), str(other)) for own, other in value or ())
    except (TypeError, ValueError):
        raise bad_answer("joins", value, message("Pair a column of this file with what it is in the others.")) from None
    return pairs


def _time_zone(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or (value not in available_timezones() and fixed_offset(value) is None):
        raise bad_answer("time_zone", value, message("Use a name such as Europe/Warsaw, or an offset such as +02:00."))
    return value


def _currency(value: Any) -> str | None:
    if value is None:
        return None
    if not (isinstance(value, str) and value.strip().upper() in currency_codes()):
        raise bad_answer("currency", value, message("A currency is a code of three letters, such as PLN."))
    return value.strip().upper()


def _flag(key: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if str(value).casefold() in ("true", "false"):
        return str(value).casefold() == "true"
    raise bad_answer(key, value, message("Answer with yes or no."))


def _decimal(value: Any) -> str | None:
    if value not in (None, ".", ","):
        raise bad_answer("decimal", value, message("The decimal sign is a point or a comma."))
    return value


def _day(value: Any) -> Span | None:
    if value is None:
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise bad_answer("day", value, message("A day is written such as 2026-01-31.")) from None
    return day, day


def _span(value: Any) -> Span | None:
    if value is None:
        return None
    try:
        start, end = (day if isinstance(day, date) else date.fromisoformat(day) for day in value)
    except (TypeError, ValueError):
        raise bad_answer(
            "period", value, message("A period is its first and last day, such as 2026-01-01 and 2026-01-31.")
        ) from None
    if start > end:
        raise bad_answer("period", value, message("The first day of the period is after its last day."))
    return start, end
