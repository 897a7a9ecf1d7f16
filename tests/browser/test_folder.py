"""A watched folder: a file that appears in it is imported by itself and named; a folder that is not allowed is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kpi.wording import Language, words
from tests.browser import reader
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.odd_files import WITHOUT_CURRENCY, orders
from tests.browser.serving import Home, Server


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def watching_server(start_server: StartServer, root: Path) -> Server:
    """A server that allows the folders inside `root`."""
    for lang in ("en", "pl"):
        (root / lang).mkdir()
    return start_server(environment={"KOSZYK_FOLDERS": str(root)})


def watch(page: Page, lang: Language, folder: Path) -> None:
    """Type a path, since one that is not allowed is not offered, and press the button."""
    say = words(lang)
    reader.settled(page)
    box = page.get_by_role("combobox", name=say.t("Folder on the server"))
    box.fill(str(folder))
    box.press("Enter")
    expect(box).to_have_value(str(folder))
    page.get_by_role("button", name=say.t("Watch this folder")).click()


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_file_that_appears_in_the_folder_is_imported_and_named(
    watching_server: Server, root: Path, open_page: OpenPage, outside: list[str], lang: Language
) -> None:
    say, folder, page = words(lang), root / lang, open_page(lang=lang)
    named = Home(watching_server.home).add(f"shop-{lang}", {})
    page.goto(f"{watching_server.url}/data?ws={named}&lang={lang}")
    watch(page, lang, folder)
    expect(reader.text(page)).to_contain_text(str(folder))
    expect(reader.text(page)).to_contain_text(say.n("{n} file imported", "{n} files imported", 0))
    (folder / "orders.csv").write_bytes(orders({}, {}))
    (folder / "ga4.csv").write_bytes(WITHOUT_CURRENCY)
    row = page.locator("[class*=st-key-import_]").filter(has_text="orders.csv")
    expect(row).to_contain_text(say.t("from the watched folder"))
    expect(reader.text(page)).to_contain_text(say.n("{n} file imported", "{n} files imported", 1))
    waiting = page.locator("[class*=st-key-waiting_]").filter(has_text="ga4.csv")
    expect(waiting).to_contain_text(say.t("The file has amounts and does not name their currency. Which is it?"))
    waiting.get_by_role("button", name=say.t("Answer")).click()
    expect(reader.card(page, "ga4.csv").get_by_role("combobox")).to_be_visible()
    page.get_by_role("button", name=say.t("Stop watching")).click()
    expect(page.get_by_role("combobox", name=say.t("Folder on the server"))).to_be_visible()
    reader.go_to(page, say.t("Overview"))
    expect(reader.headline(page, "orders")).to_have_text("2")
    assert outside == []


@pytest.mark.parametrize("lang", ["en", "pl"])
@pytest.mark.parametrize("wrong", ["/etc", "exports", "{root}/../.."])
def test_a_folder_that_is_not_allowed_is_refused_in_words(
    watching_server: Server, root: Path, open_page: OpenPage, lang: Language, wrong: str
) -> None:
    say, page = words(lang), open_page(lang=lang)
    page.goto(f"{watching_server.url}/data?lang={lang}")
    watch(page, lang, Path(wrong.format(root=root)))
    expect(reader.text(page)).to_contain_text(say.t("This server does not allow that folder to be watched."))
    expect(reader.text(page)).to_contain_text(say.t("Choose one that it allows, or ask whoever runs it."))
    expect(page.get_by_role("button", name=say.t("Stop watching"))).to_have_count(0)


def test_a_folder_that_is_not_there_is_refused_in_words(
    watching_server: Server, root: Path, open_page: OpenPage
) -> None:
    page = open_page(lang="pl")
    page.goto(f"{watching_server.url}/data?lang=pl")
    watch(page, "pl", root / "nie-ma")
    expect(reader.text(page)).to_contain_text("Tego folderu w tej chwili nie ma.")
    expect(page.get_by_role("button", name="Przestań obserwować")).to_have_count(0)
