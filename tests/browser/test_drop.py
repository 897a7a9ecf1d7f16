"""The drop area and the copy-link button in a real browser, over a small app of their own."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import HERE, OpenPage, StartServer
from tests.browser.serving import Server

APP = HERE / "drop_app.py"
LIMIT_BYTES = 60 << 20


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    limits = {"DROP_FILE_BYTES": str(LIMIT_BYTES), "DROP_SESSION_BYTES": str(100 << 20)}
    return start_server(base_path="shop/koszyk", script=APP, environment=limits)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """`file(name, size)`: a file of so many bytes, sparse."""

    def make(name: str, size: int = 2000) -> Path:
        path = tmp_path / name
        with path.open("wb") as made:
            made.truncate(size)
        return path

    return make


def choose(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").set_input_files([str(path) for path in paths])


def row(page: Page, name: str) -> Locator:
    return page.locator(".file").filter(has_text=name)


def slow_down(page: Page, bytes_a_second: int) -> None:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    throughput = {"downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    network.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, **throughput})


def drop(page: Page, target: str, names: list[str]) -> None:
    """Let files go over an element, as dragging them from the desktop does."""
    held = page.evaluate_handle(
        "names => { const held = new DataTransfer();"
        " for (const name of names) held.items.add(new File(['a;b'], name)); return held }",
        names,
    )
    for event in ("dragover", "drop"):
        page.locator(target).first.dispatch_event(event, {"dataTransfer": held})


def test_a_batch_comes_as_one_delivery(server: Server, page: Page, outside: list[str], file: Callable) -> None:
    page.goto(server.url)
    choose(page, file("orders.csv"), file("ga4.csv", 20 << 20), file("clients.xlsx", 0))
    expect(page.get_by_text("deliveries=1 just=['orders.csv', 'ga4.csv', 'clients.xlsx']")).to_be_visible()
    expect(page.get_by_text("('ga4.csv', 20971520)")).to_be_visible()
    expect(page.locator(".file")).to_have_count(0)
    choose(page, file("more.csv"))
    expect(page.get_by_text("deliveries=2 just=['more.csv']")).to_be_visible()
    assert outside == []


def test_a_deep_link_uploads_under_the_base_path(server: Server, page: Page, file: Callable) -> None:
    page.goto(f"{server.url}/explore?lang=pl")
    with page.expect_request(lambda request: request.method == "PUT") as sent:
        choose(page, file("zamówienia.csv"))
    assert sent.value.url.startswith(f"{server.url}/upload/")
    expect(page.get_by_text("just=['zamówienia.csv']")).to_be_visible()


def test_files_are_dropped_and_a_miss_does_not_leave_the_app(server: Server, page: Page) -> None:
    page.goto(server.url)
    expect(page.get_by_text("Drop your exports here")).to_be_visible()
    drop(page, "body", ["missed.csv"])
    drop(page, ".area", ["a.csv", "b.zip"])
    expect(page.get_by_text("just=['a.csv', 'b.zip']")).to_be_visible()
    assert page.url.rstrip("/") == server.url


def test_progress_is_shown_and_a_file_can_be_cancelled(server: Server, page: Page, file: Callable) -> None:
    page.goto(server.url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    slow_down(page, 4 << 20)
    choose(page, file("big.csv", 50 << 20), file("small.csv"))
    expect(row(page, "big.csv").locator(".stage")).to_have_text(re.compile(r"^[1-9]\d*% – [\d.]+ MB of 50 MB$"))
    expect(row(page, "big.csv").get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile("[1-9]"))
    expect(row(page, "small.csv")).to_contain_text("Waiting")
    row(page, "big.csv").get_by_role("button", name="Cancel big.csv").click()
    expect(page.get_by_text("deliveries=1 just=['small.csv']")).to_be_visible()
    expect(page.get_by_text("staged=[('small.csv', 2000)]")).to_be_visible()


def test_a_failed_file_keeps_its_row_and_the_others_arrive(server: Server, page: Page, file: Callable) -> None:
    page.goto(server.url)
    page.route("**/upload/*name=second.csv", lambda route: route.abort())
    choose(page, file("first.csv"), file("second.csv"), file("third.csv"))
    expect(page.get_by_text("deliveries=1 just=['first.csv', 'third.csv']")).to_be_visible()
    expect(row(page, "second.csv")).to_contain_text("The connection was lost. Try again.")
    expect(page.get_by_role("status").filter(has_text="Files received")).to_have_text("Files received: 2 of 3")
    page.unroute("**/upload/*name=second.csv")
    page.get_by_role("button", name="Try again: second.csv").click()
    expect(page.get_by_text("deliveries=2 just=['second.csv']")).to_be_visible()
    expect(page.locator(".file")).to_have_count(0)


def test_what_cannot_be_taken_is_said_before_it_is_sent(server: Server, page: Page, file: Callable) -> None:
    page.goto(f"{server.url}/?lang=pl")
    choose(page, file("notatki.docx"), file("za_duży.csv", LIMIT_BYTES + 1))
    expect(row(page, "notatki.docx")).to_contain_text("nie można odczytać. Wybierz .csv, .xlsx, .zip.")
    expect(row(page, "za_duży.csv")).to_contain_text("Plik jest większy niż 60 MB.")
    expect(page.get_by_role("button", name="Ponów")).to_have_count(0)
    row(page, "notatki.docx").get_by_role("button", name="Usuń notatki.docx").click()
    expect(page.locator(".file")).to_have_count(1)
    expect(page.get_by_text("deliveries=0")).to_be_visible()


def test_a_refusal_of_the_server_is_said_in_words(server: Server, page: Page, file: Callable) -> None:
    page.goto(server.url)
    choose(page, file("one.csv", 55 << 20), file("two.csv", 55 << 20), file("three.csv"))
    expect(row(page, "two.csv")).to_contain_text("Too much at once. Load what has arrived first.")
    expect(page.get_by_text("deliveries=1 just=['one.csv', 'three.csv']")).to_be_visible()


def test_an_expired_ticket_is_renewed_without_a_word(start_server: StartServer, page: Page, file: Callable) -> None:
    page.goto(start_server(script=APP, environment={"DROP_TICKET_SECONDS": "1"}).url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.wait_for_timeout(1500)
    choose(page, file("late.csv"), file("later.csv"))
    expect(page.get_by_text("deliveries=1 just=['late.csv', 'later.csv']")).to_be_visible()


def test_another_browser_cannot_use_a_ticket(server: Server, open_page: OpenPage, file: Callable) -> None:
    anna, ben = open_page(), open_page()
    anna.goto(server.url)
    ben.goto(server.url)
    ben.route("**/upload/**", lambda route: route.abort())
    with ben.expect_request("**/upload/**") as attempt:
        choose(ben, file("ben.csv"))
    stolen = anna.request.put(attempt.value.url, data="stolen")
    assert (stolen.status, stolen.json()) == (403, {"error": "wrong_browser"})


def test_the_keyboard_is_enough(server: Server, page: Page, file: Callable) -> None:
    # from the start, for the browser learns that choosers are looked for on another way than the key that opens one
    page.on("filechooser", lambda _: None)
    page.goto(server.url)
    button = page.get_by_role("button", name="Choose files")
    page.get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([str(file("typed.csv"))])
    expect(page.get_by_text("just=['typed.csv']")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_area_fits_a_phone(server: Server, open_page: OpenPage, file: Callable, dark: bool) -> None:
    page = open_page(lang="pl", width=420, dark=dark)
    page.goto(f"{server.url}/?lang=pl")
    choose(page, file("bardzo_długa_nazwa_pliku_z_eksportem_zamówień_sklepu.docx"))
    expect(page.locator(".file")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    assert page.locator(".file").evaluate("file => file.getBoundingClientRect().right") <= 420


def test_files_end_with_the_server(start_server: StartServer, page: Page, file: Callable) -> None:
    server = start_server(script=APP)
    page.goto(server.url)
    choose(page, file("orders.csv"))
    expect(page.get_by_text("deliveries=1")).to_be_visible()
    assert len(server.staging) == 1
    page.close()
    server.process.terminate()
    server.process.wait(15)
    assert server.staging == []


def test_files_end_with_their_tab_but_not_while_it_is_open(
    start_server: StartServer, page: Page, file: Callable
) -> None:
    server = start_server(script=APP, environment={"DROP_SWEEP_SECONDS": "0.2", "DROP_GRACE_SECONDS": "1"})
    page.goto(server.url)
    choose(page, file("orders.csv"))
    expect(page.get_by_text("deliveries=1")).to_be_visible()
    page.wait_for_timeout(2000)
    assert len(server.staging) == 1
    page.close()
    assert eventually(lambda: server.staging == [])


def test_the_link_is_copied_whole_from_any_page(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/explore?compact=1")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    wanted = f"{server.url}/explore?ws=demo&lang=en&from=2026-01-01"
    assert page.evaluate("navigator.clipboard.readText()") == wanted
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()


def test_the_link_is_copied_without_the_clipboard_api(server: Server, page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = (command) => { window.copied = `${command} ${getSelection()}`; return true }"
    )
    page.goto(server.url)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("window.copied").startswith(f"copy {server.url}/explore?ws=demo")


def test_the_link_is_shown_where_the_browser_forbids_copying(server: Server, page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });document.execCommand = () => false"
    )
    page.goto(f"{server.url}/?lang=pl")
    page.get_by_role("button", name="Kopiuj link").click()
    address = page.get_by_role("textbox", name="Naciśnij Ctrl+C, aby skopiować link")
    expect(address).to_have_value(f"{server.url}/explore?ws=demo&lang=pl&from=2026-01-01")
    expect(address).to_be_focused()
    assert address.evaluate("input => input.selectionEnd - input.selectionStart === input.value.length")


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()
