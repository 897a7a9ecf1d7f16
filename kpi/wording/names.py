"""Names of countries, languages and currencies in the reader's language, by their codes; lists of names."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale
from babel.lists import format_list
from babel.numbers import get_currency_name

from kpi.wording.language import DASH, InLanguage
from kpi.wording.regions import is_name_of_several, region_name

# American English, which "en" stands for in CLDR, would write "a, b, and c".
_LIST_LOCALES = {"pl": "pl", "en": "en_001"}


class Names(InLanguage):
    """Names by code. A code that nobody knows is written as it is, none as an em dash."""

    def country(self, code: str | None) -> str:
        """`Polska` of the ISO 3166 code `PL`."""
        return str(Locale.parse(self.language).territories.get(code.upper(), code)) if code else DASH

    def region(self, code: str | None) -> str:
        """`mazowieckie` of the ISO 3166-2 code `PL-14`; with its country where another one has a region of that name."""
        name = region_name(code, self.language) if code else None
        if not code or not name:
            return code or DASH
        return f"{name} ({self.country(code[:2])})" if is_name_of_several(name) else name

    def language_name(self, code: str | None) -> str:
        """`polski` of the ISO 639 code `pl`."""
        return str(Locale.parse(self.language).languages.get(code.lower(), code)) if code else DASH

    def currency_name(self, code: str | None) -> str:
        """`złoty polski` of the ISO 4217 code `PLN`."""
        return str(get_currency_name(code, locale=self.language)) if code else DASH

    def listed(self, names: Iterable[str]) -> str:
        """`a, b i c`, `a, b and c`."""
        return str(format_list(list(names), locale=_LIST_LOCALES[self.language]))
