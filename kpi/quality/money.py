"""Amounts in a currency that has no rate to the workspace's own, where several currencies are there."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.wording.message import message

_KPIS: dict[str, tuple[str, tuple[Touched, ...]]] = {
    "orders": ("net_amount", touched(missing="net_sales revenue aov gross_profit mer")),
    "ad_spend": ("cost_amount", touched(missing="spend cpa cac mer")),
    "email_campaigns": ("revenue_amount", touched(missing="email_revenue email_roi")),
    "deals": ("deal_amount", touched(missing="won_amount lead_value rep_sales")),
}
_UNCONVERTED = """
select '{table}' as table_id, currency, count(*), sum({amount})::double, min(day), max(day), list_sort(list(distinct import_id))
from facts.{table} t
where currency is not null and {amount} is not null
    and not exists (from facts.fx where from_currency = t.currency and t.day between first_on and last_on)
group by currency
"""


def unconverted_amounts(checked: Checked) -> list[Finding]:
    """One finding a table and foreign currency."""
    if not checked.held.is_mixed or checked.held.own_currency is None:
        return []
    parts = [_UNCONVERTED.format(table=table, amount=amount) for table, (amount, _) in _KPIS.items()]
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
            _KPIS[table][1],
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
