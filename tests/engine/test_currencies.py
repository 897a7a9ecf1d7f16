"""Several currencies stay apart until a rate is given; then every amount counts in the workspace's own, by its day."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace
from kpi.errors import BadAnswer
from tests.rows import load_rows, order, spent

QUARTER = {"start": date(2026, 1, 1), "end": date(2026, 3, 31)}


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        shop.settings["currency"] = "PLN"
        load_rows(shop, orders=[
            order("1", "2026-01-10", 100),
            order("2", "2026-02-10", 10, currency="EUR"),
            order("3", "2026-03-10", 10, currency="EUR", refunded_amount=5),
        ])  # fmt: skip
        yield shop


def total(shop, kpi, **more):
    return shop.ask(Query((kpi,), **(QUARTER | more))).totals.get(kpi)


def test_without_a_rate_they_are_never_added(shop):
    answer = shop.ask(Query(("revenue", "orders", "discount_rate"), **QUARTER))
    assert set(answer.refused) == {"revenue", "discount_rate"}
    assert answer.totals["orders"] == 3


def test_a_rate_without_a_day_holds_always(shop):
    """100 + 20 × 4 − 5 × 4."""
    shop.set_rate("eur", "pln", 4)
    answer = shop.ask(Query(("revenue",), **QUARTER))
    assert answer.totals["revenue"] == 160
    assert answer.currencies["revenue"] == "PLN"
    assert any("EUR" in str(note) for note in answer.notes)


def test_each_amount_takes_the_rate_of_its_day(shop):
    """100 + 10 × 4 + 5 × 5, the rates of January and of 1 March."""
    shop.set_rate("EUR", "PLN", 4, day=date(2026, 1, 1))
    shop.set_rate("EUR", "PLN", 5, day=date(2026, 3, 1))
    assert total(shop, "revenue") == 165
    months = shop.ask(Query(("revenue",), grain="month", **QUARTER)).frame["revenue"]
    assert list(months) == [100, 40, 25]


def test_days_before_the_first_rate_are_not_guessed(shop):
    shop.set_rate("EUR", "PLN", 5, day=date(2026, 3, 1))
    assert "revenue" in shop.ask(Query(("revenue",), **QUARTER)).refused
    march = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}
    assert total(shop, "revenue", **march) == 25


def test_the_inverse_of_a_rate_serves_too(shop):
    shop.set_rate("PLN", "EUR", 0.25)
    assert total(shop, "revenue") == 160


def test_another_own_currency(shop):
    """25 + 10 + 5 euros."""
    shop.set_rate("EUR", "PLN", 4)
    shop.settings["currency"] = "EUR"
    assert total(shop, "revenue") == 40
    assert shop.ask(Query(("revenue",), **QUARTER)).currencies["revenue"] == "EUR"


def test_who_asks_for_one_currency_gets_its_own_amounts(shop):
    shop.set_rate("EUR", "PLN", 4)
    assert total(shop, "revenue", where={"currency": "EUR"}) == 15
    frame = shop.ask(Query(("revenue",), by=("currency",), **QUARTER)).frame
    assert dict(zip(frame["currency"], frame["revenue"], strict=True)) == {"EUR": 15, "PLN": 100}


def test_two_tables_of_two_currencies_meet_in_the_workspaces(shop):
    """(100 + 15 × 4) zł over 20 euros of 4 zł."""
    load_rows(shop, ad_spend=[spent("2026-01-10", 20, currency="EUR")])
    assert "mer" in shop.ask(Query(("mer",), **QUARTER)).refused
    shop.set_rate("EUR", "PLN", 4)
    assert shop.ask(Query(("mer", "spend"), **QUARTER)).totals == {"mer": 2, "spend": 80}


def test_undoing_the_rate_keeps_them_apart_again(shop):
    number = shop.set_rate("EUR", "PLN", 4).import_id
    shop.undo(number)
    assert "revenue" in shop.ask(Query(("revenue",), **QUARTER)).refused


@pytest.mark.parametrize(
    ("origin", "target", "rate"),
    [("EUR", "EUR", 4), ("EURO", "PLN", 4), ("EUR", "PLN", 0), ("EUR", "PLN", float("nan"))],
)
def test_rates_that_are_none(shop, origin, target, rate):
    with pytest.raises(BadAnswer):
        shop.set_rate(origin, target, rate)
