"""Which generic table a file is, and which column is which of its fields: known names first, then likeness.

Likeness only suggests (rapidfuzz's token_sort_ratio of at least 90, and cells that fit), and never an amount of money.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from kpi.ingest.compatible import is_compatible
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.formats import canonical_tables
from kpi.ingest.generic import Generic, GenericField, generics
from kpi.ingest.labels import folded, normalised, squeezed, without_currency
from kpi.ingest.personal import hold_persons, may_name_a_person
from kpi.ingest.sections import Section
from kpi.ingest.totals import is_total_label

_LIKE = 90
_MOST_GROUPS = 20
# A number of orders is like the name of an order's number, and none.
_COUNTS = frozenset(
    {"orders", "zamowienia", "transactions", "transakcje", "invoices", "faktury", "documents", "dokumenty"}
)
_GROSS = re.compile(r" (?:brutto|gross|ttc)$")
# Words of columns that are worked out from others: a rate or an average is no count and no cost.
_DERIVED = frozenset(
    [
        "avg",
        "average",
        "mean",
        "sr",
        "sredni",
        "srednia",
        "srednie",
        "rate",
        "ratio",
        "share",
        "percent",
        "per",
        "ctr",
        "cpc",
        "cpm",
        "cpa",
        "cpl",
        "roas",
        "roi",
        "aov",
        "procent",
        "wspolczynnik",
        "udzial",
        "median",
        "mediana",
        "min",
        "max",
        "cumulative",
        "narastajaco",
    ]
)


@dataclass(frozen=True)
class Guess:
    """One table's fields in a file: field → position of its column, by a known name (`exact`) or a similar one."""

    table: Generic
    exact: Mapping[str, int]
    likely: Mapping[str, int] = field(default_factory=dict)
    telling: Collection[str] = ()
    currency: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether the known names alone say that it is this table, and all that it needs is there."""
        return not lacking(self.table, self.exact) and all(group & set(self.telling) for group in self.table.telling)

    @property
    def has_groups(self) -> bool:
        """Whether what tells groups of rows apart was found, where the table is about such groups."""
        found = {**self.exact, **self.likely}
        return all(name in found for name, known in self.table.fields.items() if known.is_group)

    @property
    def is_about_groups(self) -> bool:
        return any(known.is_group for known in self.table.fields.values())

    @property
    def is_plausible(self) -> bool:
        return not lacking(self.table, {**self.exact, **self.likely})


def lacking(table: Generic, found: Collection[str]) -> list[frozenset[str]]:
    """What the table needs and the fields do not have; of each group one would do."""
    return [group for group in table.needs if not group & set(found)]


def guessed(section: Section, table: Generic, fixed: Mapping[str, int | None] | None = None) -> Guess:
    """The table's fields in the file. `fixed` fields are taken as they are; None is a field that the file lacks."""
    given = {name: position for name, position in (fixed or {}).items() if position is not None}
    return _Search(section, table, given, set(fixed or ())).guess()


def best_guess(section: Section) -> tuple[Guess | None, bool]:
    """The table that the file seems to be, None where nothing points to one, and whether that is certain.

    Certain is a table that has all it needs under known names, nothing forbidden and no amounts left over, and explains
    more columns than every other such table, and each column that the other explains. A list without days of its own
    (customers, products) is not certain where days are left over: it may well be a file of orders under other names. Nor
    is a table certain where another has all that it needs and explains every column and more, or two columns more,
    though by names that mean it there only.
    """
    guesses = [guessed(section, table) for table in generics().values()]
    told = _without_yielding([it for it in guesses if it.is_told])
    if told:
        fuller = [it for it in guesses if not lacking(it.table, it.exact) and _explains_far_more(it, told[0])]
        if fuller:
            return max(fuller, key=_weight), False
        is_best = all(_explains_more(told[0], other) for other in told[1:])
        # a column of groups may be anything in a table that other names tell as well: a product's variant, a segment
        is_best = is_best and not (told[0].is_about_groups and told[1:])
        is_best = is_best and told[0].table.format.forbidden.isdisjoint(map(normalised, section.header))
        is_best = is_best and not _leaves_amounts(section, told[0])
        return told[0], is_best and (_has_days(told[0]) or not _leaves_days(section, told[0]))
    hints = [it for it in guesses if (it.exact or it.likely) and it.has_groups]
    return max(hints, key=_weight, default=None), False


