"""What cannot be computed, folded to a line: by the file that would bring it, else by the reason."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

import kpi
from kpi.coaching import next_files
from kpi.wording import Words
from kpi.wording.message import Message


def missing_data(shop: kpi.Workspace, say: Words, answer: kpi.Answer) -> None:
    """One line that opens to the KPIs without an answer; nothing where all have one."""
    if not answer.refused:
        return
    title = say.n("{n} KPI cannot be computed yet", "{n} KPIs cannot be computed yet", len(answer.refused))
    box = st.expander(title, icon=":material/block:", on_change="rerun", key="missing")
    if box.open:
        with box:
            _by_file(shop, say, answer.refused)
            st.page_link("data.py", label=say.t("Bring the missing data in"), icon=":material/upload_file:")


def _by_file(shop: kpi.Workspace, say: Words, refused: Mapping[str, Message]) -> None:
    """A file that helps several KPIs is named once, with all of them."""
    kpis = shop.catalogue.kpis
    told: set[str] = set()
    for file in next_files(shop.catalogue, shop.holdings, kpis.keys() - refused.keys()):
        names = [name for name in file.kpis if name not in told]
        if names:
            words = ", ".join(say.say(kpis[name].name) for name in names)
            st.markdown(f"- {say.t('Bring {file}:', file=file.name)} **{words}**")
            told.update(names)
    for name, reason in refused.items():
        if name not in told:
            st.markdown(f"- **{say.say(kpis[name].name)}** — {say.say(reason)}")
