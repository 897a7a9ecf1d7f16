"""Shop, analytics and ads beside each other: the bridge from orders to transactions, by day and by channel."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pandas as pd
import streamlit as st

import kpi
from kpi.model.values import value_name
from kpi.periods import buckets, hull
from kpi.reconcile import Reconciliation
from kpi.reconcile.chart import counts_by_day
from kpi.wording import Words
from kpi.wording.message import Message
from pages.shared.markdown import escaped
from pages.shared.theme import accent

_STRONG = ("start", "subtotal", "unexplained", "end")
_ALL = "all"


def bridge(shop: kpi.Workspace, say: Words) -> None:
    """A folded section, where the analytics tool says how many transactions it counted."""
    counting = [one for one in shop.holdings.series.get("traffic", ()) if "transactions" in one.filled]
    if not counting or not shop.holdings.has("orders"):
        return
    title = say.t("Shop, analytics and ads: why they do not count the same")
    box = st.expander(title, icon=":material/compare_arrows:", on_change="rerun", key="bridge")
    if box.open:
        with box:
            start, end = _period(shop, say)
            found = shop.reconciliation(start, end)
            if isinstance(found, Message):
                st.info(say.say(found), icon=":material/block:")
            else:
                _shown(say, found)


def _period(shop: kpi.Workspace, say: Words) -> tuple[date | None, date | None]:
    """All days, or one month of the shop's orders."""
    days = hull(shop.holdings.coverage("orders"))
    months = [first.isoformat() for first in reversed(buckets(days, "month"))] if days else []
    chosen = st.selectbox(
        say.t("Period"),
        [_ALL, *months],
        format_func=lambda one: say.t("All days") if one == _ALL else say.bucket(date.fromisoformat(one), "month"),
        key=f"bridge_period_{say.language}",
        width=240,
    )
    if chosen == _ALL:
        return None, None
    first = date.fromisoformat(chosen)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _shown(say: Words, found: Reconciliation) -> None:
    st.markdown(f"**{_verdict(say, found)}**")
    st.markdown(_steps(say, found))
    if found.hints:
        st.markdown(f"**{say.t('What may explain the rest')}**")
        st.markdown(_hints(say, found))
        st.caption(
            say.t("These can overlap, so they are not added. Refused cookies and blocked scripts leave no trace in the data.")
        )  # fmt: skip
    if found.claims:
        st.markdown(f"**{say.t('What each ad platform counts for itself')}**")
        st.markdown(_claims(say, found))
        st.caption(say.t("Each platform claims an order by rules of its own; their figures are never added."))
    if found.by_day is not None:
        st.markdown(f"**{say.t('By day')}**")
        st.altair_chart(counts_by_day(found.by_day, say, accent=accent()), alt=say.t("Orders and transactions by day"))
        _table(say, found, found.by_day.iloc[::-1], "day")
    if found.by_channel is not None:
        st.markdown(f"**{say.t('By channel')}**")
        _table(say, found, found.by_channel, "channel")
    for reason in found.refused:
        st.caption(say.say(reason))


def _verdict(say: Words, found: Reconciliation) -> str:
    rest, share = found.step("unexplained").orders, found.unexplained_share
    days = found.common[0] if len(found.common) == 1 else (found.common[0][0], found.common[-1][1])
    return say.t(
        "On the days that both cover ({days}) the shop has {orders} comparable orders and the tool {transactions} transactions; {rest} remain unexplained ({share}).",
        days=days,
        orders=_count(say, found.step("comparable").orders),
        transactions=_count(say, found.step("comparable").orders + rest),
        rest=_signed(say, rest),
        share="—" if share is None else say.change(share),
    )


