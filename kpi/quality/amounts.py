"""Orders whose amounts are odd: below zero, zero, far from all others, or discounted twice."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, Severity, Touched, place, touched
from kpi.wording.message import Message, message

_ODD = """
select account, currency, case when net_amount < 0 then 'negative_orders' when status = 'refunded' then 'refunded_to_zero'
        else 'zero_orders' end as kind, count(*), sum(net_amount)::double, min(day), max(day),
    list_sort(list(distinct import_id)), list(order_id order by day, order_id)[:3]
from facts.orders where is_valid and net_amount <= 0
group by all order by all
"""
# What is not known is left out of every sum and average; the orders themselves are counted.
_WITHOUT = """
select account, count(*), min(day), max(day), list_sort(list(distinct import_id)), list(order_id order by day, order_id)[:3]
from facts.orders where is_valid and not is_refund and net_amount is null
group by all order by all
"""
# Modified z-score of Iglewicz and Hoaglin (1993), "How to Detect and Handle Outliers", also in the NIST/SEMATECH
# e-Handbook of Statistical Methods, 1.3.5.17: 0.6745 (x − median) / MAD, beyond 3.5; here of the logarithm, since order
# values are skewed. In many orders some lie beyond 3.5 by chance: the bound grows to sqrt(2 ln(20 n)), beyond which a
# normal sample of n has 0.05 values or fewer (Chernoff's bound, P(|Z| > c) ≤ exp(−c²/2)).
# Where more than one order in twenty is "far", they are no strays but a second kind of order, such as wholesale.
# Medians are taken over the different amounts and how often each occurs, which are few.
_OUTLIERS = """
with priced as (
    select account, currency, net_amount, ln(net_amount::double) as x, count(*) as times
    from facts.orders where is_valid and net_amount > 0 group by all
),
ranked as (
    select *, sum(times) over (partition by account, currency order by x) as up_to, sum(times) over (partition by account, currency) as n from priced
),
centred as (
    select account, currency, min(n) as n, min(x) filter (where 2 * up_to >= n) as middle from ranked group by all having min(n) >= 10
),
apart as (
    select *, abs(x - middle) as distance, sum(times) over (partition by account, currency order by abs(x - middle)) as up_to
    from priced join centred using (account, currency)
),
spread as (select account, currency, min(n) as n, min(distance) filter (where 2 * up_to >= n) as mad from apart group by all),
far as (
    select account, currency, net_amount, middle, distance, x > middle as is_high, n
    from (select * exclude (n) from apart) join spread using (account, currency)
    where mad > 0 and 0.6745 * distance / mad > greatest(3.5, sqrt(2 * ln(20 * n)))
)
select account, currency, count(*), count(*) filter (where is_high), exp(min(middle)), min(net_amount)::double, max(net_amount)::double,
    sum(net_amount)::double, min(day), max(day), list_sort(list(distinct import_id)), list(order_id order by distance desc, order_id)[:3]
from facts.orders join far using (account, currency, net_amount)
where is_valid
group by all having count(*) <= greatest(1, 0.05 * min(n)) order by all
"""
_DISCOUNTS = """
select account, currency, count(*), sum(discount_amount)::double, min(day), max(day),
    list_sort(list(distinct import_id)), list(order_id order by discount_amount desc, order_id)[:3]
