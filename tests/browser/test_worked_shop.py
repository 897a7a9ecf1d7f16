"""The worked shop through the screens: its six files dropped, alone or zipped, and its numbers read from the pages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kpi.wording import words
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.serving import Server

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "worked_shop"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared reference files are not beside the project"),
]
JANUARY = "period=custom&days=2026-01-01&days=2026-01-31"


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.csv"))}


def zipped() -> dict[str, bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in reversed(files().items()):
            archive.writestr(name, content)
    return {"worked_shop.zip": packed.getvalue()}


@pytest.mark.parametrize("dropped", [files, zipped], ids=["alone", "zipped"])
def test_its_numbers_stand_on_the_pages(server: Server, new_shop: NewShop, open_page: OpenPage, dropped) -> None:
    shop, page, say = new_shop({}), open_page(lang="pl"), words("pl")
    page.goto(f"{server.url}/data?ws={shop}")
    reader.drop(page, dropped())
    for name in dropped():
        expect(reader.card(page, name)).to_contain_text("odczytan")
        assert reader.rows_add_up(reader.card(page, name))
    page.goto(f"{server.url}/?ws={shop}&{JANUARY}")
    expect(reader.headline(page, "revenue")).to_have_text(say.money(595, "PLN"))
    expect(reader.headline(page, "orders")).to_have_text("7")
    expect(reader.headline(page, "conversion_rate")).to_have_text(say.value(0.025, "percent"))
    page.goto(f"{server.url}/explore?ws={shop}&{JANUARY}&kpi=aov&by=age_group")
    for amount in (117.5, 130, 50, 60, 120):
        expect(reader.group(page, say.money(amount, "PLN"))).to_have_count(1)
    expect(reader.text(page)).to_contain_text("Kto kupuje")
    page.goto(f"{server.url}/explore?ws={shop}&{JANUARY}&kpi=gross_profit&by=device")
    expect(reader.headline(page, "gross_profit")).to_have_text(say.money(135, "PLN"))
