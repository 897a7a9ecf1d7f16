"""The command line does what the Data page does, says what its cards say, and ends with the code that it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kpi import Workspace
from kpi.command import main

ROOT = Path(__file__).resolve().parents[1]
HEADER = "Campaign name,Impressions,Amount spent (PLN),Reporting starts,Reporting ends\n"
ROW = "A,100,12.50,2026-09-01,2026-09-30\n"
BAD = "B,many,12.50,2026-09-01,2026-09-30\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(HEADER + ROW + BAD)
    (tmp_path / "asking.csv").write_text(HEADER.replace(" (PLN)", "") + ROW.replace("A,", "C,"))
    (tmp_path / "poem.txt").write_text("Litwo! Ojczyzno moja!\n")
    return tmp_path


def called(folder: Path, *arguments: str, language: str = "en") -> int:
    return main([*arguments, "--workspace", "shop", "--home", str(folder / "home"), "--language", language])


def test_a_loaded_file_says_what_its_card_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(folder, "import", str(folder / "good.csv")) == 0
    assert capsys.readouterr().out.splitlines() == [
        "good.csv: Meta Ads report (recognised)",
        "  2 rows read = 1 loaded + 1 refused · ad spend: 1 row · 1–30\u00a0Sep\u00a02026 · PLN",
        "  Row 3: Column “Impressions” holds “many”, which is not a whole number.",
    ]
    with Workspace(folder / "home" / "shop.duckdb") as shop:
        assert [(one.name, one.imported_by) for one in shop.imports()] == [("good.csv", "command")]


def test_it_speaks_polish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(folder, "import", str(folder / "good.csv"), str(folder / "poem.txt"), language="pl") == 1
    out = capsys.readouterr().out
    assert "(rozpoznano)" in out
    assert "Wiersz 3:" in out
    assert "Nie udało się odczytać" in out


def test_a_question_is_printed_with_its_choices_and_loads_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(folder, "import", str(folder / "asking.csv")) == 1
    out = capsys.readouterr().out
    assert "  ? currency: The file has amounts and does not name their currency. Which is it?" in out
    assert called(folder, "imports") == 0
    assert capsys.readouterr().out == "Nothing has been imported yet.\n"
    answers = json.dumps({"currency": "EUR"})
    assert called(folder, "import", str(folder / "asking.csv"), "--answers", answers) == 0
    assert "EUR" in capsys.readouterr().out


def test_a_file_that_is_refused_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(folder / name) for name in ("gone.csv", "poem.txt", "good.csv")]
    assert called(folder, "import", *files) == 1
    out = capsys.readouterr().out
    assert "gone.csv could not be read. There is no such file. Check the path." in out
    assert "good.csv: Meta Ads report" in out


def test_the_same_file_again_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert called(folder, "import", str(folder / "good.csv")) == 0
    assert "This very file is in the workspace already" in capsys.readouterr().out


def test_an_import_is_listed_and_undone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(folder, "import", str(folder / "good.csv"))
    capsys.readouterr()
    called(folder, "imports")
    number, *_ = capsys.readouterr().out.split()
    assert called(folder, "undo", number) == 0
    capsys.readouterr()
    called(folder, "imports")
    assert capsys.readouterr().out.rstrip().endswith("undone")
    assert called(folder, "undo", number) == 2
    assert "Look at the list of imports." in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_workspace_that_another_program_has_open_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    (folder / "home").mkdir()
    hold = "import sys, kpi\nwith kpi.Workspace(sys.argv[1]):\n    print('open', flush=True)\n    sys.stdin.read()\n"
    command = [sys.executable, "-c", hold, str(folder / "home" / "shop.duckdb")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        assert server.stdout.readline() == "open\n"
        code = called(folder, "import", str(folder / "good.csv"), language=language)
        server.stdin.close()
    assert code == 2
    said = capsys.readouterr()
    place = {"en": "drop the files on the Data page", "pl": "upuść pliki na stronie Dane"}
    assert place[language] in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["undo", "1", "--workspace", "shop"], "There is no workspace “shop”"),
        (["imports", "--workspace", "../../etc/x"], "cannot be understood"),
        (["import", "--workspace", "shop"], "cannot be understood"),
        (["sell"], "cannot be understood"),
        ([], "cannot be understood"),
        (["import", "good.csv", "--workspace", "shop", "--answers", "[1]"], "no JSON object"),
        (["import", "good.csv", "--workspace", "shop", "--answers", "{"], "no JSON object"),
    ],
)
def test_a_wrong_call_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    home = ["--home", str(tmp_path / "home")] if "--workspace" in arguments else []
    try:
        code = main([*arguments, *home])
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("language", "title"), [("en", "load files"), ("pl", "wczytaj pliki")])
def test_help_names_every_command(language: str, title: str) -> None:
    command = [sys.executable, "-m", "kpi", "--help", "--language", language]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert title in run.stdout
    for name in ("import", "imports", "undo"):
        assert name in run.stdout
