"""Saved results: keep this verdict, see which saved ones still rest on the same inputs, compare a few."""

from __future__ import annotations

from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

import kpi
from kpi.abtests import Judged, Result
from kpi.abtests.scale import unit_scale
from kpi.wording import Words
from pages.shared import address
from pages.shared.abtests.words import code_words, name_words
from pages.shared.markdown import escaped
from pages.shared.session import show_error

_TITLE = "ab_result_title"
_COMPARED = "ab_results_compared"


def save_door(shop: kpi.Workspace, say: Words, judged: Judged, as_of: date) -> None:
    """A small form behind a button: under which name this verdict is kept."""
    with st.popover(say.t("Save result"), icon=":material/bookmark_add:", type="tertiary", key="ab_save"):
        first = f"{judged.held.name}: {name_words(say, judged.observed.metric(judged.design.primary.name).label)}"
        title = st.text_input(say.t("Title"), value=first[:80], key=f"{_TITLE}_{judged.fingerprint[:8]}", max_chars=80)
        if st.button(say.t("Keep this verdict"), type="primary", key="ab_keep"):
            try:
                shop.experiments.save(judged.design, as_of, title.strip() or first[:80])
                st.toast(
                    say.t("The verdict is kept with the fingerprint of its inputs."), icon=":material/bookmark_added:"
                )
            except kpi.KpiError as error:
                show_error(error)


def saved_results(shop: kpi.Workspace, say: Words) -> None:
    """The list, newest first; folded until it is asked for."""
    box = st.expander(say.t("Saved results"), icon=":material/bookmarks:", on_change="rerun", key="ab_results")
    if not box.open:
        return
    with box:
        results = shop.experiments.results()
        if not results:
            st.caption(say.t("Nothing is saved yet. “Save result” keeps a verdict with the fingerprint of its inputs."))
            return
        for one in results:
            _line(shop, say, one)
        if len(results) > 1:
            _compared(shop, say, results)


def _line(shop: kpi.Workspace, say: Words, one: Result) -> None:
    with st.container(border=True, gap="xsmall", key=f"ab_result_{one.id}"):
        state = _state_badge(say, one)
        st.markdown(f"**{escaped(one.title)}** · {code_words(say, one.code)} {state}")
        st.markdown(escaped(say.say(one.sentence)))
        st.caption(_facts(shop, say, one))
        with st.container(horizontal=True, gap="small"):
            st.button(
                say.t("Open"),
                key=f"ab_open_{one.id}",
                type="tertiary",
                icon=":material/open_in_new:",
                on_click=partial(_open, one),
            )
            st.button(say.t("Delete"), key=f"ab_forget_{one.id}", type="tertiary", icon=":material/delete:", on_click=partial(shop.experiments.forget, one.id))  # fmt: skip


def _state_badge(say: Words, one: Result) -> str:
    if one.is_current:
        return f":blue-badge[:material/check: {say.t('inputs unchanged')}]"
    return f":orange-badge[:material/update: {say.t('inputs have changed since')}]"


def _facts(shop: kpi.Workspace, say: Words, one: Result) -> str:
    at = one.saved_at.astimezone(ZoneInfo(shop.settings["time_zone"]))
    parts = [
        escaped(one.design.experiment),
        say.n("{n} unit", "{n} units", one.units),
        say.t("saved {when}", when=say.moment(at)),
    ]
    if one.by:
        parts.append(escaped(one.by))
    return " · ".join([*parts, one.fingerprint[:10]])


def _open(one: Result) -> None:
    st.session_state[address.DESIGN] = one.design
    st.session_state[address.ARM] = None


def _compared(shop: kpi.Workspace, say: Words, results: tuple[Result, ...]) -> None:
    names = {one.id: one.title for one in results}
    st.session_state[_COMPARED] = [one for one in st.session_state.get(_COMPARED, ()) if one in names]
    chosen = st.multiselect(
        say.t("Compare results"), list(names), format_func=names.__getitem__, key=_COMPARED, placeholder=say.t("Choose two or more"), select_all=False
    )  # fmt: skip
    if len(chosen) < 2:
        return
    rows = [_row(shop, say, one) for one in results if one.id in chosen]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=say.t("Saved results side by side"))


def _row(shop: kpi.Workspace, say: Words, one: Result) -> dict[str, str]:
    at = one.saved_at.astimezone(ZoneInfo(shop.settings["time_zone"]))
    return {
        say.t("Title"): one.title,
        say.t("Verdict"): code_words(say, one.code),
        say.t("Metric"): name_words(say, one.metric),
        say.t("Variant"): one.arm or "",
        say.t("Difference"): _difference(say, one),
        say.t("Units"): say.count(one.units),
        say.t("Saved"): say.date(at.date()),
        say.t("Inputs"): say.t("unchanged") if one.is_current else say.t("changed since"),
    }


def _difference(say: Words, one: Result) -> str:
    if one.effect is None:
        return say.number(None)
    return unit_scale(one.unit, one.currency, one.effect[1:]).whole(say, *one.effect)
