-- One row an answer, with the country, age and gender of its order or its customer.

create or replace table facts.survey_responses as
with answered as (
    select
        t.* exclude (customer_key),
        coalesce(k.email_key, t.customer_key) as own_key,
        local_time(t.answered_at, t.utc_offset, $time_zone)::date as day
    from live_survey_responses t left join known_ids k on k.id_hash = t.customer_key
)
select
    t.account, t.response_id, t.import_id, t.part_no, t.day,
    t.survey_kind, t.score, t.scale_max, t.product,
    coalesce(t.own_key, o.customer_key) as customer_key,
    coalesce(o.country, c.country) as country,
    coalesce(o.age_group, age_group_on(t.day, c.birth_on, c.age, c.age_group)) as age_group,
    coalesce(o.gender, c.gender) as gender
from answered t
left join facts.placed o on o.order_ref = ltrim(t.order_id, '#')
left join live_customers c on c.customer_key = coalesce(t.own_key, o.customer_key)
order by day;
