-- Rows of web analytics reports that no newer import replaces. Those that no dimension tells apart stand as one, with how
-- many they were (`row_count`): a million sessions of rows are a few thousand groups a year. Users are never added: where
-- several rows were put together they have no value.

create or replace table facts.traffic as
select
    t.account, t.series_id, t.import_id, t.period_start, t.period_end, t.period_start as day,
    t.channel,
    case when t.utm_source is not null or t.utm_medium is not null
        then concat_ws(' / ', coalesce(t.utm_source, '(not set)'), coalesce(t.utm_medium, '(not set)')) end as source_medium,
    t.campaign, t.device, t.country, t.region, t.age_group, t.gender, t.currency, t.bounce_kind,
    t.bounces is null as has_no_bounces,
    t.duration_s is null as has_no_duration,
    sum(t.sessions)::bigint as sessions,
    case when count(t.users) = 1 then any_value(t.users) end as users,
    case when count(t.new_users) = 1 then any_value(t.new_users) end as new_users,
    sum(t.engaged_sessions)::bigint as engaged_sessions,
    sum(t.bounces)::bigint as bounces,
    sum(t.pageviews)::bigint as pageviews,
    sum(t.duration_s) as duration_s,
    sum(t.product_views)::bigint as product_views,
    sum(t.carts)::bigint as carts,
    sum(t.checkouts)::bigint as checkouts,
    sum(t.events)::bigint as events,
    sum(t.key_events) as key_events,
    sum(t.transactions) as transactions,
    sum(t.revenue_amount) as revenue_amount,
    count(*) as row_count
from named_traffic t
group by all
order by t.series_id, t.period_start;
