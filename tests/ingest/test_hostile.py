"""Files made to do harm are refused in plain words, within a stated memory, and leave the workspace as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kpi import Workspace
from kpi.errors import UnreadableFile
from kpi.ingest.place import shown_name
from tests.ingest.hostile_files import HEADER, ROW, TABLE, bombs, cell, overfull, workbook, write_one_line, zipped

ROOT = Path(__file__).resolve().parents[2]
BOUND_MB = 250
"""What one hostile file may cost beyond a server that has read an ordinary one."""

ONE_LINE = "one line of 200 MB.csv"
MEASURE = """
import json, resource, sys
from pathlib import Path
from kpi import KpiError, Workspace
from kpi.wording import words

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

with Workspace(":memory:") as shop:
    shop.add(sys.argv[1])
    before = peak()
    for name in sys.argv[2:]:
        try:
            found = {"load": str(shop.add(name).rows)}
        except KpiError as error:
            parts = (error.title, error.detail, error.fix)
            found = {"str": str(error), **{lang: [words(lang).say(part) for part in parts] for lang in ("en", "pl")}}
        found |= {"mb": peak() - before, "imports": len(shop.imports())}
        print(json.dumps({"name": Path(name).name, **found}), flush=True)
        before = max(before, peak())
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every bomb read after another by one process, as a server would, with what each cost in memory."""
    folder = tmp_path_factory.mktemp("hostile")
    contents = {name: content for name, (content, _) in bombs().items()} | overfull()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    write_one_line(folder / ONE_LINE, 200)
    good = folder / "good.csv"
    good.write_text(HEADER + ROW)
    names = [str(folder / name) for name in (*bombs(), ONE_LINE, *overfull())]
    command = [sys.executable, "-c", MEASURE, str(good), *names]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for name in names:
        Path(name).unlink()
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(found) == len(names), f"ended at {names[len(found)]}: {run.stderr[-2000:]}"
    return {outcome["name"]: outcome for outcome in found}


REASONS = {**{name: reason for name, (_, reason) in bombs().items()}, ONE_LINE: "Line 1 is longer than 1048576"}


@pytest.mark.parametrize("name", REASONS)
def test_a_bomb_is_refused_in_words_and_in_bounds(outcomes: dict[str, Any], name: str) -> None:
    found = outcomes[name]
    assert "load" not in found
    assert REASONS[name] in found["str"]
    assert found["mb"] < BOUND_MB
    assert found["imports"] == 1
    for title, detail, fix in (found["en"], found["pl"]):
        assert name in title or ".zip" in name
        assert detail.endswith(".")
        assert fix.endswith(".")
    assert all(english != polish for english, polish in zip(found["en"], found["pl"], strict=True))


@pytest.mark.parametrize("name", overfull())
def test_a_cell_of_a_million_letters_refuses_its_row_in_bounds(outcomes: dict[str, Any], name: str) -> None:
    found = outcomes[name]
    assert "loaded=1, refused=1" in found["load"]
    assert found["mb"] < BOUND_MB


def test_a_sheet_that_claims_to_be_vast_and_is_not_is_read() -> None:
    content = workbook(TABLE, dimension='<dimension ref="A1:XFD1048576"/>')
    with Workspace(":memory:") as shop:
        assert shop.add(content, name="x.xlsx").rows.loaded == 1


def test_a_sheet_that_begins_to_the_right_keeps_its_columns_and_rows() -> None:
    rows = "".join(
        f'<row r="{n}">'
        + "".join(cell(f"{'CDEFG'[i]}{n}", it) for i, it in enumerate(line.strip().split(",")))
        + "</row>"
        for n, line in ((4, HEADER), (5, ROW), (6, ROW.replace("100", "x")))
    )
    with Workspace(":memory:") as shop:
        load = shop.add(workbook(rows), name="x.xlsx")
        assert (load.rows.loaded, load.rows.refused, load.refused[0].row_no) == (1, 1, 6)


def test_a_cell_that_goes_on_and_on_refuses_its_row_and_no_other() -> None:
    endless = f"{'x' * 900_000},1,1.00,2026-09-01,2026-09-30\n"
    with Workspace(":memory:") as shop:
        load = shop.add((HEADER + ROW + endless).encode(), name="x.csv")
    assert (load.rows.loaded, load.rows.refused) == (1, 1)
    assert "holds 900000 characters in one cell; a cell may have 32767" in str(load.refused[0].reason)
    assert max(len(cell or "") for cell in load.refused[0].cells.values()) <= 501


def test_a_cell_of_what_a_spreadsheet_can_hold_is_kept() -> None:
    with Workspace(":memory:") as shop:
        row = f"{'ł' * 32_767},1,1.00,2026-09-01,2026-09-30\n"
        assert shop.add((HEADER + row).encode(), name="x.csv").rows.loaded == 1


@pytest.mark.parametrize("digits", ["1" * 300_000 + "x", " " * 300_000 + "x", "1 " * 150_000 + "x"])
def test_no_pattern_is_slow_over_a_long_cell(digits: str) -> None:
    """A pattern that goes back over its digits would take hours; the test would never end."""
    with Workspace(":memory:") as shop:
        load = shop.add(f"{HEADER}{ROW}A,{digits},1.00,2026-09-01,2026-09-30\n".encode(), name="x.csv")
        assert (load.rows.loaded, load.rows.refused) == (1, 1)
        with pytest.raises(UnreadableFile):
            shop.add(f"{digits}\n{digits}\n".encode(), name="y.csv")


def test_formulas_and_control_characters_are_text_or_refused() -> None:
    rows = "\"=cmd|' /C calc'!A0\",1,1.00,2026-09-01,2026-09-30\nB\x07\x1b[31m,=1+1,1.00,2026-09-01,2026-09-30\n"
    with Workspace(":memory:") as shop:
        load = shop.add((HEADER + rows).encode(), name="x.csv")
    assert (load.rows.loaded, load.rows.refused) == (1, 1)
    assert "“=1+1”, which is not a whole number" in str(load.refused[0].reason)


def test_a_null_byte_far_down_is_not_lost_with_its_row() -> None:
    rows = ROW * 3_000 + "B\x00C,2,2.00,2026-09-02,2026-09-30\n"
    with Workspace(":memory:") as shop:
        load = shop.add((HEADER + rows).encode(), name="x.csv")
    assert load.rows.read == 3_001
    assert load.rows.are_conserved


HOSTILE_NAMES = {
    "../../etc/passwd.csv": "passwd.csv",
    "C:\\Windows\\evil.csv": "evil.csv",
    "a\r\nSet-Cookie: x.csv": "aSet-Cookie: x.csv",
    "\u202evsc.exe.csv": "vsc.exe.csv",
    "🛒 zamówienia.csv": "🛒 zamówienia.csv",
    "x" * 4_000 + ".csv": "x" * 116 + ".csv",
    "\x00": "?",
    "..": "..",
}


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_a_harmless_label(tmp_path: Path, name: str) -> None:
    assert shown_name(name) == HOSTILE_NAMES[name]
    with Workspace(tmp_path / "shop.duckdb", staging=tmp_path / "staging") as shop:
        assert shop.add((HEADER + ROW).encode(), name=name).name == HOSTILE_NAMES[name]
        assert list((tmp_path / "staging").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"shop.duckdb", "shop.key", "staging"}


def test_members_with_hostile_names_are_read_and_stay_inside(tmp_path: Path) -> None:
    members = [(name.replace("\x00", "_"), HEADER + ROW.replace("A,", f"{i},")) for i, name in enumerate(HOSTILE_NAMES)]
    members = [(name, content) for name, content in members if name != ".."]
    with Workspace(tmp_path / "shop.duckdb", staging=tmp_path / "staging") as shop:
        load = shop.add(zipped(*members), name="all.zip", answers={"adds": True})
    assert load.rows.loaded == len(members)
    assert {path.name for path in tmp_path.iterdir()} == {"shop.duckdb", "shop.key", "staging"}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "zip", "parquet", "pdf"])
def test_what_a_file_is_decides_and_not_its_ending(ending: str) -> None:
    with Workspace(":memory:") as shop:
        assert shop.add((HEADER + ROW).encode(), name=f"x.{ending}").rows.loaded == 1
        assert shop.add(workbook(TABLE.replace(">100<", ">90<")), name=f"y.{ending}").rows.loaded == 1


def test_a_header_alone_loads_nothing_and_says_so() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(HEADER.encode(), name="x.csv")
        assert [str(note) for note in load.notes] == ["The table has no rows."]
        assert shop.imports() == ()


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "nowhere.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    reasons = {"pipe": "a pipe or a device", "folder": "a folder", "nowhere": "no such file", "round": "no such file"}
    with Workspace(":memory:") as shop:
        for name, reason in reasons.items():
            with pytest.raises(UnreadableFile, match=reason):
                shop.add(tmp_path / f"{name}.csv")
        with pytest.raises(UnreadableFile, match="no such file"):
            shop.add("a\0b.csv")
        with pytest.raises(UnreadableFile, match="pipe or a device"):
            shop.add("/dev/zero", name="x.csv")


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(HEADER + ROW)
    (tmp_path / "link.csv").symlink_to(tmp_path / "good.csv")
    with Workspace(":memory:") as shop:
        assert shop.add(tmp_path / "link.csv").rows.loaded == 1
    assert (tmp_path / "good.csv").read_text() == HEADER + ROW
