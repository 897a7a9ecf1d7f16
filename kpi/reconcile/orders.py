"""The shop's side: its orders by why they are set beside the tool's transactions or not, and what may explain the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpi.periods import Period
from kpi.reconcile.result import Hint
from kpi.reconcile.sources import Rows
from kpi.wording.message import message

_EDGE_HOURS = 2
# A file of days writes midnight: only where some order's time is another one, its hours are known.
_IS_TIMED = (
    "(import_id, part_no) in (select (import_id, part_no) from rows.orders where ordered_at::time <> time '00:00:00')"
)
_GROUPED = """
select
    case when not is_valid then 'status' when not is_online then 'sales_channel' when {is_common} then 'common' else 'alone' end as part,
    case when not is_valid then status when not is_online then sales_channel end as value,
    count(*)::double, coalesce(sum(net_amount), 0)::double
from facts.{table} where not is_refund and day between ? and ?
group by all order by part, 3 desc, value
"""
_BY_KEY = """
select {key}, count(*)::double, coalesce(sum(net_amount), 0)::double,
    (count(*) filter (where (hour < {edge} or hour >= 24 - {edge}) and {is_timed}))::double
from facts.{table} where is_online and ({is_common}) group by all
"""
# VAT that the amounts hold would be taken out of the tool's figure, VAT that they lack would be added to it.
_HINTS = """
select
    (count(*) filter (where is_cancelled))::double,
    (sum(net_amount) filter (where is_cancelled))::double,
    (count(*) filter (where is_online and is_edge))::double,
    (sum(net_amount) filter (where is_online and is_edge))::double,
    (count(*) filter (where is_online and channel is null))::double,
    (sum(shipping_amount) filter (where is_online))::double,
    (sum(case when tax_share > 0 then -net_amount * tax_share when tax_included is false then tax_amount end) filter (where is_online))::double,
    (sum(refunded_amount) filter (where is_online or is_refund and sales_channel in ('web', 'app')))::double
from (
    select *, not is_refund and status = 'cancelled' and sales_channel in ('web', 'app') as is_cancelled,
        ({is_edge}) and {is_timed} as is_edge
    from facts.{table} where {is_common}
)
"""


@dataclass(frozen=True)
class Part:
    """Orders of one kind: `part` is status, sales_channel, alone (days that only the shop covers) or common."""

    part: str
    value: str | None
    orders: float
    amount: float


def parts(rows: Rows, table: str, period: Period, common: Sequence[Period]) -> tuple[Part, ...]:
    """All orders of the period, each in one part."""
    sql = _GROUPED.format(table=table, is_common=_inside(common))
    return tuple(Part(*row) for row in rows(sql, list(period)))


def by_key(rows: Rows, table: str, key: str, common: Sequence[Period]) -> list[tuple[Any, ...]]:
    """Online orders of the common days by a column: its value, orders, amount, orders within two hours of midnight."""
    return rows(_BY_KEY.format(table=table, key=key, edge=_EDGE_HOURS, is_timed=_IS_TIMED, is_common=_inside(common)))


def hints(rows: Rows, table: str, common: Sequence[Period], *, has_amounts: bool) -> tuple[Hint, ...]:
    """What can be shown from the orders of the common days; nothing of what they do not hold."""
    edges = " or ".join(
        f"day = date '{first}' and hour < {_EDGE_HOURS} or day = date '{last}' and hour >= {24 - _EDGE_HOURS}"
        for first, last in common
    )
    sql = _HINTS.format(table=table, is_common=_inside(common), is_edge=edges or "false", is_timed=_IS_TIMED)
    cancelled, cancelled_amount, edge, edge_amount, unknown, shipping, tax, refunds = rows(sql)[0]
    found = (
        Hint(
            "cancelled",
            message("Online orders cancelled since: the tool counts a purchase once and does not take it back"),
            cancelled,
            cancelled_amount,
        ),
        Hint(
            "edge",
            message("Orders within two hours of the first or last midnight: another time zone counts them on a day outside"),
            -edge,
            None if edge_amount is None else -edge_amount,
        ),
        Hint("shipping", message("Shipping, if the tool counts it in"), None, shipping),
        Hint("tax", message("VAT, if only one of the two counts it in"), None, tax),
        Hint("refunds", message("Refunds, if the tool takes them off"), None, -refunds if refunds else None),
        Hint("unknown_channel", message("Online orders without a channel, which no channel of the tool can be set beside"), unknown),
    )  # fmt: skip
    kept = (hint if has_amounts else Hint(hint.id, hint.name, hint.orders) for hint in found)
    return tuple(hint for hint in kept if hint.orders or hint.amount)


def _inside(days: Sequence[Period]) -> str:
    return " or ".join(f"day between date '{first}' and date '{last}'" for first, last in days) or "false"
