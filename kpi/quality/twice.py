"""Reports of two accounts that say the same of the same platform and days, so that both are added."""

from __future__ import annotations

from kpi.quality.finding import Checked, Finding, Touched, place, touched
from kpi.wording.message import message

# Sums of a whole day that agree to the cent on three days and more are no chance. Each pair of accounts is judged by the
# two of their reports that share most days.
_TWICE = """
with summed as (
    select series_id, account, lower({platform}) as platform, any_value({platform}) as named, period_start, period_end, {currency} as currency,
        sum({metric})::double as value, max(import_id) as import_id
    from facts.{table} where {metric} is not null and {platform} is not null
    group by series_id, account, lower({platform}), period_start, period_end, {currency}
),
paired as (
    select a.account as one, b.account as other, any_value(a.named) as platform, a.series_id, b.series_id as other_series, a.currency,
        sum(a.period_end - a.period_start + 1) filter (where a.value = b.value) as days, sum(a.value) filter (where a.value = b.value) as value,
        count(*) filter (where a.value = b.value) / count(*) as share, min(a.period_start) as first_on, max(a.period_end) as last_on,
        list_sort(list_distinct(list(a.import_id) || list(b.import_id))) as imports
    from summed a join summed b using (platform, period_start, period_end)
    where a.account < b.account and a.currency is not distinct from b.currency and a.value + b.value > 0
    group by a.account, b.account, a.platform, a.series_id, b.series_id, a.currency
)
select one, other, platform, currency, days, value, first_on, last_on, imports from paired
where days >= 3 and value >= 30 and share >= 0.9
qualify row_number() over (partition by one, other, platform, currency order by days desc, value desc, series_id, other_series) = 1
order by all
"""
_TABLES: dict[str, tuple[str, str, str, tuple[Touched, ...]]] = {
    "ad_spend": ("platform", "cost_amount", "currency", touched(high="spend cpa cac", low="mer")),
    "social_posts": ("network", "link_clicks", "null::varchar", touched(high="social_clicks")),
}


def reports_in_two_accounts(checked: Checked) -> list[Finding]:
    """One finding a platform and pair of accounts."""
    found = []
    for table, (platform_column, metric, currency_column, kpis) in _TABLES.items():
        if len({one.account for one in checked.held.series.get(table, ())}) > 1:
            sql = _TWICE.format(table=table, platform=platform_column, metric=metric, currency=currency_column)
            for one, other, platform, currency, days, value, first, last, imports in checked.rows(sql):
                found.append(
                    Finding(
                        place("reports_in_two_accounts", table, one, other, platform, currency),
                        "affects",
                        message(
                            "“{one}” and “{other}” say the same of {platform} on {n} day, and both are added.",
                            "“{one}” and “{other}” say the same of {platform} on {n} days, and both are added.",
                            one=one, other=other, platform=platform, n=days,
                        ),
                        message("If both are about the same account, undo one of the two imports, or add it again as the same account."),
                        table,
                        days,
                        kpis,
                        None,
                        value if currency else None,
                        currency,
                        (first, last),
                        tuple(imports),
                    )
                )  # fmt: skip
    return found
