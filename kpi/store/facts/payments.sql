-- One row a payment. Its amounts are those of the payout, in the payout's currency, where the file converts them: customers
-- may pay in several currencies, which do not add up. Where it names its order, it stands where that does.

create or replace table facts.payments as
with minutes as (
    select account, payment_id, is_unnumbered is true as is_unnumbered, date_trunc('minute', paid_at) as minute, amount, coalesce(currency, '') as currency
    from live_payments where paid_at::time <> time '00:00:00'
),
unnumbered as (
    select *, row_number() over (partition by account, minute, amount, currency order by payment_id) as nth from minutes where is_unnumbered
),
-- a payment without a number is the same as one with a number of that minute, amount and currency, and gives way to it
numbered as (
    select account, minute, amount, currency, count(*) as n
    from (from minutes where not is_unnumbered) semi join unnumbered using (account, minute, amount, currency) group by all
),
known as (select account, payment_id from unnumbered join numbered using (account, minute, amount, currency) where nth <= n),
settled as (
    select
        *,
        -- a refund with a row of its own is no payment
        coalesce(status, 'unknown') in ('paid', 'partially_refunded', 'refunded') and coalesce(settled_amount, amount) <> 0 as is_paid,
        case when settled_currency is null then amount else settled_amount end as payout_amount
    from live_payments anti join known using (account, payment_id)
)
select
    p.account, p.payment_id, p.import_id, p.part_no,
    local_time(p.paid_at, p.utc_offset, $time_zone)::date as day,
    coalesce(p.status, 'unknown') as status,
    p.is_paid,
    coalesce(p.status = 'failed', false) as is_failed,
    p.order_id,
    o.known_order is not null as has_order,
    o.sales_channel, o.channel, o.source_medium, o.campaign, o.device,
    coalesce(p.country, o.country) as country,
    o.region, o.age_group, o.gender, o.customer_type,
    p.method as payment_method,
    -- an attempt without money is in no currency
    case when p.is_paid or p.refunded_amount <> 0 or p.fee_amount <> 0 then coalesce(p.settled_currency, p.currency) end as currency,
    case when p.is_paid then p.payout_amount end as paid_amount,
    p.refunded_amount,
    p.fee_amount
from settled p
left join facts.placed o on o.order_ref = ltrim(p.order_id, '#')
order by day;
