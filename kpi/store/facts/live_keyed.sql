-- Of a keyed table the rows of the newest live import that has the key; within an import a later part is newer.
create or replace view live_{table} as
with counted as (
    select
        rowid as row_id,
        * replace (coalesce(case when account = 'main' then (select home from facts.main_home) end, account) as account),
        {fuller} + import_id::bigint * 1000000 + part_no as newness
    from rows.{table} semi join live_imports using (import_id)
)
select counted.* exclude (newness) from counted
semi join (select {key}, max(newness) as newness from counted group by all) newest
    on {same_key} and counted.newness = newest.newness;
