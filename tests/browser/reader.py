"""What a reader does and sees on the screens, in one place. Elements are found by what they say, else by their key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, TimeoutError, expect

_OPENINGS = 6
_RUNNING = '[data-testid="stApp"][data-test-script-state="running"], [data-stale="true"], [data-testid="stSkeleton"]'


def settled(page: Page) -> None:
    """Wait until the page has drawn what the last action asked for; only for what must *not* change."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator(_RUNNING)).to_have_count(0)


def heading(page: Page) -> Locator:
    """The page's title."""
    return page.get_by_test_id("stMain").get_by_role("heading", level=1)


def text(page: Page) -> Locator:
    """Everything right of the sidebar."""
    return page.get_by_test_id("stMain")


def go_to(page: Page, title: str) -> None:
    """Open a page by its name in the sidebar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(heading(page)).to_have_text(title)


def drop(page: Page, files: Mapping[str, bytes]) -> None:
    """Choose files in the drop area."""
    payload = [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in files.items()]
    page.locator("input[type=file]").set_input_files(payload)  # type: ignore[arg-type]


def cards(page: Page) -> Locator:
    """The files of this session, newest first."""
    return page.locator('[class*="st-key-file_"]')


def card(page: Page, name: str) -> Locator:
    """The newest card of a file."""
    return cards(page).filter(has=page.get_by_text(name, exact=True)).first


def rows_add_up(card: Locator) -> bool:
    """Whether a card's "665 rows read = 660 loaded + 5 refused" does so in its own numbers."""
    (line,) = [line for line in card.inner_text().splitlines() if " = " in line]
    read, _, parts = line.partition(" · ")[0].partition("=")
    return _whole(read) == sum(_whole(part) for part in parts.split("+"))


def headline(page: Page, kpi: str) -> Locator:
    """The large number of a KPI's card."""
    return page.locator(f".st-key-card_{kpi}").get_by_test_id("stMetricValue")


def tags(page: Page, key: str) -> Locator:
    """What is chosen in a list of several, by its name in the address."""
    # The list keeps a hidden copy of itself for measuring.
    return page.locator(f".st-key-{key} .react-aria-ComboBox [data-tag]")


def chips(page: Page) -> Locator:
    """The filters that are set."""
    return tags(page, "f")


def control(page: Page, key: str) -> Locator:
    """A select box of the view by its name in the address; its value is what is chosen."""
    return page.locator(f".st-key-{key} [role=combobox]")


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of a select box by typing it, once the page stands."""
    settled(page)
    pick(page, control(page, key), option)


def pick(page: Page, box: Locator, option: str) -> None:
    """Type an option of a select box and take it. The typed words stand in the box before it is taken, so what tells is
    that the list closes. A table that is drawn above late moves the page, which closes the list: then it is opened anew."""
    offered = page.get_by_role("option", name=option, exact=True)
    for _ in range(_OPENINGS):
        box.fill(option)
        try:
            offered.click(timeout=4000)
            break
        except TimeoutError:
            box.click()
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value(option)


def group(page: Page, words: str) -> Locator:
    """The row of a group on the boards, by a number or a name written on it."""
    return page.locator(".boards .row").filter(has=page.get_by_text(words, exact=True))


def click_group(page: Page, words: str) -> None:
    """Click a group's row once the page stands."""
    expect(group(page, words)).to_have_count(1)
    settled(page)
    group(page, words).click()


def receipt(page: Page, kpi: str) -> Locator:
    """Open the receipt of a KPI's card."""
    page.locator(f".st-key-receipt_{kpi} button").click()
    return page.get_by_role("dialog")


def copied_link(page: Page, caption: str) -> str:
    """Press the button that copies the address of the view, and read the clipboard."""
    page.get_by_role("button", name=caption).click()
    expect(page.locator("button.copy.done")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def choose_language(page: Page, name: str) -> None:
    """Press a language at the foot of the sidebar."""
    page.get_by_test_id("stSidebar").get_by_role("radio", name=name).click()


@contextmanager
def no_change(page: Page, place: Locator) -> Iterator[None]:
    """Whatever is done inside leaves the words at `place` as they are."""
    before = place.inner_text()
    yield
    settled(page)
    assert place.inner_text() == before


def _whole(words: str) -> int:
    return int("".join(re.findall(r"\d", words)))
