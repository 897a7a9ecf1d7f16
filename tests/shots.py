"""Pictures of every screen and main state, to be looked at: `python -m tests.shots FOLDER [PART OF A NAME]`.

Each is taken in both languages, wide and on a phone, light and dark, as high as the whole page.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect, sync_playwright

from kpi.wording import Language
from tests.browser import reader, serving
from tests.browser.odd_files import GUESSED, UNKNOWN, UNREADABLE, WITHOUT_CURRENCY, orders
from tests.files import shop_files
from tests.tested import mailing, visitors

LANGUAGES: tuple[Language, ...] = ("en", "pl")
WIDTHS = (1400, 420)
_MOST_PX = 6000


def empty(page: Page) -> None:
    expect(page.locator("input[type=file]")).to_be_attached()


def nothing_yet(page: Page) -> None:
    expect(reader.text(page).get_by_test_id("stButton").first).to_be_visible()


def loaded(page: Page) -> None:
    reader.drop(page, shop_files()[0])
    expect(reader.cards(page)).to_have_count(4)


def asked(page: Page) -> None:
    reader.drop(page, {"ga4.csv": WITHOUT_CURRENCY})
    expect(reader.card(page, "ga4.csv").get_by_role("combobox")).to_be_visible()


def mapped(page: Page) -> None:
    reader.drop(page, {"zakupy.csv": UNKNOWN})
    expect(reader.card(page, "zakupy.csv").get_by_role("combobox").first).to_be_visible()


def read_as(page: Page) -> None:
    reader.drop(page, {"orders.csv": GUESSED})
    reader.card(page, "orders.csv").get_by_test_id("stExpander").locator("summary").first.click()
    expect(reader.card(page, "orders.csv").get_by_role("combobox").first).to_be_visible()


def refused(page: Page) -> None:
    reader.drop(page, UNREADABLE | {"orders.csv": orders({}, {"Created at": "yesterday"}, {"Subtotal": "a lot"})})
    expect(reader.cards(page)).to_have_count(5)


def an_import_open(page: Page) -> None:
    page.locator("[class*=st-key-import_] summary").first.click()


def overview(page: Page) -> None:
    expect(page.get_by_test_id("stMetricValue")).to_have_count(4)


def explore(page: Page) -> None:
    expect(page.get_by_test_id("stMetricValue")).to_be_visible()


def receipt(page: Page) -> None:
    overview(page)
    drawer = reader.receipt(page, "conversion_rate")
    drawer.get_by_test_id("stExpander").locator("summary").click()


def report(page: Page) -> None:
    expect(page.get_by_test_id("stDownloadButton")).to_be_visible()


def verdict(page: Page) -> None:
    expect(page.locator(".st-key-verdict")).to_be_visible()


def a_test_mapped(page: Page) -> None:
    reader.drop(page, {"mailing.csv": mailing(600)})
    expect(reader.card(page, "mailing.csv").get_by_role("combobox").first).to_be_visible()


def counts_typed(page: Page) -> None:
    page.locator("summary").first.click()
    expect(page.locator(".st-key-ab_counts")).to_be_visible()


def workings(page: Page) -> None:
    verdict(page)
    page.locator(".st-key-workings_of_verdict button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def told(page: Page) -> None:
    expect(page.get_by_test_id("stAlert").first).to_be_visible()


NEXT = quote(json.dumps({"kind": "proportion", "baseline": 0.05, "effect": 0.005, "units_a_day": 5000}))
REFUSED = quote(
    json.dumps({"experiment": "checkout", "control": "nobody", "primary": {"kind": "mean", "column": "clicks"}})
)
STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "data-empty": ("data?ws=empty", empty),
    "explore-empty": ("explore?ws=empty", nothing_yet),
    "data-loaded": ("data?ws=fresh-{n}", loaded),
    "data-question": ("data?ws=fresh-{n}", asked),
    "data-mapping": ("data?ws=fresh-{n}", mapped),
    "data-guessed": ("data?ws=fresh-{n}", read_as),
    "data-errors": ("data?ws=fresh-{n}", refused),
    "data-import-open": ("data?ws=shop", an_import_open),
    "overview": ("?ws=shop", overview),
    "overview-compared": ("?ws=shop&period=month", overview),
    "explore": ("explore?ws=shop&kpi=revenue&by=channel", explore),
    "explore-filtered": ("explore?ws=shop&kpi=sessions&by=device&f=device:mobile&period=month", explore),
    "explore-rate": ("explore?ws=shop&kpi=conversion_rate&by=channel&period=month&grain=day", explore),
    "explore-products": ("explore?ws=shop&kpi=item_sales&by=product", explore),
    "explore-refused": ("explore?ws=shop&kpi=revenue&f=device:mobile", told),
    "receipt": ("?ws=shop&period=month", receipt),
    "tests-empty": ("experiments?ws=empty", empty),
    "tests-counts": ("experiments?ws=empty", counts_typed),
    "tests-mapping": ("experiments?ws=fresh-{n}", a_test_mapped),
    "tests-verdict": ("experiments?ws=tests&look=segments", verdict),
    "tests-plan": ("experiments?ws=tests&step=plan&look=methods", verdict),
    "tests-file": ("experiments?ws=tests&step=file&look=time", verdict),
    "tests-next": (f"experiments?ws=tests&look=quantile&next={NEXT}", verdict),
    "tests-refused": (f"experiments?ws=tests&design={REFUSED}", told),
    "tests-workings": ("experiments?ws=tests&look=factors", workings),
    "report": ("report?ws=shop&period=month", report),
    "link-misread": ("explore?ws=shop&period=bogus&f=nonsense", told),
    "workspace-unknown": ("explore?ws=nobody", told),
}


def main(folder: Path, wanted: str = "") -> None:
    """Start a server with the test files loaded and take all pictures whose name holds `wanted`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = serving.Home(Path(scratch) / "home")
        home.add("shop", shop_files()[0])
        home.add("empty", {})
        home.add("tests", {"checkout.csv": visitors()})
        server = serving.start(Path(scratch), home=home.folder)
        browser = serving.launch(playwright)
        try:
            kinds = product(STATES, LANGUAGES, WIDTHS, (False, True))
            for number, (state, lang, width, dark) in enumerate(kinds):
                name = f"{state}-{lang}-{width}-{'dark' if dark else 'light'}.png"
                if wanted not in name:
                    continue
                path, prepare = STATES[state]
                home.add(f"fresh-{number}", {})
                page = serving.new_page(browser, lang=lang, width=width, dark=dark)
                page.goto(f"{server.url}/{path.format(n=number)}")
                prepare(page)
                _picture(page, folder / name)
                page.context.close()
        finally:
            browser.close()
            serving.stop(server)


def _picture(page: Page, path: Path) -> None:
    reader.settled(page)
    height = page.evaluate(
        "Math.max(...[...document.querySelectorAll('[data-testid=stMain], [role=dialog]')].map(e => e.scrollHeight))"
    )
    width = (page.viewport_size or {"width": WIDTHS[0]})["width"]
    page.set_viewport_size({"width": width, "height": min(max(height, 700), _MOST_PX)})
    reader.settled(page)
    # Tables and charts draw themselves on canvases, which no attribute tells; pictures need no reproducibility.
    page.wait_for_timeout(700)
    page.screenshot(path=path)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
