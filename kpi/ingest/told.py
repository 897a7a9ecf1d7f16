"""What the person is told of a file: one Load of its Parts."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.ingest.load import Load, Rows
from kpi.ingest.part import Part
from kpi.wording.message import Text


def load_of(name: str, parts: Sequence[Part]) -> Load:
    """What the person is told of a file: one Load, with one a part where it has several."""
    loads = tuple(_part_load(name if len(parts) == 1 else part.title(name), part) for part in parts)
    if len(loads) == 1:
        return loads[0]
    rows = sum((load.rows for load in loads), Rows())
    tables: dict[str, int] = {}
    for load in loads:
        for table, count in load.tables.items():
            tables[table] = tables.get(table, 0) + count
    best = max(loads, key=lambda load: load.rows.read)
    periods = [load.period for load in loads if load.period]
    return Load(
        name=name,
        format=best.format,
        format_name=best.format_name,
        confidence=min((load.confidence for load in loads if load.format), default=0.0),
        rows=rows,
        tables=tables,
        refused=tuple(row for load in loads for row in load.refused),
        check_totals=tuple(total for load in loads for total in load.check_totals),
        period=(min(p[0] for p in periods), max(p[1] for p in periods)) if periods else None,
        currencies=tuple(sorted({name for load in loads for name in load.currencies})),
        questions=tuple({question.key: question for load in loads for question in load.questions}.values()),
        notes=tuple(dict.fromkeys(note for load in loads for note in load.notes)),
        parts=loads,
    )


def _part_load(name: str, part: Part) -> Load:
    return Load(
        name=name,
        format=part.format,
        format_name=part.format_name if isinstance(part.format_name, str | Text) else str(part.format_name),
        confidence=part.confidence,
        rows=part.rows,
        tables=dict(part.tables),
        refused=part.refused,
        check_totals=part.check_totals,
        period=part.period,
        currencies=part.currencies,
        questions=part.questions,
        notes=part.notes,
        mapping=part.mapping,
        sample=part.sample,
        columns=part.columns,
    )
