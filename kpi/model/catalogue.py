"""The catalogue: frozen dataclasses over the TOML files beside this module, checked when they load."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import sqlglot
from sqlglot import exp

from kpi.formula import Formula
from kpi.model.spans import WINDOWS, Span, Window
from kpi.wording.message import Text

Unit = Literal["money", "count", "number", "percent", "ratio", "points", "duration"]
Better = Literal["up", "down", ""]
Tax = Literal["net", "gross"]

SQL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text": "VARCHAR",
        "money": "DECIMAL(18,4)",
        "number": "DOUBLE",
        "count": "BIGINT",
        "day": "DATE",
        "time": "TIMESTAMP",
        "offset": "INTEGER",
        "flag": "BOOLEAN",
        "list": "VARCHAR[]",
        "numbers": "DOUBLE[]",
    }
)
AREAS: Mapping[str, Text] = MappingProxyType(
    {
        "sales": Text("Sales and basket", "Sprzedaż i koszyk"),
        "traffic": Text("Traffic and conversion", "Ruch i konwersja"),
        "marketing": Text("Marketing", "Marketing"),
        "customers": Text("Customers", "Klienci"),
        "leads": Text("Leads and sales team", "Leady i sprzedaż"),
        "service": Text("Service and logistics", "Obsługa i logistyka"),
    }
)

_COUNTED = "COUNT(DISTINCT customer_no)"
_OF_ORDERS = ("orders", "order_lines")
# Measures of these names are amounts that VAT has been taken out of, and costs, of which nobody says whether it is in.
_UNTAXED, _COSTS = ("untaxed",), ("cost",)
UNKNOWN = Text("(unknown)", "(nieznane)")


@dataclass(frozen=True)
class Table:
    """A canonical table. A table without `replaced_by` is a report: its rows stand for a day or for a span of days.

    `facts`: the tables from which its facts are made; a table without is only looked up by others. `partitions`: the
    dimensions whose groups add up to the whole; `listings`: those whose groups leave rows out or overlap, so that each
    can be shown and none are added. `are_tools`: platforms measure the same thing each in its own way and are
    alternatives. `source`: the column that names whose report it is; a newer one replaces only rows of the same.
    `person`: the column with the customer's key, which is emptied when she is erased.
    """

    id: str
    name: Text
    columns: Mapping[str, str]
    key: tuple[str, ...]
    replaced_by: tuple[str, ...]
    day: str | None
    dimensions: tuple[str, ...]
    partitions: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    are_tools: bool = False
    source: str | None = None
    person: str | None = None

    @property
    def is_report(self) -> bool:
        return not self.replaced_by


@dataclass(frozen=True)
class Measure:
    """One aggregate over one table's facts. `dense_sql`: the same count of different numbers by bits, given how many
    numbers there are as `{count}`; faster where the groups are few, and the memory of every group grows with it. `kind`:
    the column that says in which of several ways it was counted; two of them are never mixed."""

    id: str
    table: str
    sql: str
    name: Text
    unit: Unit
    additive: bool = True
    empty: Literal["0", "none"] = "0"
    uses: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    span: Span = "period"
    sole: bool = False
    complete: str | None = None
    left_out: tuple[str, ...] = ("invalid", "refund_row")
    dense_sql: str | None = None
    kind: str | None = None

    @property
    def window(self) -> Window | None:
        """The days that it counts, where `window_start` and `window_end` tell them to its SQL."""
        return WINDOWS[self.span]

    @property
    def looks_back(self) -> bool:
        """Whether it counts other days than those that are asked for."""
        return self.window is not None and self.window.looks_back


@dataclass(frozen=True)
class Kpi:
    """Arithmetic over measures, with its meaning, its good direction and the literature's reference band.

    `only_by`: the dimensions that it can be broken down by or filtered for, where not all of its tables' make sense.
    """

    id: str
    area: str
    formula: Formula
    name: Text
    meaning: Text
    unit: Unit
    better: Better
    sources: tuple[str, ...]
    band: tuple[float, float] | None = None
    caution: Text | None = None
    short_name: Text | None = None
    only_by: tuple[str, ...] | None = None

    @property
    def short(self) -> Text:
        """The name for narrow places."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Dimension:
    """`unknown` names the group of rows without a value; `may_be_empty`: such rows are an answer, not a gap."""

    id: str
    name: Text
    unknown: Text = UNKNOWN
    may_be_empty: bool = False


