-- Rows of social media that no newer import replaces. Reactions are known where a row says at least one of their kinds.
-- Meta's business suite exports clicks of each network and of both together: the sum gives way to its parts.

create or replace table facts.social_posts as
with parts as (
    select distinct split_part(account, '/', 2) as place, period_start, period_end
    from live_social_posts
    where split_part(account, '/', 1) in ('facebook', 'instagram') and network is not null and link_clicks is not null
)
select
    t.account, t.series_id, t.import_id, t.period_start, t.period_end, t.period_start as day,
    t.network, t.post, t.reach, t.impressions,
    case when coalesce(t.likes, t.comments, t.shares) is not null
        then coalesce(t.likes, 0) + coalesce(t.comments, 0) + coalesce(t.shares, 0) end as reactions,
    case when not exists (
        select 1 from parts p
        where t.network is null and split_part(t.account, '/', 1) = 'meta_business'
            and (p.place = split_part(t.account, '/', 2) or 'main' in (p.place, split_part(t.account, '/', 2)))
            and p.period_start = t.period_start and p.period_end = t.period_end
    ) then t.link_clicks end as link_clicks,
    t.leads
from live_social_posts t
order by t.series_id, t.period_start;
