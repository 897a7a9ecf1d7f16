"""What rows mean together, whatever the order in which they come: refunds, products, people, territories, tax."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any, ClassVar

import pytest

from kpi import Query, Workspace
from tests.rows import line, load_rows, order

JANUARY = {"start": date(2026, 1, 1), "end": date(2026, 1, 31)}
FEBRUARY = {"start": date(2026, 2, 1), "end": date(2026, 2, 28)}


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def totals(shop: Workspace, *kpis: str, **period: Any) -> dict[str, float | None]:
    return shop.ask(Query(kpis, **(period or JANUARY))).totals


def by(shop: Workspace, kpi: str, dimension: str, **period: Any) -> dict[str | None, float]:
    frame = shop.ask(Query((kpi,), by=(dimension,), **(period or JANUARY))).frame
    return dict(zip(frame[dimension], frame[kpi], strict=True))


def refund(refund_id: str, day: str, amount: float | None, **more: Any) -> dict[str, Any]:
    return {"refund_id": refund_id, "refunded_at": day, "amount": amount, "currency": "PLN"} | more


def test_a_dated_refund_counts_on_its_own_day_with_its_orders_channel(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 100, channel="organic")])
    load_rows(shop, refunds=[refund("r1", "2026-02-03", 30, order_id="1")])
    assert totals(shop, "revenue", "refunds", "orders") == {"revenue": 100, "refunds": 0, "orders": 1}
    assert totals(shop, "revenue", "refunds", "orders", **FEBRUARY) == {"revenue": -30, "refunds": 30, "orders": 0}
    assert by(shop, "refunds", "channel", **FEBRUARY) == {"organic": 30}


def test_dated_refunds_take_the_place_of_the_orders_own_amount(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 100, refunded_amount=30)])
    load_rows(shop, refunds=[refund("r1", "2026-01-20", 30, order_id="1")])
    assert totals(shop, "refunds")["refunds"] == 30


def test_refunds_never_exceed_the_net_sales_of_their_order(shop):
    """60 of 100 first, then only the 40 that are left of the second 60."""
    load_rows(shop, orders=[order("1", "2026-01-10", 110, discount_amount=10)])
    load_rows(shop, refunds=[refund("a", "2026-01-20", 60, order_id="1"), refund("b", "2026-02-02", 60, order_id="1")])
    assert totals(shop, "refunds")["refunds"] == 60
    assert totals(shop, "refunds", **FEBRUARY)["refunds"] == 40


def test_the_refund_of_a_cancelled_order_does_not_count_and_one_of_an_unknown_order_does(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 100, status="cancelled"), order("2", "2026-01-11", 50)])
    load_rows(shop, refunds=[refund("a", "2026-01-12", 100, order_id="1"), refund("b", "2026-01-13", 7)])
    assert totals(shop, "refunds", "revenue") == {"refunds": 7, "revenue": 43}


def test_a_refund_whose_money_is_not_known_takes_nothing_from_its_order(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 100)])
    load_rows(shop, refunds=[refund("a", "2026-01-12", None, order_id="1", sku="A", quantity=1)])
    assert totals(shop, "refunds", "revenue") == {"refunds": 0, "revenue": 100}


def test_a_refund_is_no_order_and_no_customer_in_the_receipt(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 100, customer_key="a")])
    load_rows(shop, refunds=[refund("r", "2026-01-12", 10, order_id="1")])
    receipt = shop.ask(Query(("aov", "customers"), **JANUARY)).receipt("aov")
    assert receipt.value == 100
    assert receipt.n == {"orders": 1}
    assert [left.count for left in receipt.left_out] == [1]


def test_lines_without_price_and_cost_take_the_products(shop):
    """2 × 30 and 1 × 25; costs 2 × 10 and 1 × 5: profit 85 − 25."""
    load_rows(shop, orders=[order("1", "2026-01-10", None)])
    unpriced = {"quantity": 2, "unit_price": None, "line_amount": None, "line_type": "product"}
    load_rows(shop, order_lines=[
        {"order_id": "1", "line_no": 1, "sku": "A"} | unpriced,
        {"order_id": "1", "line_no": 2, "product_id": "77", **unpriced, "quantity": 1},
    ])  # fmt: skip
    assert "gross_sales" in shop.ask(Query(("gross_sales",), **JANUARY)).refused
    load_rows(shop, products=[
        {"sku": "A", "product_id": "1", "product": "Kubek", "price": 30, "unit_cost": 10, "category": "dom"},
        {"sku": "B", "product_id": "77", "product": "Lampa", "price": 25, "unit_cost": 5, "category": "dom"},
    ])  # fmt: skip
    assert totals(shop, "gross_sales", "units", "gross_profit", "gross_margin") == pytest.approx(
        {"gross_sales": 85, "units": 3, "gross_profit": 60, "gross_margin": 60 / 85}
    )
    assert by(shop, "item_sales", "product") == {"Kubek": 60, "Lampa": 25}
    assert by(shop, "item_sales", "category") == {"dom": 85}


def test_profit_has_no_value_where_costs_are_missing(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 100)])
    load_rows(shop, order_lines=[line("1", 1, "A", 1, 60, unit_cost=10), line("1", 2, "B", 1, 40)])
    assert totals(shop, "gross_profit", "below_cost") == {"gross_profit": None, "below_cost": 0}


def test_a_returned_units_cost_is_taken_back_only_with_its_money(shop):
    """100 − 50 refunded − (20 cost − 10 taken back) = 40; the unit without money changes only the units."""
    load_rows(shop, orders=[order("1", "2026-01-10", 100)])
    load_rows(shop, order_lines=[line("1", 1, "A", 2, 50, sku="A")])
    load_rows(shop, products=[{"sku": "A", "unit_cost": 10}])
    load_rows(shop, refunds=[
        refund("a", "2026-01-12", 50, order_id="1", sku="A", quantity=1),
        refund("b", "2026-01-13", None, sku="A", quantity=1),
    ])  # fmt: skip
    assert totals(shop, "gross_profit", "unit_return_rate") == {"gross_profit": 40, "unit_return_rate": 1}


def test_a_product_is_found_only_by_what_is_unique(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 10)])
    load_rows(shop, order_lines=[line("1", 1, "Kubek", 1, 10)])
    load_rows(shop, products=[
        {"sku": "A", "product": "Kubek", "category": "dom"},
        {"sku": "B", "product": "Kubek", "category": "biuro"},
    ])  # fmt: skip
    assert totals(shop, "item_sales")["item_sales"] == 10
    assert shop.ask(Query(("item_sales",), by=("category",), **JANUARY)).refused


def test_a_subcategory_leads_to_its_category(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 10)])
    load_rows(shop, order_lines=[line("1", 1, "Kubek", 1, 10, sku="A")])
    load_rows(shop, products=[{"sku": "A", "category_id": "12"}])
    load_rows(shop, categories=[{"category_id": "12", "level": "2", "category": "Kubki", "parent_id": "3"}])
    load_rows(shop, "top.csv", categories=[{"category_id": "3", "level": "1", "category": "Dom"}])
    assert by(shop, "item_sales", "category") == {"Dom": 10}


def test_a_territory_gives_its_orders_country_and_region(shop):
    load_rows(shop, orders=[order("1", "2026-01-10", 10, territory_id="4")])
    load_rows(shop, territories=[{"territory_id": "4", "country": "US", "region": "Southwest"}])
    assert by(shop, "orders", "country") == {"US": 1}
    assert by(shop, "orders", "region") == {"Southwest": 1}


def test_whatever_comes_first_an_id_and_its_e_mail_are_one_customer():
    """Two orders know only the id, one only the e-mail, the customers' file both: one customer with three orders."""
    files = {
        "ids": {"orders": [order("1", "2026-01-01", customer_key="id7"), order("2", "2026-01-02", customer_key="id7")]},
        "mail": {"orders": [order("3", "2026-01-03", customer_key="anna")]},
        "people": {
            "customers": [{"customer_key": "anna", "gender": "F"}],
            "customer_ids": [{"id_hash": "id7", "customer_key": "anna"}],
        },
    }
    for arrival in permutations(files):
        with Workspace(":memory:") as shop:
            for name in arrival:
                load_rows(shop, name, **files[name])
            assert totals(shop, "customers", "purchase_frequency") == {"customers": 1, "purchase_frequency": 3}
            assert by(shop, "orders", "gender") == {"F": 3}


