"""What files do to each other: overlaps, reports that disagree, columns that are lost, currencies without a rate."""

from __future__ import annotations

from tests.rows import load_rows, order, spent, visit


def test_orders_that_a_newer_file_replaced_are_counted_with_what_changed(shop, found):
    """2 and 3 stand in both; 3 was 30 and is 25 now: −5."""
    load_rows(shop, "january.csv", orders=[order(str(n), "2026-01-05", 10 * n) for n in (1, 2, 3)])
    load_rows(shop, "february.csv", orders=[order("2", "2026-01-05", 20), order("3", "2026-01-05", 25)])
    (one,) = found("replaced_orders")
    assert (one.severity, one.count, one.amount, one.examples) == ("look", 2, -5, ("3",))
    assert (one.what.params["changed"], one.imports) == (1, (1, 2))


def test_an_overlap_with_the_same_amounts_changes_no_number(shop, found):
    load_rows(shop, "january.csv", orders=[order("1", "2026-01-05"), order("2", "2026-01-06")])
    load_rows(shop, "february.csv", orders=[order("2", "2026-01-06"), order("3", "2026-02-06")])
    (one,) = found("replaced_orders")
    assert (one.count, one.amount, one.kpis) == (1, None, ())


def test_a_newer_export_of_everything_is_no_overlap(shop, found):
    load_rows(shop, "january.csv", orders=[order("1", "2026-01-05"), order("2", "2026-01-06")])
    load_rows(shop, "all.csv", orders=[order("1", "2026-01-05"), order("2", "2026-01-06"), order("3", "2026-02-06")])
    assert found("replaced_orders") == []


def test_the_same_numbers_of_other_days_or_currencies_are_another_shops(shop, found):
    """1 is of another month, 2 in euro; 3 is the same order, whose time one file leaves out."""
    load_rows(
        shop, "one.csv", orders=[order("1", "2026-01-05"), order("2", "2026-01-06"), order("3", "2026-01-07 23:10:00")]
    )
    load_rows(
        shop,
        "two.csv",
        orders=[order("1", "2026-02-05"), order("2", "2026-01-06", currency="EUR"), order("3", "2026-01-07")],
    )
    others = [one for one in found("replaced_orders") if one.severity == "affects"]
    assert sum(one.count for one in others) == 2
    assert sorted(name for one in others for name in one.examples) == ["1", "2"]
    assert {touch.effect for one in others for touch in one.kpis} == {"low"}


def test_an_undone_import_replaces_nothing(shop, found):
    load_rows(shop, "january.csv", orders=[order("1", "2026-01-05", 10), order("2", "2026-01-06")])
    shop.undo(load_rows(shop, "february.csv", orders=[order("1", "2026-01-05", 99)]))
    assert found("replaced_orders") == []


def test_two_reports_of_the_same_days_that_differ_are_named_with_both_totals(shop, found):
    """By channel 60 + 40 = 100, by device 90: 10 of 100."""
    load_rows(shop, account="ga4/1", traffic=[
        visit("2026-01-05", 60, breakdown="channel", channel="organic"),
        visit("2026-01-05", 40, breakdown="channel", channel="direct"),
        visit("2026-01-06", 7, breakdown="channel", channel="direct"),
    ])  # fmt: skip
    load_rows(shop, "device.csv", "ga4/1", traffic=[visit("2026-01-05", 90, breakdown="device", device="mobile")])
    (one,) = found("competing_reports")
    assert (one.severity, one.table, one.count, one.account) == ("affects", "traffic", 10, "ga4/1")
    assert (one.what.params["value"], one.what.params["other_value"]) == (100, 90)
    assert float(one.what.params["share"]) == 0.1


def test_reports_of_two_accounts_and_reports_that_nearly_agree_do_not_compete(shop, found):
    load_rows(shop, account="ga4/1", traffic=[visit("2026-01-05", 100, breakdown="channel", channel="organic")])
    load_rows(shop, "a.csv", "ga4/1", traffic=[visit("2026-01-05", 99, breakdown="device", device="mobile")])
    load_rows(shop, "b.csv", "ga4/2", traffic=[visit("2026-01-05", 50, breakdown="device", device="mobile")])
    assert found("competing_reports") == []


