-- One row a parcel that was sent, on the day on which it was, with what its order knows. What a list of open orders says
-- gives way to the parcels of the same order.

create or replace table facts.shipments as
select
    s.account, s.order_id, s.parcel, s.import_id, s.part_no,
    local_time(s.shipped_at, s.utc_offset, $time_zone)::date as day,
    s.supplier,
    o.known_order is not null as has_order,
    o.sales_channel, o.channel, o.source_medium, o.campaign, o.device,
    o.country, o.region, o.age_group, o.gender, o.customer_type,
    epoch(s.shipped_at - s.ordered_at) as processing_s,
    epoch(s.delivered_at - s.ordered_at) as fulfilment_s
from live_shipments s
left join facts.placed o on o.order_ref = ltrim(s.order_id, '#')
where s.shipped_at is not null and coalesce(s.direction, 'to customer') = 'to customer'
order by day;
