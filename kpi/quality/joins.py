"""Rows that name something which no other file knows."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.wording.message import Message, Share, message

_EXPECTED_RATE = 0.98
"""Below this share the gap changes breakdowns; above it a few rows are always late or deleted."""

_PRODUCTS = """
with sold as (
    select account, sku, count(*) as lines, sum(net_amount) as amount, min(day) as first_on, max(day) as last_on,
        list(distinct import_id) as imports, any_value(currency) as currency
    from facts.order_lines
    where is_valid and is_product and sku is not null and (select count(*) > 0 from rows.products semi join live_imports using (import_id))
    group by all
)
select account, sum(lines), sum(lines) filter (where not is_known),
    sum(amount) filter (where not is_known), case when count(distinct currency) = 1 then any_value(currency) end,
    min(first_on) filter (where not is_known), max(last_on) filter (where not is_known),
    list_sort(list_distinct(flatten(list(imports) filter (where not is_known)))),
    (list(sku order by lines desc, sku) filter (where not is_known))[:3]
from (select s.*, p.sku is not null as is_known from sold s left join (select distinct account, sku from live_products) p using (account, sku))
group by all having count(*) filter (where not is_known) > 0 order by all
"""
_UNJOINED = """
with keys as (
    select distinct coalesce(email_key, customer_key) as customer_key
    from rows.customers semi join live_imports using (import_id) left join known_ids on id_hash = customer_key
),
placed as (select account, order_id from facts.orders where not is_refund),
-- as tickets find their order: with or without its sign, and none that several share
numbered as (select ltrim(order_id, '#') from placed group by 1 having count(*) = 1),
refunded as (from facts.orders where is_refund and order_id is not null),
asked as (
    select t.account, t.ticket_id, t.order_id, t.import_id, f.day from live_tickets t join facts.tickets f using (account, ticket_id)
    where t.order_id is not null
),
sent as (
    select 'payments' as table_id, account, import_id, day, order_id, has_order from facts.payments where order_id is not null
    union all select 'shipments', account, import_id, day, order_id, has_order from facts.shipments where order_id is not null and step = 'sent'
),
totals as (
    select 'order_lines' as child, 'orders' as parent, account, count(*) as total from facts.order_lines where not is_refund group by all
    union all select 'refunds', 'orders', account, count(*) from refunded group by all
    union all select 'orders', 'customers', account, count(*) from facts.orders
        where is_valid and customer_no is not null and (select count(*) > 0 from keys) group by all
    union all select 'tickets', 'orders', account, count(*) from asked group by all
    union all select table_id, 'orders', account, count(*) from sent where (select count(*) > 0 from placed) group by all
),
missing as (
    select 'order_lines' as child, 'orders' as parent, account, import_id, day, order_id as ref
    from facts.order_lines where not is_refund and status is null
    union all select 'refunds', 'orders', account, import_id, day, order_id from refunded anti join placed using (account, order_id)
    union all select 'orders', 'customers', account, import_id, day, null
        from facts.orders where is_valid and customer_no in (select customer_no from facts.people anti join keys using (customer_key)) and (select count(*) > 0 from keys)
    union all select 'tickets', 'orders', account, import_id, day, order_id
        from asked where ltrim(order_id, '#') not in (from numbered)
    union all select table_id, 'orders', account, import_id, day, order_id from sent where not has_order
),
lost as (
    select child, parent, account, count(*) as lost, min(day) as first_on, max(day) as last_on,
        list_sort(list(distinct import_id)) as imports, list(distinct ref order by ref) as refs
    from missing group by all
)
select child, parent, account, total, total - lost, first_on, last_on, imports, refs[:3]
from totals join lost using (child, parent, account) where total - lost < $least * total order by all
"""
_EFFECTS: dict[tuple[str, str], tuple[tuple[Touched, ...], Message]] = {
    ("order_lines", "orders"): (
        touched(low="units item_sales gross_profit", unclear="items_per_order"),
        message("Bring the orders of the same days: lines without their order do not count."),
    ),
    ("refunds", "orders"): (
        touched(unclear="refunds revenue refund_rate"),
        message("Bring the older orders too: until then these refunds have no channel and no upper limit."),
    ),
    ("orders", "customers"): (
        touched(unclear="aov customers"),
        message("Export all customers: the others stand under “unknown” by age and gender."),
    ),
    ("payments", "orders"): (
        touched(unclear="payments_received"),
        message(
            "Check that the payments carry the shop's own order numbers: the others stand under “unknown” by channel and device."
        ),
    ),
    ("shipments", "orders"): (
        touched(unclear="processing_time"),
        message("Bring the orders of the same days: the other parcels stand under “unknown” by channel and country."),
    ),
    ("tickets", "orders"): (
        touched(low="complaint_rate"),
        message("Check that the tickets carry the shop's own order numbers."),
    ),
}


def unknown_products(checked: Checked) -> list[Finding]:
    """Lines whose sku no product file knows, where one is loaded."""
    return [
        Finding(
            place("unknown_products", account),
            "affects",
            message(
                "{n} line of {total} has a SKU that no product file of its shop knows; most often {examples}.",
                "{n} lines of {total} have a SKU that no product file of their shop knows; most often {examples}.",
                n=unknown, total=total, examples=tuple(skus),
            ),
            message("Export the product list again, with products that are no longer sold."),
            "order_lines",
            unknown,
            touched(unclear="gross_profit gross_margin item_profit item_margin below_cost item_sales"),
            account,
            None if amount is None else float(amount),
            currency,
            (first, last) if first else None,
            tuple(imports),
            tuple(skus),
        )
        for account, total, unknown, amount, currency, first, last, imports, skus in checked.rows(_PRODUCTS)
    ]  # fmt: skip


def unjoined_rows(checked: Checked) -> list[Finding]:
    """Rows of one table whose partner in another is not there, where the rate is below what is usual."""
    found = []
    for child, parent, account, total, joined, first, last, imports, refs in checked.rows(
        _UNJOINED, {"least": _EXPECTED_RATE}
    ):
        kpis, fix = _EFFECTS[child, parent]
        tables = checked.model.tables
        what = message(
            "Only {rate} of the rows in “{child}” find their partner in “{parent}”: {joined} of {total}.",
            rate=Share(joined / total),
            child=tables[child].name,
            parent=tables[parent].name,
            joined=joined,
            total=total,
        )
        examples = tuple(ref for ref in refs if ref)
        found.append(
            Finding(
                place("unjoined", child, parent, account),
                "affects",
                what,
                fix,
                child,
                total - joined,
                kpis,
                account,
                period=(first, last) if first else None,
                imports=tuple(imports),
                examples=examples,
            )
        )
    return found
