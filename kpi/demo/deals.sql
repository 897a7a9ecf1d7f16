-- The shop sells to companies too: gifts for their people and their customers, asked for by a person and sold by one.

create temp table made_deals as
with asked as (
    select day, unnest(range(floor(1.3 * demand * case when month(day) in (10, 11) then 1.5 else 1 end + u('deals', day))::bigint)) as n,
        hash((day, n)) as deal
    from made_days
),
met as (
    select *,
        day + to_seconds((28800 + 28800 * u('deal hour', deal))::bigint) as created_at,
        u('end', deal) as luck,
        created_at + to_hours((24 * (4 + 55 * pow(u('cycle', deal), 1.6)))::integer) as ends_at,
        date '{until}' + 1 as ended_on,
        1 + floor(4 * u('seller', deal))::integer as seller,
        (25 + 300 * pow(u('people', deal), 2.5))::integer as pieces,
        1 + floor(120 * u('gift', deal))::integer as product_no
    from asked
),
moved as (
    -- a deal that nobody has closed yet has come the further the longer it lasts
    select *,
        ends_at < ended_on and luck < 0.94 as is_closed,
        luck < [0.40, 0.33, 0.29, 0.36][seller] as is_good,
        epoch(ended_on::timestamp - created_at) / epoch(ends_at - created_at) as progress
    from met
)
select
    row_number() over (order by created_at, deal) as row_no,
    'D' || (2000 + row_no)::varchar as deal_id,
    created_at,
    case when is_closed then ends_at end as closed_at,
    case when is_closed and is_good then 'won' when is_closed then 'lost'
        when progress < 0.35 then 'contact' when progress < 0.7 then 'offer' else 'negotiation' end as stage,
    case stage when 'won' then 1 when 'lost' then 0 when 'contact' then 0.1 when 'offer' then 0.35 else 0.6 end::double as probability,
    case when is_closed then is_good end as is_won,
    round((pieces * p.price * 0.78)::double, 2)::decimal(18, 4) as amount,
    'PLN' as currency,
    p.product,
    ['IT', 'Finanse', 'Produkcja', 'Logistyka', 'Edukacja'][1 + floor(5 * u('sector', deal))::integer] as account_sector,
    ['Filip', 'Gosia', 'Hania', 'Igor'][seller] as staff_id,
    ['Warszawa', 'Warszawa', 'Wrocław', 'Berlin'][seller] as office
from moved join made_products p on p.row_no = product_no;
