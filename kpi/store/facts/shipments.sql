-- One row a parcel and step: `sent` on the day on which it was sent, `delivered` on that of its delivery, `due` on the
-- promised day. What a list without parcels says of an order is true of its parcels, where another file has them.
-- Deliveries of suppliers are only due: their numbers are not those of the shop's orders.
--
-- A parcel is due once its promised day is over for whoever wrote the file, which is known up to the last day in it. A
-- file that has no delivery at all does not follow its parcels, so that nothing in it is late.

-- a day without a time is no moment that a time zone could move
create or replace macro day_in(written, utc_offset, zone) as
    case when written = written::date then written::date else local_time(written, utc_offset, zone)::date end;
create or replace macro seconds_between(first, last, are_days) as
    case when are_days then (last::date - first::date) * 86400 else epoch(last - first) end;

create or replace table facts.shipments as
with listed as (
    select * exclude (direction), coalesce(direction, 'to customer') = 'from supplier' as is_inbound from live_shipments
),
known as (
    select
        * replace (
            coalesce(ordered_at, any_value(ordered_at) filter (where parcel is null) over of_order) as ordered_at,
            coalesce(promised_at, any_value(promised_at) filter (where parcel is null) over of_order) as promised_at
        ),
        parcel is null and order_id is not null and count(parcel) over of_order > 0 as is_told_by_parcels
    from listed window of_order as (partition by account, is_inbound, coalesce(order_id, parcel))
),
parcels as (
    select
        s.*,
        day_in(s.shipped_at, s.utc_offset, $time_zone) as sent_on,
        day_in(s.promised_at, s.utc_offset, $time_zone) as promised_on,
        day_in(s.delivered_at, s.utc_offset, $time_zone) as delivered_on,
        -- a column without any time says days, and whole days are counted from or to it
        bool_and(ordered_at = ordered_at::date) over file as orders_are_days,
        bool_and(shipped_at = shipped_at::date) over file as dispatches_are_days,
        bool_and(delivered_at = delivered_at::date) over file as deliveries_are_days,
        max(greatest(s.ordered_at, s.shipped_at, s.delivered_at)::date) over file as last_on,
        count(s.delivered_at) over file > 0 as is_followed,
        count(s.is_complete) over file > 0 as says_complete,
        count(s.is_correct) over file > 0 as says_correct
    from known s
    where not is_told_by_parcels
    window file as (partition by s.import_id, s.part_no)
),
steps as (
    select *, 'sent' as step, coalesce(sent_on, delivered_on) as day
    from parcels where not is_inbound and (shipped_at is not null or delivered_at is not null)
    union all
    select *, 'delivered', delivered_on from parcels where not is_inbound and delivered_at is not null
    union all
    select *, 'due', promised_on from parcels
    where is_followed and promised_on <= last_on and (delivered_at is not null or promised_on < last_on)
),
judged as (
    select
        *,
        -- a promise without a time holds until the end of its day
        coalesce(case when promised_at = promised_at::date then delivered_on <= promised_on else delivered_at <= promised_at end, false) as is_kept,
        case
            when is_complete is false or is_correct is false then false
            when (is_complete or not says_complete) and (is_correct or not says_correct) and (says_complete or says_correct) then true
        end as is_right
    from steps
)
select
    s.account, s.order_id, s.parcel, s.import_id, s.part_no, s.day, s.step, s.is_inbound, s.supplier,
    o.known_order is not null as has_order,
    o.sales_channel, o.channel, o.source_medium, o.campaign, o.device,
    o.country, o.region, o.age_group, o.gender, o.customer_type,
    case when s.step = 'sent' then
        case when s.ordered_at is not null then seconds_between(s.ordered_at, s.shipped_at, s.orders_are_days or s.dispatches_are_days) else (s.sent_on - o.day) * 86400 end
    end as processing_s,
    case when s.step = 'delivered' then
        case when s.ordered_at is not null then seconds_between(s.ordered_at, s.delivered_at, s.orders_are_days or s.deliveries_are_days) else (s.delivered_on - o.day) * 86400 end
    end as fulfilment_s,
    case when s.step = 'due' and not s.is_inbound then s.is_kept end as is_on_time,
    case when s.step = 'due' and s.is_inbound then s.is_kept end as is_supply_on_time,
    case when s.step = 'delivered' then s.is_right end as is_accurate,
    case when s.step = 'sent' and s.cost_amount is not null then s.currency end as currency,
    case when s.step = 'sent' and s.currency is not null then s.cost_amount end as parcel_cost_amount,
    case when s.step = 'sent' then s.units end as units
from judged s
left join facts.placed o on not s.is_inbound and o.order_ref = ltrim(s.order_id, '#')
order by s.day;
