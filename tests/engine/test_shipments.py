"""Parcels: on time, complete and correct, how long they take and what they cost."""

from datetime import date

import pytest

from kpi import Query
from tests.rows import load_rows, order

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


def parcel(name, promised=None, delivered=None, **more):
    return {"order_id": name, "parcel": name, "promised_at": promised, "delivered_at": delivered} | more


def totals(shop, *kpis, **more):
    return dict(shop.ask(Query(kpis, **(MARCH | more))).totals)


def test_on_time_counts_what_was_due_and_what_never_came(empty):
    """Due: 1 on its day, 2 a day late, 3 undelivered. 4 is promised for after the last day of the file."""
    load_rows(
        empty,
        shipments=[
            parcel("1", "2026-03-04", "2026-03-04 18:30"),
            parcel("2", "2026-03-05", "2026-03-06"),
            parcel("3", "2026-03-06"),
            parcel("4", "2026-03-10", shipped_at="2026-03-08"),
        ],
    )
    assert totals(empty, "on_time") == {"on_time": pytest.approx(1 / 3)}
    receipt = empty.ask(Query(("on_time",), **MARCH)).receipt("on_time")
    assert (receipt.numerator, receipt.denominator) == (1, 3)
    # four parcels, though each stands in the facts once a step
    assert dict(receipt.n) == {"shipments": 4}


def test_a_parcel_is_due_on_its_promised_day_and_not_when_it_came(empty):
    load_rows(empty, shipments=[parcel("1", "2026-03-31", "2026-04-02"), parcel("2", "2026-04-01", "2026-04-01")])
    assert totals(empty, "on_time") == {"on_time": 0}
    assert totals(empty, "on_time", start=date(2026, 4, 1), end=date(2026, 4, 30)) == {"on_time": 1}


def test_a_promised_hour_is_an_hour(empty):
    load_rows(
        empty,
        shipments=[
            parcel("1", "2026-03-04 12:00", "2026-03-04 11:59"),
            parcel("2", "2026-03-04 12:00", "2026-03-04 12:01"),
        ],
    )
    assert totals(empty, "on_time") == {"on_time": 0.5}


def test_a_promised_day_does_not_move_with_the_time_zone(empty):
    """The zone is Warsaw's: 23:30 UTC on 4 March is 5 March there, a day late; the promised day stays the 4th."""
    load_rows(
        empty,
        shipments=[
            parcel("1", "2026-03-04", "2026-03-04 22:30", utc_offset=0),
            parcel("2", "2026-03-04", "2026-03-04 23:30", utc_offset=0),
        ],
    )
    assert totals(empty, "on_time") == {"on_time": 0.5}


def test_a_file_that_never_says_delivered_has_no_late_parcels(empty):
    load_rows(empty, shipments=[parcel("1", "2026-03-04", shipped_at="2026-03-09")])
    answer = empty.ask(Query(("on_time",), **MARCH))
    assert "on_time" in answer.refused


def test_parcels_are_due_only_as_far_as_their_own_file_knows(empty):
    """The older list ends on 5 March: its parcel promised for the 6th is not late because a newer list goes further."""
    old = [parcel("1", "2026-03-05", "2026-03-05"), parcel("2", "2026-03-06")]
    load_rows(empty, "old.csv", shipments=old)
    load_rows(empty, "new.csv", shipments=[parcel("3", "2026-03-19", "2026-03-20")])
    assert totals(empty, "on_time") == {"on_time": 0.5}


def test_a_list_of_orders_lends_its_promise_to_the_parcels(empty):
    """The shop's list promises the 5th for order 1, the courier delivered its two parcels on the 5th and the 6th."""
    load_rows(
        empty,
        "shop.csv",
        shipments=[{"order_id": "1", "promised_at": "2026-03-05", "ordered_at": "2026-03-01"}],
    )
    courier = [
        {"order_id": "1", "parcel": name, "delivered_at": day} for name, day in (("A", "2026-03-05"), ("B", "2026-03-06"))
    ]  # fmt: skip
    load_rows(empty, "courier.csv", shipments=courier)
    assert totals(empty, "on_time", "fulfilment_time") == {"on_time": 0.5, "fulfilment_time": 4.5 * 86400}


