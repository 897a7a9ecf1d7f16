"""The worked shop from its own files, which no known export fits: in any order, one by one or zipped, the same numbers."""

from __future__ import annotations

import io
import json
import random
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi import Load, Query, Workspace, catalogue

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "worked_shop"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared reference files are not beside the project"),
]
FILES = ["orders.csv", "order_lines.csv", "customers.csv", "products.csv", "traffic.csv", "ad_spend.csv"]
ROWS = {"orders": 10, "order_lines": 12, "customers": 5, "products": 7, "traffic": 9, "ad_spend": 2}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return json.loads((FOLDER / "expected.json").read_text("utf-8"))


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in FILES:
            archive.write(FOLDER / name, name)
    return packed.getvalue()


def loads(shop: Workspace, order: int | None) -> list[Load]:
    """The files of the shop: as one zip, or in an order of their own."""
    if order is None:
        return list(shop.add(zipped(), name="shop.zip").parts)
    return [shop.add(FOLDER / name) for name in random.Random(order).sample(FILES, len(FILES))]


@pytest.mark.parametrize("order", [None, 1, 2, 3, 4, 5])
def test_the_files_load_without_a_question_and_give_the_expected_numbers(
    order: int | None, expected: dict[str, Any]
) -> None:
    with Workspace(":memory:") as shop:
        found = loads(shop, order)
        assert [load.questions for load in found] == [()] * len(FILES)
        assert {table: count for load in found for table, count in load.tables.items()} == ROWS
        assert all(load.rows.are_conserved and 0.6 <= load.confidence < 0.9 for load in found)
        kpis = tuple(name for name in expected["total"] if name in catalogue().kpis)
        start, end = map(date.fromisoformat, expected["period"])
        totals = shop.ask(Query(kpis, start=start, end=end)).totals
        assert totals == pytest.approx({name: expected["total"][name] for name in kpis}, abs=1e-9)
        for name in ("conversion_rate by device", "conversion_rate by channel", "aov by age_group", "aov by gender"):
            kpi, dimension = name.split(" by ")
            frame = shop.ask(Query((kpi,), by=(dimension,), start=start, end=end)).frame.dropna(subset=[kpi])
            groups = {value or "(unknown)": number for value, number in zip(frame[dimension], frame[kpi], strict=True)}
            assert groups == pytest.approx(expected[name])
