"""A large workspace made in SQL for the measurements: orders, lines, sessions and spend over two years."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kpi import Workspace
from kpi.ingest.load import Load, Rows
from kpi.store.appending import Incoming

_CHANNELS = "['organic', 'direct', 'paid search', 'paid social', 'e-mail']"
_DEVICES = "['mobile', 'desktop', 'tablet']"


def large_shop(orders: int, traffic_rows: int, path: str | Path = ":memory:") -> Workspace:
    """A workspace, in memory or a file, with so many orders (and twice as many lines) and so many rows of traffic."""
    shop = Workspace(path)
    store = shop._store
    with store.writing() as con:
        for table, sql in _relations(orders, traffic_rows).items():
            con.execute(f"create temp table made_{table} as {sql}")
        incoming = [Incoming(table, f"made_{table}", "bench") for table in _relations(orders, traffic_rows)]
        load = Load("bench", "bench", "Bench", 1.0, rows=Rows(orders, orders))
        store.append(con, load, incoming, sha256="bench", answers={}, by="bench", at=datetime(2026, 1, 1, tzinfo=UTC))
        for part in incoming:
            con.execute(f"drop table {part.relation}")
    return shop


def _relations(orders: int, traffic_rows: int) -> dict[str, str]:
    day = "date '2024-01-01' + ((hash(i) % 730)::int)"
    spans = f"{day} as period_start, {day} as period_end"
    return {
        "orders": f"select i as row_no, 'O' || i as order_id, ({day})::timestamp as ordered_at, "
        "case when i % 50 = 0 then 'cancelled' else 'paid' end as status, (20 + hash(i * 3) % 400)::decimal(18,4) as items_amount, "
        "(case when i % 7 = 0 then 10 else 0 end)::decimal(18,4) as discount_amount, (case when i % 30 = 0 then 20 else 0 end)::decimal(18,4) as refunded_amount, "
        f"'PLN' as currency, 'c' || (hash(i * 5) % {max(orders // 3, 1)}) as customer_key, case when i % 20 = 0 then 'pos' else 'web' end as sales_channel, "
        f"{_CHANNELS}[1 + (hash(i * 11) % 5)::int] as channel, {_DEVICES}[1 + (hash(i * 13) % 3)::int] as device, "
        f"['PL', 'DE', 'CZ'][1 + (hash(i * 17) % 3)::int] as country from range({orders}) t(i)",
        "order_lines": "select i as row_no, 'O' || (i // 2) as order_id, i % 2 as line_no, 'P' || (hash(i) % 300) as product, 1.0::double as quantity, "
        f"20::decimal(18,4) as unit_price, 20::decimal(18,4) as line_amount, 'product' as line_type, 'PLN' as currency from range({orders * 2}) t(i)",
        "traffic": f"select i as row_no, 'channel,device' as breakdown, {spans}, {_CHANNELS}[1 + (hash(i * 11) % 5)::int] as channel, "
        f"{_DEVICES}[1 + (hash(i * 13) % 3)::int] as device, (1 + hash(i) % 5)::bigint as sessions, (hash(i) % 2)::bigint as bounces from range({traffic_rows}) t(i)",
        "ad_spend": f"select i as row_no, 'campaign' as breakdown, {spans}, 'k' || (i % 12) as campaign, 'paid search' as channel, "
        "(hash(i) % 90)::decimal(18,4) as cost_amount, 'PLN' as currency, 1000::bigint as impressions, 30::bigint as clicks from range(8760) t(i)",
    }


def seconds(action: Any, times: int = 9) -> float:
    """The median time of an action over some runs, after one that does not count."""
    from statistics import median
    from time import perf_counter

    action()
    found = []
    for _ in range(times):
        start = perf_counter()
        action()
        found.append(perf_counter() - start)
    return median(found)


def ratio(ours: Any, theirs: Any, times: int = 15) -> float:
    """How many times as long ours takes as theirs: medians of runs that take turns, so that both meet the same noise."""
    from statistics import median

    pairs = [(seconds(ours, 1), seconds(theirs, 1)) for _ in range(times)]
    return median(mine for mine, _ in pairs) / median(other for _, other in pairs)
