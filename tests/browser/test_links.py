"""A link is the whole view: it opens first or last, in any language, after a restart, and says what it could not read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kpi.wording import words
from tests.browser import reader, serving
from tests.browser.conftest import NewShop, OpenPage, StartServer
from tests.browser.serving import Home, Server
from tests.files import Truth

SAY = words("en")


@pytest.fixture(scope="module")
def mobile_in_march(exports: dict[str, bytes]) -> int:
    """The sessions of mobile devices in March, counted in the file."""
    lines = exports["Tech_details.csv"].decode().splitlines()
    return sum(int(line.split(",")[2]) for line in lines if re.match(r"202603\d\d,mobile,", line))


def test_a_deep_link_opened_first_on_a_fresh_server_shows_its_view(
    start_server: StartServer,
    page: Page,
    exports: dict[str, bytes],
    mobile_in_march: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    home.add("lodz", exports)
    server = start_server(home=home.folder)
    page.goto(f"{server.url}/explore?ws=lodz&lang=pl&period=month&compare=year&f=device:mobile&kpi=sessions&by=device")
    expect(reader.heading(page)).to_have_text("Analiza")
    expect(reader.headline(page, "sessions")).to_have_text(words("pl").count(mobile_in_march))
    expect(reader.chips(page)).to_have_text(["Urządzenie: Telefon"])
    expect(reader.control(page, "period")).to_have_value("Poprzedni miesiąc")
    expect(reader.control(page, "kpi")).to_have_value("Sesje")
    expect(reader.control(page, "by")).to_have_value("Urządzenie")

    # The same home under a new server: the workspace and the link have outlived the old one.
    serving.stop(server)
    again = start_server(home=home.folder)
    page.goto(page.url.replace(server.url, again.url))
    expect(reader.headline(page, "sessions")).to_have_text(words("pl").count(mobile_in_march))
    expect(reader.chips(page)).to_have_text(["Urządzenie: Telefon"])


@pytest.mark.parametrize("name", ["nobody", "..%2F..%2Fetc%2Fpasswd", "Shop", "a" * 60])
def test_a_link_to_an_unknown_workspace_says_so_and_makes_no_file(server: Server, page: Page, name: str) -> None:
    before = set(_workspaces(server))
    page.goto(f"{server.url}/explore?ws={name}")
    expect(reader.text(page)).to_contain_text("This workspace cannot be opened")
    reader.settled(page)
    assert set(_workspaces(server)) == before


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("period", "bogus", "Period"),
        ("days", "2026-13-01", "From – to"),
        ("f", "nonsense", "Filters"),
        ("f", "nonsense:mobile", "Filters"),
        ("kpi", "unheard_of", "KPI"),
        ("by", "shoe_size", "By"),
        ("grain", "fortnight", "Over time by"),
        ("compare", "tomorrow", "Compared with"),
        ("lang", "de", "Language"),
    ],
)
def test_a_part_of_a_link_that_cannot_be_read_is_named_and_the_rest_is_used(
    server: Server, shop: str, page: Page, truth: Truth, part: str, value: str, said: str
) -> None:
    page.goto(f"{server.url}/explore?ws={shop}&{'' if part == 'kpi' else 'kpi=sessions&'}{part}={value}")
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"could not be read in full: {said}. Shown instead:")
    shown, number = (
        ("revenue", SAY.money(truth.net_sales - truth.refunds, "PLN"))
        if part == "kpi"
        else ("sessions", SAY.count(truth.sessions))
    )
    expect(reader.headline(page, shown)).to_have_text(number)


def test_the_warning_goes_once_the_reader_moves_on(server: Server, shop: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={shop}&period=bogus&kpi=sessions")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Period")
    reader.settled(page)
    reader.choose(page, "kpi", "Orders")
    expect(reader.headline(page, "orders")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_another_language_keeps_the_view(server: Server, shop: str, page: Page, mobile_in_march: int) -> None:
    page.goto(
        f"{server.url}/explore?ws={shop}&period=month&compare=year&f=device:mobile&kpi=sessions&by=device&grain=day"
    )
    expect(reader.headline(page, "sessions")).to_have_text(SAY.count(mobile_in_march))
    reader.settled(page)
    view = page.url
    reader.choose_language(page, "Polski")
    expect(reader.heading(page)).to_have_text("Analiza")
    expect(reader.headline(page, "sessions")).to_have_text(words("pl").count(mobile_in_march))
    expect(reader.chips(page)).to_have_text(["Urządzenie: Telefon"])
    expect(reader.control(page, "period")).to_have_value("Poprzedni miesiąc")
    expect(reader.control(page, "compare")).to_have_value("Rok wcześniej")
    expect(reader.control(page, "grain")).to_have_value("Dzień")
    expect(page).to_have_url(view.replace("lang=en", "lang=pl"))


def test_another_language_keeps_what_the_report_is_made_of(server: Server, shop: str, page: Page) -> None:
    page.goto(f"{server.url}/report?ws={shop}&sheets=product&areas=sales")
    expect(reader.tags(page, "sheets")).to_have_text(["Product"])
    reader.settled(page)
    reader.choose_language(page, "Polski")
    expect(reader.heading(page)).to_have_text("Raport")
    expect(reader.tags(page, "sheets")).to_have_text(["Produkt"])
    expect(page).to_have_url(re.compile("lang=pl.*sheets=product&areas=sales"))


@pytest.mark.parametrize("first", ["", "explore", "report"])
def test_the_view_goes_along_from_page_to_page(server: Server, shop: str, page: Page, first: str) -> None:
    page.goto(f"{server.url}/{first}?ws={shop}&period=month&compare=year&f=channel:e-mail&grain=day")
    for title in ("Overview", "Explore", "Report", "Overview", "Data", "Explore"):
        reader.go_to(page, title)
        if title == "Data":
            continue
        expect(reader.control(page, "period")).to_have_value("Last month")
        expect(reader.control(page, "compare")).to_have_value("Year before")
        expect(reader.chips(page)).to_have_text(["Channel: E-mail"])
        expect(page).to_have_url(re.compile("period=month&compare=year&f=channel%3Ae-mail.*grain=day"))


def test_what_is_chosen_on_one_page_holds_on_the_next(
    server: Server, shop: str, page: Page, exports: dict[str, bytes]
) -> None:
    rows = csv.DictReader(io.StringIO(exports["orders_export_1.csv"].decode()))
    heads = [row for row in rows if row["Financial Status"] not in ("", "voided")]
    march = SAY.count(sum(row["Created at"].startswith("2026-03") for row in heads))
    page.goto(f"{server.url}/?ws={shop}")
    expect(reader.headline(page, "orders")).to_be_visible()
    reader.choose(page, "period", "Last month")
    expect(reader.text(page)).to_contain_text(SAY.period(date(2026, 3, 1), date(2026, 3, 31)))
    expect(page).to_have_url(re.compile("period=month"))
    expect(reader.headline(page, "orders")).to_have_text(march)
    reader.go_to(page, "Explore")
    reader.choose(page, "kpi", "Orders")
    expect(reader.headline(page, "orders")).to_have_text(march)
    page.reload()
    expect(reader.headline(page, "orders")).to_have_text(march)
    expect(reader.control(page, "period")).to_have_value("Last month")


def test_the_address_follows_where_nothing_can_be_computed(server: Server, shop: str, page: Page) -> None:
    page.goto(f"{server.url}/explore?ws={shop}&kpi=revenue&f=device:mobile")
    expect(reader.text(page)).to_contain_text("Revenue after refunds cannot be computed here")
    reader.choose(page, "period", "Last month")
    expect(page).to_have_url(re.compile("period=month"))


def test_two_tabs_keep_to_their_own_workspaces(
    server: Server, new_shop: NewShop, shop: str, open_page: OpenPage
) -> None:
    empty = new_shop({})
    first, second = open_page(), open_page()
    first.goto(f"{server.url}/?ws={shop}")
    second.goto(f"{server.url}/?ws={empty}")
    expect(reader.headline(first, "orders")).to_be_visible()
    expect(second.get_by_text("Drop your exports here")).to_be_visible()


def test_the_row_of_controls_stays_in_view(server: Server, shop: str, page: Page) -> None:
    page.goto(f"{server.url}/?ws={shop}")
    expect(reader.headline(page, "orders")).to_be_visible()
    reader.settled(page)
    last = page.locator(".st-key-scorecard tr").last
    last.scroll_into_view_if_needed()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    expect(last).to_be_in_viewport()
    expect(reader.control(page, "period")).to_be_in_viewport()
    reader.choose(page, "period", "Last month")
    expect(page).to_have_url(re.compile("period=month"))


def test_own_dates_begin_with_what_is_shown_and_are_picked_with_two_clicks(
    server: Server, shop: str, page: Page
) -> None:
    page.goto(f"{server.url}/?ws={shop}&period=custom&days=2026-02-01&days=2026-02-28")
    reader.choose(page, "period", "Last month")
    expect(page).to_have_url(re.compile("period=month"))
    reader.choose(page, "period", "Own dates")
    expect(page).to_have_url(re.compile("days=2026-03-01&days=2026-03-31"))
    reader.settled(page)
    page.locator(".st-key-days").click()
    days = page.locator("[role=gridcell] [role=button]")
    for day in (9, 15):
        days.and_(page.get_by_label(re.compile(rf"\b(March {day},|{day} March) 2026"))).first.click()
        reader.settled(page)
    expect(page).to_have_url(re.compile("days=2026-03-09&days=2026-03-15"))
    expect(reader.text(page)).to_contain_text("9 – 15 Mar 2026".replace(" – ", "–"))


def _workspaces(server: Server) -> Iterator[Path]:
    """The files and folders of workspaces; the log of a database comes and goes."""
    yield from (path for path in server.home.iterdir() if path.suffix != ".wal")
    yield from (path for path in (server.home / "staging").iterdir() if path.is_dir())
