"""Who buys: share of customers, share of revenue and average order by age, gender or country; one click away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import kpi
from kpi.demographics import DIMENSIONS, demographic_table
from kpi.labels import kpi_label
from kpi.model.values import value_name
from kpi.wording import Words

FIRST_FOR = ("aov", "median_order", "customers", "new_customers", "returning_rate", "purchase_frequency")


def demographics(shop: kpi.Workspace, say: Words, query: kpi.Query, name: str) -> None:
    """The table, folded unless the KPI is about customers or baskets; nothing where nothing is known of the customers."""
    known = [one for one in DIMENSIONS if shop.holdings.knows("orders", one)]
    if not known:
        return
    box = st.expander(
        say.t("Who buys: customers, revenue and average order by group"),
        expanded=name in FIRST_FOR,
        on_change="rerun",
        key=f"who_buys_{name in FIRST_FOR}",
    )
    if not box.open:
        return
    with box:
        dimension = st.segmented_control(
            say.t("By"),
            known,
            default=known[0],
            format_func=lambda one: say.say(shop.catalogue.dimensions[one].name),
            label_visibility="collapsed",
            required=True,
            key=f"who_buys_by_{say.language}",
        )
        _table(shop, say, query, dimension or known[0])


def _table(shop: kpi.Workspace, say: Words, query: kpi.Query, dimension: str) -> None:
    whole = shop.ask(query.but(kpis=("revenue", "customers"), by=(), grain=None, compare=None))
    currency = whole.currencies.get("revenue")
    found = demographic_table(shop.ask, query, dimension)
    shown = pd.DataFrame(
        {
            "group": [value_name(dimension, value, say) for value in found["group"]],
            "customers": [say.value(value, "count") for value in found["customers"]],
            "customer_share": [say.percent(value) for value in found["customer_share"]],
            "revenue": [say.value(value, "money", currency) for value in found["revenue"]],
            "revenue_share": [say.percent(value) for value in found["revenue_share"]],
            "aov": [say.value(value, "money", currency) for value in found["aov"]],
        }
    )
    titles = {
        "group": say.say(shop.catalogue.dimensions[dimension].name),
        "customers": say.say(shop.catalogue.kpis["customers"].name),
        "customer_share": say.t("Share of customers"),
        "revenue": kpi_label(say, whole, "revenue"),
        "revenue_share": say.t("Share of revenue"),
        "aov": kpi_label(say, whole, "aov", is_short=True),
    }
    st.dataframe(
        shown,
        column_config={
            column: st.column_config.TextColumn(
                title, alignment="left" if column == "group" else "right", pinned=column == "group"
            )
            for column, title in titles.items()
        },
        hide_index=True,
        height="content",
        alt=say.t("Customers, revenue and average order by group"),
    )
    if found["customers"].sum() > (whole.totals.get("customers") or 0):
        st.caption(
            say.t("Who moved or had a birthday stands in more than one group; the shares are of the sum of the groups.")
        )
