"""The workspace's own orders as outcomes of a test, worked out by hand."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kpi import Workspace
from kpi.abtests import Design, Measure
from kpi.errors import BadExperiment
from tests.rows import line, load_rows, order

TODAY = date(2026, 4, 1)
ASSIGNED = (
    "email,variant,assigned_at,device\n"
    "anna@example.com,A,2026-03-01 10:00:00,mobile\n"
    "jan@example.com,A,2026-03-02 10:00:00,mobile\n"
    "ewa@example.com,B,2026-03-01 10:00:00,mobile\n"
    "ola@example.com,B,2026-03-03 10:00:00,desktop\n"
    "new@example.com,B,2026-03-04 10:00:00,desktop\n"
)
REVENUE = Design("letter", "A", Measure("mean", "revenue_amount"), outcomes="orders")


@pytest.fixture
def shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        shop.settings["currency"] = "PLN"
        shop.settings["time_zone"] = "UTC"
        shop.add(ASSIGNED.encode(), name="letter.csv")
        yield shop


def of(shop: Workspace, name: str, order_id: str, moment: str, items: float, **more: Any) -> dict[str, Any]:
    return order(order_id, moment, items, customer_key=shop._store.customer_key(f"{name}@example.com"), **more)


def with_orders(shop: Workspace) -> None:
    """Anna: 40 before the test, then 100 − 30 given back, 9:59 on her day does not count. Jan: cancelled. Ewa: 60 + 20.
    Ola: only on the last day of the orders, which does not count. Somebody else ordered too."""
    load_rows(
        shop,
        orders=[
            of(shop, "anna", "1", "2026-01-10 12:00:00", 40),
            of(shop, "anna", "2", "2026-03-01 09:59:00", 500),
            of(shop, "anna", "3", "2026-03-01 10:00:00", 100),
            of(shop, "jan", "4", "2026-03-05 10:00:00", 900, status="cancelled"),
            of(shop, "ewa", "5", "2026-03-06 10:00:00", 60),
            of(shop, "ewa", "6", "2026-03-07 10:00:00", 20),
            of(shop, "ola", "7", "2026-03-20 10:00:00", 70),
            of(shop, "somebody", "8", "2026-03-08 10:00:00", 800),
        ],
        order_lines=[line("3", 1, "Mug", 4, 25), line("5", 1, "Mug", 2, 30), line("6", 1, "Lid", 1, 20)],
        refunds=[
            {"refund_id": "r", "order_id": "3", "refunded_at": "2026-03-25 10:00:00", "amount": 30, "currency": "PLN"}
        ],
    )


def test_orders_count_from_the_moment_of_assignment_to_the_last_whole_day(shop: Workspace) -> None:
    """A: Anna 100 − 30 = 70, Jan 0. B: Ewa 60 + 20 = 80, Ola 0, the new one 0."""
    with_orders(shop)
    observed = shop.experiments.judge(REVENUE, TODAY).observed
    assert observed.units == {"A": 2, "B": 3}
    moments = observed.moments("mean:revenue_amount")
    assert {arm: (one.n, one.mean, one.nonzero) for arm, one in moments.items()} == {
        "A": (2, 35.0, 1),
        "B": (3, pytest.approx(80 / 3), 1),
    }


def test_aov_units_and_conversion_come_from_the_same_orders(shop: Workspace) -> None:
    """A: 70 in 1 order, 4 units; B: 80 in 2 orders, 3 units."""
    with_orders(shop)
    design = shop.experiments.suggested("letter", "orders")
    assert (design.outcomes, design.primary, design.segments) == (
        "orders",
        Measure("proportion", "orders"),
        ("device",),
    )
    found = shop.experiments.judge(design, TODAY)
    aov, units = found.observed.moments("ratio:revenue_amount/orders"), found.observed.moments("mean:units")
    assert {arm: (one.total, one.denominator_mean * one.n) for arm, one in aov.items()} == {
        "A": (70, 1),
        "B": (80, pytest.approx(2)),
    }
    assert {arm: one.total for arm, one in units.items()} == {"A": 4, "B": 3}
    rates = found.observed.moments("proportion:orders")
    assert {arm: (one.nonzero, one.n) for arm, one in rates.items()} == {"A": (1, 2), "B": (1, 3)}


def test_a_file_that_only_assigns_is_measured_by_orders_unasked(shop: Workspace) -> None:
    with_orders(shop)
    assert shop.experiments.suggested("letter").outcomes == "orders"
    held = shop.experiments.with_orders("letter")
    # Anna, Ewa and Ola have an order that is valid; Jan's was cancelled.
    assert (held.known_customers, held.currency) == (3, "PLN")


def test_what_people_spent_in_the_year_before_is_the_covariate(shop: Workspace) -> None:
    """Anna spent 40 in January and 500 one minute before her assignment; the others nothing."""
    with_orders(shop)
    design = shop.experiments.suggested("letter")
    revenue = next(one for one in design.others if one.name == "mean:revenue_amount")
    assert revenue.covariate == "revenue_before"
    moments = shop.experiments.judge(design, TODAY).observed.moments("mean:revenue_amount")
    assert {arm: one.covariate_mean * one.n for arm, one in moments.items()} == {"A": 540, "B": 0}


def test_people_assigned_after_the_orders_end_are_left_out_and_said_to_be(shop: Workspace) -> None:
    text = ASSIGNED + "late@example.com,A,2026-03-20 10:00:00,mobile\n" + "none@example.com,A,,mobile\n"
    shop.add(text.encode(), name="letter.csv")
    with_orders(shop)
    intake = shop.experiments.judge(REVENUE, TODAY).observed.intake
    assert (intake.rows, intake.units) == (7, 5)
    assert [(str(one.rule), one.count) for one in intake.left_out] == [
        ("Rows that do not say when the person was assigned are left out.", 1),
        ("People assigned after 2026-03-19, the last whole day of the orders, are left out.", 1),
    ]


def test_the_day_of_asking_does_not_count(shop: Workspace) -> None:
    """Asked on 7 March, Ewa's order of that day is not there yet."""
    with_orders(shop)
    moments = shop.experiments.judge(REVENUE, date(2026, 3, 7)).observed.moments("mean:revenue_amount")
    assert moments["B"].total == 60


