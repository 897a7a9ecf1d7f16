"""Reports: breakdowns are alternatives, spans count only whole, users are never added, currencies neither."""

from datetime import date

import pytest

from kpi import Query
from tests.rows import load_rows, order, spent, visit

SEPTEMBER = {"start": date(2026, 9, 1), "end": date(2026, 9, 30)}


def test_two_breakdowns_of_one_report_are_never_added(empty):
    load_rows(
        empty,
        "channel.csv",
        traffic=[
            visit("2026-09-01", 60, breakdown="channel", channel="organic"),
            visit("2026-09-01", 40, breakdown="channel", channel="direct"),
        ],
    )
    load_rows(
        empty,
        "device.csv",
        traffic=[
            visit("2026-09-01", 70, breakdown="device", device="mobile"),
            visit("2026-09-01", 30, breakdown="device", device="desktop"),
        ],
    )
    assert empty.ask(Query(("sessions",))).totals["sessions"] == 100
    by_device = empty.ask(Query(("sessions",), by=("device",)))
    assert dict(zip(by_device.frame["device"], by_device.frame["sessions"], strict=True)) == {
        "mobile": 70,
        "desktop": 30,
    }
    assert empty.ask(Query(("sessions",), where={"channel": ("direct",)})).totals["sessions"] == 40


def test_no_report_with_both_breakdowns_is_said_and_not_guessed(empty):
    load_rows(empty, "channel.csv", traffic=[visit("2026-09-01", 60, breakdown="channel", channel="organic")])
    load_rows(empty, "device.csv", traffic=[visit("2026-09-01", 60, breakdown="device", device="mobile")])
    answer = empty.ask(Query(("sessions",), by=("device",), where={"channel": ("organic",)}))
    assert "sessions" in answer.refused


def test_a_span_counts_only_in_a_period_that_contains_it(empty):
    load_rows(empty, traffic=[visit("2026-09-01", 100, until="2026-09-30", breakdown="channel", channel="organic")])
    assert empty.ask(Query(("sessions",), **SEPTEMBER)).totals["sessions"] == 100
    cut = empty.ask(Query(("sessions",), start=date(2026, 9, 10), end=date(2026, 10, 10)))
    assert "sessions" not in cut.totals
    assert cut.refused["sessions"].params["days"] == (date(2026, 9, 1), date(2026, 9, 30))


def test_a_span_never_enters_a_daily_chart(empty):
    load_rows(empty, traffic=[visit("2026-09-01", 100, until="2026-09-30", breakdown="channel", channel="organic")])
    assert "sessions" in empty.ask(Query(("sessions",), grain="day", **SEPTEMBER)).refused
    assert empty.ask(Query(("sessions",), grain="month", **SEPTEMBER)).frame["sessions"].tolist() == [100]


def test_days_win_over_a_span_of_the_same_days(empty):
    load_rows(
        empty,
        "month.csv",
        traffic=[visit("2026-09-01", 100, until="2026-09-30", breakdown="channel", channel="organic")],
    )
    load_rows(empty, "days.csv", traffic=[visit(f"2026-09-{day:02}", 3) for day in range(1, 31)])
    assert empty.ask(Query(("sessions",), **SEPTEMBER)).totals["sessions"] == 90
    assert empty.ask(Query(("sessions",), by=("channel",), **SEPTEMBER)).totals["sessions"] == 100


def test_months_of_one_report_add_up(empty):
    load_rows(
        empty,
        "september.csv",
        traffic=[visit("2026-09-01", 100, until="2026-09-30", breakdown="channel", channel="organic")],
    )
    load_rows(
        empty,
        "october.csv",
        traffic=[visit("2026-10-01", 50, until="2026-10-31", breakdown="channel", channel="organic")],
    )
    assert empty.ask(Query(("sessions",))).totals["sessions"] == 150


def test_unique_users_are_known_only_as_exported(empty):
    load_rows(empty, traffic=[visit("2026-09-01", 10, users=8), visit("2026-09-02", 20, users=15)])
    by_day = empty.ask(Query(("users",), grain="day"))
    assert by_day.frame["users"].tolist() == [8, 15]
    assert by_day.totals["users"] is None
    assert "users" in empty.ask(Query(("users",))).refused


