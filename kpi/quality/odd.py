"""Rows of payments, parcels, stock counts and fees that cannot be right, or are worth a look."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.quality.finding import Checked, Finding, Severity, Touched, place, touched
from kpi.wording.message import Message, message

# Stock stands on every day until the next count: only the day of the count is looked at.
_ODD: dict[str, tuple[str, str, str]] = {
    "refund_above_payment": ("payments", "payment_id", "paid_amount > 0 and refunded_amount > paid_amount"),
    "unknown_payments": ("payments", "payment_id", "status = 'unknown'"),
    "sent_before_ordered": ("shipments", "order_id", "processing_s < 0"),
    "negative_stock": ("stock", "sku", "day = counted_on and quantity < 0"),
    "unpriced_stock": ("stock", "sku", "day = counted_on and quantity > 0 and unit_cost <= 0"),
}


@dataclass(frozen=True)
class _Said:
    severity: Severity
    what: Message
    fix: Message
    kpis: tuple[Touched, ...]


def odd_rows(checked: Checked) -> list[Finding]:
    """Refunds above their payment, statuses that nobody knows, parcels sent before the order, stock below zero."""
    found = []
    for check, (table, name, condition) in _ODD.items():
        if not checked.held.has(table):
            continue
        sql = (
            f"select account, count(*), min(day), max(day), list_sort(list(distinct import_id)), "
            f"list(distinct {name} order by {name})[:3] from facts.{table} where {condition} group by account order by account"
        )
        for account, count, first, last, imports, examples in checked.rows(sql):
            said = _said(check, count)
            found.append(
                Finding(
                    place(check, account),
                    said.severity,
                    said.what,
                    said.fix,
                    table,
                    count,
                    said.kpis,
                    account,
                    period=(first, last) if first else None,
                    imports=tuple(imports),
                    examples=tuple(it for it in examples if it),
                )
            )
    return found


def _said(check: str, n: int) -> _Said:
    return {
        "refund_above_payment": _Said(
            "affects",
            message("{n} payment was refunded by more than was paid.", "{n} payments were refunded by more than was paid.", n=n),
            message("Look them up at the payment provider; a refund may be there twice, or stand in another currency."),
            touched(high="payment_refunds"),
        ),
        "unknown_payments": _Said(
            "look",
            message("{n} payment has a status that is not known, so it counts neither as received nor as failed.", "{n} payments have a status that is not known, so they count neither as received nor as failed.", n=n),
            message("Look at the statuses in the file: export it with those of the payment provider."),
            touched(low="payments_received", unclear="payment_success_rate"),
        ),
        "sent_before_ordered": _Said(
            "affects",
            message("{n} parcel was sent before it was ordered.", "{n} parcels were sent before they were ordered.", n=n),
            message("Day and month may be swapped, or the times be of two zones: correct them and add the file again."),
            touched(low="processing_time fulfilment_time"),
        ),
        "negative_stock": _Said(
            "look",
            message("{n} stock count is below zero and is taken as nothing.", "{n} stock counts are below zero and are taken as nothing.", n=n),
            message("More was sold than was booked in: correct the stock in the shop and export it again."),
            touched(unclear="stock_value stock_turnover days_of_stock"),
        ),
        "unpriced_stock": _Said(
            "affects",
            message("{n} stock count has a unit cost of zero or less.", "{n} stock counts have a unit cost of zero or less.", n=n),
            message("Enter the purchase prices in the shop, or add a product file with costs, and export the stock again."),
            touched(low="stock_value", unclear="stock_turnover"),
        ),
    }[check]  # fmt: skip
