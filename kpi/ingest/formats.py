"""The known exports, one TOML a format in `formats/`; adding one takes no Python.

    id, name = {en, pl}, platform (in accounts), platform_name (on screens)    extends = "other_format": take everything from it, then override key by key
    number_style = "dot" | "comma"   for columns whose own cells leave it open
    [fingerprint]                    required: each entry one label or a list of spellings, all must be there (`*`: any end;
                                     `@dimensions`: every label of the check's dimensions); above: regular expressions of
                                     which one must match a line above the table; typical: known and not mapped (`*` here
                                     too); common: labels that other tools write too, so that with these alone only its
                                     name or title tells the export; forbidden; one_of: fields of which one must be found;
                                     all_of: fields that must all be found; account_names: regular expressions over the
                                     file's name, whose group is the account; file_names, titles: regular expressions;
                                     delimiters: the usual ones
    [fields.<name>]                  labels = [...] (`{currency}` stands for a code), type (see fieldtypes.py),
                                     required = true, personal = true, order = "dmy" | "mdy" where fixed,
                                     html = true: cells may hold entities such as &pound;,
                                     within = [0, 10]: found by its cells, whole numbers of this range in one column
                                     only; its labels may hold `*`; unless = "field": only where that one is not there;
                                     named = [...]: only where the file's name or the line above the table matches
                                     of type texts or amounts: a column for each number that stands for `{n}` in the
                                     labels, together a list whose n-th place is the column's; amounts are plain (1.50)
    [derived] <name> = "SQL"         over fields and the derived names above it; windows allowed
    [rows] group, head, line         group: a refused row takes its group with it; head: true on a group's first row; a
                                     second head in a group is a repeat and set aside, a group without one is refused;
                                     a group whose rows are all alike names no head; line: the fields of one line: a
                                     group of nothing but heads is a repeat only where these agree
    [check] dimensions, sums         fields blank in a total row, and fields that a total row states
    [check.overlapping] fields, sums with one of these fields, the rows do not add up to the total in these sums
    [tables.<canonical>]             rows = "SQL" (which rows), one_per = "column" with latest = "SQL"; a format
                                     without tables is known and has no numbers; each = "SQL": a list of texts, of
                                     which each gives a row; its columns may use `item` and `item_no` (from 1)
    [tables.<canonical>.columns]     canonical column = "SQL"
    [tables.<canonical>.breakdown]   dimension = [fields]: present when one of them is
    [[notes]]                        missing = "field" (or a list: none is there), count = "SQL", figure = "SQL over all rows"
                                     or words = "SQL" (or NULL); text = {en, pl}; narrows: the other tables are set aside
    shares_period = true             the tables of one file cover the same days, and one that says none takes the others'
    is_card = true                   one value a line behind its name (`"Total Recipients:","1,751"`), no table
    has_totals = false               no row is a total: what is labelled so is data (people search for "razem")
    is_closed = true                 an unknown column before the first number is another report
    has_shop_ids = true              its customers' ids are the shop's, not those of a platform of its own
    adds_up = true                   no row stands in two groups, whatever the report is broken down by
    is_open = true                   unknown columns may be dimensions of the report; without it they are ignored

Names that every expression may use beside its fields: `row_no`, `has_<field>`, `declared_currency`, `declared_start`,
`declared_end`, `declared_title` (the line above the table), `file_name` (without its ending), `tax_included_answer`;
`<time>_offset` (minutes), `<period>_start`, `<period>_end`. Behind a format with `order_lines`: `line_type_of(name)` and
`amount_of_others(names, amounts)`, what is no product (`[line_type]` of vocabulary.toml). A `currency` gives way to the
header's and to the sign in the row's cells. An absent field is NULL. `further`, `numbers` and `labels` of a canonical
table take the columns that no field does (freecolumns.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from kpi.ingest.expressions import checked, names_used, texts_used
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.labels import generalised, is_among, is_any_among, label_pattern, normalised
from kpi.wording.message import Text

_FOLDER = Path(__file__).with_name("formats")
_TABLES = Path(__file__).parents[1] / "model" / "tables"
BUILTINS = {
    "row_no": "BIGINT",
    "declared_currency": "VARCHAR",
    "declared_start": "DATE",
    "declared_end": "DATE",
    "declared_title": "VARCHAR",
    "file_name": "VARCHAR",
    "tax_included_answer": "BOOLEAN",
}
EACH = frozenset({"item", "item_no"})


@dataclass(frozen=True)
class Field:
    """One column of the export. `labels` are patterns over normalised labels; group 1, if any, is a currency.

    `within`: the range of whole numbers by which the column is found · `unless`: a field that makes it needless ·
    `named`: what the file's name or the line above the table must say.
    """

    name: str
    type: str
    labels: tuple[re.Pattern[str], ...]
    is_required: bool = False
    is_personal: bool = False
    order: str | None = None
    is_html: bool = False
    within: tuple[int, int] | None = None
    unless: str | None = None
    named: tuple[re.Pattern[str], ...] = ()

    def currency_in(self, label: str) -> str | None:
        """The currency code that the label carries, `""` when it carries none, None when the label is another's."""
        text = normalised(label)
        for pattern in self.labels:
            if match := pattern.fullmatch(text):
                return match[1].upper() if pattern.groups and not pattern.groupindex else ""
        return None

    @property
    def is_numbered(self) -> bool:
        return FIELD_TYPES[self.type].is_numbered

    def number_in(self, label: str) -> int | None:
        """The number that the label has in place of `{n}`; None when the label is another's."""
        text = normalised(label)
        matches = (match for pattern in self.labels if (match := pattern.fullmatch(text)))
        return next((int(match["n"]) for match in matches), None)


