"""What of a query can be computed from what is there: the period, the rows that serve each measure, the refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from kpi.engine.holdings import Holdings
from kpi.engine.plan import Plan, plan
from kpi.engine.windows import measure_period, windows
from kpi.errors import UnknownKpi
from kpi.model import Catalogue, Measure
from kpi.periods import Period, hull, overlap
from kpi.query import Query
from kpi.wording.message import Message, message

CurrencyCheck = Callable[[str, Query, Period], frozenset[str]]


@dataclass(frozen=True)
class Served:
    """A measure with the rows that serve it: a plan for reports, None for keyed tables. `is_converted`: its amounts
    are taken in the workspace's currency."""

    measure: Measure
    plan: Plan | None
    coverage: tuple[Period, ...]
    is_converted: bool = False


@dataclass
class Scope:
    """The computable part of a query. `period` is None where nothing is there at all; `mixed`: money KPIs by currency,
    which have values but no total; `last_customer_no`: as the holdings have it."""

    period: Period | None
    last_customer_no: int = 0
    served: dict[str, Served] = field(default_factory=dict)
    kpis: tuple[str, ...] = ()
    refused: dict[str, Message] = field(default_factory=dict)
    notes: list[Message] = field(default_factory=list)
    currencies: dict[str, str] = field(default_factory=dict)
    mixed: set[str] = field(default_factory=set)
    coverage: dict[str, tuple[Period, ...]] = field(default_factory=dict)

    def of(self, kpis: tuple[str, ...], model: Catalogue) -> Scope:
        """The same for these of the KPIs alone."""
        names = (name for kpi in kpis for name in model.kpis[kpi].formula.names)
        return replace(self, kpis=kpis, served={name: self.served[name] for name in names})


def scope(query: Query, model: Catalogue, held: Holdings, currencies_in: CurrencyCheck) -> Scope:
    """Raises: UnknownKpi: the query names a KPI or dimension that the catalogue does not have."""
    _expect_known(query, model)
    tables = tuple(dict.fromkeys(table for kpi in query.kpis for table in model.tables_of(kpi)))
    found = Scope(_period(query, held, tables), held.last_customer_no)
    found.coverage = {table: held.coverage(table) for table in tables}
    kept = []
    for kpi in query.kpis:
        reason = _missing_table(kpi, model, held) or _missing_dimension(kpi, query, model, held)
        reason = reason or _unserved(kpi, query, model, held, found) or _apart(kpi, model, found)
        reason = reason or _mixed_money(kpi, query, model, held, found, currencies_in)
        if reason:
            found.refused[kpi] = reason
        else:
            kept.append(kpi)
    return found.of(tuple(kept), model)


def total_query(query: Query, found: Scope) -> Query | None:
    """The question about the total, where the rows of the groups do not add up to it; None where they do."""
    is_listed = any(served.plan is not None and served.plan.is_listed for served in found.served.values())
    return query.but(by=(), grain=None) if is_listed and query.by else None


def _expect_known(query: Query, model: Catalogue) -> None:
    unknown_kpi = next((name for name in query.kpis if name not in model.kpis), None)
    unknown_dimension = next((name for name in (*query.by, *query.where) if name not in model.dimensions), None)
    if unknown_kpi or unknown_dimension:
        raise UnknownKpi(
            message("This question cannot be answered"),
            message("There is no KPI “{name}”.", name=unknown_kpi)
            if unknown_kpi
            else message("There is no dimension “{name}”.", name=str(unknown_dimension)),
            message("Use the names of the catalogue."),
        )


def _period(query: Query, held: Holdings, tables: tuple[str, ...]) -> Period | None:
    everything = hull(span for table in tables for span in held.coverage(table))
    if query.start and query.end:
        return query.start, query.end
    if everything is None:
        return None
    start, end = query.start or everything[0], query.end or everything[1]
    return (start, end) if start <= end else (query.start or end, query.end or start)


def _missing_table(kpi: str, model: Catalogue, held: Holdings) -> Message | None:
    missing = tuple(model.tables[table].name for table in model.tables_of(kpi) if not held.has(table))
    return message("Not loaded yet: {tables}.", tables=missing) if missing else None


