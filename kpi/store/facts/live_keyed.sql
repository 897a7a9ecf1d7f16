-- Of a keyed table the rows of the newest live import that has the key; within an import a later part is newer.
create or replace view live_{table} as
select * from (
    select * replace (coalesce(case when account = 'main' then (select home from main_home) end, account) as account)
    from rows.{table}
    semi join (select import_id from imports where undone_at is null) using (import_id)
)
qualify rank() over (partition by {key} order by {first}import_id desc, part_no desc) = 1;
