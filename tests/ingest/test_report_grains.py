"""Reports of the same days by day, week, month and whole period: never counted twice, and the days stay."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace

HEAD = 'Campaign report\n"{span}"\nCampaign,{day},Currency code,Impr.,Clicks,Cost\n'
# 1 + 2 + … + 31 = 496
DAYS = HEAD.format(span="March 1, 2026 - March 31, 2026", day="Day") + "".join(
    f"A,2026-03-{day:02d},PLN,100,{day},{day}.00\n" for day in range(1, 32)
)
MONTHS = HEAD.format(span="January 1, 2026 - March 31, 2026", day="Month") + (
    "A,2026-01-01,PLN,100,10,100.00\nA,2026-02-01,PLN,100,10,200.00\nA,2026-03-01,PLN,3100,496,496.00\n"
)
# the days 2–8 and 9–15 of March: 35 and 84
WEEKS = HEAD.format(span="March 2, 2026 - March 15, 2026", day="Week") + (
    "A,2026-03-02,PLN,700,35,35.00\nA,2026-03-09,PLN,700,84,84.00\n"
)
WHOLE = 'Campaign report\n"March 1, 2026 - March 31, 2026"\nCampaign,Currency code,Impr.,Clicks,Cost\nA,PLN,3100,496,496.00\n'
MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


def spend(shop: Workspace, **days: date) -> float:
    return shop.ask(Query(("spend",), **days)).totals["spend"]


@pytest.mark.parametrize("coarse", [MONTHS, WEEKS, WHOLE], ids=["months", "weeks", "whole"])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
def test_a_coarser_report_neither_adds_to_the_days_nor_takes_their_place(coarse: str, is_first: bool) -> None:
    with Workspace(":memory:") as shop:
        for text in (coarse, DAYS) if is_first else (DAYS, coarse):
            shop.add(text.encode(), name="Campaign report.csv")
        assert spend(shop, **MARCH) == 496
        assert spend(shop, start=date(2026, 3, 10), end=date(2026, 3, 10)) == 10
        # January and February are known by month only
        assert spend(shop) == (796 if coarse is MONTHS else 496)


def test_undoing_the_days_brings_the_month_back() -> None:
    with Workspace(":memory:") as shop:
        shop.add(MONTHS.encode(), name="Campaign report.csv")
        days = shop.add(DAYS.encode(), name="Campaign report.csv")
        shop.undo(days.import_id)
        assert spend(shop) == 796
        assert shop.ask(Query(("spend",), start=date(2026, 3, 10), end=date(2026, 3, 10))).refused


TIKTOK = "{grain},Campaign name,Currency,Cost,Impressions,Clicks (destination)\n"
TIKTOK_DAYS = TIKTOK.format(grain="By Day") + "".join(f"2026-03-{day:02d},A,PLN,{day},100,1\n" for day in range(1, 32))
TIKTOK_WEEKS = TIKTOK.format(grain="By Week") + (
    "2026-03-02 ~ 2026-03-08,A,PLN,35,700,7\n2026-03-09 ~ 2026-03-15,A,PLN,84,700,7\nTotal of 2 results,-,PLN,119,1400,14\n"
)
TIKTOK_HOURS = TIKTOK.format(grain="By Hour") + "2026-03-01 00:00,A,PLN,0.25,50,1\n2026-03-01 13:00,A,PLN,0.75,50,0\n"


@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
def test_tiktok_weeks_and_hours_beside_the_days(is_first: bool) -> None:
    with Workspace(":memory:") as shop:
        coarse = shop.add(TIKTOK_WEEKS.encode(), name="Campaign Report.csv") if is_first else None
        shop.add(TIKTOK_DAYS.encode(), name="Campaign Report.csv")
        coarse = coarse or shop.add(TIKTOK_WEEKS.encode(), name="Campaign Report.csv")
        assert (coarse.rows.loaded, coarse.rows.totals) == (2, 1)
        assert coarse.period == (date(2026, 3, 2), date(2026, 3, 15))
        assert spend(shop, **MARCH) == spend(shop) == 496
    with Workspace(":memory:") as shop:
        shop.add(TIKTOK_HOURS.encode(), name="Campaign Report.csv")
        assert spend(shop, start=date(2026, 3, 1), end=date(2026, 3, 1)) == 1


def test_hours_of_google_ads_add_up() -> None:
    text = (
        'Campaign report\n"March 1, 2026 - March 31, 2026"\nHour of the day,Campaign,Currency code,Impr.,Clicks,Cost\n'
    )
    with Workspace(":memory:") as shop:
        shop.add(
            (text + "0,A,EUR,10,1,1.00\n13,A,EUR,20,2,3.00\n0,B,EUR,10,1,1.50\n").encode(), name="Campaign report.csv"
        )
        assert spend(shop) == 5.5


def test_a_sum_that_reaches_beyond_the_days_stands_for_them() -> None:
    week = HEAD.format(span="February 23, 2026 - March 1, 2026", day="Week") + "A,2026-02-23,PLN,700,50,50.00\n"
    with Workspace(":memory:") as shop:
        for text in (DAYS, week):
            shop.add(text.encode(), name="Campaign report.csv")
        assert spend(shop, **MARCH) == 496
        # the week holds 1 March: 50 and 2 + … + 31
        assert spend(shop) == 50 + 495


def test_a_newer_sum_of_fewer_days_does_not_hide_the_longer_one() -> None:
    head = "# Property: Shop\n# Start date: 20260401\n# End date: {}\nSession default channel group,Sessions,Engaged sessions\n"
    with Workspace(":memory:") as shop:
        shop.add((head.format("20260430") + "Direct,90,30\n").encode(), name="Traffic_acquisition.csv")
        shop.add((head.format("20260410") + "Direct,30,10\n").encode(), name="Traffic_acquisition.csv")
        assert shop.ask(Query(("sessions",))).totals["sessions"] == 90
        april = {"start": date(2026, 4, 1), "end": date(2026, 4, 10)}
        assert shop.ask(Query(("sessions",), **april)).totals["sessions"] == 30
