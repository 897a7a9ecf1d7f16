-- The reports of the same account that name nothing, as this one does, with whether any share of the days that both have
-- says the same in both. Of few days nothing can be told.
with arriving as (
    select source, period_start, period_end, sum(value) as value
    from (select {arriving} from "{relation}") group by all having sum(value) > 0
),
held as (
    select import_id, part_no, source, period_start, period_end, sum(value) as value
    from (
        select import_id, part_no, {columns}
        from rows.{table} where series_id in (
            select series_id from series
            where table_id = '{table}' and account = $account and breakdown = list_filter(string_split($breakdown, ','), lambda one: one <> '')
        )
        {earlier}
    )
    group by all having sum(value) > 0
)
select import_id, part_no, $least * count(*) <= count(*) filter (where h.value = a.value) as is_shared
from held h join arriving a
    on a.period_start = h.period_start and a.period_end = h.period_end and a.source is not distinct from h.source
group by all having count(*) >= $days order by all
