-- One row an order line with its order's facts. An order's discount that no line carries is shared out over its
-- product lines in proportion to their amounts, so that product sales add up to net sales.

create or replace table facts.order_lines as
with lines as (
    select
        *,
        line_type = 'product' as is_product,
        line_amount - coalesce(line_discount_amount, 0) as discounted_amount,
        sum(line_amount - coalesce(line_discount_amount, 0)) filter (where line_type = 'product') over item as order_items_amount,
        sum(coalesce(line_discount_amount, 0)) filter (where line_type = 'product') over item as line_discounts_amount
    from live_order_lines
    window item as (partition by account, order_id)
)
select
    l.account,
    l.order_id,
    l.line_no,
    l.import_id,
    l.part_no,
    o.day,
    o.status,
    coalesce(o.is_valid, false) as is_valid,
    l.is_product,
    l.line_type,
    coalesce(l.product, l.sku) as product,
    l.sku,
    o.sales_channel,
    o.channel,
    o.source_medium,
    o.campaign,
    o.device,
    o.country,
    o.region,
    o.age_group,
    o.gender,
    o.customer_type,
    o.promo_code,
    o.payment_method,
    l.currency,
    l.quantity,
    l.line_amount,
    case when l.is_product then
        l.discounted_amount::double
        - coalesce(
            (o.discount_amount - l.line_discounts_amount)::double
            * l.discounted_amount::double / nullif(l.order_items_amount::double, 0),
            0
        )
    end as net_amount
from lines l left join facts.orders o using (account, order_id)
order by o.day;
