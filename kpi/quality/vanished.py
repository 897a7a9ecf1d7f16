"""Names of earlier reports that the newer ones of the same days lack, so that what they cost counts no more."""

from __future__ import annotations

from typing import Any

from kpi.model import Table
from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.wording.message import message

_REPLACED = """
select account, breakdown, list_sort(list(distinct series_id))
from report_periods semi join live_imports using (import_id) join series using (series_id)
where table_id = $table
group by all having count(distinct (import_id, part_no)) > 1 order by all
"""
# Of a name that several reports have lost the newest tells its worth.
_GONE = """
with held as (
    select import_id, part_no, row_no, [{names}] as name, {source} as source, period_start, period_end,
        {currency} as currency, {metric}::double as value
    from rows.{table} semi join live_imports using (import_id) where series_id in (select unnest($series))
),
counting as (select import_id, part_no, row_no from live_{table} where series_id in (select unnest($series))),
kept as (from held semi join counting using (import_id, part_no, row_no)),
lost as (from held anti join counting using (import_id, part_no, row_no)),
gone as (
    select l.* from lost l anti join kept k on k.name = l.name and k.source is not distinct from l.source
        and k.period_start <= l.period_end and k.period_end >= l.period_start
    where l.value > 0 and array_to_string(l.name, '') <> ''
    qualify dense_rank() over (partition by l.name, l.source, l.currency, l.period_start order by (l.import_id, l.part_no) desc) = 1
),
named as (
    select currency, source, name, sum(value) as value, min(period_start) as first_on, max(period_end) as last_on, list(distinct import_id) as imports
    from gone group by all
),
summed as (
    select currency, count(distinct name) as names, sum(value) as value, min(first_on) as first_on, max(last_on) as last_on,
        flatten(list(imports)) as imports, arg_max(array_to_string(list_filter(name, lambda one: one <> ''), ' · '), value, 3) as examples
    from named group by all
)
select s.currency, any_value(names), any_value(s.value), any_value(first_on), any_value(last_on),
    list_sort(list_distinct(any_value(s.imports) || coalesce(list(distinct k.import_id) filter (where k.import_id is not null), []))), any_value(examples)
from summed s left join kept k on k.currency is not distinct from s.currency and k.period_start <= s.last_on and k.period_end >= s.first_on
group by s.currency having any_value(s.value) >= $least * (any_value(s.value) + coalesce(sum(k.value), 0)) order by all
"""
_LEAST = 0.02
"""Less than this share of the whole is what tools revise."""
_TABLES: dict[str, tuple[str, str, tuple[Touched, ...]]] = {
    "ad_spend": ("cost_amount", "currency", touched(low="spend cpa cac", high="mer")),
    "traffic": ("sessions", "null::varchar", touched(low="sessions", high="conversion_rate")),
    "social_posts": ("link_clicks", "null::varchar", touched(low="social_clicks")),
}


def vanished_names(checked: Checked) -> list[Finding]:
    """One finding an account and breakdown whose newer reports lack what older ones named."""
    found = []
    for id, (metric, currency, kpis) in _TABLES.items():
        table = checked.model.tables[id]
        for account, breakdown, series in checked.rows(_REPLACED, {"table": id}):
            names = _names(table, breakdown)
            if names:
                sql = _GONE.format(
                    table=id, metric=metric, currency=currency, source=table.source or "null::varchar", names=names
                )
                for row in checked.rows(sql, {"series": series, "least": _LEAST}):
                    found.append(_vanished(id, account, breakdown, kpis, row))
    return found


def _names(table: Table, breakdown: list[str]) -> str:
    """What tells the groups of a report apart, the coarsest first."""
    own = [name for name in table.partitions if name in breakdown and name in table.columns]
    named = [name for name in own if name not in ("currency", "result_kind", table.source)]
    return ", ".join(f"coalesce(\"{name}\"::varchar, '')" for name in named)


def _vanished(
    table: str, account: str, breakdown: list[str], kpis: tuple[Touched, ...], row: tuple[Any, ...]
) -> Finding:
    currency, count, value, first, last, imports, examples = row
    return Finding(
        place("vanished_names", table, account, "-".join(breakdown), currency),
        "look",
        message(
            "{n} name of an earlier report stands in no newer one of the same days, and does not count any more: {examples}.",
            "{n} names of earlier reports stand in no newer one of the same days, and do not count any more; the largest: {examples}.",
            n=count, examples=tuple(examples),
        ),
        message(
            "Nothing has to be done if the newer report is right. If it was exported with a filter, undo it, and export it again without the filter."
        ),
        table,
        count,
        kpis,
        account,
        value if currency else None,
        currency,
        (first, last),
        tuple(imports),
        tuple(examples),
    )  # fmt: skip
