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

    `period`: the days that a report by day declares to cover, where it does.
    """

    table: str
    relation: str
    account: str
    part_no: int = 0
    period: tuple[date, date] | None = None


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
    for breakdown, series_id in _series(con, table, part, columns):
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


def _series(con: Any, table: Table, part: Incoming, columns: Collection[str]) -> list[tuple[str, int]]:
    """The series of a report's rows: breakdown → id, found or made."""
    metrics = [name for name in columns if table.columns[name] in ("money", "number", "count")]
    counts = ", ".join(f'count("{name}") > 0' for name in metrics)
    found = con.execute(f'select breakdown, [{counts}] from "{part.relation}" group by 1').fetchall()
    series = []
    for breakdown, filled in found:
        dimensions = [name for name in breakdown.split(",") if name]
        kept = [name for name, has_values in zip(metrics, filled, strict=True) if has_values]
        key = [table.id, part.account, dimensions, kept]
        known = con.execute(
            "select series_id from series where table_id = ? and account = ? and breakdown = ? and metrics = ?", key
        ).fetchone()
        if known is None:
            known = con.execute(
                "insert into series (table_id, account, breakdown, metrics) values (?, ?, ?, ?) returning series_id",
                key,
            ).fetchone()
        series.append((breakdown, known[0]))
    return series


def _value_of(table: Table, column: str) -> str:
    """An erased person's key is never loaded again; which ids stand for it is still learned, to forget them too."""
    if table.id == "customer_ids" or column != table.person:
        return f'"{column}"'
    return f"case when {column} not in (select customer_key from erased) then {column} end"


def _but_erased(table: str) -> str:
    """What describes an erased person is not loaded at all."""
    return "where customer_key is null or customer_key not in (from erased)" if table == "customers" else ""
