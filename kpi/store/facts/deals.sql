-- One row a deal, with its customer's sector, its representative's office and its product. A deal counts on the day on
-- which it was closed; an open one on the day on which it began.

create or replace table facts.deals as
select
    d.account,
    d.deal_id,
    d.import_id,
    d.part_no,
    coalesce(d.closed_at, d.created_at)::date as day,
    d.stage as deal_stage,
    coalesce(d.is_won, false) as is_won,
    d.is_won is not null as is_closed,
    date_diff('second', d.created_at, d.closed_at)::double as cycle_s,
    coalesce(p.product, d.product) as product,
    p.category,
    coalesce(d.account_sector, c.sector) as sector,
    d.staff_id as staff,
    coalesce(d.office, s.office) as office,
    c.country,
    d.amount as deal_amount,
    (d.amount * d.probability)::decimal(18, 4) as expected_amount,
    d.currency
from live_deals d
left join known_ids k on k.id_hash = d.customer_key
left join live_customers c on c.customer_key = coalesce(k.email_key, d.customer_key)
left join live_staff s on s.account = d.account and s.staff_id = d.staff_id
left join facts.product_refs p on p.account = d.account and p.kind = 'name' and p.ref = lower(d.product)
order by day;
