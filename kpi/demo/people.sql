-- What the shop hears from people and says to them: newsletters, leads, tickets, answers to surveys.

create temp table made_email_campaigns as
select
    row_number() over (order by day) as row_no,
    'NL-' || day as campaign_id,
    'Newsletter ' || strftime(day, '%G-W%V') as campaign,
    day + interval 10 hour as sent_at,
    'e-mail' as medium,
    (9000 + 8.2 * (730 - days_left) * wobble('list', day, 0.02))::bigint as recipients,
    floor(recipients * (0.986 + 0.006 * u('delivered', day)))::bigint as delivered,
    recipients - delivered as bounces,
    (delivered * (0.245 + case when is_black_week then 0.03 else 0 end) * wobble('opens', day, 0.16))::bigint as opens_unique,
    (delivered * 0.031 * wobble('mail clicks', day, 0.3))::bigint as clicks_unique,
    (delivered * 0.0032 * wobble('unsubscribes', day, 0.5))::bigint as unsubscribes,
    (delivered * 0.0002)::bigint as complaints,
    (delivered * 0.0108 * willingness * wobble('mail orders', day, 0.3))::double::bigint::double as orders,
    round(orders * 214 * wobble('mail value', day, 0.12), 2)::decimal(18, 4) as revenue_amount,
    round(recipients * 0.06, 2)::decimal(18, 4) as cost_amount,
    'PLN' as currency
from made_days where isodow(day) = 4;

create temp table made_leads as
with met as (
    select *, unnest(range(floor(sessions * 0.0195 + u('leads', cell))::bigint)) as n, hash((cell, n)) as lead from made_visits
),
moved as (
    select
        *,
        u('stage', lead) as luck,
        day + to_seconds((86399 * (0.28 + 0.68 * u('lead hour', lead)))::bigint) as created_at,
        created_at + to_hours((6 + 60 * u('mql', lead))::integer) as mql_reached_at,
        mql_reached_at + to_hours((24 + 150 * u('sql', lead))::integer) as sql_reached_at,
        sql_reached_at + to_hours((48 + 400 * u('won', lead))::integer) as won_reached_at,
        date '{until}' + 1 as ended_on
    from met
)
select
    row_number() over (order by created_at, lead) as row_no,
    'L' || row_no as lead_id,
    created_at,
    case when luck > 0.78 and mql_reached_at < ended_on then mql_reached_at end as mql_at,
    case when luck > 0.89 and sql_reached_at < ended_on then sql_reached_at end as sql_at,
    case when luck > 0.95 and won_reached_at < ended_on then won_reached_at end as won_at,
    case when won_at is not null then 'customer' when sql_at is not null then 'sql' when mql_at is not null then 'mql'
        when luck > 0.55 then 'lead' else 'subscriber' end as stage,
    channel as origin,
    case when stage = 'subscriber' then 'newsletter' when u('goal', lead) < 0.6 then 'e-book' else 'demo' end as goal,
    channel, device, country
from moved;

create temp table made_tickets as
with written as (
    select order_id, null as country, ordered_at + to_seconds((86400 * (0.2 + 14 * u('ticket day', order_id)))::bigint) as opened_at,
        case when u('ticket', order_id) < 0.013 then 'complaint' when u('ticket', order_id) < 0.033 then 'return' else 'enquiry' end as ticket_type,
        hash(order_id, {seed}) as ticket
    from made_orders where u('ticket', order_id) < 0.047
    union all by name
    select country, day + to_seconds((86399 * (0.3 + 0.6 * u('question hour', question)))::bigint) as opened_at,
        case when u('question kind', question) < 0.8 then 'enquiry' else 'other' end as ticket_type, hash(question, {seed}) as ticket
    from (
        -- a checkout that does not work is asked about
        select *, (cell, unnest(range(floor(sessions * 0.0012 + greatest(wanted - orders, 0) * is_broken::integer * 0.3 + u('questions', cell))::bigint))) as question
        from made_visits
    )
)
select
    row_number() over (order by opened_at, ticket) as row_no,
    'T' || (50000 + row_no)::varchar as ticket_id,
    order_id, country, opened_at, ticket_type,
    15 + 420 * pow(u('response', ticket), 2.2) as first_response_min,
    u('solved', ticket) < 0.94 as is_resolved,
    case when is_resolved then first_response_min + 60 + 4000 * pow(u('resolution', ticket), 2) end as resolution_min,
    ['low', 'normal', 'normal', 'normal', 'high', 'urgent'][1 + floor(6 * u('priority', ticket))::integer] as priority,
    ['e-mail', 'e-mail', 'chat', 'web form', 'phone'][1 + floor(5 * u('medium', ticket))::integer] as medium,
    ['Ala', 'Basia', 'Czarek', 'Darek', 'Ewa'][1 + floor(5 * u('agent', ticket))::integer] as staff_id,
    case when u('rated', ticket) < 0.3 then u('rating', ticket) < case ticket_type when 'complaint' then 0.66 when 'return' then 0.8 else 0.9 end end as is_satisfied,
    (u('reopened', ticket) < 0.06)::bigint as reopens
from written where opened_at < date '{until}' + interval 1 day;

create temp table made_survey_responses as
select
    row_number() over (order by ordered_at, order_id) as row_no,
    'S' || row_no as response_id,
    order_id, ordered_at + interval 14 day as answered_at, 'nps' as survey_kind, 10.0::double as scale_max,
    -- a refund costs goodwill
    [10, 10, 10, 10, 10, 10, 9, 9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 6, 4, 1][1 + least(19, floor(20 * u('score', order_id) * case when refunded_amount > 0 then 1.35 else 1 end))::integer]::double as score
from made_orders
where u('survey', order_id) < 0.07 and status not in ('cancelled', 'failed') and ordered_at < date '{until}' - interval 13 day;
