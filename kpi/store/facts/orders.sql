-- One row an order, with all that is derived from it, its lines and its customer. Refunds with a day of their own come
-- behind it from orders_refunds.sql. Parameters: the workspace's zone and its settings of taxes.

create or replace table facts.orders as
with lines as (
    select
        l.account,
        l.order_id,
        sum(line_amount_of(l.line_amount, l.quantity, l.unit_price, p.price)) filter (where l.line_type = 'product') as items_amount,
        bool_or(line_amount_of(l.line_amount, l.quantity, l.unit_price, p.price) is null) filter (where l.line_type = 'product') as has_unpriced,
        sum(l.line_discount_amount) filter (where l.line_type = 'product') as line_discounts_amount,
        count(distinct coalesce(l.sku, l.product_id, l.product)) filter (where l.line_type = 'product') as products_count,
        coalesce(bool_or(l.is_partial and l.parcel is not null), false) as are_parcels,
        sum(l.shipping_amount) as parcels_shipping_amount,
        sum(l.tax_amount) as parcels_tax_amount,
        sum(l.tips_fees_amount) as parcels_tips_fees_amount
    from live_order_lines l
    left join facts.product_refs p
        on p.account = l.account
        and p.kind = product_kind(l.sku, l.product_id)
        and p.ref = product_ref(l.sku, l.product_id, l.product)
    group by all
),
known as (
    select
        o.row_id,
        o.order_id,
        p.customer_no,
        local_time(o.ordered_at, o.utc_offset, $time_zone) as happened_at,
        coalesce(o.status, 'unknown') not in ('cancelled', 'failed', 'test') as is_valid
    from live_orders o
    left join known_ids k on k.id_hash = o.customer_key
    join facts.people p on p.customer_key = coalesce(k.email_key, o.customer_key)
),
numbered as (
    -- a customer's orders in the order of time; only valid ones count. Numbers alone are carried through the sorting
    select
        row_id,
        customer_no,
        case when is_valid then row_number() over customer end as order_number,
        case when is_valid then lag(happened_at::date) over customer end as previous_on
    from known
    window customer as (partition by customer_no, is_valid order by happened_at, order_id)
),
totalled as (
    -- an order of which each file has only some parcels is worth what all of them are
    select
        o.is_from_lines is true and l.are_parcels is true as are_summed,
        case
            when not l.has_unpriced then l.items_amount
            -- nothing but gift cards, tips or delivery: no product was sold
            when l.has_unpriced is null and l.order_id is not null and o.is_from_lines is true then 0
        end as priced_amount,
        o.* replace (
            case when are_summed then priced_amount else o.items_amount end as items_amount,
            case when are_summed then coalesce(l.line_discounts_amount, 0) else o.discount_amount end as discount_amount,
            case when are_summed then coalesce(l.parcels_shipping_amount, 0) else o.shipping_amount end as shipping_amount,
            case when are_summed then coalesce(l.parcels_tax_amount, 0) else o.tax_amount end as tax_amount,
            case when are_summed then coalesce(l.parcels_tips_fees_amount, 0) else o.tips_fees_amount end as tips_fees_amount,
            case when are_summed then
                priced_amount - coalesce(l.line_discounts_amount, 0) + coalesce(l.parcels_shipping_amount, 0)
                + coalesce(l.parcels_tips_fees_amount, 0)
                + case when o.tax_included is false then coalesce(l.parcels_tax_amount, 0) else 0 end
            else o.total_amount end as total_amount
        ),
        l.line_discounts_amount,
        l.products_count
    from named_orders o left join lines l using (account, order_id)
),
dated as (
    select
        o.* exclude (customer_key),
        coalesce(k.email_key, o.customer_key) as customer_key,
        n.customer_no, n.order_number::integer as order_number, n.previous_on,
        local_time(o.ordered_at, o.utc_offset, $time_zone) as happened_at,
        -- product lines before discounts; from the total only where neither the order nor its lines say it
        coalesce(
            o.items_amount,
            o.priced_amount,
            o.total_amount - coalesce(o.shipping_amount, 0) - coalesce(o.tips_fees_amount, 0)
            - case when o.tax_included is false then coalesce(o.tax_amount, 0) else 0 end
            + coalesce(o.discount_amount, 0)
        ) as gross_amount,
        coalesce(o.discount_amount, o.line_discounts_amount, 0) as all_discounts_amount,
        coalesce(o.status, 'unknown') not in ('cancelled', 'failed', 'test') as is_valid
    from totalled o
    left join known_ids k on k.id_hash = o.customer_key
    left join numbered n using (row_id)
),
refunded_orders as (select distinct account, order_id from live_refunds where order_id is not null and amount is not null),
described as (
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
        false as is_refund,
        d.customer_no,
        d.order_number,
        d.previous_on,
        d.sales_channel,
        d.channel,
        case when d.utm_source is not null or d.utm_medium is not null
            then concat_ws(' / ', coalesce(d.utm_source, '(not set)'), coalesce(d.utm_medium, '(not set)')) end as source_medium,
        d.campaign,
        d.device,
        coalesce(d.country, t.country, c.country) as country,
        coalesce(d.region, t.region, c.region) as region,
        age_group_on(d.happened_at::date, c.birth_on, c.age, c.age_group) as age_group,
        c.gender,
        case
            when d.order_number = 1 then 'new'
            when d.order_number > 1 then 'returning'
            when d.customer_no is null and d.is_new_declared then 'new'
            when d.customer_no is null and not d.is_new_declared then 'returning'
        end as customer_type,
        nullif(array_to_string(d.promo_codes, ', '), '') as promo_code,
        d.payment_method,
        d.currency,
        case when coalesce(d.discount_amount, d.line_discounts_amount) is not null then true end as are_discounts_known,
        d.gross_amount as items_amount,
        d.all_discounts_amount as discount_amount,
        (d.gross_amount - d.all_discounts_amount)::decimal(18, 4) as net_amount,
        case when d.is_valid and r.order_id is null then
            least(
                -- lines of a refunded order that had no price of their own came back whole
                coalesce(d.refunded_amount, case when d.is_from_lines and d.status = 'refunded' then d.gross_amount end, 0),
                greatest(d.gross_amount - d.all_discounts_amount, 0)
            )
        else 0 end::decimal(18, 4) as refunded_amount,
        case when d.is_valid and d.account in (select account from live_fees) then true end as is_billed,
        try_cast(d.shipping_amount as decimal(18, 4)) as shipping_amount,
        try_cast(d.tax_amount as decimal(18, 4)) as tax_amount,
        d.tax_included,
        try_cast(d.tips_fees_amount as decimal(18, 4)) as tips_fees_amount,
        try_cast(d.total_amount as decimal(18, 4)) as total_amount,
        d.products_count,
        tax_share_of(
            d.tax_included, d.tax_amount,
            d.gross_amount - d.all_discounts_amount + coalesce(d.shipping_amount, 0), $prices_include_tax, $tax_rate
        ) as tax_share,
        len(coalesce(d.promo_codes, [])) > 1
            or (coalesce(d.line_discounts_amount, 0) > 0 and d.all_discounts_amount - d.line_discounts_amount > 0.005) as has_suspect_discount
    from dated d
    left join refunded_orders r using (account, order_id)
    left join live_customers c using (customer_key)
    left join named_territories t on t.account = d.account and t.territory_id = d.territory_id
)
-- "net": the tax is taken out of every amount of the items; "as_written": amounts stay as the files have them
select * replace (
    (items_amount * net_factor)::decimal(18, 4) as items_amount,
    (discount_amount * net_factor)::decimal(18, 4) as discount_amount,
    (net_amount * net_factor)::decimal(18, 4) as net_amount,
    (refunded_amount * net_factor)::decimal(18, 4) as refunded_amount,
    case when $tax_basis = 'net' then tax_share * 0 else tax_share end as tax_share
)
from (select *, case when $tax_basis = 'net' then 1 - coalesce(tax_share, 0) else 1 end as net_factor from described)
order by day;
