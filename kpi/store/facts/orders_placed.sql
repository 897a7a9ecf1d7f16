-- Orders as other tables name them: by a number with or without its sign; one that several orders share belongs to none.

create or replace view facts.placed as
select
    ltrim(order_id, '#') as order_ref,
    any_value(account || ' ' || order_id) as known_order,
    any_value(day) as day,
    bool_or(is_valid) as is_valid,
    any_value(customer_key) as customer_key,
    any_value(sales_channel) as sales_channel,
    any_value(channel) as channel,
    any_value(source_medium) as source_medium,
    any_value(campaign) as campaign,
    any_value(device) as device,
    any_value(country) as country,
    any_value(region) as region,
    any_value(age_group) as age_group,
    any_value(gender) as gender,
    any_value(customer_type) as customer_type
from facts.orders left join facts.people using (customer_no) where not is_refund
group by 1 having count(*) = 1;
