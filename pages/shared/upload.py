"""Files on their way in: one-time tickets, the streaming route, and the staging folder.

The browser sends each file as `PUT <base>/upload/{ticket}?name=<label>`. A ticket belongs to one Streamlit session and,
where it is known, to one browser; it is spent by the first request that shows it, and every answer brings the next one.
The body goes to disk in blocks, so memory does not grow with the file. The server names the file; the client's name is
only a label. Errors are codes: the words are made at the screen.
"""

import errno
import hmac
import os
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

BROWSER_COOKIE: Final = "koszyk_browser"
"""The browser's own random id, set with the page; a ticket asks for the same one."""

Code = Literal[
    "ticket_unknown",
    "ticket_expired",
    "wrong_browser",
    "file_too_large",
    "session_full",
    "too_many_files",
    "disk_full",
    "aborted",
    "gone",
]
_STATUS: Final[Mapping[Code, int]] = {
    "ticket_unknown": 403,
    "ticket_expired": 410,
    "wrong_browser": 403,
    "file_too_large": 413,
    "session_full": 413,
    "too_many_files": 413,
    "disk_full": 507,
    "aborted": 400,
    "gone": 410,
}
_BLOCK_BYTES: Final = 1 << 20
_NAME_CHARACTERS: Final = 120
_TICKETS_A_SESSION: Final = 32
_SUFFIX: Final = ".upload"


