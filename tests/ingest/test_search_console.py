"""Search Console in other languages, by week, compared, and by everything at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.zips import zipped

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
ROWS = "2025-09-01,10,200,5%,8.5\n2025-09-02,20,300,6.67%,7.5\n"


FRENCH = {
    "Graphique.csv": "Date,Clics,Impressions,CTR,Position\n" + ROWS,
    "Requêtes.csv": "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position\nchaussures,5,100,5%,6\n",
    "Pays.csv": "Pays,Clics,Impressions,CTR,Position\nAllemagne,28,480,5.83%,7.9\n",
    "Appareils.csv": "Appareil,Clics,Impressions,CTR,Position\nOrdinateur,30,500,6%,7.9\n",
    "Filtres.csv": "Filtre,Valeur\nType de recherche,Web\nDate,Les 28 derniers jours\n",
}
SPANISH = {
    "Gráfico.csv": "Fecha,Clics,Impresiones,CTR,Posición\n" + ROWS,
    "Consultas.csv": "Consultas principales,Clics,Impresiones,CTR,Posición media\nzapatos,5,100,5%,6\n",
    "Países.csv": "País,Clics,Impresiones,CTR,Posición\nAlemania,28,480,5.83%,7.9\n",
    "Dispositivos.csv": "Dispositivo,Clics,Impresiones,CTR,Posición\nOrdenadores,30,500,6%,7.9\n",
    "Filtros.csv": "Filtro,Valor\nTipo de búsqueda,Web\nFecha,Últimos 3 meses\n",
}
GERMAN = {
    "Diagramm.csv": "Datum;Klicks;Impressionen;CTR;Position\n2025-09-01;10;200;5%;8,5\n2025-09-02;20;300;6,67%;7,5\n",
    "Suchanfragen.csv": "Häufigste Suchanfragen;Klicks;Impressionen;Klickrate;Durchschnittliche Position\nschuhe;5;100;5%;6,1\n",
    "Länder.csv": "Land;Klicks;Impressionen;CTR;Position\nDeutschland;28;480;5,83%;7,9\n",
    "Geräte.csv": "Gerät;Klicks;Impressionen;CTR;Position\nComputer;30;500;6%;7,9\n",
    "Filter.csv": "Filter;Wert\nSuchtyp;Web\nDatum;Letzte 3 Monate\n",
}


@pytest.mark.parametrize("files", [FRENCH, SPANISH, GERMAN], ids=["French", "Spanish", "German"])
def test_the_chart_gives_the_totals_in_every_language(files: dict[str, str]) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(zipped(files), name="shop.example-Performance-on-Search-2025-10-01.zip")
        assert not any("part of the whole" in str(note) for part in load.parts for note in part.notes)
        answer = shop.ask(Query(("search_clicks", "search_impressions", "search_position")))
        countries = shop.ask(Query(("search_clicks",), by=("country",))).frame
        devices = shop.ask(Query(("search_clicks",), by=("device",))).frame
    # position: (8.5 · 200 + 7.5 · 300) / 500
    assert answer.totals == {"search_clicks": 30.0, "search_impressions": 500.0, "search_position": 7.9}
    assert countries.values.tolist() == [["DE", 28.0]]
    assert devices.values.tolist() == [["desktop", 30.0]]


def test_the_chart_may_be_by_week(read: Read, table: Table) -> None:
    text = "Date Range,Clicks,Impressions,CTR,Position\n2025-09-01 - 2025-09-07,10,200,5%,8.5\n"
    (part,) = read(text, "Chart.csv")
    assert [tuple(map(str, row)) for row in table(part, "seo", "period_start, period_end, clicks, breakdown")] == [
        ("2025-09-01", "2025-09-07", "10", "")
    ]


def test_a_comparison_of_two_periods_is_set_aside_with_its_reason(read: Read) -> None:
    header = (
        "Top queries,Last 28 days Clicks,Previous 28 days Clicks,Last 28 days Impressions,Previous 28 days Impressions,"
    )
    header += "Last 28 days CTR,Previous 28 days CTR,Last 28 days Position,Previous 28 days Position\n"
    (part,) = read(header + "boots,6,10,300,280,2%,3.57%,12.1,9.8\n", "Queries.csv")
    assert (part.format, part.rows.set_aside, part.tables) == ("gsc_comparison", 1, {})
    assert "export each of them alone" in str(part.notes[0])


def test_rows_by_day_query_and_page_are_a_listing_and_no_total() -> None:
    text = "date,query,page,country,device,clicks,impressions,ctr,position\n"
    text += "2025-09-01,boots,https://a.example/,POL,MOBILE,1,10,0.1,5\n"
    with Workspace(":memory:") as shop:
        shop.add(text.encode(), name="rows.csv")
        assert shop.ask(Query(("search_clicks",))).totals == {}
