"""How many units a day the workspace sees, for planning the next test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kpi.answer import Answer
from kpi.engine.holdings import Holdings
from kpi.periods import Period
from kpi.query import Query

Counted = Literal["sessions", "orders"]
_DAYS = 28


@dataclass(frozen=True)
class Traffic:
    """A mean over whole days: sessions, of which one visitor may have several, or orders."""

    counted: Counted
    a_day: float
    days: Period


def traffic(ask: Callable[[Query], Answer], held: Holdings, as_of: date) -> tuple[Traffic, ...]:
    """Of the last four weeks of each source, without its last day, which may be cut off; none where nothing is known."""
    spans = {
        "sessions": [span for one in held.series.get("traffic", ()) for span in (*one.days, *one.spans)],
        "orders": list(held.spans.get("orders", ())),
    }
    kinds: tuple[Counted, ...] = ("sessions", "orders")
    return tuple(found for kind in kinds if (found := _traffic(ask, kind, spans[kind], as_of)))


def _traffic(ask: Callable[[Query], Answer], kind: Counted, spans: list[Period], as_of: date) -> Traffic | None:
    if not spans:
        return None
    end = min(max(last for _, last in spans), as_of) - timedelta(days=1)
    start = max(min(first for first, _ in spans), end - timedelta(days=_DAYS - 1))
    if start > end:
        return None
    found = ask(Query((kind,), start=start, end=end)).totals.get(kind)
    return Traffic(kind, found / ((end - start).days + 1), (start, end)) if found else None
