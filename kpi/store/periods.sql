-- The days that the rows just appended answer for.
insert into report_periods
select $import, $part, $series, least(min(period_start), $first_on::date), greatest(max(period_end), $last_on::date), true
from rows.{table}
where import_id = $import and part_no = $part and series_id = $series and period_start = period_end
having count(*) > 0
union all
select distinct $import, $part, $series, period_start, period_end, false
from rows.{table}
where import_id = $import and part_no = $part and series_id = $series and period_start < period_end;
