"""Which known export a table is, and how sure that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from kpi.ingest.bounds import LONGEST_LABEL, WIDEST_TABLE
from kpi.ingest.cells import SPACES
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.formats import Field, Format, formats
from kpi.ingest.generic import Continues, telling_labels
from kpi.ingest.labels import generalised, label_pattern, normalised, squeezed
from kpi.ingest.sections import Section
from kpi.wording.message import Message

RECOGNISED = 0.90
LOOKS_LIKE = 0.60
_SAMPLE = 100
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True)
class Match:
    """fields: field → position of its column · currency: the code in the header, if there is one ·
    account: of the rows, where it is not the platform's · note: what to say of the match in place of its confidence ·
    numbered: field → positions of its columns by their numbers, None where a number has no such column ·
    continues: what tells rows that leave out what the row above them says."""

    format: Format
    confidence: float
    fields: dict[str, int]
    currency: str | None = None
    account: str | None = None
    note: Message | None = None
    numbered: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    continues: Continues | None = None


def recognised(section: Section, name: str) -> Match | None:
    """The best format for the table, or None when none fits. `name` is the client's file name."""
    labels = frozenset(normalised(label) for label in section.header if label)
    spellings = labels | {generalised(label) for label in labels}
    matches = [match for known in formats() if (match := _match(known, section, name, labels, spellings))]
    best = max(matches, key=lambda it: _rank(it, section), default=None)
    return best if best and best.confidence >= LOOKS_LIKE else None


def _rank(match: Match, section: Section) -> tuple[float, bool, int, int]:
    """The surest; of equals that which the line above the table names, for it says more than the file's name."""
    titled = any(it.search(section.preamble.title) for it in match.format.named)
    return match.confidence, titled, len(match.format.required), len(match.fields)


def known_label_count(cells: tuple[str, ...]) -> int:
    """How many of the cells are labels that some format knows, or that name a field in any file."""
    if len(cells) > WIDEST_TABLE:
        return 0
    return _known_label_count(tuple(cell for cell in cells if len(cell) <= LONGEST_LABEL))


def mapped_positions(header: tuple[str, ...]) -> list[int]:
    """The columns that some format reads, and the first one, where totals have their label."""
    return [i for i, label in enumerate(header) if i == 0 or any(known.field_of(label) for known in formats())]


@lru_cache(maxsize=20_000)
def _known_label_count(cells: tuple[str, ...]) -> int:
    return sum(_is_known(normalised(cell)) or squeezed(cell) in telling_labels() for cell in cells)


def _match(
    known: Format, section: Section, name: str, labels: frozenset[str], spellings: frozenset[str]
) -> Match | None:
    if not known.has_required(spellings) or known.forbidden & spellings:
        return None
    if known.common and not _says_own(known, labels) and not _has_name(known, section, name):
        return None
    if known.is_card != section.is_card or not _is_named(known.named, section, name) or not _is_below(known, section):
        return None
    fields, currency = _fields(known, section, name)
    if (known.one_of and not any(own in fields for own in known.one_of)) or not set(known.all_of) <= fields.keys():
        return None
    if known.is_closed and _has_further_dimensions(known, section.header, fields):
        return None
    confidence = (
        0.55
        + 0.25 * _overlap(known, labels)
        + 0.10 * _readable(known, fields, section)
        + 0.05 * _has_name(known, section, name)
        + 0.05 * (section.has_typed_cells or not known.delimiters or section.delimiter in known.delimiters)
    )
    numbered = _numbered(known, section.header)
    return Match(known, round(confidence, 4), fields, currency, known.account_in(name), numbered=numbered)


def _says_own(known: Format, labels: frozenset[str]) -> bool:
    """Whether one of the columns that the export knows is called as no other tool would call it."""
    return any(known.knows(label) for label in labels - known.common)


def _is_named(patterns: tuple[re.Pattern[str], ...], section: Section, name: str) -> bool:
    """Whether the file's name or the line above the table matches one of the patterns, where there are any."""
    return not patterns or any(it.search(text) for it in patterns for text in (name, section.preamble.title))


def _is_below(known: Format, section: Section) -> bool:
    """Whether a line above the table matches one of the format's patterns, where it has any."""
    return not known.above or any(it.search(line) for it in known.above for line in section.preamble.lines)


def _fields(known: Format, section: Section, name: str) -> tuple[dict[str, int], str | None]:
    """The first column for each field; a field's labels are tried in their order, so the exact one wins."""
    header = section.header
    found: dict[str, int] = {}
    currency = None
    for own, one in known.fields.items():
        if one.is_numbered or not _is_named(one.named, section, name):
            continue
        if one.within:
            position = _position_by_cells(one, known, section, found)
        else:
            position = _position(one, header, set(found.values()))
        if position is not None:
            found[own] = position
            currency = currency or one.currency_in(header[position]) or None
    return found, currency


