"""Search Console: one zip whose table by day has the dates and everything, the others neither."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.zips import zipped

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
METRICS = "Clicks,Impressions,CTR,Position\n"
CHART = f"Date,{METRICS}2026-04-30,2,20,10%,4\n2026-05-01,3,30,10%,9\n"
FILES = {
    "Queries.csv": f"Top queries,{METRICS}mug,2,15,13.33%,3\nbag,1,5,20%,8\n",
    "Chart.csv": CHART,
    "Pages.csv": f"Top pages,{METRICS}https://a.pl/mug?e=anna@example.com,4,40,10%,6\nhttps://a.pl/,2,30,6.67%,5\n",
    "Countries.csv": f"Country,{METRICS}Poland,4,45,8.89%,7\nUnited Kingdom,1,5,20%,7\n",
    "Devices.csv": f"Device,{METRICS}Mobile,4,35,11.43%,6\nDesktop,1,15,6.67%,9.33\n",
    "Search appearance.csv": "Search Appearance,Clicks,Impressions,CTR,Position",
    "Filters.csv": "Filter,Value\nSearch type,Web\nDate,Last 3 months\n",
}


def test_tables_without_dates_take_the_days_of_the_chart(read: Read, table: Table) -> None:
    parts = {part.path[0]: part for part in read(zipped(FILES), "a.pl-Performance-on-Search-2026-06-03.zip")}
    assert not any(part.questions or part.error for part in parts.values())
    assert table(
        parts["Queries.csv"], "seo", "search_query, period_start, period_end, clicks, position, breakdown"
    ) == [
        ("mug", date(2026, 4, 30), date(2026, 5, 1), 2, 3, "search_query"),
        ("bag", date(2026, 4, 30), date(2026, 5, 1), 1, 8, "search_query"),
    ]
    assert table(parts["Chart.csv"], "seo", "period_start, period_end, impressions, breakdown") == [
        (date(2026, 4, 30), date(2026, 4, 30), 20, ""),
        (date(2026, 5, 1), date(2026, 5, 1), 30, ""),
    ]
    assert table(parts["Pages.csv"], "seo", "landing_page") == [("https://a.pl/mug",), ("https://a.pl/",)]
    assert table(parts["Countries.csv"], "seo", "country") == [("PL",), ("GB",)]
    assert table(parts["Devices.csv"], "seo", "device") == [("mobile",), ("desktop",)]


def test_two_sites_are_two_accounts(read: Read) -> None:
    (part,) = read(CHART, "a.pl-Performance-on-Search-2026-06-03 (1).csv")
    assert part.account == "gsc/a.pl"
    assert read(CHART, "Chart.csv")[0].account == "gsc/main"
    with Workspace(":memory:") as shop:
        for site in ("a.pl", "b.de"):
            files = FILES | {"Filters.csv": f"Filter,Value\nDate,Last 3 months of {site}\n"}
            shop.add(zipped(files), name=f"{site}-Performance-on-Search-2026-06-03.zip")
        assert shop.ask(Query(("search_clicks",))).totals == {"search_clicks": 10}
        assert shop.ask(Query(("search_clicks",), by=("search_query",))).frame["search_clicks"].tolist() == [2, 4]


def test_filters_are_no_table_to_complain_about(read: Read) -> None:
    part = read(zipped(FILES))[-1]
    assert (part.format, part.rows.read, part.rows.set_aside, part.notes) == ("gsc_filters", 2, 2, ())


def test_a_filtered_export_says_so(read: Read) -> None:
    files = FILES | {"Filters.csv": "Filter,Value\nSearch type,Web\nCountry,Poland\n"}
    assert "a part of the whole" in str(read(zipped(files))[-1].notes[0])


def test_alone_the_period_is_asked(read: Read, table: Table) -> None:
    (part,) = read(FILES["Queries.csv"], "Queries.csv")
    assert [question.key for question in part.questions] == ["period"]
    (part,) = read(FILES["Queries.csv"], "Queries.csv", period=("2026-04-01", "2026-04-30"))
    assert table(part, "seo", "period_end") == [(date(2026, 4, 30),)] * 2


def test_polish_labels(read: Read, table: Table) -> None:
    metrics = "Kliknięcia,Wyświetlenia,CTR,Pozycja\n"
    files = {
        "Wykres.csv": f"Data,{metrics}2026-04-30,2,20,10%,4\n",
        "Zapytania.csv": f"Najpopularniejsze zapytania,{metrics}kubek,1,9,11.11%,5.5\n",
        "Filtry.csv": "Filtr,Wartość\nTyp wyszukiwania,Sieć\n",
    }
    chart, queries, filters = read(zipped(files))
    assert (chart.confidence >= 0.9, queries.confidence >= 0.9, filters.notes) == (True, True, ())
    assert table(queries, "seo", "search_query, period_start, position") == [("kubek", date(2026, 4, 30), 5.5)]


def test_a_row_that_cannot_be_read_is_refused(read: Read) -> None:
    (part,) = read(CHART + "2026-05-02,many,30,10%,9\nsoon,1,30,10%,9\n")
    assert (part.rows.loaded, part.rows.refused) == (2, 2)
    assert part.rows.are_conserved


@pytest.fixture
def shop() -> Workspace:
    shop = Workspace(":memory:")
    load = shop.add(zipped(FILES), name="a.pl-Performance-on-Search-2026-06-03.zip")
    assert load.import_id
    assert load.rows.are_conserved
    return shop


def test_totals_come_from_the_days_whatever_the_breakdown(shop: Workspace) -> None:
    kpis = ("search_clicks", "search_impressions", "search_ctr", "search_position")
    # (4 × 20 + 9 × 30) / 50 = 7
    whole = {"search_clicks": 5, "search_impressions": 50, "search_ctr": 0.1, "search_position": 7}
    assert shop.ask(Query(kpis)).totals == pytest.approx(whole)
    for dimension, clicks in {"search_query": [1, 2], "landing_page": [2, 4], "country": [1, 4]}.items():
        answer = shop.ask(Query(kpis, by=(dimension,)))
        assert answer.totals == pytest.approx(whole)
        assert answer.frame["search_clicks"].tolist() == clicks
        assert answer.receipt("search_clicks").value == 5


def test_groups_of_a_listing_are_never_added(shop: Workspace) -> None:
    both = shop.ask(Query(("search_clicks",), where={"search_query": ("mug", "bag")}))
    assert "never added" in str(both.refused["search_clicks"])
    assert shop.ask(Query(("search_clicks",), where={"search_query": ("mug",)})).totals == {"search_clicks": 2}
    chosen = shop.ask(Query(("search_clicks",), by=("search_query",), where={"search_query": ("mug", "bag")}))
    assert chosen.frame["search_clicks"].tolist() == [1, 2]
    assert chosen.totals == {"search_clicks": None}


def test_a_listing_that_the_period_or_the_grain_cuts_has_no_value(shop: Workspace) -> None:
    by_query = Query(("search_clicks",), by=("search_query",))
    assert "search_clicks" in shop.ask(by_query.but(start=date(2026, 5, 1), end=date(2026, 5, 1))).refused
    assert "search_clicks" in shop.ask(by_query.but(grain="month")).refused
    assert shop.ask(Query(("search_clicks",), grain="month")).frame["search_clicks"].tolist() == [2, 3]


def test_no_listing_knows_two_dimensions(shop: Workspace) -> None:
    assert "search_clicks" in shop.ask(Query(("search_clicks",), by=("search_query", "country"))).refused


def test_a_filter_by_country_does_not_reach_the_queries(shop: Workspace) -> None:
    answer = shop.ask(Query(("search_clicks",), by=("search_query",), where={"country": ("PL",)}))
    assert "search_clicks" in answer.refused


def test_a_german_export_has_semicolons_and_its_own_words(read: Read, table: Table) -> None:
    metrics = "Klicks;Impressionen;Klickrate;Position\n"
    files = {
        "Diagramm.csv": f"Datum;{metrics}2026-04-30;2;20;10 %;4,5\n",
        "Suchanfragen.csv": f"Häufigste Suchanfragen;{metrics}becher;2;15;13,33 %;3,25\n",
        "Seiten.csv": f"Häufigste Seiten;{metrics}https://a.de/becher;2;20;10 %;4,5\n",
        "Länder.csv": f"Land;{metrics}Deutschland;2;20;10 %;4,5\n",
        "Geräte.csv": f"Gerät;{metrics}Mobil;2;20;10 %;4,5\n",
        "Filter.csv": "Filter;Wert\nSuchtyp;Web\nDatum;Letzte 3 Monate\n",
    }
    parts = {part.path[0]: part for part in read(zipped(files), "a.de-Performance-on-Search-2026-06-03.zip")}
    assert {part.format for part in parts.values()} == {"gsc_performance", "gsc_filters"}
    assert not any(part.notes for part in parts.values())
    day = date(2026, 4, 30)
    assert table(parts["Suchanfragen.csv"], "seo", "search_query, period_start, clicks, impressions, position") == [
        ("becher", day, 2, 15, 3.25)
    ]
    assert table(parts["Länder.csv"], "seo", "country") == [("DE",)]
    assert table(parts["Geräte.csv"], "seo", "device") == [("mobile",)]
    assert table(parts["Seiten.csv"], "seo", "landing_page") == [("https://a.de/becher",)]


def test_a_polish_export(read: Read, table: Table) -> None:
    metrics = "Kliknięcia,Wyświetlenia,CTR,Pozycja\n"
    files = {
        "Wykres.csv": f"Data,{metrics}2026-04-30,2,20,10%,4.5\n",
        "Zapytania.csv": f"Najpopularniejsze zapytania,{metrics}kubek,2,15,13.33%,3.25\n",
        "Urządzenia.csv": f"Urządzenie,{metrics}Komórka,2,20,10%,4.5\n",
    }
    parts = {part.path[0]: part for part in read(zipped(files), "a.pl-Skuteczność-2026-06-03.zip")}
    assert table(parts["Zapytania.csv"], "seo", "search_query, period_end, clicks") == [("kubek", date(2026, 4, 30), 2)]
    assert table(parts["Urządzenia.csv"], "seo", "device") == [("mobile",)]


def test_a_search_for_a_word_of_totals_is_a_search(read: Read, table: Table) -> None:
    queries = f"Top queries,{METRICS}razem,5,50,10%,3.2\ntotal,2,20,10%,1\nmug,10,100,10%,1\n"
    (part,) = read(queries, "Queries.csv", period=["2026-05-01", "2026-05-31"])
    assert table(part, "seo", "search_query, clicks") == [("razem", 5), ("total", 2), ("mug", 10)]
    assert part.rows.totals == 0


def test_a_narrowed_export_neither_counts_nor_replaces_the_whole() -> None:
    """The same days of image search alone: 1 click of Web's 5 would be left, or 6 counted."""
    with Workspace(":memory:") as shop:
        shop.add(zipped(FILES), name="a.pl-Performance-on-Search-2026-06-03.zip")
        narrowed = {"Chart.csv": CHART, "Filters.csv": "Filter,Value\nSearch type,Image\n"}
        load = shop.add(zipped(narrowed), name="a.pl-Performance-on-Search-2026-06-04.zip")
        assert (load.import_id, load.tables, load.rows.loaded) == (None, {}, 0)
        assert load.rows.are_conserved
        assert any("part of the whole" in str(note) for part in load.parts for note in part.notes)
        assert shop.ask(Query(("search_clicks",))).totals == {"search_clicks": 5}
