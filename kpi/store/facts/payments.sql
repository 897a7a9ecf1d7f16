-- One row a payment. Its amounts are those of the payout, in the payout's currency, where the file converts them: customers
-- may pay in several currencies, which do not add up. Where it names its order, it stands where that does.

create or replace table facts.payments as
with settled as (
    select
        *,
        -- a refund with a row of its own is no payment
        coalesce(status, 'unknown') in ('paid', 'partially_refunded', 'refunded') and coalesce(settled_amount, amount) <> 0 as is_paid,
        case when settled_currency is null then amount else settled_amount end as payout_amount
    from live_payments
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
