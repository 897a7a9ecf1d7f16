"""Answer → altair.Chart. Charts are returned, never shown; words and numbers are in the reader's language."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from kpi.answer import Answer
from kpi.buckets import bucket_words, compared_words, paired_buckets
from kpi.labels import kpi_label
from kpi.model import Kpi
from kpi.wording import Words

ACCENT = "#0B6E4F"
COMPARED = "#7A857F"
QUIET = "#5E6963"
PICKED: Final = "bucket"
"""The selection of a bucket by a click; it holds its `first` and its `last` day that count, as ISO dates."""

_TICKS = 8
_RATES = ("percent", "ratio", "points", "duration")


def line_over_time(
    answer: Answer, kpi: Kpi, words: Words, *, accent: str = ACCENT, quiet: str = QUIET, height: int = 260
) -> alt.Chart:
    """The KPI by the grain of the answer, the compared period as a dashed grey line behind it.

    Sums start at zero; the axis of a rate starts where the data is. A bucket that is not whole is a hollow point, and so
    is a compared one that holds other than as many days. Each can be clicked where there are several.
    """
    grain = answer.query.grain or "day"
    currency = answer.currencies.get(kpi.id)
    data = _points(answer, kpi, words)
    base = alt.Chart(data).encode(x=alt.X("date:T", title=None, axis=_time_axis(grain, data["date"])))
    value = alt.Y("value:Q", title=None, axis=_value_axis(kpi), scale=_value_scale(kpi, axis_start(answer, kpi)))
    compared = alt.Y("compared:Q", title=None)
    layers = [
        base.mark_line(color=COMPARED, strokeDash=[5, 4], strokeWidth=1.5, aria=False).encode(y=compared),
        base.mark_line(color=accent, strokeWidth=2.25, aria=False).encode(y=value),
    ]
    open_mark = {"filled": False, "strokeWidth": 2, "aria": False, "opacity": 1}
    # a layer without marks would have no extent
    if not data["is_open"].all():
        points = base.mark_point(color=accent, size=45, filled=True, aria=False, opacity=1)
        layers.append(points.encode(y=value).transform_filter("!datum.is_open"))
    if data["is_uneven"].any():
        points = base.mark_point(color=COMPARED, size=55, **open_mark)
        layers.append(points.encode(y=compared).transform_filter("datum.is_uneven"))
    if data["is_open"].any():
        points = base.mark_point(color=accent, size=70, **open_mark)
        layers.append(points.encode(y=value).transform_filter("datum.is_open"))
    layers.append(_bands(data, _tooltip(answer, kpi, words, data), accent))
    return alt.layer(*layers).properties(height=height).configure(**_config(words, currency, quiet))


def axis_start(answer: Answer, kpi: Kpi) -> float | None:
    """Where the axis of a rate begins, other than at zero: a twentieth of the range below the least value."""
    names = [name for name in (kpi.id, f"{kpi.id}_compared") if name in answer.frame]
    values = answer.frame[names].to_numpy(dtype="float64")
    values = values[~np.isnan(values)]
    if kpi.unit not in _RATES or not values.size or values.min() <= 0:
        return None
    start = float(values.min() - (values.max() - values.min()) / 20)
    return start if start > 0 and values.max() > values.min() else None


def spark_values(answer: Answer) -> dict[str, list[float]]:
    """The values of each KPI over time, without the undefined ones and the buckets that are not whole."""
    frame = answer.frame
    if "date" not in frame:
        return {}
    kpis = [name for name in answer.query.kpis if name in frame]
    is_whole = ~frame["date"].isin(_part_buckets(answer)).to_numpy()
    values = frame[kpis].to_numpy(dtype="float64")[is_whole]
    return {name: column[~np.isnan(column)].tolist() for name, column in zip(kpis, values.T, strict=True)}


def _points(answer: Answer, kpi: Kpi, words: Words) -> pd.DataFrame:
    """A row a bucket: its value and the compared one, both as words, how far its band reaches, what is not whole."""
    data = answer.frame[["date", kpi.id]].rename(columns={kpi.id: "value"})
    data["compared"] = answer.frame[f"{kpi.id}_compared"] if f"{kpi.id}_compared" in answer.frame else float("nan")
    currency = answer.currencies.get(kpi.id)
    pairs = {pd.Timestamp(pair.ours.start): pair for pair in paired_buckets(answer)}
    own = [pairs[day] for day in data["date"]]
    days = [pair.ours.days or pair.ours.whole for pair in own]
    data["first"], data["last"] = ([day.isoformat() for day in ends] for ends in zip(*days, strict=True))
    data["bucket"] = [bucket_words(words, pair.ours) for pair in own]
    data["shown"] = [words.value(value, kpi.unit, currency) for value in data["value"]]
    data["compared_bucket"] = [compared_words(words, pair) for pair in own]
    data["shown_compared"] = [words.value(value, kpi.unit, currency) for value in data["compared"]]
    data["is_open"] = data["date"].isin(_part_buckets(answer))
    data["is_uneven"] = [not pair.is_even and was == was for pair, was in zip(own, data["compared"], strict=True)]
    data["told"] = [
        f"{bucket}: {shown}" + (f"; {words.t('Compared period')}: {other}, {before}" if was == was else "")
        for bucket, shown, other, before, was in zip(
            data["bucket"],
            data["shown"],
            data["compared_bucket"],
            data["shown_compared"],
            data["compared"],
            strict=True,
        )
    ]
    half = data["date"].diff().shift(-1).fillna(data["date"].diff()).fillna(pd.Timedelta(days=1)) / 2
    data["until"] = data["date"] + half
    data["since"] = data["until"].shift(1).fillna(data["date"] - half)
    return data


def _tooltip(answer: Answer, kpi: Kpi, words: Words, data: pd.DataFrame) -> list[alt.Tooltip]:
    own = [
        alt.Tooltip("bucket:N", title=words.t("Period")),
        alt.Tooltip("shown:N", title=kpi_label(words, answer, kpi.id)),
    ]
    if not data["compared"].notna().any():
        return own
    return [
        *own,
        alt.Tooltip("compared_bucket:N", title=words.t("Compared period")),
        alt.Tooltip("shown_compared:N", title=words.t("Compared")),
    ]


def _bands(data: pd.DataFrame, tooltip: list[alt.Tooltip], accent: str) -> alt.Chart:
    """A band around each bucket, seen only under the pointer: its tooltip, its words, and what a click takes."""
    hovered = alt.selection_point(name="hovered", on="pointerover", clear="pointerout", empty=False)
    bands = (
        alt.Chart(data, name="bands")
        .mark_rect(color=accent, cursor="pointer" if len(data) > 1 else "default")
        .encode(
            x=alt.X("since:T", title=None),
            x2="until:T",
            tooltip=tooltip,
            description=alt.Description("told:N"),
            fillOpacity=alt.condition(hovered, alt.value(0.08), alt.value(0)),
        )
        .add_params(hovered)
    )
    if len(data) < 2:
        return bands
    return bands.add_params(alt.selection_point(name=PICKED, fields=["first", "last"], toggle=False))


def _part_buckets(answer: Answer) -> list[pd.Timestamp]:
    return [pd.Timestamp(day) for day in (answer.clipped, answer.incomplete) if day is not None]


def _time_axis(grain: str, days: pd.Series) -> alt.Axis:
    """Ticks on the buckets themselves, thinned to at most eight."""
    form = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y", "quarter": "%b %Y", "year": "%Y"}[grain]
    kept = days.iloc[:: max(1, -(-len(days) // _TICKS))]
    ticks = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in kept]
    return alt.Axis(format=form, grid=False, labelOverlap=True, labelFlush=False, values=ticks)


def _value_scale(kpi: Kpi, start: float | None) -> alt.Scale:
    return (
        alt.Scale(zero=kpi.unit not in _RATES) if start is None else alt.Scale(zero=False, nice=False, domainMin=start)
    )


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


def _config(words: Words, currency: str | None, quiet: str) -> dict[str, Any]:
    locale = words.altair_locale(currency) if currency else words.altair_locale()
    return {
        "locale": alt.Locale(number=locale["number"], time=locale["time"]),
        "view": alt.ViewConfig(stroke=None),
        "axis": alt.AxisConfig(labelColor=quiet),
    }
