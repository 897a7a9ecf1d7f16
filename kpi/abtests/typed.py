"""Counts per variant: from the workspace's rows to what was observed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kpi import experiment as ab
from kpi.abtests.design import Design
from kpi.abtests.held import PLACE, Held
from kpi.abtests.questions import metrics_of
from kpi.errors import BadExperiment
from kpi.wording.message import message


def observed_counts_of(con: Any, held: Held, design: Design) -> ab.Observed:
    """Conversion and revenue per visitor under the names of the design's measures.

    Raises: BadExperiment: counts that cannot be, or a measure that counts do not tell.
    """
    place = {"experiment": held.name, "import": held.imports[0], "part": held.part_no}
    found = con.execute(
        f"select arm, visitors, conversions, revenue_amount::double from rows.experiment_counts where {PLACE} order by arm",
        place,
    ).fetchall()
    if any(conversions is None or visitors is None for _, visitors, conversions, _ in found):
        raise BadExperiment(
            message("A variant has no count"),
            message("Every variant of “{test}” needs its visitors and its conversions.", test=held.name),
            message("Add the counts again with both."),
        )
    counts = [ab.ArmCount(arm, visitors, conversions, revenue) for arm, visitors, conversions, revenue in found]
    return _renamed(ab.observed_counts(counts, held.currency), held, design)


def _renamed(observed: ab.Observed, held: Held, design: Design) -> ab.Observed:
    """The same with the names, labels and directions of the design's measures; the others are left out."""
    own = {(one.kind, one.column): one for one in observed.metrics}
    names: dict[str, str] = {}
    metrics: list[ab.Metric] = []
    for metric in metrics_of(held, design):
        known = own.get((metric.kind, metric.column))
        if known is None:
            raise BadExperiment(
                message("Counts do not tell this"),
                message(
                    "Of counts per variant only the conversion can be tested: what each visitor did is not in them."
                ),
                message("Choose the conversion, or add a file with a row for each user."),
            )
        names[known.name] = metric.name
        metrics.append(metric)
    cells = tuple(
        replace(cell, moments={names[name]: found for name, found in cell.moments.items() if name in names})
        for cell in observed.cells
    )
    return replace(observed, metrics=tuple(metrics), cells=cells)
