"""Deals: won over closed by the day of closing, the customer's sector, the representative's office."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace
from tests.rows import load_rows

JANUARY = {"start": date(2026, 1, 1), "end": date(2026, 1, 31)}


def deal(deal_id, closed, is_won, amount, **more):
    return {"deal_id": deal_id, "created_at": "2026-01-01", "closed_at": closed, "is_won": is_won, "amount": amount, "currency": "PLN"} | more  # fmt: skip


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        load_rows(shop, deals=[
            deal("1", "2026-01-11", True, 100, staff_id="Anna", customer_key="acme", product="GTX Pro"),
            deal("2", "2026-01-05", True, 50, staff_id="Jan"),
            deal("3", "2026-01-20", False, 0, staff_id="Anna", customer_key="acme"),
            deal("4", None, None, 200, staff_id="Ewa", probability=0.25),
        ])  # fmt: skip
        load_rows(shop, customers=[{"customer_key": "acme", "sector": "retail"}])
        load_rows(shop, staff=[{"staff_id": "Anna", "office": "East"}, {"staff_id": "Jan", "office": "West"}])
        load_rows(shop, products=[{"sku": "g", "product": "GTX Pro", "category": "GTX"}])
        yield shop


def test_totals(shop):
    """2 of 3 closed are won, worth 150 over Anna and Jan; 200 × 25 % still open; (10 + 4) / 2 days."""
    kpis = ("win_rate", "won_amount", "lead_value", "sales_cycle", "rep_sales")
    found = shop.ask(Query(kpis, **JANUARY)).totals
    assert found == pytest.approx(
        {"win_rate": 2 / 3, "won_amount": 150, "lead_value": 50, "sales_cycle": 7 * 86400, "rep_sales": 75}
    )


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("sector", {"retail": 100, None: 50}),
        ("office", {"East": 100, "West": 50}),
        ("category", {"GTX": 100, None: 50}),
        ("staff", {"Anna": 100, "Jan": 50}),
    ],
)
def test_breakdowns(shop, dimension, expected):
    frame = shop.ask(Query(("won_amount",), by=(dimension,), **JANUARY)).frame
    assert dict(zip(frame[dimension], frame["won_amount"], strict=True)) == expected
