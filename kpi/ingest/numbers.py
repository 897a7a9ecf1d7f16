"""Numbers as exports write them: which sign is the decimal point is decided for each column from all its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi.ingest.cells import SPACES, literal, number_value
from kpi.ingest.labels import currency_codes
from kpi.ingest.scratch import Scratch

_SPACE = rf"[{SPACES}'’]"
CURRENCY_PATTERN = r"(?:[A-Z]{1,3}\$|[A-Z]{3}|[$€£¥₴₹₺₽]|zł|ZŁ|Kč|kr|Ft|lei)"
_BEFORE = rf"\(?\s*[-−–+]?\s*{CURRENCY_PATTERN}?{_SPACE}*[-−–+]?{_SPACE}*"
_AFTER = rf"{_SPACE}*{CURRENCY_PATTERN}?{_SPACE}*%?\s*\)?-?"
_WHOLE = {
    ".": rf"(?:\d{{1,3}}(?:[,{SPACES}'’]\d{{3}})+|\d{{1,3}}(?:,\d\d)*,\d{{3}}|\d+)?(?:\.\d*)?",
    ",": rf"(?:\d{{1,3}}(?:[.{SPACES}'’]\d{{3}})+|\d+)?(?:,\d*)?",
}
# Digits with one comma at most. One that groups thousands has three digits behind it; a decimal one any number.
_BARE = r"^-?\d+(?:,\d+)?$"
SIGNS = {
    "zł": "PLN",
    "€": "EUR",
    "£": "GBP",
    "₴": "UAH",
    "₹": "INR",
    "₺": "TRY",
    "Kč": "CZK",
    "Ft": "HUF",
    "US$": "USD",
}
SIGNS |= {"A$": "AUD", "AU$": "AUD", "CA$": "CAD", "C$": "CAD", "R$": "BRL", "MX$": "MXN", "NZ$": "NZD", "HK$": "HKD"}


_FIRST_LOOK = 1_000


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers to decide: where its cells stand, and whether they can only be whole (`is_count`)."""

    column: str
    is_count: bool = False


@dataclass(frozen=True)
class NumberStyle:
    """decimal: the sign before the fraction, None while open · is_plain: SQL's own notation in every filled cell ·
    symbols: the currency signs seen in the cells · is_bare: nothing but digits and a comma in every filled cell ·
    is_clean: every filled cell is a value with nothing around it."""

    decimal: str | None
    is_plain: bool = False
    symbols: tuple[str, ...] = ()
    is_bare: bool = False
    is_clean: bool = False


def number_styles(
    scratch: Scratch,
    table: str,
    columns: Mapping[str, NumberColumn],
    *,
    fallback: str | None,
    answer: str | None = None,
) -> dict[str, NumberStyle]:
    """The style of each column. `fallback` is the decimal sign of the format or of the file's separator, for columns
    like `1,234` that no other column settles; `answer` is the person's and settles all of these."""
    evidence = _evidence(scratch, table, columns)
    own = {name: _own_decimal(evidence[name], columns[name].is_count) for name in columns}
    others = {decimal for decimal in own.values() if decimal}
    common = next(iter(others)) if len(others) == 1 else None
    return {
        name: NumberStyle(
            own[name] or answer or common or fallback or (None if seen.ambiguous else "."),
            seen.is_plain and (own[name] or answer or common or fallback or ".") == ".",
            seen.symbols,
            seen.is_bare,
            seen.is_clean,
        )
        for name, seen in evidence.items()
    }


def number_sql(value: str, style: NumberStyle, type: str) -> str:
    """The typed number of `value` (a cell as `number_value` gives it), NULL where it is no number of this style."""
    if style.is_plain:
        return _typed(value, value, type)
    decimal = style.decimal or "."
    if style.is_bare:
        return _typed(value, f"replace({value}, ',', '{'.' if decimal == ',' else ''}')", type)
    # 5% is no count, amount or sum
    after = _AFTER if type == "percent" else _AFTER.replace("%?", "")
    pattern = f"^{_BEFORE}{_WHOLE[decimal]}{after}$"
    digits = f"regexp_replace({value}, '[^0-9.,]', '', 'g')"
    point = f"replace({digits}, ',', '')" if decimal == "." else f"replace(replace({digits}, '.', ''), ',', '.')"
    sign = f"CASE WHEN regexp_matches({value}, '[-−–(]') THEN '-' ELSE '' END"
    return _typed(value, f"CASE WHEN regexp_matches({value}, {literal(pattern)}) THEN {sign} || {point} END", type)


def currency_code(symbol: str) -> str | None:
    """The ISO code of a currency sign, None where several currencies share it (`$`, `kr`)."""
    return SIGNS.get(symbol) or SIGNS.get(symbol.lower()) or (symbol if symbol in currency_codes() else None)


def _typed(value: str, number: str, type: str) -> str:
    if type == "money":
        return f"try_cast({number} AS DECIMAL(18,4))"
    double = f"try_cast({number} AS DOUBLE)"
    if type == "count":
        return f"CASE WHEN {double} = floor({double}) AND abs({double}) < 9e15 THEN CAST({double} AS BIGINT) END"
    finite = f"CASE WHEN isfinite({double}) THEN {double} END"
    return f"({finite}) / CASE WHEN contains({value}, '%') THEN 100 ELSE 1 END" if type == "percent" else finite


