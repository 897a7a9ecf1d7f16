"""Servers and workspaces for the measurements: the demo shop, in copies, and a page with nothing but a button."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import kpi
from kpi import demo
from tests.browser import serving
from tests.browser.serving import Server

EMPTY_PAGE = "import streamlit as st\nst.button('Click', key='click')\nst.selectbox('Of', ['a', 'b', 'c'], key='of')\n"


@contextmanager
def demo_server(*workspaces: str) -> Iterator[Server]:
    """The real app, with a copy of the demo shop under each of these names."""
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        first, *others = (home / f"{name}.duckdb" for name in workspaces)
        _fill(first)
        for other in others:
            for suffix in (".duckdb", ".key"):
                shutil.copyfile(first.with_suffix(suffix), other.with_suffix(suffix))
        with _serving(Path(scratch), home) as server:
            yield server


@contextmanager
def server_of(home: Path) -> Iterator[Server]:
    """The real app over a folder of workspaces."""
    with TemporaryDirectory() as scratch, _serving(Path(scratch), home) as server:
        yield server


@contextmanager
def new_server() -> Iterator[Server]:
    """The real app on its first day: nobody has loaded anything."""
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        with _serving(Path(scratch), home) as server:
            yield server


@contextmanager
def empty_server() -> Iterator[Server]:
    """The yardstick: a page with one button and one select box."""
    with TemporaryDirectory() as scratch:
        script = Path(scratch) / "empty.py"
        script.write_text(EMPTY_PAGE, "utf-8")
        with _serving(Path(scratch), Path(scratch), script) as server:
            yield server


@contextmanager
def _serving(scratch: Path, home: Path, script: Path = serving.ROOT / "app.py") -> Iterator[Server]:
    server = serving.start(scratch, home=home, script=script)
    try:
        yield server
    finally:
        serving.stop(server)


def _fill(path: Path) -> None:
    with kpi.Workspace(path) as shop:
        demo.fill(shop)
