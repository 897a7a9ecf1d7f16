-- One row an order line with its order's facts, and one row a returned unit's refund. An order's discount that no line
-- carries is shared out over its product lines in proportion to their amounts, so that product sales add up to net
-- sales. A line without a price or a cost takes the product's.

create or replace table facts.order_lines as
with lines as (
    select
        l.* exclude (line_amount, product, sku),
        coalesce(l.sku, p.sku) as sku,
        coalesce(l.product, p.product) as product,
        line_amount_of(l.line_amount, l.quantity, l.unit_price, p.price) as line_amount,
        -- a cost in another currency than the line's is no cost that could be taken off
        coalesce(l.unit_cost, case when l.currency = p.currency or l.currency is null or p.currency is null then p.unit_cost end) as cost,
        p.category, p.brand, p.supplier,
        coalesce(l.currency, p.currency) as money,
        l.line_type = 'product' as is_product
    from live_order_lines l
    left join facts.product_refs p
        on p.account = l.account
        and p.kind = product_kind(l.sku, l.product_id)
        and p.ref = product_ref(l.sku, l.product_id, l.product)
),
shared as (
    select
        *,
        line_amount - coalesce(line_discount_amount, 0) as discounted_amount,
        sum(line_amount - coalesce(line_discount_amount, 0)) filter (where is_product) over item as order_items_amount,
        sum(coalesce(line_discount_amount, 0)) filter (where is_product) over item as line_discounts_amount
    from lines
    window item as (partition by account, order_id)
),
orders as (select * from facts.orders where not is_refund),
sold as (
    select
        l.account,
        l.order_id,
        l.line_no,
        l.import_id,
        l.part_no,
        o.day,
        o.status,
        coalesce(o.is_valid, false) as is_valid,
        false as is_refund,
        l.is_product,
        l.line_type,
        coalesce(l.product, l.sku, l.product_id) as product,
        l.sku,
        l.category, l.brand, l.supplier,
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
        coalesce(l.money, o.currency) as currency,
        l.quantity,
        l.line_amount,
        case when l.is_product then l.cost end as unit_cost,
        o.tax_share,
        case when l.is_product then
            l.discounted_amount::double * o.net_factor
            - coalesce(
                (o.discount_amount - l.line_discounts_amount * o.net_factor)::double
                * l.discounted_amount::double / nullif(l.order_items_amount::double, 0),
                0
            )
        end as net_amount
    from shared l left join orders o using (account, order_id)
)
select
    *,
    quantity * unit_cost as cost_amount,
    net_amount * (1 - coalesce(tax_share, 0)) as untaxed_amount,
    case when is_valid and is_product and quantity > 0 and unit_cost is not null and net_amount is not null
        then net_amount * (1 - coalesce(tax_share, 0)) / quantity < unit_cost * (1 + $margin_floor) end as is_below_cost,
    null::double as returned_quantity
from sold
union all by name
select
    r.account,
    r.order_id,
    r.import_id,
    r.part_no,
    coalesce(local_time(r.refunded_at, r.utc_offset, $time_zone)::date, o.day) as day,
    coalesce(o.status, 'unknown') as status,
    false as is_valid,
    true as is_refund,
    true as is_product,
    'product' as line_type,
    coalesce(r.product, p.product, r.sku, r.product_id) as product,
    coalesce(r.sku, p.sku) as sku,
    p.category, p.brand, p.supplier,
    o.sales_channel, o.channel, o.source_medium, o.campaign, o.device,
    coalesce(o.country, r.country, t.country) as country,
    coalesce(o.region, t.region) as region,
    o.age_group, o.gender, o.customer_type, o.promo_code, o.payment_method,
    coalesce(r.currency, o.currency, p.currency) as currency,
    -- only a unit whose money was paid back is known to have come back to stock
    case when r.amount > 0 then -r.quantity * p.unit_cost end as cost_amount,
    r.quantity as returned_quantity
from live_refunds r
left join orders o using (account, order_id)
left join facts.product_refs p
    on p.account = r.account
    and p.kind = product_kind(r.sku, r.product_id)
    and p.ref = product_ref(r.sku, r.product_id, r.product)
left join named_territories t on t.account = r.account and t.territory_id = r.territory_id
where r.sku is not null or r.product_id is not null or r.product is not null
order by day;