def test_age_is_that_of_the_day_of_the_order(shop):
    """Born on 1 February 1991: 34 on 31 January 2026, 35 the day after."""
    load_rows(shop, orders=[order(day, day, customer_key="a") for day in ("2026-01-31", "2026-02-01")])
    load_rows(shop, customers=[{"customer_key": "a", "birth_on": "1991-02-01"}])
    assert by(shop, "orders", "age_group") == {"25–34": 1}
    assert by(shop, "orders", "age_group", **FEBRUARY) == {"35–44": 1}


@pytest.mark.parametrize(
    ("person", "group"),
    [
        ({"age": 17}, "0–17"),
        ({"age": 18}, "18–24"),
        ({"age": 55}, "55+"),
        ({"age": 130}, None),
        ({"birth_on": "2027-01-01"}, None),
        ({"birth_on": "1900-01-01", "age_group": "65+"}, "65+"),
        ({"age_group": "30–34"}, "30–34"),
    ],
)
def test_age_bands(shop, person, group):
    load_rows(shop, orders=[order("1", "2026-01-10", customer_key="a"), order("2", "2026-01-10", customer_key="b")])
    load_rows(shop, customers=[{"customer_key": "a"} | person, {"customer_key": "b", "age": 40}])
    assert by(shop, "orders", "age_group") == {group: 1, "35–44": 1}


