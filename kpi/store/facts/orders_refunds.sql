-- One row a refund that counts on its own day, with its order's facts, behind the orders. Refunds never exceed the order's
-- net sales: the newest ones are cut. Parameter: the workspace's zone.

insert into facts.orders by name
with returned as (
    -- a returned unit of which neither the order, the day nor the money is known says nothing here
    select
        account, refund_id, order_id, import_id, part_no, amount, currency, country, territory_id,
        local_time(refunded_at, utc_offset, $time_zone) as refunded_at,
        sum(amount) over (
            partition by account, order_id order by refunded_at, refund_id rows between unbounded preceding and 1 preceding
        ) as earlier_amount
    from live_refunds
    where order_id is not null or refunded_at is not null or amount is not null
)
select
    r.account,
    r.order_id,
    r.import_id,
    r.part_no,
    coalesce(r.refunded_at::date, o.day) as day,
    hour(r.refunded_at) as hour,
    coalesce(o.status, 'unknown') as status,
    false as is_valid,
    false as is_online,
    true as is_refund,
    o.customer_no,
    o.sales_channel, o.channel, o.source_medium, o.campaign, o.device,
    coalesce(o.country, r.country, t.country) as country,
    coalesce(o.region, t.region) as region,
    o.age_group, o.gender, o.customer_type, o.promo_code, o.payment_method,
    coalesce(r.currency, o.currency) as currency,
    case
        when o.is_valid is false then 0
        when o.is_valid and r.amount is not null then
            least(r.amount * o.net_factor, greatest(o.net_amount - coalesce(r.earlier_amount, 0) * o.net_factor, 0))
        else r.amount
    end::decimal(18, 4) as refunded_amount,
    o.tax_share,
    false as has_suspect_discount
from returned r
left join facts.orders o on o.account = r.account and o.order_id = r.order_id and not o.is_refund
left join named_territories t on t.account = r.account and t.territory_id = r.territory_id
order by day;