def _missing_dimension(kpi: str, query: Query, model: Catalogue, held: Holdings) -> Message | None:
    only = model.kpis[kpi].only_by
    for dimension in (*query.by, *query.where):
        if only is not None and dimension not in only and model.follows_customers(kpi):
            return message(
                "This KPI follows customers over a year, and customers move between groups: it has no value by {dimension}.",
                dimension=model.dimensions[dimension].name,
            )
        if only is not None and dimension not in only:
            return message("This KPI has no meaning by {dimension}.", dimension=model.dimensions[dimension].name)
        if dimension == "currency" and _needs_more_than_money(kpi, model):
            return message(
                "This KPI sets money beside what has no currency, so it cannot be split or filtered by currency."
            )
        for table in model.tables_of(kpi):
            if dimension not in model.tables[table].dimensions:
                return message(
                    "The table “{table}” cannot know this dimension: {dimension}.",
                    table=model.tables[table].name,
                    dimension=model.dimensions[dimension].name,
                )
            if not held.knows(table, dimension) and not model.dimensions[dimension].may_be_empty:
                return message(
                    "The files loaded into “{table}” do not say this: {dimension}.",
                    table=model.tables[table].name,
                    dimension=model.dimensions[dimension].name,
                )
    return None


def _needs_more_than_money(kpi: str, model: Catalogue) -> bool:
    """Whether money of one table meets counts of another, which no currency belongs to."""
    money = {measure.table for measure in model.measures_of(kpi) if measure.unit == "money"}
    return bool(money) and bool(set(model.tables_of(kpi)) - money)


def _unserved(kpi: str, query: Query, model: Catalogue, held: Holdings, found: Scope) -> Message | None:
    assert found.period is not None
    for measure in model.measures_of(kpi):
        if measure.window and measure.window.months and query.grain in ("day", "week"):
            return message("This KPI looks back over 12 months; choose months or longer.")
        served = found.served.get(measure.id) or _serve(measure, query, model, held, found.period)
        served = replace(served, is_converted=_is_converted(measure, query, held, found.period))
        found.served[measure.id] = served
        reason = _plan_refusal(measure, served, query, model, held)
        if reason:
            return reason
        if reason := _uncovered(measure, served, query, model, held, found.period):
            return reason
    return None


def _uncovered(
    measure: Measure, served: Served, query: Query, model: Catalogue, held: Holdings, period: Period
) -> Message | None:
    """Why the days that a measure needs are not there; a year's customers may be known for a part of it."""
    table, days = model.tables[measure.table].name, hull(held.coverage(measure.table))
    if not measure.looks_back and not any(overlap(period, span) for span in served.coverage):
        return message("The table “{table}” has no rows in this period; it covers {days}.", table=table, days=days)
    if measure.window and measure.window.days and not windows(measure, period, query.grain, served.coverage):
        return message(
            "This KPI needs all of the {n} day up to the end; the table “{table}” covers {days}.",
            "This KPI needs all of the {n} days up to the end; the table “{table}” covers {days}.",
            n=measure.window.days,
            table=table,
            days=days,
        )
    return None


def _apart(kpi: str, model: Catalogue, found: Scope) -> Message | None:
    """A KPI over tables that share no day of the period has no value, only a quotient."""
    assert found.period is not None
    days: dict[str, tuple[Period, ...]] = {}
    for measure in model.measures_of(kpi):
        if not measure.looks_back:
            days[measure.table] = found.served[measure.id].coverage
    if len(days) < 2:
        return None
    (one, its), (other, others) = list(days.items())[:2]
    within = [overlap(found.period, span) for span in its]
    if any(inside and overlap(inside, span) for inside in within for span in others):
        return None
    return message(
        "“{one}” ({days}) and “{other}” ({other_days}) have no day in common.",
        one=model.tables[one].name,
        days=hull(its),
        other=model.tables[other].name,
        other_days=hull(others),
    )


def _serve(measure: Measure, query: Query, model: Catalogue, held: Holdings, period: Period) -> Served:
    if not model.tables[measure.table].is_report:
        return Served(measure, None, held.spans.get(measure.table, ()))
    dimensions = frozenset((*query.by, *query.where, *measure.needs))
    required = frozenset(name for name, values in query.where.items() if None not in values)
    pinned = frozenset((*query.by, *(name for name, values in query.where.items() if len(values) == 1)))
    chosen = plan(
        held.series[measure.table],
        measure.uses,
        dimensions,
        period,
        query.grain,
        exact=measure.sole,
        required=required,
        pinned=pinned,
        are_tools=model.tables[measure.table].are_tools,
        has_rules=bool(held.own_rules),
    )
    return Served(measure, chosen, chosen.coverage)


def _is_converted(measure: Measure, query: Query, held: Holdings, period: Period) -> bool:
    """Amounts are converted where several currencies are there, each with its rates, and nobody asks for one of them."""
    if "currency" in query.by or "currency" in query.where or not held.is_mixed:
        return False
    return held.is_convertible(measure.table, _days_of(measure, held, period))