def test_suppliers_are_counted_apart_and_by_name(empty):
    inbound = {"direction": "from supplier"}
    load_rows(
        empty,
        shipments=[
            parcel("P1", "2026-03-04", "2026-03-04", supplier="Velmo", **inbound),
            parcel("P2", "2026-03-05", "2026-03-07", supplier="Velmo", **inbound),
            parcel("P3", "2026-03-05", supplier="Orto", **inbound),
            parcel("1", "2026-03-04", "2026-03-04"),
        ],
    )
    assert totals(empty, "on_time", "supplier_on_time") == {"on_time": 1, "supplier_on_time": pytest.approx(1 / 3)}
    frame = empty.ask(Query(("supplier_on_time",), by=("supplier",), **MARCH)).frame
    found = dict(zip(frame["supplier"], frame["supplier_on_time"], strict=True))
    assert (found["Velmo"], found["Orto"]) == (0.5, 0)


def test_accuracy_is_of_delivered_parcels_that_were_checked(empty):
    """1 is right, 2 is incomplete, 3 is wrong; of 4 only one of the two is said, 5 was not delivered."""
    load_rows(
        empty,
        shipments=[
            parcel("1", None, "2026-03-04", is_complete=True, is_correct=True),
            parcel("2", None, "2026-03-04", is_complete=False, is_correct=True),
            parcel("3", None, "2026-03-04", is_correct=False),
            parcel("4", None, "2026-03-04", is_complete=True),
            parcel("5", None, None, is_complete=True, is_correct=True, shipped_at="2026-03-01"),
        ],
    )
    assert totals(empty, "order_accuracy") == {"order_accuracy": pytest.approx(1 / 3)}


def test_accuracy_of_a_file_that_says_only_one_of_the_two(empty):
    rows = [parcel("1", None, "2026-03-04", is_complete=True), parcel("2", None, "2026-03-04", is_complete=False)]
    load_rows(empty, shipments=rows)
    assert totals(empty, "order_accuracy") == {"order_accuracy": 0.5}


def test_whole_days_count_where_a_time_is_not_known(empty):
    """Ordered at 10:00 on the 1st, sent on the 2nd and on the 4th: 1 and 3 days, not 14 and 62 hours."""
    rows = [
        {"order_id": n, "parcel": n, "ordered_at": "2026-03-01 10:00", "shipped_at": day}
        for n, day in (("1", "2026-03-02"), ("2", "2026-03-04"))
    ]
    load_rows(empty, shipments=rows)
    assert totals(empty, "processing_time") == {"processing_time": 2 * 86400}


def test_the_day_of_the_order_comes_from_the_order(empty):
    load_rows(empty, account="shop/main", orders=[order("#7", "2026-03-01 16:00")])
    load_rows(empty, "courier.csv", shipments=[parcel("7", None, "2026-03-05 09:00", shipped_at="2026-03-02 08:00")])
    assert totals(empty, "processing_time", "fulfilment_time") == {
        "processing_time": 86400,
        "fulfilment_time": 4 * 86400,
    }


def test_nine_in_ten_arrive_within_the_slow_time(empty):
    """Ten parcels took 1 to 10 days; by linear interpolation the 90th percentile is 1 + 0.9 · 9 = 9.1 days."""
    rows = [parcel(str(n), None, f"2026-03-{1 + n:02}", ordered_at="2026-03-01") for n in range(1, 11)]
    load_rows(empty, shipments=rows)
    assert totals(empty, "slow_fulfilment_time") == {"slow_fulfilment_time": pytest.approx(9.1 * 86400)}


def test_an_order_costs_what_all_its_parcels_cost(empty):
    """Order 1: 12 + 8, order 2: 10, so 30 / 2; of units only the first parcel knows them: 12 / 4. 3 has no cost."""
    sent = {"shipped_at": "2026-03-02", "currency": "PLN"}
    rows = [
        {"order_id": "1", "parcel": "A", "cost_amount": 12, "units": 4} | sent,
        {"order_id": "1", "parcel": "B", "cost_amount": 8} | sent,
        {"order_id": "2", "parcel": "C", "cost_amount": 10} | sent,
        {"order_id": "3", "parcel": "D"} | sent,
        {"order_id": "P", "parcel": "E", "cost_amount": 99, "direction": "from supplier"} | sent,
    ]
    load_rows(empty, shipments=rows)
    assert totals(empty, "logistics_cost", "unit_logistics_cost") == {"logistics_cost": 15, "unit_logistics_cost": 3}


def test_costs_in_two_currencies_are_not_added(empty):
    rows = [
        {"order_id": n, "parcel": n, "shipped_at": "2026-03-02", "cost_amount": 9, "currency": currency}
        for n, currency in (("1", "PLN"), ("2", "EUR"))
    ]
    load_rows(empty, shipments=rows)
    assert "logistics_cost" in empty.ask(Query(("logistics_cost",), **MARCH)).refused
    assert totals(empty, "logistics_cost", where={"currency": ("EUR",)}) == {"logistics_cost": 9}
