"""How long the workbook of 30 KPIs × 5 breakdowns × 24 months takes, from its questions to its bytes."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Any

import kpi
from kpi.report import ReportPlan, workbook_bytes
from tests.rows import line, load_rows, order, spent, visit

BUDGET_SECONDS = 2.0
FIRST = date(2024, 1, 1)
DAYS, ORDERS = 731, 20_000
BREAKDOWNS = ("channel", "device", "country", "payment_method", "product")
MADE_AT = datetime(2026, 1, 2, 8, 14)


def measure() -> list[tuple[str, float, float, str]]:
    """What, measured, budget, unit."""
    with kpi.Workspace(":memory:") as shop:
        _fill(shop)
        computable = [id for id in shop.catalogue.kpis if id not in _refused(shop)][:30]
        period = (FIRST, FIRST + timedelta(DAYS - 1))
        plan = ReportPlan("Two years", period, "previous", {}, tuple(computable), BREAKDOWNS, language="pl")
        start = time.perf_counter()
        workbook_bytes(shop.ask, shop.catalogue, plan, made_at=MADE_AT)
        seconds = time.perf_counter() - start
    return [(f"report workbook, {len(computable)} KPIs x 5 breakdowns x 24 months", seconds, BUDGET_SECONDS, "s")]


def _refused(shop: kpi.Workspace) -> set[str]:
    return set(shop.ask(kpi.Query(kpis=tuple(shop.catalogue.kpis))).refused)


def _fill(shop: kpi.Workspace) -> None:
    """Orders, visits and ads of two years; every value follows from its place."""
    orders, lines = [], []
    for place in range(ORDERS):
        orders.append(_order(place))
        lines += [line(f"o{place}", number, f"Product {place * number % 97:02}", 1, 40) for number in (1, 2)]
    load_rows(shop, "orders.csv", orders=orders, order_lines=lines)
    days = [str(FIRST + timedelta(day)) for day in range(DAYS)]
    more = {"bounces": 9, "duration_s": 4_000}
    channels = ("organic", "direct", "email", "social")
    by_channel = [visit(day, 50, breakdown="channel", channel=name, **more) for day in days for name in channels]
    by_device = [
        visit(day, 100, breakdown="device", device=name, **more) for day in days for name in ("mobile", "desktop")
    ]
    load_rows(shop, "channels.csv", traffic=by_channel)
    load_rows(shop, "devices.csv", traffic=by_device)
    ads = [spent(day, 70, impressions=5_000, clicks=90, any_clicks=90, purchases=3) for day in days]
    load_rows(shop, "ads.csv", ad_spend=ads)


def _order(place: int) -> dict[str, Any]:
    return order(
        f"o{place}",
        str(FIRST + timedelta(place * DAYS // ORDERS)),
        80,
        discount_amount=place % 9,
        channel=("organic", "direct", "email", "social")[place % 4],
        device=("mobile", "desktop", None)[place % 3],
        country=("PL", "DE", "CZ", "SK", "FR", "IT", "ES", "SE")[place % 8],
        customer_key=f"c{place % 6_000}",
        payment_method=("BLIK", "card", "PayU")[place % 7 % 3],
        promo_codes=["SALE"] if place % 5 == 0 else None,
    )


if __name__ == "__main__":
    print(measure())