def test_amounts_without_a_rate_have_no_value_until_one_is_typed_in(shop, found):
    """Two orders of 10 € and 20 €; the spend in dollars is another finding."""
    load_rows(shop, orders=[order("1", "2026-01-05"), order("2", "2026-01-06", 10, currency="EUR")])
    load_rows(shop, "more.csv", orders=[order("3", "2026-01-07", 20, currency="EUR")])
    load_rows(shop, "ads.csv", "google_ads/1", ad_spend=[spent("2026-01-05", 7, currency="USD")])
    shop.settings["currency"] = "PLN"
    euros, dollars = sorted(found("unconverted"), key=lambda one: one.id, reverse=True)
    assert (euros.id, euros.count, euros.amount) == ("unconverted/orders/EUR", 2, 30)
    assert (dollars.id, dollars.count, dollars.amount) == ("unconverted/ad_spend/USD", 1, 7)
    assert {touch.effect for touch in euros.kpis} == {"missing"}
    shop.set_rate("EUR", "PLN", 4.3)
    assert [one.id for one in found("unconverted")] == ["unconverted/ad_spend/USD"]


FULL = b"order_id,order_date,total,currency,status,device\nX1,2026-01-05,20.00,PLN,paid,mobile\n"
SHORT = b"order_id,order_date,total,currency,status,browser\nX2,2026-02-05,7.00,PLN,paid,Firefox\n"
OTHER = b"order_id,order_date,total,currency,status,device\nX3,2026-03-05,7.00,PLN,paid,desktop\n"


def test_a_column_that_the_newest_file_of_a_kind_has_lost_is_named_with_what_is_new(shop, found):
    shop.add(FULL, name="january.csv")
    assert shop.imports()[0].load.columns == ("order_id", "order_date", "total", "currency", "status", "device")
    lost = shop.add(SHORT, name="february.csv").import_id
    (one,) = found("changed_columns")
    assert (one.severity, one.imports, one.examples) == ("affects", (lost,), ("device",))
    assert str(one.what.params["new"]) == "('browser',)"
    shop.add(OTHER, name="march.csv")
    assert found("changed_columns") == []


def test_a_lost_column_touches_the_kpis_that_read_it_by_another_name(shop, found):
    """Who bought is counted by number, codes by whether there is one: neither measure names the file's column."""
    with_both = (
        b"order_id,order_date,total,currency,status,email,promo code\nX1,2026-01-05,20.00,PLN,paid,a@x.pl,XMAS\n"
    )
    shop.add(with_both, name="january.csv")
    shop.add(b"order_id,order_date,total,currency,status\nX2,2026-02-05,7.00,PLN,paid\n", name="february.csv")
    (one,) = found("changed_columns")
    assert {"customers", "returning_rate", "promo_share"} <= {touch.kpi for touch in one.kpis}
    assert "sessions" not in {touch.kpi for touch in one.kpis}


def test_files_of_two_accounts_are_not_compared(shop, found):
    shop.add(FULL, name="pl.csv", answers={"account": "shop/pl"})
    shop.add(SHORT, name="de.csv", answers={"account": "shop/de"})
    assert found("changed_columns") == []
    shop.add(SHORT.replace(b"X2", b"X4"), name="pl february.csv", answers={"account": "shop/pl"})
    assert [one.imports for one in found("changed_columns")] == [(3,)]


def test_a_report_of_days_and_one_of_their_whole_are_compared_too(shop, found):
    """Ten days of 100 are 1000, and the month's 5000 of the same days differ by 4000; a day more is not covered."""
    rows = [visit(f"2026-01-{day:02}", 100) for day in range(1, 11)]
    load_rows(shop, "days.csv", "ga4/1", traffic=rows)
    organic = {"breakdown": "channel", "channel": "organic"}
    longer = visit("2026-01-01", 5_000, until="2026-01-11", **organic)
    other = load_rows(shop, "longer.csv", "ga4/1", traffic=[longer])
    assert found("competing_reports") == []
    shop.undo(other)
    load_rows(shop, "whole.csv", "ga4/1", traffic=[visit("2026-01-01", 5_000, until="2026-01-10", **organic)])
    (one,) = found("competing_reports")
    assert (one.count, {one.what.params["value"], one.what.params["other_value"]}) == (4_000, {1_000, 5_000})
    assert one.imports == (1, 3)


def test_a_file_of_several_currencies_in_a_shop_without_one_of_its_own_is_named(shop, found):
    money = {"status": "paid", "paid_at": "2026-01-05"}
    load_rows(shop, payments=[money | {"payment_id": name, "amount": 5, "currency": name} for name in ("EUR", "PLN")])
    (one,) = found("unconverted")
    assert (one.id, one.count, one.what.params["currencies"]) == ("unconverted/payments", 2, ("EUR", "PLN"))
    shop.settings["currency"] = "PLN"
    assert [(one.id, one.amount) for one in found("unconverted")] == [("unconverted/payments/EUR", 5)]
