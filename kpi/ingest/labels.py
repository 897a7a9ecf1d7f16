"""Column labels as two exports of the same thing may spell them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache

from babel.numbers import list_currencies

_SPACES = re.compile(r"[\s\u00a0\u202f\ufeff_]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u2060]")

_DASHES = str.maketrans("–—", "--")
_CURRENCY, _NUMBER = re.escape("{currency}"), re.escape("{n}")
_CODE = re.compile(r"\([a-z]{3}\)$")
_HUMP = re.compile(
    r"(?<=[a-ząćęłńóśźż\d])(?=[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźżA-Z])|(?<=[A-ZĄĆĘŁŃÓŚŹŻ])(?=[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż])"
)
_BRACKETED = re.compile(r"^(.+?)\s*[(\[]\s*([A-Za-z]{3}|zł|€|£)\s*[)\]]$")
_TRAILING = re.compile(r"^(.+?)[\s_-]+([A-Za-z]{3}|zł|€|£)$")
_SIGNS = {"zł": "PLN", "€": "EUR", "£": "GBP"}
# Codes of currencies that are words as well.
_WORDS = frozenset({"ALL", "TRY", "TOP", "CUP", "PEN", "GEL", "MOP", "BAM", "SOS", "COP", "LAK", "MAD"})


def normalised(label: str) -> str:
    """The label in lower case, with single spaces, plain hyphens and no quotes; `_` counts as a space.

    Characters that nobody sees are left out.
    """
    return _SPACES.sub(" ", _UNSEEN.sub("", label).strip("\ufeff\"' \t")).strip().casefold().translate(_DASHES)


def generalised(label: str) -> str:
    """The normalised label with `{currency}` in place of a currency code in brackets at its end."""
    return _CODE.sub("({currency})", normalised(label))


@cache
def label_pattern(label: str) -> re.Pattern[str]:
    """The spellings that a format's label stands for: `{currency}` is a code, `{n}` a number, `*` anything."""
    pattern = re.escape(normalised(label)).replace(_CURRENCY, "([a-z]{3})").replace(_NUMBER, r"(?P<n>[1-9]\d{0,2})")
    return re.compile(pattern.replace(r"\*", ".*"), re.DOTALL)


def is_among(label: str, spellings: Collection[str]) -> bool:
    """Whether one of the normalised labels is a format's label."""
    return label in spellings or ("*" in label and any(label_pattern(label).fullmatch(it) for it in spellings))


def is_any_among(labels: Collection[str], spellings: tuple[str, ...]) -> bool:
    """Whether one of the normalised labels is one of a format's labels."""
    return any(it in labels for it in spellings) or any("*" in label and is_among(label, spellings) for label in labels)


def header_fingerprint(header: Iterable[str]) -> str:
    """What names a header whatever the order of its columns: SHA-1 of the sorted normalised labels."""
    return hashlib.sha1("\n".join(sorted(normalised(label) for label in header)).encode()).hexdigest()


def folded(label: str) -> str:
    """The words of the label in lower case: no diacritics, signs or CamelCase; `#` is *no*, `%` is *percent*."""
    text = _HUMP.sub(" ", label.strip("\ufeff\"' \t"))
    text = text.replace("#", " no ").replace("№", " no ").replace("%", " percent ").replace("ł", "l").replace("Ł", "L")
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", plain.casefold()).split())


def is_in_millionths(label: str) -> bool:
    """Whether the label says that its amounts are in millionths: `metrics.cost_micros`, `Koszt w mikro`."""
    words = folded(without_currency(label)[0]).split()
    return "micros" in words or words[-1:] in (["micro"], ["mikro"])


def squeezed(label: str) -> str:
    """The folded label without spaces, so that `orderid`, `OrderID` and `order_id` are one."""
    return folded(label).replace(" ", "")


def without_currency(label: str) -> tuple[str, str | None]:
    """The label and the currency code or sign at its end: `Total (PLN)`, `price_usd` and `Cena [zł]` have one."""
    for pattern in (_BRACKETED, _TRAILING):
        if match := pattern.match(label.strip()):
            code = _SIGNS.get(match[2].casefold(), match[2].upper())
            if code in currency_codes() and (pattern is _BRACKETED or code not in _WORDS):
                return match[1], code
    return label, None


@cache
def currency_codes() -> frozenset[str]:
    """The codes of all currencies, past ones too."""
    return frozenset(list_currencies())
