"""From a relation in DuckDB to what was observed: checked first, then read once.

metrics = (Metric.proportion("conversion", "converted", empty="zero"), Metric.mean("rpv", "revenue", empty="zero"))
observed = observe(con, Source("visitors", unit="visitor_id", arm="variant", at="seen_on", segments=("device",)), metrics)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpi.errors import BadExperiment
from kpi.experiment.metric import ROWS, Metric, Source
from kpi.experiment.moments import NAN, Moments, merged, proportion_moments
from kpi.experiment.observed import Cell, Intake, Observed, SetAside
from kpi.experiment.statement import HAS_ARM, Statement, moments_sql, relation_sql
from kpi.wording.message import message

_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "BIGNUM")  # fmt: skip
# Cells of a day and a segment's value that are worth merging in Python.
_MOST_CROSSED = 5_000
_REPEATS = """
select count(*), count(*) filter (is_mixed)
from (select min(arm) <> max(arm) as is_mixed from kept group by unit having count(*) > 1)
"""
_FIRST_ROWS = "select (select count(*) from firsts), count(*) from kept semi join firsts using (unit)"


def checked(con: Any, source: Source, metrics: Sequence[Metric]) -> Intake:
    """Who takes part and who does not. Worth keeping as long as the data are the same: it looks at every unit's name.

    con: a DuckDB connection or cursor.
    Raises: BadExperiment: a column is missing or holds no numbers.
    """
    statement = _statement(con, source, metrics, has_repeats=True)
    rows, no_unit, no_arm, contradicting = con.execute(
        f"{statement.rows()}\nselect count(*), count(*) filter (not {statement.has_unit}), "
        f"count(*) filter ({statement.has_unit} and not {HAS_ARM}), "
        f"count(*) filter ({statement.has_unit} and {HAS_ARM} and contradicts) from raw"
    ).fetchone()
    kept = rows - no_unit - no_arm - contradicting
    (everyone,) = con.execute(f"{statement.rows()}\nselect count(distinct unit) from kept").fetchone()
    repeated, mixed, disagreeing, further = 0, 0, 0, 0
    if everyone < kept:
        repeated, mixed = con.execute(f"{statement.rows()}\n{_REPEATS}").fetchone()
    if repeated and source.rows == "unit":
        clear, clear_rows = con.execute(f"{statement.units()}\n{_FIRST_ROWS}").fetchone()
        disagreeing, further = repeated - mixed - clear, clear_rows - clear
    left_out = (
        SetAside(message("Rows without a unit are left out: nobody can be told apart in them."), no_unit),
        SetAside(message("Rows without a variant are left out."), no_arm),
        SetAside(message("Rows that show something else than their variant does are left out."), contradicting),
        SetAside(message("Units whose rows name several variants are left out of all of them."), mixed),
        SetAside(message("Of a unit with several rows the earliest counts; its other rows are left out."), further),
        SetAside(message("Units whose earliest rows contradict each other are left out."), disagreeing),
    )
    units = everyone - mixed - disagreeing
    return Intake(source, rows, units, mixed, bool(repeated), tuple(one for one in left_out if one.count))


def observe(con: Any, source: Source, metrics: Sequence[Metric], intake: Intake | None = None) -> Observed:
    """All counts and moments of the metrics, in one pass over the units, or two where values are winsorised.

    intake: what `checked` said of the same source, so that it is not asked again.
    Raises: BadExperiment: a column is missing or holds no numbers, or no unit takes part.
    """
    if len({metric.name for metric in metrics}) < len(metrics):
        raise ValueError("every metric of an experiment needs a name of its own")
    is_known = intake is not None and intake.source == source
    if intake is None or not is_known:
        intake = checked(con, source, metrics)
    if not intake.units:
        raise BadExperiment(
            message("No unit takes part in this test"),
            message("No row has both a unit and a variant, or all contradict themselves."),
            message("Check which columns say who was tested and which variant she saw."),
        )
    statement = _statement(con, source, metrics, has_repeats=intake.has_repeats)
    caps = _caps(con, statement)
    found = Observed(tuple(metrics), _cells(con, statement, caps), intake, caps)
    if is_known and sum(found.units.values()) != intake.units:  # the data have changed since
        return observe(con, source, metrics)
    return found


def statement_of(con: Any, observed: Observed) -> str:
    """The statement that gave the moments, to be shown; empty where there were counts and no rows."""
    source = observed.intake.source
    if source is None:
        return ""
    return moments_sql(
        _statement(con, source, observed.metrics, has_repeats=observed.intake.has_repeats), observed.caps
    )[0]


def order_statistics(
    con: Any, observed: Observed, name: str, ranks: Mapping[str, Sequence[int]]
) -> dict[str, list[float]]:
    """The values at these ranks (1 is the smallest) of a metric's units, per arm; the rest stays in DuckDB."""
    source = observed.intake.source
    if source is None:
        return {}
    statement = _statement(con, source, observed.metrics, has_repeats=observed.intake.has_repeats)
    counts = {arm: one.n for arm, one in observed.moments(name).items()}
    y, *_ = statement.outcome(observed.metric(name))
    sql = f"{statement.units()}\nselect quantile_disc({y}, ?::double[]) from units where arm = ?"
    # In the middle between two ranks, so that rounding cannot move to the next.
    return {
        arm: con.execute(sql, [[(rank - 0.5) / counts[arm] for rank in wanted], arm]).fetchone()[0]
        for arm, wanted in ranks.items()
    }


