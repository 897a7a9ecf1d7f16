"""A table that no format knows: the reader says what it is, sees the rows as they will be loaded, and reads her KPIs."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import reader
from tests.browser.conftest import NewShop, OpenPage
from tests.browser.odd_files import GUESSED, UNKNOWN
from tests.browser.serving import Server

FEBRUARY = UNKNOWN[: UNKNOWN.index(b"\n") + 1] + (
    "Z-4;03.02.2026;Anna Nowak;anna@example.com;100,00;PLN;Zrealizowane;Łódź\n".encode("cp1250")
)
MEANING = {
    "Nr dok.": "Numer zamówienia (wymagane)",
    "Dzień sprzedaży": "Data zamówienia (wymagane)",
    "Do zapłaty": "Kwota zamówienia",
    "Stan": "Status",
}


def box(card: Locator, label: str) -> Locator:
    return card.get_by_role("combobox", name=label, exact=True)


def choose(page: Page, card: Locator, label: str, option: str) -> None:
    reader.settled(page)
    box(card, label).scroll_into_view_if_needed()
    box(card, label).click()
    reader.pick(page, box(card, label), option)
    reader.settled(page)


def test_an_unknown_table_is_mapped_once_and_read_alike_from_then_on(
    server: Server, new_shop: NewShop, open_page: OpenPage
) -> None:
    shop, page = new_shop({}), open_page(lang="pl")
    page.goto(f"{server.url}/data?ws={shop}")
    reader.drop(page, {"styczen.csv": UNKNOWN})
    card = reader.card(page, "styczen.csv")
    expect(card).to_contain_text("Co jest w tej tabeli?")
    expect(card).to_contain_text("nie rozpoznano")
    choose(page, card, "Co jest w tej tabeli?", "Zamówienia")
    expect(card).to_contain_text("Brakuje jeszcze: Numer zamówienia, Data zamówienia.")
    for column, field in MEANING.items():
        if box(card, column).input_value() != field:
            choose(page, card, column, field)
    expect(card).to_contain_text("Pierwsze wiersze")
    for personal in ("Anna", "Nowak", "anna@example.com"):
        expect(reader.text(page)).not_to_contain_text(personal)
    card.get_by_role("button", name="Wczytaj plik").click()
    expect(card).to_contain_text("3 wiersze odczytane = wczytane: 3")
    reader.drop(page, {"luty.csv": FEBRUARY})
    expect(reader.card(page, "luty.csv")).to_contain_text("1 wiersz odczytany = wczytane: 1")
    reader.go_to(page, "Przegląd")
    # 1 234,50 + 250,00 + 100,00; the cancelled order does not count
    expect(reader.headline(page, "revenue")).to_have_text("1 584,50 zł".replace(" ", "\u00a0"))
    expect(reader.headline(page, "orders")).to_have_text("3")


def test_a_guess_can_be_corrected_with_a_click(server: Server, new_shop: NewShop, page: Page) -> None:
    shop = new_shop({})
    page.goto(f"{server.url}/data?ws={shop}")
    reader.drop(page, {"orders.csv": GUESSED})
    card = reader.card(page, "orders.csv")
    expect(card).to_contain_text("2 rows read = 2 loaded")
    card.get_by_text("How the columns were read").click()
    # nothing is different yet
    expect(card.get_by_role("button", name="Load it like this instead")).to_be_disabled()
    expect(card).to_contain_text("It is loaded like this already.")
    choose(page, card, "shipping", "not used")
    expect(card).not_to_contain_text("It is loaded like this already.")
    card.get_by_role("button", name="Load it like this instead").click()
    expect(card).to_contain_text("This was read as Orders, as you said.")
    reader.go_to(page, "Overview")
    expect(reader.headline(page, "revenue")).to_have_text("PLN\u00a0170.00")


def test_what_only_looks_like_a_known_export_can_be_something_else(
    server: Server, new_shop: NewShop, page: Page
) -> None:
    shop = new_shop({})
    page.goto(f"{server.url}/data?ws={shop}")
    head = "Name,Created at,Financial Status,Total,Currency,Lineitem name,Lineitem quantity,Lineitem price"
    own = ",Hall,Row,Seat,Usher,Door,Guests,Tier"
    rows = "#1,2026-01-05 10:00:00 +0100,paid,110,PLN,Mug,1,110,A,1,2,x,y,3,z\n"
    reader.drop(page, {"tickets.csv": f"{head}{own}\n{rows}".encode()})
    card = reader.card(page, "tickets.csv")
    expect(card).to_contain_text("looks like this, please check")
    card.get_by_text("How the columns were read").click()
    expect(card.get_by_role("button", name="Load it like this instead")).to_be_disabled()
    card.get_by_text("This is something else").click()
    choose(page, card, "What is in this table?", "Orders")
    for column, field in {"Seat": "Order number (required)", "Created at": "Order date (required)"}.items():
        choose(page, card, column, field)
    card.get_by_role("button", name="Load it like this instead").click()
    expect(card).to_contain_text("This was read as Orders, as you said.")
    reader.settled(page)
    reader.go_to(page, "Overview")
    expect(reader.headline(page, "orders")).to_have_text("1")


def test_a_second_shop_with_the_numbers_of_the_first_is_asked_about(
    server: Server, new_shop: NewShop, page: Page
) -> None:
    header = "Numer zamówienia;Data zamówienia;Kwota zamówienia;Waluta;Status\n"
    first = header + "1;2026-03-02;100,00;PLN;opłacone\n2;2026-03-03;50,00;PLN;opłacone\n"
    other = header + "1;2026-04-20;7,00;PLN;opłacone\n3;2026-04-21;9,00;PLN;opłacone\n"
    shop = new_shop({"first.csv": first.encode()})
    page.goto(f"{server.url}/data?ws={shop}")
    reader.drop(page, {"other.csv": other.encode()})
    card = reader.card(page, "other.csv")
    expect(card).to_contain_text(
        "1 order of this file has the number of a loaded order of another day. Which shop is it from?"
    )
    expect(card.get_by_role("button", name="Load the file")).to_be_disabled()
    card.get_by_text("Another shop: both count").click()
    card.get_by_role("button", name="Load the file").click()
    expect(card).to_contain_text("2 rows read = 2 loaded")
    reader.go_to(page, "Overview")
    # 100 + 50 + 7 + 9
    expect(reader.headline(page, "revenue")).to_have_text("PLN 166.00".replace(" ", "\u00a0"))
    expect(reader.headline(page, "orders")).to_have_text("4")
