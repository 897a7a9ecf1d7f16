"""Data quality: what in the rows that count may be wrong, as findings with a place, an effect and a remedy.

A check is one cheap statement over the facts; a thing that one sentence cannot explain is no finding, nothing is ever
dropped or mended by itself, and there is no score.
"""

from __future__ import annotations

from kpi.quality.amounts import odd_amounts, orders_without_amount, outliers, suspect_discounts
from kpi.quality.columns import changed_columns
from kpi.quality.days import future_days, missing_days
from kpi.quality.doubles import doubled_orders, orders_in_two_accounts
from kpi.quality.finding import Check, Checked, Effect, Finding, Severity, Touched
from kpi.quality.joins import unjoined_rows, unknown_products
from kpi.quality.lacking import lacking_counts, lacking_fees, orders_by_parcels
from kpi.quality.money import unconverted_amounts
from kpi.quality.odd import odd_rows
from kpi.quality.older import orders_gone_back
from kpi.quality.overlaps import competing_reports, replaced_orders
from kpi.quality.payments import doubled_payments
from kpi.quality.rates import jumping_rates, old_rates
from kpi.quality.salesreport import report_against_orders
from kpi.quality.twice import reports_in_two_accounts
from kpi.quality.vanished import vanished_names

CHECKS: tuple[Check, ...] = (
    doubled_orders,
    orders_in_two_accounts,
    doubled_payments,
    reports_in_two_accounts,
    unconverted_amounts,
    jumping_rates,
    old_rates,
    missing_days,
    future_days,
    odd_amounts,
    orders_without_amount,
    odd_rows,
    competing_reports,
    vanished_names,
    report_against_orders,
    orders_gone_back,
    unjoined_rows,
    unknown_products,
    lacking_fees,
    lacking_counts,
    orders_by_parcels,
    changed_columns,
    replaced_orders,
    suspect_discounts,
    outliers,
)


def findings(checked: Checked) -> tuple[Finding, ...]:
    """All findings, those that affect numbers first, else in the order of the checks."""
    found = [finding for check in CHECKS for finding in check(checked)]
    return tuple(sorted(found, key=lambda finding: finding.severity != "affects"))


__all__ = ["CHECKS", "Checked", "Effect", "Finding", "Severity", "Touched", "findings"]
