"""What the tested people ordered: the workspace's own orders, joined to the file that says who saw which variant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kpi import experiment as ab
from kpi.abtests.design import Design
from kpi.abtests.held import PLACE, Column, ColumnKind, Held, Rows
from kpi.abtests.questions import ARM, AT, ORDERS, REVENUE, UNIT, columns_of, literal, needed_column, quoted
from kpi.errors import BadExperiment
from kpi.wording.message import Text, message

UNITS = "units"
_OUTCOMES: tuple[tuple[str, Text, ColumnKind], ...] = (
    (ORDERS, Text("orders", "zamówienia"), "count"),
    (REVENUE, Text("revenue", "przychód"), "amount"),
    (UNITS, Text("units bought", "kupione sztuki"), "count"),
)
REVENUE_BEFORE, ORDERS_BEFORE = "revenue_before", "orders_before"
_EARLIER = {
    REVENUE_BEFORE: (Text("revenue in the year before", "przychód w roku przed testem"), REVENUE),
    ORDERS_BEFORE: (Text("orders in the year before", "zamówienia w roku przed testem"), ORDERS),
}
_DAYS_BEFORE = 365

# A valid order with the moment at which it was placed; its refunds belong to it, whenever they were paid.
_PLACED = """
select p.customer_key as {unit}, m.happened_at as {at}, 1 as orders,
    (o.net_amount - coalesce(o.refunded_amount, 0)) * fx.rate
        - case when r.order_id is null then 0 else r.amount end as revenue_amount, l.units
