-- One row an order, with all that is derived from it, its lines and its customer. Parameter: the workspace's zone.

create or replace table facts.orders as
with lines as (
    select
        account,
        order_id,
        sum(line_amount) filter (where line_type = 'product') as items_amount,
        sum(line_discount_amount) filter (where line_type = 'product') as line_discounts_amount,
        count(distinct coalesce(sku, product)) filter (where line_type = 'product') as products_count
    from live_order_lines
    group by all
),
dated as (
    select
        o.*,
        coalesce(
            ((o.ordered_at - to_minutes(o.utc_offset)) at time zone 'UTC' at time zone $zone)::timestamp, o.ordered_at
        ) as happened_at,
        -- product lines before discounts; from the total only where neither the order nor its lines say it
        coalesce(
            o.items_amount,
            l.items_amount,
            o.total_amount - coalesce(o.shipping_amount, 0) - coalesce(o.tips_fees_amount, 0)
            - case when o.tax_included is false then coalesce(o.tax_amount, 0) else 0 end
            + coalesce(o.discount_amount, 0)
        ) as gross_amount,
        coalesce(o.discount_amount, 0) as all_discounts_amount,
        l.line_discounts_amount,
        l.products_count,
        coalesce(o.status, 'unknown') not in ('cancelled', 'failed', 'test') as is_valid
    from live_orders o left join lines l using (account, order_id)
),
numbered as (
    -- a customer's orders in the order of time; only valid ones count
    select
        account,
        order_id,
        row_number() over customer as order_number,
        lag(happened_at::date) over customer as previous_on
    from dated
    where is_valid and customer_key is not null
    window customer as (partition by customer_key order by happened_at, order_id)
)
select
    d.account,
    d.order_id,
    d.import_id,
    d.part_no,
    d.happened_at::date as day,
    hour(d.happened_at) as hour,
    coalesce(d.status, 'unknown') as status,
    d.is_valid,
    d.is_valid and coalesce(d.sales_channel in ('web', 'app'), false) as is_online,
    d.customer_key,
    n.order_number,
    n.previous_on,
    d.sales_channel,
    coalesce(d.channel, channel_of(d.utm_source, d.utm_medium)) as channel,
    case when d.utm_source is not null or d.utm_medium is not null
        then concat_ws(' / ', coalesce(d.utm_source, '(not set)'), coalesce(d.utm_medium, '(not set)')) end as source_medium,
    d.campaign,
    d.device,
    coalesce(d.country, c.country) as country,
    coalesce(d.region, c.region) as region,
    c.age_group,
    c.gender,
    case
        when n.order_number = 1 then 'new'
        when n.order_number > 1 then 'returning'
        when d.customer_key is null and d.is_new_declared then 'new'
        when d.customer_key is null and not d.is_new_declared then 'returning'
    end as customer_type,
    nullif(array_to_string(d.promo_codes, ', '), '') as promo_code,
    d.payment_method,
    d.currency,
    d.gross_amount as items_amount,
    d.all_discounts_amount as discount_amount,
    (d.gross_amount - d.all_discounts_amount)::decimal(18, 4) as net_amount,
    least(coalesce(d.refunded_amount, 0), greatest(d.gross_amount - d.all_discounts_amount, 0))::decimal(18, 4) as refunded_amount,
    d.shipping_amount,
    d.tax_amount,
    d.tax_included,
    d.tips_fees_amount,
    d.total_amount,
    d.products_count,
    len(coalesce(d.promo_codes, [])) > 1
        or (coalesce(d.line_discounts_amount, 0) > 0 and d.all_discounts_amount - d.line_discounts_amount > 0.005) as has_suspect_discount
from dated d
left join numbered n using (account, order_id)
left join live_customers c using (customer_key)
order by day;
