"""TikTok, LinkedIn, the cards of Google Ads, and reports of Meta that hold nothing or several kinds of results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.zips import zipped

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
TIKTOK = (
    "By Day,Campaign name,Ad group name,Ad name,Currency,Cost,CPC (destination),CPM,Impressions,Clicks (destination),CTR (destination),Reach,Conversions\n"
    '2026-03-01,Spring,G1,A1,PLN,"1,010.50",1.05,5.25,"2,000",10,0.50%,1500,<5\n'
    "2026-03-02,Spring,G1,A1,PLN,20.00,-,4.00,5000,-,-,4000,7\n"
    '-,Total of 2 results,-,-,-,"1,030.50",3.05,4.36,"7,000",10,0.14%,5000,9\n'
)
LINKEDIN = (
    'Campaign Performance Report (in UTC)\n"Report Start: 09/01/2026, Report End: 09/30/2026"\n\n'
    "Start Date (in UTC),Account Name,Campaign Group Name,Campaign Name,Campaign ID,Currency,Total Spent,Impressions,Clicks,Average CPC\n"
)
CARD = 'Date,Clicks,Impressions,Avg. CPC,Cost\n"Thu, 5 Feb 2026",10,"1,000",US$5.00,US$50.00\n"Fri, 6 Feb 2026",5,500,US$4.05,US$20.25\n'


def test_tiktok_leaves_the_total_out_and_hidden_cells_unknown(read: Read, table: Table) -> None:
    (part,) = read(TIKTOK)
    assert (part.format, part.confidence >= 0.9) == ("tiktok_ads_report", True)
    assert table(
        part, "ad_spend", "period_start, cost_amount, currency, impressions, link_clicks, conversions, reach"
    ) == [
        (date(2026, 3, 1), Decimal("1010.5"), "PLN", 2000, 10, None, 1500),
        (date(2026, 3, 2), Decimal(20), "PLN", 5000, None, 7.0, 4000),
    ]
    found = {check.column: check.agrees for check in part.check_totals}
    assert found == {"Cost": True, "Impressions": True, "Clicks (destination)": True, "Conversions": False}
    assert "hides small numbers" in str(part.notes[0])


@pytest.mark.parametrize(("sep", "encoding"), [(",", "utf-8"), ("\t", "utf-16")])
def test_linkedin_by_day_in_either_encoding(read: Read, table: Table, sep: str, encoding: str) -> None:
    rows = (
        "09/01/2026,Shop,Autumn,Leads,1,EUR,1010.50,5000,50,2.01\n09/12/2026,Shop,Autumn,Brand,2,EUR,20.25,900,3,6.75\n"
    )
    head, body = LINKEDIN.rsplit("\n\n", 1)
    text = f"{head}\n\n" + (body + rows + "Total,,,,,,1030.75,5900,53,1.94\n").replace(",", sep)
    (part,) = read(text.encode(encoding))
    assert (part.format, part.account, part.rows.totals) == ("linkedin_ads_report", "linkedin_ads/Shop", 1)
    assert table(part, "ad_spend", "period_start, period_end, campaign, cost_amount, currency, clicks") == [
        (date(2026, 9, 1), date(2026, 9, 1), "Leads", Decimal("1010.5"), "EUR", 50),
        (date(2026, 9, 12), date(2026, 9, 12), "Brand", Decimal("20.25"), "EUR", 3),
    ]
    assert part.period == (date(2026, 9, 1), date(2026, 9, 30))
    assert all(check.agrees for check in part.check_totals)


def test_linkedin_sums_of_the_whole_period_never_enter_a_day(read: Read, table: Table) -> None:
    (part,) = read(
        LINKEDIN + "09/01/2026,Shop,Autumn,Leads,1,EUR,10.50,5000,50,2.01\n09/01/2026,Shop,Autumn,Brand,2,EUR,9,9,3,3\n"
    )
    assert table(part, "ad_spend", "period_start, period_end") == [(date(2026, 9, 1), date(2026, 9, 30))] * 2


def test_a_card_of_google_ads_has_its_days_in_its_name(read: Read, table: Table) -> None:
    (part,) = read(CARD, "Time_series(2026.02.05-2026.02.10).csv")
    assert (part.format, part.currencies) == ("google_ads_overview", ("USD",))
    assert part.period == (date(2026, 2, 5), date(2026, 2, 10))
    assert table(part, "ad_spend", "period_start, clicks, impressions, cost_amount, breakdown") == [
        (date(2026, 2, 5), 10, 1000, Decimal(50), ""),
        (date(2026, 2, 6), 5, 500, Decimal("20.25"), ""),
    ]
    devices = "Device,Cost,Impressions,Clicks\nMobile phones,US$60.00,1000,12\nComputers,US$10.25,500,3\n"
    (part,) = read(devices, "Devices(2026.02.05-2026.02.10).csv")
    assert table(part, "ad_spend", "device, period_start, period_end, cost_amount") == [
        ("mobile", date(2026, 2, 5), date(2026, 2, 10), Decimal(60)),
        ("desktop", date(2026, 2, 5), date(2026, 2, 10), Decimal("10.25")),
    ]


def test_two_cards_of_the_same_days_are_never_added(tmp_path: Path) -> None:
    """The days say 70.25, the devices 70.25 again."""
    with Workspace(":memory:") as shop:
        for name, text in (
            ("Time_series(2026.02.05-2026.02.06).csv", CARD),
            (
                "Devices(2026.02.05-2026.02.06).csv",
                "Device,Cost,Impressions\nMobile phones,US$60.00,9\nComputers,US$10.25,9\n",
            ),
        ):
            (tmp_path / name).write_text(text, "utf-8")
            shop.add(tmp_path / name)
        assert shop.ask(Query(("spend",))).totals == {"spend": 70.25}


def test_an_empty_account_of_meta_has_no_rows_and_says_so(read: Read) -> None:
    text = (
        '"Campaign name","Reporting starts","Reporting ends",Impressions,"Amount spent (USD)"\n"No data available."\n'
    )
    (part,) = read(text)
    assert (part.format, part.rows.read, part.tables) == ("meta_ads_report", 0, {})
    assert str(part.notes[-1]) == "The table has no rows."


def test_results_of_two_indicators_stay_apart(read: Read, table: Table) -> None:
    text = (
        '"Reporting starts","Reporting ends","Campaign name","Attribution setting",Results,"Result indicator",Reach,Impressions,"Amount spent (USD)"\n'
        '2026-03-01,2026-03-31,"A","7-day click",12,actions:link_click,900,1000,5.00\n'
        '2026-03-01,2026-03-31,"B","7-day click",3,actions:offsite_conversion.fb_pixel_purchase,80,100,7.50\n'
    )
    (part,) = read(text)
    assert table(part, "ad_spend", "results, result_kind, currency") == [
        (12.0, "actions:link_click", "USD"),
        (3.0, "actions:offsite_conversion.fb_pixel_purchase", "USD"),
    ]


def test_damaged_cells_are_refused(read: Read) -> None:
    (part,) = read(TIKTOK.replace("20.00", "twenty").replace("2026-03-01", "2026-33-01"))
    assert (part.rows.loaded, part.rows.refused, part.rows.totals) == (0, 2, 1)
    (part,) = read(LINKEDIN + "31/09/2026,Shop,Autumn,Leads,1,EUR,10.50,5000,50,2.01\n")
    assert (part.rows.loaded, part.rows.refused) == (0, 1)


def test_the_polish_total_of_tiktok_is_compared_and_not_refused(read: Read) -> None:
    (part,) = read(
        "Według dnia;Nazwa kampanii;Nazwa grupy reklam;Waluta;Koszt;Wyświetlenia;Kliknięcia (miejsce docelowe)\n"
        "Łącznie 2 wyniki;-;-;PLN;30,50;3000;30\n2026-03-01;A;x;PLN;10,50;1000;10\n2026-03-02;A;x;PLN;20,00;2000;20\n"
    )
    assert (part.rows.loaded, part.rows.totals, part.rows.refused) == (2, 1, 0)
    assert [(it.declared, it.ours) for it in part.check_totals] == [(30.5, 30.5), (3000, 3000), (30, 30)]


def test_a_linkedin_period_that_is_not_quoted_is_no_header() -> None:
    text = (
        "Campaign Performance Report (in UTC)\nReport Start: 03/01/2026, Report End: 03/31/2026\nDate Generated: 04/02/2026, 10:00 AM\n\n"
        "Start Date (in UTC),Campaign Name,Currency,Total Spent,Impressions,Clicks\n"
        "03/01/2026,C1,EUR,10.50,1200,5\n03/01/2026,C2,EUR,9.50,100,5\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="campaign_performance.csv")
        assert (load.format, load.period) == ("linkedin_ads_report", (date(2026, 3, 1), date(2026, 3, 31)))
        assert shop.ask(Query(("spend",))).totals["spend"] == 20


def test_a_thousand_that_is_not_quoted_refuses_its_row() -> None:
    head = "Start Date (in UTC),Campaign Name,Currency,Total Spent,Impressions,Clicks\n"
    text = f"{head}03/01/2026,C1,EUR,1,010.50,1,200,5\n03/02/2026,C1,EUR,9.50,100,5\n03/03/2026,C1,EUR,2,000.00,100,5\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="campaign_performance.csv")
        assert (load.rows.loaded, load.rows.refused) == (1, 2)
        assert shop.ask(Query(("spend",))).totals["spend"] == 9.5


def test_what_changed_since_the_days_before_adds_no_spend() -> None:
    cards = {
        "Time_series(2026.03.01-2026.03.02).csv": 'Date,Clicks,Impressions,Avg. CPC,Cost\n"Sun, 1 Mar 2026",10,100,£1.00,£10.00\n"Mon, 2 Mar 2026",5,50,£1.00,£5.00\n',
        "Biggest_changes(2026.03.01-2026.03.02_compared_to_2026.02.27-2026.02.28).csv": "Campaign Name,Cost,Cost (Comparison)\nA,£1.00,£2.00\n",
    }
    with Workspace(":memory:") as shop:
        load = shop.add(zipped(cards), name="Overview_cards.zip")
        assert [(part.rows.loaded, part.rows.set_aside) for part in load.parts] == [(2, 0), (0, 1)]
        assert shop.ask(Query(("spend",))).totals["spend"] == 15


def test_months_of_linkedin_enter_no_day() -> None:
    text = (
        'Campaign Performance Report (in UTC)\n"Report Start: 01/01/2026, Report End: 03/31/2026"\n\n'
        "Start Date (in UTC),Campaign Name,Currency,Total Spent,Impressions,Clicks\n"
        "01/01/2026,C1,EUR,100,1000,10\n02/01/2026,C1,EUR,200,1000,10\n03/01/2026,C1,EUR,300,1000,10\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="campaign_performance.csv")
        assert "sums of whole months" in str(load.notes[0])
        assert shop.ask(Query(("spend",))).totals["spend"] == 600
        february = Query(("spend",), start=date(2026, 2, 1), end=date(2026, 2, 28))
        assert shop.ask(february).totals["spend"] == 200
        assert shop.ask(Query(("spend",), start=date(2026, 2, 1), end=date(2026, 2, 1))).refused
