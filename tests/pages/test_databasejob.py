"""A load that runs beside the page: what comes of it is fetched once, and nothing that goes wrong is passed over."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import kpi
from kpi.wording.message import message
from pages.shared import databasejob
from pages.shared.databasejob import Job, finished, running, start

LOAD = kpi.Load("orders", "orders", "Orders", 1.0)
REFUSED = kpi.KpiError(message("This cannot be loaded"), message("Why"), message("What to do"))


@pytest.fixture(autouse=True)
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Job]:
    kept: dict[str, Job] = {}
    monkeypatch.setattr(databasejob, "_jobs", lambda: kept)
    monkeypatch.setattr(databasejob, "workspace_name", lambda: "shop")
    return kept


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[BaseException | None]:
    """What ended a thread, as the server's log would have it."""
    found: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: found.append(args.exc_value))
    return found


def run(work: Any) -> Job:
    job = Job("orders")
    start(job, work)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(5)
    assert job.is_over
    return job


def test_a_load_is_fetched_once() -> None:
    job = run(lambda job: LOAD)
    assert finished() is job
    assert job.load is LOAD
    assert finished() is None
    assert running() is None


def test_what_the_reader_can_mend_is_kept_for_the_page(broken: list[BaseException | None]) -> None:
    def work(job: Job) -> kpi.Load:
        raise REFUSED

    job = run(work)
    assert finished() is job
    assert job.error is REFUSED
    assert broken == []


def test_a_bug_stays_loud_in_the_log_and_on_the_page(broken: list[BaseException | None]) -> None:
    bug = ZeroDivisionError("a bug")

    def work(job: Job) -> kpi.Load:
        raise bug

    run(work)
    assert broken == [bug]
    with pytest.raises(RuntimeError, match="orders broke off"):
        finished()
    assert running() is None
