"""Counts that are typed in, results that are saved, and traffic for the next test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kpi import Workspace
from kpi import experiment as ab
from kpi.errors import BadExperiment
from kpi.store.journal import dumped, parsed
from kpi.wording.message import Money, Points, Share, message
from tests.rows import load_rows, order, visit

TODAY = date(2026, 4, 1)
BUTTON = (ab.ArmCount("A", 1000, 100, 5000.0), ab.ArmCount("B", 1000, 150, 6000.0))


@pytest.fixture
def shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        yield shop


def test_typed_counts_are_a_line_in_the_journal_that_can_be_undone(shop: Workspace) -> None:
    load = shop.experiments.add_counts("button", BUTTON, "pln", by="ola")
    assert load.import_id is not None
    assert (load.rows.loaded, load.currencies, shop.imports()[0].imported_by) == (2, ("PLN",), "ola")
    (held,) = shop.experiments.held()
    assert (held.name, held.shape, dict(held.arms), held.currency) == (
        "button",
        "counts",
        {"A": 1000, "B": 1000},
        "PLN",
    )
    found = shop.experiments.judge(shop.experiments.suggested("button"), TODAY)
    assert (found.verdict.comparisons[0].control_value, found.verdict.comparisons[0].value) == (0.1, 0.15)
    shop.undo(load.import_id)
    assert shop.experiments.held() == ()


def test_typed_counts_replace_those_of_the_same_name(shop: Workspace) -> None:
    shop.experiments.add_counts("button", BUTTON, "PLN")
    shop.experiments.add_counts("button", (ab.ArmCount("A", 10, 1), ab.ArmCount("C", 10, 2)))
    (held,) = shop.experiments.held()
    assert (dict(held.arms), held.currency) == ({"A": 10, "C": 10}, None)


@pytest.mark.parametrize(
    ("name", "counts", "currency", "title"),
    [
        ("", BUTTON, "PLN", "This test cannot be kept"),
        ("button", BUTTON[:1], "PLN", "This test cannot be kept"),
        ("button", BUTTON, None, "The currency of these amounts is not known"),
        ("button", BUTTON, "zloty", "The currency of these amounts is not known"),
        ("button", (ab.ArmCount("A", 10, 11), ab.ArmCount("B", 10, 2)), None, "These counts cannot be compared"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    shop: Workspace, name: str, counts: tuple[ab.ArmCount, ...], currency: str | None, title: str
) -> None:
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.add_counts(name, counts, currency)
    assert str(raised.value.title) == title
    assert shop.imports() == ()


def test_a_saved_result_is_what_was_found_and_stays_so_after_reopening(tmp_path: Path) -> None:
    with Workspace(tmp_path / "shop.duckdb") as shop:
        shop.experiments.add_counts("button", BUTTON, "PLN")
        design = shop.experiments.suggested("button")
        found = shop.experiments.judge(design, TODAY)
        saved = shop.experiments.save(design, TODAY, " Green button ", by="ola")
        assert (saved.title, saved.by, saved.code, saved.units) == ("Green button", "ola", found.verdict.code, 2000)
        assert (saved.sentence, saved.fingerprint, saved.is_current) == (
            found.verdict.sentence,
            found.fingerprint,
            True,
        )
        deciding = found.deciding
        assert deciding is not None
        assert deciding.estimate is not None
        one = deciding.estimate
        assert saved.effect == (one.difference, one.low, one.high)
    with Workspace(tmp_path / "shop.duckdb") as shop:
        (again,) = shop.experiments.results()
        assert (again, again.design) == (saved, design)
        assert shop._store.rows("select who, what from audit where what = 'save_result'") == [("ola", "save_result")]
        shop.experiments.forget(again.id)
        assert shop.experiments.results() == ()
        with pytest.raises(BadExperiment):
            shop.experiments.forget(again.id)


def test_a_result_is_outdated_by_an_undo_and_current_again_after_a_redo(shop: Workspace) -> None:
    first = shop.experiments.add_counts("button", BUTTON, "PLN").import_id
    assert first is not None
    shop.experiments.save(shop.experiments.suggested("button"), TODAY, "Green button")
    shop.undo(first)
    assert [one.is_current for one in shop.experiments.results()] == [False]
    shop.redo(first)
    assert [one.is_current for one in shop.experiments.results()] == [True]
    more = (BUTTON[0], ab.ArmCount("B", 1001, 151, 6000.0))
    shop.experiments.add_counts("button", more, "PLN")
    assert [one.is_current for one in shop.experiments.results()] == [False]


def test_amounts_and_points_of_a_saved_sentence_keep_their_kind(shop: Workspace) -> None:
    shop.experiments.add_counts("button", BUTTON, "PLN")
    design = shop.experiments.suggested("button")
    saved = shop.experiments.save(design, TODAY, "Green button")
    before = shop.experiments.judge(design, TODAY).verdict.sentence.params
    assert {name: type(value) for name, value in saved.sentence.params.items()} == {
        name: type(value) for name, value in before.items()
    }
    assert any(isinstance(value, Points | Money) for value in before.values())


def test_a_share_in_a_sentence_is_a_share_after_the_journal() -> None:
    told = message("{share} of the units", share=Share(0.25), amount=Money(1.5, "PLN", 3), size=Points(0.01))
    again = parsed(dumped(told))
    assert again == told
    assert {name: type(value) for name, value in again.params.items()} == {
        "share": Share,
        "amount": Money,
        "size": Points,
    }


def test_traffic_is_a_mean_over_four_whole_weeks(shop: Workspace) -> None:
    """40 days with 10 sessions each, the last with 3: it is left out. An order every other day: 14 in 28 days."""
    assert shop.experiments.traffic(TODAY) == ()
    first = date(2026, 1, 1)
    days = [first + timedelta(days=place) for place in range(40)]
    sessions = [visit(str(day), 3 if day == days[-1] else 10) for day in days]
    orders = [order(str(place), f"{day} 10:00:00") for place, day in enumerate(days) if place % 2 == 0]
    load_rows(shop, traffic=sessions, orders=orders)
    found = {one.counted: one for one in shop.experiments.traffic(TODAY)}
    assert (found["sessions"].a_day, found["sessions"].days) == (10.0, (days[11], days[38]))
    assert found["orders"].a_day == 0.5
