-- What a product may be named by, once for every name that only one product has: its sku, its id, its name.

create or replace table facts.product_refs as
with categories as (
    select account, category_id, level, any_value(category) as category, any_value(parent_id) as parent_id
    from live_categories group by all
),
named as (
    select
        p.account, p.sku, p.product_id, p.product, p.brand, p.supplier, p.price, p.unit_cost, p.currency,
        coalesce(p.category, top.category, own.category) as category
    from live_products p
    left join categories own
        on own.account = p.account and own.category_id = p.category_id
        and own.level = coalesce((select max(level) from categories c where c.account = p.account), own.level)
    left join categories top on top.account = p.account and top.category_id = own.parent_id and top.level <> own.level
)
select * from (
    select *, 'sku' as kind, sku as ref from named where sku is not null
    union all
    select *, 'id' as kind, product_id as ref from named where product_id is not null
    union all
    select *, 'name' as kind, lower(product) as ref from named where product is not null
)
qualify count(*) over (partition by account, kind, ref) = 1;
