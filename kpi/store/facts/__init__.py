"""Facts: wide tables derived from the rows that count, one a canonical table, made anew in bulk and never edited."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Any

from kpi.model import Catalogue, Table
from kpi.model.channels import channel_rules, default_rules
from kpi.store.named import map_names, named_parts
from kpi.wording.regions import regions_version

# Imports of one shop rarely end on the very day on which the next begins; a gap of up to this many days between two
# imports of orders is a quiet week rather than a missing file.
_QUIET_DAYS = 7
# Rows with one of these marks know less than others of the same key and stand back for them, however new they are.
# The first weighs more, and each more than any number of imports.
_YIELDING = {"is_from_lines": -4_000_000_000_000_000_000, "is_partial": -2_000_000_000_000_000_000}
# The time by which the rows of a table may stand in order already, and what is left out of its SQL then.
_IN_ORDER = {"orders": "ordered_at"}
_SORTING = "order by day;\n"
# DuckDB keeps the least and the greatest value of this many rows, and passes over groups that a period does not touch.
_GROUP = 122_880
# What the rows of a table need first, and what is put behind them once they stand, for it needs them.
_BEFORE = {"orders": ("people.sql",)}
_BEHIND = {"orders": ("orders_refunds.sql", "orders_placed.sql")}


def facts_version(catalogue: Catalogue) -> str:
    """Changes whenever the SQL of the facts, a table or a default rule does, so that an older workspace is known to
    need new ones."""
    texts = sorted(
        (file.name, file.read_text("utf-8"))
        for file in resources.files("kpi.store.facts").iterdir()
        if file.name.endswith(".sql")
    )
    columns = [(table.id, *table.columns.items()) for table in catalogue.tables.values()]
    return hashlib.sha256(repr((texts, columns, default_rules(), regions_version())).encode()).hexdigest()


def rebuild(con: Any, catalogue: Catalogue, changed: Collection[str], settings: Mapping[str, Any]) -> None:
    """Make the facts anew that depend on the changed tables, within the caller's transaction.

    `settings`: the workspace's, by name; the SQL of the facts reads those that it needs.
    """
    _run(con, "main_home.sql", settings)
    for table in _keyed(catalogue):
        if table.id in changed:
            _define_live_keyed(con, table)
    _run(con, "fx.sql", settings)
    if any("products" in table.facts and set(table.facts) & set(changed) for table in catalogue.tables.values()):
        _run(con, "product_refs.sql", settings)
    map_names(con, catalogue, changed, channel_rules(settings["channel_rules"]))
    for table in catalogue.tables.values():
        if set(table.facts) & set(changed) and _matters(con, table, changed):
            for file in _BEFORE.get(table.id, ()):
                _run(con, file, settings)
            _make(con, table, settings)
            for file in _BEHIND.get(table.id, ()):
                _run(con, file, settings)
            _profile(con, table)
            _define_converted(con, table, settings["currency"])


def _matters(con: Any, table: Table, changed: Collection[str]) -> bool:
    """Whether there is something to make anew: a table without rows of its own stays empty whatever else comes."""
    if {table.id, "refunds"} & set(changed):
        return True
    found = con.execute(f"select exists (from rows.{table.id}) or exists (from facts.{table.id})").fetchone()
    return bool(found[0])


def _make(con: Any, table: Table, settings: Mapping[str, Any]) -> None:
    """The facts of one table, in the order of their days. To sort wide rows is dear, so rows that came in that order, as
    an export has them, are left where they are."""
    time = _IN_ORDER.get(table.id)
    may_stay = time is not None and _days_a_group(con, f"rows.{table.id}", time) <= 4
    _run(con, f"{table.id}.sql", settings, leave_out=_SORTING if may_stay else "")
    # several threads leave them in order only by and large
    if may_stay and _days_a_group(con, f"facts.{table.id}", "day") > 8:
        con.execute(f"create or replace table facts.{table.id} as from facts.{table.id} order by day")


def _days_a_group(con: Any, rows: str, time: str) -> float:
    """How many times as many days a group of rows spans as it would in perfect order, which is 1. The fewer, the fewer
    groups have to be looked at for a period."""
    found = con.execute(
        f"select max(last) - min(first), sum(last - first) from (select min({time})::date as first, max({time})::date as last "
        f"from {rows} group by rowid // {_GROUP})"
    )
    days, in_groups = found.fetchone()
    return float(in_groups / days) if days else 1.0


def _run(con: Any, file: str, settings: Mapping[str, Any], leave_out: str = "") -> None:
    sql = _text(file).removesuffix(leave_out)
    con.execute(sql, {name: value for name, value in settings.items() if f"${name}" in sql} or None)


def _define_converted(con: Any, table: Table, currency: str | None) -> None:
    """A view of the facts with every amount in the workspace's currency, by the rate of its day."""
    columns = [row[0] for row in con.execute(f"describe facts.{table.id}").fetchall()]
    amounts = [name for name in columns if name.endswith("_amount")]
    if "currency" in columns and amounts:
        con.execute(
            _text("converted.sql")
            .replace("{table}", table.id)
            .replace("{amounts}", ", ".join(f"{name} * rate as {name}" for name in amounts))
            .replace("{currency}", f"'{currency}'" if currency else "t.currency")
        )