def _plan_refusal(measure: Measure, served: Served, query: Query, model: Catalogue, held: Holdings) -> Message | None:
    chosen = served.plan
    if chosen is None:
        is_said = all(held.knows(measure.table, column) for column in measure.uses)
        return None if is_said else _unsaid(measure, model)
    if missing := [name for name in measure.needs if not held.knows(measure.table, name)]:
        return message(
            "The files loaded into “{table}” do not say this: {dimension}.",
            table=model.tables[measure.table].name,
            dimension=model.dimensions[missing[0]].name,
        )
    if chosen.needs_pinning:
        return message(
            "The groups of this breakdown leave rows out or overlap and are never added: choose one value, or break down by it."
        )
    if not chosen.is_known and (chosen.pieces or chosen.lacking):
        asked = dict.fromkeys((*query.by, *query.where, *measure.needs))
        return message(
            "No report in “{table}” is broken down by all of these together: {dimensions}.",
            table=model.tables[measure.table].name,
            dimensions=tuple(model.dimensions[name].name for name in asked),
        )
    if chosen.broken:
        if (
            query.grain
            and query.start is not None
            and query.start <= chosen.broken[0]
            and (query.end or date.max) >= chosen.broken[1]
        ):
            return message(
                "The report in “{table}” is only known for {days} as a whole; choose a coarser grain.",
                table=model.tables[measure.table].name,
                days=chosen.broken,
            )
        return message(
            "The report in “{table}” is only known for {days} as a whole; choose a period that contains these days.",
            table=model.tables[measure.table].name,
            days=chosen.broken,
        )
    if measure.kind and len(chosen.kinds) > 1:
        return message(
            "The reports in “{table}” count this in different ways, which are never mixed: {measure}. Choose a period that only one of them covers.",
            table=model.tables[measure.table].name,
            measure=measure.name,
        )
    if not chosen.pieces and measure.sole:
        return _sole_refusal(measure, query, model, held)
    return None if chosen.pieces else _unsaid(measure, model)


def _sole_refusal(measure: Measure, query: Query, model: Catalogue, held: Holdings) -> Message:
    """Names the dimensions that a report knows it by and the question lacks, where there are any."""
    able = [one for one in held.series[measure.table] if set(measure.uses) <= one.filled and one.is_partition]
    asked = {*query.by, *query.where, "currency", "platform"}
    lacks = min((one.dimensions - asked for one in able), key=lambda names: (len(names), sorted(names)), default=None)
    if named := tuple(dimension.name for name, dimension in model.dimensions.items() if name in (lacks or ())):
        return message("People are never added up; the report knows them only by {dimensions}.", dimensions=named)
    return message("Unique users cannot be added up; they are known only in the breakdown of the report.")


def _unsaid(measure: Measure, model: Catalogue) -> Message:
    return message(
        "No file in “{table}” says this: {measure}.", table=model.tables[measure.table].name, measure=measure.name
    )


def _mixed_money(
    kpi: str, query: Query, model: Catalogue, held: Holdings, found: Scope, currencies_in: CurrencyCheck
) -> Message | None:
    assert found.period is not None
    names: set[str] = set()
    for measure in model.measures_of(kpi):
        if measure.unit == "money":
            names |= _currencies(measure, query, held, found, currencies_in)
    if len(names) == 1 and model.kpis[kpi].unit == "money":
        found.currencies[kpi] = next(iter(names))
    if len(names) > 1 and "currency" in query.by:
        found.mixed.add(kpi)
    if len(names) < 2 or "currency" in query.by:
        return None
    return message(
        "The amounts are in {currencies}, and currencies are never added: filter by one, or give exchange rates.",
        currencies=tuple(sorted(names)),
    )


def _currencies(
    measure: Measure, query: Query, held: Holdings, found: Scope, currencies_in: CurrencyCheck
) -> frozenset[str]:
    served = found.served[measure.id]
    if served.is_converted and held.own_currency:
        return frozenset({held.own_currency})
    named = served.plan.currencies if served.plan else held.currencies.get(measure.table, frozenset())
    if len(named) < 2:
        return named
    assert found.period is not None
    return named & currencies_in(measure.table, query, _days_of(measure, held, found.period))


def _days_of(measure: Measure, held: Holdings, period: Period) -> Period:
    return measure_period(measure, period, held.coverage(measure.table)) or period


def is_covered(coverage: tuple[Period, ...], period: Period) -> bool:
    return any(overlap(span, period) for span in coverage)
