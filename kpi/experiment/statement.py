"""The SQL of an experiment: rows → one row a unit → moments per arm, day and segment. Nothing else leaves DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kpi.experiment.metric import ROWS, Events, Metric, Source


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def relation_sql(relation: str) -> str:
    """A name, quoted part by part, or a SELECT in brackets as it stands."""
    return relation if relation.lstrip().startswith("(") else ".".join(quoted(part) for part in relation.split("."))


HAS_ARM = "coalesce(arm <> '', false)"


@dataclass(frozen=True)
class Statement:
    """Common table expressions that end in `units`, one row a unit: arm, moment, s0 …, c0 … (outcomes), x0 … (covariates).

    has_repeats: whether a unit stands in several rows; where it is known that none does, the rows are the units.
    types: the column types of the source and of its events, so that days are compared with days.
    """

    source: Source
    metrics: tuple[Metric, ...]
    has_repeats: bool
    types: Mapping[str, str]
    event_types: Mapping[str, str]

    @property
    def has_unit(self) -> str:
        """Over `raw`: whether the row says whose it is; an empty text is no name."""
        return "coalesce(unit <> '', false)" if self.types.get(self.source.unit) == "VARCHAR" else "unit is not null"

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for metric in self.metrics for name in metric.columns))

    @property
    def covariates(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for metric in self.metrics for name in metric.covariates))

    def rows(self) -> str:
        """CTE `raw`, every row with its columns named and cleaned, and `kept`, those that belong to a unit and an arm."""
        own = () if self.source.events else self.outcomes
        columns = [
            f"{quoted(self.source.unit)} as unit",
            f"{quoted(self.source.arm)}::varchar as arm",
            f"{quoted(self.source.at)} as moment" if self.source.at else "null::date as moment",
            f"coalesce({self._contradiction()}, false) as contradicts",
            *(f"{quoted(name)}::varchar as s{i}" for i, name in enumerate(self.source.segments)),
            *(f"{_value(name, self.types)} as c{i}" for i, name in enumerate(own)),
            *(f"{_value(name, self.types)} as x{i}" for i, name in enumerate(self.covariates)),
        ]
        return (
            f"with raw as (select {', '.join(columns)} from {relation_sql(self.source.relation)}),\n"
            f"kept as (select * exclude (contradicts) from raw where {self.has_unit} and {HAS_ARM} and not contradicts)"
        )

    def units(self) -> str:
        """CTEs up to `units`."""
        if self.source.rows == "event":
            steps = [self.rows(), f"assigned as ({self._summed()})"]
        elif self.has_repeats:
            steps = [self.rows(), _FIRSTS]
        else:
            steps = [self.rows(), "assigned as (from kept)"]
        if self.source.events:
            steps.append(self._joined(self.source.events))
        else:
            steps.append("units as (from assigned)")
        return ",\n".join(steps)

    def _contradiction(self) -> str:
        if not self.source.seen or not self.source.shows:
            return "false"
        whens = " ".join(f"when {_text(arm)} then {_text(shown)}" for arm, shown in self.source.shows.items())
        return f"{quoted(self.source.seen)}::varchar <> case {quoted(self.source.arm)}::varchar {whens} end"

    def _summed(self) -> str:
        """Events to units: outcomes summed; of what should be one value a unit, that of its first event."""
        firsts = [f"s{i}" for i in range(len(self.source.segments))] + [f"x{i}" for i in range(len(self.covariates))]
        sums = [f"sum(c{i}) as c{i}" for i in range(0 if self.source.events else len(self.outcomes))]
        first = [f"coalesce(arg_min({name}, moment), min({name})) as {name}" for name in firsts]
        columns = ", ".join(["unit", "min(arm) as arm", "min(moment) as moment", *first, *sums])
        return f"select {columns} from kept group by unit having min(arm) = max(arm)"

    def _joined(self, events: Events) -> str:
        """CTE `units`: every assigned unit with the sum of its events from its assignment on; none at all is NULL."""
        conditions = []
        if events.at:
            is_day = "DATE" in (self.types.get(self.source.at or ""), self.event_types.get(events.at))
            cast = "::date" if is_day else ""
            at = f"e.{quoted(events.at)}{cast}"
            if self.source.at:
                conditions.append(f"(a.moment is null or {at} >= a.moment{cast})")
            if events.until:
                conditions.append(f"e.{quoted(events.at)}::date <= date '{events.until.isoformat()}'")
        sums = ", ".join(f"sum({_value(name, self.event_types, 'e.')}) as c{i}" for i, name in enumerate(self.outcomes))
        where = f" where {' and '.join(conditions)}" if conditions else ""
        own, theirs = "a.unit", f"e.{quoted(events.unit)}"
        if self.types.get(self.source.unit) != self.event_types.get(events.unit):
            own, theirs = f"{own}::varchar", f"{theirs}::varchar"
        return (
            f"done as (select a.unit, {sums} from assigned a join {relation_sql(events.relation)} e "
            f"on {theirs} = {own}{where} group by a.unit),\n"
            "units as (select * from assigned left join done using (unit))"
        )

    def outcome(self, metric: Metric) -> tuple[str, str | None, tuple[str, ...]]:
        """Over `units`: the outcome, a ratio's denominator and the covariates, all NULL where the unit takes no part."""
        place = {name: f"c{i}" for i, name in enumerate(self.outcomes)}
        y = place[metric.column]
        if metric.kind == "proportion":
            y = f"case when {y} > 0 then 1.0::double when {y} is not null then 0.0::double end"
        d = place[metric.denominator] if metric.denominator else None
        if metric.empty == "zero":
            y, d = f"coalesce({y}, 0)", f"coalesce({d}, 0)" if d else None
        elif d:
            y, d = f"case when {d} is not null then {y} end", f"case when {y} is not null then {d} end"
        before = tuple(f"coalesce(x{self.covariates.index(name)}, 0)" for name in metric.covariates)
        if metric.empty == "left_out":
            before = tuple(f"case when {y} is not null then {x} end" for x in before)
        return y, d, before


