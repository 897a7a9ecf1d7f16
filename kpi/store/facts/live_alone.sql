-- The rows of a keyed table to which only one part of one live import has brought any: all of them count.
create or replace view live_{table} as
select rowid as row_id, * replace (coalesce(case when account = 'main' then (select home from facts.main_home) end, account) as account)
from rows.{table} semi join live_imports using (import_id);
