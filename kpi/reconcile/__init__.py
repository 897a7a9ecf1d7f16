"""Why the shop, the analytics tool and the ad platforms do not count the same: the gaps, by name and by size.

The three measure different things. They are set beside each other, and never added to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pandas as pd

from kpi.engine.holdings import Holdings
from kpi.model.values import value_text
from kpi.periods import Period, hull, merged, overlap, without
from kpi.reconcile.orders import Part, by_key, hints, parts
from kpi.reconcile.result import Claim, Hint, Reconciliation, Step
from kpi.reconcile.sources import Report, Rows, report
from kpi.wording.message import Message, message

_COUNTED: tuple[tuple[Literal["purchases", "conversions"], str], ...] = (
    ("purchases", "purchase_amount"),
    ("conversions", "conversion_amount"),
)


def reconciliation(
    rows: Rows, held: Holdings, start: date | None = None, end: date | None = None
) -> Reconciliation | Message:
    """The orders of the period beside the tool's transactions; left out, the days are all that either covers.

    Returns: the reason instead, where the two cannot be set beside each other at all.
    """
    period = _period(held, start, end)
    if period is None:
        return message("No orders have been loaded yet.")
    currency, is_converted = _currency(rows, held, period)
    tool = report(held, "traffic", "transactions", "revenue_amount", period, is_converted=is_converted, are_tools=True)
    if tool is None:
        return message("No report of an analytics tool says how many transactions it counted in these days.")
    common = _common(held.spans.get("orders", ()), tool, period)
    if not common:
        return message("The orders and the analytics tool's transactions have no day in common.")
    table = "orders_converted" if is_converted else "orders"
    currency = currency if _total(rows, tool)[1] is not None else None
    steps = _steps(parts(rows, table, period, common), rows, tool, common, has_amounts=currency is not None)
    claims, reports = _claims(rows, held, period, currency)
    day_frame, day_reason = _by_day(rows, held, table, tool, common, reports, currency)
    channel_frame, channel_reason = _by_channel(rows, held, table, tool, common, reports, currency)
    return Reconciliation(
        period,
        common,
        currency,
        steps,
        hints(rows, table, common, has_amounts=currency is not None),
        day_frame,
        channel_frame,
        claims,
        tuple(reason for reason in (*_passed_over(tool), day_reason, channel_reason) if reason),
    )


def _period(held: Holdings, start: date | None, end: date | None) -> Period | None:
    shop = hull(held.spans.get("orders", ()))
    if shop is None:
        return None
    counting = [one for one in held.series.get("traffic", ()) if "transactions" in one.filled]
    days = hull((shop, *(span for one in counting for span in (*one.days, *one.spans))))
    return (start or days[0], end or days[1]) if days else None


def _currency(rows: Rows, held: Holdings, period: Period) -> tuple[str | None, bool]:
    """The one currency of both sides, and whether amounts are converted into it; none where there is no such."""
    names = held.currencies_of("orders") | held.currencies_of("traffic")
    if len(names) == 1:
        return next(iter(names)), False
    tables = [table for table in ("orders", "traffic") if held.currencies_of(table) - {held.own_currency}]
    is_convertible = held.own_currency is not None and all(held.is_convertible(table, period) for table in tables)
    return (held.own_currency, True) if names and is_convertible else (None, False)


def _passed_over(tool: Report) -> list[Message]:
    return [
        message(
            "{account} also counted transactions on days that another tool covers; those of two tools are never added.",
            account=account,
        )
        for account in tool.plan.passed_over
    ]


def _common(shop: Sequence[Period], tool: Report, period: Period) -> tuple[Period, ...]:
    """The days that the tool's rows can be told apart for and that orders cover."""
    inside = [part for span in shop if (part := overlap(span, period))]
    return tool.within(inside).coverage


def _steps(
    found: tuple[Part, ...], rows: Rows, tool: Report, common: Sequence[Period], *, has_amounts: bool
) -> tuple[Step, ...]:
    (counted, counted_money), (shared, shared_money) = _total(rows, tool), _total(rows, tool.within(common))
    counted_amount, shared_amount = counted_money or 0.0, shared_money or 0.0
    sums = {
        name: (sum(one.orders for one in found if one.part == name), sum(one.amount for one in found if one.part == name))
        for name in ("common", "alone")
    }  # fmt: skip
    online = sums["common"][0] + sums["alone"][0], sums["common"][1] + sums["alone"][1]
    whole = sum(one.orders for one in found), sum(one.amount for one in found)
    less = [
        Step(f"{one.part}:{one.value}", "less", _less(one), -one.orders, -one.amount)
        for name in ("status", "sales_channel")
        for one in found
        if one.part == name
    ]
    steps = [
        Step("all", "start", message("Orders in the shop's files, of every status"), *whole),
        *less,
        Step("online", "subtotal", message("Online orders that count"), *online),
        Step("shop_only", "less", message("On days that the analytics tool does not cover"), -sums["alone"][0], -sums["alone"][1]),
        Step("comparable", "subtotal", message("Online orders of the days that both cover"), *sums["common"]),
        Step("unexplained", "unexplained", message("Not explained"), shared - sums["common"][0], shared_amount - sums["common"][1]),
        Step("tool_only", "more", message("Transactions on days that the shop's files do not cover"), counted - shared, counted_amount - shared_amount),
        Step("transactions", "end", message("Transactions in the analytics tool"), counted, counted_amount),
    ]  # fmt: skip
    told = steps if has_amounts else [replace(step, amount=None) for step in steps]
    return tuple(step for step in told if step.orders or step.amount or step.kind not in ("less", "more"))


