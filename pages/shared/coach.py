"""What can be computed now, and which kinds of files would bring the rest."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.model import AREAS
from kpi.wording import Words

_BRINGS = {
    "orders": ("Shopify orders",),
    "order_lines": ("Shopify orders",),
    "traffic": ("GA4",),
    "ad_spend": ("Google Ads", "Meta Ads"),
}


def what_is_computable(shop: kpi.Workspace, say: Words) -> None:
    """The KPIs that have an answer, by area; then the one file that would unlock most."""
    catalogue = shop.catalogue
    held = shop.holdings
    scope = shop.scope(kpi.Query(tuple(catalogue.kpis)))
    st.markdown(f"**{say.t('What can be computed now')}**")
    for area, title in AREAS.items():
        inside = [name for name in catalogue.kpis if catalogue.kpis[name].area == area]
        ready = [name for name in inside if name in scope.kpis]
        if ready:
            names = ", ".join(say.say(catalogue.kpis[name].name) for name in ready)
            st.markdown(f"{say.say(title)} :gray-badge[{len(ready)} / {len(inside)}]")
            st.caption(names)
    unlocked = {
        table: [name for name in catalogue.kpis if name not in scope.kpis and table in catalogue.tables_of(name)]
        for table in _BRINGS
        if not held.has(table)
    }
    best = max(unlocked, key=lambda table: len(unlocked[table]), default=None)
    if best and unlocked[best]:
        st.info(
            say.n(
                "Next, bring {files}: it unlocks {n} more KPI.",
                "Next, bring {files}: it unlocks {n} more KPIs.",
                len(unlocked[best]),
                files=say.t("{one} or {other}", one=_BRINGS[best][0], other=_BRINGS[best][-1])
                if len(_BRINGS[best]) > 1
                else _BRINGS[best][0],
            ),
            icon=":material/add_circle:",
        )
