-- The shop's own records: products, orders with their lines, refunds, customers. Everything is in PLN, in which the
-- shop keeps its books for all three markets, and prices include VAT.

create temp table made_products as
select
    i + 1 as row_no,
    'KD-' || lpad((i + 1)::varchar, 4, '0') as sku,
    brands[1 + (u('brand', i) * len(brands))::integer % len(brands)] as brand,
    categories[1 + i % len(categories)] as category,
    brand || ' ' || category || ' ' || lpad((1 + i // len(categories))::varchar, 2, '0') as product,
    'Hurtownia ' || chr((65 + i % 5)::integer) as supplier,
    round(19 * pow(16, u('price', i)) + 0.99)::decimal(18, 4) - 0.01 as price,
    round((price / 1.23 * (0.50 + 0.14 * u('cost', i)))::double, 2)::decimal(18, 4) as unit_cost,
    'PLN' as currency
from range(120) t(i)
cross join (select
    ['Velmo', 'Tarvo', 'Lumeo', 'Nordika', 'Sovara', 'Pinora', 'Korili', 'Zefiro'] as brands,
    ['Audio', 'Foto', 'Fitness', 'Outdoor', 'Gaming', 'Smart home', 'Hobby', 'Design'] as categories);

create temp table made_baskets as
with orders as (
    select day, source, channel, campaign, device, country, cell, unnest(range(orders)) as n, hash((cell, n)) as basket
    from made_visits where orders > 0
),
timed as (
    select
        *,
        -- few by night, most in the evening
        day + to_seconds((86399 * (0.30 + 0.66 * sqrt(u('hour', basket)))::double * wobble('minute', basket, 0.03))::bigint) as ordered_at,
        u('first', basket) < newness as is_first
    from orders join (select source, newness from made_sources) using (source)
),
-- customers of a country are numbered in the order of their first purchase, after those from before the first day
met as (
    select country, day, sum(count(*) filter (where is_first)) over (
        partition by country order by day rows between unbounded preceding and 5 preceding
    ) as met_before
    from timed group by country, day
),
counted as (
    select
        t.*,
        case country when 'PL' then 3600 when 'DE' then 900 else 800 end as earlier,
        earlier + sum(is_first::integer) over (partition by country order by ordered_at, basket rows unbounded preceding) as own_number,
        earlier + coalesce(met_before, 0) as known
    from timed t join met using (country, day)
),
-- who comes back: rather somebody recent, and every sixth customer far more often than the others
back as (
    select *, greatest(1, known - floor(known * pow(u('who', basket), 1.8)))::bigint as somebody from counted
)
select
    row_number() over (order by ordered_at, basket) as row_no,
    '#' || (10000 + row_no)::varchar as order_id,
    day, ordered_at, source, channel, campaign, device, country, is_first,
    country || case
        when is_first then own_number
        when u('loyal', basket) < 0.5 then greatest(6, somebody - somebody % 6)
        else somebody end::varchar as customer
from back;

create temp table made_customers as
with bought as (
    select customer, any_value(country) as country, min(ordered_at) as first_at, arg_min(channel, row_no) as first_channel, bool_or(is_first) as is_known
    from made_baskets group by customer
)
select
    row_number() over (order by customer) as row_no,
    customer,
    sha256('demo ' || customer) as customer_key,
    case when u('birth', customer) < 0.88 then
        (date '{until}' - (365.25 * (20.5 + 22 * u('age', customer) + 32 * u('older', customer) * u('oldest', customer)))::integer)::date end as birth_on,
    case when u('gender', customer) < 0.55 then 'F' when u('gender', customer) < 0.94 then 'M' end as gender,
    country,
    case country
        when 'PL' then ['Mazowieckie', 'Mazowieckie', 'Śląskie', 'Małopolskie', 'Wielkopolskie', 'Dolnośląskie', 'Pomorskie', 'Łódzkie', 'Lubelskie', 'Podkarpackie']
        when 'DE' then ['Berlin', 'Bayern', 'Nordrhein-Westfalen', 'Nordrhein-Westfalen', 'Hessen', 'Sachsen', 'Brandenburg', 'Baden-Württemberg', 'Hamburg', 'Niedersachsen']
        else ['Praha', 'Praha', 'Praha', 'Jihomoravský', 'Jihomoravský', 'Moravskoslezský', 'Moravskoslezský', 'Plzeňský', 'Olomoucký', 'Liberecký']
    end[1 + floor(10 * u('region', customer))::integer] as region,
    first_channel as acquisition_channel,
    case when is_known then first_at else first_at - to_days((90 + 600 * u('seen', customer))::integer) end as first_seen_at,
    u('consent', customer) < 0.68 as has_consent
from bought;

create temp table made_order_lines as
with sizes as (
    select
        b.row_no as basket_no, b.order_id,
        -- baskets grow with age up to the middle years
        u('lines', b.order_id) + case when c.birth_on between date '{until}' - interval 55 year and date '{until}' - interval 35 year then 0.08 else 0 end as size
    from made_baskets b join made_customers c using (customer)
),
lines as (
    select *, unnest(range(1, 2 + (size > 0.44)::integer + (size > 0.75)::integer + (size > 0.92)::integer)) as line_no from sizes
),
picked as (
    select
        *,
        hash((order_id, line_no)) as line,
        1 + floor(120 * u('product', line))::integer as product_no,
        case when u('quantity', line) < 0.87 then 1 when u('quantity', line) < 0.97 then 2 else 3 end as quantity
    from lines
)
select
    row_number() over (order by basket_no, line_no) as row_no,
    order_id, line_no, p.sku, p.product, quantity::double as quantity, p.price as unit_price,
    (quantity * p.price)::decimal(18, 4) as line_amount, 'product' as line_type, 'PLN' as currency, p.category
from picked join made_products p on p.row_no = product_no;

create temp table made_reductions as
with drawn as (
    select *, u('code', order_id) as luck, is_black_week from made_baskets join made_days using (day)
)
select
    order_id,
    case
        when campaign = 'spring-outlet' then ['OUTLET40']
        when luck > 0.9975 then ['HELLO10', 'NEWS10']
        when is_black_week and luck < 0.6 then ['BLACK20']
        when channel = 'e-mail' and luck < 0.5 then ['NEWS10']
        when is_first and luck < 0.34 then ['HELLO10']
    end as promo_codes,
    case
        when promo_codes = ['OUTLET40'] then 0.40
        when promo_codes = ['BLACK20'] or len(promo_codes) = 2 then 0.20
        when promo_codes is not null then 0.10
        -- what is on sale has no code
        when luck between 0.80 and 0.99 then 0.15
        else 0
    end as discount_rate
from drawn;

create temp table made_refunds as
with returned as (
    select
        l.*, b.ordered_at, r.discount_rate,
        b.ordered_at + to_seconds((86400 * (4 + 20 * u('back', (order_id, line_no))))::bigint) as refunded_at
    from made_order_lines l join made_baskets b using (order_id) join made_reductions r using (order_id)
    where u('refund', (order_id, line_no)) < case category
        when 'Fitness' then 0.10 when 'Audio' then 0.075 when 'Outdoor' then 0.07 when 'Design' then 0.035 else 0.05 end
    and u('status', order_id) >= 0.026
)
select
    row_number() over (order by refunded_at, order_id, line_no) as row_no,
    'R' || row_no as refund_id,
    order_id, line_no, sku, product, refunded_at, quantity, currency,
    round((line_amount * (1 - discount_rate))::double, 2)::decimal(18, 4) as amount,
    ['size', 'damaged', 'changed my mind', 'late'][1 + floor(4 * u('reason', refund_id))::integer] as reason
from returned where refunded_at < date '{until}' + interval 1 day;

create temp table made_orders as
with sums as (select order_id, sum(line_amount) as items_amount, count(*) as line_count from made_order_lines group by order_id),
returns as (select order_id, sum(amount) as refunded_amount, count(*) as returned_count from made_refunds group by order_id),
priced as (
    select
        b.*, s.items_amount, s.line_count, r.promo_codes, coalesce(t.refunded_amount, 0) as refunded_amount, t.returned_count,
        round((items_amount * r.discount_rate)::double, 2)::decimal(18, 4) as discount_amount,
        case when items_amount >= 199 then 0 when country = 'PL' then 14.99 when country = 'DE' then 24.99 else 19.99 end::decimal(18, 4) as shipping_amount,
        case country when 'PL' then 0.23 when 'DE' then 0.19 else 0.21 end as tax_rate,
        u('status', b.order_id) as luck,
        u('payment', b.order_id) as habit
    from made_baskets b join sums s using (order_id) join made_reductions r using (order_id) left join returns t using (order_id)
)
select
    p.row_no, order_id, ordered_at,
    case when luck >= 0.026 then ordered_at end as paid_at,
    case when luck < 0.02 then ordered_at + interval 5 hour end as cancelled_at,
    case
        when luck < 0.02 then 'cancelled' when luck < 0.026 then 'failed'
        when returned_count = line_count then 'refunded' when returned_count > 0 then 'partially_refunded'
        when day > date '{until}' - 3 and luck > 0.93 then 'awaiting_payment' else 'paid'
    end as status,
    items_amount, discount_amount, shipping_amount,
    round(((items_amount - discount_amount + shipping_amount) * tax_rate / (1 + tax_rate))::double, 2)::decimal(18, 4) as tax_amount,
    true as tax_included,
    items_amount - discount_amount + shipping_amount as total_amount,
    refunded_amount, 'PLN' as currency, c.customer_key,
    case when p.device = 'mobile' and u('app', customer) < 0.2 then 'app' else 'web' end as sales_channel,
    p.channel, p.campaign, p.device, p.country, c.region,
    case
        when p.country = 'PL' then case when habit < 0.52 then 'BLIK' when habit < 0.85 then 'Visa / Mastercard' else 'Przelewy24' end
        when p.country = 'DE' then case when habit < 0.5 then 'PayPal' when habit < 0.8 then 'Klarna' else 'Visa / Mastercard' end
        when habit < 0.6 then 'Visa / Mastercard' when habit < 0.8 then 'PayPal' else 'Apple Pay'
    end as payment_method,
    promo_codes
from priced p join made_customers c using (customer);
