-- One row a lead and step: `entry` on the day the lead was created, and each later stage that it reached on the day
-- it did. A stage without a date counts on the day of entry. A lead in a later stage has passed the earlier ones.

create or replace table facts.leads as
with stages as (
    select
        *,
        case stage when 'mql' then 1 when 'sql' then 2 when 'opportunity' then 2 when 'customer' then 3 when 'evangelist' then 3 else 0 end as rank
    from live_leads
),
leads as (
    select
        *,
        mql_at is not null or sql_at is not null or won_at is not null or rank >= 1 as is_mql,
        sql_at is not null or won_at is not null or rank >= 2 as is_sql,
        won_at is not null or rank >= 3 as is_won,
        coalesce(stage, 'lead') not in ('subscriber', 'other') or mql_at is not null or won_at is not null as is_in_funnel
    from stages
),
steps as (
    select *, 'entry' as step, created_at as reached_at from leads
    union all
    select *, 'mql', coalesce(mql_at, created_at) from leads where is_mql
    union all
    select *, 'sql', coalesce(sql_at, created_at) from leads where is_sql
    union all
    select *, 'won', coalesce(won_at, created_at) from leads where is_won
)
select
    account, lead_id, import_id, part_no,
    local_time(reached_at, utc_offset, $time_zone)::date as day,
    step,
    coalesce(stage, case when is_won then 'customer' when is_sql then 'sql' when is_mql then 'mql' end) as stage,
    is_mql, is_sql, is_won, is_in_funnel,
    channel, origin as lead_origin, goal, landing_page, device, country, sector, staff_id as staff
from steps
order by day;
