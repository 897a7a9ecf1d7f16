-- Day rows answer for the declared period of their file; every other row is a span of its own.
insert into facts.spans
select distinct '{table}', p.series_id, p.period_start, p.period_end, true
from report_periods p semi join live_imports using (import_id) semi join facts.{table} t using (series_id)
where p.is_daily
union all
select distinct '{table}', series_id, period_start, period_end, false
from facts.{table} where period_start < period_end;
