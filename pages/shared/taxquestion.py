"""Whether the amounts of the orders include VAT: asked once, where the files leave it open."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.wording import Words


def is_tax_open(shop: kpi.Workspace) -> bool:
    """Whether the files leave it open and nobody has answered."""
    return not shop.settings["tax_asked"] and shop.holdings.has("orders") and shop.holdings.tax is None


def tax_question(shop: kpi.Workspace, say: Words) -> None:
    """A line with three answers; gone for good once one of them was given."""
    if not is_tax_open(shop):
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**{say.t('Do the amounts of your orders include VAT?')}**")
        st.caption(
            say.t(
                "Some orders do not say. Profit is always without VAT, so your answer changes it; you can change the answer below."
            )
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            _answer(
                shop,
                say.t("Yes, {rate} VAT is in them", rate=say.percent(shop.settings["tax_rate"], digits=0)),
                True,
                "tax_yes",
            )
            _answer(shop, say.t("No, they are without VAT"), False, "tax_no")
            _answer(shop, say.t("Leave them as they are"), None, "tax_open")


def _answer(shop: kpi.Workspace, caption: str, value: bool | None, key: str) -> None:
    def keep() -> None:
        shop.settings["prices_include_tax"] = value
        shop.settings["tax_asked"] = True

    st.button(caption, key=key, on_click=keep)
