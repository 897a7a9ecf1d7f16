"""Servers and pages for the browser tests. Nothing outside this computer can be reached, and attempts are recorded.

Everything here ends with the last test of this folder: Playwright keeps an event loop running in the main thread as long
as it lives, and tests of other folders start their own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import serving
from tests.browser.serving import Contexts, Home, Server
from tests.files import Truth, shop_files

HERE = Path(__file__).parent

StartServer = Callable[..., Server]
OpenPage = Callable[..., Page]
NewShop = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """`start_server(home=None, base_path="", script=app.py, environment={})`, up to the health route's answer."""
    started: list[Server] = []

    def start(**options: Any) -> Server:
        started.append(serving.start(tmp_path_factory.mktemp("server"), **options))
        return started[-1]

    yield start
    for server in started:
        serving.stop(server)


@pytest.fixture(scope="package")
def server(start_server: StartServer) -> Server:
    """The real app, one for all tests of this folder; each brings a workspace of its own."""
    return start_server()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    if serving.chromium() is None:
        pytest.skip("Chromium is not installed")
    expect.set_options(timeout=serving.PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = serving.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def exports() -> dict[str, bytes]:
    """The exports of a shop's first quarter, by file name."""
    return shop_files()[0]


@pytest.fixture(scope="package")
def truth() -> Truth:
    """What a person would count in `exports` by hand."""
    return shop_files()[1]


@pytest.fixture(scope="package")
def new_shop(server: Server, exports: dict[str, bytes]) -> NewShop:
    """`new_shop(files=exports)`: the name of a fresh workspace on `server` with these files loaded."""
    home, numbers = Home(server.home), count(1)

    def make(files: Mapping[str, bytes] = exports) -> str:
        return home.add(f"test-{next(numbers)}", files)

    return make


@pytest.fixture(scope="package")
def shop(new_shop: NewShop) -> str:
    """A workspace with `exports` loaded, for tests that only read."""
    return new_shop()


@pytest.fixture
def outside() -> list[str]:
    """The addresses outside this computer that the test's pages asked for; none were reached."""
    return []


@pytest.fixture(scope="package")
def contexts(browser: Browser) -> Contexts:
    """The browsers of people, which tests take turns with."""
    return Contexts(browser)


@pytest.fixture
def open_page(contexts: Contexts, outside: list[str]) -> Iterator[OpenPage]:
    """`open_page(lang="en", width=1400, dark=False)`: a page in a browser of its own, like another person's."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(contexts.page(outside, **options))


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A wide, light page for an English reader."""
    return open_page()
