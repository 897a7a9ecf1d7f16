-- Rows of ad reports that no newer import replaces. Some reports count all clicks, some only link clicks; a row's
-- clicks are the first of the two that it has.

create or replace table facts.ad_spend as
select
    t.account, t.series_id, t.import_id, t.period_start, t.period_end, t.period_start as day,
    t.platform, t.channel, t.campaign, t.campaign_type, t.ad_format, t.device, t.country, t.region, t.age_group, t.gender, t.currency,
    t.cost_amount, t.impressions, t.reach, coalesce(t.clicks, t.link_clicks) as any_clicks, t.clicks, t.link_clicks,
    t.interactions, t.conversions, t.conversion_amount, t.purchases, t.purchase_amount, t.results, t.result_kind
from named_ad_spend t
order by t.series_id, t.period_start;
