"""Google Analytics 4 in other languages, and by dimensions that have no name here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
GERMAN = "# Konto: Laden\n# Property: laden.de\n#\n# Alle Nutzer\n# Startdatum: 20250901\n# Enddatum: 20250930\n"
POLISH = "# Konto: Sklep\n# Usługa: sklep.pl\n# Data rozpoczęcia: 20250901\n# Data zakończenia: 20250930\n"
ENGLISH = "# Property: shop\n# Start date: 20250901\n# End date: 20250930\n"


@pytest.mark.parametrize(
    ("top", "header", "account"),
    [
        (
            GERMAN,
            "Sitzung – primäre Channelgruppe (Standard-Channelgruppe),Sitzungen,Sitzungen mit Interaktionen,"
            "Durchschnittliche Interaktionsdauer pro Sitzung,Schlüsselereignisse,Gesamtumsatz",
            "ga4/laden.de",
        ),
        (
            POLISH,
            "Sesja – główna grupa kanałów (Domyślna grupa kanałów),Sesje,Sesje z zaangażowaniem,"
            "Średni czas zaangażowania na sesję,Najważniejsze wydarzenia,Łączne przychody",
            "ga4/sklep.pl",
        ),
    ],
)
def test_traffic_acquisition_reads_the_same_in_every_language(
    read: Read, table: Table, top: str, header: str, account: str
) -> None:
    (part,) = read(top + header + "\nOrganic Search,600,400,40,30,6000.5\nDirect,300,150,15,15,2000\n", currency="EUR")
    assert (part.format, part.account) == ("ga4_traffic_acquisition", account)
    assert part.period == (date(2025, 9, 1), date(2025, 9, 30))
    columns = "channel, sessions, bounces, duration_s, key_events, revenue_amount, breakdown"
    assert table(part, "traffic", columns) == [
        ("organic", 600, 200, 24000.0, 30.0, Decimal("6000.5"), "channel"),
        ("direct", 300, 150, 4500.0, 15.0, Decimal(2000), "channel"),
    ]


@pytest.mark.parametrize(
    ("label", "breakdown"),
    [
        ("Erste Nutzerinteraktion – primäre Channelgruppe", "first_user_channel"),
        ("Pierwszy użytkownik – główna grupa kanałów", "first_user_channel"),
        ("First user primary channel group (Sklep)", "first_user_channel"),
        ("Session primary channel group (Sklep – kanały)", "channel"),
        ("Sitzung – Quelle/Medium", "utm_medium,utm_source"),
    ],
)
def test_the_channel_of_the_person_is_not_that_of_the_session(
    read: Read, table: Table, label: str, breakdown: str
) -> None:
    (part,) = read(ENGLISH + f"{label},Sessions\nDirect,5\n")
    assert table(part, "traffic", "breakdown") == [(breakdown,)]


def test_hours_are_added_up_to_their_day(read: Read, table: Table) -> None:
    text = "Date + hour (YYYYMMDDHH),Session primary channel group (Default channel group),Sessions\n"
    (part,) = read(text + "2025090100,Direct,6\n2025090123,Direct,12\n20250902,Direct,1\n")
    assert table(part, "traffic", "period_start, period_end, sessions") == [
        (date(2025, 9, 1), date(2025, 9, 1), 6),
        (date(2025, 9, 1), date(2025, 9, 1), 12),
    ]
    assert str(part.refused[0].reason).startswith("Column “Date + hour (YYYYMMDDHH)” holds “20250902”")


def test_sessions_by_something_unknown_are_kept_and_never_added(tmp_path: object) -> None:
    text = ENGLISH + "Audience name,Sessions\nAll Users,100\nPurchasers,30\nCart abandoners,40\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="audiences.csv")
        assert (load.format, load.rows.loaded) == ("ga4_report_other", 3)
        assert "audience name" in str(load.notes[0])
        answer = shop.ask(Query(("sessions",)))
        assert answer.totals == {}
        assert "sessions" in answer.refused


def test_a_total_that_agrees_proves_that_an_unknown_dimension_divides(tmp_path: object) -> None:
    text = ENGLISH + "Stream name,Sessions\nGrand total,310\nShop,100\nBlog,120\nApp,90\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="streams.csv")
        assert [check.agrees for check in load.check_totals] == [True]
        assert shop.ask(Query(("sessions",))).totals == {"sessions": 310.0}
    with Workspace(":memory:") as shop:
        shop.add(text.replace("310", "250").encode(), name="streams.csv")
        assert shop.ask(Query(("sessions",))).totals == {}


def test_the_products_of_a_shop_are_a_report_of_analytics_and_no_price_list(read: Read, table: Table) -> None:
    text = "Item name,Items viewed,Items added to cart,Items purchased,Item revenue\nBoots,800,120,40,15960\n"
    (part,) = read(ENGLISH + text)
    assert part.format == "ga4_report"
    # pieces in a cart are no visits to it, and the revenue of items leaves out delivery
    assert table(part, "traffic", "product_views, carts, transactions, revenue_amount, breakdown") == [
        (800, None, None, None, "item")
    ]


def test_a_nameless_row_with_fewer_people_than_another_is_no_total(read: Read, table: Table) -> None:
    text = "# Start date: 20260301\n# End date: 20260331\nLanding page,Active users\n/,80\n/a,10\n,{}\n"
    (part,) = read(text.format(3))
    assert (part.rows.loaded, part.rows.totals) == (3, 0)
    (part,) = read(text.format(85))
    assert (part.rows.loaded, part.rows.totals) == (2, 1)
    assert table(part, "traffic", "landing_page, users") == [("/", 80), ("/a", 10)]


def test_a_bare_value_at_the_end_of_a_snapshot_is_no_damaged_row(read: Read) -> None:
    (part,) = read(
        "# Data rozpoczęcia: 20260301\n# Data zakończenia: 20260303\nNazwa wydarzenia,Liczba zdarzeń\npage_view,200\npurchase,4\n\n"
        "# Data rozpoczęcia: 20260301\n# Data zakończenia: 20260303\nAktywni użytkownicy w ciągu ostatnich 30 minut\n5\n"
    )
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (2, 2, 0)
