"""How much memory the server needs for an upload of 672 MB: it should be streamed to disk, not held."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.bench.memory import extra_mb, memory_of

ROOT = Path(__file__).resolve().parents[2]
UPLOAD_BYTES = 672_000_000
BUDGET_MB = 300.0
BLOCK = bytes(1 << 20)


def measure() -> list[tuple[str, float, float, str]]:
    """What, measured, budget, unit."""
    with _server() as (port, process):
        ticket = _answer(port, "GET", "/ticket")["ticket"]
        with memory_of(process) as samples:
            sent = _answer(port, "PUT", f"/upload/{ticket}?name=orders.csv", _body())
        if sent.get("size") != UPLOAD_BYTES:
            raise RuntimeError(f"The upload failed: {sent}")
    return [("672 MB upload, extra memory", extra_mb(samples), BUDGET_MB, "MB")]


def serve(port: int) -> None:
    """The real routes and middleware, and one more route that hands out a ticket."""
    sys.path.insert(0, str(ROOT))
    import app as koszyk
    from pages.shared import upload

    async def ticket(_request: Request) -> JSONResponse:
        return JSONResponse({"ticket": upload.issue_ticket("bench", {})})

    script = ROOT / "tests" / "browser" / "drop_page.py"
    routes = [*koszyk.routes, Route("/ticket", ticket)]
    app = st.App(script, routes=routes, middleware=koszyk.middleware, lifespan=koszyk.lifespan)
    app.run(config={"server.port": port, "server.address": "127.0.0.1"})


@contextmanager
def _server() -> Iterator[tuple[int, psutil.Process]]:
    with tempfile.TemporaryDirectory() as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        command = [sys.executable, "-m", "tests.bench.upload_memory", str(port)]
        log = Path(home) / "log"
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"KOSZYK_HOME": home},
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, log)
            yield port, psutil.Process(child.pid)
        finally:
            child.terminate()
            child.wait()


def _body() -> Iterator[bytes]:
    for start in range(0, UPLOAD_BYTES, len(BLOCK)):
        yield BLOCK[: UPLOAD_BYTES - start]


def _answer(port: int, method: str, path: str, body: Iterator[bytes] | None = None) -> dict[str, str | int]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Length": str(UPLOAD_BYTES)} if body else {}
    connection.request(method, path, body, headers)
    answer: dict[str, str | int] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def _wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            _answer(port, "GET", "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
