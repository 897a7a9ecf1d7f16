"""The same question about another period: what may be compared, and how the two are joined."""

from __future__ import annotations

import math
from datetime import timedelta

import pandas as pd

from kpi.engine.scope import Scope
from kpi.model import Catalogue
from kpi.periods import Period, buckets, overlap
from kpi.query import Query
from kpi.wording.message import Message, message

# A sum is compared only where both periods are covered: this share of the days may be missing, and no more days.
_MISSING_SHARE, _MISSING_DAYS = 0.15, 7


def incomparable(found: Scope, other: Scope, model: Catalogue) -> dict[str, Message]:
    """KPIs whose two values must not be set side by side, with the reason."""
    reasons: dict[str, Message] = {}
    for kpi in found.kpis:
        if kpi not in other.kpis:
            continue
        ours, theirs = found.currencies.get(kpi), other.currencies.get(kpi)
        if ours and theirs and ours != theirs:
            reasons[kpi] = message(
                "The compared period is in {other}, this one in {one}: no comparison.", one=ours, other=theirs
            )
        elif not model.kpis[kpi].formula.is_ratio and is_whole(found, kpi, model) != is_whole(other, kpi, model):
            assert other.period is not None
            reasons[kpi] = message(
                "One of the two periods is covered only in part, so sums are not compared; the other one is {days}.",
                days=other.period,
            )
    return reasons


def is_whole(found: Scope, kpi: str, model: Catalogue) -> bool:
    """Whether the rows behind a KPI cover the period, but for a few days at most."""
    assert found.period is not None
    length = _days(found.period)
    for name in model.kpis[kpi].formula.names:
        inside = (overlap(span, found.period) for span in found.served[name].coverage)
        missing = length - sum(_days(span) for span in inside if span)
        if missing > max(1, min(_MISSING_DAYS, length * _MISSING_SHARE)):
            return False
    return True


def aligned(frame: pd.DataFrame, query: Query, period: Period, compared: Period) -> pd.DataFrame:
    """The compared frame with its buckets' dates replaced by those in the same position of the period."""
    if query.grain is None or frame.empty:
        return frame
    ours, theirs = buckets(period, query.grain), buckets(compared, query.grain)
    places = {pd.Timestamp(their): pd.Timestamp(our) for their, our in zip(theirs, ours, strict=False)}
    return frame.assign(date=frame["date"].map(places)).dropna(subset=["date"])


def joined(
    query: Query, kpis: tuple[str, ...], frame: pd.DataFrame, other: pd.DataFrame, left_out: dict[str, Message]
) -> pd.DataFrame:
    """The frame with a column `<kpi>_compared` each; over time by the frame's buckets, else by the groups of either."""
    keys = (["date"] if query.grain else []) + list(query.by)
    names = [kpi for kpi in kpis if kpi in other.columns and kpi not in left_out]
    if names:
        renamed = other[[*keys, *names]].rename(columns={kpi: f"{kpi}_compared" for kpi in names})
        is_spine = bool(query.grain) and not query.by
        frame = (
            frame.merge(renamed, on=keys, how="left" if is_spine else "outer")
            if keys
            else pd.concat([frame, renamed], axis=1)
        )
    missing = [f"{kpi}_compared" for kpi in kpis if kpi not in names]
    return frame.assign(**dict.fromkeys(missing, math.nan))


def _days(span: Period) -> int:
    return (span[1] - span[0] + timedelta(1)).days