class TestAccounts:
    """Tables of no known format stand in the account "main"; where one shop is there, they are about it."""

    FILES: ClassVar[dict[str, tuple[str, dict[str, Any]]]] = {
        "shop": ("shopify/main", {"orders": [order("1", "2026-01-10", 100)]}),
        "lines": ("main", {"order_lines": [line("1", 1, "Kubek", 2, 50, sku="A")]}),
        "costs": ("main", {"products": [{"sku": "A", "unit_cost": 10, "category": "dom"}]}),
        "refunds": ("main", {"refunds": [refund("r", "2026-01-12", 30, order_id="1")]}),
    }

    @pytest.mark.parametrize("arrival", list(permutations(FILES))[::5])
    def test_they_meet_the_one_shop_in_any_order(self, arrival):
        with Workspace(":memory:") as shop:
            for name in arrival:
                account, tables = self.FILES[name]
                load_rows(shop, name, account, **tables)
            assert totals(shop, "revenue", "gross_profit") == {"revenue": 70, "gross_profit": 50}
            assert by(shop, "item_sales", "category") == {"dom": 100}

    def test_orders_made_of_lines_yield_to_the_shops(self, shop):
        made = order("1", "2026-01-10", 100, is_from_lines=True)
        load_rows(shop, "lines", orders=[made], order_lines=[line("1", 1, "Kubek", 2, 50)])
        load_rows(shop, "shop", "shopify/main", orders=[order("1", "2026-01-10", 100, device="mobile")])
        assert by(shop, "orders", "device") == {"mobile": 1}

    def test_with_orders_of_their_own_they_are_another_shop(self, shop):
        load_rows(shop, "shop", "shopify/main", orders=[order("1", "2026-01-10", 100)])
        load_rows(shop, "other", orders=[order("1", "2026-01-11", 40)])
        load_rows(shop, "refunds", refunds=[refund("r", "2026-01-12", 90, order_id="1")])
        assert totals(shop, "orders", "refunds") == {"orders": 2, "refunds": 40}

    def test_of_two_shops_they_belong_to_neither(self, shop):
        load_rows(shop, "a", "shopify/a", orders=[order("1", "2026-01-10", 100)])
        load_rows(shop, "b", "shopify/b", orders=[order("1", "2026-01-10", 100)])
        load_rows(shop, "lines", order_lines=[line("1", 1, "Kubek", 2, 50)])
        assert totals(shop, "orders", "units") == {"orders": 2}


