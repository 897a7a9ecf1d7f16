-- What the world asks of the demo shop: one row a day, and one row a day, source, device and country with its sessions
-- and orders. {until}, {seed} and the days of the stories are filled in by kpi/demo/__init__.py.

-- Evenly spread over 0–1, the same for the same key, salt and seed on every machine.
create or replace temp macro u(salt, key) as (hash(key, salt, {seed}) % 1000003)::double / 1000003;
-- Around 1, never further from it than `size`.
create or replace temp macro wobble(salt, key, size) as 1 + size * (u(salt, key) + u(salt || '2', key) - 1);

create temp table made_days as
with days as (
    select
        d::date as day,
        date '{until}' - d::date as days_left,
        make_date(year(d), 11, 1) as first_of_november
    from range(date '{until}' - interval 2 year + interval 1 day, date '{until}' + interval 1 day, interval 1 day) t(d)
),
-- Black Friday is the day after the fourth Thursday of November
placed as (
    select *, day - (first_of_november + ((11 - isodow(first_of_november)) % 7)::integer + 22)::date as after_black_friday
    from days
)
select
    day,
    days_left,
    after_black_friday between -4 and 3 as is_black_week,
    [0.86, 0.89, 0.96, 0.97, 0.98, 0.96, 0.94, 0.95, 1.0, 1.04, 1.12, 1.05][month(day)]
    * [1.04, 1.02, 1.0, 1.0, 0.93, 0.93, 1.08][isodow(day)]
    * case
        when after_black_friday between -4 and -1 then 1.4 when after_black_friday = 0 then 2.3
        when after_black_friday in (1, 2) then 1.6 when after_black_friday = 3 then 1.9
        when month(day) = 12 and day(day) <= 19 then 1.35 when month(day) = 12 and day(day) between 24 and 26 then 0.5
        when month(day) = 12 and day(day) > 26 then 0.8
        else 1
    end
    * pow(1.15, -days_left / 365.0)
    * wobble('day', day, 0.08) as demand,
    case
        when after_black_friday between -4 and 3 then 1.25 when month(day) = 12 and day(day) <= 19 then 1.1
        when month(day) = 1 then 0.95 else 1
    end as willingness,
    days_left between {broken_last} and {broken_first} as is_broken,
    case when days_left < {shift_days} then 1.12 else 1 end as improvement
from placed;

-- Where sessions come from. weight: its share in demand · mobile: the share of its sessions on phones at the end ·
-- conversion: orders per session · newness: the share of its orders that are a customer's first · cpc: PLN per click.
create temp table made_sources as
select * from (values
    (1, 'organic', null, null, null, 30, 0.58, 0.034, 0.60, null, null, 730, 0),
    (2, 'direct', null, null, null, 15, 0.54, 0.037, 0.36, null, null, 730, 0),
    (3, 'referral', null, null, null, 6, 0.57, 0.028, 0.68, null, null, 730, 0),
    (4, 'organic social', null, null, null, 5, 0.82, 0.018, 0.70, null, null, 730, 0),
    (5, 'e-mail', null, null, null, 8, 0.62, 0.041, 0.10, null, null, 730, 0),
    (6, 'paid search', 'brand-search', 'Google Ads', 'Search', 6, 0.58, 0.046, 0.40, 0.70, 0.110, 730, 0),
    (7, 'paid search', 'generic-search', 'Google Ads', 'Search', 8, 0.60, 0.030, 0.74, 1.50, 0.046, 730, 0),
    (8, 'paid search', 'shopping', 'Google Ads', 'Shopping', 8, 0.62, 0.033, 0.70, 1.30, 0.014, 730, 0),
    (9, 'paid social', 'prospecting', 'Meta Ads', 'Sales', 9, 0.84, 0.016, 0.82, 0.75, 0.012, 730, 0),
    (10, 'paid social', 'retargeting', 'Meta Ads', 'Sales', 4, 0.82, 0.027, 0.42, 1.25, 0.016, 730, 0),
    (11, 'paid social', 'black-friday', 'Meta Ads', 'Sales', 24, 0.82, 0.026, 0.60, 1.20, 0.015, 730, 0),
    (12, 'paid social', 'spring-outlet', 'Meta Ads', 'Sales', 30, 0.82, 0.048, 0.80, 1.70, 0.017, {outlet_first}, {outlet_last}),
    (13, 'paid social', 'autumn-reach', 'Meta Ads', 'Traffic', 36, 0.84, 0.0203, 0.84, 0.85, 0.013, {shift_days} - 1, 0)
) t(source, channel, campaign, platform, campaign_type, weight, mobile, conversion, newness, cpc, ctr, first_left, last_left);

create temp table made_visits as
with cells as (
    select
        d.day, d.is_broken, s.source, s.channel, s.campaign, device, country,
        29.6 * d.demand * s.weight * wobble('visits', (d.day, s.channel), 0.15)
        * case device
            when 'mobile' then s.mobile - 0.06 * d.days_left / 730 when 'tablet' then 0.05
            else 0.95 - s.mobile + 0.06 * d.days_left / 730 end
        * case country when 'PL' then 0.62 + 0.03 * d.days_left / 730 when 'DE' then 0.23 - 0.03 * d.days_left / 730 else 0.15 end
        as expected,
        s.conversion * 0.96 * d.willingness * d.improvement * wobble('conversion', (d.day, s.channel), 0.2)
        * case device when 'mobile' then 0.8 when 'tablet' then 1.0 else 1.3 end
        * case country when 'PL' then 1.05 when 'DE' then 0.92 else 0.95 end as conversion
    from made_days d
    join made_sources s
        on d.days_left between s.last_left and s.first_left and (s.campaign is distinct from 'black-friday' or d.is_black_week)
    cross join (select unnest(['mobile', 'desktop', 'tablet']) as device)
    cross join (select unnest(['PL', 'DE', 'CZ']) as country)
),
visits as (
    select *, hash((day, source, device, country)) as cell, floor(expected + u('sessions', cell))::bigint as sessions from cells
),
wishes as (
    select *, sessions * conversion as wanted, wanted * case when is_broken and device = 'mobile' then 0.33 else 1 end as possible
    from visits
),
-- orders are whole: what the cells of a source leave over is carried to the next day
carried as (
    select *, u('carry', (source, device, country)) + sum(possible) over (partition by source, device, country order by day) as reached
    from wishes
)
select
    * exclude (expected, conversion, possible, reached),
    (floor(reached) - floor(reached - possible))::bigint as orders,
    greatest(orders, floor(wanted / 0.56 + u('checkouts', cell)))::bigint as checkouts,
    greatest(checkouts, floor(wanted / 0.29 + u('carts', cell)))::bigint as carts
from carried;