def _has_further_dimensions(known: Format, header: tuple[str, ...], fields: dict[str, int]) -> bool:
    numbers = [place for name, place in fields.items() if FIELD_TYPES[known.fields[name].type].kind == "number"]
    return not all(known.knows(label) for label in header[: min(numbers, default=0)] if label.strip())


def _numbered(known: Format, header: tuple[str, ...]) -> dict[str, tuple[int | None, ...]]:
    """The columns of each numbered field, all of one length, so that the n-th of each belong together."""
    places = {
        name: {number: i for i, label in reversed([*enumerate(header)]) if (number := one.number_in(label))}
        for name, one in known.fields.items()
        if one.is_numbered
    }
    last = max((number for found in places.values() for number in found), default=0)
    return {name: tuple(map(found.get, range(1, last + 1))) for name, found in places.items() if found}


def _position(field: Field, header: tuple[str, ...], taken: set[int]) -> int | None:
    labels = [normalised(label) for label in header]
    hits = (
        i for pattern in field.labels for i, label in enumerate(labels) if i not in taken and pattern.fullmatch(label)
    )
    return next(hits, None)


def _position_by_cells(field: Field, known: Format, section: Section, found: dict[str, int]) -> int | None:
    """The one column whose cells are whole numbers of the field's range; several are none, for nobody says which."""
    if field.unless in found:
        return None
    labels = [normalised(label) for label in section.header]
    free = [i for i, label in enumerate(labels) if i not in found.values() and not known.ignores(label)]
    fitting = [i for i in free if _is_within(section, i, field.within or (0, 0))]
    for pattern in field.labels:
        hits = [i for i in fitting if pattern.fullmatch(labels[i])]
        if hits:
            return hits[0] if len(hits) == 1 else None
    return None


def _is_within(section: Section, position: int, within: tuple[int, int]) -> bool:
    """Whether most of the column's filled cells are whole numbers of the range; a damaged one is no reason against."""
    cells = [cell for row in section.rows.sample if (cell := row[position].strip(SPACES))]
    good = [cell for cell in cells if cell.isascii() and cell.isdigit() and within[0] <= int(cell) <= within[1]]
    return 2 * len(good) > len(cells)


def _overlap(known: Format, labels: frozenset[str]) -> float:
    """The share of the file's labels that the format knows, each weighted by its rarity among the formats.

    Not the Jaccard index: people delete columns, and a file with half of them is no less sure.
    """
    known_labels = {label for label in labels if known.knows(label)}
    if known.is_open:
        # A report that may have any column is sure when half of them are known.
        return min(1.0, 2 * len(known_labels) / len(labels))
    weights = {label: 1 / max(1, _knowing_formats(label)) for label in labels}
    return sum(weights[label] for label in known_labels) / sum(weights.values())


def _readable(known: Format, fields: dict[str, int], section: Section) -> float:
    """The share of number and date columns whose first cells hold a digit."""
    checked = [name for name in fields if FIELD_TYPES[known.fields[name].type].kind in ("number", "time")]
    cells = {
        name: [row[fields[name]].strip(SPACES + "-—–") for row in section.rows.sample[:_SAMPLE]] for name in checked
    }
    good = [any(map(str.isdigit, "".join(column))) or not any(column) for column in cells.values()]
    return sum(good) / len(good) if good else 1.0


def _has_name(known: Format, section: Section, name: str) -> bool:
    hints = [pattern.search(name) for pattern in known.file_names]
    hints += [pattern.search(line) for pattern in known.titles for line in section.preamble.lines]
    return any(hints)


@lru_cache(maxsize=20_000)
def _knowing_formats(label: str) -> int:
    return Counter(known.knows(label) for known in formats())[True]


def _is_known(label: str) -> bool:
    plain, open_ones = _known_labels()
    return not plain.isdisjoint((label, generalised(label))) or bool(open_ones.fullmatch(label))


@cache
def _known_labels() -> tuple[frozenset[str], re.Pattern[str]]:
    """The labels of all formats: those of one spelling, and one pattern for all others. Most cells that are asked for
    are none, and to learn that from each format or pattern in turn takes many times as long."""
    plain, open_ones = set[str](), dict[str, re.Pattern[str]]()
    for known in formats():
        plain |= known.typical.union(*known.required)
        open_ones |= {label: label_pattern(label) for label in known.typical if "*" in label}
        for pattern in (it for own in known.fields.values() if own.within is None for it in own.labels):
            text = re.sub(r"\\(.)", r"\1", pattern.pattern)
            if re.escape(text) == pattern.pattern:
                plain.add(text)
            else:
                open_ones[pattern.pattern] = pattern
    unnamed = (_GROUP_NAME.sub("(?:", pattern.pattern) for pattern in open_ones.values())
    return frozenset(plain), re.compile("|".join(f"(?:{text})" for text in unnamed), re.DOTALL)
