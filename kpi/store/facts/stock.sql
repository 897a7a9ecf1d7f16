-- One row a product and day. A count holds until the product's next one, for 31 days at most, and never beyond the last
-- day on which the account counted anything. On a day its rows are the closing stock of a period that ends on it, or
-- later where no newer rows are there and the last count is at most 31 days old (`closes_until`).
--
-- A product goes by the name that its order lines give it, so that stock and sales of one product stand in one group.

create or replace table facts.stock as
with skus as (select distinct account, sku from live_stock),
known as (
    -- a product is named by its sku, else by the shop's own id, else only by its name
    select
        s.account, s.sku,
        arg_min(p, case p.kind when 'sku' then 1 when 'id' then 2 else 3 end) as product
    from skus s
    join facts.product_refs p
        on p.account = s.account and lower(p.ref) = lower(s.sku) and (p.kind = 'name' or p.ref = s.sku)
    group by all
),
sold_as as (
    select account, sku, any_value(product) as product
    from facts.order_lines where sku is not null
    group by all having count(distinct product) = 1
),
sold_in as (
    select account, any_value(currency) as currency
    from facts.order_lines group by all having count(distinct currency) = 1
),
counts as (
    select
        s.account, s.sku, s.import_id, s.part_no, s.counted_on, s.quantity, s.warn_level,
        coalesce(sold_as.product, p.product.product, s.product, s.sku) as product,
        coalesce(p.product.category, s.category) as category,
        coalesce(p.product.brand, s.brand) as brand,
        coalesce(p.product.supplier, s.supplier) as supplier,
        coalesce(s.currency, p.product.currency, sold_in.currency) as currency,
        -- a cost in another currency than the count's is no cost that could be added
        coalesce(s.unit_cost, case when s.currency = p.product.currency or s.currency is null or p.product.currency is null
            then p.product.unit_cost end) as cost,
        least(
            coalesce(lead(s.counted_on) over (partition by s.account, s.sku order by s.counted_on) - 1, date '9999-12-31'),
            s.counted_on + 30,
            max(s.counted_on) over (partition by s.account)
        ) as holds_until
    from live_stock s
    left join known p using (account, sku)
    left join sold_as using (account, sku)
    left join sold_in using (account)
),
product_days as (
    select *, unnest(generate_series(counted_on, holds_until, interval 1 day))::date as day from counts
),
account_days as (
    select
        account, day,
        least(
            coalesce(lead(day) over (partition by account order by day) - 1, date '9999-12-31'), max(counted_on) + 31
        ) as closes_until
    from product_days group by account, day
)
select
    d.account, d.sku, d.import_id, d.part_no, d.day, d.counted_on, a.closes_until,
    d.product, d.category, d.brand, d.supplier, d.currency,
    d.quantity, d.warn_level,
    case when d.currency is not null then d.cost end as unit_cost,
    -- no shop has a count that is too large for an amount
    try_cast(greatest(d.quantity, 0) * case when d.currency is not null then d.cost end as decimal(18, 4)) as stock_amount
from product_days d join account_days a using (account, day)
order by d.day;
