"""Whether the cells of a column can be what a field wants: numbers, days, e-mails, currencies, words of a vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from kpi.ingest.cells import SPACES, says_nothing
from kpi.ingest.currencies import is_currency
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.times import is_time
from kpi.ingest.typed import FALSE_WORDS, TRUE_WORDS
from kpi.ingest.vocabulary import is_known_word

_NUMBER = re.compile(
    r"^\(?[-−–+]?\s*[^\d\s.,]{0,4}\s*[-−–+]?[\d.,'’ \u00a0\u202f]*\d[\d.,'’ \u00a0\u202f]*[^\d\s.,%]{0,4}\s*(%?)\)?-?$"
)
_NAME = re.compile(r"[^\W\d_]\s+[^\W\d_]")
_ENOUGH = 0.8


def is_compatible(type: str, cells: Iterable[str], *, is_strict: bool = False, takes_any_value: bool = False) -> bool:
    """Whether most filled cells fit the type; an empty column fits every one.

    Args: is_strict: the label alone does not tell, so that words have to be of the field's own vocabulary.
    """
    filled = [text for cell in cells if not says_nothing(text := cell.strip(SPACES))]
    fits = _any if takes_any_value else _test(type, is_strict)
    return not filled or sum(map(fits, filled)) >= _ENOUGH * len(filled)


def _test(type: str, is_strict: bool) -> Callable[[str], bool]:
    kind = FIELD_TYPES[type].kind
    if kind == "word":
        return (lambda cell: is_known_word(type, cell)) if is_strict else _any
    tests = {"money": _is_money, "email": _is_email, "currency": _is_currency, "flag": _is_flag, "customer_id": _is_id}
    if type in tests:
        return tests[type]
    if type == "percent" and is_strict:
        return _is_percent
    return {"number": _is_number, "time": is_time}.get(kind, _is_text if is_strict else _any)


def _any(cell: str) -> bool:
    return True


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.match(cell))


def _is_percent(cell: str) -> bool:
    return _is_number(cell) and cell.endswith("%")


def _is_money(cell: str) -> bool:
    return _is_number(cell) and "%" not in cell


def _is_email(cell: str) -> bool:
    return "@" in cell and " " not in cell


def _is_currency(cell: str) -> bool:
    return is_currency(cell)


def _is_flag(cell: str) -> bool:
    return cell.casefold() in TRUE_WORDS or cell.casefold() in FALSE_WORDS


def _is_id(cell: str) -> bool:
    """An id or an e-mail, not a first and a last name."""
    return not _NAME.search(cell)


def _is_text(cell: str) -> bool:
    return "@" not in cell
