"""One sheet a breakdown: the groups of a dimension, the largest first, and a total that is the ratio of the totals."""

from __future__ import annotations

from kpi.report.asked import Asked
from kpi.report.grid import Grid
from kpi.report.report import Report
from kpi.report.sheet import Cell, Row, Sheet
from kpi.report.table import FIRST, HEADER, Column, table_head, table_rows, table_widths
from kpi.report.totals import is_shared_out

# More groups than this are no table for a person; the total still covers them all.
MOST_GROUPS = 500


def breakdown_sheet(report: Report, dimension: str) -> Sheet:
    """The sheet of one dimension."""
    table = report.breakdowns[dimension]
    w, name = report.words, report.sheet_names[f"by {dimension}"]
    groups = table.answer.frame[dimension].tolist() if dimension in table.answer.frame.columns else []
    groups = [group if isinstance(group, str) else None for group in groups]
    order = _largest_first(table, groups)
    listed = [groups[place] for place in order]
    is_mixed = dimension == "currency" and any(
        one.unit == "money" and not table.currency(one) for one in table.measures
    )
    grid = Grid(report, table, order, keys=1, has_shares=True, currencies=tuple(listed) if is_mixed else None)
    title = w.say(report.catalogue.dimensions[dimension].name)
    keys = [Cell(report.group_name(dimension, group), look="key") for group in listed]
    columns = [Column(title, keys, Cell(w.t("Total"), look="total"), is_number=False), *grid.columns()]
    notes = report.notes_of(table) + grid.notes()
    if len(groups) > len(order):
        notes.insert(
            0,
            w.t(
                "The {shown} largest of {all} groups are listed; the total covers them all.",
                shown=len(order),
                all=len(groups),
            ),
        )
    has_table = bool(table.kpis and order)
    rows = [*table_head(report, title, 1, grid.columns_in_view), *table_rows(columns, grid.total_row)]
    if not has_table:
        columns, notes = columns[:1], notes[: len(table.answer.notes)]
        rows = [*rows[: HEADER - 1], Row((Cell(w.t("There is nothing to show here."), look="note"),))]
    rows += [*report.notes(notes), *report.refusals(table.answer.refused)]
    return Sheet(
        name=name,
        rows=tuple(rows),
        widths=table_widths(report, title, columns),
        header=HEADER,
        body=(FIRST, grid.last if has_table else FIRST - 1),
        is_frozen=has_table,
        has_filter=has_table,
        folded=(grid.columns_in_view + 2, len(columns)) if has_table else None,
    )


def _largest_first(table: Asked, groups: list[str | None]) -> tuple[int, ...]:
    """The groups by the first KPI that they share out, the one without a value last."""
    totals = table.answer.totals
    shared = (kpi.id for kpi in table.kpis if is_shared_out(kpi, table.measures) and totals[kpi.id] is not None)
    first = next(shared, None) or next((kpi.id for kpi in table.kpis if totals[kpi.id] is not None), None)
    sizes = table.column(first) if first else [None] * len(groups)

    def key(place: int) -> tuple[bool, bool, float, str]:
        size, group = sizes[place], groups[place]
        return group is None, size is None, -(size or 0.0), group or ""

    ordered = sorted(range(len(groups)), key=key)
    return tuple(ordered if len(ordered) <= MOST_GROUPS else ordered[:MOST_GROUPS])
