"""Who is here: the workspace, the language, the session. Every page begins with `require_workspace()`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import kpi
from kpi.wording import LANGUAGES, Words, words
from pages.shared import address, upload

DEFAULT_WORKSPACE = "shop"
_VISITED = "_visited"
_WORKSPACE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def home() -> Path:
    """Where the workspaces live."""
    return Path(os.environ.get("KOSZYK_HOME") or "workspaces").resolve()


def require_workspace() -> kpi.Workspace:
    """The workspace that the address names, else the shop's own; the page stops where there is no such workspace."""
    say = reader_words()
    name = st.session_state.get(address.WORKSPACE) or DEFAULT_WORKSPACE
    if name != DEFAULT_WORKSPACE and not has_workspace(name):
        st.error(
            say.t("The link names a workspace that is not on this server, or that you may not see."),
            title=say.t("This workspace cannot be opened"),
            icon=":material/lock:",
        )
        if st.button(say.t("Open my shop"), icon=":material/arrow_back:"):
            st.session_state[address.WORKSPACE] = DEFAULT_WORKSPACE
            st.rerun()
        st.stop()
    st.session_state[address.WORKSPACE] = name
    try:
        return _workspace(home(), name)
    except kpi.KpiError as error:
        show_error(error)
        st.stop()


def has_workspace(name: str) -> bool:
    """Whether the server has a workspace of this id."""
    return _WORKSPACE_ID.fullmatch(name) is not None and (home() / f"{name}.duckdb").is_file()


def named_workspace(name: str) -> kpi.Workspace:
    """The server's one workspace of this id, made where there is none.

    Raises: WorkspaceError: another program has the file open, or it is no workspace.
    """
    return _workspace(home(), name)


def workspace_names() -> list[str]:
    """The ids of the workspaces that are on this server."""
    return sorted(path.stem for path in home().glob("*.duckdb") if _WORKSPACE_ID.fullmatch(path.stem))


def workspace_name() -> str:
    """The id of the workspace that is open."""
    return st.session_state.get(address.WORKSPACE) or DEFAULT_WORKSPACE


def reader_words() -> Words:
    """The words in the reader's language: the one she chose, else her browser's."""
    chosen = st.session_state.get(address.LANGUAGE)
    if chosen not in LANGUAGES:
        chosen = "pl" if (st.context.locale or "").lower().startswith("pl") else "en"
        st.session_state[address.LANGUAGE] = chosen
    return words(chosen)


def is_first_visit() -> bool:
    """Whether this is the first page that this browser tab has asked for."""
    is_first = not st.session_state.get(_VISITED)
    st.session_state[_VISITED] = True
    return is_first


def session_id() -> str:
    """The server's name for this browser tab."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def upload_ticket() -> str:
    """A fresh ticket for the drop area; every run needs its own."""
    return upload.issue_ticket(session_id(), dict(st.context.cookies))


def show_error(error: kpi.KpiError) -> None:
    """An error in the reader's language: what, where, what to do."""
    say = reader_words()
    st.error(f"{say.say(error.detail)} {say.say(error.fix)}", title=say.say(error.title), icon=":material/error:")


@st.cache_resource(show_spinner=False)
def _workspace(folder: Path, name: str) -> kpi.Workspace:
    folder.mkdir(parents=True, exist_ok=True)
    return kpi.Workspace(folder / f"{name}.duckdb", staging=folder / "staging" / name)
