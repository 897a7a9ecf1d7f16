"""The demo shop from its door to the way back: opened in one click, named on every page, left again."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from kpi.wording import Language
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage, StartServer
from tests.browser.odd_files import orders
from tests.browser.serving import PATIENCE_MS, Server

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "door": "Open the demo shop",
        "badge": "Demo shop – invented data",
        "back": "Back to my shop",
        "note": "files that you drop here join them",
        "bring": "Bring data in",
        "pages": "Overview Explore Report Data",
    },
    "pl": {
        "door": "Otwórz sklep demo",
        "badge": "Sklep demo – dane zmyślone",
        "back": "Wróć do swojego sklepu",
        "note": "upuszczone tutaj pliki do nich dołączą",
        "bring": "Dodaj dane",
        "pages": "Przegląd Analiza Raport Dane",
    },
}


def badge(page: Page, lang: Language) -> None:
    expect(page.locator(".st-key-demo_badge")).to_contain_text(SAID[lang]["badge"])


def press_door(page: Page, lang: Language) -> float:
    """Open the demo shop. Returns: the seconds until its overview shows a number."""
    reader.settled(page)
    start = time.monotonic()
    page.get_by_role("button", name=SAID[lang]["door"]).click()
    expect(reader.headline(page, "revenue")).to_be_visible()
    return time.monotonic() - start


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_one_click_opens_the_demo_shop_which_is_named_on_every_page(
    server: Server, new_shop: NewShop, open_page: OpenPage, outside: list[str], lang: Language
) -> None:
    said, own = SAID[lang], new_shop({})
    page = open_page(lang=lang)
    page.goto(f"{server.url}/data?ws={own}&lang={lang}")
    seconds = press_door(page, lang)
    print(f"the demo shop opened in {seconds:.1f} s ({lang})")
    expect(page).to_have_url(re.compile(rf"{re.escape(server.url)}/\?ws=demo&lang={lang}\b.*"))
    for kpi in ("revenue", "orders", "conversion_rate", "aov"):
        expect(reader.headline(page, kpi)).not_to_have_text("—")
    for title in said["pages"].split():
        reader.go_to(page, title)
        badge(page, lang)
    expect(reader.text(page)).to_contain_text(said["note"])
    page.get_by_role("button", name=said["back"]).click()
    expect(page).to_have_url(re.compile(rf"{re.escape(server.url)}/data\?ws={own}&lang={lang}\b.*"))
    expect(page.get_by_role("button", name=said["door"])).to_be_visible()
    expect(page.locator(".st-key-demo_badge")).to_have_count(0)
    assert outside == []


def test_the_way_back_leads_to_the_same_page_of_a_shop_with_data(server: Server, new_shop: NewShop, page: Page) -> None:
    own = new_shop({})
    page.goto(f"{server.url}/?ws={own}&lang=en&period=days_90")
    # an empty shop opens on its Data page once
    expect(reader.heading(page)).to_have_text("Data")
    reader.settled(page)
    reader.go_to(page, "Overview")
    press_door(page, "en")
    page.get_by_role("button", name="Back to my shop").click()
    reader.drop(page, {"orders.csv": orders({}, {})})
    expect(reader.card(page, "orders.csv")).to_contain_text("2 loaded")
    reader.go_to(page, "Overview")
    expect(reader.headline(page, "orders")).to_have_text("2")
    expect(page.locator(".st-key-demo_badge")).to_have_count(0)


def test_a_link_to_the_demo_shop_leads_back_to_the_server_s_own_shop(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/data?ws=demo&lang=en")
    badge(page, "en")
    page.get_by_role("button", name="Back to my shop").click()
    expect(page.get_by_role("button", name="Open the demo shop")).to_be_visible()


def test_files_dropped_into_one_shop_are_not_shown_in_the_other(server: Server, new_shop: NewShop, page: Page) -> None:
    page.goto(f"{server.url}/data?ws={new_shop({})}&lang=en")
    page.get_by_role("button", name="Open the demo shop").click()
    badge(page, "en")
    reader.go_to(page, "Data")
    reader.drop(page, {"fruit.csv": b"Fruit,Colour\napple,red\n"})
    expect(reader.card(page, "fruit.csv")).to_contain_text("What is in this table?")
    page.get_by_role("button", name="Back to my shop").click()
    expect(page.get_by_role("button", name="Open the demo shop")).to_be_visible()
    expect(reader.cards(page)).to_have_count(0)


def test_two_people_who_click_at_once_both_arrive(server: Server, new_shop: NewShop, open_page: OpenPage) -> None:
    pages = [open_page(), open_page()]
    for one in pages:
        one.goto(f"{server.url}/data?ws={new_shop({})}&lang=en")
        expect(one.get_by_role("button", name="Open the demo shop")).to_be_visible()
        reader.settled(one)
    for one in pages:
        one.get_by_role("button", name="Open the demo shop").click()
    for one in pages:
        expect(reader.headline(one, "revenue")).to_be_visible()
        badge(one, "en")


def test_a_phone_shows_the_badge_in_one_line(server: Server, new_shop: NewShop, open_page: OpenPage) -> None:
    page = open_page(width=420)
    page.goto(f"{server.url}/data?ws={new_shop({})}&lang=en")
    press_door(page, "en")
    box = page.locator(".st-key-demo_badge").bounding_box()
    assert box is not None
    assert box["height"] < 60


def test_a_link_into_a_demo_shop_that_is_not_there_yet_makes_it_and_shows_its_view(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    page.goto(f"{server.url}/explore?ws=demo&lang=en&kpi=orders&period=quarter")
    expect(reader.text(page)).to_contain_text("This link opens the demo shop")
    reader.settled(page)
    page.get_by_role("button", name="Open the demo shop").click()
    # a busy computer makes two years of orders in a minute, not in seconds
    expect(reader.headline(page, "orders")).to_be_visible(timeout=4 * PATIENCE_MS)
    expect(reader.control(page, "period")).to_have_value("Last quarter")
    expect(page).to_have_url(re.compile("/explore.*ws=demo.*period=quarter.*kpi=orders"))
    badge(page, "en")
