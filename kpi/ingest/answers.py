"""What the person answered to an import's questions, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi.errors import BadAnswer
from kpi.ingest.days import Span
from kpi.wording.message import Message, message


@dataclass(frozen=True)
class Answers:
    """None where nothing was answered. decimal: the sign before the fraction, `.` or `,`."""

    currency: str | None = None
    is_day_first: bool | None = None
    decimal: str | None = None
    period: Span | None = None
    account: str | None = None
    is_tax_included: bool | None = None


def answers_from(raw: Mapping[str, Any]) -> Answers:
    """Raises: BadAnswer: a value that no file could be read with."""
    return Answers(
        _currency(raw.get("currency")),
        _flag("day_first", raw.get("day_first")),
        _decimal(raw.get("decimal")),
        _span(raw.get("period")),
        str(raw["account"]) if raw.get("account") else None,
        _flag("tax_included", raw.get("tax_included")),
    )


def _currency(value: Any) -> str | None:
    if value is None:
        return None
    if not (isinstance(value, str) and len(value.strip()) == 3 and value.strip().isascii() and value.strip().isalpha()):
        raise _bad("currency", value, message("A currency is a code of three letters, such as PLN."))
    return value.strip().upper()


def _flag(key: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if str(value).casefold() in ("true", "false"):
        return str(value).casefold() == "true"
    raise _bad(key, value, message("Answer with yes or no."))


def _decimal(value: Any) -> str | None:
    if value not in (None, ".", ","):
        raise _bad("decimal", value, message("The decimal sign is a point or a comma."))
    return value


def _span(value: Any) -> Span | None:
    if value is None:
        return None
    try:
        start, end = (day if isinstance(day, date) else date.fromisoformat(day) for day in value)
    except (TypeError, ValueError):
        raise _bad(
            "period", value, message("A period is its first and last day, such as 2026-01-01 and 2026-01-31.")
        ) from None
    if start > end:
        raise _bad("period", value, message("The first day of the period is after its last day."))
    return start, end


def _bad(key: str, value: Any, fix: Message) -> BadAnswer:
    return BadAnswer(
        message("An answer cannot be used"),
        message("The answer to “{key}” was {value}.", key=key, value=str(value)),
        fix,
    )