def _steps(say: Words, found: Reconciliation) -> str:
    heads = ["", say.t("Orders"), *([say.t("Amount")] if found.currency else [])]
    rows = []
    for step in found.steps:
        is_total = step.kind in ("start", "subtotal", "end")
        cells = [say.say(step.name), _count(say, step.orders) if is_total else _signed(say, step.orders)]
        if found.currency:
            amount = say.money(step.amount, found.currency)
            cells.append(amount if is_total or not step.amount or step.amount < 0 else f"+{amount}")
        rows.append([f"**{cell}**" if step.kind in _STRONG else cell for cell in cells])
    return _markdown(heads, rows)


def _hints(say: Words, found: Reconciliation) -> str:
    heads = ["", say.t("Orders"), *([say.t("Amount")] if found.currency else [])]
    rows = [
        [
            say.say(hint.name),
            "—" if hint.orders is None else _count(say, hint.orders) if hint.id == "unknown_channel" else _signed(say, hint.orders),
            *([_money(say, hint.amount, found.currency)] if found.currency else []),
        ]
        for hint in found.hints
    ]  # fmt: skip
    return _markdown(heads, rows)


def _claims(say: Words, found: Reconciliation) -> str:
    counted = {"purchases": say.t("purchases"), "conversions": say.t("conversions")}
    heads = ["", say.t("Count"), *([say.t("Amount")] if found.currency else []), say.t("Days")]
    rows = [
        [
            f"{escaped(claim.platform)}, {counted[claim.counted]}",
            _count(say, claim.count),
            *([say.money(claim.amount, found.currency)] if found.currency else []),
            say.period(claim.days[0][0], claim.days[-1][1]),
        ]
        for claim in found.claims
    ]
    return _markdown(heads, rows)


def _table(say: Words, found: Reconciliation, frame: pd.DataFrame, key: str) -> None:
    platforms = [claim.platform for claim in found.claims if claim.platform in frame]
    shown = pd.DataFrame({
        "key": [say.date(value) if key == "day" else value_name(key, value, say) for value in frame[key]],
        "orders": [_count(say, value) for value in frame["orders"]],
        "transactions": [_count(say, value) for value in frame["transactions"]],
        "gap": [_signed(say, value) for value in frame["gap"]],
        "gap_share": [say.change(value) for value in frame["gap_share"]],
        **({"amount_gap": [_money(say, value, found.currency) for value in frame["amount_gap"]]} if "amount_gap" in frame else {}),
        **({"edge_orders": [_count(say, value) for value in frame["edge_orders"]]} if "edge_orders" in frame else {}),
        **{name: [_count(say, value) for value in frame[name]] for name in platforms},
    })  # fmt: skip
    titles = {
        "key": say.t("Day") if key == "day" else say.say(kpi.catalogue().dimensions[key].name),
        "orders": say.t("Orders"),
        "transactions": say.t("Transactions"),
        "gap": say.t("Gap"),
        "gap_share": say.t("Share"),
        "amount_gap": say.t("Gap in amount"),
        "edge_orders": say.t("Near midnight"),
    }
    st.dataframe(
        shown,
        column_config={
            name: st.column_config.TextColumn(titles.get(name, name), alignment="left" if name == "key" else "right", pinned=name == "key")
            for name in map(str, shown)
        },
        hide_index=True,
        height="content" if len(shown) <= 12 else 360,
        alt=say.t("Orders and transactions by day") if key == "day" else say.t("Orders and transactions by channel"),
    )  # fmt: skip


def _markdown(heads: list[str], rows: list[list[str]]) -> str:
    """A table with numbers on the right; a bar inside a cell would end it."""
    lines = [heads, [":---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '¦') for cell in line)} |" for line in lines)


def _count(say: Words, value: float | None) -> str:
    if value is None or value != value:
        return "—"
    # conversions come in fractions, whose sums are whole only nearly
    return say.count(round(value)) if abs(value - round(value)) < 0.05 else say.number(value, digits=1)


def _signed(say: Words, value: float) -> str:
    return f"+{_count(say, value)}" if value > 0 else _count(say, value)


def _money(say: Words, value: float | None, currency: str | None) -> str:
    if value is None or value != value:
        return "—"
    return f"+{say.money(value, currency)}" if value > 0 else say.money(value, currency)
