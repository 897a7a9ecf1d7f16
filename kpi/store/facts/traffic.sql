-- Rows of web analytics reports that no newer import replaces.

create or replace table facts.traffic as
select
    t.account, t.series_id, t.import_id, t.period_start, t.period_end, t.period_start as day,
    coalesce(t.channel, channel_of(t.utm_source, t.utm_medium)) as channel,
    case when t.utm_source is not null or t.utm_medium is not null
        then concat_ws(' / ', coalesce(t.utm_source, '(not set)'), coalesce(t.utm_medium, '(not set)')) end as source_medium,
    t.campaign, t.device, t.country, t.region, t.age_group, t.gender, t.currency,
    t.sessions, t.users, t.new_users, t.engaged_sessions, t.bounces, t.bounce_kind, t.pageviews, t.duration_s,
    t.product_views, t.carts, t.checkouts, t.events, t.key_events, t.transactions, t.revenue_amount
from live_traffic t
order by t.series_id, t.period_start;
