-- One row a day of the shop's own sales report, or one a channel where no row stands for the whole day: the two are
-- alternatives and never added.

create or replace table facts.sales_daily as
select
    account, import_id, part_no, day, currency,
    orders as reported_orders, gross_amount, discount_amount, refunded_amount, net_amount
from live_sales_daily
qualify channel is null or not bool_or(channel is null) over (partition by account, day)
order by day;
