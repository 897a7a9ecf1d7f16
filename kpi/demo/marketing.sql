-- Web analytics in three breakdowns, ads and search, all of the same visits.

create temp table made_sessions as
with tracked as (
    -- the tag misses who refuses cookies, counts shipping and VAT in, and does not take cancelled orders back
    select ordered_at::date as day, channel, campaign, device, country, count(*) as transactions, sum(total_amount) as revenue_amount
    from made_orders where status <> 'failed' and u('tracked', order_id) < 0.93 group by all
),
counted as (
    select
        *,
        greatest(0, sessions - floor(sessions * case device when 'mobile' then 0.29 when 'tablet' then 0.25 else 0.21 end * wobble('bounce', cell, 0.25) + u('bounces', cell)))::bigint as engaged
    from made_visits where sessions > 0
)
select c.day, c.channel, c.campaign, c.device, c.country, sessions, engaged as engaged_sessions, sessions - engaged as bounces,
    (engaged * 4.6 + bounces)::bigint as pageviews,
    round(sessions * case c.device when 'mobile' then 138 when 'tablet' then 165 else 212 end * wobble('time', cell, 0.2))::double as duration_s,
    floor(engaged * 1.7)::bigint as product_views, carts, checkouts, orders,
    coalesce(t.transactions, 0)::double as transactions, coalesce(t.revenue_amount, 0)::decimal(18, 4) as revenue_amount
from counted c left join tracked t
    on t.day = c.day and t.channel = c.channel and t.campaign is not distinct from c.campaign and t.device = c.device and t.country = c.country;

create temp table made_traffic as
with totals as (
    select day, sum(sessions) as sessions, sum(engaged_sessions) as engaged_sessions, sum(bounces) as bounces, sum(pageviews) as pageviews,
        sum(duration_s) as duration_s, sum(product_views) as product_views, sum(carts) as carts, sum(checkouts) as checkouts,
        sum(transactions) as transactions, sum(revenue_amount) as revenue_amount
    from made_sessions group by day
),
-- who does not say an age or a gender is a group too
people as (
    select * from (values
        ('18–24', 'F', 0.045), ('18–24', 'M', 0.035), ('25–34', 'F', 0.145), ('25–34', 'M', 0.105), ('35–44', 'F', 0.15), ('35–44', 'M', 0.10),
        ('45–54', 'F', 0.09), ('45–54', 'M', 0.065), ('55+', 'F', 0.055), ('55+', 'M', 0.045), (null, 'F', 0.05), (null, 'M', 0.035), (null, null, 0.08)
    ) t(age_group, gender, share)
),
reached as (
    -- the groups share the day's sessions out without a rest
    select day, age_group, gender, share, sessions, engaged_sessions,
        sum(share) over (partition by day order by age_group nulls last, gender nulls last) as upto
    from totals cross join people
),
rows as (
    select 'channel,campaign,device,country' as breakdown, day as period_start, day as period_end, channel, campaign, device, country, null as age_group, null as gender,
        sessions, engaged_sessions, bounces, pageviews, duration_s, product_views, carts, checkouts, transactions, revenue_amount, 'PLN' as currency
    from made_sessions
    union all by name
    select '' as breakdown, day as period_start, day as period_end, sessions, engaged_sessions, bounces, pageviews, duration_s, product_views, carts, checkouts,
        transactions, revenue_amount, 'PLN' as currency
    from totals
    union all by name
    select 'age_group,gender' as breakdown, day as period_start, day as period_end, age_group, gender,
        (round(sessions * upto) - round(sessions * (upto - share)))::bigint as sessions,
        (round(engaged_sessions * upto) - round(engaged_sessions * (upto - share)))::bigint as engaged_sessions
    from reached
)
select row_number() over (order by breakdown, period_start, channel, campaign, device, country, age_group, gender) as row_no, *,
    case when bounces is not null then 'ga4' end as bounce_kind
from rows;

-- unique users are known by the month, and never added
create temp table made_users as
select row_number() over (order by min(day)) as row_no, '' as breakdown, min(day) as period_start, max(day) as period_end,
    floor(sum(sessions) * 0.71 * wobble('users', min(day), 0.03))::bigint as users, floor(users * 0.62)::bigint as new_users
from made_sessions group by date_trunc('month', day);

create temp table made_ads as
with sold as (
    select ordered_at::date as day, campaign, device, country, count(*) as orders, sum(total_amount) as amount
    from made_orders where campaign is not null and status not in ('cancelled', 'failed') group by all
),
shown as (
    select v.*, s.platform, s.campaign_type, (v.sessions / 0.91 + u('clicks', v.cell))::bigint as clicks,
        (clicks / (s.ctr * wobble('ctr', (v.day, v.campaign), 0.2)))::bigint as impressions,
        round(clicks * s.cpc * wobble('cpc', (v.day, v.campaign), 0.25) * (730 - 60 + v.days_left_factor) / 730, 2)::decimal(18, 4) as cost_amount
    from (select v.*, 60 * (1 - (date '{until}' - v.day) / 365.0) as days_left_factor from made_visits v) v
    join made_sources s using (source) where s.platform is not null and v.sessions > 0
)
-- platforms claim more than the shop sees
select 'campaign,device,country' as breakdown, platform, channel, campaign, campaign_type, device, country, day, cost_amount, 'PLN' as currency,
    impressions, clicks, round(1.15 * coalesce(o.orders, 0), 2)::double as claimed, round((1.15 * coalesce(o.amount, 0))::double, 2)::decimal(18, 4) as claimed_amount
from shown left join sold o using (day, campaign, device, country);

create temp table made_google_ads as
select row_number() over (order by day, campaign, device, country) as row_no, * exclude (day, claimed, claimed_amount),
    day as period_start, day as period_end, claimed as conversions, claimed_amount as conversion_amount
from made_ads where platform = 'Google Ads';

create temp table made_meta_ads as
select row_number() over (order by day, campaign, device, country) as row_no, * exclude (day, clicks, claimed, claimed_amount),
    day as period_start, day as period_end, clicks as link_clicks, claimed as purchases, claimed_amount as purchase_amount
from made_ads where platform = 'Meta Ads';

create temp table made_seo as
select row_number() over (order by day, device) as row_no, 'device' as breakdown, day as period_start, day as period_end, device,
    floor(sum(sessions) * 0.88)::bigint as clicks, (clicks / (0.034 * wobble('search', (day, device), 0.2)))::bigint as impressions,
    round((9.4 - 1.6 * (730 - (date '{until}' - day)) / 730) * wobble('position', (day, device), 0.08), 2) as position
from made_visits where channel = 'organic' group by day, device;
