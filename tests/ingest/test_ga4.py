"""Google Analytics 4: any report, its period, its breakdown, its totals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kpi.ingest import Part
from kpi.ingest.formats import formats

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
TOP = "# --------\n# {title}\n# Property: shop - GA4\n# ---\n#\n# All Users\n# Start date: {start}\n# End date: {end}\n"
JANUARY = TOP.format(title="Report", start="20260101", end="20260131")


def test_a_report_without_days_is_one_row_for_its_period(read: Read, table: Table) -> None:
    (part,) = read(
        JANUARY
        + "Device category,Sessions,Engaged sessions,Average engagement time per session\n"
        + "mobile,10,4,2.5\ndesktop,5,5,0\n"
    )
    assert table(part, "traffic", "device, period_start, period_end, sessions, bounces, duration_s, breakdown") == [
        ("mobile", date(2026, 1, 1), date(2026, 1, 31), 10, 6, 25.0, "device"),
        ("desktop", date(2026, 1, 1), date(2026, 1, 31), 5, 0, 0.0, "device"),
    ]
    assert part.account == "ga4/shop - GA4"
    assert part.period == (date(2026, 1, 1), date(2026, 1, 31))


def test_polish_labels_and_day_numbers(read: Read, table: Table) -> None:
    top = "# Data rozpoczęcia: 20260130\n# Data zakończenia: 20260202\n"
    (part,) = read(top + "N-ty dzień,Aktywni użytkownicy,Nowi użytkownicy\n0000,5,1\n0003,7,2\n")
    assert table(part, "traffic", "period_start, period_end, users, new_users") == [
        (date(2026, 1, 30), date(2026, 1, 30), 5, 1),
        (date(2026, 2, 2), date(2026, 2, 2), 7, 2),
    ]


def test_a_bare_month_takes_its_year_and_its_edges_from_the_period(read: Read, table: Table) -> None:
    top = TOP.format(title="Months", start="20251115", end="20260210")
    (part,) = read(top + "Month,Sessions\n11,1\n12,2\n01,3\n02,4\n")
    assert table(part, "traffic", "period_start, period_end") == [
        (date(2025, 11, 15), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 10)),
    ]


def test_a_month_that_the_period_holds_twice_is_refused(read: Read, table: Table) -> None:
    top = TOP.format(title="Months", start="20231001", end="20241231")
    (part,) = read(top + "Month,Sessions\n09,9\n10,1\n")
    assert table(part, "traffic", "period_start, sessions") == [(date(2024, 9, 1), 9)]
    assert str(part.refused[0].reason) == (
        "Column “Month” holds “10”, a month that occurs twice between 2023-10-01 and 2024-12-31. "
        "Add the year to the report."
    )


def test_a_month_beside_its_year_is_of_that_year(read: Read, table: Table) -> None:
    top = TOP.format(title="Months", start="20231015", end="20241231")
    (part,) = read(top + "Year,Month,Sessions\n2023,10,1\n2024,10,2\n2025,01,3\n")
    assert table(part, "traffic", "period_start, period_end, sessions") == [
        (date(2023, 10, 15), date(2023, 10, 31), 1),
        (date(2024, 10, 1), date(2024, 10, 31), 2),
    ]
    assert part.rows.refused == 1


def test_a_year_that_is_none_is_said(read: Read) -> None:
    (part,) = read("Year,Month,Sessions\n20x3,10,5\n2023,10,5\n")
    assert str(part.refused[0].reason) == "Column “Year” holds “20x3”, which cannot be read."


def test_a_day_beside_a_month_decides(read: Read, table: Table) -> None:
    top = TOP.format(title="Days", start="20231001", end="20241231")
    (part,) = read(top + "Date,Month,Sessions\n20241005,10,1\n")
    assert table(part, "traffic", "period_start") == [(date(2024, 10, 5),)]


@pytest.mark.parametrize(
    ("header", "cells", "end"),
    [
        ("Year month", "202310", date(2023, 10, 31)),
        ("Year", "2023", date(2023, 12, 31)),
        ("Month,Year", "10,2023", date(2023, 10, 31)),
    ],
)
def test_a_year_needs_no_period(read: Read, table: Table, header: str, cells: str, end: date) -> None:
    (part,) = read(f"{header},Sessions\n{cells},5\n")
    assert table(part, "traffic", "period_end, sessions, breakdown") == [(end, 5, "")]


@pytest.mark.parametrize(
    ("label", "breakdown"),
    [("Nazwa wydarzenia", "event_name"), ("Page path and screen class", "page"), ("Item name", "item")],
)
def test_sessions_by_event_page_or_item_are_not_counted(read: Read, table: Table, label: str, breakdown: str) -> None:
    (part,) = read(
        JANUARY + f"{label},Sessions,Engaged sessions,Total users,Views,Event count\na,9,4,3,2,1\nb,8,4,3,2,1\n"
    )
    columns = "sessions, engaged_sessions, users, bounces, bounce_kind, pageviews, events, breakdown"
    assert table(part, "traffic", columns) == [(None, None, None, None, None, 2, 1, breakdown)] * 2
    assert [str(note) for note in part.notes] == [
        "Sessions and users by page, event or item overlap and are not counted. (2 rows)"
    ]


def test_a_total_of_overlapping_sessions_is_not_compared(read: Read) -> None:
    (part,) = read(JANUARY + "Page path and screen class,Sessions,Views\nGrand total,10,5\n/a,9,2\n/b,8,3\n")
    assert [(check.column, check.agrees) for check in part.check_totals] == [("Views", True)]


def test_a_landing_page_loses_its_query_and_a_campaign_its_address(read: Read, table: Table) -> None:
    (part,) = read(
        JANUARY
        + "Landing page + query string,Session campaign,Sessions\n"
        + "/a?email=anna@example.com,mail to anna.k@example.com now,1\n/b/anna%40example.com#top,Spring @home,2\n"
    )
    assert table(part, "traffic", "landing_page, campaign") == [
        ("/a", "mail to ••• now"),
        ("/b/•••", "Spring @home"),
    ]


def test_a_month_outside_the_period_is_refused(read: Read) -> None:
    (part,) = read(JANUARY + "Month,Sessions\n01,1\n06,2\n")
    assert (part.rows.loaded, part.rows.refused) == (1, 1)


@pytest.mark.parametrize("header", ["Device category,Sessions", "Nth day,Sessions", "Month,Sessions"])
def test_without_a_period_it_is_asked(read: Read, table: Table, header: str) -> None:
    text = f"{header}\n{'mobile' if header[0] == 'D' else '01'},5\n"
    (part,) = read(text)
    assert [question.key for question in part.questions] == ["period"]
    (part,) = read(text, period=("2026-01-01", "2026-01-31"))
    assert part.tables == {"traffic": 1}


def test_the_files_name_may_give_the_period(read: Read, table: Table) -> None:
    (part,) = read("Device category,Sessions\nmobile,5\n", "devices 20260101-20260131.csv")
    assert table(part, "traffic", "period_end") == [(date(2026, 1, 31),)]


def test_an_unknown_dimension_names_the_breakdown_and_an_unknown_metric_the_note(read: Read, table: Table) -> None:
    (part,) = read(JANUARY + "Language,Country,Sessions,Wishlist adds\npl,Poland,5,1\nde,(not set),6,2\n")
    assert table(part, "traffic", "breakdown, country, sessions") == [
        ("country,language", "PL", 5),
        ("country,language", None, 6),
    ]
    assert str(part.notes[0]) == "Columns that were not used: Wishlist adds."


def test_source_and_medium_are_split_and_not_set_stays(read: Read, table: Table) -> None:
    (part,) = read(
        JANUARY
        + "Session source / medium,Session campaign,Sessions\ngoogle / cpc,(not set),5\n(direct) / (none),Spring,6\n"
    )
    assert table(part, "traffic", "utm_source, utm_medium, campaign, breakdown") == [
        ("google", "cpc", "(not set)", "campaign,utm_medium,utm_source"),
        ("(direct)", "(none)", "Spring", "campaign,utm_medium,utm_source"),
    ]


def test_channels_of_first_users_are_another_breakdown(read: Read, table: Table) -> None:
    (part,) = read(JANUARY + "First user default channel group,Total users\nPaid Search,5\nOrganic Social,6\n")
    assert table(part, "traffic", "channel, breakdown") == [
        ("paid search", "first_user_channel"),
        ("organic social", "first_user_channel"),
    ]


def test_bounces_come_from_the_rate_where_there_is_one(read: Read, table: Table) -> None:
    (part,) = read(JANUARY + "Age,Sessions,Bounce rate\n18-24,10,0.3\nunknown,10,0.25\n65+,10,50%\n")
    assert table(part, "traffic", "age_group, bounces, bounce_kind") == [
        ("18–24", 3, "ga4"),
        (None, 3, "ga4"),  # a quarter of ten, rounded up
        ("65+", 5, "ga4"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "Grand total,15,3\nmobile,10,2\ndesktop,5,1",
        "mobile,10,2\ndesktop,5,1\nGrand total,15,3",
        ",15,3,Grand total\nmobile,10,2\ndesktop,5,1",
    ],
)
def test_the_grand_total_is_checked_wherever_it_stands(read: Read, row: str) -> None:
    (part,) = read(f"{JANUARY}\nDevice category,Sessions,Event count\n{row}\n")
    assert (part.rows.loaded, part.rows.totals) == (2, 1)
    assert [check.agrees for check in part.check_totals] == [True, True]


def test_stacked_tables_are_parts_with_their_own_periods(read: Read, table: Table) -> None:
    second = "\n# Start date: 20260201\n# End date: 20260228\nDevice category,Sessions\nmobile,3\n"
    second += "\n# Start date: 20260201\n# End date: 20260228\nCohort,Week 0\nA,-1\n"
    parts = read(JANUARY + "Country,Sessions\nPoland,5\n" + second)
    assert [(part.format, part.rows.read) for part in parts] == [("ga4_report", 1), ("ga4_report", 1), (None, 1)]
    assert [part.period for part in parts[:2]] == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
    ]
    assert len({part.path for part in parts}) == 3


@pytest.mark.parametrize(("amount", "asked"), [("5.00", ["currency"]), ("0", []), ("", [])])
def test_the_currency_is_asked_only_where_there_is_money(read: Read, amount: str, asked: list[str]) -> None:
    (part,) = read(JANUARY + f"Country,Sessions,Total revenue\nPoland,5,{amount}\n")
    assert [question.key for question in part.questions] == asked


def test_an_answered_currency_is_used(read: Read, table: Table) -> None:
    (part,) = read(JANUARY + "Country,Sessions,Total revenue\nPoland,5,7.25\n", currency="pln")
    assert table(part, "traffic", "revenue_amount, currency") == [(Decimal("7.25"), "PLN")]


def test_a_snapshot_is_a_part_for_every_table_and_nothing_else(read: Read) -> None:
    """A table with a header only, a bare number and a cohort hold nothing to count."""
    days = "\n# Start date: 20260101\n# End date: 20260103\n"
    parts = read(
        TOP.format(title="Reports snapshot", start="20260101", end="20260103")
        + "Nth day,Active users,New users\n0000,5,1\n0001,7,2\n0002,6,3\n"
        + days
        + "Active users in last 30 minutes\n14\n"
        + days
        + "First user primary channel group (Default Channel Group),New users\nDirect,4\nOrganic Search,2\n"
        + days
        + "Page title and screen class,Views\n"
        + days
        + "Cohort,Week 0,Week 1\nAll Users,12,-1\n"
        + days
        + "Event name,Event count\npage_view,90\npurchase,5\n"
    )
    assert [(part.format, part.tables) for part in parts] == [
        ("ga4_report", {"traffic": 3}),
        ("ga4_report", {"traffic": 2}),
        ("ga4_report", {}),
        (None, {}),
        ("ga4_report", {"traffic": 2, "events": 2}),
    ]
    assert all(part.rows.are_conserved for part in parts)
    assert parts[1].path == ("2 Reports snapshot",)


def test_an_exploration_with_the_total_first_in_an_extra_cell(read: Read, table: Table) -> None:
    top = "# ------\n# Free form\n# shop.pl - GA4\n# 20260301-20260331\n# ------\n\n"
    (part,) = read(
        top
        + "Device category,Country,Sessions,Event count\n,,15,300,Grand total\nmobile,Poland,10,200\ndesktop,Poland,5,100\n"
    )
    assert (part.rows.totals, part.period) == (1, (date(2026, 3, 1), date(2026, 3, 31)))
    assert table(part, "traffic", "device, country, sessions") == [("mobile", "PL", 10), ("desktop", "PL", 5)]
    assert all(check.agrees for check in part.check_totals)


def test_a_french_channel_report(read: Read, table: Table) -> None:
    top = "# Acquisition de trafic\n# Date de début : 20260301\n# Date de fin : 20260331\n"
    (part,) = read(top + "Groupe de canaux par défaut de la session,Sessions,Sessions avec engagement\nDirect,10,4\n")
    assert part.format == "ga4_traffic_acquisition"
    assert table(part, "traffic", "channel, sessions, bounces, period_end") == [("direct", 10, 6, date(2026, 3, 31))]


@pytest.mark.parametrize(
    "label", ["Domyślna grupa kanałów sesji", "Item brand", "Item category", "Grupa treści", "Page referrer"]
)
def test_every_dimension_that_is_known_makes_a_report(read: Read, label: str) -> None:
    (part,) = read(JANUARY + f"{label},Sessions,Views\nA,10,4\nB,5,5\n")
    assert part.format in ("ga4_report", "ga4_traffic_acquisition")


def test_the_labels_of_all_dimensions_are_looked_for() -> None:
    known = next(it for it in formats() if it.id == "ga4_report")
    for name in known.check_dimensions:
        for pattern in known.fields[name].labels:
            assert any(map(pattern.fullmatch, known.required[1])), (name, pattern)


@pytest.mark.parametrize(
    "text",
    [
        "date,sessions,channel\n2026-03-01,60,organic\n2026-03-01,40,direct\n",
        "Data;Sesje;Kanał\n2026-03-01;60;organic\n2026-03-01;40;direct\n",
    ],
)
def test_plain_columns_are_nobodys_report_and_keep_their_channel(read: Read, table: Table, text: str) -> None:
    (part,) = read(text)
    assert (part.format, part.questions) == ("traffic", ())
    assert any("check the columns" in str(note) for note in part.notes)
    assert table(part, "traffic", "channel, sessions, breakdown") == [
        ("organic", 60, "channel"),
        ("direct", 40, "channel"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "Date,Sessions,Session default channel group\n2026-03-01,60,Direct\n"),
        ("x.csv", "# Start date: 20260301\n# End date: 20260331\nDate,Sessions\n20260301,60\n20260302,50\n"),
        ("ga4_march.csv", "Date,Sessions\n20260301,60\n20260302,50\n"),
    ],
)
def test_ga4s_own_words_title_or_name_tell_its_report(read: Read, name: str, text: str) -> None:
    (part,) = read(text, name)
    assert part.format in ("ga4_report", "ga4_traffic_acquisition")
