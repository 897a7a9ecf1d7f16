-- One row a payment. Its amounts are those of the payout, in the payout's currency, where the file converts them: customers
-- may pay in several currencies, which do not add up.

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
    account, payment_id, import_id, part_no,
    local_time(paid_at, utc_offset, $time_zone)::date as day,
    coalesce(status, 'unknown') as status,
    is_paid,
    coalesce(status = 'failed', false) as is_failed,
    country,
    method as payment_method,
    -- an attempt without money is in no currency
    case when is_paid or refunded_amount <> 0 or fee_amount <> 0 then coalesce(settled_currency, currency) end as currency,
    case when is_paid then payout_amount end as paid_amount,
    refunded_amount,
    fee_amount
from settled
order by day;
