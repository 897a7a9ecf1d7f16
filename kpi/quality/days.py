"""Days that are missing inside what a source covers, and rows that lie in the future."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from kpi.periods import Period
from kpi.quality.finding import Checked, Finding, place, touched
from kpi.wording.message import Message, message

# A day is compared with the same weekday of up to eight weeks before and after, so that neither closed Sundays nor the
# growth of a shop look like gaps. With m events on such a day on average, none at all has the probability e^(−m)
# (Poisson distribution, NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.6.19), and days in a row, of which many
# fewer events make a gap, have that of their sum. A gap is named only where not one in twenty sources of this length
# would come about by chance.
_MISSING = """
with counted as ({counted}),
ends as (select place, min(day) as first_on, max(day) as last_on from counted group by 1),
covered as (
    select distinct place, day::date as day
    from ends, (select first_on as from_on, last_on as to_on, series_id as of_series from facts.spans where table_id = '{table}' and is_daily) s,
        unnest(generate_series(greatest(first_on, from_on), least(last_on, to_on), interval 1 day)) as t(day)
    where s.of_series is null or s.of_series::varchar = place
),
filled as (select place, day, coalesce(n, 0) as n from covered left join counted using (place, day)),
compared as (
    select *, median(n) over around as typical, count(*) over around as days, count(*) filter (where n = 0) over around as empty_days,
        count(*) over (partition by place) as all_days
    from filled window around as (partition by place, isodow(day) order by day rows between 8 preceding and 8 following)
)
select place, day, typical, all_days from compared
where n = 0 and days >= 5 and empty_days <= 0.25 * days
order by place, day
"""
_ORDERS = (
    "select account as place, day, count(*) as n from facts.orders where not is_refund and day is not null group by all"
)
_KEYED = {
    "orders": _ORDERS,
    "payments": "select account as place, day, count(*) as n from facts.payments where is_paid and day is not null group by all",
    "sales_daily": "select account as place, day, sum(reported_orders) as n from facts.sales_daily where day is not null group by all",
}
_EVENTS = (
    "select series_id::varchar as place, day, sum(event_count) as n from facts.events "
    "where period_start = period_end and series_id in (select unnest($series)) group by all"
)
_VISITS = (
    "select series_id::varchar as place, day, sum(sessions) as n from facts.traffic "
    "where period_start = period_end and series_id in (select unnest($series)) group by all"
)
_CHANCE = 0.05
_SURE = 0.001
_MOST_ODDS = 1_000_000

_FUTURE = """
with dated as (
    select 'orders' as table_id, account, import_id, day, order_id as id from facts.orders
    union all select 'tickets', account, import_id, day, ticket_id from facts.tickets
    union all select 'leads', account, import_id, day, lead_id from facts.leads where step = 'entry'
    union all select 'survey_responses', account, import_id, day, null from facts.survey_responses
    union all select 'traffic', account, import_id, period_start, null from facts.traffic where sessions > 0
    union all select 'payments', account, import_id, day, payment_id from facts.payments
    union all select 'shipments', account, import_id, day, order_id from facts.shipments where step <> 'due'
    union all select 'stock', account, import_id, day, sku from facts.stock where day = counted_on
    union all select 'sales_daily', account, import_id, day, null from facts.sales_daily where reported_orders > 0
    union all select 'events', account, import_id, period_start, null from facts.events where event_count > 0
    union all select 'ad_spend', account, import_id, period_start, null from facts.ad_spend where cost_amount > 0
)
select table_id, account, count(*), min(day), max(day), list_sort(list(distinct import_id)), list(id order by day desc, id)[:3]
from dated join imports using (import_id)
where day > least((imported_at at time zone $time_zone)::date, $as_of::date)
group by all order by all
"""


@dataclass(frozen=True)
class _Gap:
    """A run of empty days of a source: `typical` events on its least busy one, `expected` on all of them, and the
    `chance` of such a run anywhere."""

    source: str
    days: Period
    typical: float
    expected: float
    chance: float


def missing_days(checked: Checked) -> list[Finding]:
    """Days without any order, visit or whatever else comes every day, where the same weekdays around have many."""
    found = [
        _finding(table, gap.source, gap)
        for table, counted in _KEYED.items()
        if checked.held.has(table)
        for gap in _gaps(checked, table, counted, {})
    ]
    for table, counted in (("traffic", _VISITS), ("events", _EVENTS)):
        series = [one for one in checked.held.series.get(table, ()) if one.days and one.is_partition]
        daily = {str(one.id): one.account for one in series}
        if daily:
            gaps = _gaps(checked, table, counted, {"series": [int(name) for name in daily]})
            found += [_finding(table, daily[gap.source], gap) for gap in gaps]
    return found


def _gaps(checked: Checked, table: str, counted: str, parameters: dict[str, Any]) -> list[_Gap]:
    sql = _MISSING.replace("{counted}", counted).replace("{table}", table)
    runs = groupby(enumerate(checked.rows(sql, parameters)), key=lambda it: (it[1][0], it[1][1] - timedelta(it[0])))
    gaps = [_gap([day for _, day in run]) for _, run in runs]
    return [gap for gap in gaps if gap.chance < _CHANCE]


def _gap(run: list[tuple[str, date, float, int]]) -> _Gap:
    (source, first, _, all_days), last = run[0], run[-1][1]
    usual = [float(day[2]) for day in run]
    return _Gap(source, (first, last), min(usual), sum(usual), all_days * math.exp(-sum(usual)))


def _finding(table: str, account: str, gap: _Gap) -> Finding:
    odds = min(math.floor(math.exp(min(gap.expected, 20))), _MOST_ODDS)
    days, typical = gap.days, round(gap.typical)
    said = {"days": _said(days), "typical": typical, "odds": odds}
    what: dict[str, Message] = {
        "orders": message("No order on {days}, where such weekdays usually have about {typical} each; by chance that happens less than once in {odds}.", **said),
        "traffic": message("No visit on {days}, where such weekdays usually have about {typical} each; by chance that happens less than once in {odds}.", **said),
        "payments": message("No payment on {days}, where such weekdays usually have about {typical} each; by chance that happens less than once in {odds}.", **said),
        "events": message("No event on {days}, where such weekdays usually have about {typical} each; by chance that happens less than once in {odds}.", **said),
        "sales_daily": message("No order in the shop's own report on {days}, where such weekdays usually have about {typical} each; by chance that happens less than once in {odds}.", **said),
    }  # fmt: skip
    kpis = {
        "orders": touched(low="orders net_sales revenue online_orders conversion_rate", high="cpa cac"),
        "traffic": touched(low="sessions", high="conversion_rate"),
        "payments": touched(low="payments_received payment_fees"),
        "events": touched(low="event_count"),
        "sales_daily": touched(low="reported_revenue reported_orders"),
    }
    return Finding(
        place("missing_days", table, gap.source, days[0].isoformat()),
        "affects" if gap.chance < _SURE else "look",
        what[table],
        message("Export these days again. If the shop was closed or the counter was off, the zeros are right."),
        table,
        (days[1] - days[0]).days + 1,
        kpis[table],
        account,
        period=days,
    )


def _said(days: Period) -> Any:
    return days[0] if days[0] == days[1] else days


def future_days(checked: Checked) -> list[Finding]:
    """Rows of days after the one on which they were imported."""
    asked = {"time_zone": checked.time_zone, "as_of": checked.as_of}
    return [
        Finding(
            place("future_days", table, account),
            "affects",
            message(
                "{n} row is of a day after its own import, up to {last}.",
                "{n} rows are of days after their own import, up to {last}.",
                n=count,
                last=last,
            ),
            message("Day and month may be swapped, or the year be wrong: correct the dates and add the file again."),
            table,
            count,
            touched(unclear=_FUTURE_KPIS[table]),
            account,
            period=(first, last),
            imports=tuple(imports),
            examples=tuple(name for name in names if name),
        )
        for table, account, count, first, last, imports, names in checked.rows(_FUTURE, asked)
    ]


_FUTURE_KPIS = {
    "orders": "orders revenue",
    "tickets": "tickets",
    "leads": "contacts",
    "survey_responses": "nps csat",
    "traffic": "sessions conversion_rate",
    "payments": "payments_received payment_fee_rate",
    "shipments": "processing_time",
    "stock": "stock_value days_of_stock",
    "sales_daily": "reported_revenue reported_orders",
    "events": "event_count",
    "ad_spend": "spend",
}
