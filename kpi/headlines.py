"""Which KPIs stand on top: those that were pinned, else the four that fit the data at hand; what a click on a pin does."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.answer import Answer

_SHOWN = 4
_MOST_PINS = 8
# The first that can be computed stand on top; a shop without sessions or spend goes on with what it has.
_PREFERRED = (
    "revenue", "orders", "conversion_rate", "aov", "sessions", "spend", "mer", "customers", "new_customers", "net_sales",
    "reported_revenue", "reported_orders", "payments_received", "marketplace_fees",
    "win_rate", "contacts", "open_rate", "nps", "csat", "response_time", "ctr", "cpc",
)  # fmt: skip


def headlines(answer: Answer, pinned: Sequence[str] | None) -> tuple[str, ...]:
    """The KPIs of the first line, those with a value only. `pinned`: what the workspace keeps on top, None for no choice."""
    chosen = _PREFERRED if pinned is None else pinned
    there = [name for name in chosen if answer.totals.get(name) is not None and name not in answer.refused]
    return tuple(there[:_SHOWN] if pinned is None else there)


def pins_after(clicked: str, pinned: Sequence[str] | None, shown: Sequence[str]) -> list[str]:
    """The pins once one has been clicked: let go where it is `shown` as pinned, else the last of them. Those that have
    no value in the view, and so are not shown, stay; the first click begins with what is shown."""
    others = [name for name in (shown if pinned is None else pinned) if name != clicked]
    return others if clicked in shown else [*others, clicked][-_MOST_PINS:]
