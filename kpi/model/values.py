"""The words for a dimension's values: a name of the catalogue where there is one, else the value as it is written."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from kpi.model.catalogue import catalogue
from kpi.wording import Words
from kpi.wording.message import Text


def value_name(dimension: str, value: str | None, words: Words) -> str:
    """A value of a dimension in the reader's language; None is the group of rows whose value is not known."""
    if value is None:
        return words.say(catalogue().dimensions[dimension].unknown)
    if dimension == "country":
        return words.country(value)
    if dimension == "region":
        return words.region(value)
    named = _names().get(dimension, {}).get(value)
    return words.say(named) if named else value


def value_of(dimension: str, name: str) -> str:
    """The value that a name in either language stands for; a name that nobody knows is a value of its own."""
    folded = name.casefold()
    named = _names().get(dimension, {})
    return next((value for value, text in named.items() if folded in (value, text.en.lower(), text.pl.lower())), name)


def known_values(dimension: str) -> tuple[str, ...]:
    """The values of a dimension that have names."""
    return tuple(_names().get(dimension, {}))


def status_name(status: str, words: Words) -> str:
    """An order's status in the reader's language."""
    named = _names()["status"].get(status)
    return words.say(named) if named else status


def value_text(dimension: str, value: str | None) -> Text | str:
    """A status, or a dimension's value, for a sentence whose reader is not known yet."""
    if value is None:
        return catalogue().dimensions[dimension].unknown
    return _names().get(dimension, {}).get(value, value)


@cache
def _names() -> dict[str, dict[str, Text]]:
    text = resources.files("kpi.model").joinpath("values.toml").read_text("utf-8")
    return {
        dimension: {value: Text(**name) for value, name in values.items()}
        for dimension, values in tomllib.loads(text).items()
    }
