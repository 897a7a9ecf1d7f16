"""The server's one watcher of folders. `app.py` starts it; the Data page says what it has found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import kpi
from kpi.folders import allowed_roots
from kpi.watching import Watcher
from pages.shared.session import home, named_workspace, workspace_names


def roots() -> tuple[Path, ...]:
    """The folders that whoever runs the server allows to be watched, with all inside them."""
    return allowed_roots(os.environ.get("KOSZYK_FOLDERS"))


def start() -> None:
    """Begin to look, where this server allows any folder."""
    if roots():
        watcher.start()


def _shops() -> Iterator[tuple[str, kpi.Workspace]]:
    """Every workspace of this server; one that cannot be opened is passed over until it can."""
    for name in workspace_names():
        try:
            yield name, named_workspace(name)
        except kpi.KpiError:
            continue


def _staging() -> Path:
    # no workspace can have this name
    return home() / "staging" / ".folder"


watcher: Final = Watcher(_shops, roots, _staging, lambda: datetime.now(UTC))
