"""How long a page takes to settle after a click, in Chromium on the demo shop, beside a click on an empty page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from math import isnan
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.bench.places import demo_server, empty_server
from tests.browser import reader, serving

CACHED_BUDGET_MS = 400.0
FIRST_BUDGET_MS = 900.0
COPIES = 3
EMPTY_CLICKS = 12
FILTER = "Device: Mobile"

# From the end of the person's press to the last change of the page before it stood still for QUIET_MS: the script has
# ended, nothing is stale and no skeleton is left. Charts and tables that paint on a canvas change no element by that.
MEASURE = """
([QUIET_MS, PATIENCE_MS]) => {
  const state = () => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState
  const isUnfinished = () => document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
  window.settledAfter = new Promise(resolve => {
    let pressedAt = null, changedAt = null, hasRun = false, timer = null
    const press = event => { if (pressedAt === null) pressedAt = changedAt = event.timeStamp }
    for (const name of ['pointerup', 'keydown']) addEventListener(name, press, { capture: true, once: true })
    const look = () => {
      if (hasRun && state() === 'notRunning' && !isUnfinished()) { observer.disconnect(); resolve(changedAt - pressedAt) }
    }
    const observer = new MutationObserver(() => {
      if (pressedAt === null) return
      changedAt = performance.now()
      hasRun ||= state() !== 'notRunning'
      clearTimeout(timer)
      timer = setTimeout(look, QUIET_MS)
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    setTimeout(() => resolve(NaN), PATIENCE_MS)
  })
}
"""
QUIET_MS = 100

Prepare = Callable[[Page], Callable[[], None]]
Times = dict[str, list[float]]


def measure() -> list[tuple[str, float, float | None, str]]:
    """What, measured, budget (none: for information), unit."""
    empty_ms, first, cached = measured_times()
    lines: list[tuple[str, float, float | None, str]] = [("click on an empty page", empty_ms, None, "ms")]
    for times, name, budget in ((first, "first time", FIRST_BUDGET_MS), (cached, "cached", CACHED_BUDGET_MS)):
        for click, found in times.items():
            lines += [
                (f"{click}, {name}", median(found), budget, "ms"),
                (f"{click}, {name} / empty page", median(found) / empty_ms, None, "ratio"),
            ]
    return lines


def measured_times() -> tuple[float, Times, Times]:
    """A click on an empty page in ms, and every click on the demo shop: its first times, and the same ones again."""
    names = [f"demo-{number}" for number in range(COPIES)]
    with empty_server() as empty, demo_server("warm", *names) as demo, sync_playwright() as playwright:
        browser = serving.launch(playwright)
        page = serving.new_page(browser)
        page.goto(empty.url)
        empty_ms = _empty_ms(page)
        # What the browser and Python load once is no part of a click.
        _tour(page, f"{demo.url}/?ws=warm", {}, {})
        first: Times = {}
        cached: Times = {}
        for name in names:
            _tour(page, f"{demo.url}/?ws={name}", first, cached)
        browser.close()
    return empty_ms, first, cached


def _empty_ms(page: Page) -> float:
    """The median of some clicks. A run so short that the page draws nothing of it cannot be seen and does not count."""
    clicks = [_settled_ms(page, partial(_press_button, page), patience_ms=2_000) for _ in range(EMPTY_CLICKS)]
    return median(ms for ms in clicks if not isnan(ms))


def _tour(page: Page, url: str, first: Times, cached: Times) -> None:
    """Every click once on a workspace that has answered nothing but its Overview yet, then the way back and all again."""
    page.goto(url)
    reader.settled(page)
    for times, (name, prepare) in product((first, cached), CLICKS.items()):
        press = prepare(page)
        times.setdefault(name, []).append(_settled_ms(page, press))


def _settled_ms(page: Page, press: Callable[[], None], patience_ms: int = 30_000) -> float:
    reader.settled(page)
    page.evaluate(MEASURE, [QUIET_MS, patience_ms])
    press()
    found = page.evaluate("window.settledAfter")
    return float("nan") if found is None else float(found)


def _press_button(page: Page) -> None:
    page.get_by_test_id("stButton").get_by_role("button").click()


def _page(title: str, page: Page) -> Callable[[], None]:
    return page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click


def _option(key: str, option: str, page: Page) -> Callable[[], None]:
    """The list stands open; the press takes the option."""
    reader.control(page, key).fill(option)
    return page.get_by_role("option", name=option, exact=True).click


def _filter(page: Page) -> Callable[[], None]:
    page.locator(".st-key-f [role=combobox]").fill(FILTER)
    return page.get_by_role("option", name=FILTER, exact=True).click


def _no_filter(page: Page) -> Callable[[], None]:
    return page.locator(".st-key-f [data-tag] button").first.click


# In this order each leads to the next, and the last one back to the first state.
CLICKS: Mapping[str, Prepare] = {
    "Overview: change the period": partial(_option, "period", "Last 90 days"),
    "Overview → Explore": partial(_page, "Explore"),
    "Explore: change the KPI": partial(_option, "kpi", "Conversion rate"),
    "Explore: add a filter": _filter,
    "Explore: take the filter away": _no_filter,
    "Explore: change the period": partial(_option, "period", "Last quarter"),
    "Explore: change the KPI back": partial(_option, "kpi", "Revenue after refunds"),
    "Explore → Overview": partial(_page, "Overview"),
    "Overview: all data": partial(_option, "period", "All data"),
}
