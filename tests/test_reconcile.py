"""The bridge from orders to transactions, counted by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from kpi import Workspace
from kpi.reconcile.chart import counts_by_day
from kpi.wording import words
from kpi.wording.message import Message
from tests.rows import load_rows, order, spent, visit


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def bought(day, transactions, revenue, channel="organic"):
    more = {"transactions": transactions, "revenue_amount": revenue, "currency": "PLN", "channel": channel}
    return visit(f"2026-01-{day:02}", 50, breakdown="channel", **more)


def worked(shop):
    """Eleven orders in 4–8 January; the tool covers 5–10 January.

    Of every status: 11, worth 100 + 200 + 50 + 80 + 70 + 60 + 40 + 30 + 20 + 10 + 90 = 750. Cancelled 1 (200), test 1 (10),
    marketplace 2 (50 + 40), till 1 (30): online 6, worth 100 + 80 + 70 + 60 + 20 + 90 = 420. On 4 January, which the tool
    does not cover, 1 (100): comparable 5, worth 320. The tool counts 2 + 1 + 1 + 0 in 5–8 January, worth 300, and 3 for 99
    on the 10th: 7 for 399. Not explained: 4 − 5 = −1, and 300 − 320 = −20.
    """
    load_rows(shop, account="shopify/main", orders=[
        order("1", "2026-01-04 12:00:00", 100, channel="organic"),
        order("2", "2026-01-05 12:00:00", 200, status="cancelled", channel="organic"),
        order("3", "2026-01-05 12:00:00", 50, sales_channel="marketplace"),
        order("4", "2026-01-05 00:30:00", 80, channel="organic", shipping_amount=9),
        order("5", "2026-01-05 12:00:00", 70, channel="e-mail"),
        order("6", "2026-01-06 23:15:00", 60, channel="organic", refunded_amount=25),
        order("7", "2026-01-06 12:00:00", 40, sales_channel="marketplace"),
        order("8", "2026-01-07 12:00:00", 30, sales_channel="pos"),
        order("9", "2026-01-07 12:00:00", 20, sales_channel="app"),
        order("10", "2026-01-07 12:00:00", 10, status="test"),
        order("11", "2026-01-08 22:00:00", 90, channel="organic"),
    ])  # fmt: skip
    load_rows(shop, "ga4.csv", "ga4/1", traffic=[
        bought(5, 2, 150), bought(6, 1, 60), bought(7, 1, 90, "e-mail"), bought(8, 0, 0), bought(10, 3, 99),
    ])  # fmt: skip
    load_rows(shop, "google.csv", "google_ads/1", ad_spend=[
        spent("2026-01-05", 10, breakdown="campaign", campaign="A", platform="Google Ads", channel="paid search", conversions=2.5, conversion_amount=200),
        spent("2026-01-06", 10, breakdown="campaign", campaign="A", platform="Google Ads", channel="paid search", conversions=1, conversion_amount=50),
    ])  # fmt: skip
    load_rows(shop, "meta.csv", "meta_ads/1", ad_spend=[
        spent("2026-01-06", 10, breakdown="campaign", campaign="B", platform="Meta Ads", channel="paid social", purchases=3, purchase_amount=240),
    ])  # fmt: skip
    return shop.reconciliation()


def test_every_order_and_transaction_stands_in_one_line_of_the_bridge(shop):
    found = worked(shop)
    assert [(step.id, step.kind, step.orders, step.amount) for step in found.steps] == [
        ("all", "start", 11, 750),
        ("status:cancelled", "less", -1, -200),
        ("status:test", "less", -1, -10),
        ("sales_channel:marketplace", "less", -2, -90),
        ("sales_channel:pos", "less", -1, -30),
        ("online", "subtotal", 6, 420),
        ("shop_only", "less", -1, -100),
        ("comparable", "subtotal", 5, 320),
        ("unexplained", "unexplained", -1, -20),
        ("tool_only", "more", 3, 99),
        ("transactions", "end", 7, 399),
    ]
    assert found.period == (date(2026, 1, 4), date(2026, 1, 10))
    assert found.common == ((date(2026, 1, 5), date(2026, 1, 8)),)
    assert (found.currency, found.unexplained_share) == ("PLN", -0.2)


def test_the_lines_between_start_and_end_add_up(shop):
    found = worked(shop)
    for value in ("orders", "amount"):
        moved = sum(getattr(step, value) for step in found.steps if step.kind not in ("subtotal", "end"))
        assert moved == found.step("transactions").__getattribute__(value)


def test_what_may_explain_the_rest_is_named_with_its_size(shop):
    """One cancelled web order of 200; orders 4 (00:30 of the first day) and 11 (22:00 of the last), not 6 in between,
    are at the edge: 80 + 90; 9 of shipping; 25 refunded; order 9 has no channel."""
    found = {hint.id: (hint.orders, hint.amount) for hint in worked(shop).hints}
    assert found == {
        "cancelled": (1, 200),
        "edge": (-2, -170),
        "shipping": (None, 9),
        "refunds": (None, -25),
        "unknown_channel": (1, None),
    }


def test_vat_in_the_orders_is_what_the_tool_may_lack(shop):
    """23 % in 123 and in 246: 23 + 46 = 69."""
    shop.settings["prices_include_tax"] = True
    load_rows(shop, orders=[order("1", "2026-01-05 12:00:00", 123), order("2", "2026-01-05 12:00:00", 246)])
    load_rows(shop, "ga4.csv", traffic=[bought(5, 2, 300)])
    found = shop.reconciliation()
    assert {hint.id: hint.amount for hint in found.hints if hint.id == "tax"} == {"tax": pytest.approx(-69)}
    assert found.step("unexplained").amount == -69


def test_each_day_has_both_counts_the_gap_and_what_each_platform_claims(shop):
    """Google Ads covers 5 and 6 January, Meta Ads the 6th: a day outside has no value, none of them is added up."""
    frame = worked(shop).by_day
    assert list(frame["day"]) == [date(2026, 1, day) for day in (5, 6, 7, 8)]
    assert list(frame["orders"]) == [2, 1, 1, 1]
    assert list(frame["transactions"]) == [2, 1, 1, 0]
    assert list(frame["gap"]) == [0, 0, 0, -1]
    assert list(frame["gap_share"]) == [0, 0, 0, -1]
    assert list(frame["amount_gap"]) == [0, 0, 70, -90]
    assert list(frame["edge_orders"]) == [1, 1, 0, 1]
    assert list(frame["Google Ads"].fillna(-1)) == [2.5, 1, -1, -1]
    assert list(frame["Meta Ads"].fillna(-1)) == [-1, 3, -1, -1]


def test_the_chart_has_both_counts_of_every_day(shop):
    spec = counts_by_day(worked(shop).by_day, words("pl"), accent="#000000").to_dict()
    (rows,) = spec["datasets"].values()
    assert [row["count"] for row in rows if row["who"] == "Zamówienia online"] == [2, 1, 1, 1]
    assert [row["count"] for row in rows if row["who"] == "Transakcje w narzędziu"] == [2, 1, 1, 0]
    assert [row["gap"] for row in rows][:4] == ["0", "0", "0", "−1"]


def test_each_channel_has_both_counts_and_orders_without_one_stand_last(shop):
    """Organic 4, 6 and 11 beside 2 + 1 + 0; e-mail 5 beside 1; order 9 has no channel."""
    frame = worked(shop).by_channel
    found = {row.channel: (row.orders, row.transactions, row.gap) for row in frame.itertuples()}
    assert found == {"organic": (3, 3, 0), "e-mail": (1, 1, 0), None: (1, 0, -1)}
    assert frame["channel"].iloc[-1] is None
    assert pd.isna(frame["Meta Ads"]).all()


def test_claims_are_one_a_platform_and_keep_their_own_measure(shop):
    found = [(one.platform, one.counted, one.count, one.amount) for one in worked(shop).claims]
    assert found == [("Google Ads", "conversions", 3.5, 250), ("Meta Ads", "purchases", 3, 240)]


def test_a_report_of_the_month_is_compared_as_a_whole_or_not_at_all(shop):
    """A report of 5–8 January: 4 orders in these days, the tool counts 5; its days and channels are not known."""
    load_rows(shop, orders=[order(str(n), f"2026-01-0{n} 12:00:00") for n in (4, 5, 6, 7, 8)])
    load_rows(shop, "ga4.csv", traffic=[visit("2026-01-05", 50, until="2026-01-08", transactions=5)])
    found = shop.reconciliation()
    assert (found.step("comparable").orders, found.step("unexplained").orders) == (4, 1)
    assert (found.by_day, found.by_channel, found.currency) == (None, None, None)
    assert len(found.refused) == 2
    assert isinstance(shop.reconciliation(date(2026, 1, 6), date(2026, 1, 8)), Message)


def test_a_span_that_the_shop_covers_only_in_part_is_not_compared(shop):
    load_rows(shop, orders=[order("1", "2026-01-06 12:00:00"), order("2", "2026-01-12 12:00:00")])
    load_rows(shop, "ga4.csv", traffic=[visit("2026-01-05", 50, until="2026-01-08", transactions=5)])
    assert "no day in common" in str(shop.reconciliation())


def test_two_breakdowns_of_one_report_are_not_added(shop):
    load_rows(shop, orders=[order("1", "2026-01-05 12:00:00")])
    load_rows(shop, "a.csv", "ga4/1", traffic=[bought(5, 1, 100)])
    more = {"transactions": 1, "revenue_amount": 100, "currency": "PLN", "device": "mobile"}
    load_rows(shop, "b.csv", "ga4/1", traffic=[visit("2026-01-05", 50, breakdown="device", **more)])
    assert shop.reconciliation().step("transactions").orders == 1


def test_amounts_of_two_currencies_are_left_out_until_there_is_a_rate(shop):
    """At 4 złoty a euro 25 € are 100 zł: nothing remains."""
    load_rows(shop, orders=[order("1", "2026-01-05 12:00:00")])
    euros = {"transactions": 1, "revenue_amount": 25, "currency": "EUR"}
    load_rows(shop, "ga4.csv", traffic=[visit("2026-01-05", 50, **euros)])
    shop.settings["currency"] = "PLN"
    found = shop.reconciliation()
    assert (found.currency, found.step("unexplained").orders, found.step("unexplained").amount) == (None, 0, None)
    assert "amount_gap" not in found.by_day
    shop.set_rate("EUR", "PLN", 4)
    found = shop.reconciliation()
    assert (found.currency, found.step("transactions").amount, found.step("unexplained").amount) == ("PLN", 100, 0)


def test_without_orders_or_transactions_the_reason_is_said(shop):
    assert "No orders" in str(shop.reconciliation())
    load_rows(shop, orders=[order("1", "2026-01-05")])
    load_rows(shop, "ga4.csv", traffic=[visit("2026-01-05", 50)])
    assert "transactions" in str(shop.reconciliation())


def test_two_tools_that_measure_the_same_days_are_not_added_and_the_one_left_out_is_named(shop):
    """Each counts 2 + 2 in 5–6 January, and only GA4 the 1 of the 7th: 5, and never 9."""
    load_rows(
        shop,
        account="shopify/main",
        orders=[order(str(n), f"2026-01-0{n} 12:00:00", channel="organic") for n in (5, 6, 7)],
    )
    load_rows(shop, "ga4.csv", "ga4/1", traffic=[bought(5, 2, 150), bought(6, 2, 60), bought(7, 1, 10)])
    load_rows(shop, "matomo.csv", "matomo/1", traffic=[bought(5, 2, 150), bought(6, 2, 60)])
    found = shop.reconciliation()
    assert (found.step("transactions").orders, found.step("transactions").amount) == (5, 220)
    assert found.by_channel["transactions"].sum() == 5
    assert [reason.params["account"] for reason in found.refused] == ["matomo/1"]


def test_who_counts_without_amounts_is_counted_and_no_amount_is_made_up(shop):
    """Two properties of one tool: 2 transactions for 150, and 3 of which no amount is known. Of the platforms one tells
    the worth of its 2 purchases, the other has 4 without."""
    load_rows(shop, account="shopify/main", orders=[order("1", "2026-01-05 12:00:00")])
    plain = visit("2026-01-05", 50, breakdown="channel", channel="organic", transactions=3)
    one = load_rows(shop, "pl.csv", "ga4/pl", traffic=[bought(5, 2, 150)])
    ads = {"meta_ads/1": ("Meta Ads", 2, 90), "tiktok/1": ("TikTok", 4, None)}
    for account, (platform, count, amount) in ads.items():
        claimed = {"platform": platform, "purchases": count} | ({"purchase_amount": amount} if amount else {})
        load_rows(shop, f"{account}.csv", account, ad_spend=[spent("2026-01-05", 10, **claimed)])
    found = shop.reconciliation()
    assert [(one.platform, one.count, one.amount) for one in found.claims] == [("Meta Ads", 2, 90), ("TikTok", 4, None)]
    assert found.by_day[["Meta Ads", "TikTok"]].values.tolist() == [[2, 4]]
    load_rows(shop, "de.csv", "ga4/de", traffic=[plain])
    found = shop.reconciliation()
    assert (found.step("transactions").orders, found.step("transactions").amount, found.currency) == (5, None, None)
    shop.undo(one)
    assert shop.reconciliation().step("transactions").orders == 3


def test_claims_in_another_currency_have_no_amount_until_there_is_a_rate(shop):
    """90 € at 4 złoty are 360 zł; they were never 90 zł."""
    load_rows(shop, account="shopify/main", orders=[order("1", "2026-01-05 12:00:00")])
    load_rows(shop, "ga4.csv", "ga4/1", traffic=[bought(5, 1, 100)])
    claimed = spent("2026-01-05", 10, platform="Meta Ads", purchases=2, purchase_amount=90)
    load_rows(shop, "meta.csv", "meta_ads/1", ad_spend=[claimed | {"currency": "EUR"}])
    shop.settings["currency"] = "PLN"
    assert [(one.count, one.amount) for one in shop.reconciliation().claims] == [(2, None)]
    shop.set_rate("EUR", "PLN", 4)
    assert [(one.count, one.amount) for one in shop.reconciliation().claims] == [(2, 360)]


def test_money_without_a_transaction_has_its_line_in_the_bridge(shop):
    """The tool books −40 of refunds on a day without orders: 100 + 0 − 40 = 60."""
    load_rows(shop, account="shopify/main", orders=[order("1", "2026-01-05 12:00:00")])
    load_rows(shop, "ga4.csv", "ga4/1", traffic=[bought(5, 1, 100), bought(9, 0, -40)])
    found = shop.reconciliation()
    assert (found.step("tool_only").orders, found.step("tool_only").amount) == (0, -40)
    led = [step for step in found.steps if step.kind not in ("subtotal", "end")]
    assert sum(step.amount for step in led) == found.step("transactions").amount == 60


def test_a_channel_of_which_the_tool_counts_nothing_stands_behind_the_others(shop):
    load_rows(shop, account="shopify/main", orders=[order("1", "2026-01-05 12:00:00", channel="organic")])
    silent = visit("2026-01-05", 5, breakdown="channel", channel="e-mail")
    load_rows(shop, "ga4.csv", "ga4/1", traffic=[bought(5, 1, 100), silent])
    assert shop.reconciliation().by_channel["channel"].tolist() == ["organic", "e-mail"]


def test_orders_of_a_file_without_hours_are_not_near_midnight(shop):
    """Three orders written as days; of the file with hours one is near the first midnight."""
    load_rows(shop, "days.csv", "a", orders=[order(f"d{n}", f"2026-01-0{n}") for n in (5, 6, 7)])
    hours = [order("t1", "2026-01-05 00:30:00"), order("t2", "2026-01-06 12:00:00")]
    load_rows(shop, "hours.csv", "b", orders=hours)
    load_rows(shop, "ga4.csv", "ga4/1", traffic=[bought(day, 1, 100) for day in (5, 6, 7)])
    found = shop.reconciliation()
    assert [hint.orders for hint in found.hints if hint.id == "edge"] == [-1]
    assert found.by_day["edge_orders"].tolist() == [1, 0, 0]
