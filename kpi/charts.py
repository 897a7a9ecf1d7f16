"""Answer → altair.Chart. Charts are returned, never shown; words and numbers are in the reader's language."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from kpi.answer import Answer
from kpi.model import Kpi
from kpi.wording import Words

ACCENT = "#0B6E4F"
COMPARED = "#7A857F"
_TICKS = 8
_RATES = ("percent", "ratio", "points", "duration")


def line_over_time(answer: Answer, kpi: Kpi, words: Words, *, accent: str = ACCENT, height: int = 260) -> alt.Chart:
    """The KPI by the grain of the answer, the compared period as a dashed grey line behind it.

    Sums start at zero; the axis of a rate starts where the data is. A bucket that is not whole is a hollow point.
    """
    grain = answer.query.grain or "day"
    currency = answer.currencies.get(kpi.id)
    data = answer.frame[["date", kpi.id]].rename(columns={kpi.id: "value"})
    data["compared"] = answer.frame[f"{kpi.id}_compared"] if f"{kpi.id}_compared" in answer.frame else float("nan")
    data["bucket"] = [words.bucket(day.date(), grain) for day in data["date"]]
    data["shown"] = [words.value(value, kpi.unit, currency) for value in data["value"]]
    data["shown_compared"] = [words.value(value, kpi.unit, currency) for value in data["compared"]]
    data["is_open"] = data["date"].isin(_part_buckets(answer))
    tooltip = [
        alt.Tooltip("bucket:N", title=words.t("Period")),
        alt.Tooltip("shown:N", title=words.say(kpi.name)),
    ]
    if data["compared"].notna().any():
        tooltip.append(alt.Tooltip("shown_compared:N", title=words.t("Compared period")))
    base = alt.Chart(data).encode(x=alt.X("date:T", title=None, axis=_time_axis(grain, data["date"])))
    value = alt.Y("value:Q", title=None, axis=_value_axis(kpi), scale=alt.Scale(zero=kpi.unit not in _RATES))
    points = base.encode(y=value, tooltip=tooltip)
    layers = [
        base.mark_line(color=COMPARED, strokeDash=[5, 4], strokeWidth=1.5).encode(y=alt.Y("compared:Q", title=None)),
        base.mark_line(color=accent, strokeWidth=2.25).encode(y=value),
    ]
    # a layer without marks would be a picture without words for who hears the page
    if not data["is_open"].all():
        layers.append(
            points.mark_point(color=accent, size=45, filled=True, opacity=1).transform_filter("!datum.is_open")
        )
    if data["is_open"].any():
        layers.append(
            points.mark_point(color=accent, size=70, filled=False, strokeWidth=2).transform_filter("datum.is_open")
        )
    return alt.layer(*layers).properties(height=height).configure(**_config(words, currency))


def spark_values(answer: Answer) -> dict[str, list[float]]:
    """The values of each KPI over time, without the undefined ones and the buckets that are not whole."""
    frame = answer.frame
    if "date" not in frame:
        return {}
    kpis = [name for name in answer.query.kpis if name in frame]
    is_whole = ~frame["date"].isin(_part_buckets(answer)).to_numpy()
    values = frame[kpis].to_numpy(dtype="float64")[is_whole]
    return {name: column[~np.isnan(column)].tolist() for name, column in zip(kpis, values.T, strict=True)}


def _part_buckets(answer: Answer) -> list[pd.Timestamp]:
    return [pd.Timestamp(day) for day in (answer.clipped, answer.incomplete) if day is not None]


def _time_axis(grain: str, days: pd.Series) -> alt.Axis:
    """Ticks on the buckets themselves, thinned to at most eight."""
    form = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y", "quarter": "%b %Y", "year": "%Y"}[grain]
    kept = days.iloc[:: max(1, -(-len(days) // _TICKS))]
    ticks = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in kept]
    return alt.Axis(format=form, grid=False, labelOverlap=True, labelFlush=False, values=ticks)


def _value_axis(kpi: Kpi) -> alt.Axis:
    """Numbers as d3 writes them in the chart's locale."""
    forms = {
        "money": "$,~f",
        "count": ",~f",
        "number": ",.2~f",
        "percent": ".2~%",
        "ratio": ",.2~f",
        "points": ",.1~f",
        "duration": ",.0f",
    }
    form = forms[kpi.unit]
    return alt.Axis(format=form, tickCount=5, domain=False, ticks=False, labelPadding=6)


def _config(words: Words, currency: str | None) -> dict[str, Any]:
    locale = words.altair_locale(currency) if currency else words.altair_locale()
    return {"locale": alt.Locale(number=locale["number"], time=locale["time"]), "view": alt.ViewConfig(stroke=None)}
