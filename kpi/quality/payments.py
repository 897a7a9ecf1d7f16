"""Payments that two imports of one account name by different numbers, so that they count twice."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, place, touched
from kpi.wording.message import message

# Two exports of the same payments, one with the provider's numbers and one without. One such pair may be chance; where no
# time of day is written, many are.
_DOUBLED = """
with timed as (
    select account, import_id, payment_id, paid_at, amount, currency, is_unnumbered is true as is_unnumbered from live_payments
    where amount > 0 and paid_at::time <> time '00:00:00' and status in ('paid', 'partially_refunded', 'refunded')
),
paired as (
    select a.account, a.import_id as one, b.import_id as other, a.currency, a.amount, a.paid_at
    from timed a join timed b using (account, paid_at, amount)
    where a.import_id < b.import_id and a.payment_id <> b.payment_id and a.currency is not distinct from b.currency
        -- without a number they give way already
        and a.is_unnumbered = b.is_unnumbered
    qualify row_number() over (partition by b.account, b.payment_id order by a.import_id, a.payment_id) = 1
)
select account, one, other, currency, count(*), sum(amount)::double, min(paid_at)::date, max(paid_at)::date
from paired group by all having count(*) > 1 order by all
"""


def doubled_payments(checked: Checked) -> list[Finding]:
    """One finding a pair of imports and currency."""
    return [
        Finding(
            place("doubled_payments", account, one, other, currency),
            "affects",
            message(
                "{n} payment counts twice: two files have the same second and amount under different numbers.",
                "{n} payments count twice: two files have the same second and amount under different numbers.",
                n=count,
            ),
            message("If both files are about the same payments, undo one of the two imports."),
            "payments",
            count,
            touched(high="payments_received payment_fees payment_refunds"),
            account,
            amount,
            currency,
            (first, last),
            (one, other),
        )
        for account, one, other, currency, count, amount, first, last in checked.rows(_DOUBLED)
    ]
