-- Rows of search reports that no newer import replaces. A position is an average over impressions and is weighted by them.

create or replace table facts.seo as
select
    t.account, t.series_id, t.import_id, t.part_no, t.period_start, t.period_end, t.period_start as day,
    t.device, t.country, t.search_query, t.landing_page,
    t.clicks, t.impressions, t.position,
    case when t.impressions > 0 then t.position * t.impressions end as weighted_position
from live_seo t
order by t.series_id, t.period_start;
