-- Of a keyed table the rows of the newest live import that has the key; where that knows only parcels of an order, the
-- newest rows of every parcel count.
create or replace view live_{table} as
with counted as (
    select
        rowid as row_id,
        * replace (coalesce(case when account = 'main' then (select home from facts.main_home) end, account) as account),
        case when is_partial then parcel end as part_of,
        {fuller} + import_id::bigint * 1000000 + part_no as newness
    from rows.{table} semi join live_imports using (import_id)
),
newest as (
    select {key}, max(newness) as newness, arg_max(part_of is not null, newness) as is_in_parcels from counted group by all
)
select counted.* exclude (part_of, newness) from counted
semi join (
    select {key}, null as part_of, newness from newest where not is_in_parcels
    union all
    select {key}, part_of, max(counted.newness)
    from counted semi join (from newest where is_in_parcels) newest on {same_key}
    where part_of is not null
    group by all
) newest
    on {same_key} and counted.newness = newest.newness and (newest.part_of is null or counted.part_of = newest.part_of);
