-- What one unit of a currency is worth in the workspace's own, by spans of days: a rate holds until the next one, and
-- one without a day from the beginning. Of one day the newest import counts, and in it the pair as written before its inverse.
create or replace table facts.fx as
with quoted as (
    select from_currency, day, rate, import_id * 2 + 1 as newness from live_fx_rates where to_currency = $currency and rate > 0
    union all
    select to_currency, day, 1 / rate, import_id * 2 from live_fx_rates where from_currency = $currency and rate > 0
),
newest as (select from_currency, day, arg_max(rate, newness) as rate from quoted where from_currency <> $currency group by all)
select
    from_currency,
    coalesce(day, date '1900-01-01') as first_on,
    coalesce(lead(day) over (partition by from_currency order by day nulls first) - 1, date '2200-12-31') as last_on,
    rate
from newest
union all
select $currency, date '1900-01-01', date '2200-12-31', 1 where $currency is not null;
