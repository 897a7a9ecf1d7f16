"""The watched folder on the Data page: chosen, looked into, answered and given up, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi import Query, Workspace
from kpi.wording import Language, words
from pages.shared import session, upload, watching

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
HEADER = "Campaign name,Impressions,Amount spent (PLN),Reporting starts,Reporting ends\n"
ROW = "A,100,12.50,2026-09-01,2026-09-30\n"
LANGUAGES: list[Language] = ["en", "pl"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that the server allows to be watched."""
    home, root = tmp_path / "home", tmp_path / "exports"
    home.mkdir()
    root.mkdir()
    monkeypatch.setenv("KOSZYK_HOME", str(home))
    monkeypatch.setenv("KOSZYK_FOLDERS", str(root))
    monkeypatch.setattr(upload.staging, "folder", tmp_path / "uploads")
    yield root
    session._workspace.clear()
    watching.watcher._memories.clear()
    watching.watcher._looks.clear()


def opened(language: Language) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.context = {"locale": "pl-PL" if language == "pl" else "en-GB", "timezone": "Europe/Warsaw", "theme": "light"}
    app.run().switch_page("data.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def look(times: int = 2) -> None:
    for _ in range(times):
        watching.watcher.look()


def test_the_first_screen_does_not_speak_of_what_is_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOSZYK_FOLDERS")
    assert "KOSZYK_FOLDERS" not in said(opened("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_allowed_folders_the_feature_says_that_it_is_off(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.delenv("KOSZYK_FOLDERS")
    with Workspace(tmp_path / "home" / "shop.duckdb") as shop:
        shop.add(b"order_id,order_date,total,currency\n1,2026-03-05,20.00,PLN\n", name="orders.csv")
    app = opened(language)
    assert "KOSZYK_FOLDERS" in said(app)
    assert not [box for box in app.selectbox if box.key == "folder"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_is_chosen_looked_into_answered_and_given_up(folder: Path, language: Language) -> None:
    say = words(language)
    (folder / "good.csv").write_text(HEADER + ROW)
    (folder / "asking.csv").write_text(HEADER.replace(" (PLN)", "") + ROW.replace("100", "90"))
    (folder / "empty.csv").write_text("")
    app = opened(language)
    app.selectbox(key="folder").set_value(str(folder)).run()
    next(one for one in app.button if one.label == say.t("Watch this folder")).click().run()
    shop = session.named_workspace("shop")
    assert shop.settings["watched_folder"] == str(folder)
    assert say.t("not looked into yet") in said(app)
    look()
    app.run()
    assert not app.exception
    assert say.n("{n} file imported", "{n} files imported", 1) in said(app)
    assert say.n("{n} file waits", "{n} files wait", 2) in said(app)
    assert say.t("The file is empty.") in said(app)
    waits = "{n} file in the folder waits for an answer; see at the foot of the page."
    assert say.n(waits, "{n} files in the folder wait for an answer; see at the foot of the page.", 1) in said(app)
    assert any(say.t("from the watched folder") in box.label for box in app.expander)
    next(one for one in app.button if one.label == say.t("Answer")).click().run()
    app.run()
    assert not app.exception
    question = say.t("The file has amounts and does not name their currency. Which is it?")
    assert question in [box.label for box in app.selectbox]
    shop.add(folder / "asking.csv", answers={"currency": "PLN"})
    look(1)
    app.run()
    assert say.n("{n} file waits", "{n} files wait", 1) in said(app)
    next(one for one in app.button if one.label == say.t("Stop watching")).click().run()
    assert shop.settings["watched_folder"] is None
    assert app.selectbox(key="folder").value is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_with_other_campaigns_of_the_same_days_asks_whether_both_count(
    folder: Path, language: Language
) -> None:
    say, shop = words(language), session.named_workspace("shop")
    (folder / "one.csv").write_text(HEADER + ROW)
    shop.settings["watched_folder"] = str(folder)
    look()
    (folder / "two.csv").write_text(HEADER + ROW.replace("A,", "B,"))
    look()
    app = opened(language)
    next(one for one in app.button if one.label == say.t("Answer")).click().run()
    app.run()
    (box,) = [one for one in app.radio if "one.csv" in one.label]
    assert box.value is None
    both, newer = box.options
    assert (both, newer) == (
        say.t("Both count: they are about different parts, such as different campaigns"),
        say.t("Only this one counts: it is a newer version of the same report"),
    )
    box.set_value(True).run()
    next(one for one in app.button if one.label == say.t("Load the file")).click().run()
    assert not app.exception
    assert shop.ask(Query(("spend",))).totals["spend"] == 25


def test_a_path_outside_is_refused_in_words(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("en")
    app.selectbox(key="folder").set_value(str(folder)).run()
    monkeypatch.setenv("KOSZYK_FOLDERS", str(tmp_path / "home"))
    next(one for one in app.button if one.label == "Watch this folder").click().run()
    assert "This server does not allow that folder to be watched." in said(app)
    assert session.named_workspace("shop").settings["watched_folder"] is None


def test_every_workspace_of_the_server_is_looked_into(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "a.csv").write_text(HEADER + ROW)
        session.named_workspace(name).settings["watched_folder"] = str(folder / name)
    (session.home() / "broken.duckdb").write_bytes(b"no database")
    look()
    assert [len(session.named_workspace(name).imports()) for name in ("one", "two")] == [1, 1]
