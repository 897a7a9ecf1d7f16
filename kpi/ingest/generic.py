"""The tables that a file may hold when no known export fits: one TOML a table in `generic/`, shared fields in `fields.toml`.

The grammar is that of the format files (`formats.py`), and beside it:

    [mapping] telling, needs, key    lists of fields, of each list one must be there: `telling` by a label that means
                                     nothing else, `needs` by any; key: what other files name a row by; yields_to:
                                     tables that a file rather is where its labels tell both and these explain as much;
                                     forbidden: labels with which the person is asked whether it is this table;
                                     continues: key, heads, lines: a row without the key and all of `heads`, with one of
                                     each list of `lines`, is a further line of the one above
    [fields.<name>]                  name = {en, pl}; labels: what the column is called, in both languages; also: labels
                                     that mean it only where the table is known; any_value = true: an id of any shape;
                                     is_group = true: found only where few values stand in many rows
    [[notes]]                        asks = true: where a row fits `count`, the person is asked which column holds what
    [tables.<canonical>]             borrows_currency = "SQL": rows that take another table's currency;
                                     wants_currency = true: a currency is asked even where no amount is

What a field does not say comes from `fields.toml`. Adding a synonym takes no Python.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kpi.ingest.formats import Format, format_from
from kpi.ingest.labels import folded
from kpi.wording.message import Text

_HERE = Path(__file__).parent
_ACCOUNT = "main"


@dataclass(frozen=True)
class GenericField:
    """One field with its synonyms, folded: `labels` mean it anywhere, `also` only where the table is known."""

    id: str
    name: Text
    type: str
    labels: tuple[str, ...]
    also: tuple[str, ...] = ()
    is_required: bool = False
    takes_any_value: bool = False
    is_group: bool = False

    @cached_property
    def synonyms(self) -> dict[str, str]:
        """What it goes by, and the same without spaces."""
        return {synonym: synonym.replace(" ", "") for synonym in (*self.labels, *self.also)}

    @cached_property
    def names(self) -> frozenset[str]:
        """What it goes by, without spaces."""
        return frozenset(self.synonyms.values())


@dataclass(frozen=True)
class Continues:
    """What tells rows that continue the one above: they lack the `key` and all of `heads`, and have one of each group
    of `lines`."""

    key: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Generic:
    """One table that any file may hold."""

    format: Format
    fields: dict[str, GenericField]
    telling: tuple[frozenset[str], ...]
    needs: tuple[frozenset[str], ...]
    key: tuple[str, ...] = ()
    yields_to: frozenset[str] = frozenset()
    continues: Continues | None = None

    @property
    def id(self) -> str:
        return self.format.id

    @property
    def name(self) -> Text:
        return self.format.name


@cache
def generics() -> dict[str, Generic]:
    """Every generic table by its id, checked. Raises: ValueError: a file is wrong, with the table's name."""
    shared = tomllib.loads((_HERE / "fields.toml").read_text("utf-8"))
    raw = [tomllib.loads(path.read_text("utf-8")) for path in sorted((_HERE / "generic").glob("*.toml"))]
    return {table["id"]: generic_from(table, shared) for table in raw}


@cache
def telling_labels() -> frozenset[str]:
    """Every label that means a field in any file, without spaces."""
    return frozenset(
        label.replace(" ", "") for it in generics().values() for known in it.fields.values() for label in known.labels
    )


def generic_from(raw: Mapping[str, Any], shared: Mapping[str, Any]) -> Generic:
    """A Generic of parsed TOML. Raises: ValueError: what is not allowed in it."""
    specs = {name: {**shared.get(name, {}), **own} for name, own in raw["fields"].items()}
    plain = {name: {**spec, "labels": []} for name, spec in specs.items()}
    mapping = raw["mapping"]
    fingerprint = {"required": [], "forbidden": mapping.get("forbidden", ())}
    _require_known((name for key in ("telling", "needs") for group in mapping.get(key, ()) for name in group), raw)
    _require_known(mapping.get("key", ()), raw)
    return Generic(
        format_from({**raw, "platform": _ACCOUNT, "fingerprint": fingerprint, "fields": plain}),
        {name: _field(name, spec) for name, spec in specs.items()},
        tuple(map(frozenset, mapping.get("telling", ()))),
        tuple(map(frozenset, mapping["needs"])),
        tuple(mapping.get("key", ())),
        frozenset(mapping.get("yields_to", ())),
        _continues(raw),
    )


def _continues(raw: Mapping[str, Any]) -> Continues | None:
    if not (spec := raw["mapping"].get("continues")):
        return None
    lines = tuple(map(tuple, spec["lines"]))
    _require_known((spec["key"], *spec["heads"], *(name for group in lines for name in group)), raw)
    return Continues(spec["key"], tuple(spec["heads"]), lines)


def _field(name: str, spec: Mapping[str, Any]) -> GenericField:
    labels, also = (tuple(map(folded, spec.get(key, ()))) for key in ("labels", "also"))
    return GenericField(
        name,
        Text(**spec["name"]),
        spec["type"],
        labels,
        also,
        spec.get("required", False),
        spec.get("any_value", False),
        spec.get("is_group", False),
    )


def _require_known(names: Any, raw: Mapping[str, Any]) -> None:
    if missing := [name for name in names if name not in raw["fields"]]:
        raise ValueError(f"{raw['id']}: unknown field {', '.join(missing)}")
