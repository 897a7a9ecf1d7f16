-- Which rows count now: of keyed tables the row of the newest live import; of reports every row of a live import
-- that no newer one of the same account, breakdown and period replaces. Within an import a later part is newer.

create or replace temp view live_imports as
select import_id from imports where undone_at is null;

create or replace temp view live_orders as
select * from rows.orders semi join live_imports using (import_id)
qualify row_number() over (partition by account, order_id order by import_id desc, part_no desc, row_no desc) = 1;

create or replace temp view live_order_lines as
select * from rows.order_lines semi join live_imports using (import_id)
qualify (import_id, part_no) = max((import_id, part_no)) over (partition by account, order_id);

-- A customer is what all sources say together; of two values the newer counts.
create or replace temp view live_customers as
select
    customer_key,
    {last_values}
from rows.customers semi join live_imports using (import_id)
where customer_key is not null
group by customer_key;

-- The channel that a source and a medium stand for, after the default channel groups of GA4.
create or replace temp macro channel_of(source, medium) as case
    when source is null and medium is null then null
    when lower(coalesce(source, '')) in ('direct', '(direct)', '') and lower(coalesce(medium, '')) in ('', '(none)', '(not set)', 'none') then 'direct'
    when lower(medium) in ('display', 'banner', 'expandable', 'interstitial', 'cpm') then 'display'
    when regexp_matches(lower(coalesce(medium, '')), '^(.*cp.*|ppc|retargeting|paid.*)$') then case
        when regexp_matches(lower(coalesce(source, '')), 'facebook|instagram|^fb$|^ig$|tiktok|linkedin|twitter|^x$|pinterest|snapchat|reddit|social') then 'paid social'
        when regexp_matches(lower(coalesce(source, '')), 'google|bing|yahoo|duckduckgo|ecosia|seznam|search') then 'paid search'
        when regexp_matches(lower(coalesce(source, '')), 'youtube|vimeo|twitch') then 'paid video'
        else 'paid other' end
    when regexp_matches(lower(coalesce(source, '') || ' ' || coalesce(medium, '')), '\b(e-?mail|e_mail|newsletter|klaviyo|mailchimp)\b') then 'e-mail'
    when lower(medium) in ('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')
        or (coalesce(medium, '') in ('', 'referral', '(none)', 'organic') and regexp_matches(lower(coalesce(source, '')), 'facebook|instagram|^fb$|^ig$|tiktok|linkedin|twitter|^x$|pinterest|snapchat|reddit')) then 'organic social'
    when lower(medium) = 'organic' then 'organic'
    when lower(medium) in ('affiliate', 'affiliates', 'partner') then 'affiliates'
    when lower(medium) in ('sms', 'mms') or lower(source) = 'sms' then 'sms'
    when lower(medium) like '%push%' or lower(medium) like '%notification%' then 'push'
    when lower(medium) in ('referral', 'app', 'link') then 'referral'
    when lower(medium) = 'video' then 'organic video'
    else 'unassigned' end;
