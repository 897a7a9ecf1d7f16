"""Who is who: a platform's customer id and an e-mail become one person whichever file comes first, and can be erased."""

from __future__ import annotations

import hashlib
import hmac
from itertools import permutations

import pytest

from kpi import Query, Workspace

ORDERS = b"order_id,order_date,customer_id,total,currency\n1,2026-01-05,17850.0,10.00,PLN\n2,2026-01-06,7,10.00,PLN\n"
MAILS = b"order_id,order_date,email,total,currency\n3,2026-01-07,A@example.com,10.00,PLN\n"
IDS = b"customer_id,email,country\n17850,a@example.com,PL\n7,b@example.com,DE\n"
FILES = {"orders.csv": ORDERS, "mails.csv": MAILS, "ids.csv": IDS}


def test_an_id_is_hashed_with_its_account() -> None:
    with Workspace(":memory:") as shop:
        shop.add(ORDERS, name="o.csv", answers={"account": "shop/pl"})
        expected = [
            hmac.new(shop._store.key, f"shop/pl\n{id}".encode(), hashlib.sha256).hexdigest() for id in ("17850", "7")
        ]
        assert shop._store.rows("select customer_key from rows.orders order by order_id") == [
            (key,) for key in expected
        ]


@pytest.mark.parametrize("order", list(permutations(FILES)))
def test_the_order_of_the_files_does_not_matter(order: tuple[str, ...]) -> None:
    with Workspace(":memory:") as shop:
        for name in order:
            assert not shop.add(FILES[name], name=name).questions
        hers = shop._store.customer_key("a@example.com")
        found = shop._store.rows(
            "select order_id from facts.orders join facts.people using (customer_no) where customer_key = ? order by 1",
            [hers],
        )
        assert found == [("1",), ("3",)]
        assert shop.ask(Query(("customers", "orders"))).totals == {"customers": 2, "orders": 3}


@pytest.mark.parametrize("first", ["erase", "ids"])
def test_whoever_is_erased_is_erased_under_every_id(first: str) -> None:
    with Workspace(":memory:") as shop:
        shop.add(ORDERS, name="o.csv")
        steps = {"erase": lambda: shop.erase_person("a@example.com"), "ids": lambda: shop.add(IDS, name="i.csv")}
        for step in (first, *(steps.keys() - {first})):
            steps[step]()
        shop.add(ORDERS.replace(b"10.00", b"11.00"), name="o2.csv")
        for one in shop.imports():
            shop.undo(one.id)
            shop.redo(one.id)
        known = shop._store.rows("select order_id, customer_no is not null from facts.orders order by 1")
        assert known == [("1", False), ("2", True)]
        assert shop._store.rows("select country from rows.customers") == [("DE",)]
