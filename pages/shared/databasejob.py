"""Rows on their way from a database: read beside the page, which shows how many there are and can cancel it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

import kpi
from kpi.ingest.database import Stop
from kpi.wording import Words
from pages.shared.session import workspace_name

_JOBS = "_database_jobs"
_EVERY_SECONDS = 0.7


@dataclass
class Job:
    """One load under way. expected: the database's estimate of the rows, where it has one."""

    name: str
    expected: int | None = None
    rows: int = 0
    stop: Stop = field(default_factory=Stop)
    load: kpi.Load | None = None
    error: kpi.KpiError | None = None
    is_storing: bool = False
    is_over: bool = False

    def saw(self, rows: int) -> None:
        self.rows = rows

    def stores(self) -> None:
        self.is_storing = True


def start(job: Job, work: Callable[[Job], kpi.Load]) -> None:
    """Begin; `work` runs in a thread of its own and knows nothing of the page. What is no KpiError ends the thread, loudly,
    whether or not anybody still looks at the page."""

    def run() -> None:
        try:
            job.load = work(job)
        except kpi.KpiError as error:
            job.error = error
        finally:
            job.is_over = True

    _jobs()[workspace_name()] = job
    threading.Thread(target=run, daemon=True).start()


def running() -> Job | None:
    """The job of this session and workspace that has begun and was not fetched yet."""
    return _jobs().get(workspace_name())


def finished() -> Job | None:
    """The job that is over, once. Raises: RuntimeError: it broke off for a reason that stands in the server's log."""
    job = running()
    if job is None or not job.is_over:
        return None
    del _jobs()[workspace_name()]
    if job.load is None and job.error is None:
        raise RuntimeError(f"the load of {job.name} broke off; see the server's log")
    return job


def progress(say: Words) -> None:
    """How far the job is, with a button that cancels it; the page runs again once it is over."""
    if running() is not None:
        st.fragment(_shown, run_every=_EVERY_SECONDS)(say)


def _shown(say: Words) -> None:
    job = running()
    if job is None:
        return
    if job.is_over:
        st.rerun()
    with st.container(border=True, gap="small", key="database_progress"):
        st.progress(_share(job), text=_words(say, job))
        if st.button(say.t("Cancel"), key="database_cancel", icon=":material/close:", disabled=job.stop.is_asked):
            job.stop.ask()


def _share(job: Job) -> float:
    if job.is_storing:
        return 1.0
    return min(job.rows / job.expected, 1.0) if job.expected else 0.0


def _words(say: Words, job: Job) -> str:
    if job.stop.is_asked:
        return say.t("Cancelling …")
    if job.is_storing:
        return say.n("All {n} row is here and being stored …", "All {n} rows are here and being stored …", job.rows)
    so_far = say.n("{n} row so far", "{n} rows so far", job.rows)
    return say.t("Reading {name}: {rows}", name=job.name, rows=so_far)


def _jobs() -> dict[str, Job]:
    return st.session_state.setdefault(_JOBS, {})
