"""The controls of Explore: which KPI, broken down by what, over time by which grain."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.query import GRAINS
from kpi.wording import Words
from pages.shared import address


def explore_controls(shop: kpi.Workspace, say: Words) -> tuple[str, str, kpi.query.Grain | None]:
    """The KPI, the dimension that it is broken down by, and the grain (None: as fits the period)."""
    catalogue = shop.catalogue
    if address.kept(address.KPI) not in catalogue.kpis:
        st.session_state[address.KPI] = "revenue"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            say.t("KPI"),
            list(catalogue.kpis),
            key=address.KPI,
            format_func=lambda one: say.say(catalogue.kpis[one].name),
            persist_state="session",
            width=340,
        )
        dimensions = catalogue.dimensions_of(name)
        if address.kept(address.BY) not in dimensions:
            st.session_state[address.BY] = next(
                (one for one in dimensions if _is_known(shop, name, one)), dimensions[0]
            )
        by = st.selectbox(
            say.t("By"),
            list(dimensions),
            key=address.BY,
            format_func=lambda one: say.say(catalogue.dimensions[one].name),
            persist_state="session",
            width=200,
        )
        names = {
            "auto": say.t("Automatic"),
            "day": say.t("Day"),
            "week": say.t("Week"),
            "month": say.t("Month"),
            "quarter": say.t("Quarter"),
            "year": say.t("Year"),
        }
        address.kept(address.GRAIN)
        grain = st.selectbox(
            say.t("Over time by"),
            list(names),
            key=address.GRAIN,
            format_func=names.__getitem__,
            persist_state="session",
            width=150,
        )
    return name, by, next((one for one in GRAINS if one == grain), None)


def _is_known(shop: kpi.Workspace, name: str, dimension: str) -> bool:
    return all(shop.holdings.knows(table, dimension) for table in shop.catalogue.tables_of(name))
