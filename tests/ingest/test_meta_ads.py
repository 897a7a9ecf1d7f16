"""Meta Ads: other languages, breakdowns, rows that repeat what others say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]


@pytest.mark.parametrize(
    "header",
    [
        '"Berichtsstart","Berichtsende","Name der Kampagne","Auslieferung der Kampagne","Ergebnisse","Indikator für Ergebnisse",Reichweite,Impressionen,"Ausgegebener Betrag (EUR)","Link-Klicks"',
        '"Inicio del informe","Fin del informe","Nombre de la campaña","Entrega","Resultados","Indicador de resultado",Alcance,Impresiones,"Importe gastado (EUR)","Clics en el enlace"',
        '"Début des rapports","Fin des rapports","Nom de la campagne","Diffusion","Résultats","Indicateur de résultats",Couverture,Impressions,"Montant dépensé (EUR)","Clics sur un lien"',
    ],
)
def test_a_campaign_report_reads_the_same_in_every_language(read: Read, table: Table, header: str) -> None:
    (part,) = read(
        header
        + "\n2025-09-01,2025-09-30,Herbst,active,10,actions:purchase,1000,4000,100.50,80\n"
        + "2025-09-01,2025-09-30,Blog,active,100,actions:link_click,1000,6000,99.50,120\n"
    )
    assert part.currencies == ("EUR",)
    assert part.period == (date(2025, 9, 1), date(2025, 9, 30))
    columns = "campaign, cost_amount, impressions, reach, link_clicks, results, result_kind"
    assert table(part, "ad_spend", columns) == [
        ("Herbst", Decimal("100.5"), 4000, 1000, 80, 10.0, "actions:purchase"),
        ("Blog", Decimal("99.5"), 6000, 1000, 120, 100.0, "actions:link_click"),
    ]


def test_the_row_that_sums_the_ads_up_is_no_ad() -> None:
    text = (
        "Ad name,Amount spent (GBP),Impressions,Purchases,Reporting starts,Reporting ends\n"
        "v1,100,1000,5,2025-06-01,2025-08-31\nv2,50,500,2,2025-06-01,2025-08-31\n"
        "Results from 2 ads,150,1500,7,2025-06-01,2025-08-31\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="ads.csv")
        assert (load.rows.loaded, load.rows.totals) == (2, 1)
        assert all(check.agrees for check in load.check_totals)
        assert shop.ask(Query(("spend",))).totals == {"spend": 150.0}


def test_an_ad_may_be_called_like_a_sum(read: Read) -> None:
    (part,) = read(
        "Ad name,Amount spent (GBP),Impressions,Reporting starts,Reporting ends\n"
        "Results from 2 weeks,100,1000,2025-06-01,2025-08-31\n"
    )
    assert part.rows.loaded == 1


def test_the_sums_of_a_pivot_table_are_set_aside() -> None:
    text = (
        "Campaign name,Age,Gender,Amount spent (PLN),Impressions,Reporting starts,Reporting ends\n"
        "A,18-24,female,10,100,2025-09-01,2025-09-30\nA,18-24,male,20,100,2025-09-01,2025-09-30\n"
        "A,18-24,All,30,200,2025-09-01,2025-09-30\nA,All,All,30,200,2025-09-01,2025-09-30\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="pivot.csv")
        assert (load.rows.loaded, load.rows.set_aside) == (2, 2)
        assert shop.ask(Query(("spend",))).totals == {"spend": 30.0}


def test_placements_of_several_networks_are_added_up_and_devices_told_apart() -> None:
    text = (
        "Campaign name,Platform,Placement,Device platform,Impression device,Amount spent (USD),Impressions,Reporting starts,Reporting ends\n"
        "A,facebook,feed,mobile_app,android_smartphone,10,100,2025-09-01,2025-09-30\n"
        "A,instagram,instagram_stories,mobile_app,ipad,20,200,2025-09-01,2025-09-30\n"
        "A,facebook,right_hand_column,desktop,desktop,5,300,2025-09-01,2025-09-30\n"
    )
    with Workspace(":memory:") as shop:
        shop.add(text.encode(), name="placements.csv")
        answer = shop.ask(Query(("spend",), by=("device",)))
    assert answer.totals == {"spend": 35.0}
    assert dict(zip(answer.frame["device"], answer.frame["spend"], strict=True)) == {
        "mobile": 10.0,
        "tablet": 20.0,
        "desktop": 5.0,
    }


def test_money_spent_without_a_purchase_lowers_the_roas() -> None:
    # 500 of purchases over 100 + 60 spent; the campaign that sold nothing has blank cells
    header = "Reporting starts,Reporting ends,Campaign name,Amount spent (PLN),Impressions,Purchases,Purchases conversion value\n"
    rows = "2026-03-01,2026-03-31,Spring,100,1000,5,500\n2026-03-01,2026-03-31,Blog,60,900,,\n"
    with Workspace(":memory:") as shop:
        shop.add((header + rows).encode(), name="meta.csv")
        totals = shop.ask(Query(("platform_roas", "platform_cpa"))).totals
    assert totals["platform_roas"] == pytest.approx(500 / 160)
    assert float(totals["platform_cpa"]) == pytest.approx(160 / 5)


def test_sums_of_a_pivot_over_names_are_set_aside(read: Read, table: Table) -> None:
    (part,) = read(
        "Campaign name,Ad set name,Ad name,Amount spent (PLN),Impressions,Reporting starts,Reporting ends\n"
        "All,All,All,30,300,2026-03-01,2026-03-31\nA,All,All,30,300,2026-03-01,2026-03-31\nA,x,All,20,200,2026-03-01,2026-03-31\n"
        "A,x,v1,20,200,2026-03-01,2026-03-31\nA,y,All,10,100,2026-03-01,2026-03-31\nA,y,v2,10,100,2026-03-01,2026-03-31\n"
    )
    assert table(part, "ad_spend", "ad, cost_amount") == [("v1", 20), ("v2", 10)]
    (part,) = read(
        "Campaign name,Amount spent (PLN),Impressions,Reporting starts,Reporting ends\n"
        "All,30,300,2026-03-01,2026-03-31\nBrand,20,200,2026-03-01,2026-03-31\n"
    )
    assert part.rows.loaded == 2  # a campaign of that name, not worth the other
