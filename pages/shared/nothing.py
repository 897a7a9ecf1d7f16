"""Nothing matches: says what to drop, and drops it with a click."""

from __future__ import annotations

import streamlit as st

import kpi
from kpi.emptiness import hindrances, is_empty_without_filters
from kpi.wording import Words
from pages.shared import address
from pages.shared.toolbar import chip_words


def nothing_matches(shop: kpi.Workspace, say: Words, query: kpi.Query) -> None:
    """One sentence, and a button for each filter that alone keeps everything out; else for all of them, or the period."""
    st.info(
        say.t("Nothing matches this period and these filters. Drop a filter or choose another period."),
        icon=":material/filter_alt_off:",
    )
    with st.container(horizontal=True, gap="small"):
        if is_empty_without_filters(shop.ask, query):
            _button(say.t("Show all data"), "show_all", address.PERIOD, "all")
            return
        for dimension in hindrances(shop.ask, query):
            _drop_button(shop, say, dimension)
        _button(say.t("Drop all filters"), "drop_all", address.FILTERS, [])


def drop_what_refuses(shop: kpi.Workspace, say: Words, query: kpi.Query, name: str) -> None:
    """A button for each filter without which the KPI can be computed; for all of them where only that helps."""

    def is_known(left: dict[str, tuple[str | None, ...]]) -> bool:
        return name in shop.scope(query.but(kpis=(name,), where=left)).kpis

    where = dict(query.where)
    helping = [one for one in where if is_known({other: where[other] for other in where if other != one})]
    with st.container(horizontal=True, gap="small"):
        for dimension in helping:
            _drop_button(shop, say, dimension)
        if where and not helping and is_known({}):
            _button(say.t("Drop all filters"), "drop_all", address.FILTERS, [])


def _drop_button(shop: kpi.Workspace, say: Words, dimension: str) -> None:
    chips = list(address.kept(address.FILTERS))
    own = [chip for chip in chips if chip.partition(":")[0] == dimension]
    words = ", ".join(chip_words(shop, say, chip) for chip in own)
    left = [chip for chip in chips if chip not in own]
    _button(say.t("Drop {filters}", filters=words), f"drop_{dimension}", address.FILTERS, left)


def _button(caption: str, key: str, name: str, value: object) -> None:
    st.button(caption, key=key, icon=":material/close:", on_click=lambda: st.session_state.__setitem__(name, value))
