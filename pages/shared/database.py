"""Connect a database: pick it, pick a table or write a SELECT, look at its first rows, say what they mean, load them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

import kpi
from kpi.ingest.database import Connection, DatabaseSource, Fetched, SourceTable, fetch, first_rows, tables
from kpi.ingest.database.fetch import LOOK_SECONDS
from kpi.sources import watermarks
from kpi.wording import Words
from pages.shared import databasejob, upload
from pages.shared.asking import asked
from pages.shared.databaseconnection import chosen_connection, connection_named
from pages.shared.databasejob import Job
from pages.shared.intake import Arrival, arrivals
from pages.shared.mapping import mapping_editor
from pages.shared.session import show_error

_OPEN = "_database_open"
_LISTED = "_database_tables"
_LOOK = "_database_look"
_ASKED = "_database_asked"
_LOOKED_AT = 300
_MAPPED = ("table", "columns")


@dataclass(frozen=True)
class _Look:
    """The first rows of a source, in a file that the sweep of the staging folder removes."""

    source: DatabaseSource
    path: Path
    fetched: Fetched
    expected: int | None


def database_door(say: Words) -> None:
    """The quiet button that opens the panel."""
    caption, icon = say.t("Connect a database"), ":material/database:"
    st.button(caption, key="database_door", type="tertiary", icon=icon, on_click=open_panel)


def open_panel() -> None:
    st.session_state[_OPEN] = True


def take_finished() -> None:
    """Put what has been loaded among the cards of this session; what is still asked stays in the panel."""
    job = databasejob.finished()
    if job is None:
        return
    if job.load is not None and job.load.questions:
        st.session_state[_ASKED] = job.load
        return
    arrivals().insert(0, Arrival(job.name, job.load, job.error))
    if job.load is not None:
        _close()


def database_panel(shop: kpi.Workspace, say: Words) -> None:
    """The panel, where it is open and nothing is being loaded."""
    if not st.session_state.get(_OPEN) or databasejob.running():
        return
    with st.container(border=True, gap="small", key="database_panel"):
        st.subheader(say.t("Connect a database"))
        try:
            _steps(shop, say)
        except kpi.KpiError as error:
            show_error(error)
        st.button(say.t("Close"), key="database_close", type="tertiary", icon=":material/close:", on_click=_close)


def _steps(shop: kpi.Workspace, say: Words) -> None:
    name = chosen_connection(say)
    if name is None:
        return
    connection = connection_named(name)
    chosen = _source(say, connection)
    look = st.session_state.get(_LOOK)
    if chosen is not None and (look is None or look.source != chosen[0]):
        look = _looked(connection, *chosen)
    if look is None or look.source.connection != name:
        return
    _first_rows(say, look)
    answers = _answers(shop, say, look)
    watermark = _watermark(shop, say, look, answers)
    is_ready = answers is not None
    if st.button(say.t("Load"), type="primary", key="database_load", disabled=not is_ready) and answers is not None:
        st.session_state.pop(_ASKED, None)
        work = partial(_load, shop, connection, look.source, answers, watermark)
        databasejob.start(Job(look.source.name, look.expected), work)
        st.rerun()


def _load(
    shop: kpi.Workspace,
    connection: Connection,
    source: DatabaseSource,
    answers: Mapping[str, Any],
    watermark: str | None,
    job: Job,
) -> kpi.Load:
    return shop.sources.add(
        connection, source, answers=answers, watermark=watermark, progress=job.saw, storing=job.stores, stop=job.stop
    )


def _source(say: Words, connection: Connection) -> tuple[DatabaseSource, int | None] | None:
    """What is to be read, with the estimate of its rows; None until it is said."""
    ways = {"table": say.t("A table or view"), "select": say.t("A SELECT")}
    way = st.segmented_control(
        say.t("What to read"),
        list(ways),
        default="table",
        format_func=ways.__getitem__,
        required=True,
        key=f"database_way_{say.language}",
    )
    return _select(say, connection) if way == "select" else _table(say, connection)


def _table(say: Words, connection: Connection) -> tuple[DatabaseSource, int | None] | None:
    listed = _tables(connection)
    if not listed:
        st.info(say.t("There is no table that this user may read."))
        return None
    chosen = st.selectbox(
        say.t("Table"),
        listed,
        index=None,
        format_func=partial(_table_words, say),
        placeholder=say.t("Choose"),
        key=f"database_table_{connection.name}_{say.language}",
    )
    if chosen is None:
        return None
    st.caption(say.t("Columns: {columns}.", columns=", ".join(chosen.columns)))
    return DatabaseSource(connection.name, (chosen.schema, chosen.name)), chosen.rows


def _table_words(say: Words, table: SourceTable) -> str:
    name = ".".join(part for part in (table.schema, table.name) if part)
    return f"{name} · {say.n('about {n} row', 'about {n} rows', table.rows)}" if table.rows is not None else name


def _select(say: Words, connection: Connection) -> tuple[DatabaseSource, int | None] | None:
    with st.form("database_select", border=False):
        title = st.text_input(say.t("What is it called in the list of imports?"), key="database_title", width=420)
        text = st.text_area(
            say.t("One SELECT in the words of {database}", database=connection.kind.name),
            key="database_sql",
            height=160,
        )
        st.form_submit_button(say.t("Show the first rows"), icon=":material/visibility:")
    return (DatabaseSource(connection.name, select=text.strip(), title=title.strip()), None) if text.strip() else None


def _tables(connection: Connection) -> tuple[SourceTable, ...]:
    """The list of tables, asked for once a session."""
    known = st.session_state.setdefault(_LISTED, {})
    if connection.name not in known:
        known[connection.name] = tables(connection)
    return known[connection.name]


def _looked(connection: Connection, source: DatabaseSource, expected: int | None) -> _Look:
    """The first rows, fetched once."""
    _forget_look()
    upload.staging.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = upload.staging.folder / f"{secrets.token_hex(16)}.upload"
    fetched = fetch(connection, source, path, limit=_LOOKED_AT, seconds=LOOK_SECONDS)
    st.session_state[_LOOK] = look = _Look(source, path, fetched, expected)
    return look


def _first_rows(say: Words, look: _Look) -> None:
    found = first_rows(look.path)
    frame = pd.DataFrame(list(found.rows), columns=pd.Index(found.columns))
    st.caption(say.t("The first rows of {name}; what may name a person is hidden:", name=look.source.name))
    st.dataframe(
        frame.fillna(""), hide_index=True, height=220, alt=say.t("The first rows of {name}", name=look.source.name)
    )


def _answers(shop: kpi.Workspace, say: Words, look: _Look) -> dict[str, Any] | None:
    """What the columns mean; None until all that is asked has been answered."""
    load = shop.preview(look.path, name=look.source.name)
    key = f"database_map_{look.path.stem}"

    def read(answers: Mapping[str, Any]) -> kpi.Load:
        return shop.preview(look.path, name=look.source.name, answers=dict(answers))

    if load.mapping is None and not load.questions:
        st.markdown(say.t("Recognised as {format}.", format=load.format_name))
    found = mapping_editor(say, load, key=key, preview=read)
    # All rows may ask what the first ones did not.
    late = st.session_state.get(_ASKED)
    more = [one for one in (late.questions if late else ()) if one.key not in (*_MAPPED, *(found or {}))]
    told = {question.key: asked(say, question, f"{key}_late") for question in more}
    if found is None or any(value in (None, "", ()) for value in told.values()):
        return None
    return found | told


def _watermark(shop: kpi.Workspace, say: Words, look: _Look, answers: Mapping[str, Any] | None) -> str | None:
    """The column by which a refresh reads new rows alone; None for always everything."""
    if answers is None:
        return None
    load = shop.preview(look.path, name=look.source.name, answers=dict(answers))
    return st.selectbox(
        say.t("On refresh, read only what is new by"),
        [None, *watermarks(load, look.fetched.columns)],
        format_func=lambda column: column or say.t("nothing: read everything again"),
        key=f"database_watermark_{look.path.stem}_{say.language}",
        help=say.t(
            "A column that only grows, such as the time of the last change. Rows with the same key are replaced; what was deleted in the database stays here."
        ),
        width=420,
    )


def _close() -> None:
    st.session_state[_OPEN] = False
    st.session_state.pop(_ASKED, None)
    st.session_state.pop(_LISTED, None)
    _forget_look()


def _forget_look() -> None:
    look = st.session_state.pop(_LOOK, None)
    if look is not None:
        look.path.unlink(missing_ok=True)
