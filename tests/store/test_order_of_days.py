"""Orders stand in the order of their days, so that a period is found without a look at all of them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.store import facts

ORDERS = 4_000


@pytest.mark.parametrize("is_shuffled", [True, False])
def test_orders_are_sorted_by_day_unless_they_came_so(monkeypatch: pytest.MonkeyPatch, *, is_shuffled: bool) -> None:
    monkeypatch.setattr(facts, "_GROUP", 50)
    lines = [f"A{n},2026-{1 + n // 400:02}-{1 + n % 400 // 16:02} 10:00,10.00" for n in range(ORDERS)]
    if is_shuffled:
        random.Random(1).shuffle(lines)
    with Workspace(":memory:") as shop:
        text = "\n".join(["order number,order date,total", *lines]) + "\n"
        shop.add(text.encode(), name="orders.csv", answers={"currency": "PLN"})
        with shop._store.cursor() as con:
            came = facts._days_a_group(con, "rows.orders", "ordered_at")
            stand = facts._days_a_group(con, "facts.orders", "day")
        assert (came > 8) is is_shuffled
        assert stand <= 2
        assert shop.ask(Query(("orders", "gross_sales"))).totals == {"orders": ORDERS, "gross_sales": 10 * ORDERS}


def test_orders_that_joins_scatter_are_sorted_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where many threads take turns: the rows came in order, and their facts do not stand so."""
    monkeypatch.setattr(facts, "_GROUP", 50)
    measured = facts._days_a_group

    def as_if_they_came_so(con: Any, rows: str, time: str) -> float:
        return 1.0 if rows == "rows.orders" else measured(con, rows, time)

    monkeypatch.setattr(facts, "_days_a_group", as_if_they_came_so)
    lines = [f"A{n},2026-03-{1 + n * 7 % 28:02} 10:00,10.00" for n in range(1_000)]
    with Workspace(":memory:") as shop:
        text = "\n".join(["order number,order date,total", *lines]) + "\n"
        shop.add(text.encode(), name="orders.csv", answers={"currency": "PLN"})
        with shop._store.cursor() as con:
            assert measured(con, "facts.orders", "day") <= 2
