"""A database from the door to the numbers: connect, pick a table, look, map, load, refresh, in both languages and on a phone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import reader
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.serving import Server
from tests.databases.conftest import started
from tests.databases.servers import PASSWORD, Database

INSERT = "INSERT INTO orders VALUES (?, ?, ?, ?, ?)"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "shop.sqlite"
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE orders (order_id, ordered_at, total, currency, customer_email)")
        rows = [(n, f"2026-01-{n:02} 10:00:00", 100, "PLN", f"person{n}@example.com") for n in range(1, 21)]
        con.executemany(INSERT, rows)
        con.commit()
    return path


@pytest.fixture(scope="module")
def server(start_server: StartServer, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The app with one connection that an administrator has set."""
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    secrets.write_text(f'[connections.shop-file]\ndialect = "sqlite"\ndatabase = "{file}"\n', "utf-8")
    return start_server(environment={"STREAMLIT_SECRETS_FILES": str(secrets)})


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Database]:
    found = started("postgresql")
    found.run(
        "CREATE TABLE orders (order_id int, ordered_at timestamp, total numeric(9,2), currency text, customer_email text)",
        "INSERT INTO orders SELECT i, timestamp '2026-01-01' + i * interval '1 day', 100, 'PLN', 'p' || i || '@example.com' FROM generate_series(1, 10) i",
    )
    yield found
    found.stop()


def panel(page: Page) -> Locator:
    return page.locator(".st-key-database_panel")


def pick_table(page: Page, label: str, option: str) -> None:
    box = panel(page).get_by_role("combobox", name=label)
    expect(box).to_be_visible()
    reader.settled(page)
    reader.pick(page, box, option)
    reader.settled(page)


def test_a_table_is_loaded_and_refreshed(server: Server, page: Page, file: Path) -> None:
    page.goto(f"{server.url}/data")
    page.get_by_role("button", name="Connect a database").click()
    pick_table(page, "Table", "orders")
    expect(panel(page)).to_contain_text("Columns: order_id, ordered_at, total, currency, customer_email.")
    expect(panel(page)).to_contain_text("The first rows, read like this:")
    assert "person1@example.com" not in page.content()
    pick_table(page, "On refresh, read only what is new by", "ordered_at")
    panel(page).get_by_role("button", name="Load", exact=True).click()
    card = reader.card(page, "orders (shop-file)")
    expect(card).to_contain_text("20 rows read = 20 loaded")
    expect(panel(page)).to_have_count(0)

    with closing(sqlite3.connect(file)) as con:
        con.execute(INSERT, (21, "2026-01-21 10:00:00", 900, "PLN", "person21@example.com"))
        con.commit()
    page.get_by_role("button", name="Refresh: new rows").click()
    # the last day once more, and the new one
    expect(reader.card(page, "orders (shop-file)")).to_contain_text("3 rows read = 3 loaded")
    reader.go_to(page, "Overview")
    # 20 × 100 + 900
    expect(reader.headline(page, "revenue")).to_contain_text("2,900")


def test_a_database_that_is_typed_in_is_read_and_its_password_is_nowhere(
    server: Server, open_page: OpenPage, postgresql: Database
) -> None:
    page = open_page(lang="pl", width=420)
    page.goto(f"{server.url}/data?lang=pl")
    page.get_by_role("button", name="Połącz z bazą danych").click()
    pick_table(page, "Połączenie", "Inna baza, tylko na tę sesję")
    fields = {
        "Nazwa połączenia": "nasza baza",
        "Host": "127.0.0.1",
        "Port": str(postgresql.port),
        "Użytkownik": "reader",
    }
    for label, text in (fields | {"Baza danych": "shop", "Hasło": "złe " + PASSWORD}).items():
        panel(page).get_by_label(label, exact=True).fill(text)
    panel(page).get_by_role("button", name="Połącz", exact=True).click()
    expect(panel(page)).to_contain_text("Baza odrzuciła logowanie przez połączenie nasza baza.")
    panel(page).get_by_label("Hasło", exact=True).fill(PASSWORD)
    panel(page).get_by_role("button", name="Połącz", exact=True).click()
    reader.settled(page)
    pick_table(page, "Tabela", "public.orders")
    expect(panel(page)).to_contain_text("Pierwsze wiersze odczytane w ten sposób:")
    assert PASSWORD not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    panel(page).get_by_role("button", name="Wczytaj", exact=True).click()
    expect(reader.card(page, "public.orders (nasza baza)")).to_contain_text("10 wierszy odczytanych")
    assert PASSWORD.encode() not in server.log.read_bytes()
    for path in (one for one in server.home.rglob("*") if one.is_file()):
        assert PASSWORD.encode() not in path.read_bytes()
