"""The pictures of the README and the tours: `python -m tests.screenshots [FOLDER] [PART OF A NAME]`.

Taken from the app itself with the demo shop, and with files just dropped into an empty one. What a clock would write
into them is set, so that a second run takes the same pictures.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kpi import Workspace, demo
from kpi.wording import Language
from tests.browser import reader, serving
from tests.files import shop_files

FOLDER = serving.ROOT / "docs" / "screenshots"
WIDTH, PHONE_WIDTH, HEIGHT = 1280, 420, 860
_COLOURS = 256
_UNTIL = date(2026, 10, 31)


@dataclass(frozen=True)
class Picture:
    """path: the page's address after the server's · show: what a reader does there before it is taken."""

    path: str
    show: Callable[[Page], None]
    lang: Language = "en"
    width: int = WIDTH
    dark: bool = False


def overview(page: Page) -> None:
    expect(page.get_by_test_id("stMetricValue")).to_have_count(4)
    expect(page.locator("tr.kpi").first).to_be_visible()


def boards(page: Page) -> None:
    expect(reader.headline(page, "conversion_rate")).to_be_visible()
    expect(page.locator(".boards .row").first).to_be_visible()


def heat_table(page: Page) -> None:
    expect(page.locator(".boards table")).to_be_visible()


def receipt(page: Page) -> None:
    overview(page)
    expect(reader.receipt(page, "conversion_rate")).to_contain_text("What it stands on")


def dropped(page: Page) -> None:
    files = shop_files()[0]
    reader.drop(page, files)
    expect(reader.cards(page)).to_have_count(len(files))


def report(page: Page) -> None:
    expect(page.get_by_test_id("stDownloadButton")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def verdict(page: Page) -> None:
    expect(page.get_by_text("raises conversion rate").first).to_be_visible()
    expect(page.locator(".stVegaLiteChart").nth(1)).to_be_visible()


_LAST_90_DAYS = "ws=demo&period=days_90"
_CONVERSION = f"explore?{_LAST_90_DAYS}&kpi=conversion_rate"

PICTURES: dict[str, Picture] = {
    "overview": Picture(f"?{_LAST_90_DAYS}", overview),
    "overview-polish": Picture(f"?{_LAST_90_DAYS}", overview, lang="pl"),
    "overview-phone": Picture(f"?{_LAST_90_DAYS}", overview, width=PHONE_WIDTH),
    "explore": Picture(_CONVERSION, boards),
    "explore-dark": Picture(_CONVERSION, boards, dark=True),
    "explore-heat-table": Picture(f"{_CONVERSION}&by=channel&and=device", heat_table),
    "receipt": Picture(f"?{_LAST_90_DAYS}", receipt),
    "experiment": Picture("experiments?ws=demo", verdict),
    "data": Picture("data?ws=fresh", dropped),
    "report": Picture(f"report?{_LAST_90_DAYS}", report),
}


def main(folder: Path = FOLDER, wanted: str = "") -> None:
    """Start a server with the demo shop and take all pictures whose name holds `wanted`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = serving.Home(Path(scratch) / "home")
        home.add("fresh", {})
        _open_demo_shop(home.folder / "demo.duckdb")
        server = serving.start(Path(scratch), home=home.folder)
        browser = serving.launch(playwright)
        try:
            for name, picture in PICTURES.items():
                if wanted in name:
                    path = folder / f"{name}.png"
                    path.write_bytes(_taken(browser, server.url, picture))
                    print(f"{path.name:24} {path.stat().st_size / 1024:4.0f} KB")
        finally:
            browser.close()
            serving.stop(server)


def _open_demo_shop(path: Path) -> None:
    """The demo shop, imported in the morning after its last day."""
    with Workspace(path) as shop:
        demo.fill(shop, until=_UNTIL)
    with duckdb.connect(str(path)) as con:
        con.execute("update imports set imported_at = ?", [f"{_UNTIL + timedelta(1)} 08:14:00+01"])


def _taken(browser: Browser, url: str, picture: Picture) -> bytes:
    page = serving.new_page(browser, lang=picture.lang, width=picture.width, dark=picture.dark)
    page.set_viewport_size({"width": picture.width, "height": HEIGHT})
    page.goto(f"{url}/{picture.path}&lang={picture.lang}")
    picture.show(page)
    reader.settled(page)
    page.mouse.move(0, 0)
    # charts draw themselves on canvases, which no attribute tells
    page.wait_for_timeout(1000)
    taken = page.screenshot(animations="disabled", caret="hide")
    page.context.close()
    return _small(taken)


def _small(png: bytes) -> bytes:
    """The picture in few colours: a screen has few."""
    written = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, *sys.argv[2:])
