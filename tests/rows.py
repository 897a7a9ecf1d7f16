"""Canonical rows put straight into a workspace, so that the engine is tested without any file format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from kpi import Workspace
from kpi.ingest.load import Load, Rows
from kpi.model import SQL_TYPES
from kpi.store.appending import Incoming

IMPORTED_AT = datetime(2026, 3, 1, 8, 14, tzinfo=UTC)


def load_rows(
    shop: Workspace, name: str = "rows.csv", account: str = "main", **tables: Sequence[dict[str, Any]]
) -> int:
    """Append the rows of each table as one import. Report rows may carry `breakdown`; row numbers are made up."""
    store = shop._store
    with store.writing() as con:
        incoming = [Incoming(table, _relation(con, shop, table, rows), account) for table, rows in tables.items()]
        counts = {table: len(rows) for table, rows in tables.items()}
        total = sum(counts.values())
        load = Load(name, "rows", "Rows", 1.0, rows=Rows(read=total, loaded=total), tables=counts)
        return store.append(con, load, incoming, sha256=name, answers={}, by="test", at=IMPORTED_AT)


def _relation(con: Any, shop: Workspace, table: str, rows: Sequence[dict[str, Any]]) -> str:
    columns = shop.catalogue.tables[table].columns
    given = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame([{name: row.get(name) for name in given} for row in rows], dtype="object")
    frame["row_no"] = range(2, len(rows) + 2)
    con.register(f"given_{table}", frame)
    typed = [f'"{name}"::{SQL_TYPES[columns[name]] if name in columns else "VARCHAR"} AS "{name}"' for name in given]
    con.execute(
        f"create or replace temp table relation_{table} as select row_no::bigint as row_no, {', '.join(typed)} from given_{table}"
    )
    con.unregister(f"given_{table}")
    return f"relation_{table}"


def order(order_id: str, day: str, items: float = 100, **more: Any) -> dict[str, Any]:
    """A paid web order in PLN; everything else by name."""
    plain = {
        "order_id": order_id,
        "ordered_at": day,
        "status": "paid",
        "items_amount": items,
        "currency": "PLN",
        "sales_channel": "web",
    }
    return plain | more


def line(order_id: str, line_no: int, product: str, quantity: float, price: float, **more: Any) -> dict[str, Any]:
    plain = {"order_id": order_id, "line_no": line_no, "product": product, "quantity": quantity, "unit_price": price}
    return plain | {"line_amount": quantity * price, "line_type": "product", "currency": "PLN"} | more


def visit(day: str, sessions: int, *, until: str | None = None, breakdown: str = "", **more: Any) -> dict[str, Any]:
    """A row of web analytics for one day, or for the days up to `until`."""
    return {"period_start": day, "period_end": until or day, "breakdown": breakdown, "sessions": sessions} | more


def spent(day: str, cost: float, *, until: str | None = None, breakdown: str = "", **more: Any) -> dict[str, Any]:
    plain = {
        "period_start": day,
        "period_end": until or day,
        "breakdown": breakdown,
        "cost_amount": cost,
        "currency": "PLN",
    }
    return plain | more
