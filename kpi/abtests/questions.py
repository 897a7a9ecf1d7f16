"""From a design to what `kpi.experiment` takes: a source of rows in DuckDB and metrics over its columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kpi import experiment as ab
from kpi.abtests.design import Design, Measure
from kpi.abtests.held import Column, Held
from kpi.errors import BadExperiment
from kpi.wording.message import Text, message

# No column of a file has such a name.
UNIT, ARM, AT = "·unit", "·arm", "·at"
REVENUE, CONVERSIONS, ORDERS = "revenue_amount", "conversions", "orders"
CONVERSION_RATE = Text("conversion rate", "konwersja")
REVENUE_PER_VISITOR = Text("revenue per visitor", "przychód na odwiedzającego")
REVENUE_PER_CUSTOMER = Text("revenue per customer", "przychód na klienta")
WHO_ORDERED = Text("share who ordered", "odsetek z zamówieniem")
AOV = Text("average order value", "średnia wartość zamówienia")
REVENUE_PER_CONVERSION = Text("revenue per conversion", "przychód na konwersję")
_AOV_OF = (ORDERS, CONVERSIONS)


def completed(design: Design, held: Held) -> Design:
    """The design with revenue per unit beside every average order value and the other way round."""
    aov = aov_of(held, design.primary.empty)
    if aov is None:
        return design
    measures = design.measures
    added: list[Measure] = []
    of_revenue = [one for one in measures if one.column == REVENUE]
    if any(one.kind == "mean" for one in of_revenue) and not any(one.kind == "ratio" for one in of_revenue):
        mean = next(one for one in of_revenue if one.kind == "mean")
        added.append(_like(aov, mean))
    if any(one.kind == "ratio" for one in of_revenue) and not any(one.kind == "mean" for one in of_revenue):
        ratio = next(one for one in of_revenue if one.kind == "ratio")
        added.append(_like(Measure("mean", REVENUE), ratio))
    return replace(design, others=(*design.others, *added)) if added else design


def aov_of(held: Held, empty: str = "zero") -> Measure | None:
    """Revenue over orders, or over conversions where the rows count no orders; None where there is neither."""
    if held.column(REVENUE) is None:
        return None
    denominator = next((name for name in _AOV_OF if held.column(name)), None)
    return (
        Measure("ratio", REVENUE, "left_out" if empty == "left_out" else "zero", denominator) if denominator else None
    )


def source_of(held: Held, design: Design, zone: str) -> ab.Source:
    """The experiment's rows with every column that the design names.

    Raises: BadExperiment: the rows have no such column.
    """
    named = dict.fromkeys(columns_of(design))
    columns = ["unit", "arm", f"local_time(assigned_at, utc_offset, {literal(zone)})"]
    aliases = [UNIT, ARM, AT]
    for name in named:
        columns.append(needed_column(held, name).sql)
        aliases.append(name)
    listed = ", ".join(f"{sql} as {quoted(alias)}" for sql, alias in zip(columns, aliases, strict=True))
    return ab.Source(
        f"(select {listed} from rows.experiment_units where import_id = {held.imports[0]} and part_no = {held.part_no} "
        f"and experiment = {literal(held.name)})",
        UNIT,
        ARM,
        AT if held.days else None,
        segments=design.segments,
        rows=held.rows_are,
        seen=design.seen,
        shows=dict(design.shows),
    )


def metrics_of(held: Held, design: Design) -> tuple[ab.Metric, ...]:
    """Raises: BadExperiment: a measure that its columns cannot give."""
    return tuple(_metric(held, one, design) for one in design.measures)


def columns_of(design: Design, *, outcomes: bool = True) -> Iterator[str]:
    """The columns that the design names; without `outcomes` only what describes the units."""
    for one in design.measures if outcomes else ():
        yield from filter(None, (one.column, one.denominator, one.covariate, one.covariate_denominator))
    yield from design.segments
    if design.seen:
        yield design.seen


def needed_column(held: Held, name: str) -> Column:
    """Raises: BadExperiment: the rows have no such column."""
    column = held.column(name)
    if column is None:
        raise _missing(held, name)
    return column


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def label_of(held: Held, measure: Measure, outcomes: str = "file") -> Text | str:
    """What the measure is called beside others."""
    column = held.column(measure.column)
    label = column.label if column else measure.column
    if measure.kind == "proportion":
        if measure.column == CONVERSIONS:
            return CONVERSION_RATE
        if measure.column == ORDERS:
            return WHO_ORDERED
        return (
            label if column and column.kind == "flag" else _composed("share with {}", "odsetek z wartością: {}", label)
        )
    if measure.kind == "mean":
        if measure.column == REVENUE:
            return REVENUE_PER_CUSTOMER if outcomes == "orders" else REVENUE_PER_VISITOR
        return label
    if (measure.column, measure.denominator) == (REVENUE, ORDERS):
        return AOV
    if (measure.column, measure.denominator) == (REVENUE, CONVERSIONS):
        return REVENUE_PER_CONVERSION
    below = held.column(measure.denominator or "")
    return _composed("{} ÷ {}", "{} ÷ {}", label, below.label if below else measure.denominator or "")


def _metric(held: Held, measure: Measure, design: Design) -> ab.Metric:
    _refuse_wrong(held, measure)
    is_money = measure.column == REVENUE
    currency = _currency(held) if is_money and measure.kind != "proportion" else None
    unit: ab.metric.Unit = "percent" if measure.kind == "proportion" else "money" if currency else "number"
    return ab.Metric(
        measure.name,
        measure.kind,
        measure.column,
        measure.empty,
        label_of(held, measure, design.outcomes),
        measure.denominator,
        measure.covariate if measure.kind != "proportion" else None,
        measure.winsor_share if measure.kind == "mean" else None,
        unit,
        currency,
        measure.is_higher_better,
        ab.CUSTOMER if design.outcomes == "orders" else ab.VISITOR,
        measure.covariate_denominator if measure.kind == "ratio" else None,
    )


def _refuse_wrong(held: Held, measure: Measure) -> None:
    numbers = {one.name: one for one in held.numbers}
    earlier = (measure.covariate, measure.covariate_denominator)
    for name in filter(None, (measure.column, measure.denominator, *earlier)):
        if name not in numbers or not (numbers[name].is_outcome or name in earlier):
            raise _missing(held, name)
    of_ratio = (measure.kind == "ratio") == (measure.denominator is not None)
    past = measure.covariate_denominator is None or (measure.kind == "ratio" and measure.covariate is not None)
    if not (of_ratio and past) or measure.covariate == measure.column:
        raise BadExperiment(
            message("This metric cannot be computed"),
            message("A ratio needs something to divide by, and no metric is its own covariate."),
            message("Choose the metric's columns again."),
        )


def _currency(held: Held) -> str | None:
    if len(held.currencies) > 1:
        raise BadExperiment(
            message("The amounts of this test are in several currencies"),
            message(
                "“{test}” has amounts in {currencies}, which cannot be added up.",
                test=held.name,
                currencies=held.currencies,
            ),
            message("Add the file again with the amounts in one currency, or choose a metric without money."),
        )
    return held.currency


def _missing(held: Held, name: str) -> BadExperiment:
    known = tuple(one.label for one in (*held.numbers, *held.categories))
    return BadExperiment(
        message("A column of the test is missing"),
        message(
            "“{test}” has no column “{column}” that could be used so. It has: {columns}.",
            test=held.name,
            column=name,
            columns=known,
        ),
        message("Choose another column, or add the file again."),
    )


def _composed(en: str, pl: str, *labels: Text | str) -> Text:
    texts = [one if isinstance(one, Text) else Text(one, one) for one in labels]
    return Text(en.format(*(one.en for one in texts)), pl.format(*(one.pl for one in texts)))


def _like(added: Measure, other: Measure) -> Measure:
    return Measure(added.kind, added.column, other.empty, added.denominator, is_higher_better=other.is_higher_better)
