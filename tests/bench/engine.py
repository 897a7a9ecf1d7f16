"""The engine against the SQL that a person would write for the same numbers, and the time to compile a query."""

from __future__ import annotations

from datetime import date

from kpi import Query
from kpi.engine.compiler import compile_query
from tests.bench.shop import large_shop, ratio, seconds

TWELVE = (
    "net_sales", "revenue", "orders", "aov", "discount_rate", "refund_rate",
    "online_orders", "sessions", "conversion_rate", "bounce_rate", "spend", "mer",
)  # fmt: skip
YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}

HAND_WRITTEN = """
WITH o AS (
    SELECT {keys} sum(net_amount) FILTER (WHERE is_valid)::DOUBLE AS net, sum(refunded_amount) FILTER (WHERE is_valid)::DOUBLE AS refunds,
        sum(items_amount) FILTER (WHERE is_valid)::DOUBLE AS gross, sum(discount_amount) FILTER (WHERE is_valid)::DOUBLE AS discounts,
        count(*) FILTER (WHERE is_valid) AS orders, count(*) FILTER (WHERE is_online) AS online
    FROM facts.orders WHERE day BETWEEN ? AND ? {group}
), t AS (
    SELECT {keys} sum(sessions) AS sessions, sum(bounces) AS bounces, sum(sessions) FILTER (WHERE bounces IS NOT NULL) AS bs
    FROM facts.traffic WHERE day BETWEEN ? AND ? {group}
), a AS (SELECT {keys} sum(cost_amount)::DOUBLE AS spend FROM facts.ad_spend WHERE day BETWEEN ? AND ? {group})
SELECT {keys} net, net - refunds, orders, net / nullif(orders, 0), discounts / nullif(gross, 0), refunds / nullif(net, 0),
    online, sessions, online / nullif(sessions, 0), bounces / nullif(bs, 0), spend, (net - refunds) / nullif(spend, 0)
FROM o {join_t} {join_a}
"""


def measure() -> list[tuple[str, float, float, str]]:
    shop = large_shop(1_000_000, 5_000_000)
    engine, rows = shop._engine, shop._store.rows
    query = Query(TWELVE, by=("channel",), **YEAR)
    found = engine.scope(query)
    compiled_ms = seconds(lambda: compile_query(query, found, shop.catalogue), 200) * 1000
    days = [YEAR["start"], YEAR["end"]] * 3
    all_days = [date(2024, 1, 1), date(2025, 12, 31)] * 3
    total = HAND_WRITTEN.format(keys="", group="", join_t="CROSS JOIN t", join_a="CROSS JOIN a")
    by = HAND_WRITTEN.format(
        keys="channel,", group="GROUP BY 1", join_t="FULL JOIN t USING (channel)", join_a="FULL JOIN a USING (channel)"
    )
    plain = Query(TWELVE)
    of_totals = ratio(lambda: engine.ask(plain), lambda: rows(total, all_days))

    def asked() -> object:
        engine._totals.clear()  # as if nobody had asked for this view before
        return engine.ask(query)

    of_channels = ratio(asked, lambda: (rows(by, days), rows(total, days)))
    everything = Query(tuple(shop.catalogue.kpis), compare="previous", **YEAR)
    current = tuple(name for name in everything.kpis if not shop.catalogue.looks_back(name))
    trend = everything.but(kpis=current, grain="month", compare=None)

    def overview() -> object:
        engine._totals.clear()
        return engine.ask(everything), engine.ask(trend)

    overview_ms = seconds(overview, 3) * 1000
    shop.close()
    return [
        ("compile 12 KPIs over 3 tables", compiled_ms, 0.2, "ms"),
        ("engine / hand-written SQL, totals of two years", of_totals, 1.2, "ratio"),
        ("engine / hand-written SQL, by channel with totals of one year", of_channels, 1.2, "ratio"),
        ("overview of 1 M orders + 5 M rows of traffic, all KPIs compared, with trend", overview_ms, 400, "ms"),
    ]
