"""Counts per variant: typed in to the workspace's rows, and from them to what was observed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from babel.numbers import list_currencies

from kpi import experiment as ab
from kpi.abtests.design import Design
from kpi.abtests.held import PLACE, Held
from kpi.abtests.questions import metrics_of
from kpi.errors import BadExperiment
from kpi.wording.message import Text, message

COUNTS_NAME = Text("Experiment: counts, typed in", "Eksperyment: liczby wpisane ręcznie")
_TABLE = "typed_counts"


@dataclass(frozen=True)
class TypedCounts:
    """The counts of one experiment, as a person typed them in."""

    name: str
    counts: tuple[ab.ArmCount, ...]
    currency: str | None

    @property
    def sha256(self) -> str:
        told = [
            self.name,
            self.currency,
            [[one.arm, one.visitors, one.conversions, one.revenue_amount] for one in self.counts],
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    def table(self, con: Any) -> str:
        """The counts as a temporary table of canonical rows."""
        con.execute(
            f"create or replace temp table {_TABLE} (row_no bigint, experiment varchar, arm varchar, visitors bigint, "
            "conversions double, revenue_amount decimal(18, 4), currency varchar)"
        )
        con.executemany(
            f"insert into {_TABLE} values (?, ?, ?, ?, ?, ?, ?)",
            [
                [row_no, self.name, one.arm, one.visitors, one.conversions, one.revenue_amount, self.currency]
                for row_no, one in enumerate(self.counts, 1)
            ],
        )
        return _TABLE


def typed_counts(name: str, counts: Sequence[ab.ArmCount], currency: str | None) -> TypedCounts:
    """Raises: BadExperiment: no name, fewer than two variants, counts that cannot be, or an amount without a currency."""
    told = TypedCounts(name.strip(), tuple(counts), currency.strip().upper() if currency else None)
    ab.observed_counts(told.counts, told.currency)
    if not told.name or len(told.counts) < 2:
        raise BadExperiment(
            message("This test cannot be kept"),
            message("A test needs a name and at least two variants."),
            message("Name it and type in a line for each variant."),
        )
    has_revenue = any(one.revenue_amount is not None for one in told.counts)
    if (has_revenue and told.currency is None) or (told.currency and told.currency not in list_currencies()):
        raise BadExperiment(
            message("The currency of these amounts is not known"),
            message("Revenue is an amount of money, and “{currency}” is no currency.", currency=told.currency or ""),
            message("Name the currency by its code of three letters, such as PLN."),
        )
    return replace(told, currency=told.currency if has_revenue else None)


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
