"""Rows that leave out what the row above them says: the further lines of an order whose number stands beside the first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kpi.ingest.cells import text_value
from kpi.ingest.recognise import Match
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section


@dataclass(frozen=True)
class Continued:
    """The rows with the key filled in where they continue another, how they are read then, and how many they are."""

    staged: str
    match: Match
    count: int = 0


def continued(scratch: Scratch, staged: str, section: Section, match: Match) -> Continued:
    """Fill in the key of rows that continue the one above: nothing of the order stands beside them, a product does, and
    the row that they continue has both. All else is left as it is. An order of several rows is refused as a whole."""
    key, heads, lines = _columns(match)
    if not key or not heads or not all(lines) or section.misfit_count > len(section.misfits):
        return Continued(staged, match)
    has_line = " AND ".join(f"({_any(columns)})" for columns in lines)
    is_next = f"({text_value(key)} IS NULL AND NOT ({_any(heads)}) AND {has_line})"
    count = scratch.row(f"SELECT count(*) FROM {staged} WHERE {is_next}")[0]
    if not count:
        return Continued(staged, match)
    is_head = f"({text_value(key)} IS NOT NULL AND ({_any(heads)}) AND {has_line})"
    # what is neither, and a row that could not be split, ends the order above it
    began = f"CASE WHEN NOT {is_next} THEN CASE WHEN {is_head} THEN {text_value(key)} ELSE '' END END AS began"
    ends = ", ".join(f"({row_no})" for row_no, _ in section.misfits) or "(NULL)"
    rows = f"SELECT row_no, {began} FROM {staged} UNION ALL SELECT row_no, '' FROM (VALUES {ends}) AS ends(row_no)"
    above = f"SELECT row_no, last_value(began IGNORE NULLS) OVER (ORDER BY row_no) AS above FROM ({rows})"
    filled = scratch.new("continued")
    scratch.run(f"""CREATE TEMP TABLE {filled} AS
        SELECT * EXCLUDE (above) REPLACE (coalesce({text_value(key)}, nullif(above, '')) AS {key})
        FROM {staged} JOIN ({above}) USING (row_no) ORDER BY row_no""")
    left = scratch.row(f"SELECT count(*) FROM {filled} WHERE {is_next}")[0]
    known = replace(match.format, group=match.continues.key if match.continues else None)
    return Continued(filled, replace(match, format=known), count - left)


def _columns(match: Match) -> tuple[str, list[str], list[list[str]]]:
    """The column of the key, those of the order, and for each thing that a line has the columns that say it."""
    continues = match.continues
    if continues is None or continues.key not in match.fields:
        return "", [], []
    return (
        f"c{match.fields[continues.key]}",
        _there(match, continues.heads),
        [_there(match, names) for names in continues.lines],
    )


def _there(match: Match, names: Collection[str]) -> list[str]:
    return [f"c{match.fields[name]}" for name in names if name in match.fields]


def _any(columns: Iterable[str]) -> str:
    return " OR ".join(f"{text_value(column)} IS NOT NULL" for column in columns)
