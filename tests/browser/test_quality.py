"""Data quality and the bridge as a reader meets them: the sentence, its place, the way to the KPI, and the sums."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from kpi.wording import words
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.odd_files import WITH_TRANSACTIONS, orders
from tests.browser.serving import Server

ODD = orders({}, {"Subtotal": "-40.00", "Total": "-40.00", "Lineitem price": "-40.00"}, {})


def box(page: Page, words_on_it: str) -> Locator:
    """A folded section by its title."""
    return page.get_by_test_id("stExpander").filter(has=page.locator("summary", has_text=words_on_it))


def open_by_keyboard(page: Page, words_on_it: str) -> Locator:
    found = box(page, words_on_it)
    reader.settled(page)
    found.locator("summary").focus()
    page.keyboard.press("Enter")
    return found


def cells(table: Locator) -> dict[str, list[str]]:
    """The rows of a table by their first cell, with spaces that do not break as spaces."""
    rows = [row.split("\t") for row in table.inner_text().replace("\u00a0", " ").splitlines()]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows if len(row) > 1}


def test_a_finding_says_where_it_is_and_leads_to_its_kpi(
    server: Server, new_shop: NewShop, open_page: OpenPage, outside: list[str]
) -> None:
    shop, page = new_shop({"zamowienia.csv": ODD}), open_page(lang="pl")
    page.goto(f"{server.url}/data?ws={shop}&lang=pl")
    found = open_by_keyboard(page, "1 ważne zamówienie ma kwotę ujemną.")
    expect(found).to_contain_text(
        re.compile(r"1 wiersz · .40,00\szł · 10\ssty\s2026 · zamówienia, shopify/main · zamowienia\.csv")
    )
    expect(found).to_contain_text("wyeksportuj je jako zwroty")
    found.get_by_role("link", name="AOV").click()
    expect(reader.heading(page)).to_have_text("Analiza")
    assert f"ws={shop}" in page.url
    assert "kpi=aov" in page.url
    assert outside == []


def test_the_card_of_an_import_shows_its_own_findings(server: Server, new_shop: NewShop, page: Page) -> None:
    shop = new_shop({"good.csv": orders({"Name": "#8", "Id": "8"}), "odd.csv": ODD})
    page.goto(f"{server.url}/data?ws={shop}&lang=en")
    sentence = "1 order that counts is worth less than zero."
    odd = open_by_keyboard(page, "odd.csv")
    expect(odd).to_contain_text(sentence)
    good = open_by_keyboard(page, "good.csv")
    expect(good).to_contain_text("1 row read")
    expect(good).not_to_contain_text(sentence)


def test_the_bridge_leads_from_orders_to_transactions(server: Server, new_shop: NewShop, page: Page) -> None:
    """Three orders of 100 on 10 January, one of them cancelled, and one of the 11th; one more of the 12th, which the
    tool does not cover. It counts 1 + 2 = 3 transactions for 240: 3 comparable orders for 300, so 0 and −60 remain."""
    rows = [{}, {}, {"Cancelled at": "2026-01-10 13:00:00 +0100", "Financial Status": "voided"}, {"Created at": "2026-01-11 12:00:00 +0100"},
            {"Created at": "2026-01-12 12:00:00 +0100"}]  # fmt: skip
    shop = new_shop({"orders.csv": orders(*rows), "ga4.csv": WITH_TRANSACTIONS})
    page.goto(f"{server.url}/data?ws={shop}&lang=en")
    found = open_by_keyboard(page, "Shop, analytics and ads: why they do not count the same")
    expect(found.locator("table").first).to_contain_text("Transactions in the analytics tool")
    steps = cells(found.locator("table").first)
    say = words("en")
    assert steps["Orders in the shop's files, of every status"][0] == "5"
    assert steps["Do not count: cancelled"][0] == "−1"
    assert steps["On days that the analytics tool does not cover"][0] == "−1"
    assert steps["Online orders of the days that both cover"] == ["3", say.money(300, "PLN").replace("\u00a0", " ")]
    assert steps["Not explained"] == ["0", say.money(-60, "PLN").replace("\u00a0", " ")]
    assert steps["Transactions in the analytics tool"][0] == "3"
    expect(found).to_contain_text("Online orders cancelled since")
