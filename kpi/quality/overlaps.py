"""Files that overlap earlier ones: orders that a newer file has replaced, and reports of the same days that disagree."""

from __future__ import annotations

from typing import Any

from kpi.engine.holdings import Series
from kpi.periods import Period
from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.wording.message import Message, Share, message

# An order keeps its day and its currency, within what zones and times left out can shift: another one is another order.
# Orders made from lines give way to the real ones; that is no overlap. A file that is replaced whole by one with the
# same amounts is renewed. Of the few orders whose amounts differ, the newest row is set against the one before it; the
# rest is one pass over all rows.
_REPLACED = """
with won as (select import_id, part_no, count(*) as won from facts.orders where not is_refund group by all),
held as not materialized (
    select coalesce(case when account = 'main' then (select home from facts.main_home) end, account) as account, order_id, currency, ordered_at, utc_offset,
        import_id::bigint * 1000000 + part_no as newness, won is null as is_lost, coalesce(total_amount, items_amount) as amount
    from rows.orders semi join live_imports using (import_id) left join won using (import_id, part_no)
    where is_from_lines is not true
),
pairs as materialized (
    select account, order_id, any_value(currency) as currency, min(ordered_at) as ordered_at, any_value(utc_offset) as utc_offset,
        max(newness) as newest, min(newness) as oldest, min(newness) filter (where not is_lost) = max(newness) as is_whole,
        min(amount) <> max(amount) as differs,
        max(ordered_at) - min(ordered_at) > interval 36 hours or min(currency) <> max(currency) as is_other
    from held group by account, order_id having min(newness) < max(newness)
),
differing as (
    select account, order_id, newest, any_value(amount) filter (where newness = newest) - arg_max(amount, newness) filter (where newness < newest) as difference
    from held join (select account, order_id, newest from pairs where differs) using (account, order_id) group by all
),
described as (from pairs left join (from differing where difference <> 0) using (account, order_id, newest))
select account, currency, count(*), count(difference), sum(difference)::double,
    local_time(min(ordered_at), arg_min(utc_offset, ordered_at), $time_zone)::date, local_time(max(ordered_at), arg_max(utc_offset, ordered_at), $time_zone)::date,
    list_sort(list_distinct(list(distinct oldest // 1000000) || list(distinct newest // 1000000))), arg_min(order_id, order_id, 3) filter (where difference <> 0),
    count(*) filter (where is_other), arg_min(order_id, order_id, 3) filter (where is_other)
from described group by all having count(difference) > 0 or not bool_and(is_whole) or bool_or(is_other) order by all
"""
_COMPETING = """
with summed as (
    select series_id, period_start, period_end, currency, sum({metric})::double as value, max(import_id) as import_id
    from facts.{table} where {metric} is not null and series_id in (select unnest($series)) group by all
),
pairs as (
    select a.series_id as one, b.series_id as other, a.value as value, b.value as other_value, period_start, period_end,
        [a.import_id, b.import_id] as imports
    from summed a join summed b using (period_start, period_end)
    where a.series_id < b.series_id and a.currency is not distinct from b.currency
    union all
    -- days that one report has one by one and the other only as a whole
    select a.series_id, b.series_id, sum(a.value), b.value, b.period_start, b.period_end, list(distinct a.import_id) || [any_value(b.import_id)]
    from summed b
    join facts.spans s on s.table_id = '{table}' and s.is_daily and s.first_on <= b.period_start and s.last_on >= b.period_end
    join summed a on a.series_id = s.series_id and a.period_start = a.period_end and a.period_start between b.period_start and b.period_end
        and a.currency is not distinct from b.currency
    where b.period_start < b.period_end and a.series_id <> b.series_id
    group by a.series_id, b.series_id, b.value, b.period_start, b.period_end, b.currency
)
select one, other, sum(value), sum(other_value), min(period_start), max(period_end), list_sort(list_distinct(flatten(list(imports))))
from pairs group by one, other
having abs(sum(value) - sum(other_value)) > $tolerance * greatest(sum(value), sum(other_value))
order by all
"""
_TOLERANCE = 0.02
"""Reports of one tool differ by less: small groups are withheld in some breakdowns."""