@dataclass(frozen=True)
class Reason:
    """Why rows are left out of a measure."""

    id: str
    tables: tuple[str, ...]
    sql: str
    name: Text
    split: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be asked, by id, in the order of the screens."""

    tables: Mapping[str, Table]
    measures: Mapping[str, Measure]
    kpis: Mapping[str, Kpi]
    dimensions: Mapping[str, Dimension]
    reasons: Mapping[str, Reason]

    def measures_of(self, kpi: str) -> tuple[Measure, ...]:
        return tuple(self.measures[name] for name in self.kpis[kpi].formula.names)

    def tables_of(self, kpi: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(measure.table for measure in self.measures_of(kpi)))

    def looks_back(self, kpi: str) -> bool:
        """Whether the KPI rests on more than the period that is asked for."""
        return any(measure.looks_back for measure in self.measures_of(kpi))

    def follows_customers(self, kpi: str) -> bool:
        """Whether the KPI counts the customers of the months before."""
        return any(measure.window is not None and measure.window.months > 0 for measure in self.measures_of(kpi))

    def is_money(self, kpi: str) -> bool:
        return any(measure.unit == "money" for measure in self.measures_of(kpi))

    def measure_tax(self, measure: str, tax: Tax | None) -> Tax | None:
        """Whether VAT is in an amount of orders as written, where theirs is `tax`; None for everything else."""
        one = self.measures[measure]
        is_written = one.unit == "money" and one.table in _OF_ORDERS and not one.id.startswith((*_UNTAXED, *_COSTS))
        return tax if is_written else None

    def amounts_tax(self, kpi: str, tax: Tax | None) -> Tax | None:
        """Whether VAT is in the amounts of orders that the KPI rests on, where theirs is `tax`: never in those of a
        profit. None where that is not known, or it rests on none."""
        if tax is None:
            return None
        if any(one.id.startswith(_UNTAXED) for one in self.measures_of(kpi)):
            return "net"
        return next((tax for one in self.measures_of(kpi) if self.measure_tax(one.id, tax)), None)

    def tax_of(self, kpi: str, tax: Tax | None) -> Tax | None:
        """The same for a KPI that is such an amount itself."""
        basis = self.amounts_tax(kpi, tax)
        is_of_orders = all(one.unit != "money" or one.table in _OF_ORDERS for one in self.measures_of(kpi))
        return basis if self.kpis[kpi].unit == "money" and is_of_orders else None

    def dimensions_of(self, kpi: str) -> tuple[str, ...]:
        """The dimensions that every table of the KPI knows, in the catalogue's order."""
        known = [set(self.tables[table].dimensions) for table in self.tables_of(kpi)]
        only = self.kpis[kpi].only_by
        return tuple(
            name for name in self.dimensions if all(name in names for names in known) and (only is None or name in only)
        )


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with Koszyk.

    Raises: ValueError: an entry contradicts another, a fragment is no single aggregate, or a formula is outside the
        grammar. This is a mistake of the catalogue's author, found at the first import.
    """
    tables = {name: _table(name, entry) for name, entry in _entries_of("tables", AREAS)}
    measures = {name: _measure(name, entry) for name, entry in _entries_of("measures", tables)}
    kpis = {name: _kpi(name, entry) for name, entry in _entries_of("kpis", AREAS)}
    dimensions = {name: _dimension(name, entry) for name, entry in _entries("dimensions")}
    reasons = {name: _reason(name, entry) for name, entry in _entries("reasons")}
    built = Catalogue(
        tables=MappingProxyType(tables),
        measures=MappingProxyType(measures),
        kpis=MappingProxyType(kpis),
        dimensions=MappingProxyType(dimensions),
        reasons=MappingProxyType(reasons),
    )
    _check(built)
    return built


def _entries(file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    text = resources.files("kpi.model").joinpath(f"{file}.toml").read_text("utf-8")
    yield from tomllib.loads(text).items()


def _entries_of(folder: str, order: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a folder's files, which are named after tables or areas, in the order of these."""
    names = {path.name.removesuffix(".toml") for path in resources.files("kpi.model").joinpath(folder).iterdir()}
    ordered = [name for name in order if name in names]
    _expect(len(ordered) == len(names), f"{folder}: {', '.join(sorted(names - set(ordered)))} belongs to nothing")
    found = [entry for name in ordered for entry in _entries(f"{folder}/{name}")]
    _expect(len(found) == len(dict(found)), f"{folder}: an entry stands in two files")
    yield from found


