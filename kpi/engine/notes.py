"""What a reader should know beside the numbers: gaps, unknown values, data that begins too late, unfinished buckets."""

from __future__ import annotations

from datetime import date

from kpi.engine.holdings import Holdings
from kpi.engine.scope import Scope
from kpi.engine.windows import measure_period
from kpi.model import Catalogue
from kpi.periods import Period, bucket_end, bucket_start, hull, merged, overlap, shifted
from kpi.query import Query
from kpi.wording.message import Message, Share, message

# Below this share of known values a breakdown over two tables says how much it rests on.
_WELL_KNOWN = 0.95
_SPANS_NAMED = 3


def notes(query: Query, model: Catalogue, held: Holdings, found: Scope) -> list[Message]:
    """What a reader should know about the computable numbers of a scope."""
    if not found.kpis or found.period is None:
        return []
    told: list[Message] = []
    tables = dict.fromkeys(one.measure.table for one in found.served.values())
    for table in tables:
        told += _of_coverage(table, model, found)
        if len(tables) > 1:
            told += _of_known(table, query, model, held)
    lacking = {
        (one.measure.table, account): None for one in found.served.values() if one.plan for account in one.plan.lacking
    }
    for table, account in lacking:
        told.append(
            message(
                "{account} does not know this breakdown; its rows in “{table}” stand under “unknown” and pass no filter.",
                account=account,
                table=model.tables[table].name,
            )
        )
    told += _of_accounts(found, model)
    told += _of_stock(held, found)
    told += _of_tools(found, model)
    told += _of_rules(query, held, found)
    told += _of_money(found, held)
    if held.knows("order_lines", "order_id") and held.knows("order_lines", "day") < 1 and "order_lines" in tables:
        told.append(message("Some order lines belong to no loaded order and are not counted."))
    years = [one for one in found.served.values() if one.measure.window and one.measure.window.months and one.coverage]
    counted = measure_period(years[0].measure, found.period, years[0].coverage) if years else None
    if counted and counted[0] < years[0].coverage[0][0]:
        told.append(
            message("KPIs that look back over 12 months know only the time since {day}.", day=years[0].coverage[0][0])
        )
    if "new_customers" in found.served and found.served["new_customers"].coverage:
        first = found.served["new_customers"].coverage[0][0]
        if found.period[0] < shifted(first, 12):
            told.append(
                message("The orders begin on {day}: some customers counted as new may have bought before.", day=first)
            )
    return told


def _of_coverage(table: str, model: Catalogue, found: Scope) -> list[Message]:
    """The days that the table covers, where they are not the whole period."""
    assert found.period is not None
    spans = merged(span for one in found.served.values() if one.measure.table == table for span in one.coverage)
    inside = tuple(part for span in spans if (part := overlap(span, found.period)))
    if not inside or inside == (found.period,):
        return []
    name = model.tables[table].name
    if len(inside) <= _SPANS_NAMED:
        return [
            message(
                "The table “{table}” covers only {days} of this period.",
                table=name,
                days=inside if len(inside) > 1 else inside[0],
            )
        ]
    days = hull(inside)
    return [
        message(
            "The table “{table}” covers only parts of {days}, with {n} gap.",
            "The table “{table}” covers only parts of {days}, with {n} gaps.",
            n=len(inside) - 1,
            table=name,
            days=days,
        )
    ]


def _of_rules(query: Query, held: Holdings, found: Scope) -> list[Message]:
    """That channels follow the workspace's own rules, and where these cannot reach."""
    about = [one for one in found.served.values() if "channel" in (*query.by, *query.where, *one.measure.needs)]
    if not held.own_rules or not about:
        return []
    told = [
        message(
            "Channels follow {n} rule of your own first, then the default ones.",
            "Channels follow {n} rules of your own first, then the default ones.",
            n=held.own_rules,
        )
    ]
    pieces = {piece.series_id for one in about if one.plan for piece in one.plan.pieces}
    if any(one.is_beyond_rules for own in held.series.values() for one in own if one.id in pieces):
        told.append(message("A report here names channels without source and medium: your rules cannot change those."))
    return told


def _of_money(found: Scope, held: Holdings) -> list[Message]:
    """Which amounts were converted, and what profit does not know."""
    told = []
    converted = {one.measure.table for one in found.served.values() if one.is_converted and one.measure.unit == "money"}
    foreign = {name for table in converted for name in held.currencies_of(table)} - {held.own_currency}
    if foreign:
        told.append(
            message(
                "Amounts in {currencies} were converted to {own} by the exchange rates of their days.",
                currencies=tuple(sorted(foreign)),
                own=str(held.own_currency),
            )
        )
    if "cost_of_goods" in found.served and (share := held.knows("order_lines", "unit_cost")) < 1:
        told.append(
            message(
                "Profit has a value only where at least 98% of the sold products have a cost; of all order lines, with shipping and cancelled ones, {share} have one.",
                share=Share(share),
            )
        )
    if "item_sales" in found.served and (share := held.knows("order_lines", "line_amount")) < 1:
        told.append(
            message(
                "Only {share} of the order lines have a price; the others add nothing to product sales.",
                share=Share(share),
            )
        )
    if "untaxed_net_sales" in found.served and held.knows("orders", "tax_share") < 1:
        told.append(
            message("For some orders nobody has said how much VAT is in them; for these, amounts count as written.")
        )
    return told


