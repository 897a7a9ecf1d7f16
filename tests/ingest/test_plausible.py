"""Plausible: a zip of tables, each another cut of the same visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.zips import zipped

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
VISITORS = '"date","visitors","pageviews","bounces","visits","visit_duration"\n"2026-03-01",5,50,2,7,700\n"2026-03-02",6,30,4,8,80\n'
SOURCES = (
    '"date","source","referrer","utm_source","utm_medium","utm_campaign","utm_content","utm_term","pageviews","visitors","visits","visit_duration","bounces"\n'
    '"2026-03-01","Google","google.com","","","","","",40,4,5,600,1\n"2026-03-01","","","","","","","",10,1,2,100,1\n'
    '"2026-03-02","news","","news","email","spring","","",8,5,5,50,1\n"2026-03-02","Facebook","","","","","","",2,2,2,20,2\n'
    '"2026-03-02","ceneo.pl","","","","","","",20,1,1,10,1\n'
)
PAGES = '"date","hostname","page","visits","visitors","pageviews"\n"2026-03-01","shop.pl","/",7,5,30\n"2026-03-01","shop.pl","/a",6,5,20\n'
LOCATIONS = '"date","country","region","city","visitors","visits","visit_duration","bounces","pageviews"\n"2026-03-01","PL","PL-MZ",756135,5,7,700,2,50\n'


def packed() -> bytes:
    tables = {"visitors": VISITORS, "sources": SOURCES, "pages": PAGES, "locations": LOCATIONS}
    return zipped({f"imported_{table}_20260301_20260302.csv": text for table, text in tables.items()})


def test_every_table_is_a_breakdown_of_its_own(read: Read, table: Table) -> None:
    parts = read(packed(), "plausible-export-shop.pl.zip")
    assert {(part.format, part.account) for part in parts} == {("plausible_export", "plausible/shop.pl")}
    assert [table(part, "traffic", "breakdown")[0][0] for part in parts] == [
        "",
        "campaign,utm_medium,utm_source",
        "page",
        "country,region",
    ]
    visitors, sources, pages, _ = parts
    assert table(visitors, "traffic", "period_start, sessions, users, pageviews, bounces, bounce_kind, duration_s") == [
        (date(2026, 3, 1), 7, 5, 50, 2, "classic", 700.0),
        (date(2026, 3, 2), 8, 6, 30, 4, "classic", 80.0),
    ]
    assert table(sources, "traffic", "channel, utm_source, utm_medium, sessions") == [
        ("organic", "Google", None, 5),
        ("direct", "(direct)", "(none)", 2),
        (None, "news", "email", 5),
        ("organic social", "Facebook", None, 2),
        ("referral", "ceneo.pl", None, 1),
    ]
    assert table(pages, "traffic", "sessions, users, pageviews") == [(None, None, 30), (None, None, 20)]


def test_totals_come_from_the_days_and_channels_from_the_sources(tmp_path: Path) -> None:
    """Sessions: 7 + 8. Organic: the 5 from Google of 15 by source (tagged mail and the others have channels too)."""
    file = tmp_path / "plausible-export-shop.pl.zip"
    file.write_bytes(packed())
    with Workspace(":memory:") as shop:
        shop.add(file)
        assert shop.ask(Query(("sessions", "bounce_rate"))).totals == {"sessions": 15, "bounce_rate": 6 / 15}
        by_channel = shop.ask(Query(("sessions",), by=("channel",))).frame
        assert dict(zip(by_channel["channel"], by_channel["sessions"], strict=True)) == {
            "direct": 2,
            "e-mail": 5,
            "organic": 5,
            "organic social": 2,
            "referral": 1,
        }


def test_the_same_columns_under_another_name_are_not_plausibles(read: Read) -> None:
    (part,) = read(VISITORS, "visitors.csv")
    assert part.format != "plausible_export"


def test_a_damaged_row_is_refused(read: Read) -> None:
    (part,) = read(VISITORS + '"2026-03-99",1,1,1,1,1\n"2026-03-03",x,1,1,1,1\n', "imported_visitors_1_2.csv")
    assert (part.rows.loaded, part.rows.refused) == (2, 2)


def test_a_lone_direct_visit_is_no_total_of_the_others(read: Read, table: Table) -> None:
    content = (
        SOURCES.splitlines()[0]
        + '\n"2026-03-01","","","","","","","",30,9,10,600,4\n"2026-03-02","Google","google.com","","","","","",50,19,20,1200,8\n'
    )
    (part,) = read(content, "imported_sources_20260301_20260302.csv")
    assert (part.rows.loaded, part.rows.totals) == (2, 0)
    assert table(part, "traffic", "channel, sessions") == [("direct", 10), ("organic", 20)]
