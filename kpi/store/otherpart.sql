-- The reports of the same account and breakdown whose days the report on its way answers for, with whether any of what
-- they name is named by it too. A report that names nothing is left out. Undone imports stand in the list: they may
-- come back.
with arriving as (select {arriving} from "{relation}"),
spans as (
    select least(min(period_start), $first_on::date) as first_on, greatest(max(period_end), $last_on::date) as last_on, true as is_daily
    from arriving where period_start = period_end having count(*) > 0
    union all
    select distinct period_start, period_end, false from arriving where period_start < period_end
),
sources as (select distinct source from arriving),
own as (select distinct source, name from arriving where array_to_string(name, '') <> ''),
held as (
    select import_id, part_no, {columns}
    from rows.{table} where series_id in (
        select series_id from series
        where table_id = '{table}' and account = $account and breakdown = list_filter(string_split($breakdown, ','), lambda one: one <> '')
    )
    {earlier}
),
beside_it as (select h.* from held h join sources s on s.source is not distinct from h.source),
covered as (
    select distinct h.import_id, h.part_no
    from beside_it h join spans p on (p.is_daily or h.period_start < h.period_end)
        and p.first_on <= h.period_start and p.last_on >= h.period_end
),
names as (
    select distinct import_id, part_no, source, name
    from beside_it semi join covered using (import_id, part_no) where array_to_string(name, '') <> ''
)
select n.import_id, n.part_no, bool_or(o.name is not null) as is_shared
from names n left join own o on o.name = n.name and o.source is not distinct from n.source
where exists (from own)
group by all order by all