@dataclass(frozen=True)
class _Evidence:
    dots: int = 0
    commas: int = 0
    ambiguous: int = 0
    ambiguous_sign: str = ""
    is_plain: bool = False
    symbols: tuple[str, ...] = ()
    is_bare: bool = False
    is_clean: bool = False


def _own_decimal(seen: _Evidence, is_count: bool) -> str | None:
    if seen.dots or seen.commas:
        return "." if seen.dots >= seen.commas else ","
    if seen.ambiguous and is_count:
        # A count has no fraction, so the sign before three digits groups thousands.
        return "," if seen.ambiguous_sign == "." else "."
    return None


def _evidence(scratch: Scratch, table: str, columns: Mapping[str, NumberColumn]) -> dict[str, _Evidence]:
    if not columns:
        return {}
    rows, counts = _plain_look(scratch, f"(SELECT * FROM {table} LIMIT {_FIRST_LOOK})", columns)
    if rows == _FIRST_LOOK:
        # what the first rows do not rule out, all must confirm
        plain = {name: columns[name] for name, (not_plain, _, _) in counts.items() if not not_plain}
        counts |= _plain_look(scratch, table, plain)[1] if plain else {}
    return {
        name: _marks(scratch, table, columns[name].column)
        if not_plain
        else _Evidence(dots, 0, ambiguous, ".", True, is_clean=True)
        for name, (not_plain, dots, ambiguous) in counts.items()
    }


def _plain_look(
    scratch: Scratch, table: str, columns: Mapping[str, NumberColumn]
) -> tuple[int, dict[str, tuple[int, ...]]]:
    """How many rows there are, and of each column the counts of `_plain_counts`."""
    plain = [_plain_counts(number.column) for number in columns.values()]
    rows, *counts = scratch.row(f"SELECT count(*), {', '.join(plain)} FROM {table}")
    return rows, {name: tuple(counts[3 * i : 3 * i + 3]) for i, name in enumerate(columns)}


def _plain_counts(column: str) -> str:
    """Counts of cells that are not in SQL's notation, whose point is decimal, whose point may group thousands."""
    point = f"strpos({column}, '.')"
    may_group = f"{point} BETWEEN 2 AND 5 AND length({column}) - {point} = 3 AND ltrim({column}, ' -')[1] <> '0'"
    # a cell that cannot be cast is dear, and one with a comma never can
    plain = f"CASE WHEN NOT contains({column}, ',') THEN try_cast({column} AS DECIMAL(18,4)) END"
    return f"""count({column}) - count({plain}),
        count(*) FILTER (WHERE {point} > 0 AND NOT ({may_group})), count(*) FILTER (WHERE {may_group})"""


def _marks(scratch: Scratch, table: str, column: str) -> _Evidence:
    """What the cells with signs other than digits and one point show; each distinct cell is looked at once."""
    value = number_value(column)
    spaced = rf"\d{_SPACE}+\d"
    shapes = [f"regexp_matches(cell, {literal(f'^{_BEFORE}{whole}{_AFTER}$')})" for whole in _WHOLE.values()]
    rows = scratch.rows(f"""
        WITH cells AS (
            SELECT {column} AS raw, {value} AS cell, count(*) AS n FROM {table} WHERE {column} IS NOT NULL GROUP BY ALL
        ),
        parts AS (
            SELECT cell, n, regexp_replace(cell, '[^0-9.,]', '', 'g') AS digits,
                regexp_matches(cell, {literal(spaced)}) AS has_space,
                regexp_extract(cell, {literal(CURRENCY_PATTERN)}) AS symbol
            FROM cells
            WHERE regexp_matches(cell, '[0-9]') AND ({" OR ".join(shapes)})
        ),
        marks AS (
            SELECT n, symbol, digits, has_space, strpos(digits, '.') AS dot, strpos(digits, ',') AS comma,
                CASE WHEN strpos(digits, '.') > 0 THEN '.' ELSE ',' END AS mark
            FROM parts
        ),
        judged AS (
            SELECT n, symbol, mark, CASE
                WHEN dot = 0 AND comma = 0 THEN 'none'
                WHEN dot > 0 AND comma > 0 THEN CASE WHEN dot > comma THEN '.' ELSE ',' END
                WHEN length(digits) - length(replace(digits, mark, '')) > 1
                    THEN CASE WHEN mark = '.' THEN ',' ELSE '.' END
                WHEN has_space OR digits[1] = '0' OR dot + comma > 4 OR dot + comma = 1
                    OR length(digits) - dot - comma <> 3 THEN mark
                ELSE 'open' END AS verdict
            FROM marks
        )
        SELECT coalesce(sum(n) FILTER (WHERE verdict = '.'), 0), coalesce(sum(n) FILTER (WHERE verdict = ','), 0),
            coalesce(sum(n) FILTER (WHERE verdict = 'open'), 0),
            coalesce(min(mark) FILTER (WHERE verdict = 'open'), ''),
            coalesce(list(DISTINCT symbol) FILTER (WHERE symbol <> ''), []),
            (SELECT bool_and(regexp_matches(cell, {literal(_BARE)})) FROM cells WHERE cell IS NOT NULL),
            (SELECT bool_and(cell IS NOT DISTINCT FROM raw) FROM cells)
        FROM judged
    """)
    dots, commas, ambiguous, sign, symbols, is_bare, is_clean = rows[0]
    return _Evidence(
        int(dots), int(commas), int(ambiguous), sign, False, tuple(sorted(symbols)), bool(is_bare), bool(is_clean)
    )