def define_live_rows(con: Any, catalogue: Catalogue) -> None:
    """Make the views of the rows that count, and the macros; they stay in the workspace's file."""
    con.execute("create or replace view live_imports as select import_id from imports where undone_at is null")
    # views in workspaces that an older Koszyk wrote
    con.execute("drop view if exists main_home; drop view if exists product_refs")
    con.execute("create table if not exists facts.main_home (home varchar)")
    for table in _keyed(catalogue):
        _define_live_keyed(con, table)
    customers = [name for name in catalogue.tables["customers"].columns if name != "customer_key"]
    newest = ",\n    ".join(
        f"arg_max({name}, import_id) filter (where {name} is not null) as {name}" for name in customers
    )
    _define_named(con, catalogue.tables["customers"], "rows.customers")
    con.execute(_text("live.sql").replace("{last_values}", newest))
    for table in catalogue.tables.values():
        if table.is_report:
            _define_live_report(con, table)
        if table.id != "customers":
            _define_named(con, table, f"live_{table.id}")


def _define_live_report(con: Any, table: Table) -> None:
    sources = _text("live_report_sources.sql").replace("{source}", table.source) if table.source else ""
    con.execute(_text("live_report.sql").replace("{sources}", sources).replace("{table}", table.id))


def _define_named(con: Any, table: Table, rows: str) -> None:
    """A view of the rows with their names, where the table has any."""
    parts = named_parts(table)
    if parts:
        text = _text("named.sql").replace("{table}", table.id).replace("{rows}", rows)
        con.execute(text.replace("{values}", parts[0]).replace("{joins}", parts[1]))


def _keyed(catalogue: Catalogue) -> list[Table]:
    """The tables whose newest row of a key counts; of customers all rows say something."""
    return [table for table in catalogue.tables.values() if not table.is_report and table.id != "customers"]


def _define_live_keyed(con: Any, table: Table) -> None:
    """The view of the rows that count; where one part brought them all, no key has to be looked for."""
    found = con.execute(
        f"select distinct import_id, part_no from rows.{table.id} semi join live_imports using (import_id) limit 2"
    )
    is_alone = len(found.fetchall()) < 2
    has_parcels = "is_partial" in table.columns and not is_alone and _has_parcels(con, table)
    key = ("account", *table.replaced_by)
    yielding = [(flag, weight) for flag, weight in _YIELDING.items() if flag in table.columns]
    names = {
        "table": table.id,
        "key": ", ".join(key),
        "same_key": " and ".join(f"counted.{name} is not distinct from newest.{name}" for name in key),
        "fuller": " + ".join(f"case when {flag} then {weight} else 0 end" for flag, weight in yielding) or "0",
    }
    sql = _text("live_alone.sql" if is_alone else "live_parcels.sql" if has_parcels else "live_keyed.sql")
    for name, text in names.items():
        sql = sql.replace(f"{{{name}}}", text)
    con.execute(sql)


def _has_parcels(con: Any, table: Table) -> bool:
    found = con.execute(
        f"select exists (from rows.{table.id} semi join live_imports using (import_id) where is_partial and parcel is not null)"
    )
    return bool(found.fetchone()[0])


def _profile(con: Any, table: Table) -> None:
    """Record what the facts hold: the days they span, which columns are filled, which currencies occur."""
    for kind in ("spans", "filled", "currencies"):
        con.execute(f"delete from facts.{kind} where table_id = ?", [table.id])
    series = "series_id" if table.is_report else "null::integer"
    if table.is_report:
        con.execute(_text("spans_report.sql").replace("{table}", table.id))
    else:
        con.execute(_text("spans_keyed.sql").replace("{table}", table.id).replace("{quiet}", str(_QUIET_DAYS)))
    columns = [row[0] for row in con.execute(f"describe facts.{table.id}").fetchall()]
    counts = ", ".join(f'count("{name}")' for name in columns)
    con.execute(
        f"insert into facts.filled select '{table.id}', series_id, unnest(?), rows, unnest(filled) "
        f"from (select {series} as series_id, count(*) as rows, [{counts}] as filled from facts.{table.id} group by 1)",
        [columns],
    )
    if "currency" in columns:
        con.execute(
            f"insert into facts.currencies select distinct '{table.id}', {series}, currency from facts.{table.id} where currency is not null"
        )


@cache
def _text(file: str) -> str:
    return resources.files("kpi.store.facts").joinpath(file).read_text("utf-8")
