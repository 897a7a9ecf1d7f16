-- What lies in the shop's warehouse. Every product is counted in the evening, on the first day and then once a week until
-- the last. Deliveries come every six weeks, each enough for some more weeks than that; what sells beyond comes from the
-- supplier on demand. So a count is what was delivered until then less what was sold, and between two counts no less
-- than nothing is delivered.

create temp table made_stock as
with sold as (
    select l.sku, b.day, sum(l.quantity) as units
    from made_order_lines l join made_baskets b using (order_id)
    where u('status', order_id) >= 0.026
    group by all
),
days as (
    select day, case when row_number() over (order by day) = 1 then 0 else 110 - days_left // 7 end as week,
        bool_or(is_black_week) over (order by day rows between 20 following and 60 following) as is_before_black_friday
    from made_days
),
weeks as (select p.row_no as product_no, p.sku, p.unit_cost, d.* from made_products p cross join days d),
weekly as (
    select product_no, sku, any_value(unit_cost) as unit_cost, week, max(day) as last_on, count(*) as days,
        coalesce(sum(units), 0) as units, bool_or(is_before_black_friday) as is_before_black_friday
    from weeks left join sold using (sku, day)
    group by all
),
planned as (
    -- a plan looks at the sales around it; before Black Friday some suppliers bring far less than was ordered
    select *,
        sum(units) over (partition by product_no order by week rows unbounded preceding) as sold_until,
        7 * sum(units) over around / sum(days) over around as pace,
        (week + product_no) % 6 = 0 or row_number() over (partition by product_no order by week) = 1 as is_delivery,
        case when is_before_black_friday and u('late', product_no) < 0.2 then 0.5 else 1 end as share
    from weekly
    window around as (partition by product_no order by week rows between 3 preceding and 3 following)
),
delivered as (
    select *,
        max(case when is_delivery then sold_until + ceil(pace * (6.6 + 4 * u('plan', (product_no, week))) * share) end)
            over (partition by product_no order by week rows unbounded preceding) as delivered_until
    from planned
)
select
    row_number() over (order by last_on, sku) as row_no,
    sku,
    last_on as counted_on,
    greatest(delivered_until - sold_until, 0)::double as quantity,
    unit_cost,
    ceil(1.5 * pace)::double as warn_level,
    'PLN' as currency
from delivered;
