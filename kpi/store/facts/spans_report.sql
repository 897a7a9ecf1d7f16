-- Day rows span from an import's first day to its last; every other row is a span of its own.
insert into facts.spans
select '{table}', series_id, min(period_start), max(period_end), true
from facts.{table} where period_start = period_end group by series_id, import_id
union all
select distinct '{table}', series_id, period_start, period_end, false
from facts.{table} where period_start < period_end;