def test_an_account_without_the_dimension_stands_under_unknown_and_says_so(empty):
    load_rows(empty, "meta.csv", "meta", ad_spend=[spent("2026-09-01", 30, breakdown="age_group", age_group="25–34")])
    load_rows(empty, "google.csv", "google", ad_spend=[spent("2026-09-01", 70, breakdown="campaign", campaign="Brand")])
    answer = empty.ask(Query(("spend",), by=("age_group",)))
    assert dict(zip(answer.frame["age_group"], answer.frame["spend"], strict=True)) == {"25–34": 30, None: 70}
    assert answer.frame["spend"].sum() == answer.totals["spend"] == 100
    assert [note.params["account"] for note in answer.notes] == ["google"]


def test_currencies_are_never_added(empty):
    load_rows(empty, orders=[order("A", "2026-09-01", 100), order("B", "2026-09-01", 50, currency="EUR")])
    answer = empty.ask(Query(("revenue", "orders")))
    assert answer.totals == {"orders": 2}
    assert answer.refused["revenue"].params["currencies"] == ("EUR", "PLN")
    euro = empty.ask(Query(("revenue",), where={"currency": ("EUR",)}))
    assert (euro.totals["revenue"], euro.currency) == (50, "EUR")


def test_a_filter_that_leaves_one_currency_is_enough(empty):
    load_rows(
        empty,
        orders=[
            order("A", "2026-09-01", 100, country="PL"),
            order("B", "2026-09-01", 50, currency="EUR", country="DE"),
        ],
    )
    assert empty.ask(Query(("revenue",), where={"country": ("DE",)})).totals["revenue"] == 50


def test_money_by_currency_has_groups_but_no_total(empty):
    load_rows(empty, orders=[order("A", "2026-09-01", 100), order("B", "2026-09-01", 50, currency="EUR")])
    answer = empty.ask(Query(("revenue",), by=("currency",)))
    assert answer.frame["revenue"].tolist() == [50, 100]
    assert answer.totals["revenue"] is None


def test_spend_in_one_currency_and_sales_in_another_give_no_ratio(empty):
    load_rows(empty, orders=[order("A", "2026-09-01", 100)], ad_spend=[spent("2026-09-01", 20, currency="EUR")])
    answer = empty.ask(Query(("mer", "revenue", "spend")))
    assert answer.totals == {"revenue": 100, "spend": 20}
    assert "mer" in answer.refused


def test_tables_without_a_common_day_give_no_ratio(empty):
    load_rows(empty, orders=[order("A", "2026-01-01", 100)], traffic=[visit("2026-09-01", 100)])
    assert "conversion_rate" in empty.ask(Query(("conversion_rate",))).refused


def test_partly_covered_periods_are_noted_with_their_days(empty):
    load_rows(
        empty,
        orders=[order("A", "2026-09-01"), order("B", "2026-09-30")],
        traffic=[visit("2026-09-10", 10), visit("2026-09-20", 10)],
    )
    answer = empty.ask(Query(("conversion_rate",), **SEPTEMBER))
    assert answer.totals["conversion_rate"] == pytest.approx(2 / 20)
    assert [note.params["days"] for note in answer.notes] == [(date(2026, 9, 10), date(2026, 9, 20))]


def test_a_missing_month_of_orders_is_unknown_and_not_zero(empty):
    load_rows(empty, "january.csv", orders=[order("A", "2026-01-02"), order("B", "2026-01-30")])
    load_rows(empty, "march.csv", orders=[order("C", "2026-03-01"), order("D", "2026-03-31")])
    answer = empty.ask(Query(("orders",), grain="month"))
    assert answer.frame["orders"].isna().tolist() == [False, True, False]
    gap = [note.params["days"] for note in answer.notes]
    assert gap == [((date(2026, 1, 2), date(2026, 1, 30)), (date(2026, 3, 1), date(2026, 3, 31)))]


def test_a_dimension_that_the_table_lacks_is_refused_with_its_name(empty):
    load_rows(
        empty,
        orders=[order("A", "2026-09-01", device="mobile")],
        traffic=[visit("2026-09-01", 10, breakdown="channel", channel="direct")],
    )
    by_product = empty.ask(Query(("revenue",), by=("product",))).refused["revenue"]
    assert (by_product.params["table"].en, by_product.params["dimension"].en) == ("orders", "Product")
    by_device = empty.ask(Query(("conversion_rate",), by=("device",))).refused["conversion_rate"]
    assert by_device.params["table"].en == "web traffic"


