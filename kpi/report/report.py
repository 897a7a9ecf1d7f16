"""What all sheets of one workbook share: the plan, the words, the names of the sheets, the summary's numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kpi.answer import Source
from kpi.labels import kpi_label, measure_label
from kpi.model import Catalogue, Kpi, Measure
from kpi.model.values import value_name
from kpi.report.asked import Ask, Asked, asked
from kpi.report.kinds import DASH
from kpi.report.naming import sheet_names
from kpi.report.plan import ReportPlan
from kpi.report.sheet import Cell, Row
from kpi.wording import Words, words
from kpi.wording.message import Message

Values = Mapping[str, float | None]

# As many letters as a line of a note has before it goes on in the next row.
_NOTE_LETTERS = 110


@dataclass(frozen=True)
class Report:
    """One workbook in the making."""

    ask: Ask
    catalogue: Catalogue
    plan: ReportPlan
    made_at: datetime

    @cached_property
    def words(self) -> Words:
        return words(self.plan.language)

    @cached_property
    def summary(self) -> Asked:
        """The numbers of the whole period and of the compared one."""
        return asked(self.ask, self.catalogue, self.plan.query)

    @cached_property
    def breakdowns(self) -> Mapping[str, Asked]:
        """Dimension → its groups in the whole period."""
        questions = {id: self.plan.query.but(by=(id,), compare=None) for id in self.plan.breakdowns}
        return {id: asked(self.ask, self.catalogue, query) for id, query in questions.items()}

    @cached_property
    def time(self) -> Asked:
        """The buckets of the plan's grain, and those of the compared period."""
        return asked(self.ask, self.catalogue, self.plan.query.but(grain=self.plan.grain))

    @cached_property
    def measures(self) -> Values:
        """Measure → its value in the whole period."""
        return _only_row({one.id: self.summary.measure(one.id) for one in self.summary.measures})

    @cached_property
    def compared_measures(self) -> Values:
        """Measure → its value in the compared period."""
        return _only_row({one.id: self.summary.compared_measure(one.id) for one in self.summary.measures})

    @cached_property
    def sheet_names(self) -> Mapping[str, str]:
        """The sheets by what they are: "summary", "measures", a dimension's id, "time", "workings"."""
        w, breakdowns = self.words, self.plan.breakdowns
        titles = [w.say(self.catalogue.dimensions[id].name) for id in breakdowns]
        wanted = [w.t("Summary"), w.t("Measures"), *titles, w.t("Over time"), w.t("How it was computed")]
        keys = ["summary", "measures", *(f"by {id}" for id in breakdowns), "time", "workings"]
        return dict(zip(keys, sheet_names(wanted), strict=True))

    @property
    def title(self) -> str:
        return self.plan.title or self.words.t("Report")

    @property
    def subtitle(self) -> str:
        """Shop, period and filters in one line."""
        return " · ".join(part for part in (self.plan.shop, self.period, self.filters) if part)

    @property
    def period(self) -> str:
        return self.words.period(*(self.summary.answer.period or self.plan.period or (None, None)))

    @property
    def filters(self) -> str:
        """`Device: mobile, (unknown) · Country: Polska`, empty without filters."""
        dimensions, w = self.catalogue.dimensions, self.words
        return " · ".join(
            f"{w.say(dimensions[id].name)}: {', '.join(self.group_name(id, value) for value in values)}"
            for id, values in self.plan.query.where.items()
        )

    def group_name(self, dimension: str, value: str | None) -> str:
        """A group in the reader's language; the rows without a value in the dimension's own words."""
        return value_name(dimension, value, self.words)

    def kpi_name(self, kpi: Kpi) -> str:
        """The name, and whether VAT is in the amount."""
        return kpi_label(self.words, self.summary.answer, kpi.id)

    def measure_name(self, measure: Measure) -> str:
        return measure_label(self.words, self.summary.answer, measure)

    def formula_in_words(self, kpi: Kpi) -> str:
        return kpi.formula.words(lambda name: self.words.say(self.catalogue.measures[name].name))

    def head(self, title: str) -> tuple[Row, ...]:
        """The first two rows of every sheet but the summary."""
        return Row((Cell(title, look="title"),), height=27), Row((Cell(self.subtitle, look="subtitle"),), height=18)

    def notes_of(self, found: Asked) -> list[str]:
        """What the answers say beside their numbers, that of the compared period marked as such."""
        w, notes = self.words, found.answer.notes
        others = [note for note in found.other.notes if note not in notes] if found.other else []
        return [w.say(note) for note in notes] + [w.t("In the compared period: {note}", note=note) for note in others]

    def notes(self, notes: Iterable[str], *, at: int = 2) -> tuple[Row, ...]:
        """Sentences under a table, from column `at` on, each in as many rows as it needs."""
        lines = [line for note in dict.fromkeys(notes) for line in _lines(note)]
        return (Row(), *_labelled(self.words.t("Notes"), lines, at)) if lines else ()

    def refusals(self, refused: Mapping[str, Message], *, at: int = 2) -> tuple[Row, ...]:
        """The KPIs that a sheet cannot show, gathered by their reason."""
        names: dict[str, list[str]] = {}
        for id, reason in refused.items():
            names.setdefault(self.words.say(reason), []).append(self.kpi_name(self.catalogue.kpis[id]))
        lines = [line for reason, kpis in names.items() for line in _lines(f"{', '.join(kpis)} {DASH} {reason}")]
        return (Row(), *_labelled(self.words.t("Not on this sheet"), lines, at)) if lines else ()


def source_text(words: Words, source: Source) -> str:
    """`orders.csv (44 rows)`."""
    return f"{source.name} ({words.n('{n} row', '{n} rows', source.rows)})"


def _lines(note: str) -> list[str]:
    return textwrap.wrap(note, _NOTE_LETTERS, subsequent_indent="    ", break_long_words=False)


def _labelled(label: str, lines: list[str], at: int) -> list[Row]:
    """The label in the first column, beside the first line."""
    labels = [Cell(label, look="label"), *[None] * len(lines)]
    gap = [None] * (at - 2)
    return [Row((name, *gap, Cell(line, look="note"))) for name, line in zip(labels, lines, strict=False)]


def _only_row(columns: Mapping[str, list[float | None]]) -> Values:
    return {name: values[0] if values else None for name, values in columns.items()}
