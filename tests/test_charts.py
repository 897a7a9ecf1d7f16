"""The line over time as a specification: its words, its marks of what is not whole, what a click takes."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace, catalogue
from kpi.charts import PICKED, axis_start, line_over_time
from kpi.wording import words
from tests.rows import load_rows, order

REVENUE = catalogue().kpis["net_sales"]


@pytest.fixture
def shop():
    """100 on the first and 50 on the last day of each month of the first half of 2026."""
    days = [("01", 31), ("02", 28), ("03", 31), ("04", 30), ("05", 31), ("06", 30)]
    with Workspace(":memory:") as shop:
        load_rows(
            shop,
            orders=[
                order(f"{month}-{day}", f"2026-{month}-{day:02}", amount)
                for month, last in days
                for day, amount in ((1, 100), (last, 50))
            ],
        )
        yield shop


def spec(shop, language="en", **more):
    whole = {"start": date(2026, 4, 1), "end": date(2026, 6, 30), "grain": "month", "compare": "previous"} | more
    return line_over_time(shop.ask(Query(("net_sales",), **whole)), REVENUE, words(language)).to_dict()


def rows(spec):
    (found,) = [rows for rows in spec["datasets"].values() if rows]
    return found


def params(spec):
    return {param["name"] for param in spec.get("params", ())}


def filters(spec):
    return [step["filter"] for layer in spec["layer"] for step in layer.get("transform", ())]


def test_a_bucket_says_its_value_and_what_it_is_compared_with(shop):
    """April has 30 days, January 31; May 31, February 28; June 30, March 31: none of the three pairs is even."""
    found = rows(spec(shop))
    assert [row["bucket"] for row in found] == ["April 2026", "May 2026", "June 2026"]
    assert [row["compared_bucket"] for row in found] == [
        "January 2026 (31 days, this period 30)",
        "February 2026 (28 days, this period 31)",
        "March 2026 (31 days, this period 30)",
    ]
    assert [row["is_uneven"] for row in found] == [True, True, True]
    assert found[1]["told"] == (
        "May 2026: PLN\u00a0150.00; Compared period: February 2026 (28 days, this period 31), PLN\u00a0150.00"
    )


def test_a_polish_reader_reads_weeks_by_their_days_and_months_by_their_names(shop):
    assert [row["bucket"] for row in rows(spec(shop, "pl"))] == ["kwiecień 2026", "maj 2026", "czerwiec 2026"]
    weeks = rows(spec(shop, "pl", grain="week"))
    assert weeks[0]["bucket"] == "1–5\u00a0kwi\u00a02026 (5 z 7 dni)"
    assert weeks[4]["bucket"] == "27\u00a0kwi\u00a0– 3\u00a0maj\u00a02026"


def test_compared_points_that_hold_other_days_are_drawn_and_even_ones_are_not(shop):
    """The first half of March against that of February by day: fifteen even days."""
    assert "datum.is_uneven" in filters(spec(shop))
    even = spec(shop, start=date(2026, 3, 1), end=date(2026, 3, 15), grain="day")
    assert not any(row["is_uneven"] for row in rows(even))
    assert "datum.is_uneven" not in filters(even)


def test_a_bucket_can_be_clicked_where_there_are_several(shop):
    assert PICKED in params(spec(shop))
    alone = spec(shop, start=date(2026, 5, 1), end=date(2026, 5, 31))
    assert (len(rows(alone)), PICKED in params(alone)) == (1, False)


def test_a_click_takes_the_days_that_count(shop):
    first, *_, last = rows(spec(shop, start=date(2026, 4, 10), end=date(2026, 6, 20)))
    assert (first["first"], first["last"]) == ("2026-04-10", "2026-04-30")
    assert (last["first"], last["last"]) == ("2026-06-01", "2026-06-20")


def test_bands_lie_beside_each_other_without_a_gap(shop):
    found = rows(spec(shop))
    assert [row["until"] for row in found[:-1]] == [row["since"] for row in found[1:]]
    assert all(row["since"] < row["date"] < row["until"] for row in found)


def test_the_same_answer_gives_the_same_chart(shop):
    assert spec(shop) == spec(shop)


def test_the_axis_of_a_rate_begins_a_little_below_its_least_value_and_says_where():
    """Discounts of 10 and 20 on 100: 10 % and 20 %; a twentieth of the range below 10 % is 9.5 %."""
    rate = catalogue().kpis["discount_rate"]
    with Workspace(":memory:") as shop:
        load_rows(
            shop,
            orders=[
                order("1", "2026-01-05", discount_amount=10),
                order("2", "2026-02-05", discount_amount=20),
            ],
        )
        answer = shop.ask(Query(("discount_rate", "net_sales"), grain="month"))
    assert axis_start(answer, rate) == pytest.approx(0.095)
    assert axis_start(answer, REVENUE) is None
    (scale,) = {
        layer["encoding"]["y"]["scale"]["domainMin"]
        for layer in line_over_time(answer, rate, words("en")).to_dict()["layer"]
        if "scale" in layer["encoding"].get("y", {})
    }
    assert scale == pytest.approx(0.095)
