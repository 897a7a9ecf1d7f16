"""Regions of countries: ISO 3166-2 codes, their names in both languages, and the code that a written name stands for.

The codes, their own names and the Polish ones are pycountry's (the data of iso-codes); English names that differ from a
region's own stand in `regions.toml`. Names are compared without case, accents and punctuation, never by likeness.
"""

from __future__ import annotations

import gettext
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale

_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_SHORT = re.compile(r"[A-Z]{1,3}")
_IN_BRACKETS = re.compile(r"^(.*?)\s*\[(.*)\]$")
# Letters with a stroke have no accent that could be taken off.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_VOIVODESHIP = re.compile(r"\b(wojewodztwo|woj|voivodeship|voivodship)\b")


def regions_version() -> str:
    """Changes with the names that are understood."""
    return repr((pycountry.__version__, _file()))


def region_code(written: str, country: str) -> str | None:
    """`PL-14` of `mazowieckie` in `PL`; None where it is not certain.

    A name has to be the only one of its country. Without a country ("") only a whole code counts, and a name of those
    countries whose regions cannot be taken for another's, where nothing else in the world is called the same.
    """
    text = " ".join(written.split())
    code = text.upper()
    if _CODE.fullmatch(code):
        code = _former().get(code, code)
        return code if code in _names() and country in ("", code[:2]) else None
    folded = _folded(text)
    named = _by_name().get(folded, {})
    if not country:
        codes = {code for of_country in named.values() for code in of_country}
        is_certain = len(codes) == 1 and codes <= _certain_alone() and folded not in _countries()
        return next(iter(codes)) if is_certain else None
    whole = _former().get(f"{country}-{code}", f"{country}-{code}")
    short = {whole} & _names().keys() if _SHORT.fullmatch(code) else set()
    codes = short | named.get(country, frozenset())
    return next(iter(codes)) if len(codes) == 1 else None


def region_name(code: str, language: str) -> str | None:
    """The region's name in the language; None where there is no such code."""
    names = _names().get(code) if _CODE.fullmatch(code) else None
    return names[language] if names else None


def is_name_of_several(name: str) -> bool:
    """Whether regions of several countries are called so."""
    return len(_by_name().get(_folded(name), {})) > 1


@cache
def _names() -> dict[str, dict[str, str]]:
    """Code → language → name."""
    polish = gettext.translation("iso3166-2", Path(pycountry.__file__).parent / "locales", languages=["pl"])
    english = _english()
    return {
        one.code: {
            "en": english.get(one.code, (_own(one.name),))[0],
            "pl": _own(polish.gettext(one.name)),
        }
        for one in pycountry.subdivisions
    }


def _own(name: str) -> str:
    """`Murcia, Región de` is the Región de Murcia; what stands in brackets is another name."""
    name = _IN_BRACKETS.sub(r"\1", name)
    first, comma, rest = name.partition(", ")
    return f"{rest} {first}" if comma else name


def _spellings(one: Any) -> Iterator[str]:
    yield from _names()[one.code].values()
    yield from _english().get(one.code, ())
    yield _own(one.name)
    if match := _IN_BRACKETS.match(one.name):
        yield match[2]


@cache
def _by_name() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Folded name → country → the codes that it may stand for."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in pycountry.subdivisions:
        for spelling in _spellings(one):
            found[_folded(spelling)][one.country_code].add(one.code)
    return {name: {country: frozenset(codes) for country, codes in own.items()} for name, own in found.items()}


@cache
def _english() -> dict[str, tuple[str, ...]]:
    return {
        f"{country}-{code}": tuple(names)
        for country, regions in _file().items()
        if isinstance(regions, dict) and country != "former"
        for code, names in regions.items()
    }


@cache
def _former() -> dict[str, str]:
    """Codes that ISO has replaced, by those that stand now."""
    former: dict[str, str] = _file()["former"]
    return former


@cache
def _certain_alone() -> frozenset[str]:
    return frozenset(code for code in _names() if code[:2] in _file()["certain_alone"])


@cache
def _countries() -> frozenset[str]:
    return frozenset(_folded(name) for name in Locale("en").territories.values())


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.wording").joinpath("regions.toml").read_text("utf-8"))


def _folded(text: str) -> str:
    """Small letters without accents, words apart by one space; a voivodeship is called so or not."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    plain = re.sub(r"[\W_]+", " ", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    return " ".join(_VOIVODESHIP.sub(" ", plain).split())
