"""Columns that no field takes and that are kept all the same, where a format says so: numbers and categories of few values.

An experiment may measure anything. What may name a person, an id, and text of many values is left in the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi.ingest.cells import literal, number_value, says_nothing, text_value
from kpi.ingest.compatible import is_compatible
from kpi.ingest.formats import Field, Format, TableMap, canonical_tables
from kpi.ingest.labels import folded
from kpi.ingest.numbers import NumberColumn, number_sql, number_styles
from kpi.ingest.personal import hold_persons, may_name_a_person, read_like_names
from kpi.ingest.recognise import Match
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.typed import FALSE_WORDS, TRUE_WORDS

_PREFIX = "further_"
_MOST_NUMBERS, _MOST_LABELS = 200, 60
_FEW, _MOST_VALUES, _ROWS_A_VALUE, _LONGEST_VALUE = 12, 60, 10, 80
_IDS = frozenset(
    ["id", "ids", "uuid", "guid", "hash", "token", "key", "index", "nr", "no", "number", "numer", "cookie"]
)

_POSTAL = frozenset(["zip", "code", "postcode", "zipcode", "postal", "kod", "pocztowy"])


@dataclass(frozen=True)
class _Free:
    """A free column: where it stands, what it is called among the others, and how its cells are read."""

    position: int
    name: str
    type: str

    @property
    def field(self) -> str:
        return f"{_PREFIX}{self.position}"

    @property
    def value(self) -> str:
        return f"CAST({self.field} AS DOUBLE)" if self.type == "flag" else self.field


def takes_free_columns(known: Format) -> bool:
    """Whether one of its tables keeps columns that no field takes."""
    return any(map(_is_free, known.tables))


def with_free_columns(scratch: Scratch, staged: str, section: Section, match: Match) -> Match:
    """The match with a field for each free column that is kept, so that it is read as every other one is."""
    table = next(filter(_is_free, match.format.tables), None)
    if table is None:
        return match
    found = _free_columns(scratch, staged, section, match)
    if not found:
        return match
    fields = {one.field: Field(one.field, one.type, ()) for one in found}
    tables = tuple(_with_lists(it, found) if it is table else it for it in match.format.tables)
    known: Format = replace(match.format, fields={**match.format.fields, **fields}, tables=tables)
    return replace(match, format=known, fields={**match.fields, **{one.field: one.position for one in found}})


def _is_free(table: TableMap) -> bool:
    return "further" in canonical_tables()[table.table]["columns"]


def _with_lists(table: TableMap, found: Sequence[_Free]) -> TableMap:
    numbers = [one for one in found if one.type != "text"]
    labels = [one for one in found if one.type == "text"]
    names = {"numbers": [one.name for one in numbers], "labels": [one.name for one in labels]}
    columns = {
        "further": literal(json.dumps(names, ensure_ascii=False)),
        "numbers": f"[{', '.join(one.value for one in numbers)}]",
        "labels": f"[{', '.join(one.value for one in labels)}]",
    }
    return replace(table, columns={**table.columns, **columns})


def _free_columns(scratch: Scratch, staged: str, section: Section, match: Match) -> list[_Free]:
    places = [place for place in _candidates(section, match) if place in set(section.staged_columns)]
    types = _numeric(scratch, staged, section, [place for place in places if _may_be_numbers(section, place)])
    numbers = dict(list(types.items())[:_MOST_NUMBERS])
    texts = [place for place in places if place not in types]
    labels = [place for place in texts if _has_few_values(scratch, staged, place)][:_MOST_LABELS]
    taken = {name.casefold() for name in canonical_tables()[match.format.tables[0].table]["columns"]}
    kept = sorted([*numbers, *labels])
    return [_Free(place, _unique(section.header[place], taken), numbers.get(place, "text")) for place in kept]


def _candidates(section: Section, match: Match) -> list[int]:
    taken = set(match.fields.values())
    return [
        place
        for place, label in enumerate(section.header)
        if label.strip() and place not in taken and not _is_left(label, _cells(section, place))
    ]


def _is_left(label: str, cells: Sequence[str]) -> bool:
    """Whether the column may name a person, or names a row."""
    words = frozenset(folded(label).split())
    if words <= _POSTAL:  # Rural and Urban are no postcodes
        return any(char.isdigit() for cell in cells for char in cell)
    is_id = bool(_IDS & words)
    return is_id or may_name_a_person(label) or hold_persons(cells) or read_like_names(cells)


def _cells(section: Section, place: int) -> list[str]:
    return [cell for row in section.rows.sample if (cell := row[place].strip()) and not says_nothing(cell)]


def _may_be_numbers(section: Section, place: int) -> bool:
    cells = _cells(section, place)
    return is_compatible("number", cells) or is_compatible("flag", cells)


def _numeric(scratch: Scratch, staged: str, section: Section, places: Sequence[int]) -> dict[int, str]:
    """The columns that are numbers in every filled cell, or yes and no in every one, with the type to read them as."""
    if not places:
        return {}
    columns = {str(place): NumberColumn(f"c{place}") for place in places}
    styles = number_styles(scratch, staged, columns, fallback=None)
    words = ", ".join(map(literal, (*TRUE_WORDS, *FALSE_WORDS)))
    counts = []
    for place in places:
        cell, text = number_value(f"c{place}"), text_value(f"c{place}")
        style = replace(styles[str(place)], decimal=styles[str(place)].decimal or ".")
        counts += [f"count({cell})", f"count({number_sql(f'({cell})', style, 'percent')})", f"count({text})"]
        counts.append(f"count(*) FILTER (WHERE lower({text}) IN ({words}))")
    found = iter(scratch.row(f"SELECT {', '.join(counts)} FROM {staged}"))
    types: dict[int, str] = {}
    for place in places:
        filled, numbers, texts, flags = next(found), next(found), next(found), next(found)
        if filled and filled == numbers and len(styles[str(place)].symbols) < 2:
            has_percents = any("%" in cell for cell in _cells(section, place))
            types[place] = "percent" if has_percents else "number"
        elif texts and texts == flags:
            types[place] = "flag"
    return types


def _has_few_values(scratch: Scratch, staged: str, place: int) -> bool:
    """Whether the text is a category: short values, few, and each in several rows."""
    cell = text_value(f"c{place}")
    (rough,) = scratch.row(f"SELECT approx_count_distinct(c{place}) FROM {staged}")
    if rough > 2 * _MOST_VALUES:
        return False
    rows = scratch.rows(f"SELECT {cell} AS value, count(*) FROM {staged} GROUP BY 1 HAVING value IS NOT NULL")
    values, filled = [value for value, _ in rows], sum(count for _, count in rows)
    is_few = len(values) <= _FEW or len(values) <= min(_MOST_VALUES, filled / _ROWS_A_VALUE)
    is_short = all(len(value) <= _LONGEST_VALUE for value in values)
    return bool(values) and is_few and is_short and not hold_persons(values) and not read_like_names(values)


def _unique(label: str, taken: set[str]) -> str:
    """The label, numbered where another column or one of ours is called the same."""
    name = " ".join(label.split())
    written, number = name, 1
    while written.casefold() in taken:
        number += 1
        written = f"{name} ({number})"
    taken.add(written.casefold())
    return written
