"""The shop's own sales report beside the orders of the same days and account."""

from __future__ import annotations

from typing import Any

from kpi.quality.finding import Checked, Finding, place, touched
from kpi.wording.message import message

# A shop's report counts cancelled orders too. Only days on which orders are known on both sides are compared, and their
# sums, for an order near midnight may stand on the next day.
_UNEQUAL = """
with said as (
    select account, day, sum(reported_orders) as reported, list(distinct import_id) as imports
    from facts.sales_daily where reported_orders is not null group by all
),
known as (
    select account, day, count(*) as known from facts.orders
    where not is_refund and status not in ('test', 'failed') and day is not null group by all
),
ends as (select account, min(day) as first_on, max(day) as last_on from known group by account),
paired as (
    select account, day, reported, coalesce(known, 0) as known, imports
    from said join ends using (account) left join known using (account, day)
    where day between first_on and last_on
)
select account, sum(reported)::bigint, sum(known)::bigint, min(day), max(day), arg_max(day, (abs(reported - known), -epoch(day))),
    list_sort(list_distinct(flatten(list(imports))))
from paired group by account
having abs(sum(reported) - sum(known)) > $tolerance * greatest(sum(reported), sum(known))
order by account
"""
_TOLERANCE = 0.02
"""An order or two near midnight, or deleted since, are no gap."""


def report_against_orders(checked: Checked) -> list[Finding]:
    """Accounts whose report counts more or fewer orders than the files of orders hold."""
    if not (checked.held.has("sales_daily") and checked.held.has("orders")):
        return []
    return [_finding(*row) for row in checked.rows(_UNEQUAL, {"tolerance": _TOLERANCE})]


def _finding(account: str, reported: int, known: int, first: Any, last: Any, worst: Any, imports: list[int]) -> Finding:
    kpis = "orders net_sales revenue"
    return Finding(
        place("report_against_orders", account),
        "affects",
        message(
            "The shop's own report counts {reported} orders where the files of orders hold {known}; they are furthest apart on {day}.",
            reported=reported, known=known, day=worst,
        ),
        message("Export both again for the same days, with orders of every state and sales channel. Which of the two is right, only the shop can say."),
        "sales_daily",
        abs(reported - known),
        touched(low=kpis) if reported > known else touched(unclear=f"{kpis} reported_orders reported_revenue"),
        account,
        period=(first, last),
        imports=tuple(imports),
    )  # fmt: skip
