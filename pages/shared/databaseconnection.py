"""Which database: one that an administrator has set in the secrets, or one that is typed in and forgotten with the session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

import kpi
from kpi.ingest.database import DIALECTS, Connection, connection_from, sign_in
from kpi.wording import Words
from pages.shared.session import show_error

_TYPED = "_database_typed"
_LATEST = "_database_latest"
_OTHER = ""


def connection_names() -> tuple[str, ...]:
    """The connections that can be used now, those of the administrator first."""
    return tuple(dict.fromkeys([*_told(), *_typed()]))


def connection_named(name: str) -> Connection:
    """The connection of one of these names. Raises: DatabaseError: the administrator's entry cannot be used."""
    told = _told()
    return connection_from(name, told[name]) if name in told else _typed()[name]


def chosen_connection(say: Words) -> str | None:
    """The connection that the reader picks or types in; None until there is one."""
    names = connection_names()
    choice = _OTHER
    latest = st.session_state.get(_LATEST)
    if names:
        choice = st.selectbox(
            say.t("Connection"),
            [*names, _OTHER],
            index=names.index(latest) if latest in names else 0,
            format_func=lambda name: name or say.t("Another database, for this session only"),
            key=f"database_connection_{say.language}_{len(names)}",
            width=420,
        )
    return choice or _typed_in(say)


def _typed_in(say: Words) -> str | None:
    """The form of a connection; what is typed stays in the server's memory as long as the session."""
    kinds = {id: kind.name for id, kind in DIALECTS.items() if not kind.is_file}
    with st.form("database_form", border=False):
        with st.grid(2, min_column_width=200, gap="small"):
            name = st.text_input(say.t("Name for this connection"), key="database_name")
            dialect = st.selectbox(say.t("Kind"), list(kinds), format_func=kinds.__getitem__, key="database_kind")
            host = st.text_input(say.t("Host"), key="database_host")
            port = st.text_input(say.t("Port"), placeholder=say.t("the usual one"), key="database_port")
            database = st.text_input(say.t("Database"), key="database_database")
            user = st.text_input(say.t("User"), key="database_user", autocomplete="off")
            password = st.text_input(
                say.t("Password"), type="password", key="database_password", autocomplete="new-password"
            )
        st.caption(
            say.t(
                "The password is kept in the server's memory until you close this tab, and nowhere else. Use a user that may only read."
            )
        )
        is_sent = st.form_submit_button(say.t("Connect"), type="primary", icon=":material/link:")
    if not is_sent:
        return None
    if not name or name in _told():
        st.warning(say.t("Give the connection a name that is not taken."))
        return None
    values = {
        "dialect": dialect,
        "host": host.strip(),
        "port": port.strip(),
        "database": database.strip(),
        "username": user.strip(),
        "password": password,
    }
    return _connected(name.strip(), values)


def _connected(name: str, values: Mapping[str, Any]) -> str | None:
    """Keep the connection once the database has let it in."""
    try:
        connection = connection_from(name, values)
        sign_in(connection)
    except kpi.KpiError as error:
        show_error(error)
        return None
    _typed()[name] = connection
    st.session_state[_LATEST] = name
    st.rerun()


def _told() -> dict[str, Any]:
    """The administrator's entries under `[connections]`."""
    if not st.secrets.load_if_toml_exists():
        return {}
    entries = st.secrets.get("connections", {})
    return {str(name): dict(values) for name, values in entries.items() if isinstance(values, Mapping)}


def _typed() -> dict[str, Connection]:
    return st.session_state.setdefault(_TYPED, {})