def _of_accounts(found: Scope, model: Catalogue) -> list[Message]:
    """Accounts of one report table that do not cover the days which the others do."""
    assert found.period is not None
    told: dict[tuple[str, str], Message] = {}
    for one in found.served.values():
        if one.plan is None or len(one.plan.accounts) < 2:
            continue
        whole = tuple(part for span in one.coverage if (part := overlap(span, found.period)))
        for account, spans in one.plan.accounts:
            inside = tuple(part for span in spans if (part := overlap(span, found.period)))
            if inside != whole and account not in one.plan.lacking:
                name = model.tables[one.measure.table].name
                days = hull(inside)
                told[account, one.measure.table] = (
                    message("{account} covers only {days} in “{table}”.", account=account, days=days, table=name)
                    if days
                    else message("{account} has no days of this period in “{table}”.", account=account, table=name)
                )
    return list(told.values())


def _of_stock(held: Holdings, found: Scope) -> list[Message]:
    """The accounts whose last stock count is too old to be the stock at the end of the period."""
    assert found.period is not None
    if not any(one.measure.span == "closing" for one in found.served.values()):
        return []
    end = found.period[1]
    told = []
    for account, spans in held.counted.items():
        begun = [(counted_on, last) for counted_on, (first, last) in spans if first <= end]
        if begun and begun[-1][1] < end:
            told.append(
                message(
                    "The stock of {account} was last counted on {day}, too long before {end}: it is not in the closing stock.",
                    account=account,
                    day=begun[-1][0],
                    end=end,
                )
            )
    return told


def _of_tools(found: Scope, model: Catalogue) -> list[Message]:
    """Tools that measured days which another one covers, and which kind of bounces is shown."""
    plans = [(one.measure, one.plan) for one in found.served.values() if one.plan]
    told = [
        message(
            "{account} also measured days that another tool covers in “{table}”; visits of two tools are never added.",
            account=account,
            table=model.tables[table].name,
        )
        for table, account in dict.fromkeys((measure.table, it) for measure, plan in plans for it in plan.passed_over)
    ]
    if any(measure.kind == "bounce_kind" and plan.kinds == {"classic"} for measure, plan in plans):
        told.append(message("Bounces are the classic ones here: sessions of a single page, not GA4's."))
    return told


def _of_known(table: str, query: Query, model: Catalogue, held: Holdings) -> list[Message]:
    """How many rows say what the breakdown asks for, where many do not."""
    return [
        message(
            "In “{table}” only {share} of the rows say this: {dimension}. The rest stand under “unknown”.",
            table=model.tables[table].name,
            share=Share(held.knows(table, dimension)),
            dimension=model.dimensions[dimension].name,
        )
        for dimension in dict.fromkeys((*query.by, *query.where))
        if held.knows(table, dimension) < _WELL_KNOWN and not model.dimensions[dimension].may_be_empty
    ]


def last_incomplete_bucket(query: Query, found: Scope) -> date | None:
    """The first day of the last bucket, where the bucket is not over by the end of the period or of the data."""
    edges = _edges(found)
    if query.grain is None or edges is None:
        return None
    end = edges[1]
    start = bucket_start(end, query.grain)
    return start if bucket_end(start, query.grain) > end else None


def first_clipped_bucket(query: Query, found: Scope) -> date | None:
    """The first day of the first bucket with data, where the bucket begins before the period or the data."""
    edges = _edges(found)
    if query.grain is None or edges is None:
        return None
    first = edges[0]
    start = bucket_start(first, query.grain)
    return start if start < first else None


def covered_days(found: Scope) -> Period | None:
    """From the first to the last day of the period that all rows behind the numbers reach; None where there is none."""
    edges = _edges(found)
    return edges if edges and edges[0] <= edges[1] else None


def _edges(found: Scope) -> Period | None:
    """The latest first day and the earliest last day of the period and of what is covered."""
    if found.period is None or not found.served:
        return None
    spans = [one.coverage for one in found.served.values() if one.coverage]
    first = max([found.period[0], *(span[0][0] for span in spans)])
    return first, min([found.period[1], *(span[-1][1] for span in spans)])
