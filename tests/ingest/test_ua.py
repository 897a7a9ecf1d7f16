"""Universal Analytics: a report and the same sessions by day, in the number styles of several languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
RULE = "# ----------------------------------------\n"
TOP = f"{RULE}# All Web Site Data\n# Channels\n# 20210301-20210331\n{RULE}\n"
CHANNELS = (
    TOP
    + "Default Channel Grouping,Users,New Users,Sessions,Bounce Rate,Pages / Session,Avg. Session Duration,Transactions,Revenue\n"
    'Organic Search,900,700,"1,200",40.00%,3.10,00:01:30,12,"£1,200.50"\n'
    "Direct,300,200,400,50.25%,2.00,01:00:00,3,£300.00\n"
    ',"1,150",900,"1,600",42.56%,2.83,00:16:07,15,"£1,500.50"\n'
)


def test_sessions_by_channel_with_classic_bounces(read: Read, table: Table) -> None:
    """Bounces: 40 % of 1,200 are 480; 50.25 % of 400 are 201. Duration: 90 s × 1,200; 3,600 s × 400."""
    (part,) = read(CHANNELS)
    assert (part.format, part.confidence >= 0.9, part.currencies) == ("ua_report", True, ("GBP",))
    columns = "channel, sessions, users, bounces, bounce_kind, duration_s, transactions, revenue_amount, period_end"
    end = date(2021, 3, 31)
    assert table(part, "traffic", columns) == [
        ("organic", 1200, 900, 480, "classic", 108_000.0, 12.0, Decimal("1200.5"), end),
        ("direct", 400, 300, 201, "classic", 1_440_000.0, 3.0, Decimal(300), end),
    ]
    assert part.rows.totals == 1
    assert {check.column: check.declared for check in part.check_totals} == {
        "Sessions": 1600.0,
        "Transactions": 15.0,
        "Revenue": 1500.5,
    }


def test_the_second_table_is_a_daily_series_of_its_own(read: Read, table: Table) -> None:
    report, days = read(CHANNELS + '\nDay Index,Sessions\n3/1/21,600\n3/31/21,"1,000"\n,"1,600"\n')
    assert [part.rows.are_conserved for part in (report, days)] == [True, True]
    assert table(days, "traffic", "period_start, period_end, sessions, breakdown") == [
        (date(2021, 3, 1), date(2021, 3, 1), 600, ""),
        (date(2021, 3, 31), date(2021, 3, 31), 1000, ""),
    ]
    assert days.period == report.period == (date(2021, 3, 1), date(2021, 3, 31))


def test_a_dutch_report_groups_thousands_with_points(read: Read, table: Table) -> None:
    (part,) = read(
        TOP
        + "Apparaatcategorie,Sessies,% nieuwe sessies,Nieuwe gebruikers,Bouncepercentage,Pagina's/sessie,Gem. sessieduur\n"
        'mobile,2.546,"99,88%",2.543,"50,00%","1,07",00:00:10\ntablet,10,"80,00%",8,"20,00%","2,50",00:01:00\n'
    )
    assert table(part, "traffic", "device, sessions, new_users, bounces, duration_s") == [
        ("mobile", 2546, 2543, 1273, 25_460.0),
        ("tablet", 10, 8, 2, 600.0),
    ]


def test_polish_labels(read: Read, table: Table) -> None:
    (part,) = read(
        TOP
        + "Źródło/medium,Użytkownicy,Nowi użytkownicy,Sesje,Współczynnik odrzuceń,Strony/sesja,Śr. czas trwania sesji\n"
        'google / cpc,9,8,10,"30,00%","2,00",00:00:30\n'
    )
    assert table(part, "traffic", "utm_source, utm_medium, sessions, bounces, breakdown") == [
        ("google", "cpc", 10, 3, "utm_medium,utm_source")
    ]


def test_sessions_by_page_are_not_counted(read: Read, table: Table) -> None:
    (part,) = read(TOP + "Page,Pageviews,Unique Pageviews,Sessions,Bounce Rate\n/a,50,40,30,10.00%\n")
    assert table(part, "traffic", "sessions, bounces, bounce_kind, pageviews, breakdown") == [
        (None, None, None, 50, "page")
    ]


@pytest.mark.parametrize("cell", ["#DIV/0!", "#DIV/0", "", "<00:00:01"])
def test_a_duration_that_is_none_is_unknown(read: Read, table: Table, cell: str) -> None:
    (part,) = read(TOP + f"Country,Sessions,Avg. Session Duration\nPoland,5,{cell}\nGermany,4,00:00:02\n")
    assert table(part, "traffic", "country, duration_s") == [("PL", None), ("DE", 8.0)]


def test_a_damaged_duration_is_refused_and_said(read: Read) -> None:
    (part,) = read(TOP + "Country,Sessions,Avg. Session Duration\nPoland,5,1 min\nGermany,4,00:00:02\n")
    assert (part.rows.loaded, part.rows.refused) == (1, 1)
    assert str(part.refused[0].reason) == "Column “Avg. Session Duration” holds “1 min”, which cannot be read."


def test_months_of_the_year_are_periods_of_their_own(read: Read, table: Table) -> None:
    (part,) = read(
        "# All Web Site Data\n# Audience\n# 20210115-20210228\n\nMonth of Year,Sessions,Users,Pages / Session,Avg. Session Duration\n"
        '202101,"1,000",900,2.00,00:01:00\n202102,500,400,2.00,00:01:00\n,"1,500","1,300",2.00,00:01:00\n'
    )
    assert (part.rows.loaded, part.rows.totals) == (2, 1)
    assert table(part, "traffic", "period_start, period_end, sessions") == [
        (date(2021, 1, 15), date(2021, 1, 31), 1000),
        (date(2021, 2, 1), date(2021, 2, 28), 500),
    ]
