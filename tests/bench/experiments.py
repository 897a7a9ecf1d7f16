"""Five million visitors of an A/B test, four metrics by day and device, against the bare group-by of the same table.

Yardstick: tea-tasting on the same table, inside DuckDB too; it is asked for neither days nor devices.
"""

from __future__ import annotations

import time
from datetime import date

import duckdb
import psutil
import tea_tasting as tt

from kpi.experiment import Metric, Plan, Source, checked, observe, verdict
from tests.bench.shop import ratio

ROWS = 5_000_000
MEMORY_MB = 150.0
TIMES_BARE = 3.0
ROUNDS = 5
Line = tuple[str, float, float | None, str]

_VISITORS = f"""
create table visitors as select
    'u' || i as visitor_id, 'arm ' || hash(i) % 3 as variant, date '2026-01-01' + (hash(i, 1) % 28)::int as seen_on,
    (['mobile', 'desktop', 'tablet'])[(1 + hash(i, 2) % 3)::bigint] as device, hash(i, 3) % 100 < 3 as converted,
    case when hash(i, 3) % 100 < 3 then (hash(i, 4) % 10000 / 100)::decimal(12, 2) end as revenue,
    (hash(i, 3) % 100 < 3)::int + (hash(i, 3) % 100 < 1)::int as orders, (hash(i, 5) % 7)::int as clicks
from range({ROWS}) t(i)
"""
_BARE = """
select variant, seen_on, device, count(*), avg(converted::int), var_samp(converted::int), avg(coalesce(revenue, 0)),
    var_samp(coalesce(revenue, 0)), avg(orders), var_samp(orders), covar_samp(coalesce(revenue, 0), orders), avg(clicks), var_samp(clicks)
from visitors group by all
"""
_FILLED = """
create view filled as select variant, converted::int as converted, coalesce(revenue, 0)::double as revenue, orders, clicks
from visitors
"""
YARDSTICK = tt.Experiment(
    conversion=tt.Proportion("converted", correction=False),
    revenue_per_visitor=tt.Mean("revenue"),
    aov=tt.RatioOfMeans("revenue", "orders"),
    clicks=tt.Mean("clicks"),
)
METRICS = (
    Metric.proportion("conversion", "converted", empty="zero"),
    Metric.mean("revenue_per_visitor", "revenue", empty="zero", currency="PLN"),
    Metric.ratio("aov", "revenue", "orders", empty="zero", currency="PLN"),
    Metric.mean("clicks", "clicks", empty="zero"),
)
SOURCE = Source("visitors", unit="visitor_id", arm="variant", at="seen_on", segments=("device",))
PLAN = Plan("arm 0", "conversion", units=ROWS)


def measure() -> list[Line]:
    """What, measured, budget, unit. Warm: the units' names have been looked at, as they are once a data version."""
    with duckdb.connect() as con:
        con.execute(_VISITORS)
        known = checked(con, SOURCE, METRICS)
        before = psutil.Process().memory_info().rss

        def warm() -> object:
            return observe(con, SOURCE, METRICS, known)

        def bare() -> object:
            return con.execute(_BARE).fetchall()

        of_warm = ratio(warm, bare, ROUNDS)
        of_cold = ratio(lambda: observe(con, SOURCE, METRICS), bare, ROUNDS)
        began = time.perf_counter()
        observed = observe(con, SOURCE, METRICS, known)
        taken = time.perf_counter() - began
        grown = (psutil.Process().memory_info().rss - before) / 1e6
        con.execute(_FILLED)
        of_theirs = ratio(warm, lambda: YARDSTICK.analyze(con.table("filled"), "arm 0", all_variants=True), ROUNDS)
    began = time.perf_counter()
    found = verdict(observed, PLAN, date(2026, 2, 1))
    drawn = time.perf_counter() - began
    assert found.progress.units == ROWS
    return [
        ("experiment of 5 M visitors × 4 metrics / bare group-by, checked before", of_warm, TIMES_BARE, "ratio"),
        ("experiment of 5 M visitors × 4 metrics / bare group-by, with the check", of_cold, None, "ratio"),
        ("experiment of 5 M visitors × 4 metrics / tea-tasting without days and devices", of_theirs, None, "ratio"),
        ("experiment of 5 M visitors × 4 metrics, checked before", taken, None, "s"),
        ("experiment of 5 M visitors, memory grown", grown, MEMORY_MB, "MB"),
        ("verdict from its moments", drawn * 1000, None, "ms"),
    ]
