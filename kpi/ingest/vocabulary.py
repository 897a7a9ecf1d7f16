"""One spelling for each channel, device, country, gender and age band, whichever export it comes from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pycountry
from babel import Locale

from kpi.ingest.cells import literal
from kpi.ingest.scratch import Scratch

_FILE = Path(__file__).with_name("vocabulary.toml")
_BAND = re.compile(r"^(\d{1,3})\s*[-–—]\s*(\d{1,3})$")
_OPEN_BAND = re.compile(r"^(?:(\d{1,3})\s*(?:\+|or more|lub więcej|i więcej)|>\s*(\d{1,3}))$")
_LOWERED = frozenset({"channel", "device", "medium", "priority"})


# A word that these do not have stands for itself nowhere: it is that value instead.
_CLOSED: dict[str, str | None] = {"status": "unknown", "payment_status": "unknown", "sales_channel": None}


def canonical_value(type: str, written: str) -> str | None:
    """The canonical value of a cell; None where it says *unknown*; as written where it is not in the vocabulary."""
    text = " ".join(written.replace("\u00a0", " ").split())
    folded = text.casefold()
    if folded in _missing(type):
        return None
    if type == "age_group":
        return _age_band(text)
    if type in _CLOSED:
        return _closed_value(type, folded) or _CLOSED[type]
    if type == "country" and len(text) == 2 and text.isalpha():
        return _spellings(type).get(folded, text.upper())
    known = _spellings(type).get(folded) or _spellings(type).get(folded.replace("_", " "))
    return known or (folded if type in _LOWERED else text)


def is_known_word(type: str, written: str) -> bool:
    """Whether a cell is one of the words that the vocabulary has for this type."""
    text = " ".join(written.replace("\u00a0", " ").split())
    if type == "age_group":
        return bool(_BAND.match(text) or _OPEN_BAND.match(text)) or text.casefold() in _missing(type)
    folded = text.casefold()
    is_word = _closed_value(type, folded) is not None if type in _CLOSED else folded in _spellings(type)
    return is_word or folded in _missing(type)


def _closed_value(type: str, folded: str) -> str | None:
    """The value of a word of a closed vocabulary; a spelling with a star is the beginning of the word."""
    word, spellings = folded.replace("_", " "), _spellings(type)
    begun = (value for start, value in spellings.items() if start.endswith("*") and word.startswith(start[:-1]))
    return spellings.get(word) or next(begun, None)


def mapping_table(scratch: Scratch, type: str, table: str, column: str, value: str) -> str:
    """A temporary table of the distinct cells of `column` (`written`, as `value` has them) and their canonical values
    (`value`)."""
    name = scratch.new("words")
    once = f"(SELECT DISTINCT {column} FROM {table})"
    found = scratch.rows(f"SELECT DISTINCT {value} AS written FROM {once} WHERE {value} IS NOT NULL")
    cells = [row[0] for row in found]
    with scratch.registered(_pairs(type, cells)) as pairs:
        scratch.run(f"CREATE TEMP TABLE {name} AS FROM {pairs}")
    return name


def line_type_macros() -> tuple[str, ...]:
    """The functions `line_type_of(name)` and `amount_of_others(names, amounts)` (what is no product) for expressions."""
    cases = " ".join(
        f"WHEN regexp_matches(lower(trim(name)), {literal(_line_pattern(names))}) THEN {literal(kind)}"
        for kind, names in _words()["line_type"].items()
    )
    others = "list_transform(range(1, len(names) + 1), lambda n: CASE WHEN line_type_of(names[n]) = 'product' THEN 0 ELSE amounts[n] END)"
    return (
        f"CREATE OR REPLACE TEMP MACRO line_type_of(name) AS CASE {cases} ELSE 'product' END",
        f"CREATE OR REPLACE TEMP MACRO amount_of_others(names, amounts) AS list_sum({others})",
    )


def _line_pattern(names: Iterable[str]) -> str:
    words = "|".join(re.escape(name).replace(r"\*", ".*").replace(r"\ ", r"\s+").replace(r"\-", "-") for name in names)
    amount = r"[$€£]?\s*\d[\d.,\s]*(?:zł|kč|ft|pln|eur|usd|gbp|czk|[$€£%])?"
    return rf"^(?:{amount}\s+)?(?:{words})(?:[\s:/–-]*{amount})?$"


def _pairs(type: str, cells: list[str]) -> pa.Table:
    values = [canonical_value(type, cell) for cell in cells]
    return pa.table({"written": pa.array(cells, pa.string()), "value": pa.array(values, pa.string())})


def _age_band(text: str) -> str:
    if match := _BAND.match(text):
        return f"{match[1]}–{match[2]}"
    if match := _OPEN_BAND.match(text):
        return f"{match[1] or match[2]}+"
    return text


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def _missing(type: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _words()["missing"].get(type, ()))


@cache
def _spellings(type: str) -> dict[str, str]:
    words = _words().get(type, {})
    names = {spelling.casefold(): value for value, spellings in words.items() for spelling in (value, *spellings)}
    return {**_territories(), **names} if type == "country" else names


def _territories() -> dict[str, str]:
    of_three_letters = {one.alpha_3.casefold(): one.alpha_2 for one in pycountry.countries}
    return of_three_letters | {
        name.casefold(): code
        for language in ("cs", "pt", "it", "nl", "es", "fr", "de", "pl", "en")
        for code, name in _codes(Locale(language).territories.items())
    }


def _codes(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, name) for code, name in items if len(code) == 2 and code.isalpha()]
