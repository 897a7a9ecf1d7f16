-- Tables that no format knows stand in the account "main". Where they bring no orders of their own and just one shop
-- does, they are about that shop: its products' costs, its lines, its refunds.
create or replace table facts.main_home as
with shops as (
    select distinct account
    from rows.orders semi join live_imports using (import_id)
    where is_from_lines is not true
)
select min(account) as home from shops having count(*) = 1 and min(account) <> 'main';
