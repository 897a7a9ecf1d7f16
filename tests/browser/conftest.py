"""A real server and a real browser. Nothing outside this computer can be reached, and every attempt is recorded."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
START_SECONDS = 30
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
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


StartServer = Callable[..., Server]
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """`start_server(home=None, base_path="", script=app.py, environment={})`, up to the health route's answer."""
    started: list[Server] = []

    def start(
        home: Path | None = None,
        base_path: str = "",
        script: Path = ROOT / "app.py",
        environment: dict[str, str] | None = None,
    ) -> Server:
        folder = tmp_path_factory.mktemp("server")
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
        url = f"http://127.0.0.1:{port}/{base_path.strip('/')}".rstrip("/")
        server = Server(url, home, process, log)
        started.append(server)
        _wait_for_health(server)
        return server

    yield start
    for server in started:
        stop(server)


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    """The real app with an empty home, one for all tests of a file."""
    return start_server()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def outside() -> list[str]:
    """The addresses outside this computer that the test's pages asked for; none were reached."""
    return []


@pytest.fixture
def open_page(browser: Browser, outside: list[str]) -> Iterator[OpenPage]:
    """`open_page(lang="en", width=1400, dark=False)`: a page in a context of its own, like another person's browser."""
    contexts = []

    def open_one(lang: str = "en", width: int = 1400, dark: bool = False) -> Page:
        context = browser.new_context(
            locale={"en": "en-GB", "pl": "pl-PL"}[lang],
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)

        def record(url: str) -> None:
            parts = urlsplit(url)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
                outside.append(url)

        def record_request(request: Request) -> None:
            record(request.url)

        page = context.new_page()
        context.on("request", record_request)
        page.on("websocket", lambda socket: record(socket.url))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A wide, light page for an English reader."""
    return open_page()


def stop(server: Server) -> None:
    """End the server as a deployment would, and harder if it does not listen."""
    server.process.terminate()
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_health(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urlopen(f"{server.url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    stop(server)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(errors='replace')}")
