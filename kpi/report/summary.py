"""The summary: what the numbers are about and stand on, then the scorecard by area, every number a live formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpi.answer import Source
from kpi.changes import POINTS_DIGITS, RELATIVE_DIGITS, change_between, is_relative, shown_digits
from kpi.model import AREAS, Kpi
from kpi.report.kinds import DASH, kind_of
from kpi.report.live import kpi_cell, typed_cell
from kpi.report.measures import measure_cells
from kpi.report.report import Report, source_text
from kpi.report.sheet import Cell, Kind, Row, Sheet
from kpi.wording import Words

_MOST_SOURCES = 6


def summary_sheet(report: Report, sources: tuple[Source, ...], workings: Mapping[str, str]) -> Sheet:
    """The first sheet. `workings`: KPI → the cell that says how it was computed."""
    w, summary = report.words, report.summary
    has_compared = summary.other is not None
    rows = [Row((Cell(report.title, look="title"),), height=36), *_lines(report, sources), Row()]
    header = len(rows) + 1
    rows.append(_header(report, has_compared))
    for area, name in AREAS.items():
        kpis = [kpi for kpi in summary.kpis if kpi.area == area]
        if kpis:
            width = 7 if has_compared else 4
            rows.append(Row((Cell(w.say(name), look="area"), *[Cell(None, look="area")] * (width - 1)), height=20))
            rows += [_kpi_row(report, kpi, len(rows) + place, workings) for place, kpi in enumerate(kpis, 1)]
    last = len(rows)
    if not summary.kpis:
        rows.append(Row((Cell(w.t("Nothing can be computed from what is loaded."), look="note"),)))
    rows += [*report.notes(_notes(report)), *_refused(report)]
    widths = (38.0, 17.0, 17.0, 13.0, 18.0, 20.0, 58.0) if has_compared else (38.0, 20.0, 24.0, 70.0)
    return Sheet(
        name=report.sheet_names["summary"],
        rows=tuple(rows),
        widths=widths,
        header=header,
        body=(header + 1, last),
        is_frozen=False,
        verdicts=5 if has_compared else None,
    )


def _lines(report: Report, sources: tuple[Source, ...]) -> list[Row]:
    """Shop, period, comparison, filters, sources, when it was made and where the view is."""
    w, plan = report.words, report.plan
    lines = [
        (w.t("Shop"), plan.shop),
        (w.t("Period"), report.period),
        (w.t("Compared with"), _comparison(report)),
        (w.t("Filters"), report.filters),
        (w.t("Sources"), _sources(report, sources)),
        (w.t("Made"), w.moment(report.made_at)),
    ]
    rows = [Row((Cell(label, look="label"), Cell(text, look="meta"))) for label, text in lines if text]
    if plan.link:
        target = plan.link if plan.link.startswith(("https://", "http://")) else None
        rows.append(Row((Cell(w.t("Open the view"), look="label"), Cell(plan.link, look="link", target=target))))
    return rows


def _comparison(report: Report) -> str:
    w, compare, period = report.words, report.plan.compare, report.summary.answer.compared_period
    if compare is None or period is None:
        return ""
    names = {
        "previous": w.t("the previous period"),
        "year": w.t("the year before"),
        "year_weekday": w.t("the year before, the same weekdays"),
    }
    days = w.period(*period)
    return f"{names[compare]}: {days}" if isinstance(compare, str) else days


def _sources(report: Report, sources: tuple[Source, ...]) -> str:
    w = report.words
    named = [source_text(w, source) for source in sources[:_MOST_SOURCES]]
    if len(sources) > _MOST_SOURCES:
        named.append(w.n("and {n} more file", "and {n} more files", len(sources) - _MOST_SOURCES))
    return " · ".join(named)


def _header(report: Report, has_compared: bool) -> Row:
    w = report.words
    numbers = [w.t("Value"), *([w.t("Compared"), w.t("Change")] if has_compared else [])]
    texts = [*([w.t("Better or worse")] if has_compared else []), w.t("Reference")]
    cells = [Cell(w.t("KPI"), look="header"), *(Cell(text, look="header_number") for text in numbers)]
    cells += [*(Cell(text, look="header_line") for text in texts), Cell(w.t("Formula"), look="header")]
    return Row(tuple(cells), height=24)


def _kpi_row(report: Report, kpi: Kpi, row: int, workings: Mapping[str, str]) -> Row:
    w, summary = report.words, report.summary
    value = summary.answer.totals[kpi.id]
    other = None if summary.not_compared(kpi) else summary.answer.totals_compared.get(kpi.id)
    kind = kind_of(kpi.unit, summary.answer.currencies.get(kpi.id), [value, other])
    cells = [Cell(report.kpi_name(kpi), look="key", target=workings.get(kpi.id))]
    cells.append(kpi_cell(kpi.formula, measure_cells(report), report.measures, value, kind, "card_value"))
    if summary.other is not None:
        cells.append(_compared_cell(report, kpi, other, kind))
        cells += [_change_cell(kpi, row, value, other, kind), _verdict_cell(report, kpi, row, value, other)]
    band = f"{w.value(kpi.band[0], kpi.unit)} – {w.value(kpi.band[1], kpi.unit)}" if kpi.band else ""
    return Row((*cells, Cell(band, look="line"), Cell(report.formula_in_words(kpi), look="prose")))


def _compared_cell(report: Report, kpi: Kpi, other: float | None, kind: Kind) -> Cell:
    if report.summary.not_compared(kpi):
        return typed_cell(None, kind, "faint")
    return kpi_cell(kpi.formula, measure_cells(report, compared=True), report.compared_measures, other, kind, "faint")


def _change_cell(kpi: Kpi, row: int, value: float | None, other: float | None, kind: Kind) -> Cell:
    """Percentage points for a rate; else relative, or the difference where a percentage says nothing; empty after zero."""
    if kpi.unit in ("percent", "points"):
        scale = _points_scale(kpi)
        points = None if value is None or other is None else (value - other) * scale
        formula = f'=IFERROR((B{row}-C{row})*{scale},"")'
        return Cell("" if points is None else points, Kind("points", digits=POINTS_DIGITS), "body", formula)
    change = change_between(kpi, value, other)
    if change and other and not is_relative(value or 0.0, other):
        signed = replace(kind, is_signed=True)
        return Cell(change.difference, signed, "body", f'=IFERROR(IF(C{row}=0,"",B{row}-C{row}),"")')
    relative = change.relative if change and other else None
    formula = f'=IFERROR(IF(AND(C{row}>0,B{row}>=0),B{row}/C{row}-1,""),"")'
    return Cell("" if relative is None else relative, Kind("change", digits=RELATIVE_DIGITS), "body", formula)


def _verdict_cell(report: Report, kpi: Kpi, row: int, value: float | None, other: float | None) -> Cell:
    """Better, worse, undecided or no change, by the rule of `kpi.changes` over the two cells."""
    better, worse, undecided, same = verdict_words(report.words)
    higher, lower = {"up": (better, worse), "down": (worse, better)}.get(kpi.better, (undecided, undecided))
    change = change_between(kpi, value, other)
    word = {"better": better, "worse": worse, "same": same, "": undecided}[change.verdict] if change else ""
    if kpi.unit in ("percent", "points"):
        shown = f"ROUND((B{row}-C{row})*{_points_scale(kpi)},{POINTS_DIGITS})"
    else:
        relative = f"ROUND((B{row}-C{row})/C{row},{RELATIVE_DIGITS + 2})"
        shown = f"IF(AND(C{row}>0,B{row}>=0),{relative},B{row}-C{row})"
    judged = f'IF({shown}>0,"{higher}",IF({shown}<0,"{lower}","{same}"))'
    if change:
        digits = shown_digits(kpi, value or 0.0, other or 0.0)
        judged = f'IF(ROUND(B{row},{digits})=ROUND(C{row},{digits}),"{same}",{judged})'
    if kpi.unit not in ("percent", "points"):
        judged = f'IF(C{row}=0,IF(B{row}=0,"{same}","{undecided}"),{judged})'
    formula = f'=IF(AND(ISNUMBER(B{row}),ISNUMBER(C{row})),{judged},"")'
    return Cell(word, look="line", formula=formula)


def _points_scale(kpi: Kpi) -> int:
    return 100 if kpi.unit == "percent" else 1


def verdict_words(w: Words) -> tuple[str, str, str, str]:
    """What the column of verdicts can hold, in the reader's language."""
    return w.t("better"), w.t("worse"), w.t("undecided"), w.t("no change")


def _refused(report: Report) -> list[Row]:
    """The KPIs that cannot be computed, each with its reason, folded away under their number."""
    w, refused, is_folded = report.words, report.summary.answer.refused, bool(report.summary.kpis)
    if not refused:
        return []
    heading = w.n(
        "{n} KPI cannot be computed from what is loaded",
        "{n} KPIs cannot be computed from what is loaded",
        len(refused),
    )
    names = ((report.kpi_name(report.catalogue.kpis[id]), w.say(reason)) for id, reason in refused.items())
    lines = [Row((Cell(name, look="key"), Cell(reason, look="note")), is_folded=is_folded) for name, reason in names]
    return [Row(), Row((Cell(heading, look="label"),)), *lines]


def _notes(report: Report) -> list[str]:
    w, summary = report.words, report.summary
    missing = ((kpi, summary.not_compared(kpi)) for kpi in summary.kpis if summary.other)
    return report.notes_of(summary) + [f"{report.kpi_name(kpi)} {DASH} {w.say(why)}" for kpi, why in missing if why]
