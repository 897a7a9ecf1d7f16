"""Which columns may name a person, by what they are called or by what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kpi.ingest.labels import folded

HIDDEN = "•••"
# An address or a telephone number can stand in any column, above all in one that slipped.
PERSONAL_VALUE = re.compile(r"@|\+?\d[\d ()-]{7,}\d")
DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
_AMOUNT = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_FULL_NAME = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ][\w'’.-]+(?: [A-ZĄĆĘŁŃÓŚŹŻ][\w'’.-]+){1,2}")
_TELLING = frozenset(
    [
        "email",
        "mail",
        "emails",
        "phone",
        "phones",
        "telephone",
        "telefon",
        "tel",
        "mobile",
        "gsm",
        "komorka",
        "address",
        "address1",
        "address2",
        "adres",
        "ulica",
        "street",
        "ip",
        "iban",
        "pesel",
        "imie",
        "imiona",
        "nazwisko",
        "surname",
        "firstname",
        "lastname",
        "fullname",
        "username",
        "login",
        "zip",
        "postcode",
        "postal",
        "zipcode",
        "nip",
    ]
)
_NAME_WORDS = frozenset({"name", "names", "nazwa"})
_PERSON_WORDS = frozenset(
    [
        "first",
        "last",
        "full",
        "middle",
        "given",
        "family",
        "maiden",
        "customer",
        "client",
        "buyer",
        "billing",
        "shipping",
        "contact",
        "user",
        "recipient",
        "owner",
        "person",
        "agent",
        "rep",
        "salesperson",
        "seller",
        "employee",
        "staff",
        "manager",
        "guest",
        "klient",
        "klienta",
        "kupujacy",
        "kupujacego",
        "odbiorca",
        "odbiorcy",
        "adresat",
        "opiekun",
        "handlowiec",
        "sprzedawca",
        "pracownik",
        "assignee",
        "reviewer",
        "author",
        "autor",
        "patient",
        "student",
    ]
)
_BARE_PERSONS = frozenset(
    [
        "customer",
        "client",
        "buyer",
        "user",
        "recipient",
        "contact",
        "owner",
        "agent",
        "salesperson",
        "seller",
        "employee",
        "assignee",
        "manager",
        "guest",
        "klient",
        "kupujacy",
        "odbiorca",
        "adresat",
        "opiekun",
        "handlowiec",
        "sprzedawca",
        "pracownik",
        "requester",
        "submitter",
        "reviewer",
        "author",
        "autor",
    ]
)
# An id says nothing about a person; `email_sent` and `mail_opened` are counts or flags.
_HARMLESS = frozenset(
    [
        "id",
        "key",
        "number",
        "numer",
        "nr",
        "no",
        "type",
        "typ",
        "kind",
        "count",
        "opt",
        "sent",
        "opened",
        "status",
        "kod",
    ]
)


def may_name_a_person(label: str) -> bool:
    """Whether the column's label says so; a bare *name* does."""
    words = frozenset(folded(label).split())
    if words & _TELLING:
        return not words & (_HARMLESS - {"nr", "no", "number", "numer"})
    if words & _NAME_WORDS:
        return len(words) == 1 or bool(words & _PERSON_WORDS)
    return bool(words & _BARE_PERSONS) and not words & _HARMLESS and len(words) <= 2


def is_personal_value(cell: str) -> bool:
    """Whether the cell holds what may be an e-mail address or a telephone number; dates and amounts do not."""
    text = cell.strip()
    return bool(PERSONAL_VALUE.search(text)) and not DATE.fullmatch(text) and not _AMOUNT.fullmatch(text)


def hold_persons(cells: Iterable[str]) -> bool:
    """Whether the cells of a column are addresses or telephone numbers, or read like first and last names."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return False
    return any("@" in cell for cell in filled) or 2 * sum(map(is_personal_value, filled)) > len(filled)


def read_like_names(cells: Iterable[str]) -> bool:
    """Whether most cells are two or three capitalised words."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and 5 * sum(bool(_FULL_NAME.fullmatch(cell)) for cell in filled) > 4 * len(filled)