def test_amounts_are_in_the_workspaces_currency_or_refused(shop: Workspace) -> None:
    """Ewa's 60 EUR are worth 240 PLN at a rate of 4."""
    load_rows(
        shop,
        orders=[
            of(shop, "anna", "3", "2026-03-01 10:00:00", 100),
            of(shop, "ewa", "5", "2026-03-06 10:00:00", 60, currency="EUR"),
            of(shop, "somebody", "8", "2026-03-08 10:00:00", 800),
        ],
    )
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.judge(REVENUE, TODAY)
    assert str(raised.value.title) == "Some orders have no amount"
    asked = Design("letter", "A", Measure("proportion", "orders"), outcomes="orders")
    assert shop.experiments.judge(asked, TODAY).observed.moments("proportion:orders")["B"].nonzero == 1
    shop.set_rate("EUR", "PLN", 4)
    moments = shop.experiments.judge(REVENUE, TODAY).observed.moments("mean:revenue_amount")
    assert (moments["A"].total, moments["B"].total) == (100, 240)


def test_orders_that_cannot_be_joined_are_a_sentence(shop: Workspace) -> None:
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.judge(REVENUE, TODAY)
    assert str(raised.value.title) == "Nobody in this test is known by an order"
    with pytest.raises(BadExperiment):
        shop.experiments.quantile(REVENUE, "revenue_amount")
    shop.add(b"user_id,variant,converted\n1,A,1\n2,B,0\n", name="undated.csv")
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.with_orders("undated")
    assert str(raised.value.title) == "The orders cannot be joined to this test"


def test_a_file_column_is_no_outcome_where_orders_are(shop: Workspace) -> None:
    shop.add(
        ASSIGNED.replace("device", "clicks").replace("mobile", "3").replace("desktop", "4").encode(), name="letter.csv"
    )
    with_orders(shop)
    with pytest.raises(BadExperiment) as raised:
        shop.experiments.judge(Design("letter", "A", Measure("mean", "clicks"), outcomes="orders"), TODAY)
    assert str(raised.value.title) == "A column of the test is missing"
    adjusted = Design("letter", "A", Measure("mean", "revenue_amount", covariate="clicks"), outcomes="orders")
    moments = shop.experiments.judge(adjusted, TODAY).observed.moments("mean:revenue_amount")
    assert moments["A"].covariate_mean == 3


def test_customer_numbers_join_as_e_mails_do(shop: Workspace) -> None:
    """Orders of a plain file and a test that names the same customer numbers."""
    orders = "order_id,order_date,customer_id,total\n1,2026-03-02,c1,50\n2,2026-03-03,c2,70\n3,2026-03-09,c9,10\n"
    shop.add(orders.encode(), name="orders.csv", answers={"currency": "PLN"})
    text = "customer_id,variant,assigned_at\nc1,A,2026-03-01\nc2,B,2026-03-01\nc3,A,2026-03-01\nc4,B,2026-03-01\n"
    load = shop.add(text.encode(), name="numbers.csv")
    assert load.questions == ()
    design = Design("numbers", "A", Measure("mean", "revenue_amount"), outcomes="orders")
    moments = shop.experiments.judge(design, TODAY).observed.moments("mean:revenue_amount")
    assert {arm: one.total for arm, one in moments.items()} == {"A": 50, "B": 70}


def test_customer_numbers_are_those_of_the_one_shop_whose_orders_are_here(shop: Workspace) -> None:
    """A platform's customer c1 is the hash of its account and the number, and the test's file names c1 alone."""
    keys = {
        name: hmac.new(shop._store.key, f"woocommerce/main\n{name}".encode(), hashlib.sha256).hexdigest()
        for name in ("c1", "c2")
    }
    orders = [
        order(name, f"2026-03-0{place} 10:00:00", 50, customer_key=key)
        for place, (name, key) in enumerate(keys.items(), 2)
    ]
    load_rows(shop, account="woocommerce/main", orders=[*orders, order("last", "2026-03-20 10:00:00")])
    text = "customer_id,variant,assigned_at\nc1,A,2026-03-01\nc2,B,2026-03-01\nc3,A,2026-03-01\nc4,B,2026-03-01\n"
    shop.add(text.encode(), name="numbers.csv")
    assert shop.experiments.with_orders("numbers").known_customers == 2


def test_new_orders_make_a_saved_result_outdated(shop: Workspace) -> None:
    with_orders(shop)
    shop.experiments.save(REVENUE, TODAY, "Letter")
    assert [one.is_current for one in shop.experiments.results()] == [True]
    number = load_rows(shop, "more.csv", orders=[of(shop, "ewa", "9", "2026-03-09 10:00:00", 15)])
    assert [one.is_current for one in shop.experiments.results()] == [False]
    shop.undo(number)
    assert [one.is_current for one in shop.experiments.results()] == [True]
