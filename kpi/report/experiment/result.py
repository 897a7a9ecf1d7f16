"""The first sheet: the verdict in words, the plan, the comparisons, the checks, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi.experiment import Balance, balance
from kpi.experiment.plan import split_of
from kpi.report.experiment.table import VERDICTS, WIDTHS, Line, header, table_rows
from kpi.report.experiment.tested import Block, Tested
from kpi.report.experiment.workings import Workings
from kpi.report.sheet import Cell, Kind, Row, Sheet
from kpi.wording import Words

_UNITS, _SHARE, _NUMBER = Kind("count"), Kind("percent", digits=1), Kind("number", digits=5)


def result_sheet(tested: Tested, sheets: Mapping[int, Workings]) -> Sheet:
    """`sheets`: the place of a block among all of them → its workings."""
    w = tested.words
    rows = [
        Row((Cell(tested.title or w.t("A/B test"), look="title"),), height=36),
        Row((Cell(w.say(tested.verdict.sentence), look="card"),), height=24),
        *_lines(tested),
        Row(),
    ]
    first = len(rows) + 2
    tables = _tables(tested, sheets, first) or [Row((Cell(w.t("There is nothing to show here."), look="note"),))]
    last = first + len(tables) - 1
    rows += [header(tested), *tables, Row(), *_split(tested, last + 2), *_checks(tested), *_left_out(tested)]
    return Sheet(
        name=tested.sheet_names[0],
        rows=tuple(rows),
        widths=WIDTHS,
        header=first - 1,
        body=(first, last),
        still=2,
        is_frozen=False,
        verdicts=VERDICTS if tested.primary else None,
    )


def code_words(w: Words) -> dict[str, str]:
    """The six verdicts, as the app writes them."""
    return {
        "win": w.t("win"),
        "loss": w.t("loss"),
        "no_difference": w.t("no difference"),
        "keep_running": w.t("keep running"),
        "blocked": w.t("blocked"),
        "not_enough_data": w.t("not enough data"),
    }


def _lines(tested: Tested) -> list[Row]:
    """The verdict's reasons and the plan, a line each."""
    w, plan, where, verdict = tested.words, tested.plan, tested.verdict.progress, tested.verdict
    names = {metric.name: tested.label(metric) for metric in tested.observed.metrics}
    total = sum(plan.split.values())
    split = " · ".join(f"{arm}: {w.percent(weight / total)}" for arm, weight in plan.split.items()) if total else ""
    is_adjusted = plan.is_adjusted and tested.primary is not None and tested.primary.way == "cuped"
    lines = [
        (w.t("Verdict"), code_words(w)[verdict.code]),
        (w.t("Why"), " ".join(w.say(reason) for reason in verdict.reasons)),
        (w.t("Control"), plan.control),
        (w.t("The metric that decides"), names.get(plan.primary, plan.primary)),
        (w.t("Planned split"), split or w.t("equal")),
        (w.t("Planned size"), _units(w, plan.units) if plan.units else w.t("not declared")),
        (w.t("Planned end"), w.date(plan.end) if plan.end else w.t("not declared")),
        (w.t("Share of the plan"), w.percent(where.fraction) if where.fraction is not None else ""),
        (w.t("Accepted loss"), w.number(plan.margin, 6) if plan.margin else ""),
        (w.t("Error rate"), w.percent(plan.alpha)),
        (w.t("Adjusted by the past"), w.t("yes, CUPED decides") if is_adjusted else w.t("no")),
        (w.t("Earlier looks"), " · ".join(_units(w, look) for look in plan.looks)),
        (w.t("Made"), w.moment(tested.made_at)),
    ]
    rows = [Row((Cell(label, look="label"), Cell(text, look="meta"))) for label, text in lines if text]
    if tested.link:
        target = tested.link if tested.link.startswith(("https://", "http://")) else None
        rows.append(Row((Cell(w.t("Open the view"), look="label"), Cell(tested.link, look="link", target=target))))
    return rows


def _units(w: Words, n: int) -> str:
    return w.n("{n} unit", "{n} units", n)


