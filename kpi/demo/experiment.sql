-- A test of three weeks: half of the people who opened their cart saw how much was missing to free delivery.

-- As u(), but of one text: its numbers for one person do not depend on each other, on which the test rests.
create or replace temp macro drawn(what, person) as (hash(what || ' ' || person || ' {seed}') % 1000003)::double / 1000003;

create temp table made_visitors as
with people as (
    select day, unnest(range(560 + (80 * drawn('crowd', day::varchar))::bigint)) as n, day || '-' || n as person
    from made_days where days_left between {test_last} and {test_first}
),
seen as (
    select *,
        case when drawn('arm', person) < 0.5 then 'control' else 'delivery bar' end as arm,
        case when drawn('device', person) < 0.64 then 'mobile' else 'desktop' end as device,
        ['PL', 'PL', 'PL', 'DE', 'CZ'][1 + floor(5 * drawn('country', person))::integer] as country
    from people
),
bought as (
    select *,
        drawn('buys', person) < case device when 'mobile' then 0.27 else 0.37 end + case arm when 'control' then 0 else 0.045 end
            as is_buyer
    from seen
)
select
    row_number() over (order by day, n) as row_no,
    'delivery bar in the cart' as experiment,
    sha256('demo visitor ' || person) as unit,
    1 as occurrence,
    arm,
    day + to_seconds((86399 * (0.3 + 0.66 * drawn('hour', person)))::bigint) as assigned_at,
    is_buyer::integer::double as conversions,
    is_buyer::integer::double as orders,
    case when is_buyer then round(45 + 520 * pow(drawn('basket', person), 2.2), 2) else 0 end::decimal(18, 4) as revenue_amount,
    'PLN' as currency,
    device, country
from bought;
