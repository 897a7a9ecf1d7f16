"""What is not there though it should be: stock counts, fees of a month, what a marketplace has never sent."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, place, touched
from kpi.wording.message import Share, message

_LEAST_OTHER = 0.05
_HOLDS_DAYS = 31
_PARCELS = """
select o.account, count(*), min(o.day), max(o.day), list_sort(list(distinct o.import_id)), arg_min(o.order_id, (o.day, o.order_id), 3)
from facts.orders o
semi join (select import_id, part_no, order_id from rows.orders where is_from_lines) r using (import_id, part_no, order_id)
semi join (select import_id, part_no, order_id from rows.order_lines where is_partial and parcel is not null) l using (import_id, part_no, order_id)
where o.is_valid group by o.account order by o.account
"""
_OTHER = """
select account, currency, count(*) filter (where fee_type = 'other'), sum(fee_amount) filter (where fee_type = 'other')::double,
    sum(abs(fee_amount)) filter (where fee_type = 'other')::double / nullif(sum(abs(fee_amount)), 0)::double as share,
    min(day) filter (where fee_type = 'other'), max(day) filter (where fee_type = 'other'),
    list_sort(list(distinct import_id)), mode(type_raw) filter (where fee_type = 'other')
from facts.fees group by account, currency having share > $least order by all
"""
_FEELESS = """
with billed as (select distinct account, date_trunc('month', day)::date as month from facts.fees where day is not null),
ends as (select account, min(month) as first_on, max(month) as last_on from billed group by account),
sold as (
    select account, date_trunc('month', day)::date as month, count(*) as orders
    from facts.orders where is_valid group by all
)
select account, month, (month + interval 1 month - interval 1 day)::date, orders
from sold join ends using (account) anti join billed using (account, month)
where month between first_on and last_on order by all
"""
_UNCOUNTED = """
with counted as (select distinct account, product from facts.stock),
sold as (
    select account, product, max(day) as last_on, sum(quantity) as units from facts.order_lines
    where is_valid and is_product and product is not null and account in (select account from counted)
        and day >= (select min(counted_on) from facts.stock)
    group by all
)
select account, count(*), min(last_on), max(last_on), arg_max(product, (units, product), 3)
from sold anti join counted using (account, product) group by account order by account
"""
_OLD = "select account, max(counted_on), count(distinct sku), list_sort(list(distinct import_id)) from facts.stock group by account having max(counted_on) < $as_of::date - $days order by account"


def orders_by_parcels(checked: Checked) -> list[Finding]:
    """Orders of which only the parcels that were sent are known."""
    return [
        Finding(
            place("orders_by_parcels", account),
            "look",
            message(
                "Of {n} order only the parcels that were sent are known; what was not sent yet is missing from it.",
                "Of {n} orders only the parcels that were sent are known; what was not sent yet is missing from them.",
                n=count,
            ),
            message("Add the report of all orders of the same days: it has whole orders and comes first."),
            "orders",
            count,
            touched(low="orders net_sales revenue aov"),
            account,
            period=(first, last),
            imports=tuple(imports),
            examples=tuple(ids),
        )
        for account, count, first, last, imports, ids in checked.rows(_PARCELS)
    ]


def lacking_fees(checked: Checked) -> list[Finding]:
    """Fees of a kind that nobody knows, and months of orders without any fee between months that have some."""
    if not checked.held.has("fees"):
        return []
    unknown = [
        Finding(
            place("other_fees", account, currency),
            "look",
            message(
                "{share} of the fees are of a kind that Koszyk does not know, most often “{kind}”; they count as other fees.",
                share=Share(share),
                kind=kind or "",
            ),
            message("Look them up in the marketplace; as a total they are right, by type they are not."),
            "fees",
            count,
            touched(unclear="marketplace_ads_rate"),
            account,
            amount,
            currency,
            (first, last) if first else None,
            tuple(imports),
        )
        for account, currency, count, amount, share, first, last, imports, kind in checked.rows(
            _OTHER, {"least": _LEAST_OTHER}
        )
    ]
    months = [
        Finding(
            place("missing_fees", account, first.isoformat()),
            "affects",
            message(
                "There are no fees for {days}, in which {n} order was sold there.",
                "There are no fees for {days}, in which {n} orders were sold there.",
                days=(first, last), n=orders,
            ),
            message("Export the billing of this month and add the file."),
            "fees",
            orders,
            touched(low="marketplace_fees marketplace_fee_rate marketplace_ads_rate"),
            account,
            period=(first, last),
        )
        for account, first, last, orders in checked.rows(_FEELESS)
    ]  # fmt: skip
    return unknown + months


def lacking_counts(checked: Checked) -> list[Finding]:
    """Products that were sold and never counted, and counts that are too old to say anything about today."""
    if not checked.held.has("stock"):
        return []
    uncounted = [
        Finding(
            place("uncounted_products", account),
            "look",
            message(
                "{n} product was sold since the first stock count and stands in none; most sold {examples}.",
                "{n} products were sold since the first stock count and stand in none; most sold {examples}.",
                n=count, examples=tuple(names),
            ),
            message("Export the stock with all products. Services and gift cards are right like this."),
            "stock",
            count,
            touched(low="stock_value", unclear="stock_turnover days_of_stock stockout_rate"),
            account,
            period=(first, last),
            examples=tuple(names),
        )
        for account, count, first, last, names in checked.rows(_UNCOUNTED)
    ]  # fmt: skip
    old = [
        Finding(
            place("old_counts", account),
            "look",
            message("The last stock count is of {day}; after {n} days a count says nothing any more.", day=last, n=_HOLDS_DAYS),
            message("Export the stock again and add the file."),
            "stock",
            count,
            touched(missing="stock_value days_of_stock stockout_rate"),
            account,
            period=(last, last),
            imports=tuple(imports),
        )
        for account, last, count, imports in checked.rows(_OLD, {"as_of": checked.as_of, "days": _HOLDS_DAYS})
    ]  # fmt: skip
    return uncounted + old
