"""What KPIs are called beside their numbers: with VAT, without it, or neither where it is not known."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace, catalogue
from kpi.labels import amounts_note, kpi_label, measure_label
from kpi.wording import words
from tests.rows import line, load_rows, order

EN, PL = words("en"), words("pl")
ORDER = order("1", "2026-01-10", 123, tax_amount=23, tax_included=True)


@pytest.fixture
def shop():
    """An order of 123 with 23 of VAT in it, of a mug that costs 40."""
    with Workspace(":memory:") as shop:
        load_rows(shop, orders=[ORDER], order_lines=[line("1", 1, "Mug", 1, 123, unit_cost=40)])
        yield shop


def label(shop: Workspace, kpi: str) -> str:
    return kpi_label(EN, shop.ask(Query((kpi,))), kpi)


@pytest.mark.parametrize(
    ("kpi", "gross", "net"),
    [
        ("revenue", "Revenue after refunds, incl. VAT", "Revenue after refunds, excl. VAT"),
        ("aov", "Average order value (AOV), incl. VAT", "Average order value (AOV), excl. VAT"),
        ("item_sales", "Product sales, incl. VAT", "Product sales, excl. VAT"),
        # 123 − 23 − 40: a profit is without VAT whatever the orders are
        ("gross_profit", "Gross profit, excl. VAT", "Gross profit, excl. VAT"),
        ("item_profit", "Product profit, excl. VAT", "Product profit, excl. VAT"),
        # no amounts of orders
        ("orders", "Orders", "Orders"),
        ("spend", "Ad spend", "Ad spend"),
        ("cpa", "Cost per online order (CPA)", "Cost per online order (CPA)"),
        # no amount
        ("gross_margin", "Gross margin", "Gross margin"),
    ],
)
def test_a_label_says_whether_vat_is_in_the_amount(shop, kpi, gross, net):
    assert label(shop, kpi) == gross
    shop.settings["tax_basis"] = "net"
    assert label(shop, kpi) == net


def test_a_label_says_nothing_where_it_is_not_known(shop):
    load_rows(shop, "more.csv", orders=[order("2", "2026-01-11", 10)])
    assert (label(shop, "revenue"), label(shop, "gross_profit")) == ("Revenue after refunds", "Gross profit")


def test_a_short_label_is_said_in_the_reader_s_language(shop):
    answer = shop.ask(Query(("aov",)))
    assert kpi_label(PL, answer, "aov", is_short=True) == "Średnie zamówienie (AOV), z VAT"


@pytest.mark.parametrize(
    ("kpi", "note"),
    [
        ("mer", "Amounts of orders: incl. VAT"),
        ("refund_rate", "Amounts of orders: incl. VAT"),
        ("gross_margin", "Amounts of orders: excl. VAT"),
        ("revenue", ""),
        ("spend", ""),
        ("conversion_rate", ""),
    ],
)
def test_a_rate_over_amounts_says_it_apart(shop, kpi, note):
    assert amounts_note(EN, shop.ask(Query((kpi,))), kpi) == note


def test_measures_say_it_too_unless_their_name_does(shop):
    answer, measures = shop.ask(Query(("revenue",))), catalogue().measures
    named = {name: measure_label(EN, answer, measures[name]) for name in ("net_sales", "untaxed_net_sales", "orders")}
    assert named == {
        "net_sales": "Net sales, incl. VAT",
        "untaxed_net_sales": "Net sales without VAT",
        "orders": "Orders",
    }
    assert measure_label(EN, answer, measures["cost_of_goods"]) == "Cost of goods sold"
