"""Files of a watched folder come in once each, when they are complete; everything else waits, and is said."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi import Workspace
from kpi.errors import BadAnswer, FolderRefused
from kpi.folders import allowed_roots, files_in, folder_choices, watched_folder
from kpi.watching import BY_FOLDER, Watcher

HEADER = "Campaign name,Impressions,Amount spent (PLN),Reporting starts,Reporting ends\n"
ROW = "A,100,12.50,2026-09-01,2026-09-30\n"
ASKING = HEADER.replace(" (PLN)", "") + ROW
AT = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass
class Server:
    """A workspace, its folder, and the watcher; `look(2)` is what a still file needs."""

    root: Path
    folder: Path
    shops: dict[str, Workspace]
    roots: list[Path]
    watcher: Watcher = field(init=False)

    def __post_init__(self) -> None:
        self.watcher = self.started_anew()

    def started_anew(self) -> Watcher:
        return Watcher(lambda: self.shops.items(), lambda: self.roots, lambda: self.root / "staging", lambda: AT, 0.02)

    def put(self, name: str, content: str = HEADER + ROW) -> Path:
        path = self.folder / name
        path.write_text(content)
        return path

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.watcher.look()

    @property
    def shop(self) -> Workspace:
        return self.shops["shop"]

    @property
    def names(self) -> list[str]:
        return sorted(one.name for one in self.shop.imports())

    @property
    def waiting(self) -> dict[str, str]:
        look = self.watcher.look_of("shop")
        assert look is not None
        return {one.file.name: str(one.error or (one.load and one.load.questions)) for one in look.waiting}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "exports" / "shop"
    folder.mkdir(parents=True)
    with Workspace(":memory:") as shop:
        shop.settings["watched_folder"] = str(folder)
        yield Server(tmp_path, folder, {"shop": shop}, [tmp_path / "exports"])


def test_a_file_is_imported_once_it_has_come_to_rest(server: Server) -> None:
    path = server.put("a.csv", HEADER)
    server.look(1)
    path.write_text(HEADER + ROW)
    server.look(1)
    assert server.names == []
    server.look(1)
    assert server.names == ["a.csv"]
    server.look(3)
    (one,) = server.shop.imports()
    assert (one.imported_by, one.load.rows.loaded, server.waiting) == (BY_FOLDER, 1, {})
    assert list((server.root / "staging").iterdir()) == []


def test_a_changed_file_comes_in_again_and_the_same_content_does_not(server: Server) -> None:
    server.put("a.csv")
    server.look()
    server.put("copy.csv")
    server.put("a.csv", HEADER + ROW.replace("100", "200"))
    server.look()
    assert server.names == ["a.csv", "a.csv"]


def test_neither_a_restart_nor_an_undo_brings_a_file_in_again(server: Server) -> None:
    server.put("a.csv")
    server.look()
    server.shop.undo(server.shop.imports()[0].id)
    server.watcher = server.started_anew()
    server.look(3)
    assert [one.undone_at is None for one in server.shop.imports()] == [False]


@pytest.mark.parametrize("name", [".a.csv", "~$a.xlsx", "a.csv.part", "a.tmp", "a.csv.tmp", "notes.pdf", "a.csv~"])
def test_hidden_unfinished_and_other_files_are_left_alone(server: Server, name: str) -> None:
    server.put(name)
    server.look(3)
    assert (server.names, server.waiting) == ([], {})


def test_files_with_questions_or_errors_wait_and_an_answer_ends_it(server: Server) -> None:
    server.put("ask.csv", ASKING)
    server.put("empty.csv", "")
    server.put("good.csv")
    server.look()
    assert server.names == ["good.csv"]
    assert "empty.csv could not be read: The file is empty." in server.waiting["empty.csv"]
    assert "Question(key='currency'" in server.waiting["ask.csv"]
    server.shop.add(server.folder / "ask.csv", answers={"currency": "PLN"})
    (server.folder / "empty.csv").unlink()
    server.look(1)
    assert server.waiting == {}
    server.watcher = server.started_anew()
    server.look(3)
    assert server.names == ["ask.csv", "good.csv"]


def test_links_pipes_and_folders_lead_nowhere(server: Server) -> None:
    (server.root / "secret.csv").write_text(HEADER + ROW)
    (server.folder / "out.csv").symlink_to(server.root / "secret.csv")
    (server.folder / "round.csv").symlink_to(server.folder / "round.csv")
    (server.folder / "folder.csv").mkdir()
    os.mkfifo(server.folder / "pipe.csv")
    kept = server.root / "exports" / "kept"
    kept.write_text(HEADER + ROW)
    (server.folder / "in.csv").symlink_to(kept)
    server.look(3)
    assert (server.names, server.waiting) == (["in.csv"], {})


def test_a_folder_that_vanishes_is_said_and_read_again_when_it_is_back(server: Server) -> None:
    server.put("a.csv")
    away = server.folder.rename(server.root / "away")
    server.look()
    look = server.watcher.look_of("shop")
    assert look is not None
    assert "There is no such folder at the moment." in str(look.problem)
    away.rename(server.folder)
    server.look()
    assert server.names == ["a.csv"]


def test_a_folder_outside_the_roots_is_refused_also_when_it_was_allowed_before(server: Server) -> None:
    server.put("a.csv")
    server.roots.clear()
    server.look(3)
    look = server.watcher.look_of("shop")
    assert look is not None
    assert isinstance(look.problem, FolderRefused)
    assert server.names == []


def test_a_folder_that_is_a_link_out_is_refused(server: Server) -> None:
    (server.root / "elsewhere").mkdir()
    link = server.root / "exports" / "link"
    link.symlink_to(server.root / "elsewhere")
    for folder in (str(link), f"{server.folder}/../../elsewhere", "exports/shop", "", "a\0b", "/"):
        with pytest.raises(FolderRefused, match="does not allow"):
            watched_folder(folder, server.roots)
    assert str(link) not in folder_choices(server.roots)
    assert folder_choices(server.roots) == (str(server.roots[0]), str(server.folder))


def test_a_workspace_that_fails_or_is_deleted_leaves_the_others_be(server: Server, caplog) -> None:  # type: ignore[no-untyped-def]
    with Workspace(":memory:") as other:
        server.shops = {"broken": other, **server.shops}
    server.put("a.csv")
    server.look()
    assert server.names == ["a.csv"]
    assert "broken" in caplog.text
    shop = server.shops.pop("shop")
    server.look(1)
    assert server.watcher.look_of("shop") is None
    shop.settings["watched_folder"] = None
    server.shops = {"shop": shop}
    server.look(1)
    assert server.watcher.look_of("shop") is None


def test_an_unforeseen_failure_is_said_and_logged_and_not_repeated(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog,  # type: ignore[no-untyped-def]
) -> None:
    calls = []

    def fail(*args: object, **named: object) -> None:
        calls.append(args)
        raise ZeroDivisionError

    monkeypatch.setattr(server.shop, "add", fail)
    server.put("a.csv")
    server.look(4)
    assert len(calls) == 1
    assert "nobody has foreseen" in server.waiting["a.csv"]
    assert "ZeroDivisionError" in caplog.text


def test_a_file_that_grows_while_it_is_read_is_not_taken(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    path = server.put("a.csv")
    has_seen = server.shop.has_seen

    def growing(sha256: str) -> bool:
        with path.open("a") as file:
            file.write(ROW.replace("A,", "B,"))
        return has_seen(sha256)

    with monkeypatch.context() as patch:
        patch.setattr(server.shop, "has_seen", growing)
        server.look(2)
    assert server.names == []
    server.look(2)
    assert [one.load.rows.loaded for one in server.shop.imports()] == [2]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert is_so()


def test_one_thread_begins_and_ends(server: Server) -> None:
    server.put("there at the start.csv")
    server.watcher.start()
    server.watcher.start()
    assert [thread.name for thread in threading.enumerate()].count("koszyk-folders") == 1
    until(lambda: server.names == ["there at the start.csv"])
    server.put("later.csv", HEADER + ROW.replace("100", "90"))
    until(lambda: len(server.names) == 2)
    server.watcher.stop()
    assert "koszyk-folders" not in [thread.name for thread in threading.enumerate()]


def test_roots_are_whole_paths_of_folders_that_exist(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    text = os.pathsep.join(["", "relative", str(tmp_path), str(tmp_path / "file"), str(tmp_path / "gone")])
    assert allowed_roots(text) == (tmp_path.resolve(),)
    assert allowed_roots(None) == ()


def test_an_unreadable_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FolderRefused, match="may not read"):
        files_in(tmp_path / "gone", [tmp_path])


@pytest.mark.parametrize("value", ["relative", 3, ["/tmp"]])
def test_the_setting_is_a_whole_path(value: object) -> None:
    with Workspace(":memory:") as shop, pytest.raises(BadAnswer, match="whole path"):
        shop.settings["watched_folder"] = value
