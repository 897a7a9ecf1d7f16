"""What a workspace holds at one data version: the days each table spans, its series, filled columns, currencies."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from kpi.model import Catalogue, Table
from kpi.periods import Period, merged, overlap, without

Rows = Callable[[str], list[tuple[Any, ...]]]
_COUNTED = """
with days as (select account, day, max(counted_on) as counted_on, max(closes_until) as until from facts.stock group by all),
marked as (select *, day > lag(until) over (partition by account order by day) + 1 as is_new from days),
spans as (select *, sum(coalesce(is_new, false)::int) over (partition by account order by day) as no from marked)
select account, max(counted_on), min(day), max(until) from spans group by account, no order by account, no
"""


@dataclass(frozen=True)
class Series:
    """Rows of reports with one breakdown. `days`: spans of day rows; `spans`: rows that stand for several days each.

    `is_partition`: every row of the report stands in one group of its breakdown, so that groups add up. `is_listing`:
    its groups can be shown one by one and do not add up. `newest`: the last import that it holds rows of. `kinds`: the
    ways in which its tool counts what tools count differently.
    """

    id: int
    account: str
    dimensions: frozenset[str]
    filled: frozenset[str]
    currencies: frozenset[str]
    days: tuple[Period, ...]
    spans: tuple[Period, ...]
    is_partition: bool
    newest: int
    is_listing: bool = False
    kinds: frozenset[str] = frozenset()

    @property
    def is_beyond_rules(self) -> bool:
        """Whether it names channels without a source and a medium, so that no rule can change them."""
        return "channel" in self.dimensions and not self.dimensions & {"utm_source", "utm_medium"}


@dataclass(frozen=True)
class Holdings:
    """spans: keyed table → the days it covers · series: report table → its series · known: keyed table → column →
    share of rows with a value · currencies: keyed table → those that occur · own_currency: the workspace's ·
    rates: currency → the days for which its rate to the workspace's is known · tax: whether the amounts of orders are
    without VAT or with it, where that is known of all of them · last_customer_no: the customers' numbers end here ·
    own_rules: how many rules of its own the workspace has for channels · counted: account → its last stock count of
    each span of days that its counts close, and the span."""

    version: int
    spans: Mapping[str, tuple[Period, ...]]
    series: Mapping[str, tuple[Series, ...]]
    known: Mapping[str, Mapping[str, float]]
    currencies: Mapping[str, frozenset[str]]
    own_currency: str | None = None
    rates: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    tax: Literal["net", "gross"] | None = None
    last_customer_no: int = 0
    own_rules: int = 0
    counted: Mapping[str, tuple[tuple[date, Period], ...]] = field(default_factory=dict)

    def currencies_of(self, table: str) -> frozenset[str]:
        """The currencies of a table's amounts."""
        of_series = (name for one in self.series.get(table, ()) for name in one.currencies)
        return self.currencies.get(table, frozenset()) | frozenset(of_series)

    def is_convertible(self, table: str, period: Period) -> bool:
        """Whether every amount of the table in the period has a rate to the workspace's currency, and some need one."""
        names = self.currencies_of(table)
        days = [inside for span in self.coverage(table) if (inside := overlap(span, period))]
        return bool(names - {self.own_currency}) and all(
            not without(day, self.rates.get(name, ())) for name in names for day in days
        )

    @cached_property
    def is_mixed(self) -> bool:
        """Whether amounts of several currencies are there."""
        return (
            len(frozenset(name for table in (*self.currencies, *self.series) for name in self.currencies_of(table))) > 1
        )

    def has(self, table: str) -> bool:
        return bool(self.spans.get(table) or self.series.get(table))

    def coverage(self, table: str) -> tuple[Period, ...]:
        """The days that the table covers, in merged spans."""
        of_series = [span for series in self.series.get(table, ()) for span in (*series.days, *series.spans)]
        return merged((*self.spans.get(table, ()), *of_series))

    def knows(self, table: str, dimension: str) -> float:
        """The share of the table's rows whose value of the dimension is known; for reports 1 where a series has it."""
        if table in self.series:
            return float(any(dimension in series.dimensions for series in self.series[table]))
        return self.known.get(table, {}).get(dimension, 0.0)


