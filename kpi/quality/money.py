"""Amounts in a currency that has no rate to the workspace's own, where several currencies are there."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.wording.message import message

CONVERTED: dict[str, tuple[str, tuple[Touched, ...]]] = {
    "orders": ("net_amount", touched(missing="net_sales revenue aov gross_profit mer")),
    "ad_spend": ("cost_amount", touched(missing="spend cpa cac mer")),
    "email_campaigns": ("revenue_amount", touched(missing="email_revenue email_roi")),
    "payments": ("paid_amount", touched(missing="payments_received payment_refunds payment_fees")),
    "fees": ("fee_amount", touched(missing="marketplace_fees")),
    "sales_daily": ("net_amount", touched(missing="reported_revenue reported_gross_sales")),
    "stock": ("case when day = counted_on then stock_amount end", touched(missing="stock_value stock_turnover")),
    "deals": ("deal_amount", touched(missing="won_amount lead_value rep_sales")),
}
"""The amounts that are converted, and what has no value where they cannot be."""
_UNCONVERTED = """
select '{table}' as table_id, currency, count(*), sum({amount})::double, min(day), max(day), list_sort(list(distinct import_id))
from facts.{table} t
where currency is not null and {amount} is not null
    and not exists (from facts.fx where from_currency = t.currency and t.day between first_on and last_on)
group by currency
"""
_MIXED = """
select '{table}' as table_id, list(distinct currency order by currency), count(*), min(day), max(day), list_sort(list(distinct import_id))
from facts.{table} where currency is not null and {amount} is not null having count(distinct currency) > 1
"""


def unconverted_amounts(checked: Checked) -> list[Finding]:
    """One finding a table and foreign currency; one a table of several where none is the shop's own."""
    if not checked.held.is_mixed:
        return []
    if checked.held.own_currency is None:
        return _mixed(checked)
    parts = [_UNCONVERTED.format(table=table, amount=amount) for table, (amount, _) in CONVERTED.items()]
    return [
        Finding(
            place("unconverted", table, currency),
            "affects",
            message(
                "{n} row is in {currency}, with no rate to {own} for its day; currencies are never added.",
                "{n} rows are in {currency}, with no rate to {own} for their days; currencies are never added.",
                n=count,
                currency=currency,
                own=checked.held.own_currency,
            ),
            message(
                "Give the rate under “How numbers are counted”, add a file of rates, or filter by one currency."
            ),
            table,
            count,
            CONVERTED[table][1],
            None,
            amount,
            currency,
            (first, last),
            tuple(imports),
        )
        for table, currency, count, amount, first, last, imports in checked.rows(
            f"{' union all '.join(parts)} order by all"
        )
    ]  # fmt: skip


def _mixed(checked: Checked) -> list[Finding]:
    parts = [_MIXED.format(table=table, amount=amount) for table, (amount, _) in CONVERTED.items()]
    return [
        Finding(
            place("unconverted", table),
            "affects",
            message(
                "{n} row has an amount in one of several currencies ({currencies}), and none is chosen as the shop's own; currencies are never added.",
                "{n} rows have amounts in several currencies ({currencies}), and none is chosen as the shop's own; currencies are never added.",
                n=count,
                currencies=tuple(names),
            ),
            message("Choose the shop's currency under “How numbers are counted” and give the rates, or filter by one currency."),
            table,
            count,
            CONVERTED[table][1],
            period=(first, last) if first else None,
            imports=tuple(imports),
        )
        for table, names, count, first, last, imports in checked.rows(f"{' union all '.join(parts)} order by all")
    ]  # fmt: skip