def _table(name: str, entry: dict[str, Any]) -> Table:
    return Table(
        id=name,
        name=Text(**entry["name"]),
        columns=MappingProxyType(entry["columns"]),
        key=tuple(entry["key"]),
        replaced_by=tuple(entry.get("replaced_by", ())),
        day=entry.get("day"),
        dimensions=tuple(entry["dimensions"]),
        partitions=tuple(entry.get("partitions", ())),
        listings=tuple(entry.get("listings", ())),
        facts=tuple(entry.get("facts", ())),
        are_tools=entry.get("are_tools", False),
        source=entry.get("source"),
        person=entry.get("person", "customer_key" if "customer_key" in entry["columns"] else None),
    )


def _measure(name: str, entry: dict[str, Any]) -> Measure:
    parts: dict[str, Any] = {key: tuple(entry[key]) for key in ("uses", "needs", "left_out") if key in entry}
    if entry["table"] not in ("orders", "order_lines"):
        parts.setdefault("left_out", ())
    parts |= {
        key: entry[key]
        for key in ("table", "unit", "additive", "empty", "span", "sole", "complete", "kind")
        if key in entry
    }
    sql = _aggregate(name, entry["sql"])
    return Measure(id=name, sql=sql, name=Text(**entry["name"]), dense_sql=_by_bits(sql), **parts)


def _aggregate(name: str, sql: str) -> str:
    """The fragment, checked to be one aggregate and nothing else, written in DuckDB's dialect."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    body = tree.this if isinstance(tree, exp.Filter) else tree
    if not isinstance(body, exp.AggFunc) or tree.find(exp.Subquery, exp.Select, exp.Window):
        raise ValueError(f"measure {name}: {sql!r} is not a single aggregate")
    return tree.sql(dialect="duckdb")


def _by_bits(sql: str) -> str | None:
    """A count of different customers as a count of bits; None for every other fragment."""
    if not sql.startswith(_COUNTED):
        return None
    return f"coalesce(bit_count(bitstring_agg(customer_no, 0, {{count}}){sql.removeprefix(_COUNTED)}), 0)"


def _kpi(name: str, entry: dict[str, Any]) -> Kpi:
    band = entry.get("band")
    return Kpi(
        id=name,
        area=entry["area"],
        formula=Formula(entry["formula"], entry.get("never_negative", False)),
        name=Text(**entry["name"]),
        meaning=Text(**entry["meaning"]),
        unit=entry["unit"],
        better=entry["better"],
        sources=tuple(entry["sources"]),
        band=(band[0], band[1]) if band else None,
        caution=Text(**entry["caution"]) if "caution" in entry else None,
        short_name=Text(**entry["short"]) if "short" in entry else None,
        only_by=tuple(entry["only_by"]) if "only_by" in entry else None,
    )


def _dimension(name: str, entry: dict[str, Any]) -> Dimension:
    if "empty" not in entry:
        return Dimension(name, Text(**entry["name"]))
    return Dimension(name, Text(**entry["name"]), Text(**entry["empty"]), may_be_empty=True)


def _reason(name: str, entry: dict[str, Any]) -> Reason:
    return Reason(name, tuple(entry["tables"]), entry["sql"], Text(**entry["name"]), entry.get("split"))


def _check(built: Catalogue) -> None:
    for table in built.tables.values():
        _expect(set(table.columns.values()) <= set(SQL_TYPES), f"table {table.id}: unknown column type")
        _expect(set(table.dimensions) <= set(built.dimensions), f"table {table.id}: unknown dimension")
        _expect(set(table.facts) <= set(built.tables), f"table {table.id}: its facts need an unknown table")
        _expect(
            set(table.key) | set(table.replaced_by) <= set(table.columns), f"table {table.id}: key without a column"
        )
    for measure in built.measures.values():
        _expect(measure.table in built.tables, f"measure {measure.id}: unknown table {measure.table}")
        _expect(bool(built.tables[measure.table].facts), f"measure {measure.id}: {measure.table} has no facts")
        _expect(set(measure.left_out) <= set(built.reasons), f"measure {measure.id}: unknown reason")
        _expect(set(measure.needs) <= set(built.dimensions), f"measure {measure.id}: unknown dimension")
    for kpi in built.kpis.values():
        _expect(set(kpi.formula.names) <= set(built.measures), f"KPI {kpi.id}: unknown measure in {kpi.formula.text!r}")
        _expect(kpi.area in AREAS, f"KPI {kpi.id}: unknown area {kpi.area}")


def _expect(holds: bool, complaint: str) -> None:
    if not holds:
        raise ValueError(complaint)
