"""Orders that may count twice: the same purchase under two numbers, or in two accounts."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, place, touched
from kpi.wording.message import message

# Only who has ordered twice on a day is looked at. Without a time of day the minute is not known; a file of days only
# writes midnight.
_TIMED = """
with twice as (select distinct customer_no, day from facts.orders where is_valid and previous_on = day),
pairs as materialized (
    select account, order_id, import_id, part_no, day, customer_no, currency, coalesce(total_amount, net_amount) as amount
    from facts.orders semi join twice using (customer_no, day)
    where is_valid and amount > 0
),
written as (
    select import_id, part_no, order_id, local_time(ordered_at, utc_offset, $time_zone) as written_at
    from rows.orders semi join pairs using (import_id, part_no, order_id)
    where ordered_at::time <> time '00:00:00'
),
timed as (select pairs.*, date_trunc('minute', written_at) as minute from pairs join written using (import_id, part_no, order_id))
"""
_DOUBLED = f"""{_TIMED},
doubled as (
    select account, currency, count(*) - 1 as extra, (count(*) - 1) * amount as extra_amount,
        min(day) as day, list(distinct import_id) as imports, list(order_id order by order_id) as ids
    from timed group by account, currency, customer_no, amount, minute having count(distinct order_id) > 1
)
select account, currency, sum(extra), sum(extra_amount)::double, min(day), max(day),
    list_sort(list_distinct(flatten(list(imports)))), arg_min(ids, (day, ids[1]))
from doubled group by all order by all
"""
# The orders of all accounts but the largest are looked for among all orders.
_IN_TWO = f"""{_TIMED},
priced as (
    select account, order_id, import_id, day, currency, coalesce(total_amount, net_amount) as amount, net_amount
    from facts.orders where is_valid and amount <> 0
),
smaller as (from priced where account <> (select arg_max(account, times) from (select account, count(*) as times from priced group by all))),
matched as (
    select a.account as one, b.account as other, a.order_id as id, b.order_id as other_id, a.import_id, b.import_id as other_import,
        a.currency, a.day, a.net_amount
    from smaller a join priced b
        on ltrim(a.order_id, '#') = ltrim(b.order_id, '#') and a.day = b.day and a.amount = b.amount and a.currency is not distinct from b.currency
    where a.account <> b.account
    union all
    select a.account, b.account, a.order_id, b.order_id, a.import_id, b.import_id, a.currency, a.day, a.amount
    from timed a join timed b using (customer_no, minute, amount)
    where a.account < b.account and a.currency is not distinct from b.currency
),
sided as (
    select least(one, other) as first, greatest(one, other) as second, case when one < other then id else other_id end as first_id,
        case when one < other then other_id else id end as second_id, * exclude (one, other, id, other_id)
    from matched
),
once as (
    select first, second, second_id, any_value(currency) as currency, min(day) as day, min(net_amount) as amount, min(first_id) as id,
        min(import_id) as import_id, max(other_import) as other_import
    from sided group by all
)
select first, second, currency, count(*), sum(amount)::double, min(day), max(day),
    list_sort(list_distinct(list(distinct import_id) || list(distinct other_import))), arg_min(id, (day, id), 3)
from once group by all order by all
"""
_ACCOUNTS = "select count(distinct account) from facts.orders"
_TOO_HIGH = touched(
    high="orders gross_sales net_sales revenue units online_orders conversion_rate purchase_frequency returning_rate",
    low="cpa",
    unclear="aov",
)


def doubled_orders(checked: Checked) -> list[Finding]:
    """Orders of one customer, one amount and one minute under different numbers."""
    return [
        Finding(
            place("doubled_orders", account, currency),
            "affects",
            message(
                "{n} order may be there twice: the same customer, amount and minute under another number.",
                "{n} orders may be there twice: the same customer, amount and minute under another number.",
                n=extra,
            ),
            message(
                "Look the orders {examples} up in the shop. If they are one purchase, cancel one there and export again.",
                examples=tuple(ids[:3]),
            ),
            "orders",
            extra,
            _TOO_HIGH,
            account,
            amount,
            currency,
            (first, last),
            tuple(imports),
            tuple(ids[:3]),
        )
        for account, currency, extra, amount, first, last, imports, ids in checked.rows(
            _DOUBLED, {"time_zone": checked.time_zone}
        )
    ]


def orders_in_two_accounts(checked: Checked) -> list[Finding]:
    """Orders that two accounts have: by number, day and amount, or by customer, minute and amount."""
    if checked.rows(_ACCOUNTS)[0][0] < 2:
        return []
    return [
        Finding(
            place("orders_in_two_accounts", one, other, currency),
            "affects",
            message(
                "{n} order counts in both “{one}” and “{other}”: the same number, day and amount, or the same customer and minute.",
                "{n} orders count in both “{one}” and “{other}”: the same number, day and amount, or the same customer and minute.",
                n=count,
                one=one,
                other=other,
            ),
            message("If both files are of one shop, undo one of the two imports, or add it again as the same account."),
            "orders",
            count,
            _TOO_HIGH,
            None,
            amount,
            currency,
            (first, last),
            tuple(imports),
            tuple(ids),
        )
        for one, other, currency, count, amount, first, last, imports, ids in checked.rows(
            _IN_TWO, {"time_zone": checked.time_zone}
        )
    ]