from facts.orders o
join facts.people p using (customer_no)
join (
    select account, order_id, min(local_time(ordered_at, utc_offset, {zone})) as happened_at from live_orders group by all
) m using (account, order_id)
left join facts.fx fx on fx.from_currency = o.currency and o.day between fx.first_on and fx.last_on
left join (
    select account, order_id, case when bool_and(f.rate is not null) then sum(refunded_amount * f.rate) end as amount
    from facts.orders t left join facts.fx f on f.from_currency = t.currency and t.day between f.first_on and f.last_on
    where is_refund and order_id is not null and refunded_amount is not null group by all
) r using (account, order_id)
left join (
    select account, order_id, sum(quantity) as units from facts.order_lines where is_product and not is_refund group by all
) l using (account, order_id)
where o.is_valid and not o.is_refund
"""


def with_orders(rows: Rows, held: Held, currency: str | None) -> Held:
    """The same experiment measured by the workspace's orders: what may be an outcome now, and who of it is known.

    Raises: BadExperiment: nobody in it has ever ordered here, or nothing says when anyone was assigned.
    """
    if held.shape != "units" or not held.days:
        raise BadExperiment(
            message("The orders cannot be joined to this test"),
            message(
                "“{test}” does not say who was assigned when, so nobody knows which orders came after.", test=held.name
            ),
            message("Add a file with the customer, the variant and the day of assignment."),
        )
    place = {"experiment": held.name, "import": held.imports[0], "part": held.part_no}
    (known,) = rows(
        f"select count(distinct coalesce(email_key, unit)) from rows.experiment_units left join known_ids on id_hash = unit "
        f"where {PLACE} and coalesce(email_key, unit) in (select customer_key from facts.orders join facts.people using (customer_no) where is_valid)",
        place,
    )
    if not known[0]:
        raise BadExperiment(
            message("Nobody in this test is known by an order"),
            message("None of the people in “{test}” has an order in this workspace.", test=held.name),
            message(
                "Name people by the e-mail or the customer number that the orders have; if they do, undo the file's import and add it again."
            ),
        )
    outcomes = tuple(Column(name, label, kind, held.rows, 0) for name, label, kind in _OUTCOMES)
    earlier = (Column(name, label, "amount", held.rows, 0, is_outcome=False) for name, (label, _) in _EARLIER.items())
    own = (replace(one, is_outcome=False) for one in held.numbers if one.name not in {it.name for it in outcomes})
    return replace(
        held,
        numbers=(*outcomes, *earlier, *own),
        currencies=(currency,) if currency else (),
        known_customers=int(known[0]),
    )


def last_day(rows: Rows, as_of: date | None) -> date:
    """The last whole day of the orders: the last one with orders may be cut off, and so is the day of asking."""
    ((last,),) = rows("select max(day) from facts.orders where is_valid and not is_refund")
    return (min(last, as_of) if as_of else last) - timedelta(days=1)


def observed_orders(
    con: Any, held: Held, design: Design, metrics: Iterable[ab.Metric], zone: str, until: date
) -> ab.Observed:
    """Each assigned person with her orders from the moment of assignment on.

    Raises: BadExperiment: an order that counts has no amount in the workspace's currency, though amounts are asked for.
    """
    metrics = tuple(metrics)
    source = _source(held, design, zone, until)
    if source.events and any(REVENUE in metric.columns for metric in metrics):
        _refuse_unknown_amounts(con, source, source.events)
    left_out = _left_out(con, held, zone, until)
    observed = ab.observe(con, source, metrics)
    intake = observed.intake
    rows = intake.rows + sum(one.count for one in left_out)
    return replace(observed, intake=replace(intake, rows=rows, left_out=(*left_out, *intake.left_out)))


def _source(held: Held, design: Design, zone: str, until: date) -> ab.Source:
    placed = _PLACED.format(unit=quoted(UNIT), at=quoted(AT), zone=literal(zone))
    before = (name for one in design.measures for name in (one.covariate, one.covariate_denominator) if name)
    names = list(dict.fromkeys((*before, *columns_of(design, outcomes=False))))
    own = [name for name in names if name not in _EARLIER]
    listed = "".join(f", {needed_column(held, name).sql} as {quoted(name)}" for name in own)
    assigned = (
        f"select row_no, coalesce(email_key, unit) as {quoted(UNIT)}, arm as {quoted(ARM)}, {_moment(zone)} as {quoted(AT)}{listed} "
        f"from rows.experiment_units left join known_ids on id_hash = unit where {_place(held)} "
        f"and {quoted(AT)} is not null and {quoted(AT)}::date <= date '{until.isoformat()}'"
    )
    relation = f"(with assigned as ({assigned}) select * exclude (row_no) from assigned)"
    if earlier := [name for name in names if name in _EARLIER]:
        relation = _with_earlier(assigned, placed, earlier)
    return ab.Source(
        relation, UNIT, ARM, AT, design.segments, held.rows_are, design.seen, dict(design.shows),
        ab.Events(f"({placed})", UNIT, AT, until),
    )  # fmt: skip


def _with_earlier(assigned: str, placed: str, names: list[str]) -> str:
    """The assigned people with what they did in the year before their assignment; nothing is zero."""
    at, unit = quoted(AT), quoted(UNIT)
    sums = ", ".join(f"sum(p.{quoted(_EARLIER[name][1])})::double as {quoted(name)}" for name in names)
    own = ", ".join(f"coalesce(e.{quoted(name)}, 0) as {quoted(name)}" for name in names)
    return (
        f"(with assigned as ({assigned}), placed as ({placed}), earlier as (select a.row_no, {sums} from assigned a "
        f"join placed p on p.{unit} = a.{unit} and p.{at} < a.{at} and p.{at} >= a.{at} - interval {_DAYS_BEFORE} day group by 1) "
        f"select a.* exclude (row_no), {own} from assigned a left join earlier e using (row_no))"
    )


def _refuse_unknown_amounts(con: Any, source: ab.Source, events: ab.Events) -> None:
    unit = quoted(UNIT)
    (unknown,) = con.execute(
        f"select count(*) from {events.relation} e semi join {source.relation} a on a.{unit} = e.{unit} where e.revenue_amount is null"
    ).fetchone()
    if unknown:
        raise BadExperiment(
            message("Some orders have no amount"),
            message(
                "{n} order of the people in this test has no amount, or none in the workspace's currency.",
                "{n} orders of the people in this test have no amount, or none in the workspace's currency.",
                n=unknown,
            ),
            message("Give the exchange rate, or choose a metric without money."),
        )


def _left_out(con: Any, held: Held, zone: str, until: date) -> tuple[ab.SetAside, ...]:
    no_day, late = con.execute(
        f"select count(*) filter (assigned_at is null), count(*) filter ({_moment(zone)}::date > date '{until.isoformat()}') "
        f"from rows.experiment_units where {_place(held)}"
    ).fetchone()
    found = (
        ab.SetAside(message("Rows that do not say when the person was assigned are left out."), no_day),
        ab.SetAside(
            message("People assigned after {day}, the last whole day of the orders, are left out.", day=until), late
        ),
    )
    return tuple(one for one in found if one.count)


def _moment(zone: str) -> str:
    return f"local_time(assigned_at, utc_offset, {literal(zone)})"


def _place(held: Held) -> str:
    return f"import_id = {held.imports[0]} and part_no = {held.part_no} and experiment = {literal(held.name)}"