def holdings(rows: Rows, version: int, model: Catalogue) -> Holdings:
    """What the facts hold now, read from their profile."""
    spans: dict[tuple[str, int | None, bool], list[Period]] = defaultdict(list)
    for table, series_id, first, last, is_daily in rows(
        "select table_id, series_id, first_on, last_on, is_daily from facts.spans order by all"
    ):
        spans[table, series_id, is_daily].append((first, last))
    filled: dict[tuple[str, int | None], dict[str, float]] = defaultdict(dict)
    for table, series_id, column, count, with_value in rows("select * from facts.filled"):
        filled[table, series_id][column] = with_value / count if count else 0.0
    currencies: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for table, series_id, currency in rows("select * from facts.currencies"):
        currencies[table, series_id].add(currency)
    reports = [table for table in model.tables.values() if table.is_report and table.facts]
    newest: dict[str, dict[int, int]] = {
        table.id: dict(rows(f"select series_id, max(import_id) from facts.{table.id} group by 1")) for table in reports
    }
    kinds = _kinds(rows, model)
    series: dict[str, list[Series]] = {table.id: [] for table in reports}
    for series_id, table, account, breakdown in rows(
        "select series_id, table_id, account, breakdown from series order by series_id"
    ):
        shares = filled.get((table, series_id))
        if shares and table in series:
            series[table].append(
                Series(
                    id=series_id,
                    account=account,
                    dimensions=_dimensions(breakdown, shares, model.tables[table]),
                    is_partition=set(breakdown) <= set(model.tables[table].partitions),
                    is_listing=_is_listing(breakdown, model.tables[table]),
                    newest=newest[table][series_id],
                    kinds=frozenset(kinds[table, series_id]),
                    filled=frozenset(name for name, share in shares.items() if share > 0),
                    currencies=frozenset(currencies[table, series_id]),
                    days=merged(spans[table, series_id, True]),
                    spans=tuple(spans[table, series_id, False]),
                )
            )
    rates: dict[str, list[Period]] = defaultdict(list)
    for currency, first, last in rows("select from_currency, first_on, last_on from facts.fx"):
        rates[currency].append((first, last))
    own = rows("select value::varchar from settings where name = 'currency'")
    rules = rows("select json_array_length(value) from settings where name = 'channel_rules'")
    return Holdings(
        version=version,
        spans={table: merged(found) for (table, series_id, _), found in spans.items() if series_id is None},
        series={table: _with_one_name(found) for table, found in series.items()},
        known={table: shares for (table, series_id), shares in filled.items() if series_id is None},
        currencies={table: frozenset(found) for (table, series_id), found in currencies.items() if series_id is None},
        own_currency=json.loads(own[0][0]) if own else None,
        rates={name: merged(found) for name, found in rates.items()},
        tax=_tax(rows),
        last_customer_no=rows("select coalesce(max(customer_no), 0) from facts.orders")[0][0],
        own_rules=rules[0][0] if rules else 0,
        counted=_counted(rows),
    )


def _counted(rows: Rows) -> dict[str, tuple[tuple[date, Period], ...]]:
    found: defaultdict[str, list[tuple[date, Period]]] = defaultdict(list)
    for account, counted_on, first, last in rows(_COUNTED):
        found[account].append((counted_on, (first, last)))
    return {account: tuple(spans) for account, spans in found.items()}


def _kinds(rows: Rows, model: Catalogue) -> defaultdict[tuple[str, int], set[str]]:
    """The ways of counting of each series, for the measures that must not mix them."""
    found: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for table, column in {(measure.table, measure.kind) for measure in model.measures.values() if measure.kind}:
        for series_id, kind in rows(
            f"select distinct series_id, {column} from facts.{table} where {column} is not null"
        ):
            found[table, series_id].add(kind)
    return found


def _tax(rows: Rows) -> Literal["net", "gross"] | None:
    least, most, unknown = rows(
        "select min(tax_share), max(tax_share), count(*) - count(tax_share) from facts.orders where is_valid"
    )[0]
    if unknown or least is None:
        return None
    if most == 0:
        return "net"
    return "gross" if least > 0 else None


def _dimensions(breakdown: list[str], shares: Mapping[str, float], table: Table) -> frozenset[str]:
    """The dimensions that every row knows: those of the breakdown, and those that no row leaves open."""
    derived = {"source_medium", "channel"} if {"utm_source", "utm_medium"} & set(breakdown) else set()
    given = {name for name in table.dimensions if shares.get(name) == 1.0}
    return frozenset({*breakdown, *derived, *given, "currency", "platform"})


def _is_listing(breakdown: list[str], table: Table) -> bool:
    """Whether one of the dimensions leaves rows out, and each is known for what it is."""
    groups = set(breakdown)
    return bool(groups & set(table.listings)) and groups <= {*table.listings, *table.partitions}


def _with_one_name(series: list[Series]) -> tuple[Series, ...]:
    """A report that does not name its account belongs to its platform's one named account, where there is just one."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in series:
        platform, _, account = one.account.partition("/")
        if account and account != "main":
            named[platform].add(one.account)
    sole = {f"{platform}/main": next(iter(names)) for platform, names in named.items() if len(names) == 1}
    return tuple(replace(one, account=sole.get(one.account, one.account)) for one in series)
