-- Rows of social media that no newer import replaces. Reactions are known where a row says at least one of their kinds.

create or replace table facts.social_posts as
select
    t.account, t.series_id, t.import_id, t.period_start, t.period_end, t.period_start as day,
    t.network, t.post, t.reach, t.impressions,
    case when coalesce(t.likes, t.comments, t.shares) is not null
        then coalesce(t.likes, 0) + coalesce(t.comments, 0) + coalesce(t.shares, 0) end as reactions,
    t.link_clicks, t.leads
from live_social_posts t
order by t.series_id, t.period_start;
