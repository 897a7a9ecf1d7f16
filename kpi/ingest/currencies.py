"""Which currency amounts are in: the header's, else the sign in the row's cells, else the row's own column, else asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kpi.errors import KpiError
from kpi.ingest.cells import literal
from kpi.ingest.numbers import CURRENCY_PATTERN, SIGNS, NumberStyle, currency_code
from kpi.wording.message import Text, message

# Signs that several currencies share, so that a person has to say.
_SHARED = ("$", "kr", "¥")


def declared_currency(
    name: Text, header: str | None, money: Mapping[str, NumberStyle], *, has_column: bool
) -> str | None:
    """The one currency that the header or the cells of the `money` columns state; None where they state none or many.

    Raises: KpiError: the cells contradict the header, or a file of many currencies has signs that nobody can tell.
    """
    signs = {symbol for style in money.values() for symbol in style.symbols}
    codes = {symbol: currency_code(symbol) for symbol in signs}
    known = {code for code in codes.values() if code}
    if header:
        if known - {header}:
            raise _contradiction(name, header, known - {header})
        return header
    found = {code or symbol for symbol, code in codes.items()}
    if len(found) > 1 and len(known) < len(found) and not has_column:
        raise _unclear(name, found)
    return next(iter(known)) if len(found) == len(known) == 1 else None


def currency_sql(cell: str) -> str:
    """The code of a cell that holds one, or a sign that only one currency has."""
    signs = " ".join(f"WHEN {literal(sign.lower())} THEN {literal(code)}" for sign, code in SIGNS.items())
    return f"CASE WHEN regexp_matches({cell}, '^[A-Za-z]{{3}}$') THEN upper({cell}) ELSE CASE lower({cell}) {signs} END END"


def is_currency(text: str) -> bool:
    """Whether a cell names a currency, or may once a person has said which."""
    is_code = len(text) == 3 and text.isascii() and text.isalpha()
    return is_code or text in _SHARED or text.lower() in {sign.lower() for sign in SIGNS}


def unreadable_currency_sql(name: str, cell: str) -> str:
    """True for a filled cell that names no currency."""
    return f"({cell} IS NOT NULL AND {name} IS NULL AND {cell} NOT IN ({', '.join(map(literal, _SHARED))}))"


def signs_sql(cells: Mapping[str, Collection[str]]) -> str:
    """The distinct codes of the signs in a row's cells (cell → the signs of its column), as a list."""
    codes = [_sign_sql(cell, signs) for cell, signs in cells.items()]
    return f"list_distinct([{', '.join(codes)}]::VARCHAR[])"


def _sign_sql(cell: str, signs: Collection[str]) -> str:
    known = [(sign, code) for sign in signs if (code := currency_code(sign))]
    cases = " ".join(f"WHEN {literal(sign)} THEN {literal(code)}" for sign, code in known)
    return f"CASE regexp_extract({cell}, {literal(CURRENCY_PATTERN)}) {cases} END" if cases else "NULL"


def _unclear(name: Text, found: set[str]) -> KpiError:
    return KpiError(
        message("Amounts in several currencies cannot be loaded together"),
        message("{format}: the amounts carry {currencies}.", format=name, currencies=", ".join(sorted(found))),
        message("Export each currency on its own, or add a column with the currency of each row."),
    )


def _contradiction(name: Text, header: str, found: set[str]) -> KpiError:
    return KpiError(
        message("The header names another currency than the amounts"),
        message(
            "{format}: the header says {header}, the amounts carry {currencies}.",
            format=name,
            header=header,
            currencies=", ".join(sorted(found)),
        ),
        message("Correct the header, or remove the currency signs from the amounts."),
    )
