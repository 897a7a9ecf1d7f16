-- Events that no newer import replaces. Rows that nothing tells apart stand as one, with how many they were (`row_count`).

create or replace table facts.events as
select
    t.account, t.series_id, t.import_id, t.period_start, t.period_end, t.period_start as day,
    t.event_name, t.channel, t.device, t.country, t.currency,
    sum(t.event_count)::bigint as event_count,
    sum(t.value_amount) as value_amount,
    count(*) as row_count
from live_events t
group by all
order by t.series_id, t.period_start;
