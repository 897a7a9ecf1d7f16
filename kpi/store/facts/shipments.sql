-- One row a parcel that was sent, on the day on which it was. What a list of open orders says gives way to the parcels
-- of the same order.

create or replace table facts.shipments as
select
    account, order_id, parcel, import_id, part_no,
    local_time(shipped_at, utc_offset, $time_zone)::date as day,
    supplier,
    epoch(shipped_at - ordered_at) as processing_s,
    epoch(delivered_at - ordered_at) as fulfilment_s
from live_shipments
where shipped_at is not null and coalesce(direction, 'to customer') = 'to customer'
order by day;
