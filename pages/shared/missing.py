"""What cannot be computed, folded to a line: by the file that would bring it, else by the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

import kpi
from kpi.coaching import NextFile, next_files
from kpi.wording import Words
from kpi.wording.message import Message


def missing_data(shop: kpi.Workspace, say: Words, answer: kpi.Answer) -> None:
    """One line that opens to the KPIs without an answer; nothing where all have one."""
    if not answer.refused:
        return
    title = say.n("{n} KPI cannot be computed yet", "{n} KPIs cannot be computed yet", len(answer.refused))
    files = next_files(shop.catalogue, shop.holdings, shop.catalogue.kpis.keys() - answer.refused.keys())
    if files:
        best = say.n(
            "bring {file} for {n} of them", "bring {file} for {n} of them", len(files[0].kpis), file=files[0].name
        )
        title = f"{title} · {best}"
    box = st.expander(title, on_change="rerun", key="missing")
    if box.open:
        with box:
            _by_file(shop, say, files, answer.refused)
            st.page_link("data.py", label=say.t("Bring the missing data in"), icon=":material/upload_file:")


def _by_file(shop: kpi.Workspace, say: Words, files: Sequence[NextFile], refused: Mapping[str, Message]) -> None:
    """A file that helps several KPIs is named once, with all of them."""
    kpis = shop.catalogue.kpis
    told: set[str] = set()
    for file in files:
        names = [name for name in file.kpis if name not in told]
        if names:
            words = ", ".join(say.say(kpis[name].name) for name in names)
            st.markdown(f"- {say.t('Bring {file}:', file=file.name)} **{words}**")
            told.update(names)
    for name, reason in refused.items():
        if name not in told:
            st.markdown(f"- **{say.say(kpis[name].name)}** — {say.say(reason)}")
