"""Rows whose partner in another table is not there."""

from __future__ import annotations

from kpi import Query
from tests.rows import line, load_rows, order


def lines(*skus):
    return [line("1", n, sku, 1, 10, sku=sku) for n, sku in enumerate(skus)]


def test_lines_with_a_sku_that_no_product_file_knows_are_counted_with_their_sales(shop, found):
    """X twice and Y once of five lines, 10 each."""
    load_rows(shop, orders=[order("1", "2026-01-05", 50)], order_lines=lines("A", "X", "B", "X", "Y"))
    assert found("unknown_products") == []
    load_rows(shop, "products.csv", products=[{"sku": "A", "product": "Kubek"}, {"sku": "B", "product": "Lampa"}])
    (one,) = found("unknown_products")
    assert (one.count, one.amount, one.currency) == (3, 30, "PLN")
    assert (one.what.params["total"], one.examples) == (5, ("X", "Y"))
    load_rows(shop, "more.csv", products=[{"sku": "X", "product": "Gra"}, {"sku": "Y", "product": "Koc"}])
    assert found("unknown_products") == []


def test_refunds_of_orders_that_are_not_there_are_named_with_their_join_rate(shop, found):
    load_rows(shop, orders=[order("1", "2026-01-05", 50), order("2", "2026-01-05", 50)])
    load_rows(shop, "refunds.csv", refunds=[
        {"refund_id": "a", "order_id": "1", "refunded_at": "2026-01-07", "amount": 5, "currency": "PLN"},
        {"refund_id": "b", "order_id": "9", "refunded_at": "2026-01-08", "amount": 5, "currency": "PLN"},
    ])  # fmt: skip
    (one,) = found("unjoined")
    assert (one.id, one.count, one.examples) == ("unjoined/refunds/orders/main", 1, ("9",))
    assert (one.what.params["joined"], one.what.params["total"], float(one.what.params["rate"])) == (1, 2, 0.5)


def test_customers_whose_file_knows_only_some_are_named_by_nobody(shop, found):
    load_rows(shop, orders=[order(str(n), "2026-01-05", customer_key=f"c{n}") for n in range(4)])
    assert found("unjoined") == []
    load_rows(shop, "customers.csv", customers=[{"customer_key": f"c{n}", "gender": "F"} for n in range(3)])
    (one,) = found("unjoined")
    assert (one.table, one.count, one.examples) == ("orders", 1, ())


def test_one_row_in_a_hundred_is_usual(shop, found):
    load_rows(shop, orders=[order(str(n), "2026-01-05", customer_key=f"c{n}") for n in range(100)])
    load_rows(shop, "customers.csv", customers=[{"customer_key": f"c{n}", "gender": "F"} for n in range(99)])
    assert found("unjoined") == []


def test_tickets_about_orders_that_are_not_there(shop, found):
    load_rows(shop, orders=[order("1", "2026-01-05")])
    load_rows(shop, "tickets.csv", "zendesk/main", tickets=[
        {"ticket_id": "a", "opened_at": "2026-01-06", "order_id": "1"},
        {"ticket_id": "b", "opened_at": "2026-01-07", "order_id": "#77"},
        {"ticket_id": "c", "opened_at": "2026-01-07"},
    ])  # fmt: skip
    (one,) = found("unjoined")
    assert (one.id, one.count, one.what.params["total"]) == ("unjoined/tickets/orders/zendesk/main", 1, 2)


def test_tickets_find_their_order_with_and_without_its_sign_as_the_complaint_rate_does(shop, found):
    """Two of the three find their order; 9 is the number of an order in two shops, so that nobody knows which it is."""
    load_rows(shop, "pl.csv", "shop/pl", orders=[order("#1", "2026-01-05"), order("2", "2026-01-05"), order("9", "2026-01-05")])  # fmt: skip
    load_rows(shop, "de.csv", "shop/de", orders=[order("9", "2026-01-06")])
    load_rows(shop, "tickets.csv", "zendesk/main", tickets=[
        {"ticket_id": name, "opened_at": "2026-01-06", "order_id": name, "ticket_type": "complaint"} for name in ("1", "#2", "9")
    ])  # fmt: skip
    (one,) = found("unjoined")
    assert (one.count, one.what.params["joined"], one.examples) == (1, 2, ("9",))
    assert shop.ask(Query(("complaint_rate",))).totals["complaint_rate"] == 2 / 4
