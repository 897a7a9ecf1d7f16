"""Comparison → altair.Chart: the charts that prove a verdict. Returned, never shown; words are in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import altair as alt
import pandas as pd

from kpi.abtests.scale import Scale, difference_scale, scale_of
from kpi.experiment import Comparison, Estimate, Longer, Metric
from kpi.wording import Words

Tone = Literal["better", "worse", "undecided"]
_ROW_PX, _LABEL_PX, _AXIS_PX = 62, 22, 30
_DAYS_SHOWN = 8


@dataclass(frozen=True)
class Tones:
    """The colours of a theme: what a difference means, and the words beside it."""

    better: str
    worse: str
    undecided: str
    text: str
    quiet: str
    page: str

    def of(self, tone: Tone) -> str:
        return {"better": self.better, "worse": self.worse, "undecided": self.undecided}[tone]


LIGHT = Tones("#2166AC", "#B35806", "#6B756F", "#17211D", "#5E6963", "#FFFFFF")
DARK = Tones("#7CB8E8", "#EFAE72", "#A5B0AA", "#E3E9E6", "#A9B5AF", "#121816")


def tone_of(one: Comparison, alpha: float) -> Tone:
    """What a comparison says: decided and better, decided and worse, or neither."""
    p = one.p_adjusted if one.p_adjusted is not None else (one.estimate.p if one.estimate else None)
    if p is None or p > alpha or one.is_better is None:
        return "undecided"
    return "better" if one.is_better else "worse"


def effects(
    comparisons: Sequence[Comparison], words: Words, tones: Tones, *, alpha: float = 0.05, names: Sequence[str] = ()
) -> alt.LayerChart | None:
    """A dot and its interval for each comparison, zero as a line; lift where every interval of it is defined.

    names: what stands over each one; the arm where nothing is given. None where nothing could be compared.
    """
    titles = names or [one.arm for one in comparisons]
    shown = [(title, one) for title, one in zip(titles, comparisons, strict=True) if one.estimate]
    if not shown:
        return None
    scale = scale_of([one for _, one in shown])
    rows = [_effect(title, one, scale, words, alpha) for title, one in shown]
    data = pd.DataFrame(rows).assign(row=range(len(rows)), zero=0.0)
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colour = _colour(tones)
    reach = alt.Scale(domain=_reach(data["low"].min(), data["high"].max()), nice=False)
    x = alt.X("value:Q", title=None, scale=reach, axis=_number_axis(scale, words))
    base = alt.Chart(data).encode(y=y, description=alt.Description("told:N"))
    tooltip = [alt.Tooltip("title:N", title=words.t("Variant")), alt.Tooltip("shown:N", title=scale.name(words))]
    tooltip += [alt.Tooltip("range:N", title=words.t("Interval"))]
    layers = [
        _zero_beside_labels(base, tones),
        base.mark_rule(strokeWidth=3, aria=False).encode(x=alt.X("low:Q"), x2="high:Q", color=colour),
        *(base.mark_tick(thickness=2.5, size=13, aria=False).encode(x=alt.X(f"{end}:Q"), color=colour) for end in ("low", "high")),
        base.mark_point(filled=True, size=120, opacity=1).encode(x=x, color=colour, shape=_shape(), tooltip=tooltip),
        _label(base, color=tones.page, stroke=tones.page, strokeWidth=5),
        _label(base, color=tones.text),
    ]  # fmt: skip
    return (
        alt.layer(*layers).properties(height=_ROW_PX * len(rows) + _AXIS_PX).configure(**_config(words, scale, tones))
    )


def over_days(
    estimates: Mapping[date, Estimate], metric: Metric, words: Words, tones: Tones, *, height: int = 230
) -> alt.LayerChart | None:
    """The difference among all units up to each day with its always-valid band, zero as a line."""
    if len(estimates) < 2:
        return None
    scale = difference_scale(metric)
    data = _dated(estimates, scale, words)
    # The first days' band is so wide that the rest would be a line; the later half sets the axis.
    later = data.iloc[len(data) // 2 - 1 :]
    reach = alt.Scale(domain=_reach(later["low"].min(), later["high"].max()), nice=False)
    y = alt.Y("value:Q", title=None, scale=reach, axis=_number_axis(scale, words))
    base = _over_time(data)
    layers = [
        base.mark_area(color=tones.undecided, opacity=0.22, clip=True, aria=False).encode(
            y=alt.Y("low:Q", scale=reach), y2="high:Q"
        ),
        _zero(tones).encode(y=alt.Y("zero:Q")),
        base.mark_line(color=tones.text, strokeWidth=2, clip=True, aria=False).encode(y=y),
        _points(base, words.t("Up to"), scale, words, color=tones.text, size=30, clip=True).encode(y=y),
    ]
    return alt.layer(*layers).properties(height=height).configure(**_config(words, scale, tones))


def by_day(
    found: Mapping[date, Comparison], metric: Metric, words: Words, tones: Tones, *, height: int = 200
) -> alt.LayerChart | None:
    """The difference among the units of each day alone, with its interval: where a novelty wears off, it sinks."""
    days = {day: one.estimate for day, one in found.items() if one.estimate}
    if len(days) < 2:
        return None
    scale = difference_scale(metric)
    base = _over_time(_dated(days, scale, words))
    y = alt.Y("value:Q", title=None, axis=_number_axis(scale, words))
    layers = [
        _zero(tones).encode(y=alt.Y("zero:Q")),
        base.mark_rule(color=tones.undecided, strokeWidth=2, aria=False).encode(y=alt.Y("low:Q"), y2="high:Q"),
        _points(base, words.t("Day"), scale, words, color=tones.text, size=45).encode(y=y),
    ]
    return alt.layer(*layers).properties(height=height).configure(**_config(words, scale, tones))


def what_longer_brings(
    longer: Sequence[Longer], wanted: float | None, metric: Metric, words: Words, accent: str, tones: Tones
) -> alt.LayerChart:
    """The smallest effect that so many weeks could find, and the one that is wanted as a dashed line."""
    scale = difference_scale(metric)
    data = pd.DataFrame(
        [
            {
                "weeks": one.weeks,
                "value": one.detectable * scale.factor,
                "shown": scale.written(words, one.detectable).removeprefix("+"),
                "units": words.count(one.units),
            }
            for one in longer
        ]
    )
    weeks = alt.X(
        "weeks:Q",
        title=None,
        axis=alt.Axis(
            tickMinStep=1, format="d", grid=False, labelExpr=f"datum.label + ' {words.t('wk')}'", labelOverlap=True
        ),
        scale=alt.Scale(nice=False, domain=[0.6, max(2, data["weeks"].max()) + 0.4]),
    )
    y = alt.Y("value:Q", title=None, axis=_number_axis(scale, words), scale=alt.Scale(zero=True))
    told = [
        alt.Tooltip("weeks:Q", title=words.t("Weeks")),
        alt.Tooltip("units:N", title=words.t("Units")),
        alt.Tooltip("shown:N", title=words.t("Smallest effect that would be found")),
    ]
    base = alt.Chart(data).encode(x=weeks)
    layers: list[Any] = [
        base.mark_line(color=accent, strokeWidth=2.25, aria=False).encode(y=y),
        base.mark_point(color=accent, filled=True, size=55, opacity=1).encode(
            y=y, tooltip=told, description=alt.Description("shown:N")
        ),
    ]
    if wanted:
        line = alt.Chart(pd.DataFrame({"wanted": [abs(wanted) * scale.factor]}))
        layers.append(
            line.mark_rule(color=tones.quiet, strokeDash=[5, 4], strokeWidth=1.5, aria=False).encode(
                y=alt.Y("wanted:Q")
            )
        )
    return alt.layer(*layers).properties(height=200).configure(**_config(words, scale, tones))


def _label(base: alt.Chart, **look: Any) -> alt.Chart:
    return base.mark_text(align="left", dy=-19, fontSize=13, aria=False, **look).encode(x=alt.value(2), text="label:N")


def _zero_beside_labels(base: alt.Chart, tones: Tones) -> alt.Chart:
    """Zero in every row but where its label stands, so that no letter has a line through it."""
    size = _ROW_PX - _LABEL_PX
    look: dict[str, Any] = {"size": size, "yOffset": (_ROW_PX - size) / 2, "thickness": 1.5, "aria": False}
    return base.mark_tick(color=tones.quiet, **look).encode(x=alt.X("zero:Q"))


def _dated(estimates: Mapping[date, Estimate], scale: Scale, words: Words) -> pd.DataFrame:
    """A row a day: the difference and its interval, as numbers and as words."""
    rows = [
        {
            "day": pd.Timestamp(day),
            "name": words.date(day),
            "value": one.difference * scale.factor,
            "low": one.low * scale.factor,
            "high": one.high * scale.factor,
            "shown": scale.written(words, one.difference),
            "range": scale.range(words, one.low, one.high),
        }
        for day, one in estimates.items()
    ]
    return pd.DataFrame(rows).assign(told=lambda data: data["name"] + ": " + data["shown"] + " (" + data["range"] + ")")


def _over_time(data: pd.DataFrame) -> alt.Chart:
    days = [day.date() for day in data["day"]]
    return alt.Chart(data).encode(x=alt.X("day:T", title=None, axis=_day_axis(days)))


def _points(base: alt.Chart, day: str, scale: Scale, words: Words, **look: Any) -> alt.Chart:
    told = [
        alt.Tooltip("name:N", title=day),
        alt.Tooltip("shown:N", title=scale.name(words)),
        alt.Tooltip("range:N", title=words.t("Interval")),
    ]
    return base.mark_point(filled=True, opacity=1, **look).encode(tooltip=told, description=alt.Description("told:N"))


def _zero(tones: Tones) -> alt.Chart:
    return alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=tones.quiet, strokeWidth=1.5, aria=False)


def _effect(title: str, one: Comparison, scale: Scale, words: Words, alpha: float) -> dict[str, Any]:
    value, low, high = scale.ends(one)
    shown, told = scale.written(words, value), f"{title}: {scale.whole(words, value, low, high)}"
    return {
        "title": title,
        "value": value * scale.factor,
        "low": low * scale.factor,
        "high": high * scale.factor,
        "tone": tone_of(one, alpha),
        "shown": shown,
        "range": scale.range(words, low, high),
        "label": told,
        "told": f"{told}, {tone_words(words, tone_of(one, alpha))}",
    }


def tone_words(words: Words, tone: Tone) -> str:
    """The meaning of a colour in a word."""
    return {"better": words.t("better"), "worse": words.t("worse"), "undecided": words.t("undecided")}[tone]


def _colour(tones: Tones) -> alt.Color:
    kinds: list[Tone] = ["better", "worse", "undecided"]
    return alt.Color("tone:N", legend=None, scale=alt.Scale(domain=kinds, range=[tones.of(kind) for kind in kinds]))


def _shape() -> alt.Shape:
    """A sign beside the colour: up for better, down for worse, a circle for what is not decided."""
    kinds, shapes = ["better", "worse", "undecided"], ["triangle-up", "triangle-down", "circle"]
    return alt.Shape("tone:N", legend=None, scale=alt.Scale(domain=kinds, range=shapes))


def _reach(low: float, high: float) -> list[float]:
    """An axis that holds zero, with a tenth of room on either side."""
    low, high = min(float(low), 0.0), max(float(high), 0.0)
    room = (high - low) / 10 or 1.0
    return [low - room, high + room]


def _number_axis(scale: Scale, words: Words) -> alt.Axis:
    return alt.Axis(
        format=scale.form,
        labelExpr=scale.label(words),
        tickCount=5,
        domain=False,
        ticks=False,
        labelPadding=6,
        labelOverlap=True,
    )


def _day_axis(days: Sequence[date]) -> alt.Axis:
    kept = list(days)[:: max(1, -(-len(days) // _DAYS_SHOWN))]
    ticks = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in kept]
    return alt.Axis(format="%-d %b", grid=False, labelOverlap=True, labelFlush=False, values=ticks)


def _config(words: Words, scale: Scale, tones: Tones) -> dict[str, Any]:
    locale = words.altair_locale(scale.currency) if scale.currency else words.altair_locale()
    return {
        "locale": alt.Locale(number=locale["number"], time=locale["time"]),
        "view": alt.ViewConfig(stroke=None),
        "axis": alt.AxisConfig(labelColor=tones.quiet, titleColor=tones.quiet, titleFontWeight="normal"),
    }
