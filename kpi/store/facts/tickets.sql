-- One row a ticket, with the country, age and gender of its order or its customer.

create or replace table facts.tickets as
with opened as (
    select
        t.* exclude (customer_key),
        coalesce(k.email_key, t.customer_key) as own_key,
        local_time(t.opened_at, t.utc_offset, $time_zone)::date as day
    from live_tickets t left join known_ids k on k.id_hash = t.customer_key
)
select
    t.account, t.ticket_id, t.import_id, t.part_no, t.day,
    t.ticket_type, t.priority, t.medium, t.staff_id as staff, t.team, t.status,
    coalesce(t.own_key, o.customer_key) as customer_key,
    coalesce(t.country, o.country, c.country) as country,
    coalesce(o.age_group, age_group_on(t.day, c.birth_on, c.age, c.age_group)) as age_group,
    coalesce(o.gender, c.gender) as gender,
    case when t.ticket_type = 'complaint' then true end as is_complaint,
    case when t.ticket_type = 'complaint' then o.known_order end as complaint_order,
    coalesce(o.is_valid, false) as is_valid_order,
    coalesce(t.first_response_min * 60, epoch(t.first_response_at - t.opened_at)) as response_s,
    coalesce(t.resolution_min * 60, epoch(t.resolved_at - t.opened_at)) as resolution_s,
    coalesce(t.is_resolved, t.resolved_at is not null or t.resolution_min is not null) as is_resolved,
    -- of a scale of several steps the two highest are satisfied
    coalesce(t.is_satisfied, t.csat_score >= case when t.csat_max > 2 then t.csat_max - 1 else t.csat_max end) as is_satisfied,
    t.reopens
from opened t
left join facts.placed o on o.order_ref = ltrim(t.order_id, '#')
left join live_customers c on c.customer_key = coalesce(t.own_key, o.customer_key)
order by day;
