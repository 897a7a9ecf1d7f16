"""Google Ads: other languages, other levels, segments, the cards of the overview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.zips import zipped

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
GERMAN = (
    'Kampagnenbericht\n"1. September 2025 – 30. September 2025"\n'
    "Kampagnenstatus,Kampagne,Budget,Kampagnentyp,Währungscode,Impr.,Klicks,Kosten,Conversions,Kosten/Conv.,Conv.-Wert\n"
    'Aktiviert,Marke,"50,00",Suche,EUR,12.500,500,"1.234,56","25,50","48,41","5.100,00"\n'
    'Pausiert,Herbst,"20,00",Display,EUR,90.000,20,"300,44","0,00", --,"0,00"\n'
    'Gesamt: Kampagnen, --, --, --, --,102.500,520,"1.535,00","25,50","60,20","5.100,00"\n'
    'Gesamt: Konto, --, --, --, --,102.500,520,"1.535,00","25,50","60,20","5.100,00"\n'
)
POLISH = (
    "Raport kampanii\n1 wrz 2025 - 30 wrz 2025\n"
    "Stan kampanii\tKampania\tBudżet\tNazwa budżetu\tTyp budżetu\tPowody stanu\tWynik optymalizacji\tKod waluty\tWyśw.\tKliknięcia\tKoszt\tKonwersje\tWartość konw.\n"
    "Włączona\tMarka\t50,00\t --\tDzienny\t\t98,2%\tPLN\t12 500\t500\t1 234,56\t25,50\t5 100,00\n"
    "Wstrzymana\tJesień\t20,00\t --\tDzienny\t\t --\tPLN\t90 000\t20\t300,44\t0,00\t0,00\n"
    "Suma: konto\t --\t --\t --\t --\t --\t --\tPLN\t102 500\t520\t1 535,00\t25,50\t5 100,00\n"
)
SPANISH = (
    'Informe de campaña\n"1 de septiembre de 2025 - 30 de septiembre de 2025"\n'
    "Estado de la campaña,Campaña,Presupuesto,Tipo de campaña,Código de moneda,Impr.,Clics,Coste,Conversiones,Valor de conv.\n"
    'Habilitada,Marca,"50,00",Búsqueda,EUR,12.500,500,"1.234,56","25,50","5.100,00"\n'
    'En pausa,Otoño,"20,00",Display,EUR,90.000,20,"300,44","0,00","0,00"\n'
    'Total: Cuenta, --, --, --, --,102.500,520,"1.535,00","25,50","5.100,00"\n'
)


@pytest.mark.parametrize("content", [GERMAN.encode(), POLISH.encode("utf-16"), SPANISH.encode()])
def test_the_campaign_report_reads_the_same_in_every_language(content: bytes) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(content, name="report.csv")
        assert (load.format, load.rows.loaded) == ("google_ads_campaigns", 2)
        assert load.period == (date(2025, 9, 1), date(2025, 9, 30))
        assert all(check.agrees for check in load.check_totals)
        answer = shop.ask(Query(("spend", "ctr", "cpc")))
    # 1,234.56 + 300.44; 520 of 102,500; 1,535 / 520
    assert answer.totals == pytest.approx({"spend": 1535.0, "ctr": 520 / 102500, "cpc": 1535 / 520})


KEYWORDS = (
    'Search keyword report\n"September 1, 2025 - September 30, 2025"\n'
    "Keyword status,Keyword,Match type,Campaign,Ad group,Final URL,Clicks,Impr.,Currency code,Cost,Conversions\n"
    "Enabled,boots,Broad match,Generic,Core, --,300,9000,PLN,230.50,1.00\n"
    "Enabled,[red boots],Exact match,Generic,Core, --,100,1000,PLN,69.50,3.00\n"
    "Total: Search keywords, --, --, --, --, --,400,10000, --,300.00,4.00\n"
)


@pytest.mark.parametrize(
    ("account", "spend"), [("400,10000, --,300.00,4.00", 300.0), ("500,20000, --,900.00,9.00", None)]
)
def test_keywords_are_the_spend_of_the_account_only_where_its_total_says_so(account: str, spend: float | None) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add((KEYWORDS + f"Total: Account, --, --, --, --, --,{account}\n").encode(), name="keywords.csv")
        assert (load.rows.loaded, load.rows.totals) == (2, 2)
        assert shop.ask(Query(("spend",))).totals.get("spend") == spend


def test_other_search_terms_are_a_total_and_no_term(read: Read, table: Table) -> None:
    text = (
        'Search terms report\n"September 1, 2025 - September 30, 2025"\n'
        "Search term,Match type,Added/Excluded,Campaign,Ad group,Clicks,Impr.,Currency code,Cost\n"
        "boots,Broad match,None,Generic,Core,30,300,PLN,30.00\n"
        "Total: Search terms, --, --, --, --,30,300, --,30.00\n"
        "Total: Other search terms, --, --, --, --,70,900, --,55.00\n"
        "Total: Account, --, --, --, --,100,1200, --,85.00\n"
    )
    (part,) = read(text)
    assert table(part, "ad_spend", "cost_amount, breakdown") == [
        (Decimal(30), "ad_set,campaign,match type,search term")
    ]
    assert part.rows.totals == 3


def test_networks_of_a_day_are_added_up() -> None:
    text = (
        "Day,Campaign,Network (with search partners),Currency code,Clicks,Impr.,Cost\n"
        "2025-09-01,Brand,Google search,USD,10,100,5.50\n2025-09-01,Brand,Search partners,USD,2,50,1.00\n"
    )
    with Workspace(":memory:") as shop:
        shop.add(text.encode(), name="days.csv")
        assert shop.ask(Query(("spend",))).totals == {"spend": 6.5}


def test_the_cards_of_one_overview_say_the_same_money_once() -> None:
    days = '"Mon, 1 Sept 2025",10,100,PLN 10.00\n"Tue, 2 Sept 2025",20,200,PLN 20.00\n'
    hours = "Monday,0,10,100,PLN 10.00\nTuesday,13,20,200,PLN 20.00\n"
    with Workspace(":memory:") as shop:
        shop.add(("Date,Clicks,Impressions,Cost\n" + days).encode(), name="Time_series(2025.09.01-2025.09.02).csv")
        load = shop.add(
            ("Day,Start hour,Clicks,Impressions,Cost\n" + hours).encode(),
            name="Day_&_hour(Day_Hour_2025.09.01-2025.09.02).csv",
        )
        assert load.format == "google_ads_overview"
        answer = shop.ask(Query(("spend",), grain="day"))
    assert answer.totals == {"spend": 30.0}
    assert answer.frame["spend"].tolist() == [10.0, 20.0]


def test_networks_of_the_overview_are_added_up() -> None:
    with Workspace(":memory:") as shop:
        text = (
            "Network,Clicks,Cost,Avg. CPC\nGoogle Search,30,PLN 30.00,PLN 1.00\nSearch partners,5,PLN 10.00,PLN 2.00\n"
        )
        shop.add(text.encode(), name="Networks(2025.09.01-2025.09.03).csv")
        assert shop.ask(Query(("spend",))).totals == {"spend": 40.0}


def test_the_cards_of_one_zip_are_the_overview_of_google_ads() -> None:
    days = 'Date,Clicks,Impressions,Avg. CPC,Cost\n"Sun, 1 Mar 2026",10,100,€1.00,€10.00\n"Mon, 2 Mar 2026",20,200,€1.00,€20.00\n'
    devices = "Device,Clicks,Impressions,Cost\nMobile Phones,20,200,€20.00\nComputers,10,100,€10.00\n"
    cards = {"Time_series(2026.03.01-2026.03.02).csv": days, "Devices(2026.03.01-2026.03.02).csv": devices}
    with Workspace(":memory:") as shop:
        load = shop.add(zipped(cards), name="Overview_cards(2026.03.01-2026.03.02).zip")
        assert {part.format for part in load.parts} == {"google_ads_overview"}
        assert float(shop.ask(Query(("spend",))).totals["spend"]) == 30


@pytest.mark.parametrize(
    ("label", "days", "periods"),
    [
        (
            "Month",
            ("2026-02-01", "2026-03-01"),
            [(date(2026, 2, 10), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 3, 12))],
        ),
        (
            "Tydzień",
            ("2026-02-09", "2026-03-09"),
            [(date(2026, 2, 10), date(2026, 2, 15)), (date(2026, 3, 9), date(2026, 3, 12))],
        ),
    ],
)
def test_a_month_or_week_is_the_row_s_own_period(
    read: Read, table: Table, label: str, days: tuple[str, str], periods: list[tuple[date, date]]
) -> None:
    (part,) = read(
        f'Campaign report\n"February 10, 2026 - March 12, 2026"\nCampaign,{label},Currency code,Impr.,Clicks,Cost\n'
        f"A,{days[0]},EUR,100,10,10.00\nA,{days[1]},EUR,100,10,20.00\nTotal: Account, --, --,200,20,30.00\n"
    )
    assert table(part, "ad_spend", "period_start, period_end") == periods
    assert all(check.agrees for check in part.check_totals)


def test_a_total_behind_empty_cells_is_no_campaign() -> None:
    text = (
        'Campaign report\n"March 1, 2026 - March 31, 2026"\nAccount,Customer ID,Campaign,Currency code,Impr.,Clicks,Cost\n'
        "PL,111-222,A,PLN,100,10,10.00\nPL2,333-444,A,PLN,50,5,5.50\n --, --,Total: Account,PLN,150,15,15.50\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="Campaign report.csv")
        assert (load.rows.loaded, load.rows.totals) == (2, 1)
        assert all(check.agrees for check in load.check_totals)
        assert shop.ask(Query(("spend",))).totals["spend"] == 15.5
