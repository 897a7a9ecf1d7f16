"""The first rows as they will be loaded, for the person who maps a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpi.ingest.load import Question
from kpi.ingest.part import Defaults
from kpi.ingest.personal import HIDDEN, is_personal_value
from kpi.ingest.relations import derived_table, relation
from kpi.ingest.scratch import Scratch
from kpi.ingest.typed import Reading, typed_table

_ROWS = 5
_LOOKED_AT = 60
_COVERED = frozenset({"customer_key", "id_hash", "staff_id", "manager", "unit"})
_UNSHOWN = frozenset({"row_no", "breakdown", "further", "numbers", "labels"})
Sample = tuple[dict[str, str | None], ...]


def sample_rows(scratch: Scratch, relations: Mapping[str, str], table: str) -> Sample:
    """The first rows of the table, or of another where it has none; columns that are empty in all of them are left out."""
    name = relations.get(table) or next(iter(relations.values()), None)
    if name is None:
        return ()
    columns = [row[0] for row in scratch.rows(f"SELECT column_name FROM (DESCRIBE {name})") if row[0] not in _UNSHOWN]
    texts = ", ".join(f'CAST("{column}" AS VARCHAR) AS "{column}"' for column in columns)
    # the numbers first: rows of a view are worked out where they are asked for
    first = f"SELECT row_no FROM {name} ORDER BY row_no LIMIT {_ROWS}"
    rows = scratch.records(f"SELECT {texts} FROM {name} WHERE row_no IN ({first}) ORDER BY row_no LIMIT {_ROWS}")
    filled = [column for column in columns if any(row[column] is not None for row in rows)]
    return tuple({column: _shown(column, row[column]) for column in filled} for row in rows)


def early_sample(
    scratch: Scratch, staged: str, reading: Reading, questions: tuple[Question, ...], defaults: Defaults
) -> Sample:
    """The first rows without the columns that a question is about, before it is answered."""
    if not questions:
        return ()
    left = _without_open(reading)
    first = f"(SELECT * FROM {staged} ORDER BY row_no LIMIT {_LOOKED_AT})"
    typed = typed_table(scratch, first, left, defaults)
    scratch.run(f"DELETE FROM {typed.table} WHERE is_bad")
    source = derived_table(scratch, typed, left.format)
    maps = left.format.tables
    relations = {it.table: relation(scratch, source, it, left, [])[0] for it in maps}
    return sample_rows(scratch, relations, maps[0].table) if maps else ()


def _without_open(reading: Reading) -> Reading:
    closed = {
        name: column
        for name, column in reading.columns.items()
        if not (name in reading.numbers and reading.numbers[name].decimal is None)
        and not (name in reading.times and reading.times[name].is_open)
    }
    return replace(reading, columns=closed)


def _shown(column: str, text: str | None) -> str | None:
    if text is None:
        return None
    is_free = not text.replace("-", "").replace(":", "").replace(" ", "").replace(".", "").isdigit()
    return HIDDEN if column in _COVERED or (is_free and is_personal_value(text)) else text
