"""Damaged copies of real tables: rows are conserved, nothing falls over, no number is silently zero, and the order in
which the files come does not matter."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import duckdb
import pytest

from kpi import Query, Workspace
from kpi.errors import KpiError

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared files are not beside the project"),
]
SHOPS = {
    "worked shop": ("reference/worked_shop", "cp1252"),
    "adventureworks": ("data/adventureworks", "cp1252"),
    "web shop": ("data/web_shop", "utf-8"),
    "facebook ads": ("data/facebook_ads", "utf-8"),
    "crm": ("data/crm_b2b", "utf-8"),
    "online retail": ("data/online_retail", "utf-8"),
}
ROWS = 120
ANSWERS = {"currency": "USD", "day_first": False, "decimal": ".", "period": ("2026-01-01", "2026-12-31")}
ASKED = ("orders", "units", "gross_sales", "customers", "sessions", "spend", "win_rate", "unit_return_rate")


def tables(shop: str) -> dict[str, list[list[str]]]:
    """The first rows of every file, header first."""
    folder, encoding = SHOPS[shop]
    found = {}
    for path in sorted((SHARED / folder).glob("*.csv")):
        text = path.read_text(encoding, errors="replace").lstrip("\ufeff")
        found[path.name] = list(csv.reader(io.StringIO(text)))[: ROWS + 1]
    for path in (SHARED / folder).glob("*.parquet"):
        result = duckdb.sql(f"from '{path}' limit {ROWS}")
        rows = [["" if cell is None else str(cell) for cell in row] for row in result.fetchall()]
        found[f"{path.stem}.csv"] = [result.columns, *rows]
    return found


def damaged(rows: list[list[str]], chance: random.Random) -> bytes:
    """A copy with a few rows cut, cells swapped or overwritten, a footer, another separator and encoding."""
    copy = [list(row) for row in rows]
    for _ in range(chance.randint(1, 6)):
        row = copy[chance.randrange(1, len(copy))]
        match chance.choice(["cut", "swap", "write", "drop", "footer"]):
            case "cut" if len(copy) > 3:
                copy.remove(row)
            case "swap" if len(row) > 1:
                one, other = chance.sample(range(len(row)), 2)
                row[one], row[other] = row[other], row[one]
            case "write" if row:
                row[chance.randrange(len(row))] = chance.choice(["n/a", "", "9" * 30, "31/31/2031", "=1+1", "abc"])
            case "drop" if row:
                row.pop()
            case "footer":
                copy.append(["Razem", *[""] * (len(rows[0]) - 1)])
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice([",", ";", "\t"]), lineterminator=chance.choice(["\n", "\r\n"])).writerows(
        copy
    )
    text = out.getvalue()
    text = text[: len(text) - chance.choice([0, 0, 3, 9])]
    return text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1250"]), errors="replace")


def numbers(files: dict[str, bytes]) -> tuple[dict[str, float | None], dict[str, int]]:
    """The totals after loading the files in their order, and how many rows each table got."""
    loaded: dict[str, int] = {}
    with Workspace(":memory:") as shop:
        for name, content in files.items():
            try:
                load = shop.add(content, name=name, answers=ANSWERS)
            except KpiError:
                continue
            assert load.rows.are_conserved, name
            if not load.questions:
                for table, count in load.tables.items():
                    loaded[table] = loaded.get(table, 0) + count
        return dict(shop.ask(Query(ASKED)).totals), loaded


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shop", SHOPS)
def test_damage_is_survived_whatever_the_order(shop: str, seed: int) -> None:
    chance = random.Random(f"{shop} {seed}")
    files = {name: damaged(rows, chance) for name, rows in tables(shop).items()}
    shuffled = list(files.items())
    chance.shuffle(shuffled)
    found, loaded = numbers(files)
    again, _ = numbers(dict(shuffled))
    assert again == pytest.approx(found, nan_ok=True)
    for kpi, table in (("orders", "orders"), ("units", "order_lines"), ("spend", "ad_spend"), ("sessions", "traffic")):
        if loaded.get(table) and kpi in found:
            assert found[kpi], f"{kpi} is {found[kpi]} though {loaded[table]} rows of {table} were loaded"
