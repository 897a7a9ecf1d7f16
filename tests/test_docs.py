"""What README.md and docs/ say is true: files, names, links and pictures are there, commands and figures hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import kpi
from kpi import Query, Workspace, demo
from kpi.changes import change_between
from kpi.wording import Words
from tests.files import shop_files
from tests.screenshots import FOLDER, PICTURES

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOUR = ROOT / "docs" / "tour-analyst.md"
PATH = re.compile(r"(?:kpi|pages|tests|docs|\.streamlit)/[\w./<>*-]*|[\w-]+\.(?:py|md|toml|txt)")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?:\(\))?")
# Words in backticks that name something of a shop, of SQL or of the system, not of the code.
NO_NAMES = {"inf", "facts.orders", "st.App", "st.metric", "MAX"}


def blocks(page: Path) -> list[str]:
    """Paragraphs, list items and table rows: what stands together."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text("utf-8"))
    text = re.sub(r"(?m)^    .*$", "", text) if page.name == "README.md" else text
    return [block for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-|]|\d+\.)\s?)", text) if "`" in block]


def quoted(block: str) -> list[str]:
    return [" ".join(words.split()) for words in re.findall(r"`([^`]+)`", block)]


def is_path(words: str) -> bool:
    return bool(PATH.fullmatch(words)) and not re.fullmatch(r"(kpi|pages|tests)(\.\w+)+", words)


def files_of(path: str) -> list[Path]:
    """The files of a path; `<table>` stands for any name."""
    return sorted(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))


@cache
def source(file: Path) -> str:
    files = [file] if file.is_file() else [one for one in file.rglob("*") if one.suffix in {".py", ".sql", ".toml"}]
    return "\n".join(one.read_text("utf-8", errors="ignore") for one in files)


def has_name(name: str, files: list[Path]) -> bool:
    """Whether one of the files speaks of every part of the name: `Workspace` and `add` of `Workspace.add`."""
    parts = name.removesuffix("()").split(".")
    return any(all(re.search(rf"\b{re.escape(part)}\b", source(file)) for part in parts) for file in files)


def missing_names(page: Path) -> Iterator[str]:
    for block in blocks(page):
        words = quoted(block)
        files = [file for path in words if is_path(path) for file in files_of(path)]
        for name in words:
            if is_path(name) or not NAME.fullmatch(name) or name in NO_NAMES:
                continue
            if not has_name(name, files or [ROOT / "kpi", ROOT / "pages", ROOT / "app.py"]):
                yield f"{page.name}: {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    paths = {path for block in blocks(page) for path in quoted(block) if is_path(path)}
    assert [path for path in sorted(paths) if not files_of(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_stands_in_a_file_that_is_named_beside_it(page: Path) -> None:
    assert list(missing_names(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    there = [link for link in links if not link.startswith("http")]
    assert there
    assert [link for link in there if not (page.parent / link).exists()] == []


def test_every_picture_is_taken_by_the_script_and_small() -> None:
    pictures = {path.stem: path for path in FOLDER.glob("*.png")}
    assert pictures.keys() == PICTURES.keys()
    assert [name for name, path in pictures.items() if path.stat().st_size > 150_000] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_command_has_a_target(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    assert set(re.findall(r"(?:`|^    )make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)) <= targets


def test_make_help_names_every_target_for_people() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = set(re.findall(r'@echo "make ([a-z-]+)', makefile))
    assert set(re.findall(r"(?m)^    make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"))) <= told


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"(?m)^    import kpi\n(?:(?:    .*)?\n)+", (ROOT / "README.md").read_text("utf-8"))
    (tmp_path / "orders_export_1.csv").write_bytes(shop_files()[0]["orders_export_1.csv"])
    monkeypatch.chdir(tmp_path)
    said = StringIO()
    with redirect_stdout(said):
        exec(compile(re.sub(r"(?m)^    ", "", code), "README.md", "exec"), {})
    assert "Shopify" in said.getvalue()


def test_the_pip_lines_of_the_readme_name_what_is_there() -> None:
    lines = (ROOT / "README.md").read_text("utf-8")
    assert ".venv/bin/pip install -c constraints.txt -e ." in lines
    assert ".venv/bin/streamlit run app.py" in lines
    assert (ROOT / "constraints.txt").exists()


LAST_90_DAYS: dict[str, Any] = {"start": date(2026, 8, 3), "end": date(2026, 10, 31)}
BROKEN_WEEK: dict[str, Any] = dict(zip(("start", "end"), demo.broken_week(), strict=True))
OUTLET: dict[str, Any] = dict(zip(("start", "end"), demo.outlet_days(), strict=True))
CAMPAIGN: dict[str, Any] = OUTLET | {"where": {"campaign": ("spring-outlet",)}}
PAID: dict[str, Any] = {"where": {"channel": ("paid social",)}}
MOBILE: dict[str, Any] = {"where": {"device": ("mobile",)}}

# What the tour quotes of the demo shop: the KPI, the view, and whether its change is quoted too.
QUOTED: list[tuple[str, dict[str, Any], str, str]] = [
    ("orders", {}, "60,659", ""),
    ("revenue", LAST_90_DAYS, "PLN 2,115,658.15", "+41.5%"),
    ("orders", LAST_90_DAYS, "10,078", ""),
    ("sessions", LAST_90_DAYS, "351,322", ""),
    ("conversion_rate", LAST_90_DAYS, "2.87%", "−0.12 pp"),
    ("social_share", LAST_90_DAYS, "39.9%", "+21.85 pp"),
    ("conversion_rate", LAST_90_DAYS | PAID, "1.76%", "0.16 pp"),
    ("conversion_rate", LAST_90_DAYS | {"where": {"channel": ("organic",)}}, "", "0.33 pp"),
    ("conversion_rate", LAST_90_DAYS | {"where": PAID["where"] | MOBILE["where"]}, "1.60%", ""),
    ("conversion_rate", LAST_90_DAYS | {"where": {"channel": ("e-mail",), "device": ("desktop",)}}, "5.66%", ""),
    ("conversion_rate", BROKEN_WEEK, "1.89%", "−1.07 pp"),
    ("conversion_rate", BROKEN_WEEK | MOBILE, "0.77%", "−1.56 pp"),
    ("conversion_rate", BROKEN_WEEK | {"where": {"device": ("desktop",)}}, "4.42%", ""),
    ("tickets", BROKEN_WEEK, "197", "+189.7%"),
    ("tickets", BROKEN_WEEK | {"where": {"ticket_type": ("enquiry",)}}, "148", ""),
    ("revenue", OUTLET, "PLN 546,709.27", "+35.5%"),
    ("gross_profit", CAMPAIGN, "PLN 6,004.04", ""),
    ("orders", CAMPAIGN, "877", ""),
    ("aov", CAMPAIGN, "PLN 132.34", ""),
    ("gross_margin", CAMPAIGN, "6.43%", ""),
    ("mer", CAMPAIGN, "2.86", ""),
    ("platform_roas", CAMPAIGN, "3.60", ""),
]
ROUNDED = [("revenue", "PLN 114K"), ("spend", "PLN 39.8K")]


@pytest.fixture(scope="module")
def shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        demo.fill(shop)
        yield shop


@pytest.fixture(scope="module")
def tour() -> str:
    return " ".join(TOUR.read_text("utf-8").split())


@pytest.mark.parametrize(("name", "view", "value", "change"), QUOTED)
def test_the_tour_quotes_what_the_demo_shop_answers(
    shop: Workspace, tour: str, name: str, view: dict[str, Any], value: str, change: str
) -> None:
    say, entry = Words("en"), kpi.catalogue().kpis[name]
    answer = shop.ask(Query((name,), **view, compare="previous"))
    if value:
        assert say.value(answer.totals[name], entry.unit, answer.currencies.get(name)).replace("\u00a0", " ") == value
        assert value in tour
    if change:
        found = change_between(entry, answer.totals[name], answer.totals_compared[name])
        assert found
        told = say.points(found.points) if found.is_points else say.change(found.relative)
        assert told.replace("\u00a0", " ").endswith(change)
        assert change in tour


def test_the_tour_quotes_the_verdict_of_the_test(shop: Workspace, tour: str) -> None:
    (held,) = shop.experiments.held()
    found = shop.experiments.judge(shop.experiments.suggested(held.name), demo.UNTIL)
    plain = re.sub(r"\s+", " ", tour)
    said = Words("en").say(found.verdict.sentence).replace("\u00a0", " ")
    assert said.removesuffix(", compared with “control”.") in plain
    told = {one.metric.kind: one.estimate for one in found.secondary if one.metric.unit == "money" and one.estimate}
    assert f"PLN {told['mean'].difference:.2f} ({told['mean'].low:.2f} to {told['mean'].high:.2f})" in plain
    assert f"PLN {told['ratio'].difference:.2f}" in plain


@pytest.mark.parametrize(("name", "value"), ROUNDED)
def test_the_tour_rounds_as_the_boards_do(shop: Workspace, tour: str, name: str, value: str) -> None:
    answer = shop.ask(Query((name,), **CAMPAIGN))
    entry = kpi.catalogue().kpis[name]
    assert Words("en").compact(answer.totals[name], entry.unit, "PLN").replace("\u00a0", " ") == value
    assert value in tour


def test_the_polish_words_of_the_tour_stand_on_the_screens(tour: str) -> None:
    polish = (ROOT / "kpi/wording/locale/pl/LC_MESSAGES/koszyk.po").read_text("utf-8")
    polish += source(ROOT / "kpi" / "model")
    bracketed = re.findall(r"(?<!!)\[([^\]]+)\](?!\()", tour)
    assert len(bracketed) > 20
    assert [words for words in bracketed if f'"{words}"' not in polish] == []
