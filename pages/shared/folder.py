"""The watched folder of a workspace: which it is, what came from it, and what waits there for an answer."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.folders import folder_choices, watched_folder
from kpi.watching import BY_FOLDER, Look, Waiting
from kpi.wording import Words
from pages.shared import upload, watching
from pages.shared.intake import bring_waiting
from pages.shared.markdown import escaped
from pages.shared.session import reader_words, show_error, workspace_name

_SETTING = "watched_folder"
_REFRESH_SECONDS = 5.0
_WAITING_SHOWN = 20


def folder_note(shop: kpi.Workspace, say: Words) -> None:
    """At the top of the page: that files in the folder wait."""
    asking = [one for one in _waiting(shop) if one.load and one.load.questions]
    if asking:
        st.info(
            say.n(
                "{n} file in the folder waits for an answer; see at the foot of the page.",
                "{n} files in the folder wait for an answer; see at the foot of the page.",
                len(asking),
            ),
            icon=":material/folder_open:",
        )


def folder_section(shop: kpi.Workspace, say: Words) -> None:
    """The section at the foot of the Data page; the demo shop has none, nor an empty one where no folder is allowed."""
    folder = shop.settings[_SETTING]
    # the first screen of an empty workspace is for dropping files, not for what this server does not allow
    is_off = folder is None and not watching.roots()
    if shop.is_demo or (is_off and not shop.imports()):
        return
    st.subheader(say.t("Watched folder"))
    if folder is not None:
        _watched(shop, folder, shop.data_version)
    elif watching.roots():
        _choice(shop, say)
    else:
        st.caption(
            say.t(
                "Files can be taken from a folder of the server as they appear. This server allows no folder; whoever "
                "runs it names the allowed ones in the environment variable KOSZYK_FOLDERS."
            )
        )


def _choice(shop: kpi.Workspace, say: Words) -> None:
    st.caption(
        say.t("Exports that appear in the folder are imported by themselves, each once, as if they were dropped here.")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        folder = st.selectbox(
            say.t("Folder on the server"),
            folder_choices(watching.roots()),
            index=None,
            placeholder=say.t("Choose a folder or type its path"),
            accept_new_options=True,
            key="folder",
        )
        is_chosen = st.button(say.t("Watch this folder"), icon=":material/visibility:", disabled=not folder)
    if is_chosen and folder:
        try:
            shop.settings[_SETTING] = str(watched_folder(folder, watching.roots()))
            st.rerun()
        except kpi.KpiError as error:
            show_error(error)


@st.fragment(run_every=_REFRESH_SECONDS)
def _watched(shop: kpi.Workspace, folder: str, drawn_version: int) -> None:
    """Drawn again by itself, and the whole page with it when a file has come in."""
    if shop.data_version != drawn_version:
        st.rerun()
    say, look = reader_words(), watching.watcher.look_of(workspace_name())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/folder_open: **{escaped(folder)}** — {' · '.join(_facts(shop, say, look))}")
        if st.button(say.t("Stop watching"), key="folder_stop", icon=":material/visibility_off:"):
            shop.settings[_SETTING] = None
            st.rerun()
    if not watching.roots():
        st.caption(say.t("This server allows no folder any more, so nothing is read from it."))
    elif look and look.problem:
        show_error(look.problem)
    waiting = _waiting(shop)
    for place, one in enumerate(waiting[:_WAITING_SHOWN]):
        _waiting_file(say, one, place)
    if len(waiting) > _WAITING_SHOWN:
        st.caption(say.n("{n} more file waits.", "{n} more files wait.", len(waiting) - _WAITING_SHOWN))


def _facts(shop: kpi.Workspace, say: Words, look: Look | None) -> list[str]:
    imported = sum(one.imported_by == BY_FOLDER and one.undone_at is None for one in shop.imports())
    zone = ZoneInfo(shop.settings["time_zone"])
    looked = say.ago(look.looked_at.astimezone(zone), datetime.now(zone)) if look else ""
    return [
        say.t("last look {when}", when=looked) if look else say.t("not looked into yet"),
        say.n("{n} file imported", "{n} files imported", imported),
        say.n("{n} file waits", "{n} files wait", len(_waiting(shop))),
    ]


def _waiting(shop: kpi.Workspace) -> list[Waiting]:
    """The files that were not loaded; one that has been answered since the last look is none of them any more."""
    look = watching.watcher.look_of(workspace_name())
    return [one for one in look.waiting if not shop.has_seen(one.sha256)] if look else []


def _waiting_file(say: Words, one: Waiting, place: int) -> None:
    """A file that was not loaded, and why."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"waiting_{place}"):
        st.markdown(f"**{escaped(one.file.name)}** — {escaped(_reason(say, one))}")
        if one.load and one.load.questions and st.button(say.t("Answer"), key=f"answer_{place}"):
            try:
                bring_waiting(one)
            except (OSError, upload.UploadRefused):
                st.warning(say.t("The file cannot be read now. See whether it is still in the folder."))
                return
            st.rerun()


def _reason(say: Words, one: Waiting) -> str:
    if one.error:
        return f"{say.say(one.error.detail)} {say.say(one.error.fix)}"
    if one.load and one.load.questions:
        return " ".join(say.say(question.text) for question in one.load.questions)
    return say.t("There is nothing in it to load.")