# A unit's earliest row counts, whatever follows; equal rows of that moment are one. Where its earliest rows disagree, or
# its rows name two arms, the unit is left out.
_FIRSTS = """repeated as materialized (select unit from kept group by unit having count(*) > 1),
many as (
    select *, rank() over (partition by unit order by moment nulls last) as place,
        min(arm) over (partition by unit) <> max(arm) over (partition by unit) as is_mixed
    from (select distinct * from kept semi join repeated using (unit))
),
firsts as (
    select * exclude (place, is_mixed) from many where place = 1 and not is_mixed
    qualify count(*) over (partition by unit) = 1
),
assigned as (from kept anti join repeated using (unit) union all by name from firsts)"""


def moments_sql(
    statement: Statement, caps: Mapping[str, float], *, is_crossed: bool = False
) -> tuple[str, Sequence[tuple[str, str]]]:
    """The statement of all moments, and what its columns after the keys are: (metric, name of the moment).

    favg sums with a correction (Kahan), so that a mean far above the spread keeps its digits.

    Keys: arm, day, s0 …, and `grouped`, grouping(day, s0 …): which of them this row is a total over.
    is_crossed: a row for each day and segment together, a total over none.
    """
    values, aggregates, meaning = [], [], []
    for i, metric in enumerate(statement.metrics):
        y, d, before = statement.outcome(metric)
        of_metric = [("n", "count(*)" if metric.empty == "zero" else f"count(y{i})"), ("mean", f"favg(y{i})")]
        values.append(f"{y} as y{i}")
        if metric.kind != "proportion":
            of_metric.append(("var", f"var_samp(y{i})"))
            of_metric.append(("nonzero", f"count(*) filter ({'d' if d else 'y'}{i} <> 0)"))
        beside = list(zip("be", ("covariate", "covariate_denominator"), before, strict=False))
        beside = [("d", "denominator", d), *beside] if d else beside
        for letter, name, expression in beside:
            values.append(f"{expression} as {letter}{i}")
            of_metric += [
                (f"{name}_mean", f"favg({letter}{i})"),
                (f"{name}_var", f"var_samp({letter}{i})"),
                (f"{name}_covar", f"covar_samp(y{i}, {letter}{i})"),
            ]
        for one, other in combinations((letter for letter, *_ in beside), 2):
            of_metric.append((one + other, f"covar_samp({one}{i}, {other}{i})"))
        if metric.name in caps:
            values.append(f"least({y}, {caps[metric.name]!r}::double) as w{i}")
            of_metric += [("capped_mean", f"favg(w{i})"), ("capped_var", f"var_samp(w{i})")]
        meaning += [(metric.name, name) for name, _ in of_metric]
        aggregates += [sql for _, sql in of_metric]
    segments = [f"s{i}" for i in range(len(statement.source.segments))]
    sets = ", ".join(["(arm, day)", *(f"(arm, {name})" for name in segments)])
    grouped, groups = f"grouping({', '.join(['day', *segments])})", f"grouping sets ({sets})"
    if is_crossed:
        grouped, groups = "0", ", ".join(["arm", "day", *segments])
    keys = ", ".join(["arm", "day", *segments, f"{grouped} as grouped"])
    sql = (
        f"{statement.units()},\nvalued as (select arm, moment::date as day{''.join(f', {name}' for name in segments)}, "
        f"{', '.join(values)} from units)\n"
        f"select {keys}, count(*) as units, {', '.join(aggregates)} from valued group by {groups}"
    )
    return sql, meaning


def _value(name: str, types: Mapping[str, str], table: str = "") -> str:
    """A column as a number: yes is 1, and what is no number (NaN, infinite) is no value."""
    if name == ROWS:
        return "1.0::double"
    number = f"{table}{quoted(name)}::double"
    return f"case when isfinite({number}) then {number} end" if types.get(name) in ("FLOAT", "DOUBLE") else number


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
