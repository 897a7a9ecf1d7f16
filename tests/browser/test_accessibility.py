"""Every screen and main state, light and dark, under the rules of axe-core: nothing serious and nothing critical."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import reader, serving
from tests.browser.conftest import StartServer
from tests.browser.serving import Home, Server
from tests.files import shop_files
from tests.shots import STATES
from tests.tested import visitors

# Found inside Streamlit's own components, where nothing of ours reaches: rule, the elements, why it stays.
NOT_OURS = (
    ("list", r'<ul data-testid="stSidebarNavItems"', "st.navigation puts its sections between the list and its items"),
    ("listitem", r'^<li class="st-emotion-cache-\w+ \w+">', "as above, seen from the items"),
    (
        "svg-img-alt",
        r"metric_chart_\w+_highlighted_points_marks",
        "the sparkline of st.metric; the card says its numbers",
    ),
)


@pytest.fixture(scope="module")
def place(start_server: StartServer) -> Server:
    """A server with the workspaces that the states name."""
    server = start_server()
    home = Home(server.home)
    home.add("shop", shop_files()[0])
    home.add("empty", {})
    home.add("tests", {"checkout.csv": visitors()})
    return server


@pytest.fixture(scope="module")
def fresh(place: Server) -> Iterator[int]:
    """Numbers of workspaces with nothing in them."""
    home = Home(place.home)
    return (number for number in count() if home.add(f"fresh-{number}", {}))


@pytest.fixture(scope="module")
def themed(browser: Browser) -> Iterator[dict[str, Page]]:
    """A page light and a page dark, each used for every state, so that its browser loads the app's scripts once."""
    pages = {theme: serving.new_page(browser, dark=theme == "dark") for theme in ("light", "dark")}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_keeps_anyone_out(
    state: str, theme: str, place: Server, fresh: Iterator[int], themed: dict[str, Page]
) -> None:
    path, prepare = STATES[state]
    page = themed[theme]
    page.goto(f"{place.url}/{path.format(n=next(fresh))}")
    prepare(page)
    reader.settled(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert {f"{rule}: {html} ({why})" for rule, html, why in _ours(found)} == set()


def _ours(violations: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Rule, element and what is wrong of every serious finding that is not on the list."""
    for violation in violations:
        if violation["impact"] not in ("serious", "critical"):
            continue
        for node in violation["nodes"]:
            if not any(violation["id"] == rule and re.search(html, node["html"]) for rule, html, _ in NOT_OURS):
                yield violation["id"], node["html"][:200], " ".join(node["failureSummary"].split())[:300]
