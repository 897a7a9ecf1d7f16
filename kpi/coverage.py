"""Which days each source covers, and where its gaps are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from textwrap import fill

import altair as alt
import pandas as pd

from kpi.periods import Period, buckets, hull, merged, without
from kpi.store.store import Import
from kpi.wording import Words
from kpi.wording.message import Text

_ROW_PX = 34
_NAME_CHARACTERS = 26
_TICKS = 5
_DAYS_WITH_DAY_TICKS = 62
_MONTHS_BETWEEN_TICKS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class Covered:
    """One kind of file: its name, the days that its imports cover, and the days between them that none covers."""

    name: Text | str
    spans: tuple[Period, ...]

    @property
    def gaps(self) -> tuple[Period, ...]:
        whole = hull(self.spans)
        return without(whole, self.spans) if whole else ()


def sources(imports: Iterable[Import]) -> tuple[Covered, ...]:
    """The kinds of files that count, in the order of their first day; files without days are left out."""
    days: dict[Text | str, list[Period]] = defaultdict(list)
    for one in imports:
        for part in one.load.parts or (one.load,):
            if one.undone_at is None and part.period and part.rows.loaded + part.rows.unchanged:
                days[part.format_name].append(part.period)
    found = (Covered(name, merged(spans)) for name, spans in days.items())
    return tuple(sorted(found, key=lambda source: source.spans[0]))


def coverage_strip(found: Iterable[Covered], words: Words, *, accent: str, ink: str) -> alt.Chart:
    """A row a source and a bar a span of days; what is left white is a gap. `ink`: the colour of the words."""
    found = tuple(found)
    whole = hull([span for source in found for span in source.spans])
    rows = [
        {
            "source": _in_lines(words.say(source.name)),
            "start": pd.Timestamp(first),
            "end": pd.Timestamp(last) + pd.Timedelta(days=1),
            "days": words.period(first, last),
        }
        for source in found
        for first, last in source.spans
    ]
    data = pd.DataFrame(rows, columns=["source", "start", "end", "days"])
    locale = words.altair_locale()
    names = alt.Axis(labelColor=ink, labelExpr="split(datum.label, '\\n')", labelLimit=200, ticks=False, domain=False)
    return (
        alt.Chart(data)
        .mark_bar(color=accent, height=12)
        .encode(
            x=alt.X("start:T", axis=_day_axis(whole, ink) if whole else alt.Axis(title=None)),
            x2="end:T",
            y=alt.Y("source:N", title=None, sort=None, axis=names),
            tooltip=[alt.Tooltip("source:N", title=words.t("Source")), alt.Tooltip("days:N", title=words.t("Days"))],
        )
        .properties(height=alt.Step(_ROW_PX))
        .configure(locale=alt.Locale(number=locale["number"], time=locale["time"]), view=alt.ViewConfig(stroke=None))
    )


def _in_lines(name: str) -> str:
    """The name over as many lines as leave the bars their room on a phone."""
    return fill(name, _NAME_CHARACTERS)


def _day_axis(whole: Period, ink: str) -> alt.Axis:
    """Ticks on days or on the first days of months, at most a handful: Vega's own would show hours, or a bare year."""
    start, end = whole
    if (end - start).days < _DAYS_WITH_DAY_TICKS:
        days = [start + timedelta(day) for day in range((end - start).days + 1)]
        form, step = "%-d %b", -(-len(days) // _TICKS)
    else:
        days = [first for first in buckets(whole, "month") if first >= start]
        wanted = -(-len(days) // _TICKS)
        form, step = "%b %Y", next((step for step in _MONTHS_BETWEEN_TICKS if step >= wanted), wanted)
    ticks = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days[::step]]
    return alt.Axis(title=None, format=form, values=ticks, labelColor=ink, labelOverlap=True, labelFlush=True)