class UploadRefused(Exception):
    """A file or ticket that is not taken; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


@dataclass(frozen=True)
class Staged:
    """A file that arrived whole: server's `id`, `path` on disk, the client's `name` as a label, `size` in bytes."""

    id: str
    path: Path
    name: str
    size: int


@dataclass(frozen=True)
class Limits:
    """What one file, one session and the disk may bear, and for how long."""

    file_bytes: int = 2 << 30
    session_bytes: int = 8 << 30
    session_files: int = 200
    free_disk_bytes: int = 1 << 30
    ticket_seconds: float = 30 * 60
    file_seconds: float = 60 * 60
    session_grace_seconds: float = 5 * 60


@dataclass(frozen=True)
class _Ticket:
    session_id: str
    browser: str | None
    expires_at: float


@dataclass
class _Slot:
    session_id: str
    name: str
    touched_at: float
    claimed_bytes: int = 0
    received_bytes: int = 0
    is_complete: bool = False
    is_taken: bool = False


@dataclass
class Staging:
    """The tickets and the files of all sessions. Every method may be called from any thread."""

    folder: Path
    limits: Limits = field(default_factory=Limits)
    now: Callable[[], float] = time.time
    _tickets: dict[str, _Ticket] = field(default_factory=dict)
    _slots: dict[str, _Slot] = field(default_factory=dict)
    _seen_at: dict[str, float] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def issue_ticket(self, session_id: str, cookies: Mapping[str, str]) -> str:
        """A fresh one-time ticket for one file of this session, tied to the browser when its cookie is known."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            now = self._seen_at[session_id] = self.now()
            held = [name for name, other in self._tickets.items() if other.session_id == session_id]
            for name in held[: len(held) - _TICKETS_A_SESSION + 1]:
                del self._tickets[name]
            browser = cookies.get(BROWSER_COOKIE)
            self._tickets[ticket] = _Ticket(session_id, browser, now + self.limits.ticket_seconds)
        return ticket

    def spend_ticket(self, ticket: str, cookies: Mapping[str, str]) -> str:
        """The session a ticket belongs to; the ticket is gone, whatever the outcome.

        Raises: UploadRefused: ticket_unknown (never issued, or spent), ticket_expired, wrong_browser.
        """
        with self._lock:
            found = self._tickets.pop(ticket, None)
        if found is None:
            raise UploadRefused("ticket_unknown")
        if self.now() > found.expires_at:
            raise UploadRefused("ticket_expired")
        shown = cookies.get(BROWSER_COOKIE, "")
        if found.browser is not None and not hmac.compare_digest(found.browser.encode(), shown.encode()):
            raise UploadRefused("wrong_browser")
        return found.session_id

    async def receive(
        self, session_id: str, name: str, blocks: AsyncIterator[bytes], announced_bytes: int = 0
    ) -> Staged:
        """The file made of `blocks`, on disk. Whatever stops it, also a cancelled server, leaves no file.

        Raises: UploadRefused: a quota, a full disk, or `gone` when its session was discarded meanwhile.
        """
        file_id = secrets.token_hex(16)
        self._claim(file_id, _Slot(session_id, label(name) or file_id, self.now()), announced_bytes)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._path(file_id).open("xb") as file:
                async for block in blocks:
                    self._grow(file_id, len(block))
                    await run_in_threadpool(file.write, block)
            return self._complete(file_id)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise UploadRefused("disk_full") from error
            raise
        finally:
            self._drop_unless_complete(file_id)

    def adopt(self, session_id: str, name: str, source: BinaryIO, announced_bytes: int) -> Staged:
        """A copy of a file that is on the server already, as if this session had sent it.

        Raises: UploadRefused: a quota or a full disk.
        """
        file_id = secrets.token_hex(16)
        self._claim(file_id, _Slot(session_id, label(name) or file_id, self.now()), announced_bytes)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._path(file_id).open("xb") as file:
                while block := source.read(_BLOCK_BYTES):
                    self._grow(file_id, len(block))
                    file.write(block)
            return self._complete(file_id)
        finally:
            self._drop_unless_complete(file_id)

    def staged(self, session_id: str) -> tuple[Staged, ...]:
        """The session's files that arrived whole and were not discarded, oldest first."""
        with self._lock:
            mine = [(i, s) for i, s in self._slots.items() if s.session_id == session_id and s.is_complete]
        return tuple(self._staged(file_id, slot) for file_id, slot in mine)

    def take(self, session_id: str, file_id: str) -> Staged:
        """The file, for reading; it stays until `discard`, or until its session ends.

        Raises: UploadRefused: gone, when this session has no such file.
        """
        with self._lock:
            slot = self._slots.get(file_id)
            if slot is None or slot.session_id != session_id or not slot.is_complete:
                raise UploadRefused("gone")
            slot.is_taken = True
        return self._staged(file_id, slot)

    def discard(self, session_id: str, file_id: str) -> None:
        """Delete one file of this session; no harm when it is gone already."""
        with self._lock:
            if (slot := self._slots.get(file_id)) and slot.session_id == session_id:
                self._delete(file_id)

    def discard_session(self, session_id: str) -> None:
        """Delete the session's files, also those arriving, and its tickets."""
        with self._lock:
            self._forget({session_id})

    def sessions(self) -> frozenset[str]:
        """The sessions that were given a ticket and are not forgotten."""
        with self._lock:
            return frozenset(self._seen_at)

    def sweep(self, now: float, live_sessions: Collection[str]) -> None:
        """Delete what nobody will use: of sessions that ended (a grace is for reconnecting), too old, or ownerless."""
        with self._lock:
            self._seen_at.update(dict.fromkeys(self._seen_at.keys() & set(live_sessions), now))
            self._forget({s for s, at in self._seen_at.items() if now - at > self.limits.session_grace_seconds})
            self._tickets = {name: t for name, t in self._tickets.items() if t.expires_at >= now}
            oldest = now - self.limits.file_seconds
            for file_id in [i for i, s in self._slots.items() if not s.is_taken and s.touched_at < oldest]:
                self._delete(file_id)
            for path in self._files():
                if path.stem not in self._slots and path.stat().st_mtime < oldest:
                    path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Empty the staging folder and forget every ticket: at the server's start and end."""
        with self._lock:
            self._tickets.clear()
            self._slots.clear()
            self._seen_at.clear()
            for path in self._files():
                path.unlink(missing_ok=True)

    def _claim(self, file_id: str, slot: _Slot, announced_bytes: int) -> None:
        with self._lock:
            if sum(other.session_id == slot.session_id for other in self._slots.values()) >= self.limits.session_files:
                raise UploadRefused("too_many_files")
            self._check(slot, announced_bytes)
            slot.claimed_bytes = announced_bytes
            self._slots[file_id] = slot

    def _grow(self, file_id: str, more_bytes: int) -> None:
        with self._lock:
            if (slot := self._slots.get(file_id)) is None:
                raise UploadRefused("gone")
            received_bytes = slot.received_bytes + more_bytes
            claimed_bytes = max(slot.claimed_bytes, received_bytes)
            self._check(slot, claimed_bytes)
            slot.received_bytes, slot.claimed_bytes, slot.touched_at = received_bytes, claimed_bytes, self.now()

    def _check(self, slot: _Slot, claimed_bytes: int) -> None:
        if claimed_bytes > self.limits.file_bytes:
            raise UploadRefused("file_too_large")
        others = (s for s in self._slots.values() if s.session_id == slot.session_id and s is not slot)
        if claimed_bytes + sum(s.claimed_bytes for s in others) > self.limits.session_bytes:
            raise UploadRefused("session_full")
        missing_bytes = claimed_bytes - slot.received_bytes
        if free_bytes(self.folder) - missing_bytes < self.limits.free_disk_bytes:
            raise UploadRefused("disk_full")

    def _complete(self, file_id: str) -> Staged:
        with self._lock:
            if (slot := self._slots.get(file_id)) is None:
                raise UploadRefused("gone")
            slot.is_complete, slot.claimed_bytes = True, slot.received_bytes
        return self._staged(file_id, slot)

    def _drop_unless_complete(self, file_id: str) -> None:
        with self._lock:
            slot = self._slots.get(file_id)
            if slot is None or not slot.is_complete:
                self._delete(file_id)

    def _forget(self, session_ids: Collection[str]) -> None:
        for file_id in [i for i, slot in self._slots.items() if slot.session_id in session_ids]:
            self._delete(file_id)
        self._tickets = {name: t for name, t in self._tickets.items() if t.session_id not in session_ids}
        for session_id in session_ids:
            self._seen_at.pop(session_id, None)

    def _delete(self, file_id: str) -> None:
        self._slots.pop(file_id, None)
        self._path(file_id).unlink(missing_ok=True)

    def _staged(self, file_id: str, slot: _Slot) -> Staged:
        return Staged(file_id, self._path(file_id), slot.name, slot.received_bytes)

    def _path(self, file_id: str) -> Path:
        return self.folder / f"{file_id}{_SUFFIX}"

    def _files(self) -> list[Path]:
        # The pattern keeps the sweep away from anything that this module did not write.
        return list(self.folder.glob(f"*{_SUFFIX}"))


