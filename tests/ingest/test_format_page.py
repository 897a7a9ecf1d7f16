"""The example of docs/formats.md is read as the page says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part, recognise
from kpi.ingest.formats import format_from, formats

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]


def block(language: str) -> str:
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


@pytest.fixture(autouse=True)
def _the_page_is_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    known = (*formats(), format_from(tomllib.loads(block("toml"))))
    monkeypatch.setattr(recognise, "formats", lambda: known)


def test_the_example_is_recognised_and_its_total_compared(read: Read, table: Table) -> None:
    (part,) = read(block("csv"), "sklepik.csv")
    assert part.format == "sklepik_orders"
    assert part.confidence >= 0.9
    assert not part.questions
    assert (part.rows.read, part.rows.loaded, part.rows.totals) == (3, 2, 1)
    assert [(check.column, check.declared, check.agrees) for check in part.check_totals] == [
        ("Do zapłaty", 170.0, True)
    ]
    assert table(part, "orders", "order_id, status, total_amount") == [
        ("SK-1", "paid", Decimal(105)),
        ("SK-2", "cancelled", Decimal(65)),
    ]


def test_only_the_paid_order_of_the_example_counts() -> None:
    with Workspace(":memory:") as shop:
        shop.add(block("csv").encode(), name="sklepik.csv")
        totals = shop.ask(Query(("orders", "net_sales"))).totals
    # 100 − 10
    assert totals == {"orders": 1, "net_sales": 90}
