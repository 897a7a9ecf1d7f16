"""A closer look, one at a time: segments, days, other methods, quantiles, factors. What is closed computes nothing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

import kpi
from kpi.abtests import Judged
from kpi.wording import Words
from pages.shared import address
from pages.shared.abtests.factors import factor_effects
from pages.shared.abtests.methods import other_methods
from pages.shared.abtests.quantile import quantiles
from pages.shared.abtests.segments import segment_view
from pages.shared.abtests.time import time_view
from pages.shared.session import show_error

Look = Callable[[kpi.Workspace, Words, Judged], None]
_LOOKS: dict[str, Look] = {
    "segments": segment_view,
    "time": time_view,
    "methods": other_methods,
    "quantile": quantiles,
    "factors": factor_effects,
}


def closer_look(shop: kpi.Workspace, say: Words, judged: Judged) -> None:
    """The row of looks, and the one that is open."""
    names = {
        "segments": say.t("Segments"),
        "time": say.t("Day by day"),
        "methods": say.t("Other methods"),
        "quantile": say.t("Median and quantiles"),
        "factors": say.t("Factors"),
    }
    st.markdown(f"#### {say.t('A closer look')}")
    address.kept(address.LOOK)
    chosen = st.pills(
        say.t("A closer look"),
        list(names),
        format_func=names.__getitem__,
        key=address.LOOK,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    if chosen:
        with st.container(key=f"look_{chosen}", gap="small"):
            try:
                _LOOKS[chosen](shop, say, judged)
            except kpi.KpiError as error:
                show_error(error)
