"""The same orders in two files that know nothing of each other are pointed out, whichever comes first."""

import pytest

from kpi import Workspace

GRID = b"""ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date
1;AAA;1;Poland;A. B.;10.00;Card;Delivered;2026-03-02 10:00:00
2;BBB;0;Poland;C. D.;20.00;Card;Delivered;2026-03-05 10:00:00
"""
GUESSED = b"order_id,order_date,total,currency,status\nX1,2026-03-05,20.00,PLN,paid\nX2,2026-03-09,7.00,PLN,paid\n"
LATER = GUESSED.replace(b"2026-03-", b"2026-04-")


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def warnings(load):
    return [note.params["count"] for note in load.notes if "lie in the same days" in note.text]


def add_grid(shop):
    return shop.add(GRID, name="order.csv", answers={"currency": "PLN"})


def test_a_guessed_file_after_a_known_export_names_its_orders_of_those_days(shop):
    assert add_grid(shop).tables["orders"] == 2
    # 5–9 March: of the known export's two orders one
    assert warnings(shop.add(GUESSED, name="eksport.csv")) == [1]


def test_a_known_export_after_a_guessed_file_says_the_same(shop):
    assert not warnings(shop.add(GUESSED, name="eksport.csv"))
    # 2–5 March: of the guessed file's two orders one
    load = add_grid(shop)
    assert warnings(load) == [1]
    assert shop.imports()[0].load.notes == load.notes


def test_orders_of_other_days_or_of_an_undone_import_are_no_doubles(shop):
    load = shop.add(GUESSED, name="eksport.csv")
    shop.undo(load.import_id)
    assert not warnings(add_grid(shop))
    assert not warnings(shop.add(LATER, name="pozniej.csv"))