def _tables(tested: Tested, sheets: Mapping[int, Workings], first: int) -> list[Row]:
    """The primary metric, the others, and the primary one in other ways; each with its own adjustment."""
    w, rows = tested.words, list[Row]()

    def lines(blocks: Sequence[Block]) -> list[Line]:
        pairs = ((block, one) for block in blocks for one in block.comparisons)
        return [Line(block, sheets[tested.blocks.index(block)], one, tested.name_of(block)) for block, one in pairs]

    def add(title: str, blocks: Sequence[Block], family: str) -> None:
        if not blocks:
            return
        rows.append(Row((Cell(title, look="area"), *[Cell(None, look="area")] * (len(WIDTHS) - 1)), height=20))
        rows.extend(table_rows(tested, lines(blocks), first + len(rows), family))  # type: ignore[arg-type]

    if tested.primary:
        add(w.t("The metric that decides (Holm over the variants)"), [tested.primary], "holm")
        add(w.t("Other metrics, which never decide (Benjamini–Hochberg)"), tested.others, "benjamini_hochberg")
        for block in tested.ways:
            add(w.t("The deciding metric in another way, beside it (Holm)"), [block], "holm")
    return rows


def _split(tested: Tested, first: int) -> list[Row]:
    """The sample-ratio check: counts typed in, expected counts, chi-square and p as formulas. `first`: its first row."""
    w, units = tested.words, tested.observed.units
    weights = {arm: weight for arm, weight in split_of(tested.observed, tested.plan).items() if weight > 0}
    found = balance(units, weights)
    if found is None:
        return []
    titles = (w.t("Variant"), w.t("Units"), w.t("Planned weight"), w.t("Expected units"), w.t("Part of chi-square"))
    begin, end = first + 2, first + 1 + len(weights)
    everyone, whole = sum(units.get(arm, 0) for arm in weights), sum(weights.values())
    rows = [
        Row(
            (Cell(w.t("Does the split hold? (sample-ratio check)"), look="card"), *[Cell("", look="card")] * 4),
            height=22,
        ),
        Row((Cell(titles[0], look="header"), *(Cell(title, look="header_number") for title in titles[1:])), height=32),
    ]
    for number, (arm, weight) in enumerate(weights.items(), begin):
        count, expected = units.get(arm, 0), everyone * weight / whole
        formula = f"=SUM($B${begin}:$B${end})*C{number}/SUM($C${begin}:$C${end})"
        part = (count - expected) ** 2 / expected
        rows.append(
            Row(
                (
                    Cell(arm, look="key"),
                    Cell(float(count), _UNITS, "typed"),
                    Cell(weight, Kind("number", digits=2), "typed"),
                    Cell(expected, Kind("number", digits=1), "body", formula),
                    Cell(part, _NUMBER, "body", f"=(B{number}-D{number})^2/D{number}"),
                )
            )
        )
    return [*rows, *_split_totals(w, found, begin, end), Row()]


def _split_totals(w: Words, found: Balance, begin: int, end: int) -> list[Row]:
    chi = Cell(found.statistic, _NUMBER, "total", f"=SUM(E{begin}:E{end})")
    p = Cell(found.p, _NUMBER, "total", f"=CHIDIST(E{end + 1},COUNT(B{begin}:B{end})-1)")
    gap = [Cell("", look="total")] * 3
    return [
        Row((Cell(w.t("Chi-square"), look="total"), *gap, chi)),
        Row((Cell(w.t("p-value: under 0.001 blocks the verdict, under 0.01 warns"), look="total"), *gap, p)),
    ]


def _checks(tested: Tested) -> list[Row]:
    """Every guard, a line each: how it ended and why."""
    w = tested.words
    states = {
        "passed": w.t("holds"),
        "warned": w.t("look at this"),
        "blocked": w.t("stops the verdict"),
        "too_few": w.t("not enough yet"),
        "unknown": w.t("cannot be checked"),
    }
    head = Row((Cell(w.t("Checks"), look="card"), *[Cell("", look="card")] * 4), height=22)
    lines = [
        Row((Cell(states[one.state], look="label"), Cell(w.say(one.text), look="meta")))
        for one in tested.verdict.guards
    ]
    return [head, *lines, Row()]


def _left_out(tested: Tested) -> list[Row]:
    """Rows read, units that take part, and what does not, by its rule."""
    w, intake = tested.words, tested.observed.intake
    lines = [
        (intake.rows, w.t("Rows were read.")),
        (intake.units, w.t("Units take part.")),
        *((one.count, w.say(one.rule)) for one in intake.left_out),
    ]
    head = Row((Cell(w.t("What was read and what was left out"), look="card"), *[Cell("", look="card")] * 4), height=22)
    return [head, *(Row((Cell(float(count), _UNITS, "typed"), Cell(text, look="meta"))) for count, text in lines)]
