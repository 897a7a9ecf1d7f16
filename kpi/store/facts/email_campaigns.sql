-- One row a campaign. A campaign that does not say how it was sent is an e-mail, as the table's name says.

create or replace table facts.email_campaigns as
select
    t.account, t.campaign_id, t.import_id, t.part_no,
    local_time(t.sent_at, t.utc_offset, $time_zone)::date as day,
    t.campaign, t.medium, t.currency,
    coalesce(t.medium, 'e-mail') = 'e-mail' as is_email,
    t.recipients,
    coalesce(t.delivered, t.recipients - t.bounces) as delivered,
    t.opens_unique, t.clicks_unique, t.unsubscribes, t.complaints, t.bounces, t.orders, t.revenue_amount, t.cost_amount
from live_email_campaigns t
order by day;
