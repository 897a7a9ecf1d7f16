"""Orders and lines whose amounts no file knows: they count, and what is worth nothing known lowers no average."""

from datetime import date

import pytest

from kpi import Query
from tests.rows import line, load_rows, order

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


def charge(name, amount, *, of, type="commission", day="2026-03-05", **more):
    plain = {"fee_id": name, "charged_at": day, "type": type, "type_raw": type, "amount": amount, "currency": "PLN"}
    return plain | {"order_id": of} | more


def test_an_order_without_an_amount_is_no_part_of_the_average(empty):
    load_rows(
        empty,
        orders=[
            order("1", "2026-03-01", 100),
            order("2", "2026-03-02", 60),
            order("3", "2026-03-03", None, status="awaiting_payment"),
        ],
    )
    answer = empty.ask(Query(("orders", "net_sales", "aov"), **MARCH))
    assert answer.totals == {"orders": 3, "net_sales": 160, "aov": 80}
    left = {one.reason.en: one.count for one in answer.receipt("aov").left_out}
    assert left["orders whose value is not known"] == 1


def test_lines_without_a_price_are_named_beside_product_sales(empty):
    load_rows(
        empty,
        orders=[order("1", "2026-03-01", 100), order("2", "2026-03-02", 60)],
        order_lines=[
            line("1", 1, "Mug", 2, 50),
            line("2", 1, "Bag", 1, 0) | {"unit_price": None, "line_amount": None},
        ],
    )
    answer = empty.ask(Query(("item_sales", "units"), **MARCH))
    assert answer.totals == {"item_sales": 100, "units": 3}
    assert any("Only 0.5 of the order lines have a price" in str(note) for note in answer.notes)
    left = {one.reason.en: one.count for one in answer.receipt("item_sales").left_out}
    assert left["lines whose price is not known"] == 1


def test_fees_stand_against_the_sales_of_their_own_account(empty):
    shop = order("1", "2026-03-01", 500)
    sold = order("7", "2026-03-05", 200, sales_channel="marketplace")
    load_rows(empty, "shop.csv", "shopify/main", orders=[shop])
    load_rows(empty, "allegro.csv", "allegro/main", orders=[sold])
    kpis = ("marketplace_fees", "marketplace_fee_rate", "marketplace_ads_rate")
    assert set(empty.ask(Query(kpis, **MARCH)).refused) == set(kpis)
    load_rows(
        empty,
        "billing.csv",
        "allegro/main",
        fees=[
            charge("a", -20, of="7"),
            charge("b", 4, of="7"),
            charge("c", -8, of=None, type="ads", day="2026-04-01", service_on="2026-03-31"),
            charge("d", 300, of=None, type="transfer"),
            charge("e", 0, of=None, type="summary"),
        ],
    )
    # 20 - 4 + 8 of 200; the shop's own 500 pay no fees to Allegro
    assert empty.ask(Query(kpis, **MARCH)).totals == pytest.approx(
        {"marketplace_fees": 24, "marketplace_fee_rate": 0.12, "marketplace_ads_rate": 0.04}
    )


def test_parcels_that_were_not_sent_yet_have_no_time(empty):
    def parcel(name, sent, **more):
        return {"order_id": name, "parcel": name, "ordered_at": "2026-03-01 10:00", "shipped_at": sent} | more

    load_rows(
        empty,
        shipments=[
            parcel("1", "2026-03-02 10:00", delivered_at="2026-03-04 10:00"),
            parcel("2", "2026-03-04 10:00"),
            parcel("3", None),
            parcel("4", "2026-03-09 10:00", direction="from supplier"),
        ],
    )
    totals = empty.ask(Query(("processing_time", "fulfilment_time"), **MARCH)).totals
    assert totals == {"processing_time": 48 * 3600, "fulfilment_time": 72 * 3600}