def test_a_filter_is_never_answered_from_a_report_that_does_not_know_it(empty):
    """January is known only without devices: mobile in January is unknown, not zero."""
    load_rows(empty, "january.csv", traffic=[visit(f"2026-01-{day:02}", 10) for day in range(1, 32)])
    load_rows(
        empty,
        "february.csv",
        traffic=[
            visit("2026-02-01", 6, breakdown="device", device="mobile"),
            visit("2026-02-28", 4, breakdown="device", device="desktop"),
        ],
    )
    mobile = empty.ask(
        Query(
            ("sessions",), where={"device": ("mobile",)}, start=date(2026, 1, 1), end=date(2026, 2, 28), grain="month"
        )
    )
    assert mobile.frame["sessions"].isna().tolist() == [True, False]
    assert mobile.totals["sessions"] == 6
    by_device = empty.ask(Query(("sessions",), by=("device",)))
    assert by_device.totals["sessions"] == 320


def test_an_account_that_cannot_pass_a_filter_covers_no_day_of_it(empty):
    load_rows(empty, "meta.csv", "meta", ad_spend=[spent("2026-02-01", 30, breakdown="age_group", age_group="25–34")])
    load_rows(empty, "google.csv", "google", ad_spend=[spent("2026-01-01", 70, breakdown="campaign", campaign="Brand")])
    young = empty.ask(
        Query(("spend",), where={"age_group": ("25–34",)}, grain="month", start=date(2026, 1, 1), end=date(2026, 2, 28))
    )
    assert young.frame["spend"].isna().tolist() == [True, False]
    assert [note.params["account"] for note in young.notes if "account" in note.params] == ["google"]


def test_a_span_inside_another_is_not_counted_twice(empty):
    march = {"until": "2026-03-31", "breakdown": "channel", "channel": "organic"}
    load_rows(empty, "march.csv", traffic=[visit("2026-03-01", 100, **march)])
    load_rows(empty, "part.csv", traffic=[visit("2026-03-10", 30, **(march | {"until": "2026-03-20"}))])
    assert empty.ask(Query(("sessions",), start=date(2026, 3, 1), end=date(2026, 3, 31))).totals["sessions"] == 100


def test_a_report_that_does_not_name_its_account_belongs_to_the_one_that_is_named(empty):
    load_rows(empty, "a.csv", "ga4/sklep", traffic=[visit("2026-03-01", 100, breakdown="channel", channel="organic")])
    load_rows(empty, "b.csv", "ga4/main", traffic=[visit("2026-03-01", 100, breakdown="device", device="mobile")])
    assert empty.ask(Query(("sessions",))).totals["sessions"] == 100


def test_groups_that_overlap_serve_no_measure(empty):
    """A session stands in the row of every page that it saw."""
    load_rows(
        empty, traffic=[visit("2026-03-01", 80, breakdown="page path"), visit("2026-03-01", 70, breakdown="page path")]
    )
    assert "sessions" in empty.ask(Query(("sessions",))).refused


def test_of_two_reports_with_other_metrics_the_newer_counts(empty):
    day = {"breakdown": "campaign", "campaign": "Brand"}
    load_rows(empty, "a.csv", ad_spend=[spent("2026-03-01", 6, conversions=1, **day)])
    load_rows(empty, "b.csv", ad_spend=[spent("2026-03-01", 7, **day)])
    assert empty.ask(Query(("spend",))).totals["spend"] == 7


def test_an_account_that_ends_early_is_named(empty):
    load_rows(empty, "g.csv", "google", ad_spend=[spent(f"2026-01-{day:02}", 10) for day in range(1, 32)])
    load_rows(empty, "m.csv", "meta", ad_spend=[spent(f"2026-01-{day:02}", 10) for day in range(1, 11)])
    answer = empty.ask(Query(("spend",), start=date(2026, 1, 1), end=date(2026, 1, 31)))
    assert [note.params["days"] for note in answer.notes if note.params.get("account") == "meta"] == [
        (date(2026, 1, 1), date(2026, 1, 10))
    ]


def test_an_account_that_begins_late_is_not_compared(empty):
    load_rows(
        empty,
        "g.csv",
        "google",
        ad_spend=[spent(f"2026-0{month}-{day:02}", 10) for month in (1, 2) for day in range(1, 29)],
    )
    load_rows(empty, "m.csv", "meta", ad_spend=[spent(f"2026-02-{day:02}", 10) for day in range(1, 29)])
    answer = empty.ask(Query(("spend",), start=date(2026, 2, 1), end=date(2026, 2, 28), compare="previous"))
    assert (answer.totals, answer.totals_compared) == ({"spend": 560}, {})


