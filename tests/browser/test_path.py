"""The main job from end to end: raw exports in, a number, its receipt, a workbook and a link out."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import load_workbook

from kpi.wording import Language, Words, words
from tests.browser import reader
from tests.browser.conftest import OpenPage, StartServer
from tests.files import FIRST, LAST, Truth

# What the screens say, written down here so that a lost translation shows.
SAID: dict[Language, dict[str, str]] = {
    "en": {
        "drop": "Drop your exports here",
        "recognised": "recognised",
        "already there": "This very file is in the workspace already; nothing has changed.",
        "overview": "Overview",
        "explore": "Explore",
        "report": "Report",
        "data": "Data",
        "mobile": "Device: Mobile",
        "sessions": "Sessions",
        "sql": "The SQL",
        "copy": "Copy link",
        "own dates": "Own dates",
        "orders of the shop": "orders: 429",
        "refunds": "Net sales − Refunds",
        "left out": "19 left out: cancelled, failed or test orders",
        "revenue": "Revenue after refunds",
    },
    "pl": {
        "drop": "Upuść tutaj swoje eksporty",
        "recognised": "rozpoznano",
        "already there": "Dokładnie ten plik jest już w przestrzeni roboczej; nic się nie zmieniło.",
        "overview": "Przegląd",
        "explore": "Analiza",
        "report": "Raport",
        "data": "Dane",
        "mobile": "Urządzenie: Telefon",
        "sessions": "Sesje",
        "sql": "Zapytanie SQL",
        "copy": "Kopiuj link",
        "own dates": "Własne daty",
        "orders of the shop": "zamówienia: 429",
        "refunds": "Sprzedaż po rabatach − Zwroty",
        "left out": "pominięte: 19 – zamówienia anulowane, nieudane lub testowe",
        "revenue": "Przychód po zwrotach",
    },
}


@pytest.mark.parametrize(("lang", "base_path"), [("pl", ""), ("en", "koszyk")])
def test_a_reader_goes_from_raw_exports_to_a_number_a_workbook_and_a_link(
    lang: Language,
    base_path: str,
    start_server: StartServer,
    open_page: OpenPage,
    outside: list[str],
    exports: dict[str, bytes],
    truth: Truth,
    tmp_path: Path,
) -> None:
    said, say = SAID[lang], words(lang)
    page = open_page(lang=lang)
    page.goto(start_server(base_path=base_path).url)
    expect(page.get_by_text(said["drop"])).to_be_visible()

    bring_everything_in(page, said, say, exports, truth)
    reader.go_to(page, said["overview"])
    the_headlines_are_true(page, say, truth)
    the_receipt_tells_how(page, said, say, truth)
    reader.go_to(page, said["explore"])
    a_click_filters_and_back_undoes_it(page, said, say, truth)
    reader.go_to(page, said["report"])
    the_workbook_is_true(page, said, truth, tmp_path / "report.xlsx")
    reader.go_to(page, said["explore"])
    other = open_page(lang="en" if lang == "pl" else "pl")
    the_link_opens_the_same_view(page, other, said, say, truth)
    assert outside == []


def bring_everything_in(page: Page, said: dict[str, str], say: Words, exports: dict[str, bytes], truth: Truth) -> None:
    first_two = dict(list(exports.items())[:2])
    reader.drop(page, first_two)
    expect(page.get_by_text(said["recognised"])).to_have_count(2)
    reader.drop(page, exports)
    expect(page.get_by_text(said["recognised"])).to_have_count(6)
    expect(page.get_by_text(said["already there"])).to_have_count(2)
    taken_for = {
        "orders_export_1.csv": "Shopify",
        "Traffic_acquisition.csv": "Google Analytics 4",
        "Tech_details.csv": "Google Analytics 4",
        "Campaign report.csv": "Google Ads",
    }
    assert taken_for.keys() == exports.keys()
    for name, platform in taken_for.items():
        expect(reader.card(page, name)).to_contain_text(platform)
    for place in range(reader.cards(page).count()):
        assert reader.rows_add_up(reader.cards(page).nth(place))
    expect(reader.cards(page).last).to_contain_text(said["orders of the shop"])
    campaigns = reader.card(page, "Campaign report.csv")
    expect(campaigns).to_contain_text(say.period(FIRST, LAST))
    (spend,) = [line for line in campaigns.inner_text().splitlines() if "Cost:" in line]
    assert spend.count(say.number(truth.spend, 2)) == 2


def the_headlines_are_true(page: Page, say: Words, truth: Truth) -> None:
    expect(reader.headline(page, "revenue")).to_have_text(say.money(truth.net_sales - truth.refunds, "PLN"))
    expect(reader.headline(page, "orders")).to_have_text(say.count(truth.orders))
    expect(reader.headline(page, "conversion_rate")).to_have_text(say.percent(truth.orders / truth.sessions, 2))
    expect(reader.headline(page, "aov")).to_have_text(say.money(truth.net_sales / truth.orders, "PLN"))


def the_receipt_tells_how(page: Page, said: dict[str, str], say: Words, truth: Truth) -> None:
    receipt = reader.receipt(page, "revenue")
    expect(receipt).to_contain_text(f"{said['revenue']} = {said['refunds']}")
    net, back = say.money(truth.net_sales, "PLN"), say.money(truth.refunds, "PLN")
    expect(receipt).to_contain_text(f"{net} − {back} = {say.money(truth.net_sales - truth.refunds, 'PLN')}")
    expect(receipt).to_contain_text(say.period(FIRST, LAST))
    expect(receipt).to_contain_text(say.count(truth.orders))
    expect(receipt).to_contain_text(said["left out"])
    expect(receipt).to_contain_text("orders_export_1.csv")
    receipt.get_by_text(said["sql"]).click()
    expect(receipt).to_contain_text("SUM(refunded_amount)")
    page.keyboard.press("Escape")
    expect(receipt).to_have_count(0)


def a_click_filters_and_back_undoes_it(page: Page, said: dict[str, str], say: Words, truth: Truth) -> None:
    reader.choose(page, "kpi", said["sessions"])
    expect(reader.headline(page, "sessions")).to_have_text(say.count(truth.sessions))
    reader.choose(page, "by", said["mobile"].partition(":")[0])
    for sessions in truth.sessions_by_device.values():
        expect(reader.group(page, say.count(sessions))).to_have_count(1)
    reader.click_group(page, say.count(truth.sessions_by_device["mobile"]))
    expect(reader.chips(page)).to_have_text([said["mobile"]])
    expect(reader.headline(page, "sessions")).to_have_text(say.count(truth.sessions_by_device["mobile"]))
    expect(page).to_have_url(re.compile("f=device%3Amobile"))
    page.go_back()
    expect(reader.headline(page, "sessions")).to_have_text(say.count(truth.sessions))
    expect(reader.chips(page)).to_have_count(0)


def the_workbook_is_true(page: Page, said: dict[str, str], truth: Truth, path: Path) -> None:
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    download.value.save_as(path)
    book = load_workbook(io.BytesIO(path.read_bytes()))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    summary = {row[0]: row[1] for row in next(iter(sheets.values())) if row[0] and isinstance(row[1], float)}
    assert summary[said["revenue"]] == pytest.approx(truth.net_sales - truth.refunds)
    assert summary[said["sessions"]] == truth.sessions
    devices = column(sheets[said["mobile"].partition(":")[0]], said["sessions"])
    assert devices[said["mobile"].partition(": ")[2]] == truth.sessions_by_device["mobile"]


def column(rows: list[list[Any]], title: str) -> dict[str, Any]:
    """A column of a sheet by what stands in its row's first cell."""
    head = next(place for place, row in enumerate(rows) if title in row)
    return {row[0]: row[rows[head].index(title)] for row in rows[head + 1 :]}


def the_link_opens_the_same_view(page: Page, other: Page, said: dict[str, str], say: Words, truth: Truth) -> None:
    reader.click_group(page, say.count(truth.sessions_by_device["tablet"]))
    tablets = say.count(truth.sessions_by_device["tablet"])
    expect(reader.headline(page, "sessions")).to_have_text(tablets)
    link = reader.copied_link(page, said["copy"])
    assert f"days={date(2026, 1, 1)}&days={date(2026, 3, 31)}" in link
    other.goto(link)
    expect(reader.headline(other, "sessions")).to_have_text(tablets)
    expect(reader.heading(other)).to_have_text(said["explore"])
    expect(reader.control(other, "kpi")).to_have_value(said["sessions"])
    expect(reader.control(other, "by")).to_have_value(said["mobile"].partition(":")[0])
    expect(reader.control(other, "period")).to_have_value(said["own dates"])
    assert reader.chips(other).all_inner_texts() == reader.chips(page).all_inner_texts()
    expect(reader.text(other)).to_contain_text(say.period(FIRST, LAST))
