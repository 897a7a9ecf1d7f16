-- A small number, counted from 0, for every customer of the orders: what is counted apart is counted ten times as fast by
-- it, and an order carries four bytes in place of a key.
create or replace table facts.people as
select customer_key, (row_number() over () - 1)::integer as customer_no
from (
    select distinct coalesce(k.email_key, o.customer_key) as customer_key
    from live_orders o left join known_ids k on k.id_hash = o.customer_key
    where o.customer_key is not null
);
