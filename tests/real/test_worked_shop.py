"""The worked shop's numbers, from its rows: every KPI of `expected.json` that the catalogue has so far."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace, catalogue
from tests.rows import line, load_rows, order, spent, visit

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "worked_shop"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared reference files are not beside the project"),
]
STATUS = {"awaiting payment": "awaiting_payment", "partially refunded": "partially_refunded"}
GENDERS = {"K": "F", "mężczyzna": "M"}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return json.loads((FOLDER / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def shop():
    with Workspace(":memory:") as shop:
        key = shop._store.customer_key
        load_rows(shop, "orders.csv", orders=[_order(one, key) for one in rows("orders.csv")])
        lines = enumerate(rows("order_lines.csv"))
        load_rows(
            shop,
            "order_lines.csv",
            order_lines=[
                line(one["order_id"], n, one["sku"], float(one["quantity"]), float(one["unit_price"]), sku=one["sku"])
                for n, one in lines
            ],
        )
        people = [
            {
                "customer_key": key(one["customer_email"]),
                "birth_on": one["birth_date"],
                "gender": GENDERS.get(one["gender"], one["gender"]),
            }
            for one in rows("customers.csv")
        ]
        load_rows(shop, "customers.csv", customers=people)
        load_rows(shop, "products.csv", products=rows("products.csv"))
        traffic = [
            visit(
                one["day"],
                int(one["sessions"]),
                breakdown="channel,device",
                channel=one["channel"],
                device=one["device"],
                bounces=one["bounces"],
                carts=one["carts"],
                checkouts=one["checkouts"],
            )
            for one in rows("traffic.csv")
        ]
        load_rows(shop, "traffic.csv", traffic=traffic)
        spend = [
            spent(
                one["day"],
                float(one["cost"]),
                breakdown="campaign",
                campaign=one["campaign"],
                channel=one["channel"],
                impressions=one["impressions"],
                clicks=one["clicks"],
            )
            for one in rows("ad_spend.csv")
        ]
        load_rows(shop, "ad_spend.csv", ad_spend=spend)
        yield shop


def _order(one: dict[str, str], key: Any) -> dict[str, Any]:
    return order(
        one["order_id"], one["order_date"], float(one["items"]), status=STATUS.get(one["status"], one["status"]), discount_amount=one["discount"],
        shipping_amount=one["shipping"], tips_fees_amount=one["tip"], total_amount=one["total"], refunded_amount=one["refunded"],
        sales_channel=one["sales_channel"], channel=one["channel"] or None, device=one["device"] or None,
        customer_key=key(one["customer_email"]) if one["customer_email"] else None, promo_codes=[one["promo_code"]] if one["promo_code"] else [],
    )  # fmt: skip


def period(of: dict[str, Any]) -> dict[str, date]:
    return {"start": date.fromisoformat(of["period"][0]), "end": date.fromisoformat(of["period"][1])}


def test_january(shop, expected):
    kpis = tuple(expected["total"])
    totals = shop.ask(Query(kpis, **period(expected))).totals
    assert totals == pytest.approx({name: expected["total"][name] for name in kpis}, abs=1e-12)


@pytest.mark.parametrize(
    "name", ["conversion_rate by device", "conversion_rate by channel", "aov by age_group", "aov by gender"]
)
def test_breakdowns(shop, expected, name):
    kpi, dimension = name.split(" by ")
    frame = shop.ask(Query((kpi,), by=(dimension,), **period(expected))).frame.dropna(subset=[kpi])
    found = {value or "(unknown)": number for value, number in zip(frame[dimension], frame[kpi], strict=True)}
    assert found == pytest.approx(expected[name])


def test_the_share_of_customers_by_age(shop, expected):
    frame = shop.ask(Query(("customers",), by=("age_group",), **period(expected))).frame
    shares = frame["customers"] / frame["customers"].sum()
    found = {group: share for group, share in zip(frame["age_group"], shares, strict=True) if share}
    assert found == pytest.approx(expected["share of customers by age_group"])


def test_february(shop, expected):
    kpis = tuple(name for name in expected["february"] if name in catalogue().kpis)
    totals = shop.ask(Query(kpis, **period(expected["february"]))).totals
    assert totals == pytest.approx({name: expected["february"][name] for name in kpis})


def test_what_is_left_out(shop, expected):
    left = shop.ask(Query(("orders",), **period(expected))).receipt("orders").left_out
    assert dict(left[0].detail) == expected["left_out"]
