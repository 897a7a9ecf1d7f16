"""The KPI over time on a page: the chart, what its lines and points mean in words, and what a click on it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

import kpi
from kpi.buckets import Pair, bucket_words, compared_words, paired_buckets
from kpi.charts import PICKED, axis_start, line_over_time
from kpi.periods import Period
from kpi.wording import Words
from pages.shared.kept import kept
from pages.shared.theme import accent, quiet

_UNEVEN_NAMED = 3
_PICKED, _NUMBER = "_picked_days", "_chart_number"


def time_chart(say: Words, answer: kpi.Answer, name: str, on_pick: Callable[[Period], None]) -> None:
    """The KPI over time with its compared line; what is not whole is hollow and said. A click on a bucket gives its days
    to `on_pick`."""
    entry = kpi.catalogue().kpis[name]
    colour = accent()
    spec = kept(
        answer,
        ("line", name, say.language, colour),
        lambda: line_over_time(answer, entry, say, accent=colour, quiet=quiet()).to_dict(),
    )
    pairs = paired_buckets(answer)
    key = f"time_chart_{_chart_number(answer)}"

    def pick() -> None:
        chosen = st.session_state[key].selection.get(PICKED)
        if chosen:
            days = date.fromisoformat(chosen[0]["first"]), date.fromisoformat(chosen[0]["last"])
            st.session_state[_PICKED] = days
            on_pick(days)

    alt = say.t("{kpi} over time", kpi=entry.name)
    if len(pairs) > 1:
        st.vega_lite_chart(spec=spec, alt=alt, key=key, on_select=pick, selection_mode=PICKED)
    else:
        st.vega_lite_chart(spec=spec, alt=alt)
    if lines := _chart_lines(say, answer, name, pairs):
        st.caption("  \n".join(lines))


def _chart_number(answer: kpi.Answer) -> int:
    """Which chart this is to Streamlit. It keeps what was clicked, so that the same click again would say nothing: where
    the page shows other days than those, because of the back button or a control, another chart stands there."""
    state = st.session_state
    if state.get(_PICKED) not in (None, answer.period):
        state[_PICKED] = None
        state[_NUMBER] = state.get(_NUMBER, 0) + 1
    return state.get(_NUMBER, 0)


def _chart_lines(say: Words, answer: kpi.Answer, name: str, pairs: tuple[Pair, ...]) -> list[str]:
    """What the chart's lines and points mean, and what a click does."""
    lines = []
    is_compared = answer.compared_period is not None and answer.totals_compared.get(name) is not None
    if is_compared:
        lines.append(say.t("Dashed: {period}.", period=answer.compared_period))
    start = axis_start(answer, kpi.catalogue().kpis[name])
    if start is not None:
        lines.append(say.t("The axis does not begin at zero."))
    if len(pairs) > 1:
        lines.append(say.t("Click a point to narrow the period to it."))
    parts = [bucket_words(say, one.ours) for one in pairs if one.ours.start in (answer.clipped, answer.incomplete)]
    told = [" ".join(lines)] if lines else []
    if parts:
        told.append(
            say.n(
                "Hollow point, not a whole period: {buckets}.",
                "Hollow points, not whole periods: {buckets}.",
                len(parts),
                buckets=tuple(parts),
            )
        )
    uneven = [compared_words(say, one) for one in pairs if is_compared and not one.is_even]
    if uneven:
        named = (*uneven[:_UNEVEN_NAMED], *(["…"] if len(uneven) > _UNEVEN_NAMED else []))
        told.append(
            say.n(
                "Hollow grey point, not as many days as here: {buckets}.",
                "Hollow grey points, not as many days as here: {buckets}.",
                len(uneven),
                buckets=", ".join(named),
            )
        )
    return told
