"""Files that ask, files that cannot be read, rows that cannot be used, and the way back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kpi.wording import Language
from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.odd_files import UNREADABLE, WITHOUT_CURRENCY, orders
from tests.browser.serving import Server


def open_data_page(page: Page, server: Server, shop: str, lang: Language = "en") -> None:
    page.goto(f"{server.url}/data?ws={shop}&lang={lang}")
    expect(page.locator("input[type=file]")).to_be_attached()


def test_a_file_without_a_currency_asks_in_place_and_the_next_one_like_it_does_not(
    server: Server, new_shop: NewShop, page: Page, outside: list[str]
) -> None:
    open_data_page(page, server, new_shop({}))
    reader.drop(page, {"ga4.csv": WITHOUT_CURRENCY})
    card = reader.card(page, "ga4.csv")
    expect(card).to_contain_text("The file has amounts and does not name their currency. Which is it?")
    expect(card).not_to_contain_text("loaded")
    card.get_by_role("combobox").fill("EUR")
    page.get_by_role("option", name="EUR — Euro").click()
    card.get_by_role("button", name="Load the file").click()
    expect(card).to_contain_text("2 rows read = 2 loaded")
    expect(card).to_contain_text("EUR")
    reader.drop(page, {"february.csv": WITHOUT_CURRENCY.replace(b"100.50", b"99.00")})
    expect(reader.card(page, "february.csv")).to_contain_text("2 rows read = 2 loaded")
    expect(reader.card(page, "february.csv")).to_contain_text("EUR")
    assert outside == []


def test_a_question_must_be_answered_before_the_file_loads(server: Server, new_shop: NewShop, page: Page) -> None:
    open_data_page(page, server, new_shop({}))
    reader.drop(page, {"ga4.csv": WITHOUT_CURRENCY})
    card = reader.card(page, "ga4.csv")
    expect(card).to_contain_text("First answer what is asked above.")
    expect(card.get_by_role("button", name="Load the file")).to_be_disabled()
    card.get_by_role("button", name="Close").click()
    expect(reader.cards(page)).to_have_count(0)


def test_the_same_file_twice_changes_nothing_and_says_so(server: Server, new_shop: NewShop, page: Page) -> None:
    file = {"orders.csv": orders({}, {})}
    open_data_page(page, server, new_shop(file))
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    reader.drop(page, file)
    card = reader.card(page, "orders.csv")
    expect(card).to_contain_text("This very file is in the workspace already; nothing has changed.")
    expect(card).to_contain_text("2 rows read = 0 loaded + 2 already there")
    reader.settled(page)
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)


def test_an_import_is_undone_and_brought_back(server: Server, new_shop: NewShop, page: Page) -> None:
    open_data_page(page, server, new_shop({"orders.csv": orders({}, {})}))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Import undone")).to_be_visible()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
    reader.go_to(page, "Overview")
    expect(page.get_by_text("There is no data here yet.")).to_be_visible()
    page.get_by_role("button", name="Bring data in").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    reader.go_to(page, "Overview")
    expect(reader.headline(page, "orders")).to_have_text("2")


def test_on_a_phone_an_opened_import_has_the_whole_width_and_its_undo_still_works(
    server: Server, new_shop: NewShop, open_page: OpenPage
) -> None:
    page = open_page(width=420)
    open_data_page(page, server, new_shop({"orders.csv": orders({}, {})}))
    row = page.locator("[class*='st-key-row_of_']")
    row.locator("summary").click()
    said = row.get_by_text("2 rows read = 2 loaded")
    expect(said).to_be_visible()
    frame, words = row.bounding_box(), said.bounding_box()
    assert frame is not None
    assert words is not None
    assert words["width"] > 0.85 * frame["width"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            {
                "fruit.csv": "What is in this table?",
                "empty.csv": "The file is empty.",
                "invoice.csv": "It is a PDF, not a table.",
                "broken.zip": "The zip file is damaged",
            },
        ),
        (
            "pl",
            {
                "fruit.csv": "Co jest w tej tabeli?",
                "empty.csv": "Plik jest pusty.",
                "invoice.csv": "To plik PDF, a nie tabela.",
                "broken.zip": "Plik zip jest uszkodzony",
            },
        ),
    ],
)
def test_files_that_cannot_be_read_say_why_while_the_others_load(
    server: Server, new_shop: NewShop, open_page: OpenPage, outside: list[str], lang: Language, said: dict[str, str]
) -> None:
    page = open_page(lang=lang)
    open_data_page(page, server, new_shop({}), lang)
    reader.drop(page, UNREADABLE | {"orders.csv": orders({}, {}, {})})
    for name, reason in said.items():
        expect(reader.card(page, name)).to_contain_text(reason)
    expect(reader.card(page, "orders.csv")).to_contain_text("Shopify")
    assert reader.rows_add_up(reader.card(page, "orders.csv"))
    assert outside == []


def test_a_refused_row_shows_its_reason_without_the_person_and_can_be_downloaded(
    server: Server, new_shop: NewShop, page: Page, tmp_path: Path
) -> None:
    open_data_page(page, server, new_shop({}))
    reader.drop(page, {"orders.csv": orders({}, {"Created at": "yesterday", "Phone": "+48 600 700 800"}, {})})
    card = reader.card(page, "orders.csv")
    expect(card).to_contain_text("3 rows read = 2 loaded + 1 refused")
    expect(card).to_contain_text("1 row was refused")
    expect(card).to_contain_text("Row 3: Column “Created at”")
    with page.expect_download() as download:
        card.get_by_role("button", name="Download the refused rows").click()
    assert download.value.suggested_filename == "orders.csv.refused.csv"
    download.value.save_as(tmp_path / "refused.csv")
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Row"], row["Name"], row["Subtotal"]) == ("3", "#2", "100.00")
    assert "Created at" in row["Reason"]
    assert row["Email"] == "•••"
    for personal in ("anna2", "600 700 800"):
        assert personal not in text
        expect(reader.text(page)).not_to_contain_text(personal)


def test_another_time_zone_moves_an_order_across_midnight(server: Server, new_shop: NewShop, page: Page) -> None:
    """00:30 in Warsaw on 1 February is 23:30 of 31 January in UTC."""
    shop = new_shop(
        {"orders.csv": orders({"Created at": "2026-02-01 00:30:00 +0100"}, {"Created at": "2026-01-31 12:00:00 +0100"})}
    )
    january = f"{server.url}/?ws={shop}&period=custom&days=2026-01-31&days=2026-01-31"
    page.goto(january)
    expect(reader.headline(page, "orders")).to_have_text("1")
    reader.go_to(page, "Data")
    reader.choose(page, "time_zone", "UTC")
    expect(page.get_by_test_id("stToast")).to_contain_text("UTC")
    page.goto(january)
    expect(reader.headline(page, "orders")).to_have_text("2")
