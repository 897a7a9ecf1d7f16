"""Two shops number their orders alike: the second one's are asked about, never taken for a newer export of the first."""

import pytest

from kpi import Query, Workspace

HEADER = "Numer zamówienia;Data zamówienia;Kwota zamówienia;Waluta;Status\n"
FIRST = HEADER + "1;2026-03-02;100,00;PLN;opłacone\n2;2026-03-03;50,00;PLN;opłacone\n"
OTHER = HEADER + "1;2026-04-20;7,00;PLN;opłacone\n3;2026-04-21;9,00;PLN;opłacone\n"
RENEWED = HEADER + "2;2026-03-03;50,00;PLN;anulowane\n3;2026-04-21;9,00;PLN;opłacone\n"


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        shop.add(FIRST.encode(), name="a.csv")
        yield shop


def sold(shop):
    return shop.ask(Query(("orders", "net_sales"))).totals


def test_numbers_of_orders_of_other_days_ask_which_shop_it_is(shop):
    load = shop.add(OTHER.encode(), name="b.csv")
    (question,) = load.questions
    assert (question.key, [value for value, _ in question.choices]) == ("account", ["main", "main/2"])
    assert question.text.params["n"] == 1
    assert sold(shop) == {"orders": 2, "net_sales": 150}


@pytest.mark.parametrize(("account", "orders", "sales"), [("main/2", 4, 166), ("main", 3, 66)])
def test_the_answer_decides_whether_both_count(shop, account, orders, sales):
    """100 + 50 + 7 + 9; of one shop the order 1 is the newer one: 50 + 7 + 9."""
    load = shop.add(OTHER.encode(), name="b.csv", answers={"account": account})
    assert load.questions == ()
    assert sold(shop) == {"orders": orders, "net_sales": sales}
    shop.undo(load.import_id)
    assert sold(shop) == {"orders": 2, "net_sales": 150}


def test_a_third_shop_is_offered_the_second_too(shop):
    shop.add(OTHER.encode(), name="b.csv", answers={"account": "main/2"})
    (question,) = shop.add(OTHER.replace("2026-04-2", "2026-05-2").encode(), name="c.csv").questions
    assert [value for value, _ in question.choices] == ["main", "main/2", "main/3"]


def test_a_newer_export_of_the_same_orders_asks_nothing(shop):
    assert shop.add(RENEWED.encode(), name="b.csv").questions == ()
    assert sold(shop) == {"orders": 2, "net_sales": 109}


def test_a_preview_asks_what_adding_would_ask_and_still_shows_the_rows(shop):
    preview, load = (take(OTHER.encode(), name="b.csv") for take in (shop.preview, shop.add))
    assert preview.questions == load.questions != ()
    assert [row["order_id"] for row in preview.sample] == ["1", "3"]


def test_the_same_file_read_otherwise_is_of_the_same_shop():
    """Whether the day or the month comes first changes the days of its orders, and not whose they are."""
    content = HEADER + "1;03/02/2026;100,00;PLN;opłacone\n2;04/05/2026;50,00;PLN;opłacone\n"
    with Workspace(":memory:") as shop:
        for day_first in (True, False):
            load = shop.add(content.encode(), name="a.csv", answers={"day_first": day_first})
            assert load.questions == ()
        assert sold(shop) == {"orders": 2, "net_sales": 150}