def _without_yielding(told: list[Guess]) -> list[Guess]:
    """The guesses without those that yield to one that explains as much, the fullest first."""
    sizes = {it.table.id: len(it.exact) for it in told}
    kept = [it for it in told if all(sizes.get(name, 0) < len(it.exact) for name in it.table.yields_to)]
    return sorted(kept, key=lambda it: -len(it.exact))


def _cells(section: Section, position: int) -> list[str]:
    """What the column holds in the first rows, but for rows of totals."""
    return [row[position] for row in section.rows.sample if not is_total_label(next(filter(None, row), ""))]


def _are_groups(cells: list[str]) -> bool:
    """Whether few values stand in many rows."""
    filled = [cell for cell in cells if cell.strip()]
    values = set(filled)
    return len(values) <= _MOST_GROUPS and len(filled) >= 2 * len(values)


def _has_days(guess: Guess) -> bool:
    """Whether the table has days of its own, or found some."""
    table = guess.table.format.tables[0].table
    is_dated = any(FIELD_TYPES[guess.table.fields[name].type].kind == "time" for name in guess.exact)
    return is_dated or "day" in canonical_tables()[table]


def _leaves_days(section: Section, guess: Guess) -> bool:
    """Whether a column of days is explained by nothing."""
    rest = set(range(len(section.header))) - set(guess.exact.values())
    columns = (_cells(section, place) for place in rest)
    return any(any(cell.strip() for cell in cells) and is_compatible("day", cells) for cells in columns)


def _leaves_amounts(section: Section, guess: Guess) -> bool:
    """Whether a column has the very name of an amount that is lacking, and too few of its cells are amounts: without it
    every row would be worth nothing."""
    wanted = [it for it in guess.table.fields.values() if it.type == "money" and it.id not in guess.exact]
    names = {it.synonyms[label] for it in wanted for label in it.labels}
    rest = [place for place in range(len(section.header)) if place not in guess.exact.values()]
    named = [place for place in rest if _Label(section.header[place]).names(is_money=True) & names]
    return any(any(map(_has_digit, _cells(section, place))) for place in named)


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _explains_more(one: Guess, other: Guess) -> bool:
    return set(one.exact.values()) > set(other.exact.values())


def _explains_far_more(one: Guess, other: Guess) -> bool:
    return _explains_more(one, other) or len(one.exact) > len(other.exact) + 1


def _weight(guess: Guess) -> tuple[bool, int, float]:
    return (
        guess.is_plausible,
        -len(lacking(guess.table, {**guess.exact, **guess.likely})),
        len(guess.exact) + 0.5 * len(guess.likely),
    )


