-- Each import spans from its first day to its last; spans with at most {quiet} quiet days between them are one.
insert into facts.spans
with imported as (
    select min(day) as first_on, max(day) as last_on from facts.{table} where day is not null group by import_id, part_no
),
marked as (
    select *, first_on > max(last_on) over (order by first_on, last_on rows between unbounded preceding and 1 preceding) + {quiet} as is_new
    from imported
),
grouped as (select *, sum(coalesce(is_new, false)::int) over (order by first_on, last_on) as span_no from marked)
select '{table}', null, min(first_on), max(last_on), true from grouped group by span_no;
