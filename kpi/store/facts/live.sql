-- Who is who.

-- A platform's customer id stands for an e-mail as soon as one file has both; rows loaded before follow.
create or replace view known_ids as
select id_hash, arg_max(customer_key, import_id) as email_key from live_customer_ids group by id_hash;

-- A customer is what all sources say together; of two values the newer counts.
create or replace view live_customers as
select
    coalesce(email_key, customer_key) as customer_key,
    {last_values}
from named_customers semi join live_imports using (import_id)
left join known_ids on id_hash = customer_key
where customer_key is not null
group by all;

-- A time as written, at the workspace's zone where the row says its own.
create or replace macro local_time(written, utc_offset, zone) as
    coalesce(((written - to_minutes(utc_offset)) at time zone 'UTC' at time zone zone)::timestamp, written);

-- The part of the items' amount that is VAT: from the order's own tax where it has one, else from the rate that the
-- workspace was told; no value where nobody has said.
create or replace macro tax_share_of(is_included, tax, amount, prices_include, rate) as case
    when is_included is false then 0
    when tax is not null and is_included then tax / nullif(amount, 0)
    when not prices_include then 0
    when prices_include and tax is not null and tax > 0 then tax / nullif(amount, 0)
    when prices_include then rate / (1 + rate) end;

-- The age band of a number of whole years; an age that nobody has is none.
create or replace macro age_band(years) as case
    when years is null or years not between 0 and 110 then null
    when years < 18 then '0–17' when years < 25 then '18–24' when years < 35 then '25–34'
    when years < 45 then '35–44' when years < 55 then '45–54' else '55+' end;
create or replace macro age_group_on(day, birth_on, age, age_group) as
    coalesce(age_band(case when birth_on <= day then date_sub('year', birth_on, day) end), age_band(age), age_group);

-- What a line or a refund names a product by: a sku, else the shop's own product id, else only its name.
create or replace macro product_kind(sku, product_id) as
    case when sku is not null then 'sku' when product_id is not null then 'id' else 'name' end;
create or replace macro product_ref(sku, product_id, product) as coalesce(sku, product_id, lower(product));

-- What a line is worth before discounts: as written, else by its price or the product's; unknown where it is no amount.
create or replace macro line_amount_of(written, quantity, unit_price, price) as
    try_cast(coalesce(written, quantity * coalesce(unit_price, price)) as decimal(18, 4));
