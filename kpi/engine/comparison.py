"""The same question about another period: what may be compared, and how the two are joined."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
        ours, theirs = found.currencies.get(kpi), other.currencies.get(kpi)
        if kpi in other.refused and other.period and _has_rows(kpi, other, model):
            reasons[kpi] = other.refused[kpi]
        elif ours and theirs and ours != theirs:
            reasons[kpi] = message(
                "The compared period is in {other}, this one in {one}: no comparison.", one=ours, other=theirs
            )
        elif (
            kpi in other.kpis
            and _is_sum(kpi, model)
            and _missing_days(found, kpi, model) != _missing_days(other, kpi, model)
        ):
            assert other.period is not None
            reasons[kpi] = message(
                "One of the two periods is covered only in part, so sums are not compared; the other one is {days}.",
                days=other.period,
            )
    return reasons


def _has_rows(kpi: str, other: Scope, model: Catalogue) -> bool:
    """Whether the compared period holds rows of the KPI's tables; that nothing is there yet needs no remark."""
    assert other.period is not None
    return all(
        any(overlap(span, other.period) for span in other.coverage.get(table, ())) for table in model.tables_of(kpi)
    )


def _is_sum(kpi: str, model: Catalogue) -> bool:
    """Whether missing days change the value by themselves: a sum, or a ratio over two tables."""
    return not model.kpis[kpi].formula.is_ratio or len(model.tables_of(kpi)) > 1


def _missing_days(found: Scope, kpi: str, model: Catalogue) -> int:
    """The days of the period that the rows behind a KPI do not cover; a few are a quiet week-end and count as none."""
    assert found.period is not None
    length, worst = _days(found.period), 0
    for name in model.kpis[kpi].formula.names:
        served = found.served[name]
        if served.measure.window:
            # what it says of the end of a period does not grow with the days of the period
            continue
        for coverage in [spans for _, spans in served.plan.accounts] if served.plan else [served.coverage]:
            inside = (overlap(span, found.period) for span in coverage)
            worst = max(worst, length - sum(_days(span) for span in inside if span))
    return worst if worst > max(1, min(_MISSING_DAYS, length * _MISSING_SHARE)) else 0


def aligned(frame: pd.DataFrame, query: Query, period: Period, compared: Period) -> pd.DataFrame:
    """The compared frame with its buckets' dates replaced by those in the same position of the period."""
    if query.grain is None or frame.empty:
        return frame
    ours, theirs = buckets(period, query.grain), buckets(compared, query.grain)
    places = {pd.Timestamp(their): pd.Timestamp(our) for their, our in zip(theirs, ours, strict=False)}
    return frame.assign(date=frame["date"].map(places)).dropna(subset=["date"])


def joined(
    query: Query,
    found: Scope,
    model: Catalogue,
    frame: pd.DataFrame,
    other: pd.DataFrame,
    totals: Mapping[str, float | None],
) -> pd.DataFrame:
    """The frame with a column `<kpi>_compared` each; over time by the frame's buckets, else by the groups of either.

    A sum of a group that has rows in one period only is 0 in the other. `totals`: the KPIs that may be compared.
    """
    keys = (["date"] if query.grain else []) + list(query.by)
    names = [kpi for kpi in found.kpis if kpi in other.columns and kpi in totals]
    if names:
        renamed = other[[*keys, *names]].rename(columns={kpi: f"{kpi}_compared" for kpi in names})
        is_spine = bool(query.grain) and not query.by
        frame = (
            frame.merge(renamed, on=keys, how="left" if is_spine else "outer")
            if keys
            else pd.concat([frame, renamed], axis=1)
        )
        if query.by and not query.grain:
            frame = _with_zeros(frame, [kpi for kpi in names if totals[kpi] is not None], model)
    missing = [f"{kpi}_compared" for kpi in found.kpis if kpi not in names]
    frame = frame.assign(**dict.fromkeys(missing, math.nan))
    return frame.assign(**{key: frame[key].astype(object).where(frame[key].notna(), None) for key in query.by})


def _with_zeros(frame: pd.DataFrame, kpis: list[str], model: Catalogue) -> pd.DataFrame:
    """Zeros for the sums of groups that one of the two periods has no rows of."""
    sums = [
        kpi
        for kpi in kpis
        if not model.kpis[kpi].formula.is_ratio and all(one.empty == "0" for one in model.measures_of(kpi))
    ]
    columns = [column for kpi in sums for column in (kpi, f"{kpi}_compared")]
    return frame.assign(**{column: frame[column].fillna(0.0) for column in columns})


def _days(span: Period) -> int:
    return (span[1] - span[0] + timedelta(1)).days
