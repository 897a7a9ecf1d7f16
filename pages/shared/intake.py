"""Files on their way in: what has arrived is imported once, what still needs an answer waits, and both are remembered
for this session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

import kpi
from kpi.folders import opened
from kpi.ingest import ENDINGS
from kpi.loadwords import SURE
from kpi.watching import Waiting
from kpi.wording import Words
from pages.shared import upload
from pages.shared.drop import drop_area
from pages.shared.session import session_id, upload_ticket, workspace_name

_ARRIVALS = "_arrivals"


@dataclass(frozen=True)
class Arrival:
    """One file of this session: its load, or the error that kept it out. `file` is its id while it still waits, or while
    it may be read in another way."""

    name: str
    load: kpi.Load | None
    error: kpi.KpiError | None = None
    file: str | None = None


def arrivals() -> list[Arrival]:
    """The files that this session has brought into the open workspace, newest first."""
    return _all_arrivals().setdefault(workspace_name(), [])


def drop_files(say: Words, *, compact: bool, **words: str) -> None:
    """The drop area; `words` in place of its own where a page asks for something else."""
    drop_area(
        _drop_words(say, compact=compact) | words, ticket=upload_ticket(), accept=ENDINGS, compact=compact, key="drop"
    )


def bring_in(shop: kpi.Workspace, say: Words) -> None:
    """Import every file that has arrived and was not tried yet, showing which one is being read."""
    session, cards = session_id(), arrivals()
    waiting = {arrival.file for those in _all_arrivals().values() for arrival in those}
    fresh = [file for file in upload.staged(session) if file.id not in waiting]
    if not fresh:
        return
    with st.status(say.n("Reading {n} file", "Reading {n} files", len(fresh)), expanded=True) as status:
        for file in fresh:
            st.write(say.t("Reading {file} …", file=file.name))
            cards.insert(0, _imported(shop, session, file, {}))
        status.update(label=say.n("{n} file read", "{n} files read", len(fresh)), state="complete", expanded=False)
    st.rerun()


def bring_waiting(waiting: Waiting) -> None:
    """A file that waits in the watched folder, as if this session had dropped it; its card asks what is open."""
    if any(arrival.file and arrival.name == waiting.file.name for arrival in arrivals()):
        return
    with opened(waiting.file) as source:
        upload.adopt(session_id(), waiting.file.name, source, waiting.file.stamp[0])


def preview(shop: kpi.Workspace, arrival: Arrival, answers: Mapping[str, Any]) -> kpi.Load:
    """What a waiting file would give with these answers; nothing is loaded."""
    taken = upload.take(session_id(), arrival.file or "")
    return shop.preview(taken.path, name=taken.name, answers=dict(answers))


def answer_questions(shop: kpi.Workspace, arrival: Arrival, answers: dict[str, Any]) -> None:
    """Import a waiting file again with the answers given, in the place of what was read before."""
    session, cards = session_id(), arrivals()
    place = cards.index(arrival)
    waiting = {file.id: file for file in upload.staged(session)}
    if arrival.file in waiting:
        before = arrival.load.import_id if arrival.load else None
        cards[place] = _imported(shop, session, waiting[arrival.file], answers, before)
    else:
        cards.pop(place)


def doubtful(load: kpi.Load) -> list[kpi.Load]:
    """The tables of a file that were guessed, or that only look like a known export: they may be read otherwise."""
    return [part for part in (load.parts or (load,)) if part.mapping or 0 < part.confidence < SURE]


def forget(arrival: Arrival) -> None:
    """Take a card away; a file that still waits is deleted."""
    if arrival.file:
        upload.discard(session_id(), arrival.file)
    if arrival in arrivals():
        arrivals().remove(arrival)


def _all_arrivals() -> dict[str, list[Arrival]]:
    """The files of this session by the workspace that they were dropped into."""
    return st.session_state.setdefault(_ARRIVALS, {})


def forget_import(import_id: int) -> None:
    """Take the cards of an import away whose rows no longer count, or count again."""
    for arrival in list(arrivals()):
        if arrival.load and arrival.load.import_id == import_id:
            forget(arrival)


def _imported(
    shop: kpi.Workspace, session: str, file: upload.Staged, answers: dict[str, Any], before: int | None = None
) -> Arrival:
    """Import a file, in place of the import `before`. Nothing here asks Streamlit for anything, so a click elsewhere
    cannot end the run between the import and what belongs to it."""
    taken = upload.take(session, file.id)
    try:
        load = shop.add(taken.path, name=taken.name, answers=answers)
        if before and load.import_id not in (None, before):
            shop.undo(before)
    except kpi.KpiError as error:
        upload.discard(session, file.id)
        return Arrival(file.name, None, error)
    if load.is_unchanged and load.format in shop.catalogue.tables:
        # the journal does not keep how the columns were read
        load = _with_mapping(load, shop.preview(taken.path, name=taken.name))
    if load.questions or doubtful(load):
        return Arrival(file.name, load, file=file.id)
    upload.discard(session, file.id)
    return Arrival(file.name, load)


def _with_mapping(load: kpi.Load, read: kpi.Load) -> kpi.Load:
    """What was loaded before, with how its columns are read now."""
    parts = tuple(replace(part, mapping=one.mapping) for part, one in zip(load.parts, read.parts, strict=False))
    return replace(load, mapping=read.mapping, parts=parts)


def _drop_words(say: Words, *, compact: bool) -> dict[str, str]:
    hint = say.t(
        "Shopify, WooCommerce, PrestaShop, Allegro, Amazon, GA4, Google Ads, Meta, Klaviyo … or any table: "
        "CSV, Excel, Parquet or zip, as they were exported"
    )
    return {
        "lang": say.language,
        "title": say.t("Drop more exports here") if compact else say.t("Drop your exports here"),
        "hint": hint,
        "choose": say.t("Choose files"),
        "limit": say.t("Up to {size} a file. Nothing leaves this server.", size="{size}"),
        "dragging": say.t("Let go to bring the files in"),
        "waiting": say.t("waiting"),
        "sending": say.t("{percent} · {sent} of {size}", percent="{percent}", sent="{sent}", size="{size}"),
        "received": say.t("received"),
        "summary": say.t("{done} of {total} files received", done="{done}", total="{total}"),
        "cancel": say.t("Cancel {name}", name="{name}"),
        "retry": say.t("Try again"),
        "remove": say.t("Remove {name}", name="{name}"),
        "announce_started": say.t("Receiving files: {total}", total="{total}"),
        "announce_ended": say.t("{done} of {total} files received", done="{done}", total="{total}"),
        "error_type": say.t("This kind of file cannot be read here; use {types}.", types="{types}"),
        "error_network": say.t("The connection broke. Try again."),
        "error_ticket": say.t("The page was open too long. Try again."),
        "error_file_too_large": say.t("The file is larger than {size}. Split it by months.", size="{size}"),
        "error_session_full": say.t("Too much is waiting already. Finish these files first."),
        "error_too_many_files": say.t("Too many files are waiting. Finish these first."),
        "error_disk_full": say.t("The server's disk is full. Tell whoever runs it."),
        "error_failed": say.t("The file did not arrive. Try again."),
    }
