"""A reader gives a source and a medium a channel of her own, sees the number move, and takes it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from kpi.wording import Language, words
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.odd_files import orders
from tests.browser.serving import Server

BIO = {"Note Attributes": "utm_source: ania\nutm_medium: bio"}
SEARCH = {"Note Attributes": "utm_source: google\nutm_medium: organic"}


def section(page: Page) -> Locator:
    return page.locator(".st-key-channels")


def choose(page: Page, key: str, option: str) -> None:
    box = section(page).locator(f'[class*="st-key-{key}"] [role=combobox]')
    expect(box).to_be_visible()
    reader.settled(page)
    box.scroll_into_view_if_needed()
    box.click()
    reader.pick(page, box, option)
    reader.settled(page)


@pytest.mark.parametrize("width", [1400, 420])
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_rule_of_ones_own_moves_orders_and_is_taken_back(
    server: Server, new_shop: NewShop, open_page: OpenPage, outside: list[str], lang: Language, width: int
) -> None:
    say, shop = words(lang), new_shop({"orders.csv": orders(BIO, BIO, SEARCH)})
    page = open_page(lang=lang, width=width)
    page.goto(f"{server.url}/data?ws={shop}&lang={lang}")
    head = page.get_by_text(say.t("Channels: what each source and medium means"))
    expect(head).to_be_visible()
    reader.settled(page)
    head.click()
    choose(page, "channels_pair", "ania / bio")
    choose(page, "channels_channel", {"en": "Affiliates", "pl": "Afiliacja"}[lang])
    moved = say.n("{n} order", "{n} orders", 2)
    expect(section(page)).to_contain_text(say.t("Changes the channel of {orders}.", orders=moved))
    reader.settled(page)
    section(page).get_by_role("button", name=say.t("Keep this rule")).click()
    rule = {
        "en": "source is “ania” and medium is “bio” → Affiliates",
        "pl": "źródło to „ania” i medium to „bio” → Afiliacja",
    }
    expect(section(page)).to_contain_text(rule[lang])
    explore = f"{server.url}/explore?ws={shop}&lang={lang}&kpi=orders&by=channel"
    page.goto(explore)
    named = reader.group(page, {"en": "Affiliates", "pl": "Afiliacja"}[lang])
    expect(named).to_contain_text("2")
    page.goto(f"{server.url}/data?ws={shop}&lang={lang}")
    expect(head).to_be_visible()
    reader.settled(page)
    head.click()
    expect(section(page)).to_contain_text(rule[lang])
    expect(section(page)).to_contain_text("ania / bio")
    reader.settled(page)
    section(page).get_by_role("button", name=say.t("Undo the last change of the rules")).click()
    expect(section(page)).not_to_contain_text(rule[lang])
    page.goto(explore)
    expect(reader.group(page, {"en": "Unassigned", "pl": "Nieprzypisane"}[lang])).to_contain_text("2")
    assert outside == []


def test_a_channel_nobody_has_a_name_for_is_typed_in_by_keyboard(server: Server, new_shop: NewShop, page: Page) -> None:
    shop = new_shop({"orders.csv": orders(BIO)})
    page.goto(f"{server.url}/data?ws={shop}&lang=en")
    head = page.get_by_text("Channels: what each source and medium means")
    expect(head).to_be_visible()
    reader.settled(page)
    page.locator(".st-key-channels summary").focus()
    page.keyboard.press("Enter")
    choose(page, "channels_pair", "ania / bio")
    box = section(page).locator('[class*="st-key-channels_channel"] [role=combobox]')
    box.scroll_into_view_if_needed()
    box.focus()
    page.keyboard.type("Influencers")
    page.keyboard.press("Enter")
    keep = section(page).get_by_role("button", name="Keep this rule")
    expect(keep).to_be_enabled()
    keep.focus()
    page.keyboard.press("Enter")
    expect(section(page)).to_contain_text("source is “ania” and medium is “bio” → Influencers")
