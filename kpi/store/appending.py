"""Rows on their way into the store: each under its import, those of a report under its series, none of an erased person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi.model import Table
from kpi.store.database import packaged_text


@dataclass(frozen=True)
class Incoming:
    """Rows of one part of a file, ready in a temp table of the cursor that loads them.

    `period`: the days that a report by day declares to cover, where it does. `beside`: reports, by import and part, that
    tell another part of the account, so that this one never takes their place; the import 0 is its own.
    """

    table: str
    relation: str
    account: str
    part_no: int = 0
    period: tuple[date, date] | None = None
    beside: tuple[tuple[int, int], ...] = ()


def append_rows(con: Any, table: Table, import_id: int, part: Incoming) -> None:
    """Add the rows of one part to its table, under their import."""
    given = [row[0] for row in con.execute(f'describe "{part.relation}"').fetchall()]
    columns = [name for name in table.columns if name in given]
    listed = ", ".join(f'"{name}"' for name in columns)
    has_erased = con.execute("select exists (from erased)").fetchone()[0]
    values = ", ".join(_value_of(table, name) if has_erased else f'"{name}"' for name in columns)
    if not table.is_report:
        con.execute(
            f"insert into rows.{table.id} (account, import_id, part_no, row_no, {listed}) "
            f'select $account, $import, $part, row_no, {values} from "{part.relation}" {_but_erased(table.id)}',
            {"account": part.account, "import": import_id, "part": part.part_no},
        )
        return
    beside = [(older or import_id, older_part) for older, older_part in part.beside]
    for breakdown, series_id in _series(con, table, part, columns, beside):
        place = {"import": import_id, "part": part.part_no, "series": series_id}
        con.execute(
            f"insert into rows.{table.id} (account, import_id, part_no, row_no, series_id, {listed}) "
            f"select $account, $import, $part, row_no, $series, {listed} "
            f'from "{part.relation}" where breakdown = $breakdown',
            {**place, "account": part.account, "breakdown": breakdown},
        )
        first, last = part.period or (None, None)
        con.execute(
            packaged_text("periods.sql").replace("{table}", table.id), {**place, "first_on": first, "last_on": last}
        )
    if beside:
        con.executemany(
            "insert into beside values (?, ?, ?, ?, ?)", [(table.id, import_id, part.part_no, *key) for key in beside]
        )


def _series(
    con: Any, table: Table, part: Incoming, columns: Collection[str], beside: Collection[tuple[int, int]]
) -> list[tuple[str, int]]:
    """The series of a report's rows: breakdown → id, found or made. What stands beside another report is added to it, so
    that it is of its series, whatever metrics it has."""
    metrics = [name for name in columns if table.columns[name] in ("money", "number", "count")]
    counts = ", ".join(f'count("{name}") > 0' for name in metrics)
    found = con.execute(f'select breakdown, [{counts}] from "{part.relation}" group by 1').fetchall()
    series = []
    for breakdown, filled in found:
        dimensions = [name for name in breakdown.split(",") if name]
        kept = [name for name, has_values in zip(metrics, filled, strict=True) if has_values]
        key = [table.id, part.account, dimensions, kept]
        known = (
            _series_beside(con, key[:3], beside)
            or con.execute(
                "select series_id from series where table_id = ? and account = ? and breakdown = ? and metrics = ?", key
            ).fetchone()
        )
        if known is None:
            known = con.execute(
                "insert into series (table_id, account, breakdown, metrics) values (?, ?, ?, ?) returning series_id",
                key,
            ).fetchone()
        series.append((breakdown, known[0]))
    return series


def _series_beside(con: Any, key: list[Any], beside: Collection[tuple[int, int]]) -> tuple[int] | None:
    """The series of the newest of the reports."""
    for older in sorted(beside, reverse=True):
        found = con.execute(
            "select series_id from report_periods join series using (series_id) "
            "where table_id = ? and account = ? and breakdown = ? and import_id = ? and part_no = ? limit 1",
            [*key, *older],
        ).fetchone()
        if found:
            return (int(found[0]),)
    return None


def _value_of(table: Table, column: str) -> str:
    """An erased person's key is never loaded again; which ids stand for it is still learned, to forget them too."""
    if table.id == "customer_ids" or column != table.person:
        return f'"{column}"'
    return f"case when {column} not in (select customer_key from erased) then {column} end"


def _but_erased(table: str) -> str:
    """What describes an erased person is not loaded at all."""
    return "where customer_key is null or customer_key not in (from erased)" if table == "customers" else ""