def _less(one: Part) -> Message:
    value = value_text(one.part, one.value)
    return (
        message("Do not count: {status}", status=value)
        if one.part == "status"
        else message("Other sales channel: {sales_channel}", sales_channel=value)
    )


def _total(rows: Rows, tool: Report) -> tuple[float, float | None]:
    """The transactions and their amount; None where some have none."""
    count, amount = tool.sums(rows)[0] if tool.plan.pieces else (0.0, 0.0)
    return count or 0.0, amount


def _claims(
    rows: Rows, held: Holdings, period: Period, currency: str | None
) -> tuple[tuple[Claim, ...], dict[str, Report]]:
    """What each platform counts for itself: its purchases, else its conversions; and the report that says so. Amounts
    are those in the currency of the bridge, or with a rate to it."""
    is_foreign = bool(held.currencies_of("ad_spend") - {currency})
    is_converted = is_foreign and currency == held.own_currency and held.is_convertible("ad_spend", period)
    has_amounts = currency is not None and (is_converted or not is_foreign)
    claims: dict[str, Claim] = {}
    reports: dict[str, Report] = {}
    for counted, amount_column in _COUNTED:
        claimed = report(held, "ad_spend", counted, amount_column, period, is_converted=is_converted)
        for platform, count, amount in claimed.sums(rows, "platform") if claimed else ():
            if claimed and platform and count is not None and platform not in claims:
                claims[platform] = Claim(platform, counted, count, amount if has_amounts else None, claimed.coverage)
                reports[platform] = claimed
    return tuple(sorted(claims.values(), key=lambda claim: claim.platform)), reports


def _by_day(
    rows: Rows,
    held: Holdings,
    table: str,
    tool: Report,
    common: Sequence[Period],
    reports: dict[str, Report],
    currency: str | None,
) -> tuple[pd.DataFrame | None, Message | None]:
    own = tool.within(common)
    if not own.is_daily:
        return None, message("The analytics tool's report has no days, so the gap is known only as a whole.")
    days = {"day": [day for first, last in common for day in pd.date_range(first, last).date]}
    frame = _side_by_side(days, by_key(rows, table, "day", common), own.sums(rows, "day"), currency)
    for platform, claimed in reports.items():
        inside = claimed.within(common)
        if inside.plan.pieces and inside.is_daily:
            found = {day: count for name, day, count, _ in inside.sums(rows, "platform", "day") if name == platform}
            covered = [any(first <= day <= last for first, last in inside.coverage) for day in frame["day"]]
            frame[platform] = [
                found.get(day, 0.0) if is_in else None for day, is_in in zip(frame["day"], covered, strict=True)
            ]
    return frame, None


def _by_channel(
    rows: Rows,
    held: Holdings,
    table: str,
    tool: Report,
    common: Sequence[Period],
    reports: dict[str, Report],
    currency: str | None,
) -> tuple[pd.DataFrame | None, Message | None]:
    found = report(held, "traffic", tool.count, tool.amount, hull(common) or common[0], by="channel", is_converted=tool.is_converted, are_tools=True)  # fmt: skip
    own = found.within(common) if found else None
    if own is None or not own.plan.pieces or not held.knows("orders", "channel"):
        return None, message("The orders, or the analytics tool's transactions, have no channel to be compared by.")
    days = own.coverage
    shop = by_key(rows, table, "channel", days)
    counted = own.sums(rows, "channel")
    names = {row[0]: row[1] for row in (*counted, *shop)}
    ordered = sorted(names, key=lambda name: (name is None, -(names[name] or 0), name or ""))
    frame = _side_by_side({"channel": ordered}, shop, counted, currency if _total(rows, own)[1] is not None else None)
    frame = frame.drop(columns="edge_orders")
    for platform, claimed in reports.items():
        inside = claimed.within(days)
        if inside.plan.pieces:
            by_name = {
                key: count for name, key, count, _ in inside.sums(rows, "platform", "channel") if name == platform
            }
            frame[platform] = [by_name.get(name) for name in ordered]
    missing = [part for span in common for part in without(span, days)]
    if not missing:
        return frame, None
    return frame, message("By channel only {days} can be compared.", days=merged(days)[0])


def _side_by_side(
    keys: dict[str, list[Any]], shop: list[tuple[Any, ...]], tool: list[tuple[Any, ...]], currency: str | None
) -> pd.DataFrame:
    """Both sides by the same keys; what one side lacks inside the common days is 0."""
    (name, values), orders = next(iter(keys.items())), {row[0]: row[1:] for row in shop}
    counted = {row[0]: row[1:] for row in tool}
    frame = pd.DataFrame({name: pd.Series(values, dtype="object")})
    frame["orders"] = [orders.get(value, (0.0,))[0] for value in values]
    frame["transactions"] = [counted.get(value, (0.0,))[0] or 0.0 for value in values]
    frame["gap"] = frame["transactions"] - frame["orders"]
    frame["gap_share"] = frame["gap"] / frame["orders"].where(frame["orders"] != 0)
    if currency:
        frame["order_amount"] = [orders.get(value, (0.0, 0.0))[1] for value in values]
        frame["transaction_amount"] = [counted.get(value, (0.0, 0.0))[1] or 0.0 for value in values]
        frame["amount_gap"] = frame["transaction_amount"] - frame["order_amount"]
        frame["amount_gap_share"] = frame["amount_gap"] / frame["order_amount"].where(frame["order_amount"] != 0)
    frame["edge_orders"] = [orders.get(value, (0.0, 0.0, 0.0))[2] for value in values]
    return frame


__all__ = ["Claim", "Hint", "Reconciliation", "Step", "reconciliation"]
