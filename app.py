"""The server: the screens, a health route and the upload route. Start it with `streamlit run app.py`."""

import asyncio
import gc
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

ROOT = Path(__file__).resolve().parent
# The scripts and the server must import one and the same pages.shared.upload, from wherever the server was started.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# The first reader need not wait for what every run imports, and the collector need not look through it.
import altair  # noqa: E402, F401

import kpi.charts  # noqa: E402
import kpi.report  # noqa: E402
from pages.shared import upload, watching  # noqa: E402

SWEEP_SECONDS = 60.0


async def health(_request: Request) -> Response:
    """Up, and answering."""
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """An empty staging folder before and after; swept in between."""
    upload.staging.clear()
    _keep_for_good()
    sweeper = asyncio.create_task(_sweep_for_ever())
    watching.start()
    try:
        yield
    finally:
        sweeper.cancel()
        await asyncio.to_thread(watching.watcher.stop)
        upload.staging.clear()


def _keep_for_good() -> None:
    """Take what has been imported so far out of garbage collection, which Streamlit otherwise pays for after every run."""
    kpi.warm_up()
    gc.collect()
    gc.freeze()


async def _sweep_for_ever() -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        live_sessions = {s for s in upload.staging.sessions() if get_instance().is_active_session(s)}
        await asyncio.to_thread(upload.sweep, time.time(), live_sessions)


class BrowserGuard:
    """Security headers on every answer, and a random cookie on the page that ties upload tickets to the browser.

    Plain ASGI: Starlette's BaseHTTPMiddleware would stand between a streamed body and the disk.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        # Only a navigation accepts HTML; were parallel fetches to set the cookie too, the last one would win.
        is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        is_new_browser = is_page and upload.BROWSER_COOKIE not in request.cookies

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Frame-Options"] = "SAMEORIGIN"
                if is_new_browser:
                    headers.append("Set-Cookie", _browser_cookie(is_secure=request.url.scheme == "https"))
            await send(message)

        await self.app(scope, receive, guarded)


def _browser_cookie(*, is_secure: bool) -> str:
    cookie = f"{upload.BROWSER_COOKIE}={secrets.token_urlsafe(16)}; Path=/; HttpOnly; SameSite=Lax"
    return f"{cookie}; Secure" if is_secure else cookie


# Streamlit puts its own routes under the base path, but not these.
_base_path = "/" + st.get_option("server.baseUrlPath").strip("/")
routes = [
    route
    for base_path in sorted({"", _base_path.rstrip("/")})
    for route in (Route(f"{base_path}/health", health), upload.route(upload.staging, base_path))
]
middleware = [Middleware(BrowserGuard)]

app = st.App(ROOT / "pages" / "shell.py", routes=routes, lifespan=lifespan, middleware=middleware)
