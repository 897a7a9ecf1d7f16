"""Which days each source covers: a strip a source, its gaps in words."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.coverage import coverage_strip, sources
from kpi.wording import Words
from pages.shared.theme import accent, quiet

_GAPS_NAMED = 3


def covered_days(shop: kpi.Workspace, say: Words) -> None:
    """The strips, and a line for every source that has gaps."""
    found = sources(shop.imports())
    if not found:
        st.caption(say.t("None of the files says which days it covers."))
        return
    strips = coverage_strip(found, say, accent=accent(), ink=quiet())
    st.altair_chart(strips, alt=say.t("Days that each source covers"))
    for source in found:
        if source.gaps:
            shown = source.gaps[:_GAPS_NAMED]
            st.caption(
                say.n(
                    "{source}: {n} gap, {days}.",
                    "{source}: {n} gaps, among them {days}.",
                    len(source.gaps),
                    source=source.name,
                    days=", ".join(say.period(*gap) for gap in shown),
                )
            )