def _statement(con: Any, source: Source, metrics: Sequence[Metric], *, has_repeats: bool) -> Statement:
    types = _types(con, source.relation)
    events = _types(con, source.events.relation) if source.events else {}
    statement = Statement(source, tuple(metrics), has_repeats, types, events)
    needed = [source.unit, source.arm, *source.segments, *(name for name in (source.at, source.seen) if name)]
    numbers = [*statement.covariates]
    outcomes = [name for name in statement.outcomes if name != ROWS or (source.rows == "unit" and not source.events)]
    if source.events:
        joined = [source.events.unit, *([source.events.at] if source.events.at else [])]
        _refuse_missing(events, joined, outcomes)
    else:
        numbers += outcomes
    _refuse_missing(types, needed, numbers)
    for column, found in ((source.at, types), (source.events.at if source.events else None, events)):
        if column and not found[column].startswith(("DATE", "TIMESTAMP")):
            raise BadExperiment(
                message("“{column}” is no date", column=column),
                message("The days of a test are read from dates, and this column holds something else."),
                message("Map a column with dates, or none."),
            )
    return statement


def _types(con: Any, relation: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in con.execute(f"describe from {relation_sql(relation)}").fetchall()}


def _refuse_missing(types: Mapping[str, str], needed: Sequence[str], numbers: Sequence[str]) -> None:
    missing = tuple(dict.fromkeys(name for name in (*needed, *numbers) if name not in types))
    if missing:
        raise BadExperiment(
            message("A column of the test is missing"),
            message("The table has no {columns}.", columns=missing),
            message("Map the test's columns anew."),
        )
    texts = tuple(dict.fromkeys(name for name in numbers if types[name].partition("(")[0] not in _NUMERIC))
    if texts:
        raise BadExperiment(
            message("An outcome is no number"),
            message("What stands in {columns} is neither a number nor yes and no.", columns=texts),
            message("Map a column with numbers."),
        )


def _caps(con: Any, statement: Statement) -> dict[str, float]:
    """Where each winsorised metric is cut: a quantile over the units of all arms, linear between two values."""
    wanted = [metric for metric in statement.metrics if metric.winsor_share is not None and metric.kind == "mean"]
    if not wanted:
        return {}
    parts = [f"quantile_cont({statement.outcome(metric)[0]}, {metric.winsor_share!r})" for metric in wanted]
    row = con.execute(f"{statement.units()}\nselect {', '.join(parts)} from units").fetchone()
    return {metric.name: float(cap) for metric, cap in zip(wanted, row, strict=True) if cap is not None}


def _cells(con: Any, statement: Statement, caps: Mapping[str, float]) -> tuple[Cell, ...]:
    """By day, and by the values of each segment.

    One segment is grouped together with the days, which takes DuckDB half as long as both in turn; then the days and the
    values are merged from that here, unless there are very many.
    """
    source = statement.source
    if source.at and len(source.segments) == 1:
        sql, meaning = moments_sql(statement, caps, is_crossed=True)
        rows = con.execute(f"{sql} limit {_MOST_CROSSED + 1}").fetchall()
        if len(rows) <= _MOST_CROSSED:
            return _margins([_cell(row, source, statement.metrics, meaning) for row in rows])
    sql, meaning = moments_sql(statement, caps)
    return tuple(_cell(row, source, statement.metrics, meaning) for row in con.execute(sql).fetchall())


def _margins(crossed: Sequence[Cell]) -> tuple[Cell, ...]:
    """Cells of a day and a segment's value each → the days, over all values, and the values, over all days."""
    groups: dict[tuple[str, Any, Any], list[Cell]] = {}
    for cell in crossed:
        groups.setdefault((cell.arm, cell.day, None), []).append(cell)
        groups.setdefault((cell.arm, None, cell.segment), []).append(cell)
    return tuple(
        Cell(
            arm,
            sum(cell.units for cell in parts),
            {name: merged(cell.moments[name] for cell in parts) for name in parts[0].moments},
            {name: merged(cell.capped[name] for cell in parts if name in cell.capped) for name in _capped(parts)},
            day,
            segment,
        )
        for (arm, day, segment), parts in groups.items()
    )


def _capped(parts: Sequence[Cell]) -> list[str]:
    return list(dict.fromkeys(name for cell in parts for name in cell.capped))


def _cell(row: tuple[Any, ...], source: Source, metrics: Sequence[Metric], meaning: Sequence[tuple[str, str]]) -> Cell:
    count = len(source.segments)
    arm, day, grouped, units = row[0], row[1], row[2 + count], row[3 + count]
    parts: dict[str, dict[str, Any]] = {metric.name: {} for metric in metrics}
    for (name, part), value in zip(meaning, row[4 + count :], strict=True):
        if value is not None:
            parts[name][part] = value
    capped = {
        name: Moments(found["n"], found.pop("capped_mean"), found.pop("capped_var", float("nan")))
        for name, found in parts.items()
        if "capped_mean" in found
    }
    moments = {metric.name: _moments(metric, parts[metric.name]) for metric in metrics}
    # grouping(day, s0, …) has a bit for each key that this row is a total over; the first key is the highest bit.
    is_daily = not grouped >> count & 1
    place = next((i for i in range(count) if not grouped >> (count - 1 - i) & 1), None)
    segment = None if place is None else (source.segments[place], row[2 + place])
    return Cell(arm, units, moments, capped, day if is_daily else None, segment)


def _moments(metric: Metric, found: Mapping[str, Any]) -> Moments:
    if metric.kind == "proportion":
        return proportion_moments(found["n"], round(found["n"] * found.get("mean", 0.0)))
    crossed = tuple(found.get(pair, NAN) for pair in ("db", "de", "be"))
    return Moments(**{name: value for name, value in found.items() if name not in ("db", "de", "be")}, crossed=crossed)
