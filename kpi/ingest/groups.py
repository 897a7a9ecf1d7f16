"""Rows that belong together (the lines of one order): they are loaded together or not at all."""

from __future__ import annotations

from kpi.ingest.formats import Format
from kpi.ingest.scratch import Scratch


def refused_table(scratch: Scratch, typed: str, known: Format, doubtful: list[int]) -> str:
    """A table of `row_no` and `why` (unreadable, unmatched_total, group, headless)."""
    name = scratch.new("refused")
    doubts = ", ".join(map(str, doubtful)) or "NULL"
    scratch.run(f"""CREATE TEMP TABLE {name} AS
        SELECT row_no, CASE WHEN is_bad THEN 'unreadable' ELSE 'unmatched_total' END AS why
        FROM {typed} WHERE is_bad OR row_no IN ({doubts})""")
    if known.group:
        scratch.run(f"""INSERT INTO {name}
            SELECT row_no, CASE WHEN is_group_bad THEN 'group' ELSE 'headless' END FROM ({_grouped(typed, known)})
            WHERE NOT is_bad AND (is_group_bad OR heads = 0)""")
    return name


def repeated_table(scratch: Scratch, typed: str, known: Format) -> str:
    """A table of the `row_no` of rows that repeat a group which stands further up in the file.

    Where each row of a group is a head, somebody wrote the order out beside each line: only equal lines are repeats.
    """
    name = scratch.new("repeated")
    repeat = "CASE WHEN heads = size THEN line_no > 1 ELSE head_no > 1 END" if known.line else "head_no > 1"
    rows = f"SELECT row_no FROM ({_grouped(typed, known)}) WHERE heads > 1 AND {repeat}"
    scratch.run(f"CREATE TEMP TABLE {name} AS {rows if known.head else 'SELECT 0::BIGINT AS row_no WHERE FALSE'}")
    return name


def _grouped(typed: str, known: Format) -> str:
    head = f"count(*) FILTER (WHERE {known.head or 'TRUE'})"
    line = ", ".join((known.group or "row_no", *known.line))
    return f"""SELECT row_no, is_bad, bool_or(is_bad) OVER whole AS is_group_bad, {head} OVER whole AS heads,
            {head} OVER (PARTITION BY {known.group} ORDER BY row_no) AS head_no, count(*) OVER whole AS size,
            row_number() OVER (PARTITION BY {line} ORDER BY row_no) AS line_no
        FROM {typed} WINDOW whole AS (PARTITION BY {known.group})"""
