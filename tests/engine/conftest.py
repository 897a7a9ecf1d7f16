"""A small shop with every trap, by hand; the numbers are worked out in the tests that use it."""

from collections.abc import Iterator

import pytest

from kpi import Workspace
from tests.rows import line, load_rows, order, spent, visit


@pytest.fixture
def empty() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        yield shop


@pytest.fixture(scope="module")
def shop() -> Iterator[Workspace]:
    """March 2026: five valid orders of three known customers and one unknown, one cancelled, one test.

    | order | day | customer | channel | device | items | discount | refund |
    | A1 | 2 Mar | ann | organic | mobile | 100 | 0 | 0 |
    | A2 | 9 Mar | ann | organic | desktop | 60 | 10 | 20 |
    | B1 | 9 Mar | bob | paid search | mobile | 200 | 50 (code) | 0 |
    | C1 | 20 Mar | cid, marketplace | – | – | 40 | 0 | 60, more than it was worth |
    | D1 | 31 Mar | unknown | organic | mobile | 80 | 0 | 0 |
    """
    shop = Workspace(":memory:")
    load_rows(
        shop,
        "orders.csv",
        orders=[
            order("A1", "2026-03-02", 100, customer_key="ann", channel="organic", device="mobile", country="PL"),
            order(
                "A2",
                "2026-03-09",
                60,
                customer_key="ann",
                channel="organic",
                device="desktop",
                country="PL",
                discount_amount=10,
                refunded_amount=20,
                status="partially_refunded",
            ),
            order(
                "B1",
                "2026-03-09",
                200,
                customer_key="bob",
                channel="paid search",
                device="mobile",
                country="DE",
                discount_amount=50,
                promo_codes=["SPRING"],
            ),
            order(
                "C1",
                "2026-03-20",
                40,
                customer_key="cid",
                sales_channel="marketplace",
                refunded_amount=60,
                status="refunded",
                country="PL",
            ),
            order("D1", "2026-03-31", 80, channel="organic", device="mobile", country="PL"),
            order(
                "X1", "2026-03-10", 999, customer_key="bob", channel="paid search", device="mobile", status="cancelled"
            ),
            order("X2", "2026-03-11", 1, customer_key="tim", channel="direct", device="desktop", status="test"),
        ],
        order_lines=[
            line("A1", 1, "Mug", 2, 50),
            line("A2", 1, "Mug", 1, 60),
            line("B1", 1, "Mug", 1, 50),
            line("B1", 2, "Bag", 1, 150),
            line("C1", 1, "Bag", 1, 40),
            line("D1", 1, "Bag", 4, 20),
            line("D1", 2, "Tip", 1, 5, line_type="tip"),
            line("X1", 1, "Tent", 1, 999),
        ],
    )
    load_rows(
        shop,
        "ga4.csv",
        traffic=[
            visit("2026-03-01", 100, breakdown="channel,device", channel="organic", device="mobile", bounces=40),
            visit("2026-03-09", 50, breakdown="channel,device", channel="organic", device="desktop", bounces=10),
            visit("2026-03-09", 40, breakdown="channel,device", channel="paid search", device="mobile", bounces=30),
            visit("2026-03-31", 10, breakdown="channel,device", channel="direct", device="desktop", bounces=0),
        ],
    )
    load_rows(
        shop,
        "ads.csv",
        ad_spend=[
            spent(
                "2026-03-09",
                75,
                breakdown="campaign",
                campaign="Brand",
                channel="paid search",
                impressions=5000,
                clicks=50,
            )
        ],
    )
    yield shop
    shop.close()
