"""The demo shop on the screens: the door to it, the badge that names it on every page, and the way back."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

import kpi
from kpi.demo import fill
from kpi.wording import Words
from pages.shared import address
from pages.shared.session import DEFAULT_WORKSPACE, has_workspace, named_workspace, workspace_name

DEMO_WORKSPACE = "demo"
_OWN = "_own_workspace"


def demo_door(say: Words, *, key: str) -> None:
    """A quiet button that opens the demo shop; the first one on a server to press it has it made."""
    if not st.button(say.t("Open the demo shop"), key=key, type="tertiary", icon=":material/storefront:"):
        return
    st.session_state[_OWN] = workspace_name()
    _make_demo(say)
    st.switch_page("overview.py", query_params=_address(DEMO_WORKSPACE))


def offer_demo(say: Words) -> None:
    """Where a link leads to the demo shop and nobody has opened it on this server yet: the one button that makes it and
    then shows the link's view. The run ends here."""
    if workspace_name() != DEMO_WORKSPACE or has_workspace(DEMO_WORKSPACE):
        return
    st.info(
        say.t("This link opens the demo shop, which nobody has opened on this server yet."),
        icon=":material/storefront:",
    )
    if st.button(say.t("Open the demo shop"), key="demo_make", type="primary", icon=":material/storefront:"):
        _make_demo(say)
        st.rerun()
    st.stop()


def demo_badge(shop: kpi.Workspace, say: Words, page: StreamlitPage) -> None:
    """In the demo shop, on every page: that its data are invented, and the way back to the reader's own."""
    if not shop.is_demo:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="demo_badge"):
        st.badge(say.t("Demo shop – invented data"), icon=":material/storefront:", color="gray")
        is_leaving = st.button(say.t("Back to my shop"), key="demo_back", type="tertiary", icon=":material/arrow_back:")
    if is_leaving:
        own = st.session_state.get(_OWN, DEFAULT_WORKSPACE)
        st.switch_page(page if named_workspace(own).imports() else "data.py", query_params=_address(own))


def demo_note(shop: kpi.Workspace, say: Words) -> None:
    """On the Data page of the demo shop: what becomes of files that are dropped here."""
    if shop.is_demo:
        st.info(
            say.t(
                "This is the demo shop. Its data are invented, and everybody on this server sees the same ones: files "
                "that you drop here join them. To load your own, go back to your shop first."
            ),
            icon=":material/storefront:",
        )


def _make_demo(say: Words) -> None:
    with st.spinner(say.t("Making the demo shop: two years of orders, traffic and ads …")):
        # of two who ask at the same time the second waits and finds it made
        fill(named_workspace(DEMO_WORKSPACE))


def _address(workspace: str) -> dict[str, str]:
    """The plain view of a workspace, in the reader's language."""
    return {address.WORKSPACE: workspace, address.LANGUAGE: st.session_state[address.LANGUAGE]}
