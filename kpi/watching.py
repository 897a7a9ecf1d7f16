"""One thread that looks into the watched folders of all workspaces and imports what has come to rest in them.

A file is read once: the journal knows its content, so neither a restart nor an undo brings it in again. One with
questions or with an error is not loaded; it waits, and the workspace's look says so.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kpi.errors import FolderRefused, KpiError, UnreadableFile
from kpi.folders import Found, files_in, is_unchanged, opened, watched_folder
from kpi.ingest.load import Load
from kpi.wording.message import message
from kpi.workspace import Workspace

BY_FOLDER = "folder"
"""Who has imported, in the journal, what came from a watched folder."""

EVERY_SECONDS = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Waiting:
    """A file that was not loaded: `load` has its questions, or says that nothing is in it; else `error` says why."""

    file: Found
    sha256: str
    load: Load | None = None
    error: KpiError | None = None


@dataclass(frozen=True)
class Look:
    """What the last look into a workspace's folder has found. `problem`: why it could not be looked into."""

    folder: str
    looked_at: datetime
    waiting: tuple[Waiting, ...] = ()
    problem: KpiError | None = None


@dataclass
class _Memory:
    folder: str
    seen: dict[str, Found] = field(default_factory=dict)
    tried: dict[str, Found] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)


class Watcher:
    """shops: the workspaces there are, by name, asked at every look · roots: the folders that are allowed, likewise ·
    staging: where files are copied to while they are read."""

    def __init__(
        self,
        shops: Callable[[], Iterable[tuple[str, Workspace]]],
        roots: Callable[[], Sequence[Path]],
        staging: Callable[[], Path],
        now: Callable[[], datetime],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._shops, self._roots, self._staging, self._now = shops, roots, staging, now
        self._every_seconds = every_seconds
        self._memories: dict[str, _Memory] = {}
        self._looks: dict[str, Look] = {}
        self._looking, self._is_over = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look; nothing where it has begun already."""
        if self._thread is None:
            self._is_over.clear()
            shutil.rmtree(self._staging(), ignore_errors=True)
            self._thread = threading.Thread(target=self._run, name="koszyk-folders", daemon=True)
            self._thread.start()

    def stop(self, seconds: float = 30.0) -> None:
        """End after the file that is being read; what a stop interrupts leaves the workspace as it was."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join(seconds)
            self._thread = None

    def look_of(self, name: str) -> Look | None:
        """The last look for this workspace, if there was one."""
        return self._looks.get(name)

    def look(self) -> None:
        """Look into every workspace's folder once. One that fails does not keep the others waiting."""
        with self._looking:
            found = dict(self._shops())
            for name in self._memories.keys() - found.keys():
                self._forget(name)
            for name, shop in found.items():
                try:
                    self._look_at(name, shop)
                except Exception:
                    _log.exception("The watched folder of %s could not be looked into", name)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                self.look()
            except Exception:
                _log.exception("The watched folders could not be looked into")
            self._is_over.wait(self._every_seconds)

    def _look_at(self, name: str, shop: Workspace) -> None:
        folder = shop.settings["watched_folder"]
        if folder is None:
            self._forget(name)
            return
        memory = self._memories.get(name)
        if memory is None or memory.folder != folder:
            memory = self._memories[name] = _Memory(folder)
        roots = self._roots()
        try:
            files = files_in(watched_folder(folder, roots), roots)
        except FolderRefused as problem:
            memory.seen.clear()
            self._looks[name] = Look(folder, self._now(), problem=problem)
            return
        for file in files:
            if self._is_over.is_set():
                return
            if memory.seen.get(file.name) == file and memory.tried.get(file.name) != file:
                self._try(shop, memory, file)
        memory.seen = {file.name: file for file in files}
        memory.tried = {file: found for file, found in memory.tried.items() if file in memory.seen}
        memory.waiting = {
            file: one for file, one in memory.waiting.items() if file in memory.seen and not shop.has_seen(one.sha256)
        }
        self._looks[name] = Look(folder, self._now(), tuple(memory.waiting.values()))

    def _try(self, shop: Workspace, memory: _Memory, file: Found) -> None:
        """Read a file that has come to rest, and remember that it was read, whatever came of it."""
        copy = self._staging() / uuid.uuid4().hex
        sha256 = ""
        memory.waiting.pop(file.name, None)
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            with opened(file) as source:
                sha256 = hashlib.file_digest(source, "sha256").hexdigest()
                if not shop.has_seen(sha256):
                    source.seek(0)
                    with copy.open("wb") as target:
                        shutil.copyfileobj(source, target, 1 << 20)
                if not is_unchanged(file, source):
                    return
            memory.tried[file.name] = file
            if copy.exists():
                load = shop.add(copy, name=file.name, by=BY_FOLDER)
                if load.import_id is None:
                    memory.waiting[file.name] = Waiting(file, sha256, load)
        except KpiError as error:
            memory.tried[file.name] = file
            memory.waiting[file.name] = Waiting(file, sha256, error=error)
        except OSError as error:
            memory.waiting[file.name] = Waiting(file, sha256, error=_unread(file, error))
        except Exception:
            _log.exception("A file of a watched folder could not be read")
            memory.tried[file.name] = file
            memory.waiting[file.name] = Waiting(file, sha256, error=_unforeseen(file))
        finally:
            copy.unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        self._memories.pop(name, None)
        self._looks.pop(name, None)


def _unread(file: Found, error: OSError) -> KpiError:
    """Tried again at every look: who may read it, or the room on the disk, may change."""
    if isinstance(error, PermissionError):
        return UnreadableFile(
            file.name, message("It may not be opened."), message("Give the server's user the right to read it.")
        )
    return UnreadableFile(
        file.name, message("It could not be copied."), message("See whether the server's disk has room left.")
    )


def _unforeseen(file: Found) -> KpiError:
    return UnreadableFile(
        file.name,
        message("Reading it failed in a way that nobody has foreseen."),
        message("Tell whoever runs the server: its log has the reason."),
    )
