"""The one object that a screen, a workbook or a notebook asks for words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from numbers import Integral, Real
from typing import Any

from kpi.wording.catalogue import translations
from kpi.wording.chart_locale import ChartLocale
from kpi.wording.dates import Dates
from kpi.wording.language import DASH, LANGUAGES, Language, is_missing
from kpi.wording.message import Message, Money, Points, Share, Text
from kpi.wording.names import Names
from kpi.wording.numbers import PLUS


class Words(ChartLocale, Dates, Names):
    """Sentences, numbers, money, dates and names in one language. `words(language)` makes it.

    What stands in a sentence's braces is written by its type: a Text or Message is said, a whole number is grouped, a
    number has two decimals as a rule, a Share is a percentage, Money and Points have their unit, a day and a moment are
    written out, a pair of days is a period, any other tuple is listed, a str stays as it is. So a year is passed as a
    str.
    """

    def t(self, text: str, /, **params: Any) -> str:
        """The English sentence `text` in this language."""
        sentence = translations(self.language).gettext(text) if text else ""
        return sentence.format_map(self._written_all(params))

    def n(self, one: str, many: str, n: int, /, **params: Any) -> str:
        """The sentence in the form that the number `n` asks for: two in English, three in Polish."""
        sentence = translations(self.language).ngettext(one, many, int(n))
        return sentence.format_map(self._written_all({**params, "n": int(n)}))

    def say(self, thing: Message | Text | str) -> str:
        """A message or a name of the catalogue in this language; a str is text already."""
        if isinstance(thing, Message):
            if thing.plural is None:
                return self.t(thing.text, **thing.params)
            return self.n(thing.text, thing.plural, thing.params["n"], **thing.params)
        return str(getattr(thing, self.language)) if isinstance(thing, Text) else thing

    def _written_all(self, params: dict[str, Any]) -> dict[str, str]:
        return {name: self._written(value) for name, value in params.items()}

    def _written(self, value: Any) -> str:
        if isinstance(value, str | Text | Message):
            return self.say(value)
        if _is_period(value):
            return self.period(*value)
        if isinstance(value, Money):
            return self.money(value.amount, value.currency, value.digits)
        if isinstance(value, Points):
            return self.points(value.fraction, value.digits).removeprefix(PLUS)
        if isinstance(value, tuple | list):
            return self.listed(self._written(item) for item in value)
        if is_missing(value):
            return DASH
        if isinstance(value, Share):
            return self.percent(value)
        if isinstance(value, dt.datetime):
            return self.moment(value)
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, Integral) and not isinstance(value, bool):
            return self.count(value)
        if isinstance(value, Real | Decimal) and not isinstance(value, bool):
            return self.number(value)
        raise TypeError(f"A sentence cannot hold a {type(value).__name__}")


@cache
def words(language: Language) -> Words:
    """The words of a language, "pl" or "en"."""
    if language not in LANGUAGES:
        raise ValueError(f"No words in {language!r}; there are {', '.join(LANGUAGES)}")
    return Words(language)


def _is_period(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(day, dt.date) for day in value)