@dataclass(frozen=True)
class TableMap:
    """How rows of the export become rows of one canonical table."""

    table: str
    columns: dict[str, str]
    rows: str | None = None
    one_per: str | None = None
    latest: str = "row_no"
    breakdown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    borrows_currency: str | None = None
    wants_currency: bool = False
    each: str | None = None


@dataclass(frozen=True)
class Note:
    """A remark for the person: when all of `missing` are absent, with the number of rows that fit `count`, with the
    `figure` over all rows that could be read, or with the `words` that stand in them and how many rows have one."""

    text: Text
    missing: tuple[str, ...] = ()
    count: str | None = None
    figure: str | None = None
    words: str | None = None
    narrows: bool = False
    asks: bool = False


@dataclass(frozen=True, eq=False)
class Format:
    """One known export; the module's docstring has the grammar."""

    id: str
    name: Text
    platform: str
    platform_name: str
    fields: dict[str, Field]
    tables: tuple[TableMap, ...]
    required: tuple[frozenset[str], ...]
    typical: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    file_names: tuple[re.Pattern[str], ...] = ()
    titles: tuple[re.Pattern[str], ...] = ()
    delimiters: tuple[str, ...] = ()
    number_style: str | None = None
    derived: dict[str, str] = field(default_factory=dict)
    group: str | None = None
    head: str | None = None
    line: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    account_names: tuple[re.Pattern[str], ...] = ()
    check_dimensions: tuple[str, ...] = ()
    check_sums: tuple[str, ...] = ()
    check_overlapping: frozenset[str] = frozenset()
    check_overlapping_sums: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()
    is_open: bool = False
    shares_period: bool = False
    has_totals: bool = True
    is_closed: bool = False
    is_card: bool = False
    named: tuple[re.Pattern[str], ...] = ()
    above: tuple[re.Pattern[str], ...] = ()
    has_shop_ids: bool = False
    adds_up: bool = False

    def account_in(self, file_name: str) -> str | None:
        """The account that the file's name states, behind the platform's."""
        found = (match for pattern in self.account_names if (match := pattern.search(file_name)))
        return next((f"{self.platform}/{match[1]}" for match in found), None)

    def has_required(self, spellings: Collection[str]) -> bool:
        """Whether these normalised labels hold one of each entry that is required."""
        return all(any(is_among(label, spellings) for label in entry) for entry in self.required)

    def knows(self, label: str) -> bool:
        """Whether the format has a column of this name, mapped or not."""
        spellings = {normalised(label), generalised(label)}
        is_named = any(not spellings.isdisjoint(labels) for labels in self.required)
        return is_named or self.ignores(label) or self.field_of(label) is not None

    def ignores(self, label: str) -> bool:
        """Whether the column is known and left out on purpose."""
        return is_any_among(self.typical, (normalised(label), generalised(label)))

    def field_of(self, label: str) -> Field | None:
        return _field_of(self, label)

    @property
    def is_personal(self) -> bool:
        return any(known.is_personal for known in self.fields.values())

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that its expressions compare cells with, in lower case."""
        tables = [expression for it in self.tables for expression in (*it.columns.values(), it.rows or "TRUE")]
        return frozenset(word.casefold() for text in (*self.derived.values(), *tables) for word in texts_used(text))


# the same labels are asked of every format, several times a file
@lru_cache(maxsize=100_000)
def _field_of(known: Format, label: str) -> Field | None:
    return next((it for it in known.fields.values() if it.within is None and it.currency_in(label) is not None), None)


@cache
def formats() -> tuple[Format, ...]:
    """Every format, checked. Raises: ValueError: a format file is wrong, with the file's name."""
    raw = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.toml"))}
    return tuple(format_from(_extended(name, raw)) for name in raw)