class _Search:
    def __init__(self, section: Section, table: Generic, given: dict[str, int], closed: set[str]) -> None:
        self._section, self._table = section, table
        self._found, self._closed = dict(given), closed
        self._taken = set(given.values())
        self._telling: set[str] = set(given)
        self._currency: str | None = None
        self._labels = [_Label(label) for label in section.header]
        self._places = {is_money: _places(self._labels, is_money=is_money) for is_money in (False, True)}

    def guess(self) -> Guess:
        for name, position in self._found.items():
            self._note_currency(self._table.fields[name], position)
        for strictly in (True, False):
            for known in self._open_fields():
                self._take_exact(known, strictly)
        exact = dict(self._found)
        likely = {known.id: place for known in self._open_fields() if (place := self._likely(known)) is not None}
        return Guess(self._table, exact, likely, self._telling, self._currency)

    def _open_fields(self) -> list[GenericField]:
        return [it for it in self._table.fields.values() if it.id not in self._found and it.id not in self._closed]

    def _take_exact(self, known: GenericField, strictly: bool) -> None:
        for position, synonym in self._named(known):
            is_shared = self._is_shared(position)
            if is_shared == strictly and self._fits(known, position, is_strict=is_shared):
                self._take(known, position, synonym)
                return
        for position, synonym in self._named(known) if not strictly else ():
            if self._fits(known, position, is_strict=False):
                self._take(known, position, synonym)
                return

    def _take(self, known: GenericField, position: int, synonym: str) -> None:
        self._found[known.id] = position
        self._taken.add(position)
        self._note_currency(known, position)
        if synonym in known.labels:
            self._telling.add(known.id)

    def _named(self, known: GenericField) -> Iterator[tuple[int, str]]:
        """Free columns that one of the field's synonyms names, the first synonym first."""
        places = self._places[known.type == "money"]
        for synonym, name in known.synonyms.items():
            for position in places.get(name, ()):
                if position not in self._taken:
                    yield position, synonym

    def _is_shared(self, position: int) -> bool:
        """Whether several fields of the table go by this column's name, so that its cells have to tell."""
        label = self._labels[position]
        named = (label.names(is_money=it.type == "money") & it.names for it in self._table.fields.values())
        return sum(map(bool, named)) > 1

    def _fits(self, known: GenericField, position: int, *, is_strict: bool) -> bool:
        if known.type == "money" and self._has_other_currency(position):
            return False
        cells = _cells(self._section, position)
        if known.is_group and not _are_groups(cells):
            return False
        return is_compatible(known.type, cells, is_strict=is_strict, takes_any_value=known.takes_any_value)

    def _likely(self, known: GenericField) -> int | None:
        if known.type == "money":
            return None
        for position, label in enumerate(self._labels):
            if position in self._taken or not label.words or not _reads_like(label, known):
                continue
            # The cells are looked at last: that takes far longer than a look at the name.
            if self._may_be(known, position) and self._fits(known, position, is_strict=True):
                self._taken.add(position)
                return position
        return None

    def _may_be(self, known: GenericField, position: int) -> bool:
        """Nothing worked out is a count, and nothing that may name a person is stored as text."""
        label = self._labels[position]
        if label.words in _COUNTS and known.type not in ("count", "number"):
            return False
        if known.type in ("count", "number") and _DERIVED & set(label.words.split()):
            return False
        if known.type not in ("text", "group", "list"):
            return True
        cells = [row[position] for row in self._section.rows.sample]
        return not may_name_a_person(label.written) and not hold_persons(cells)

    def _note_currency(self, known: GenericField, position: int) -> None:
        if known.type == "money":
            self._currency = self._currency or self._labels[position].currency

    def _has_other_currency(self, position: int) -> bool:
        code = self._labels[position].currency
        return code is not None and self._currency is not None and code != self._currency


def _places(labels: list[_Label], *, is_money: bool) -> dict[str, list[int]]:
    """Name → columns that go by it."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, label in enumerate(labels):
        for name in label.names(is_money=is_money):
            found[name].append(position)
    return found


def _reads_like(label: _Label, known: GenericField) -> bool:
    return any(fuzz.token_sort_ratio(label.words, synonym) >= _LIKE for synonym in known.synonyms)


class _Label:
    """A column's label in the ways in which it is compared."""

    def __init__(self, written: str) -> None:
        self.written, self.words = written, folded(written)
        bare, self.currency = without_currency(written)
        self._whole, self._bare = squeezed(written), squeezed(bare)
        self._gross = squeezed(_GROSS.sub("", folded(bare)))

    def names(self, *, is_money: bool) -> frozenset[str]:
        """What a synonym that names the column may be; a currency and *gross* may stand behind the name of an amount."""
        names = {self._whole, self._bare, self._gross} if is_money else {self._whole}
        return frozenset(names - {""})
