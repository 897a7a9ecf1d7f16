"""The shop's orders and the tool's transactions by day, one line each."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kpi.wording import Words

_OTHER = "#7A857F"
_HEIGHT = 220
_MOST_POINTS = 62


def counts_by_day(by_day: pd.DataFrame, words: Words, *, accent: str) -> alt.Chart:
    """`by_day` of a Reconciliation as a chart; the tool's line is dashed and grey."""
    names = {"orders": words.t("Online orders"), "transactions": words.t("Transactions in the tool")}
    rows = [
        {"day": pd.Timestamp(day), "words": words.date(day), "who": name, "count": count, "gap": words.count(gap)}
        for column, name in names.items()
        for day, count, gap in zip(by_day["day"], by_day[column], by_day["gap"], strict=True)
    ]
    data = pd.DataFrame(rows, columns=["day", "words", "who", "count", "gap"])
    domain = list(names.values())
    has_points = len(by_day) <= _MOST_POINTS
    locale = words.altair_locale()
    legend = alt.Legend(title=None, orient="top", labelLimit=260, symbolType="stroke")
    return (
        alt.Chart(data)
        .mark_line(strokeWidth=2 if has_points else 1, point={"size": 25} if has_points else False)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(tickCount=6, labelOverlap=True, grid=False)),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1)),
            color=alt.Color("who:N", scale=alt.Scale(domain=domain, range=[accent, _OTHER]), legend=legend),
            strokeDash=alt.StrokeDash("who:N", scale=alt.Scale(domain=domain, range=[[1, 0], [5, 4]]), legend=legend),
            tooltip=[
                alt.Tooltip("words:N", title=words.t("Day")),
                alt.Tooltip("who:N", title=words.t("Source")),
                alt.Tooltip("count:Q", title=words.t("Count")),
                alt.Tooltip("gap:N", title=words.t("Gap")),
            ],
        )
        .properties(height=_HEIGHT)
        .configure(locale=alt.Locale(number=locale["number"], time=locale["time"]), view=alt.ViewConfig(stroke=None))
    )
