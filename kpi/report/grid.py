"""A table of KPIs by groups or buckets: live columns on the left, the measures that they use folded on the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from openpyxl.utils import get_column_letter

from kpi.model import Kpi, Measure
from kpi.report.asked import Asked
from kpi.report.kinds import kind_of
from kpi.report.live import ROW, agrees, kpi_cell, live, nothing, typed_cell
from kpi.report.report import Report
from kpi.report.sheet import Cell, Kind, Look
from kpi.report.table import FIRST, Column
from kpi.report.totals import Totals, is_shared_out, table_totals


@dataclass(frozen=True)
class Grid:
    """The table's columns. `order`: the rows of the answer that are listed, in this order; `keys`: columns before.

    `currencies`: the currency of each listed row, where the groups are currencies.
    """

    report: Report
    table: Asked
    order: tuple[int, ...]
    keys: int
    has_shares: bool = False
    currencies: tuple[str | None, ...] | None = None

    @property
    def last(self) -> int:
        return FIRST + len(self.order) - 1

    @property
    def total_row(self) -> int:
        return self.last + 1

    @cached_property
    def totals(self) -> Totals:
        return table_totals(self.table, self.report.measures)

    @cached_property
    def compared_totals(self) -> Totals | None:
        if self.table.other is None:
            return None
        return table_totals(Asked(self.table.catalogue, self.table.other, None), self.report.compared_measures)

    @cached_property
    def shared_out(self) -> frozenset[str]:
        """The KPIs with a column of shares: parts that add up to a total which is not zero."""
        parts = (kpi for kpi in self.table.kpis if is_shared_out(kpi, self.table.measures))
        return frozenset(kpi.id for kpi in parts if self.has_shares and self._adds_up(kpi))

    @cached_property
    def columns_in_view(self) -> int:
        extra = sum((kpi.id in self.shared_out) + self.has_compared for kpi in self.table.kpis)
        return self.keys + len(self.table.kpis) + extra

    @property
    def has_compared(self) -> bool:
        return self.table.other is not None

    @cached_property
    def letters(self) -> dict[str, str]:
        """Measure → the letter of its column, after one empty column."""
        first = self.columns_in_view + 2
        return {one.id: get_column_letter(first + place) for place, one in enumerate(self.table.measures)}

    @cached_property
    def compared_letters(self) -> dict[str, str]:
        first = self.columns_in_view + 2 + len(self.table.measures)
        measures = self.table.measures if self.has_compared else ()
        return {one.id: get_column_letter(first + place) for place, one in enumerate(measures)}

    def columns(self) -> list[Column]:
        """The KPIs' columns, an empty one, then those of the measures."""
        found: list[Column] = []
        for kpi in self.table.kpis:
            letter = get_column_letter(self.keys + len(found) + 1)
            found.append(self._kpi_column(kpi))
            if kpi.id in self.shared_out:
                found.append(self._share_column(kpi, letter))
            if self.has_compared:
                found.append(self._compared_column(kpi))
        found.append(Column("", ()))
        found += [self._measure_column(one, self.letters[one.id]) for one in self.table.measures]
        return found + [self._compared_measure_column(one, letter) for one, letter in self._compared_pairs()]

    def notes(self) -> list[str]:
        """What a reader must know of the totals."""
        w, found = self.report.words, []
        whole = [
            one
            for one in self.table.measures
            if one.id not in self.totals.summed and self.totals.measures[one.id] is not None
        ]
        if whole and self.order:
            names = tuple(map(self.report.measure_name, whole))
            found.append(
                w.t(
                    "The total of these is counted over all rows, not added up from the rows above: {measures}.",
                    measures=names,
                )
            )
        if self.currencies:
            found.append(w.t("Amounts in several currencies have no total: currencies are never added."))
        return found

    def _adds_up(self, kpi: Kpi) -> bool:
        total = self.table.answer.totals[kpi.id]
        return bool(total) and agrees(math.fsum(value or 0 for value in self.table.column(kpi.id)), total)

    def _picked(self, values: Sequence[float | None]) -> list[float | None]:
        return [values[place] for place in self.order]

    def _kinds(self, unit: str, currency: str | None, values: Sequence[float | None]) -> list[Kind]:
        kind = kind_of(unit, currency, values)
        if self.currencies and unit == "money" and currency is None:
            return [Kind("money", name, 2) for name in self.currencies]
        return [kind] * len(self.order)

    def _kpi_kind(self, kpi: Kpi) -> Kind:
        total = self.table.answer.totals[kpi.id]
        values = self.table.column(kpi.id) if total is None or kpi.unit == "count" else [total]
        return kind_of(kpi.unit, self.table.answer.currencies.get(kpi.id), values)

    def _kpi_column(self, kpi: Kpi) -> Column:
        values, kind = self._picked(self.table.column(kpi.id)), self._kpi_kind(kpi)
        kinds = self._kinds(kpi.unit, kind.currency, ()) if kpi.unit == "money" else [kind] * len(values)
        template = live(kpi.formula, {name: f"{self.letters[name]}{ROW}" for name in kpi.formula.names})
        cells = _live_cells(values, template, kinds)
        total_cells = {name: f"{self.letters[name]}{self.total_row}" for name in kpi.formula.names}
        total = kpi_cell(
            kpi.formula, total_cells, self.totals.measures, self.table.answer.totals[kpi.id], kind, "total"
        )
        return Column(self.report.kpi_name(kpi), cells, total)

    def _share_column(self, kpi: Kpi, letter: str) -> Column:
        total = self.table.answer.totals[kpi.id]
        assert total
        kind = Kind("percent", digits=1)
        values = [None if value is None else value / total for value in self._picked(self.table.column(kpi.id))]
        template = f'=IFERROR({letter}{ROW}/{letter}${self.total_row},"")'
        whole = Cell(1.0, kind, "total", template.replace(ROW, str(self.total_row)))
        title = self.report.words.t("{kpi}: share", kpi=self.report.kpi_name(kpi))
        return Column(title, _live_cells(values, template, [kind] * len(values), "faint"), whole)

    def _compared_column(self, kpi: Kpi) -> Column:
        """The compared period's values, live where its measures give what the answer says."""
        other, kind = self.table.other, self._kpi_kind(kpi)
        assert other is not None
        title = self.report.words.t("{kpi}: compared", kpi=self.report.kpi_name(kpi))
        if self.table.not_compared(kpi):
            cells = [typed_cell(None, kind, "faint") for _ in self.order]
            return Column(title, cells, typed_cell(None, kind, "total"))
        official = self.table.column(f"{kpi.id}_compared")
        measures = {name: self.table.compared_measure(name) for name in kpi.formula.names}
        cells = [
            kpi_cell(
                kpi.formula,
                {name: f"{self.compared_letters[name]}{row}" for name in measures},
                {name: values[place] for name, values in measures.items()},
                official[place],
                kind,
                "faint",
            )
            for row, place in enumerate(self.order, FIRST)
        ]
        total_cells = {name: f"{self.compared_letters[name]}{self.total_row}" for name in measures}
        totals = self.compared_totals.measures if self.compared_totals else {}
        return Column(title, cells, kpi_cell(kpi.formula, total_cells, totals, other.totals[kpi.id], kind, "total"))

    def _measure_column(self, measure: Measure, letter: str) -> Column:
        values = self._picked(self.table.measure(measure.id))
        kinds = self._kinds(measure.unit, self.table.currency(measure), values)
        total = self._total_cell(measure, letter, values, self.totals, self.table.currency(measure))
        return Column(self.report.measure_name(measure), list(map(typed_cell, values, kinds)), total)

    def _compared_pairs(self) -> list[tuple[Measure, str]]:
        return [(one, self.compared_letters[one.id]) for one in self.table.measures if self.compared_letters]

    def _compared_measure_column(self, measure: Measure, letter: str) -> Column:
        values = self._picked(self.table.compared_measure(measure.id))
        currency = self.table.currency(measure, compared=True)
        assert self.compared_totals is not None
        total = self._total_cell(measure, letter, values, self.compared_totals, currency)
        title = self.report.words.t("{kpi}: compared", kpi=self.report.measure_name(measure))
        return Column(title, list(map(typed_cell, values, self._kinds(measure.unit, currency, values))), total)

    def _total_cell(
        self, measure: Measure, letter: str, values: Sequence[float | None], totals: Totals, currency: str | None
    ) -> Cell:
        """The sum of the column where that is the total, else the total as it is."""
        total = totals.measures.get(measure.id)
        kind = kind_of(measure.unit, currency, [total])
        listed = math.fsum(value for value in values if value is not None)
        if measure.id in totals.summed and agrees(listed, total):
            return Cell(total, kind, "total", f"=SUM({letter}{FIRST}:{letter}{self.last})")
        return typed_cell(total, kind, "total")


def _live_cells(
    values: Sequence[float | None], template: str, kinds: Sequence[Kind], look: Look = "body"
) -> list[Cell]:
    return [
        Cell(nothing(template) if value is None else value, kind, look, template.replace(ROW, str(row)))
        for row, (value, kind) in enumerate(zip(values, kinds, strict=True), FIRST)
    ]
