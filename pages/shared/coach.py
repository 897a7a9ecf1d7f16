"""What can be computed now, and the one file that would bring most next."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.coaching import next_files
from kpi.model import AREAS
from kpi.wording import Words

_NAMED = 5


def what_is_computable(shop: kpi.Workspace, say: Words) -> None:
    """The KPIs that have an answer, by area; then the files that would unlock more, the most useful first."""
    catalogue = shop.catalogue
    answer = shop.ask(kpi.Query(tuple(catalogue.kpis)))
    computable = [name for name in answer.totals if name not in answer.refused]
    st.markdown(f"**{say.t('What can be computed now')}**")
    for area, title in AREAS.items():
        inside = [name for name in catalogue.kpis if catalogue.kpis[name].area == area]
        ready = [name for name in inside if name in computable]
        if ready:
            names = ", ".join(say.say(catalogue.kpis[name].name) for name in ready)
            st.markdown(f"{say.say(title)} :gray-badge[{len(ready)} / {len(inside)}]", help=names)
    if not computable:
        st.caption(say.t("Nothing yet."))
    files = next_files(catalogue, shop.holdings, computable)
    if not files:
        return
    best, *others = files
    unlocked = ", ".join(say.say(catalogue.kpis[name].name) for name in best.kpis[:_NAMED])
    unlocked = say.t("{names} and others", names=unlocked) if len(best.kpis) > _NAMED else unlocked
    st.info(
        say.n(
            "Next, bring {files}: it unlocks {n} more KPI: {kpis}.",
            "Next, bring {files}: it unlocks {n} more KPIs: {kpis}.",
            len(best.kpis),
            files=best.name,
            kpis=unlocked,
        ),
        icon=":material/add_circle:",
    )
    if others:
        names = ", ".join(f"{say.say(one.name)} (+{say.count(len(one.kpis))})" for one in others)
        st.caption(say.t("Or bring: {files}.", files=names))