def replaced_orders(checked: Checked) -> list[Finding]:
    """Orders that stand in several files, of which the newest counts."""
    if len([one for one in checked.live if one.load.tables.get("orders")]) < 2:
        return []
    found = []
    for account, currency, count, changed, difference, first, last, imports, ids, others, other_ids in checked.rows(
        _REPLACED, {"time_zone": checked.time_zone}
    ):
        place_of = place("replaced_orders", account, currency)
        where = (first, last), tuple(imports)
        if others:
            found.append(_other_orders(place_of, others, account, where, tuple(other_ids)))
        if count > others:
            found.append(
                Finding(
                    place_of,
                    "look",
                    _replaced(count, changed),
                    message(
                        "Nothing has to be done if the newer file is right; else undo it, and the older one counts again."
                    ),
                    "orders",
                    count,
                    touched(unclear="net_sales revenue aov") if changed else (),
                    account,
                    difference if changed else None,
                    currency if changed else None,
                    *where,
                    tuple(ids or ()),
                )
            )
    return found


def _other_orders(
    id: str, count: int, account: str, where: tuple[Period, tuple[int, ...]], names: tuple[str, ...]
) -> Finding:
    return Finding(
        f"{id}/other",
        "affects",
        message(
            "{n} order has the number of an earlier one, with another day or currency: it seems to be of another shop, and the earlier one does not count.",
            "{n} orders have the numbers of earlier ones, with other days or currencies: they seem to be of another shop, and the earlier ones do not count.",
            n=count,
        ),
        message("If the newer file is of another shop, undo it and load it into a workspace of its own."),
        "orders",
        count,
        touched(low="orders net_sales revenue"),
        account,
        None,
        None,
        *where,
        names,
    )


def _replaced(count: int, changed: int) -> Message:
    if not changed:
        return message(
            "{n} order stands in several files, with the same amount; the newest file counts.",
            "{n} orders stand in several files, with the same amounts; the newest file counts.",
            n=count,
        )
    return message(
        "{n} order stands in several files, of which the newest counts; the amount differs in {changed}.",
        "{n} orders stand in several files, of which the newest counts; the amount differs in {changed}.",
        n=count,
        changed=changed,
    )


def competing_reports(checked: Checked) -> list[Finding]:
    """Pairs of reports of one account and the same days whose totals differ."""
    metrics: dict[str, tuple[str, tuple[Touched, ...]]] = {
        "traffic": ("sessions", touched(unclear="sessions conversion_rate")),
        "ad_spend": ("cost_amount", touched(unclear="spend cpa mer")),
    }
    found = []
    for table, (metric, kpis) in metrics.items():
        series = {one.id: one for one in checked.held.series.get(table, ()) if one.is_partition}
        if len(series) > 1:
            sql = _COMPETING.format(table=table, metric=metric)
            for row in checked.rows(sql, {"series": list(series), "tolerance": _TOLERANCE}):
                one, other = series[row[0]], series[row[1]]
                if one.account == other.account:
                    found.append(_competing(checked, table, one, other, kpis, row))
    return found


def _competing(
    checked: Checked, table: str, one: Series, other: Series, kpis: tuple[Touched, ...], row: tuple[Any, ...]
) -> Finding:
    _, _, value, other_value, first, last, imports = row
    return Finding(
        place("competing_reports", table, one.id, other.id),
        "affects",
        message(
            "Two reports of the same days do not agree: by {one} they add up to {value}, by {other} to {other_value}, a difference of {share}.",
            one=_breakdown(checked, one),
            other=_breakdown(checked, other),
            value=round(value),
            other_value=round(other_value),
            share=Share(abs(value - other_value) / max(value, other_value)),
        ),
        message(
            "They are never added: a total takes the one with fewer dimensions. Export both again with the same filters."
        ),
        table,
        round(abs(value - other_value)),
        kpis,
        one.account,
        period=(first, last),
        imports=tuple(imports),
    )


def _breakdown(checked: Checked, series: Series) -> Message | tuple[Any, ...]:
    names = checked.model.dimensions
    own = [names[name].name for name in names if name in series.dimensions - {"currency", "platform", "source_medium"}]
    return tuple(own) if own else message("day")
