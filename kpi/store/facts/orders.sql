-- One row an order, with all that is derived from it, its lines and its customer, and one row a dated refund, which
-- counts on its own day with its order's facts. Parameter: the workspace's zone.

create or replace table facts.orders as
with lines as (
    select
        l.account,
        l.order_id,
        sum(coalesce(l.line_amount, l.quantity * coalesce(l.unit_price, p.price))::decimal(18, 4)) filter (where l.line_type = 'product') as items_amount,
        bool_or(l.line_amount is null and coalesce(l.unit_price, p.price) is null) filter (where l.line_type = 'product') as has_unpriced,
        sum(l.line_discount_amount) filter (where l.line_type = 'product') as line_discounts_amount,
        count(distinct coalesce(l.sku, l.product_id, l.product)) filter (where l.line_type = 'product') as products_count
    from live_order_lines l
    left join product_refs p
        on p.account = l.account
        and p.kind = product_kind(l.sku, l.product_id)
        and p.ref = product_ref(l.sku, l.product_id, l.product)
    group by all
),
dated as (
    select
        o.* exclude (customer_key),
        coalesce(k.email_key, o.customer_key) as customer_key,
        local_time(o.ordered_at, o.utc_offset, $time_zone) as happened_at,
        -- product lines before discounts; from the total only where neither the order nor its lines say it
        coalesce(
            o.items_amount,
            case when not l.has_unpriced then l.items_amount end,
            o.total_amount - coalesce(o.shipping_amount, 0) - coalesce(o.tips_fees_amount, 0)
            - case when o.tax_included is false then coalesce(o.tax_amount, 0) else 0 end
            + coalesce(o.discount_amount, 0)
        ) as gross_amount,
        coalesce(o.discount_amount, l.line_discounts_amount, 0) as all_discounts_amount,
        l.line_discounts_amount,
        l.products_count,
        coalesce(o.status, 'unknown') not in ('cancelled', 'failed', 'test') as is_valid
    from named_orders o
    left join lines l using (account, order_id)
    left join known_ids k on k.id_hash = o.customer_key
),
people as (
    -- a small number a customer: what is counted apart is counted ten times as fast by it
    select customer_key, (row_number() over (order by customer_key) - 1)::integer as customer_no
    from (select distinct customer_key from dated where customer_key is not null)
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
),
returned as (
    -- a returned unit of which neither the order, the day nor the money is known says nothing here
    select
        account, refund_id, order_id, import_id, part_no, amount, currency, country, territory_id,
        local_time(refunded_at, utc_offset, $time_zone) as refunded_at
    from live_refunds
    where order_id is not null or refunded_at is not null or amount is not null
),
refunded_orders as (select distinct account, order_id from returned where order_id is not null and amount is not null),
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
        d.customer_key,
        p.customer_no,
        n.order_number,
        n.previous_on,
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
            when n.order_number = 1 then 'new'
            when n.order_number > 1 then 'returning'
            when d.customer_key is null and d.is_new_declared then 'new'
            when d.customer_key is null and not d.is_new_declared then 'returning'
        end as customer_type,
        nullif(array_to_string(d.promo_codes, ', '), '') as promo_code,
        d.payment_method,
        d.currency,
        case when coalesce(d.discount_amount, d.line_discounts_amount) is not null then true end as are_discounts_known,
        d.gross_amount as items_amount,
        d.all_discounts_amount as discount_amount,
        (d.gross_amount - d.all_discounts_amount)::decimal(18, 4) as net_amount,
        case when d.is_valid and r.order_id is null then
            least(coalesce(d.refunded_amount, 0), greatest(d.gross_amount - d.all_discounts_amount, 0))
        else 0 end::decimal(18, 4) as refunded_amount,
        case when d.is_valid and d.account in (select account from live_fees) then true end as is_billed,
        d.shipping_amount,
        d.tax_amount,
        d.tax_included,
        d.tips_fees_amount,
        d.total_amount,
        d.products_count,
        tax_share_of(
            d.tax_included, d.tax_amount,
            d.gross_amount - d.all_discounts_amount + coalesce(d.shipping_amount, 0), $prices_include_tax, $tax_rate
        ) as tax_share,
        len(coalesce(d.promo_codes, [])) > 1
            or (coalesce(d.line_discounts_amount, 0) > 0 and d.all_discounts_amount - d.line_discounts_amount > 0.005) as has_suspect_discount
    from dated d
    left join numbered n using (account, order_id)
    left join people p using (customer_key)
    left join refunded_orders r using (account, order_id)
    left join live_customers c using (customer_key)
    left join named_territories t on t.account = d.account and t.territory_id = d.territory_id
),
taxed as (
    -- "net": the tax is taken out of every amount of the items; "as_written": amounts stay as the files have them
    select * replace (
        (items_amount * net_factor)::decimal(18, 4) as items_amount,
        (discount_amount * net_factor)::decimal(18, 4) as discount_amount,
        (net_amount * net_factor)::decimal(18, 4) as net_amount,
        (refunded_amount * net_factor)::decimal(18, 4) as refunded_amount,
        case when $tax_basis = 'net' then tax_share * 0 else tax_share end as tax_share
    )
    from (select *, case when $tax_basis = 'net' then 1 - coalesce(tax_share, 0) else 1 end as net_factor from described)
),
refund_rows as (
    -- refunds never exceed the order's net sales: the newest ones are cut
    select
        r.*,
        case when o.order_id is not null then least(r.amount, greatest(o.net_amount - coalesce(
            sum(r.amount) over (partition by r.account, r.order_id order by r.refunded_at, r.refund_id rows between unbounded preceding and 1 preceding), 0
        ), 0)) end as counted_amount
    from returned r left join described o on o.account = r.account and o.order_id = r.order_id and o.is_valid
)
select * from taxed
union all by name
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
    o.customer_key,
    o.sales_channel, o.channel, o.source_medium, o.campaign, o.device,
    coalesce(o.country, r.country, t.country) as country,
    coalesce(o.region, t.region) as region,
    o.age_group, o.gender, o.customer_type, o.promo_code, o.payment_method,
    coalesce(r.currency, o.currency) as currency,
    case when o.is_valid is false then 0
        else coalesce(r.counted_amount, r.amount) * (case when $tax_basis = 'net' then 1 - coalesce(o.tax_share, 0) else 1 end)
    end::decimal(18, 4) as refunded_amount,
    case when $tax_basis = 'net' then o.tax_share * 0 else o.tax_share end as tax_share,
    false as has_suspect_discount
from refund_rows r
left join described o using (account, order_id)
left join named_territories t on t.account = r.account and t.territory_id = r.territory_id
order by day;