class TestTax:
    """123 zł with 23 zł of VAT in it, 50 zł of it paid back: 100 − 40.65 without VAT."""

    ORDER = order("1", "2026-01-10", 123, tax_amount=23, tax_included=True, refunded_amount=50)

    def test_amounts_are_as_written_until_told_otherwise(self, shop):
        load_rows(shop, orders=[self.ORDER])
        assert totals(shop, "revenue")["revenue"] == 73

    def test_without_vat_the_tax_of_the_items_is_taken_out(self, shop):
        load_rows(shop, orders=[self.ORDER])
        shop.settings["tax_basis"] = "net"
        assert totals(shop, "net_sales", "revenue") == pytest.approx(
            {"net_sales": 100, "revenue": 100 - 50 / 1.23}, abs=1e-3
        )

    def test_profit_is_always_without_vat(self, shop):
        load_rows(shop, orders=[self.ORDER], order_lines=[line("1", 1, "A", 1, 123, unit_cost=40)])
        profit = 100 - 50 / 1.23 - 40
        assert totals(shop, "gross_profit")["gross_profit"] == pytest.approx(profit)
        assert by(shop, "item_profit", "product") == pytest.approx({"A": 60})
        shop.settings["tax_basis"] = "net"
        assert totals(shop, "gross_profit")["gross_profit"] == pytest.approx(profit, abs=1e-3)
        assert by(shop, "item_profit", "product") == pytest.approx({"A": 60}, abs=1e-3)

    def test_the_shipping_takes_its_share_of_the_tax(self, shop):
        """Items 100 and shipping 23 share the 23 zł of VAT in 123 in proportion."""
        load_rows(shop, orders=[order("1", "2026-01-10", 100, shipping_amount=23, tax_amount=23, tax_included=True)])
        shop.settings["tax_basis"] = "net"
        assert totals(shop, "net_sales")["net_sales"] == pytest.approx(100 * (1 - 23 / 123), abs=1e-3)

    def test_tax_on_top_is_not_taken_out(self, shop):
        load_rows(shop, orders=[order("1", "2026-01-10", 100, tax_amount=23, tax_included=False)])
        shop.settings["tax_basis"] = "net"
        assert totals(shop, "net_sales")["net_sales"] == 100

    def test_where_the_files_say_nothing_the_told_rate_is_taken(self, shop):
        load_rows(shop, orders=[order("1", "2026-01-10", 123)])
        shop.settings["prices_include_tax"] = True
        shop.settings["tax_basis"] = "net"
        assert totals(shop, "net_sales")["net_sales"] == pytest.approx(100)
        shop.settings["tax_rate"] = 0.08
        assert totals(shop, "net_sales")["net_sales"] == pytest.approx(123 / 1.08, abs=1e-4)

    def test_the_answer_says_whether_vat_is_in_it_where_that_is_known_of_all(self, shop):
        def said() -> str | None:
            return shop.ask(Query(("revenue",), **JANUARY)).tax

        load_rows(shop, orders=[self.ORDER])
        assert said() == "gross"
        shop.settings["tax_basis"] = "net"
        assert said() == "net"
        load_rows(shop, "more.csv", orders=[order("2", "2026-01-11", 10)])
        assert said() is None
        shop.settings["prices_include_tax"] = False
        assert said() == "net"
