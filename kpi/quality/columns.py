"""Columns that a file has lost since the one before it, so that its rows lack what the older ones have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kpi.ingest.load import Load
from kpi.quality.finding import Checked, Finding, Touched, place
from kpi.store.store import Import
from kpi.wording.message import message

_SAME_EXPORT = 0.5
"""Two headers with less than this share in common are other reports rather than one that has changed."""
_BREAKDOWNS = """
select import_id, part_no, list_sort(list(distinct array_to_string(breakdown, ',')))
from report_periods join series using (series_id) group by all
"""
_FILLED = "select {counts} from rows.{table} where import_id = $import and part_no = $part"


def changed_columns(checked: Checked) -> list[Finding]:
    """The newest file of each kind of export, compared with the one before it."""
    found = []
    for (newer, part_no, load), (older, older_part, before) in _pairs(checked):
        gone = tuple(name for name in before.columns if name not in load.columns)
        lost = _lost(checked, load, (older.id, older_part), (newer.id, part_no)) if gone else ()
        if lost:
            found.append(_finding(checked, newer, load, before, gone, lost))
    return found


def _pairs(checked: Checked) -> Iterator[tuple[tuple[Import, int, Load], tuple[Import, int, Load]]]:
    """The newest part of each format and breakdown, with the part before it."""
    breakdowns = {(import_id, part): tuple(names) for import_id, part, names in checked.rows(_BREAKDOWNS)}
    newest: dict[tuple[object, ...], tuple[Import, int, Load]] = {}
    told: set[tuple[object, ...]] = set()
    for one in sorted(checked.live, key=lambda it: it.id, reverse=True):
        for part_no, load in enumerate(one.load.parts or (one.load,)):
            key = (load.format, breakdowns.get((one.id, part_no), ()))
            if not load.columns or key in told:
                continue
            if key not in newest:
                newest[key] = (one, part_no, load)
            elif newest[key][0].id != one.id:
                told.add(key)
                if _is_same_export(newest[key][2], load):
                    yield newest[key], (one, part_no, load)


def _is_same_export(one: Load, other: Load) -> bool:
    both, either = set(one.columns) & set(other.columns), set(one.columns) | set(other.columns)
    return len(both) >= _SAME_EXPORT * len(either)


def _lost(checked: Checked, load: Load, older: tuple[int, int], newer: tuple[int, int]) -> tuple[str, ...]:
    """The columns of our tables that the older file filled and the newer leaves empty."""
    lost: list[str] = []
    for table in (checked.model.tables[name] for name in load.tables if name in checked.model.tables):
        counts = ", ".join(f'count("{name}") > 0' for name in table.columns)
        sql = _FILLED.format(counts=counts, table=table.id)
        before, after = (
            checked.rows(sql, {"import": number, "part": part})[0] for number, part in (older, newer)
        )  # fmt: skip
        lost += [name for name, was, is_now in zip(table.columns, before, after, strict=True) if was and not is_now]
    return tuple(dict.fromkeys(lost))


def _finding(
    checked: Checked, newer: Import, load: Load, before: Load, gone: tuple[str, ...], lost: tuple[str, ...]
) -> Finding:
    new = tuple(name for name in load.columns if name not in before.columns)
    what = (
        message(
            "“{file}” lacks what the file before it had: {gone}; new in it: {new}.", file=newer.name, gone=gone, new=new
        )
        if new
        else message("“{file}” lacks what the file before it had: {gone}.", file=newer.name, gone=gone)
    )
    table = next(iter(load.tables), "")
    return Finding(
        place("changed_columns", load.format, table, *lost),
        "affects",
        what,
        message(
            "Export it again with these columns. If a column only has another name now, map it when you add the file."
        ),
        table,
        load.rows.loaded,
        _touched(checked, load, lost),
        period=load.period,
        imports=(newer.id,),
        examples=gone,
    )


def _touched(checked: Checked, load: Load, lost: tuple[str, ...]) -> tuple[Touched, ...]:
    """The KPIs whose measures read a lost column."""
    word = re.compile(rf"\b({'|'.join(map(re.escape, lost))})\b")
    kpis = (
        name
        for name in checked.model.kpis
        if any(measure.table in load.tables and word.search(measure.sql) for measure in checked.model.measures_of(name))
    )
    return tuple(Touched(name, "open") for name in kpis)
