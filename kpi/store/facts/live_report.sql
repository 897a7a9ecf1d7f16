-- Of a report the rows whose days no newer live import of the same account, breakdown and metrics answers for. A sum of
-- several days never takes the place of rows by day: they say the same in more detail. Nor does what tells another part
-- of the account, as somebody has said.
create or replace view live_{table} as
select t.* from rows.{table} t semi join live_imports using (import_id)
where not exists (
    select 1
    from report_periods p
    semi join live_imports using (import_id)
    {sources}
    join series newer on newer.series_id = p.series_id
    join series older on older.series_id = t.series_id
    where (p.import_id, p.part_no) > (t.import_id, t.part_no)
        and (p.import_id, p.part_no, t.import_id, t.part_no) not in (
            select (import_id, part_no, older_id, older_part) from beside where table_id = '{table}'
        )
        and newer.account = older.account
        and newer.breakdown = older.breakdown
        and list_has_all(newer.metrics, older.metrics)
        and (p.is_daily or t.period_start < t.period_end)
        and p.period_start <= t.period_start
        and p.period_end >= t.period_end
);
