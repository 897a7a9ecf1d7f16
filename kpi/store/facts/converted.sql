create or replace view facts.{table}_converted as
select t.* replace ({amounts}, {currency} as currency)
from facts.{table} t left join facts.fx on from_currency = t.currency and t.day between first_on and last_on;