def test_clicks_without_a_cost_make_no_click_cheaper(empty):
    day = {"breakdown": "campaign", "impressions": 100}
    load_rows(
        empty,
        ad_spend=[
            spent("2026-01-01", 50, clicks=10, campaign="A", **day),
            spent("2026-01-01", None, clicks=10, campaign="B", **day),
        ],
    )
    assert empty.ask(Query(("cpc",))).totals["cpc"] == 5


def test_a_dimension_that_every_row_of_a_report_knows_can_be_asked(empty):
    load_rows(empty, ad_spend=[spent("2026-01-01", 50, breakdown="campaign", campaign="A", channel="paid search")])
    assert empty.ask(Query(("spend",), by=("channel",))).frame["spend"].tolist() == [50]


def test_spend_has_no_currency_of_customers(empty):
    load_rows(
        empty,
        orders=[order("A", "2026-01-01", customer_key="a"), order("B", "2026-01-01", currency="EUR", customer_key="b")],
        ad_spend=[spent("2026-01-01", 10)],
    )
    assert "cac" in empty.ask(Query(("cac",), where={"currency": ("EUR",)})).refused


def test_a_column_that_no_file_has_is_not_zero(empty):
    load_rows(empty, orders=[order("A", "2026-01-01", None)])
    answer = empty.ask(Query(("gross_sales", "aov", "orders")))
    assert answer.totals == {"orders": 1}


def test_lines_without_an_order_are_told(empty):
    from tests.rows import line

    load_rows(
        empty, orders=[order("A", "2026-01-01")], order_lines=[line("A", 1, "Mug", 1, 100), line("Z", 1, "Mug", 5, 100)]
    )
    answer = empty.ask(Query(("units",)))
    assert answer.totals["units"] == 1
    assert any("belong to no loaded order" in note.text for note in answer.notes)


def test_users_of_days_of_which_one_is_not_known_have_no_value(empty):
    """Two rows of one day that no dimension tells apart are no 7 users, nor are the 5 of the next day those of both."""
    days = [visit("2026-03-01", 9, users=3), visit("2026-03-01", 9, users=4), visit("2026-03-02", 9, users=5)]
    load_rows(empty, traffic=days)
    both = empty.ask(Query(("users", "sessions"), start=date(2026, 3, 1), end=date(2026, 3, 2)))
    assert (both.totals["sessions"], both.totals.get("users")) == (27, None)
    daily = empty.ask(Query(("users",), grain="day", start=date(2026, 3, 1), end=date(2026, 3, 2)))
    assert [None if value != value else value for value in daily.frame["users"]] == [None, 5]


def test_a_report_of_another_platform_replaces_nothing_and_a_newer_one_of_the_same_does(empty):
    """2 days x 10 of one platform and 2 x 30 of the other; then the first is corrected to 2 x 15."""
    reports = {"meta.csv": ("meta", 10), "tiktok.csv": ("tiktok", 30), "meta again.csv": ("meta", 15)}
    imports = [
        load_rows(
            empty,
            name,
            ad_spend=[spent(f"2026-09-0{day}", cost, breakdown="platform", platform=platform) for day in (1, 2)],
        )
        for name, (platform, cost) in reports.items()
    ]
    assert empty.ask(Query(("spend",))).totals["spend"] == 2 * 15 + 2 * 30
    empty.undo(imports[-1])
    by_platform = empty.ask(Query(("spend",), by=("platform",))).frame
    assert dict(zip(by_platform["platform"], by_platform["spend"], strict=True)) == {"meta": 20, "tiktok": 60}


def test_visits_of_the_web_and_of_an_app_are_one_report(empty):
    """A newer file without the app's rows is a correction: traffic's platform says where, not whose report it is."""
    rows = [
        visit("2026-09-01", count, breakdown="platform", platform=name) for name, count in (("web", 60), ("app", 9))
    ]
    load_rows(empty, "first.csv", traffic=rows)
    load_rows(empty, "corrected.csv", traffic=rows[:1])
    assert empty.ask(Query(("sessions",))).totals["sessions"] == 60
