"""How it was computed: a card a KPI, then how to read the workbook, then the SQL of every sheet."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kpi.answer import Answer, Receipt, Source
from kpi.model import Kpi
from kpi.report.kinds import kind_of
from kpi.report.live import kpi_cell
from kpi.report.measures import measure_cells
from kpi.report.naming import reference
from kpi.report.report import Report, source_text
from kpi.report.sheet import Cell, Row, Sheet

HEADER = 3
_SQL_LETTERS = 118
# A run of letters and quoted pieces: SQL may be broken between such runs and nowhere else.
_SQL_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"])+""")


@dataclass(frozen=True)
class Workings:
    """The receipts of the summary's KPIs, `most` of them at most, and the rows that they fill."""

    report: Report
    most: int | None = None

    @cached_property
    def receipts(self) -> tuple[Receipt, ...]:
        answer = self.report.summary.answer
        return tuple(answer.receipt(kpi.id) for kpi in self.report.summary.kpis[: self.most])

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The imports behind all of them, each once with the most rows that a KPI used."""
        found: dict[int, Source] = {}
        for source in (source for receipt in self.receipts for source in receipt.imports):
            if source.import_id not in found or found[source.import_id].rows < source.rows:
                found[source.import_id] = source
        return tuple(found[id] for id in sorted(found))

    @cached_property
    def cards(self) -> tuple[tuple[Kpi, tuple[Row, ...]], ...]:
        return tuple((receipt.kpi, _card(self.report, receipt)) for receipt in self.receipts)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """KPI → the cell where its card begins, as other sheets name it."""
        found, row = {}, HEADER + 1
        for kpi, rows in self.cards:
            found[kpi.id] = reference(self.report.sheet_names["workings"], f"A{row}")
            row += len(rows)
        return found

    def sheet(self, answers: Sequence[tuple[str, Answer]]) -> Sheet:
        """The sheet; `answers`: the name of a sheet and the answer that it shows, for the SQL."""
        w, name = self.report.words, self.report.sheet_names["workings"]
        cards = [row for _, rows in self.cards for row in rows]
        header = Row(
            (Cell(w.t("KPI"), look="header"), Cell(w.t("Meaning, formula and origin"), look="header")), height=24
        )
        rows = [*self.report.head(name), header, *cards, *_reading(self.report)]
        queries = _queries(self.report, answers)
        body = (HEADER + 1, HEADER + len(cards))
        return Sheet(name, (*rows, *queries), (30.0, 125.0), HEADER, body, printed=len(rows))


def _card(report: Report, receipt: Receipt) -> tuple[Row, ...]:
    """The rows of one KPI."""
    w, kpi = report.words, receipt.kpi
    kind = kind_of(kpi.unit, receipt.currency, [receipt.value])
    lines = [
        (w.t("Meaning"), w.say(kpi.meaning)),
        (w.t("Formula"), report.formula_in_words(kpi)),
        (w.t("With its numbers"), _with_numbers(report, receipt) if len(receipt.measures) > 1 else ""),
        (w.t("Rows counted"), " · ".join(f"{_table(report, id)}: {w.count(n)}" for id, n in receipt.n.items())),
        (w.t("Left out"), _left_out(report, receipt)),
        (w.t("Imports"), " · ".join(source_text(w, source) for source in receipt.imports)),
        (w.t("What would make it wrong"), w.say(kpi.caution) if kpi.caution else ""),
    ]
    value = kpi_cell(kpi.formula, measure_cells(report), report.measures, receipt.value, kind, "card")
    head = Row((Cell(report.kpi_name(kpi), look="card"), value), height=22)
    return (head, *(Row((Cell(label, look="label"), Cell(text, look="prose"))) for label, text in lines if text), Row())


def _with_numbers(report: Report, receipt: Receipt) -> str:
    """`1 240 312,40 zł ÷ 6 182 = 200,63 zł`."""
    w, measures = report.words, report.catalogue.measures

    def written(name: str) -> str:
        measure = measures[name]
        return w.value(receipt.measures.get(name), measure.unit, report.summary.currency(measure))

    return f"{receipt.kpi.formula.words(written)} = {w.value(receipt.value, receipt.kpi.unit, receipt.currency)}"


def _left_out(report: Report, receipt: Receipt) -> str:
    w, found = report.words, []
    for left in receipt.left_out:
        detail = ", ".join(f"{name} {w.count(count)}" for name, count in left.detail.items())
        found.append(f"{w.say(left.reason)}: {w.count(left.count)}" + (f" ({detail})" if detail else ""))
    return " · ".join(found) or w.t("nothing")


def _table(report: Report, table: str) -> str:
    return report.words.say(report.catalogue.tables[table].name)


def _reading(report: Report) -> list[Row]:
    """What a reader of the workbook must know once."""
    w = report.words
    texts = [
        w.t(
            "A dash means that there is no value: something is missing, or a division by zero. It is not zero. "
            "The formula gives an empty text there, so that sums and averages pass over it."
        ),
        w.t("Rates change in percentage points, everything else in per cent of the compared value."),
        w.t(
            "Better and worse say only which way a KPI moved. "
            "Whether chance alone could have moved it so far is for the app to tell."
        ),
        w.t("A total is computed from the totals of the measures. It is never the sum or the mean of rates."),
        w.t("Reference bands come from the literature on online shops; they are no targets."),
    ]
    rows = [Row((Cell(w.t("How to read this workbook"), look="card"), Cell("", look="card")), height=22)]
    return [*rows, *(Row((None, Cell(text, look="prose"))) for text in texts), Row()]


def _queries(report: Report, answers: Sequence[tuple[str, Answer]]) -> list[Row]:
    """The SQL of each sheet and what stands for its question marks; a query is said once."""
    w, rows = report.words, []
    said: set[tuple[str, tuple[object, ...]]] = set()
    for name, answer in answers:
        if answer.sql and (answer.sql, answer.parameters) not in said:
            said.add((answer.sql, answer.parameters))
            rows.append(Row((Cell(f"SQL: {name}", look="card"), Cell("", look="card")), height=22))
            values = " · ".join(str(value) for value in answer.parameters)
            parameters = textwrap.wrap(values, _SQL_LETTERS) or [""]
            labels = [w.t("Parameters in order"), *[""] * len(parameters)]
            rows += [
                Row((Cell(label, look="label"), Cell(line, look="code")), is_folded=True)
                for label, line in zip(labels, parameters, strict=False)
            ]
            rows += [Row((None, Cell(line, look="code")), is_folded=True) for line in _sql_lines(answer.sql)]
            rows.append(Row())
    return rows


def _sql_lines(sql: str) -> Iterator[str]:
    """The SQL in lines that fit, broken only between words and never inside quotes."""
    for line in sql.splitlines():
        found = ""
        for word in _SQL_WORD.findall(line):
            if found and len(found) + len(word) >= _SQL_LETTERS:
                yield found
                found = "    " + word
            else:
                found = f"{found} {word}" if found else word
        yield found
