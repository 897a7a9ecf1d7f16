"""The tables and SELECTs that have been loaded from databases, each with what reads it again."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.sources import Remembered
from kpi.wording import Words
from pages.shared import databasejob
from pages.shared.database import open_panel
from pages.shared.databaseconnection import connection_named, connection_names
from pages.shared.databasejob import Job
from pages.shared.markdown import escaped
from pages.shared.session import show_error


def database_sources(shop: kpi.Workspace, say: Words) -> None:
    """A card a source; nothing where no database was read."""
    found = shop.sources.all()
    if not found:
        return
    st.subheader(say.t("Databases"))
    for one in found:
        with st.container(border=True, gap="small", key=f"source_{one.id}"):
            st.markdown(f"**{escaped(one.source.name)}**")
            st.caption(_facts(shop, say, one))
            _acts(shop, say, one)


def _facts(shop: kpi.Workspace, say: Words, one: Remembered) -> str:
    facts = [] if one.source.select is None else [say.t("a SELECT")]
    last = next((it for it in shop.imports() if it.id == one.last_import), None)
    if last is None:
        facts.append(say.t("nothing of it counts now"))
    else:
        zone = ZoneInfo(shop.settings["time_zone"])
        facts.append(say.t("last read {when}", when=say.moment(last.imported_at.astimezone(zone))))
    if one.watermark:
        facts.append(say.t("new rows by {column}", column=one.watermark))
    return escaped(" · ".join(facts))


def _acts(shop: kpi.Workspace, say: Words, one: Remembered) -> None:
    is_busy, is_known = databasejob.running() is not None, one.source.connection in connection_names()
    with st.container(horizontal=True, gap="small"):
        if not is_known:
            caption = say.t("Connect to {name} again", name=one.source.connection)
            st.button(caption, key=f"reconnect_{one.id}", icon=":material/link:", on_click=open_panel)
        elif one.reach is not None:
            _refresh(shop, say.t("Refresh: new rows"), one, is_whole=False, is_busy=is_busy)
        if is_known:
            caption = say.t("Refresh: everything") if one.reach is not None else say.t("Refresh")
            _refresh(shop, caption, one, is_whole=True, is_busy=is_busy)
        st.button(
            say.t("Forget"),
            key=f"forget_{one.id}",
            type="tertiary",
            on_click=partial(shop.sources.forget, one.id),
            help=say.t("Takes it off this list. What was loaded stays; undo its imports to drop it."),
        )


def _refresh(shop: kpi.Workspace, caption: str, one: Remembered, *, is_whole: bool, is_busy: bool) -> None:
    key = f"refresh_{'all' if is_whole else 'new'}_{one.id}"
    if not st.button(caption, key=key, icon=":material/refresh:", disabled=is_busy):
        return
    try:
        connection = connection_named(one.source.connection)
    except kpi.KpiError as error:
        show_error(error)
        return

    def work(job: Job) -> kpi.Load:
        return shop.sources.refresh(
            connection, one.id, is_whole=is_whole, progress=job.saw, storing=job.stores, stop=job.stop
        )

    databasejob.start(Job(one.source.name), work)
    st.rerun()
