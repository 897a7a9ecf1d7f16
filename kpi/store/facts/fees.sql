-- One row a charge of a marketplace, on the day of the service where the file knows it. Costs are positive here and
-- what was given back is negative; transfers of money and summaries are no costs.

create or replace table facts.fees as
select
    account, fee_id, import_id, part_no,
    coalesce(service_on, local_time(charged_at, utc_offset, $time_zone)::date) as day,
    type as fee_type,
    type_raw,
    order_id,
    currency,
    (-amount)::decimal(18, 4) as fee_amount
from live_fees
where type not in ('transfer', 'summary')
order by day;
