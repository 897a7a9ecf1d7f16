"""A real server and a real browser for the tests and the pictures. The browser can reach nothing but this computer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, WebSocket

from kpi import Workspace
from kpi.wording import Language

ROOT = Path(__file__).resolve().parents[2]
LOCALES: dict[Language, str] = {"en": "en-GB", "pl": "pl-PL"}
PATIENCE_MS = 30_000
_START_SECONDS = 30
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Refuses every other host, also for web sockets, and unlike Playwright's routes leaves uploads untouched.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
]


@dataclass(frozen=True)
class Server:
    """A running `streamlit run`: its address with the base path, without a slash at the end; home; process; log."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def staging(self) -> list[Path]:
        """The files in the staging folder."""
        return sorted((self.home / "staging").glob("*"))


def start(
    folder: Path,
    home: Path | None = None,
    base_path: str = "",
    script: Path = ROOT / "app.py",
    environment: dict[str, str] | None = None,
) -> Server:
    """Start a server, up to the health route's answer. `folder`: for its log, and its home where none is given."""
    home = home or folder / "home"
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address=127.0.0.1"]
    command += [f"--server.port={port}", f"--server.baseUrlPath={base_path}"]
    log = folder / "log"
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"KOSZYK_HOME": str(home)} | (environment or {}),
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    server = Server(f"http://127.0.0.1:{port}/{base_path.strip('/')}".rstrip("/"), home, process, log)
    _wait_for_health(server)
    return server


def stop(server: Server) -> None:
    """End the server as a deployment would, and harder if it does not listen."""
    server.process.terminate()
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def chromium() -> str | None:
    """Where Chromium is, if it is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launch(playwright: Playwright) -> Browser:
    """Chromium, headless."""
    return playwright.chromium.launch(executable_path=chromium(), args=_CHROMIUM_ARGUMENTS)


def new_page(browser: Browser, lang: Language = "en", width: int = 1400, dark: bool = False) -> Page:
    """A page in a context of its own, like another person's browser."""
    return new_context(browser, lang, width, dark).new_page()


def new_context(browser: Browser, lang: Language = "en", width: int = 1400, dark: bool = False) -> BrowserContext:
    """A browser of another person, who may read and write its clipboard."""
    context = browser.new_context(
        locale=LOCALES[lang],
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


class Contexts:
    """Browsers that one test after another uses, emptied between them: a new one loads all of the app's scripts anew."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[tuple[Language, int, bool], list[BrowserContext]] = {}

    @contextmanager
    def page(self, outside: list[str], lang: Language = "en", width: int = 1400, dark: bool = False) -> Iterator[Page]:
        """A page in a browser that nobody else uses meanwhile; `outside` collects what it asks of other hosts."""

        def record(asked: Request | WebSocket) -> None:
            parts = urlsplit(asked.url)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in _LOOPBACK:
                outside.append(asked.url)

        free = self._free.setdefault((lang, width, dark), [])
        context = free.pop() if free else new_context(self._browser, lang, width, dark)
        context.on("request", record)
        page = context.new_page()
        page.on("websocket", record)
        yield page
        for opened in context.pages:
            if opened.url.startswith("http"):
                opened.evaluate("localStorage.clear()")
            opened.close()
        context.remove_listener("request", record)
        context.clear_cookies()
        free.append(context)


@dataclass
class Home:
    """A folder of workspaces. Those with the same files are copies of one, since loading costs a second each."""

    folder: Path
    _made: dict[frozenset[tuple[str, bytes]], dict[str, bytes]] = field(default_factory=dict)

    def add(self, name: str, files: Mapping[str, bytes]) -> str:
        """A workspace of this name with these files loaded. Returns the name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path, content = self.folder / f"{name}.duckdb", frozenset(files.items())
        if content not in self._made:
            with Workspace(path) as shop:
                for file, text in files.items():
                    shop.add(text, name=file)
            self._made[content] = {suffix: path.with_suffix(suffix).read_bytes() for suffix in (".duckdb", ".key")}
        for suffix, copy in self._made[content].items():
            path.with_suffix(suffix).write_bytes(copy)
            path.with_suffix(suffix).chmod(0o600)
        return name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_health(server: Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urlopen(f"{server.url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    stop(server)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(errors='replace')}")
