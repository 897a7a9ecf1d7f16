"""Which days each source covers, and where its gaps are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kpi.periods import Period, hull, merged, without
from kpi.store.store import Import
from kpi.wording import Words
from kpi.wording.message import Text

_ROW_PX = 26


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


def coverage_strip(found: Iterable[Covered], words: Words, *, accent: str) -> alt.Chart:
    """A row a source and a bar a span of days; what is left white is a gap."""
    rows = [
        {
            "source": words.say(source.name) if isinstance(source.name, Text) else source.name,
            "start": pd.Timestamp(first),
            "end": pd.Timestamp(last) + pd.Timedelta(days=1),
            "days": words.period(first, last),
        }
        for source in found
        for first, last in source.spans
    ]
    data = pd.DataFrame(rows, columns=["source", "start", "end", "days"])
    locale = words.altair_locale()
    axis = alt.Axis(title=None, grid=True, tickCount=6, labelOverlap=True)
    return (
        alt.Chart(data)
        .mark_bar(color=accent, height=12)
        .encode(
            x=alt.X("start:T", axis=axis),
            x2="end:T",
            y=alt.Y("source:N", title=None, sort=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
            tooltip=[alt.Tooltip("source:N", title=words.t("Source")), alt.Tooltip("days:N", title=words.t("Days"))],
        )
        .properties(height=alt.Step(_ROW_PX))
        .configure(locale=alt.Locale(number=locale["number"], time=locale["time"]), view=alt.ViewConfig(stroke=None))
    )
