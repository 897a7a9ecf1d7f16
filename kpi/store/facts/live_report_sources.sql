-- Files of one account may each be about another platform: a newer one replaces only rows of the same.
    join (select distinct import_id, part_no, series_id, {source} as source from rows.{table}) s
        on s.import_id = p.import_id and s.part_no = p.part_no and s.series_id = p.series_id
        and s.source is not distinct from t.{source}
