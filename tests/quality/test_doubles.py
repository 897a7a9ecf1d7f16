"""Orders that count twice: under two numbers, and in two accounts."""

from __future__ import annotations

from datetime import date

from tests.rows import load_rows, order


def bought(order_id, at, amount=100, customer="anna", **more):
    return order(order_id, at, amount, customer_key=customer, **more)


def test_the_same_customer_amount_and_minute_under_three_numbers_is_two_too_many(shop, found):
    """Of 1, 2 and 3 (75 each) two are too many: 150. Number 4 comes a minute later, 5 is cancelled, 6 is another's."""
    load_rows(
        shop,
        account="shopify/main",
        orders=[
            bought("1", "2026-01-05 10:00:05", 75),
            bought("2", "2026-01-05 10:00:40", 75),
            bought("3", "2026-01-05 10:00:59", 75),
            bought("4", "2026-01-05 10:01:00", 75),
            bought("5", "2026-01-05 10:00:10", 75, status="cancelled"),
            bought("6", "2026-01-05 10:00:10", 75, customer="jan"),
            bought("7", "2026-01-05 10:00:10", 80),
        ],
    )
    (one,) = found("doubled_orders")
    assert (one.id, one.severity, one.table) == ("doubled_orders/shopify/main/PLN", "affects", "orders")
    assert (one.count, one.amount, one.currency) == (2, 150, "PLN")
    assert one.period == (date(2026, 1, 5), date(2026, 1, 5))
    assert (one.imports, one.examples) == ((1,), ("1", "2", "3"))
    effects = {touch.kpi: touch.effect for touch in one.kpis}
    assert (effects["revenue"], effects["aov"]) == ("high", "open")


def test_orders_of_files_without_a_time_of_day_are_not_of_the_same_minute(shop, found):
    load_rows(shop, orders=[bought("1", "2026-01-05"), bought("2", "2026-01-05")])
    assert found("doubled_orders") == []


def test_times_of_two_zones_are_compared_at_one(shop, found):
    """09:00 in UTC is 10:00 in Warsaw in winter."""
    load_rows(shop, orders=[bought("1", "2026-01-05 09:00:00", utc_offset=0), bought("2", "2026-01-05 10:00:00")])
    assert [one.count for one in found("doubled_orders")] == [1]


def test_the_same_number_day_and_amount_in_two_accounts_is_one_order_twice(shop, found):
    """1 and 2 are in both, once written with #; 3 has another amount, 4 another day. 100 + 20 = 120."""
    load_rows(
        shop,
        account="shopify/main",
        orders=[order("#1", "2026-01-05", 100), order("#2", "2026-01-06", 20), order("#3", "2026-01-06", 30), order("#4", "2026-01-06", 40)],
    )  # fmt: skip
    load_rows(
        shop,
        "again.csv",
        orders=[order("1", "2026-01-05", 100), order("2", "2026-01-06", 20), order("3", "2026-01-06", 31), order("4", "2026-01-07", 40)],
    )  # fmt: skip
    (one,) = found("orders_in_two_accounts")
    assert (one.count, one.amount, one.imports) == (2, 120, (1, 2))
    assert "“main” and “shopify/main”" in str(one.what)


def test_the_same_customer_and_minute_in_two_accounts_is_one_order_twice_and_named_once(shop, found):
    same = {"customer": "anna", "amount": 55}
    load_rows(shop, account="allegro/main", orders=[bought("A-9", "2026-01-05 10:00:00", **same)])
    load_rows(shop, "woo.csv", "woocommerce/main", orders=[bought("77", "2026-01-05 10:00:30", **same)])
    (one,) = found("orders_in_two_accounts")
    assert (one.count, one.amount) == (1, 55)
    assert found("doubled_orders") == []


def test_an_order_that_both_rules_find_is_counted_once(shop, found):
    load_rows(shop, account="shopify/main", orders=[bought("7", "2026-01-05 10:00:00")])
    load_rows(shop, "again.csv", orders=[bought("7", "2026-01-05 10:00:00")])
    assert [one.count for one in found("orders_in_two_accounts")] == [1]
