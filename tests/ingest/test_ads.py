"""Google Ads and Meta Ads: totals, nulls, periods and breakdowns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
GOOGLE = (
    'Campaign report\n"27 January 2026 - 23 February 2026"\n'
    "Campaign status,Campaign,Campaign type,Currency code,Clicks,Impr.,Cost,Conversions\n"
    'Enabled,Brand,Search,PLN,"1,200","10,000","1,500.50",3.50\nEnabled,Reach,Display, --,10, --,20.00, --\n'
    'Total: Campaigns, --, --,PLN,"1,210","10,000","1,520.50",3.50\nTotal: Display, --,Display,PLN,10, --,20.00, --\n'
)


@pytest.mark.parametrize(
    "encode",
    [lambda text: text.encode(), lambda text: text.replace(",", "\t").replace("\t000", ",000").encode("utf-16")],
)
def test_google_campaigns_without_days_are_period_rows(
    read: Read, table: Table, encode: Callable[[str], bytes]
) -> None:
    plain = (
        GOOGLE.replace('"1,200"', "1200")
        .replace('"10,000"', "10000")
        .replace('"1,500.50"', "1500.50")
        .replace('"1,210"', "1210")
        .replace('"1,520.50"', "1520.50")
    )
    (part,) = read(encode(plain), "Campaign report.csv", currency="PLN")
    columns = "campaign, channel, clicks, impressions, cost_amount, conversions, period_start, period_end"
    assert table(part, "ad_spend", columns) == [
        ("Brand", "paid search", 1200, 10000, Decimal("1500.5"), 3.5, date(2026, 1, 27), date(2026, 2, 23)),
        ("Reach", "display", 10, None, Decimal(20), None, date(2026, 1, 27), date(2026, 2, 23)),
    ]
    assert part.rows.totals == 2
    assert all(check.agrees for check in part.check_totals)


def test_a_total_of_a_part_is_compared_with_that_part(read: Read) -> None:
    (part,) = read(GOOGLE, currency="PLN")
    assert [(check.label, check.column, check.ours) for check in part.check_totals if check.column == "Cost"] == [
        ("Total: Campaigns", "Cost", 1520.5),
        ("Total: Display", "Cost", 20.0),
    ]


def test_google_by_day_and_device(read: Read, table: Table) -> None:
    top = 'Raport kampanii\n"8 lip 2025 – 31 lip 2025"\nKampania,Dzień,Urządzenie,Kod waluty,Kliknięcia,Wyśw.,Koszt\n'
    text = top + "A,2025-07-08,Komputery,PLN,5,50,10.00\n"
    (part,) = read(text)
    assert table(part, "ad_spend", "period_start, period_end, device, breakdown") == [
        (date(2025, 7, 8), date(2025, 7, 8), "desktop", "campaign,device")
    ]
    assert part.period == (date(2025, 7, 8), date(2025, 7, 31))


def test_meta_in_polish_with_semicolons(read: Read, table: Table) -> None:
    text = (
        "Nazwa kampanii;Dzień;Wiek;Płeć;Wyświetlenia;Wydana kwota (PLN);Kliknięcia linku;Typ wyniku;Wyniki\n"
        "Lato;2026-07-01;25-34;kobieta;1 000;12,50;5;Zakupy;2\nLato;2026-07-01;65+;mężczyzna;2 000;1 012,50;5;Zakupy;\n"
    )
    (part,) = read(text, "raport.csv")
    assert part.format == "meta_ads_breakdown"
    assert table(part, "ad_spend", "age_group, gender, impressions, cost_amount, results, result_kind, breakdown") == [
        ("25–34", "F", 1000, Decimal("12.5"), 2.0, "Zakupy", "age_group,campaign,gender"),
        ("65+", "M", 2000, Decimal("1012.5"), None, "Zakupy", "age_group,campaign,gender"),
    ]


def test_a_blank_action_of_meta_is_zero_and_a_missing_column_unknown(read: Read, table: Table) -> None:
    text = (
        "Campaign name,Impressions,Amount spent (EUR),Link clicks,Purchases,Results,Reporting starts,Reporting ends\n"
    )
    (part,) = read(text + "A,5,1.00,,,,2026-01-01,2026-01-31\n")
    assert table(part, "ad_spend", "link_clicks, purchases, clicks, results") == [(0, 0.0, None, None)]


def test_whatever_a_report_of_meta_is_broken_down_by_its_rows_add_up(read: Read, table: Table) -> None:
    text = "Campaign name,Time of day,Impressions,Amount spent (EUR),Reporting starts,Reporting ends\n"
    text += "A,00:00 - 00:59,5,1.00,2026-01-01,2026-01-31\nA,01:00 - 01:59,5,1.00,2026-01-01,2026-01-31\n"
    (part,) = read(text)
    assert table(part, "ad_spend", "breakdown") == [("campaign,part",), ("campaign,part",)]


def test_an_open_number_is_asked(read: Read, table: Table) -> None:
    text = "Campaign name\tImpressions\tAmount spent (EUR)\tReporting starts\tReporting ends\n"
    text += "A\t5\t1,234\t2026-01-01\t2026-01-31\n"
    assert table(read(text)[0], "ad_spend", "cost_amount") == [(Decimal(1234),)]  # Meta writes a point
    assert table(read(text, decimal=",")[0], "ad_spend", "cost_amount") == [(Decimal("1.234"),)]


def test_amounts_in_two_currencies_are_never_called_one(read: Read, table: Table) -> None:
    text = "Campaign name,Impressions,Amount spent,Reporting starts,Reporting ends\nA,5,€1.50,2026-01-01,2026-01-31\n"
    (part,) = read(text + "B,5,2.50 zł,2026-01-01,2026-01-31\n")
    assert table(part, "ad_spend", "cost_amount, currency") == [(Decimal("1.5"), "EUR"), (Decimal("2.5"), "PLN")]
    assert read(text)[0].currencies == ("EUR",)