from facts.orders where is_valid and has_suspect_discount
group by all order by all
"""


def odd_amounts(checked: Checked) -> list[Finding]:
    """Orders that count with less than nothing, or with nothing; a refunded one with nothing hides its sale."""
    found = []
    for account, currency, name, count, amount, first, last, imports, ids in checked.rows(_ODD):
        what, fix, kpis = _SAID[name](count)
        severity: Severity = "look" if name == "zero_orders" else "affects"
        rows = tuple(imports), tuple(ids)
        found.append(
            Finding(
                place(name, account, currency),
                severity,
                what,
                fix,
                "orders",
                count,
                kpis,
                account,
                amount,
                currency,
                (first, last),
                *rows,
            )
        )
    return found


def _negative(count: int) -> tuple[Message, Message, tuple[Touched, ...]]:
    return (
        message(
            "{n} order that counts is worth less than zero.", "{n} orders that count are worth less than zero.", n=count
        ),
        message(
            "They look like returns or corrections: export these as refunds, or give the orders the status cancelled."
        ),
        touched(low="net_sales revenue aov", high="orders"),
    )


def _zero(count: int) -> tuple[Message, Message, tuple[Touched, ...]]:
    return (
        message(
            "{n} order that counts has an amount of zero.", "{n} orders that count have an amount of zero.", n=count
        ),
        message("Gifts and replacements are right like this; otherwise the export lacks the amounts."),
        touched(low="aov median_order", high="orders conversion_rate"),
    )


def _refunded_to_zero(count: int) -> tuple[Message, Message, tuple[Touched, ...]]:
    return (
        message(
            "{n} refunded order is written with an amount of zero: what was sold, and what was given back, is not known.",
            "{n} refunded orders are written with an amount of zero: what was sold, and what was given back, is not known.",
            n=count,
        ),
        message("Revenue after refunds is right. For the sales before refunds export the amounts as they were when the orders were placed."),
        touched(low="net_sales aov refund_rate"),
    )  # fmt: skip


_SAID = {"negative_orders": _negative, "zero_orders": _zero, "refunded_to_zero": _refunded_to_zero}


def orders_without_amount(checked: Checked) -> list[Finding]:
    """Orders that count and whose value nobody has said, neither for the whole nor for each line."""
    return [
        Finding(
            place("orders_without_amount", account),
            "affects",
            message(
                "{n} order that counts has no amount: it adds nothing to sales and stands in no average.",
                "{n} orders that count have no amount: they add nothing to sales and stand in no average.",
                n=count,
            ),
            message("Export the orders with their totals, or add the file of their lines with prices."),
            "orders",
            count,
            touched(low="net_sales revenue", unclear="aov median_order"),
            account,
            period=(first, last),
            imports=tuple(imports),
            examples=tuple(ids),
        )
        for account, count, first, last, imports, ids in checked.rows(_WITHOUT)
    ]


def suspect_discounts(checked: Checked) -> list[Finding]:
    """Orders with several codes, or with discounts on the lines and on the whole order."""
    return [
        Finding(
            place("suspect_discounts", account, currency),
            "look",
            message(
                "{n} order has several codes, or discounts both on its lines and on the whole.",
                "{n} orders have several codes, or discounts both on their lines and on the whole.",
                n=count,
            ),
            message("Check in the shop whether these discounts may be combined."),
            "orders",
            count,
            touched(unclear="double_discount discounts discount_rate"),
            account,
            amount,
            currency,
            (first, last),
            tuple(imports),
            tuple(ids),
        )
        for account, currency, count, amount, first, last, imports, ids in checked.rows(_DISCOUNTS)
    ]


def outliers(checked: Checked) -> list[Finding]:
    """Orders whose value lies far from all others; they stay in every number."""
    found = []
    for account, currency, count, high, typical, least, most, amount, first, last, imports, ids in checked.rows(
        _OUTLIERS
    ):
        effects = touched(high="aov net_sales revenue") if high == count else touched(low="aov") if not high else ()
        found.append(
            Finding(
                place("outliers", account, currency),
                "look",
                _far(count, typical, least, most),
                message(
                    "It counts. Check its amount and currency; where they are right, read the median beside the AOV.",
                    "They count. Check their amounts and currency; where they are right, read the median beside the AOV.",
                    n=count,
                ),
                "orders",
                count,
                effects or touched(unclear="aov net_sales revenue"),
                account,
                amount,
                currency,
                (first, last),
                tuple(imports),
                tuple(ids),
            )
        )  # fmt: skip
    return found


def _far(count: int, typical: float, least: float, most: float) -> Message:
    if count == 1:
        return message(
            "One order lies unusually far from the typical value of {typical}: {amount}.", typical=typical, amount=least
        )
    return message(
        "{n} order lies unusually far from the typical value of {typical}: from {least} to {most}.",
        "{n} orders lie unusually far from the typical value of {typical}: from {least} to {most}.",
        n=count,
        typical=typical,
        least=least,
        most=most,
    )
