"""Exchange rates that cannot be right, or that are too old for the amounts which they convert."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.quality.money import CONVERTED
from kpi.wording.message import message

# No currency halves or doubles between two quotations that a shop has; a pair the wrong way round does far more.
_JUMPS = """
select from_currency, before, rate, first_on, last_on, (
    select list_sort(list(distinct import_id)) from live_fx_rates r where r.day = first_on and jumps.from_currency in (r.from_currency, r.to_currency)
) from (
    select *, lag(rate) over (partition by from_currency order by first_on) as before from facts.fx where from_currency <> $own
) jumps where greatest(rate / before, before / rate) > 2 order by from_currency, first_on
"""
# A rate typed in once is meant to last; one of a table of rates is not.
_LISTED = """
with listed as (
    select from_currency, max(first_on) as first_on from facts.fx where from_currency <> $own group by all having count(*) >= 5
)
"""
_OLD = """
select '{table}' as table_id, currency, first_on, count(*), min(day), max(day), list_sort(list(distinct import_id))
from facts.{table} join listed on from_currency = currency and day > first_on + {days}
where {amount} is not null group by all
"""
_LASTS_DAYS = 14


def jumping_rates(checked: Checked) -> list[Finding]:
    """Rates that are less than half or more than twice the one before."""
    own = checked.held.own_currency
    if own is None or not checked.held.is_mixed:
        return []
    return [
        Finding(
            place("jumping_rates", currency, first.isoformat()),
            "affects",
            message(
                "On {day} the rate of {currency} to {own} goes from {before} to {rate}.",
                day=first,
                currency=currency,
                own=own,
                before=before,
                rate=rate,
            ),
            message("The pair may stand the wrong way round: correct the file of rates, or type in the right rate of that day."),
            "fx_rates",
            1,
            touched(unclear="net_sales revenue aov spend"),
            currency=currency,
            period=(first, min(last, max(first, checked.as_of))),
            imports=tuple(imports or ()),
        )
        for currency, before, rate, first, last, imports in checked.rows(_JUMPS, {"own": own})
    ]  # fmt: skip


def old_rates(checked: Checked) -> list[Finding]:
    """Amounts of days that a table of rates ended long before."""
    own = checked.held.own_currency
    if own is None or not checked.held.is_mixed:
        return []
    parts = [_OLD.format(table=table, amount=amount, days=_LASTS_DAYS) for table, (amount, _) in CONVERTED.items()]
    return [
        Finding(
            place("old_rates", table, currency),
            "look",
            message(
                "{n} row in {currency} is converted by the last rate that is known, of {day}.",
                "{n} rows in {currency} are converted by the last rate that is known, of {day}.",
                n=count,
                currency=currency,
                day=quoted,
            ),
            message("Add a file of rates that goes on to the last day of the data."),
            table,
            count,
            tuple(Touched(one.kpi, "open") for one in CONVERTED[table][1]),
            currency=currency,
            period=(first, last),
            imports=tuple(imports),
        )
        for table, currency, quoted, count, first, last, imports in checked.rows(
            f"{_LISTED} {' union all '.join(parts)} order by all", {"own": own}
        )
    ]
