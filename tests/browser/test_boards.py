"""Explore's boards and chart and the overview's scorecard: a click filters, opens, crosses, narrows, explains, pins; the
back button undoes; the keyboard keeps its place."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from kpi.wording import Language, words
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.serving import Server
from tests.files import Truth

# Twelve campaigns: the first brings 1200, the last 100; the four smallest are folded.
CAMPAIGNS = "order_id,order_date,total,currency,status,campaign,device\n" + "".join(
    f"{n},2026-01-{n:02},{1300 - 100 * n},PLN,paid,kampania {n:02},{'mobile' if n % 2 else 'desktop'}\n"
    for n in range(1, 13)
)


@pytest.fixture(scope="package")
def campaigns(new_shop: NewShop) -> str:
    return new_shop({"orders.csv": CAMPAIGNS.encode()})


def board(page: Page, title: str) -> Locator:
    return page.locator(".boards").get_by_role("region", name=title, exact=True)


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_click_filters_everything_and_the_back_button_undoes_it(
    server: Server, shop: str, open_page: OpenPage, lang: Language, truth: Truth
) -> None:
    page, say = open_page(lang=lang), words(lang)
    page.goto(f"{server.url}/explore?ws={shop}&kpi=sessions")
    everything = say.count(sum(truth.sessions_by_device.values()))
    expect(reader.headline(page, "sessions")).to_have_text(everything)
    mobile = {"en": "Mobile", "pl": "Telefon"}[lang]
    reader.settled(page)
    board(page, {"en": "Device", "pl": "Urządzenie"}[lang]).get_by_role("button", name=re.compile(f"^{mobile}")).click()
    expect(reader.headline(page, "sessions")).to_have_text(say.count(truth.sessions_by_device["mobile"]))
    expect(reader.chips(page)).to_have_count(1)
    expect(page).to_have_url(re.compile("f=device%3Amobile"))
    reader.settled(page)
    page.go_back()
    expect(reader.headline(page, "sessions")).to_have_text(everything)
    expect(reader.chips(page)).to_have_count(0)


def test_a_long_tail_is_folded_and_can_be_searched(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=revenue")
    tail = board(page, "Campaign")
    expect(tail.locator("li")).to_have_count(8)
    rest = tail.get_by_role("button", name="4 others")
    # 400 + 300 + 200 + 100 of 7800
    expect(rest).to_contain_text("PLN\u00a01,000.00")
    expect(rest).to_contain_text("13%")
    reader.settled(page)
    rest.click()
    expect(tail.locator("li")).to_have_count(12)
    tail.get_by_role("searchbox").fill("a 12")
    expect(tail.locator("li")).to_have_count(1)
    tail.get_by_role("button", name=re.compile("^kampania 12")).click()
    expect(reader.headline(page, "revenue")).to_have_text("PLN\u00a0100.00")
    expect(tail.get_by_role("button", name=re.compile("^kampania 12"))).to_have_attribute("aria-pressed", "true")


def test_a_title_opens_a_dimension_and_a_second_one_crosses_it(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=revenue")
    reader.settled(page)
    board(page, "Device").get_by_role("button", name="Device").click()
    expect(page).to_have_url(re.compile("by=device"))
    expect(board(page, "Campaign")).to_have_count(0)
    reader.choose(page, "and", "Campaign")
    expect(page).to_have_url(re.compile("and=campaign"))
    cell = page.locator(".boards table").get_by_role("button", name=re.compile("^Mobile × kampania 03"))
    expect(cell).to_have_text("PLN\u00a01,000.00")
    reader.settled(page)
    cell.click()
    expect(reader.chips(page)).to_have_count(2)
    expect(reader.headline(page, "revenue")).to_have_text("PLN\u00a01,000.00")


def test_the_bars_show_what_was_chosen(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=aov")
    expect(board(page, "Device")).to_be_visible()
    reader.settled(page)
    page.locator(".st-key-show").get_by_text("share", exact=True).click()
    expect(page).to_have_url(re.compile("show=share"))
    # six orders each: the same share, whatever the average order is
    bars = board(page, "Device").locator("li .bar")
    expect(bars).to_have_count(2)
    for place in range(2):
        expect(bars.nth(place)).to_have_attribute("style", re.compile(r"--length: 1\b(?!\.)"))


def test_every_number_has_its_receipt(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=aov")
    expect(board(page, "Device")).to_be_visible()
    reader.settled(page)
    board(page, "Device").get_by_role("button", name="How is this computed? Desktop").click()
    drawer = page.get_by_role("dialog")
    # 1100 + 900 + 700 + 500 + 300 + 100 in six orders
    expect(drawer).to_contain_text("PLN\u00a03,600.00 ÷ 6 = PLN\u00a0600.00")
    page.goto(f"{server.url}/?ws={campaigns}")
    reader.settled(page)
    page.locator(".st-key-scorecard").get_by_role("button", name="PLN\u00a0650.00").first.click()
    expect(drawer).to_contain_text("PLN\u00a07,800.00 ÷ 12 = PLN\u00a0650.00")


def test_a_line_of_the_scorecard_opens_and_is_pinned(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/?ws={campaigns}")
    lines = page.locator(".st-key-scorecard")
    expect(lines.get_by_role("row", name=re.compile("Median order value"))).to_be_visible()
    expect(reader.headline(page, "median_order")).to_have_count(0)
    reader.settled(page)
    lines.get_by_role("button", name="Keep on top, for everyone in this workspace: Median order value").click()
    expect(reader.headline(page, "median_order")).to_have_text("PLN\u00a0650.00")
    page.reload()
    expect(reader.headline(page, "median_order")).to_be_visible()
    reader.settled(page)
    lines.get_by_role("button", name="Median order value", exact=True).click()
    expect(reader.heading(page)).to_have_text("Explore")
    expect(reader.control(page, "kpi")).to_have_value("Median order value")


def bands(page: Page) -> Locator:
    """The buckets of the chart over time, each with its words."""
    return page.locator(".stVegaLiteChart [role=graphics-symbol][aria-roledescription='rect mark']")


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_click_on_the_chart_narrows_the_period_and_the_back_button_undoes_it(
    server: Server, campaigns: str, open_page: OpenPage, lang: Language
) -> None:
    page, say = open_page(lang=lang), words(lang)
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=revenue&grain=week")
    # 1–4, 5–11 and 12 January: 1200 + … + 900, 800 + … + 200, 100
    expect(bands(page)).to_have_count(3)
    hint = {"en": "Click a point to narrow the period to it.", "pl": "Kliknij punkt, aby zawęzić do niego okres."}
    expect(reader.text(page)).to_contain_text(hint[lang])
    middle = bands(page).nth(1)
    expect(middle).to_have_attribute("aria-label", re.compile(f"^{say.period(date(2026, 1, 5), date(2026, 1, 11))}: "))
    for _ in range(2):
        # the same point again, since a chart that kept its click would not answer
        reader.settled(page)
        middle.click()
        expect(reader.headline(page, "revenue")).to_have_text(say.money(3500, "PLN"))
        expect(page).to_have_url(re.compile("period=custom&days=2026-01-05&days=2026-01-11.*grain=auto"))
        expect(bands(page)).to_have_count(7)
        reader.settled(page)
        page.go_back()
        expect(reader.headline(page, "revenue")).to_have_text(say.money(7800, "PLN"))
        expect(page).to_have_url(re.compile("period=all.*grain=week"))
        expect(bands(page)).to_have_count(3)


def test_a_click_on_a_narrowed_chart_narrows_it_further(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=revenue&grain=week")
    expect(bands(page)).to_have_count(3)
    reader.settled(page)
    bands(page).nth(1).click()
    expect(bands(page)).to_have_count(7)
    reader.settled(page)
    bands(page).nth(0).click()
    expect(page).to_have_url(re.compile("days=2026-01-05&days=2026-01-05"))
    expect(reader.headline(page, "revenue")).to_have_text("PLN\u00a0800.00")
    expect(reader.text(page)).not_to_contain_text("Click a point")


def test_the_focus_returns_to_the_row_whose_receipt_was_read(server: Server, campaigns: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={campaigns}&kpi=aov")
    expect(board(page, "Device")).to_be_visible()
    reader.settled(page)
    why = board(page, "Device").get_by_role("button", name="How is this computed? Desktop")
    why.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("PLN\u00a0600.00")
    reader.settled(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(why).to_be_focused()
    page.goto(f"{server.url}/?ws={campaigns}")
    value = page.locator(".st-key-scorecard").get_by_role("button", name="PLN\u00a0650.00").first
    expect(value).to_be_visible()
    reader.settled(page)
    value.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("PLN\u00a0650.00")
    reader.settled(page)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(value).to_be_focused()


def test_a_pin_without_a_value_stays_when_another_is_pinned_and_let_go(
    server: Server, new_shop: NewShop, page: Page
) -> None:
    shop = new_shop()
    page.goto(f"{server.url}/?ws={shop}")
    lines = page.locator(".st-key-scorecard")

    def press(what: str, kpi: str) -> None:
        reader.settled(page)
        lines.get_by_role("button", name=f"{what}: {kpi}", exact=True).click()

    keep, let_go = "Keep on top, for everyone in this workspace", "No longer keep on top"
    press(keep, "Median order value")
    expect(reader.headline(page, "median_order")).to_be_visible()
    # the orders say no device, the sessions do: under this filter nothing of the orders has a value
    page.goto(f"{server.url}/?ws={shop}&f=device:mobile")
    expect(reader.chips(page)).to_have_count(1)
    expect(reader.headline(page, "median_order")).to_have_count(0)
    press(keep, "Sessions")
    expect(reader.headline(page, "sessions")).to_be_visible()
    press(let_go, "Sessions")
    expect(reader.headline(page, "sessions")).to_have_count(0)
    press(keep, "Sessions")
    expect(reader.headline(page, "sessions")).to_be_visible()
    page.goto(f"{server.url}/?ws={shop}")
    pinned = ("revenue", "orders", "conversion_rate", "aov", "median_order", "sessions")
    expect(page.get_by_test_id("stMetricValue")).to_have_count(len(pinned))
    for kpi in pinned:
        expect(reader.headline(page, kpi)).to_be_visible()


CUT = """() => [...document.querySelectorAll('[data-testid=stMetric] p')]
  .filter(one => [one, one.parentElement].some(box => box.scrollWidth > box.clientWidth + 1))
  .map(one => one.innerText)"""


@pytest.mark.parametrize("width", [1280, 1400, 420])
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_no_word_of_a_card_is_cut(
    server: Server, campaigns: str, open_page: OpenPage, lang: Language, width: int
) -> None:
    page = open_page(lang=lang, width=width)
    page.goto(f"{server.url}/?ws={campaigns}&period=custom&days=2026-01-07&days=2026-01-12")
    expect(reader.headline(page, "revenue")).to_be_visible()
    reader.settled(page)
    assert page.evaluate(CUT) == []