def label(name: str) -> str:
    """The client's file name made safe to show: no folders, no control characters, at most 120 characters."""
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    visible = (c for c in base if c.isspace() or unicodedata.category(c)[0] != "C")
    shown = " ".join("".join(visible).split())
    if not shown.strip(". "):
        return ""
    suffix = PurePosixPath(shown).suffix[:12]
    return shown if len(shown) <= _NAME_CHARACTERS else shown[: _NAME_CHARACTERS - len(suffix)] + suffix


def free_bytes(folder: Path) -> int:
    """Bytes left on the disk that holds `folder`, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def route(staging: Staging, base_path: str = "") -> Route:
    """The upload route over one staging folder."""

    async def upload(request: Request) -> JSONResponse:
        try:
            session_id = staging.spend_ticket(request.path_params["ticket"], request.cookies)
        except UploadRefused as refused:
            return JSONResponse({"error": refused.code}, _STATUS[refused.code])
        announced_bytes = int(request.headers.get("content-length", 0))
        try:
            name = request.query_params.get("name", "")
            staged = await staging.receive(session_id, name, _blocks(request), announced_bytes)
        except UploadRefused as refused:
            answer: dict[str, str | int] = {"error": refused.code}
            status = _STATUS[refused.code]
        else:
            answer, status = {"file": staged.id, "size": staged.size}, 200
        return JSONResponse(answer | {"ticket": staging.issue_ticket(session_id, request.cookies)}, status)

    return Route(f"{base_path}/upload/{{ticket}}", upload, methods=["PUT"])


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    """The body in blocks of about a megabyte: one hop to a thread for each, not one for every network packet."""
    block = bytearray()
    try:
        async for chunk in request.stream():
            block += chunk
            if len(block) >= _BLOCK_BYTES:
                yield bytes(block)
                block.clear()
    except ClientDisconnect as error:
        raise UploadRefused("aborted") from error
    if block:
        yield bytes(block)


def _home() -> Path:
    return Path(os.environ.get("KOSZYK_HOME", "workspaces")).resolve()


staging: Final = Staging(_home() / "staging")

issue_ticket = staging.issue_ticket
adopt = staging.adopt
staged = staging.staged
take = staging.take
discard = staging.discard
discard_session = staging.discard_session
sweep = staging.sweep
