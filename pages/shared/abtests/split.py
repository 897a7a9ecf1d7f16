"""The planned split: equal, or a weight a variant; what has none was not planned."""

from __future__ import annotations

import streamlit as st

from kpi.abtests import Design, Held
from kpi.wording import Words
from pages.shared.abtests.question import ask, told


def split_control(say: Words, one: Held, design: Design) -> None:
    """A switch, and the weights where it is off."""
    st.toggle(
        say.t("Every variant was to get as many units"),
        key=told("ab_equal", not design.split),
        on_change=lambda: ask(split=() if st.session_state["ab_equal"] else tuple((arm, 1.0) for arm in one.arms)),
    )
    if not design.split:
        return
    weights = dict(design.split)
    with st.grid(2, min_column_width=120, gap="small"):
        for place, arm in enumerate(one.arms):
            key = f"ab_weight_{place}"
            st.number_input(
                say.t("Parts for {arm}", arm=arm),
                min_value=0.0,
                value=None,
                step=1.0,
                format="%.4g",
                key=told(key, weights.get(arm, 0.0)),
                on_change=_weigh,
                args=(design, one, arm, key),
            )
    whole = sum(weights.values())
    if whole:
        st.caption(" · ".join(f"{arm} {say.percent(weights.get(arm, 0) / whole)}" for arm in one.arms))


def _weigh(design: Design, one: Held, arm: str, key: str) -> None:
    weights = dict(design.split) | {arm: float(st.session_state[key] or 0.0)}
    ask(split=tuple((name, weights.get(name, 0.0)) for name in one.arms))