@cache
def platform_of(format_id: str | None) -> str:
    """The name of a format's platform, such as "Google Ads"; empty for a format that is not known here."""
    return next((one.platform_name for one in formats() if one.id == format_id), "")


@cache
def canonical_tables() -> Mapping[str, Mapping[str, Any]]:
    """The canonical tables as `model/tables/` defines them."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in sorted(_TABLES.glob("*.toml")))
    return {name: entry for file in files for name, entry in file.items()}


def format_from(raw: Mapping[str, Any]) -> Format:
    """A Format of parsed TOML. Raises: ValueError, InvalidExpression: what is not allowed in it."""
    where = raw["id"]
    fields = {name: _field(name, spec, where) for name, spec in raw["fields"].items()}
    fingerprint, check, rows = raw["fingerprint"], raw.get("check", {}), raw.get("rows", {})
    names = _names(fields)
    derived = _derived(raw.get("derived", {}), names, where)
    remarks = [note.get(kind) for note in raw.get("notes", ()) for kind in ("count", "figure", "words")]
    for expression in (rows.get("head"), *remarks):
        checked(expression or "NULL", names | set(derived), where)
    overlapping, notes = check.get("overlapping", {}), tuple(_note(note) for note in raw.get("notes", ()))
    _require_known((*check.get("dimensions", ()), *check.get("sums", ())), fields, where)
    named = (*overlapping.values(), rows.get("line", ()), *(note.missing for note in notes))
    _require_known([name for names in named for name in names], fields, where)
    _require_known((*fingerprint.get("one_of", ()), *fingerprint.get("all_of", ())), fields, where)
    return Format(
        id=where,
        name=Text(**raw["name"]),
        platform=raw["platform"],
        platform_name=raw.get("platform_name", raw["platform"]),
        fields=fields,
        tables=tuple(_table(id, spec, names | set(derived), where) for id, spec in raw.get("tables", {}).items()),
        required=tuple(_spellings(_with_dimensions(entry, raw)) for entry in fingerprint.get("required", ())),
        typical=frozenset(normalised(label) for label in fingerprint.get("typical", ())),
        forbidden=frozenset(normalised(label) for label in fingerprint.get("forbidden", ())),
        common=frozenset(normalised(label) for label in fingerprint.get("common", ())),
        file_names=_patterns(fingerprint.get("file_names", ())),
        titles=_patterns(fingerprint.get("titles", ())),
        delimiters=tuple(fingerprint.get("delimiters", ())),
        number_style=raw.get("number_style"),
        derived=derived,
        one_of=tuple(fingerprint.get("one_of", ())),
        all_of=tuple(fingerprint.get("all_of", ())),
        account_names=_patterns(fingerprint.get("account_names", ())),
        group=rows.get("group"),
        head=rows.get("head"),
        line=tuple(rows.get("line", ())),
        check_dimensions=tuple(check.get("dimensions", ())),
        check_sums=tuple(check.get("sums", ())),
        check_overlapping=frozenset(overlapping.get("fields", ())),
        check_overlapping_sums=frozenset(overlapping.get("sums", ())),
        notes=notes,
        is_open=raw.get("is_open", False),
        shares_period=raw.get("shares_period", False),
        is_closed=raw.get("is_closed", False),
        has_totals=raw.get("has_totals", True),
        is_card=raw.get("is_card", False),
        named=_patterns(fingerprint.get("named", ())),
        above=_patterns(fingerprint.get("above", ())),
        has_shop_ids=raw.get("has_shop_ids", False),
        adds_up=raw.get("adds_up", False),
    )


def _extended(name: str, raw: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    own = raw[name]
    return _merged(_extended(own["extends"], raw), own) if "extends" in own else own


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    both = {**base, **own}
    for key in base.keys() & own.keys():
        if isinstance(base[key], dict) and isinstance(own[key], dict) and key != "name":
            both[key] = _merged(base[key], own[key])
    return both


def _field(name: str, spec: Mapping[str, Any], where: str) -> Field:
    if spec["type"] not in FIELD_TYPES:
        raise ValueError(f"{where}: field {name} has the unknown type {spec['type']}")
    labels = tuple(label_pattern(label) for label in spec["labels"])
    is_personal = spec.get("personal", FIELD_TYPES[spec["type"]].is_personal)
    return Field(
        name,
        spec["type"],
        labels,
        spec.get("required", False),
        is_personal,
        spec.get("order"),
        spec.get("html", False),
        tuple(spec["within"]) if "within" in spec else None,
        spec.get("unless"),
        _patterns(spec.get("named", ())),
    )


def _note(raw: Mapping[str, Any]) -> Note:
    missing = (given,) if isinstance(given := raw.get("missing", ()), str) else tuple(given)
    count, figure, words, narrows = map(raw.get, ("count", "figure", "words", "narrows"))
    return Note(Text(**raw["text"]), missing, count, figure, words, bool(narrows), bool(raw.get("asks")))


def _names(fields: Mapping[str, Field]) -> set[str]:
    names = {*BUILTINS, *fields, *(f"has_{name}" for name in fields)}
    for known in fields.values():
        names |= {f"{known.name}_{suffix}" for suffix in FIELD_TYPES[known.type].parts}
    return names


def _derived(raw: Mapping[str, str], names: set[str], where: str) -> dict[str, str]:
    known = set(names)
    for name, expression in raw.items():
        checked(expression, known, f"{where}: {name}")
        known.add(name)
    return dict(raw)


def _table(table: str, spec: Mapping[str, Any], names: set[str], where: str) -> TableMap:
    unknown = spec["columns"].keys() - canonical_tables()[table]["columns"].keys()
    if unknown:
        raise ValueError(f"{where}: {table} has no column {', '.join(sorted(unknown))}")
    conditions = [spec.get(key, "NULL") for key in ("rows", "latest", "borrows_currency", "each")]
    for expression in conditions:
        checked(expression, names, f"{where}: {table}")
    for expression in spec["columns"].values():
        checked(expression, names | EACH if "each" in spec else names, f"{where}: {table}")
    breakdown = {dimension: tuple(fields) for dimension, fields in spec.get("breakdown", {}).items()}
    _require_known([name for fields in breakdown.values() for name in fields], names, where)
    return TableMap(
        table,
        dict(spec["columns"]),
        spec.get("rows"),
        spec.get("one_per"),
        spec.get("latest", "row_no"),
        breakdown,
        spec.get("borrows_currency"),
        spec.get("wants_currency", False),
        spec.get("each"),
    )


def _require_known(names: Any, known: Any, where: str) -> None:
    missing = [name for name in names if name not in known]
    if missing:
        raise ValueError(f"{where}: unknown field {', '.join(missing)}")


def _with_dimensions(entry: str | list[str], raw: Mapping[str, Any]) -> list[str]:
    """The spellings, with every label of the dimensions that are checked in place of `@dimensions`."""
    given = [entry] if isinstance(entry, str) else entry
    if "@dimensions" not in given:
        return given
    labels = [label for name in raw["check"]["dimensions"] for label in raw["fields"][name]["labels"]]
    return [*labels, *(label for label in given if label != "@dimensions")]


def _spellings(entry: str | list[str]) -> frozenset[str]:
    return frozenset(normalised(label) for label in ([entry] if isinstance(entry, str) else entry))


def _patterns(texts: Any) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE) for text in texts)


__all__ = ["Field", "Format", "Note", "TableMap", "canonical_tables", "format_from", "formats", "names_used"]
