"""Orders whose state went back: the file that was added last is likely to be an older export."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, place, touched
from kpi.wording.message import message

# Money that was given back is not paid again, so an earlier file that knows an order as refunded or cancelled was
# exported after one that knows it as paid. When a file was exported is written in none, so nothing is replaced by it.
_GONE_BACK = """
with ended as (
    select coalesce(case when account = 'main' then (select home from facts.main_home) end, account) as account, order_id, import_id, part_no
    from rows.orders semi join live_imports using (import_id)
    where status in ('cancelled', 'refunded', 'partially_refunded') and is_from_lines is not true
),
counting as (
    select account, order_id, import_id, part_no, day, currency, net_amount
    from facts.orders where not is_refund and status in ('paid', 'awaiting_payment')
),
gone_back as (
    select c.account, c.currency, c.order_id, c.day, c.net_amount, c.import_id as newer_id, max(e.import_id) as older_id
    from counting c join ended e on e.account = c.account and e.order_id = c.order_id
    where (e.import_id, e.part_no) < (c.import_id, c.part_no)
    group by all
)
select account, currency, count(*), sum(net_amount)::double, min(day), max(day),
    list_sort(list_distinct(list(older_id) || list(newer_id))), arg_min(order_id, (day, order_id), 3)
from gone_back group by all order by all
"""


def orders_gone_back(checked: Checked) -> list[Finding]:
    """Orders that count as paid or open though an earlier file knows them as refunded or cancelled."""
    if len([one for one in checked.live if one.load.tables.get("orders")]) < 2:
        return []
    return [
        Finding(
            place("orders_gone_back", account, currency),
            "affects",
            message(
                "{n} order counts as paid or open by the file added last, and was refunded or cancelled already in an earlier one.",
                "{n} orders count as paid or open by the file added last, and were refunded or cancelled already in an earlier one.",
                n=count,
            ),
            message("If the file added last was exported earlier, undo it: the newer state counts again. If the orders were reopened, nothing has to be done."),
            "orders",
            count,
            touched(high="orders net_sales revenue"),
            account,
            amount,
            currency,
            (first, last) if first else None,
            tuple(imports),
            tuple(ids),
        )
        for account, currency, count, amount, first, last, imports, ids in checked.rows(_GONE_BACK)
    ]  # fmt: skip
