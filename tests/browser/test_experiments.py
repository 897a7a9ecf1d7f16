"""A test's file from the drop to a link: map it, read the verdict, look at segments, plan the next, pass it on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from python_calamine import load_workbook

from kpi.wording import Language
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.serving import Server
from tests.tested import MAIL_ARMS, mailing

# What the screen says, written down here so that a lost translation shows.
SAID: dict[Language, dict[str, str]] = {
    "en": {
        "title": "A/B tests",
        "drop": "Drop the file of a test here",
        "currency": "USD — US Dollar",
        "load": "Load the file",
        "win": "Win",
        "mens": "“Mens E-Mail” raises conversion rate by",
        "segments": "Segments",
        "interaction": "interaction, p = ",
        "next": "Plan the next test",
        "units": "units in all",
        "copy": "Copy link",
        "plan": "2 · Plan: Conversion rate",
    },
    "pl": {
        "title": "Testy A/B",
        "drop": "Upuść tutaj plik z testu",
        "currency": "USD — dolar amerykański",
        "load": "Wczytaj plik",
        "win": "Wygrana",
        "mens": "„Mens E-Mail”, konwersja: wzrost o",
        "segments": "Segmenty",
        "interaction": "interakcja, p = ",
        "next": "Zaplanuj następny test",
        "units": "Łącznie",
        "copy": "Kopiuj link",
        "plan": "2 · Plan: Konwersja",
    },
}


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_file_becomes_a_verdict_a_plan_and_a_link(
    lang: Language, server: Server, new_shop: NewShop, open_page: OpenPage, outside: list[str], tmp_path: Path
) -> None:
    said, page = SAID[lang], open_page(lang=lang)
    page.goto(f"{server.url}/experiments?ws={new_shop({})}")
    expect(reader.heading(page)).to_have_text(said["title"])
    expect(page.get_by_text(said["drop"])).to_be_visible()
    the_file_is_mapped(page, said)
    expect(verdict(page)).to_contain_text(said["win"])
    expect(verdict(page)).to_contain_text(said["mens"])
    shown = verdict(page).inner_text()

    page.locator(".st-key-look").get_by_text(said["segments"], exact=True).click()
    expect(page.locator(".st-key-look_segments")).to_contain_text(said["interaction"])
    page.locator(".st-key-ab_next summary").click()
    expect(page.locator(".st-key-ab_next")).to_contain_text(said["units"])
    planned = page.locator(".st-key-ab_next h3").inner_text()

    reader.settled(page)
    the_workbook_names_the_arms(page, tmp_path / "test.xlsx")
    link = reader.copied_link(page, said["copy"])
    other = open_page(lang=lang)
    other.goto(link)
    expect(verdict(other)).to_have_text(re.compile(re.escape(said["mens"])))
    assert verdict(other).inner_text() == shown
    expect(other.locator(".st-key-look_segments")).to_contain_text(said["interaction"])
    expect(other.locator(".st-key-ab_next h3")).to_have_text(planned)
    assert outside == []


def the_file_is_mapped(page: Page, said: dict[str, str]) -> None:
    """The variant's column is guessed; the currency is asked."""
    reader.drop(page, {"mailing.csv": mailing()})
    card = reader.card(page, "mailing.csv")
    button = card.get_by_role("button", name=said["load"])
    expect(button).to_be_visible()
    reader.settled(page)
    reader.pick(page, card.get_by_role("combobox").last, said["currency"])
    expect(button).to_be_enabled()
    button.click()
    expect(verdict(page)).to_be_visible()
    reader.settled(page)


def the_workbook_names_the_arms(page: Page, path: Path) -> None:
    with page.expect_download() as download:
        page.locator(".st-key-ab_workbook button").click()
    download.value.save_as(path)
    book = load_workbook(str(path))
    cells = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert set(MAIL_ARMS) <= {cell for cell in cells if isinstance(cell, str)}


def verdict(page: Page) -> Locator:
    return page.locator(".st-key-verdict")
