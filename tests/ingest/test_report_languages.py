"""Reports of traffic, ads and search as accounts in further languages save them: the same numbers in each."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace
from tests.zips import zipped

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
# sessions, of them engaged, by channel: 1,200 and 300, 700 and 100
ROWS = "Organic Search,1200,700,0.58,45.5,6,7200,30,3000.5\nDirect,300,100,0.33,20,3,900,5,200\n"
GA4 = {
    "de": "# Startdatum: 20260301\n# Enddatum: 20260331\nPrimäre Channelgruppe der Sitzung (Standard-Channelgruppe),Sitzungen,Sitzungen mit Interaktionen,Engagement-Rate,Durchschnittliche Interaktionsdauer pro Sitzung,Ereignisse pro Sitzung,Ereignisanzahl,Schlüsselereignisse,Gesamtumsatz\n",
    "fr": "# Date de début : 20260301\n# Date de fin : 20260331\nGroupe de canaux principal de la session (groupe de canaux par défaut),Sessions,Sessions avec engagement,Taux d'engagement,Durée d'engagement moyenne par session,Événements par session,Nombre d'événements,Événements clés,Revenu total\n",
    "it": "# Data di inizio: 20260301\n# Data di fine: 20260331\nGruppo di canali principale della sessione (gruppo di canali predefinito),Sessioni,Sessioni con coinvolgimento,Tasso di coinvolgimento,Durata media del coinvolgimento per sessione,Eventi per sessione,Conteggio eventi,Eventi chiave,Entrate totali\n",
    "pt": "# Data de início: 20260301\n# Data de término: 20260331\nGrupo de canais principal da sessão (grupo de canais padrão),Sessões,Sessões engajadas,Taxa de engajamento,Tempo médio de engajamento por sessão,Eventos por sessão,Contagem de eventos,Eventos principais,Receita total\n",
    "cs": "# Datum zahájení: 20260301\n# Datum ukončení: 20260331\nPrimární skupina kanálů relace (výchozí skupina kanálů),Relace,Relace se zapojením,Míra zapojení,Průměrná doba zapojení na relaci,Počet událostí na relaci,Počet událostí,Klíčové události,Celkové tržby\n",
}


@pytest.mark.parametrize("language", GA4)
def test_ga4_traffic_by_channel(language: str) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add((GA4[language] + ROWS).encode(), name="report.csv", answers={"currency": "EUR"})
        assert (load.format, load.rows.loaded, load.period) == ("ga4_traffic_acquisition", 2, MARCH)
        answer = shop.ask(Query(("sessions", "bounce_rate", "session_duration"), where={"channel": ("direct",)}))
        whole = shop.ask(Query(("sessions", "bounce_rate", "session_duration")))
    assert answer.totals == pytest.approx({"sessions": 300, "bounce_rate": 2 / 3, "session_duration": 20})
    # 700 of 1,500 bounced; 1,200 × 45.5 s and 300 × 20 s
    assert whole.totals == pytest.approx({"sessions": 1500, "bounce_rate": 700 / 1500, "session_duration": 40.4})


# 50.10 + 1,126.00; 310 clicks of 11,600 impressions
ADS = {
    "fr": (
        "Rapport sur les campagnes\n1 mars 2026 - 31 mars 2026\nÉtat de la campagne\tCampagne\tCode de devise\tType de campagne\tImpr.\tClics\tCTR\tCPC moy.\tCoût\tConversions\n",
        "Activée\tMarque\tEUR\tRéseau de Recherche\t1\u202f200\t100\t8,33 %\t0,50\t50,10\t4,00\nEn veille\tPMax\tEUR\tPerformance Max\t10\u202f400\t210\t2,02 %\t5,36\t1\u202f126,00\t6,25\nTotal : compte\t --\t --\t --\t11\u202f600\t310\t2,67 %\t3,79\t1\u202f176,10\t10,25\n",
    ),
    "it": (
        "Rapporto sulle campagne\n1 marzo 2026 - 31 marzo 2026\nStato della campagna,Campagna,Codice valuta,Tipo di campagna,Impr.,Clic,CTR,CPC medio,Costo,Conversioni\n",
        'Attiva,Brand,EUR,Rete di ricerca,1.200,100,"8,33%","0,50","50,10","4,00"\nIn pausa,PMax,EUR,Performance Max,10.400,210,"2,02%","5,36","1.126,00","6,25"\nTotale: account, --, --, --,11.600,310,"2,67%","3,79","1.176,10","10,25"\n',
    ),
    "pt": (
        "Relatório de campanhas\n1 de março de 2026 - 31 de março de 2026\nStatus da campanha,Campanha,Código da moeda,Tipo de campanha,Impr.,Cliques,CTR,CPC médio,Custo,Conversões\n",
        'Ativada,Marca,EUR,Pesquisa,1.200,100,"8,33%","0,50","50,10","4,00"\nPausada,PMax,EUR,Performance Max,10.400,210,"2,02%","5,36","1.126,00","6,25"\nTotal: conta, --, --, --,11.600,310,"2,67%","3,79","1.176,10","10,25"\n',
    ),
    "nl": (
        "Campagnerapport\n1 maart 2026 - 31 maart 2026\nCampagnestatus,Campagne,Valutacode,Campagnetype,Vert.,Klikken,CTR,Gem. CPC,Kosten,Conversies\n",
        'Ingeschakeld,Merk,EUR,Zoeken,1.200,100,"8,33%","0,50","50,10","4,00"\nOnderbroken,PMax,EUR,Performance Max,10.400,210,"2,02%","5,36","1.126,00","6,25"\nTotaal: account, --, --, --,11.600,310,"2,67%","3,79","1.176,10","10,25"\n',
    ),
}


@pytest.mark.parametrize("language", ADS)
def test_google_ads_campaigns(language: str) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add("".join(ADS[language]).encode("utf-16"), name="report.csv")
        assert (load.rows.loaded, load.rows.totals, load.period) == (2, 1, MARCH)
        assert all(check.agrees for check in load.check_totals)
        answer = shop.ask(Query(("spend", "ctr")))
        search = shop.ask(Query(("spend",), where={"campaign_type": ("search",)}))
    assert answer.totals == pytest.approx({"spend": 1176.1, "ctr": 310 / 11600})
    assert search.totals["spend"] == 50.1


META = {
    "it": "Inizio dei report,Fine dei report,Nome della campagna,Risultati,Indicatore dei risultati,Copertura,Impression,Importo speso (EUR),Clic sul link,Acquisti\n",
    "pt": "Início dos relatórios,Término dos relatórios,Nome da campanha,Resultados,Indicador de resultados,Alcance,Impressões,Valor usado (EUR),Cliques no link,Compras\n",
    "nl": "Begin van rapportage,Einde van rapportage,Campagnenaam,Resultaten,Resultatenindicator,Bereik,Weergaven,Besteed bedrag (EUR),Klikken op links,Aankopen\n",
    "fr": "Début des rapports,Fin des rapports,Nom de la campagne,Résultats,Indicateur de résultats,Portée,Impressions,Montant dépensé (EUR),Clics sur le lien,Achats\n",
    "cs": "Začátek vykazování,Konec vykazování,Název kampaně,Výsledky,Indikátor výsledků,Dosah,Zobrazení,Utracená částka (EUR),Kliknutí na odkaz,Nákupy\n",
}


@pytest.mark.parametrize("language", META)
def test_meta_campaigns(language: str) -> None:
    rows = (
        "2026-03-01,2026-03-31,A,12,actions:purchase,1000,2500,1030.50,40,12\n2026-03-01,2026-03-31,B,,,10,20,0.50,1,\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add((META[language] + rows).encode(), name="report.csv")
        assert (load.format, load.rows.loaded, load.currencies) == ("meta_ads_report", 2, ("EUR",))
        answer = shop.ask(Query(("spend", "cpm", "cpc")))
    assert answer.totals == pytest.approx({"spend": 1031, "cpm": 1031 / 2.52, "cpc": 1031 / 41})


def test_search_console_in_italian() -> None:
    tables = {
        "Grafico.csv": "Data,Clic,Impressioni,CTR,Posizione\n2026-03-01,10,200,5%,8.5\n2026-03-02,5,100,5%,10\n",
        "Query.csv": "Query principali,Clic,Impressioni,CTR,Posizione\nscarpe,8,90,8.89%,3.1\n",
        "Paesi.csv": "Paese,Clic,Impressioni,CTR,Posizione\nItalia,15,300,5%,9\n",
        "Dispositivi.csv": "Dispositivo,Clic,Impressioni,CTR,Posizione\nDispositivi mobili,12,250,4.8%,9\nComputer,3,50,6%,9\n",
        "Filtri.csv": "Filtro,Valore\nTipo di ricerca,Web\nData,Ultimi 3 mesi\n",
    }
    with Workspace(":memory:") as shop:
        shop.add(zipped(tables), name="shop.it-Performance-on-Search-2026-03-31.zip")
        # 200 × 8.5 and 100 × 10 over 300
        whole = shop.ask(Query(("search_clicks", "search_impressions", "search_position"))).totals
        assert whole == pytest.approx({"search_clicks": 15, "search_impressions": 300, "search_position": 9})
        clicks = [
            shop.ask(Query(("search_clicks",), where=where)).totals["search_clicks"]
            for where in ({"device": ("mobile",)}, {"country": ("IT",)})
        ]
    assert clicks == [12, 15]


# 2,546 sessions and 400; 40.5 % of the one and half of the other bounced: 1,031 and 200
UA = {
    "fr": "Groupe de canaux par défaut,Utilisateurs,Nouveaux utilisateurs,Sessions,Taux de rebond,Pages/session,Durée moyenne des sessions,Transactions,Revenu\n",
    "es": "Agrupación de canales predeterminada,Usuarios,Usuarios nuevos,Sesiones,Porcentaje de rebote,Páginas/sesión,Duración media de la sesión,Transacciones,Ingresos\n",
    "it": "Gruppo canali predefinito,Utenti,Nuovi utenti,Sessioni,Frequenza di rimbalzo,Pagine/sessione,Durata sessione media,Transazioni,Entrate\n",
}


@pytest.mark.parametrize("language", UA)
def test_universal_analytics_by_channel(language: str) -> None:
    head = "# ----------\n# All Web Site Data\n# Channels\n# 20220701-20220731\n# ----------\n\n"
    rows = 'Organic Search,1.200,900,2.546,"40,50 %","3,20",00:01:52,38,"3.800,50 €"\nDirect,300,250,400,"50,00 %","2,00",00:00:30,1,"99,50 €"\n,1.480,1.150,2.946,"41,79 %","3,04",00:01:41,39,"3.900,00 €"\n'
    with Workspace(":memory:") as shop:
        load = shop.add((head + UA[language] + rows).encode(), name="Analytics report.csv")
        assert (load.format, load.rows.loaded, load.rows.totals) == ("ua_report", 2, 1)
        answer = shop.ask(Query(("sessions", "bounce_rate", "session_duration")))
        direct = shop.ask(Query(("sessions",), where={"channel": ("direct",)}))
    # 112 s and 30 s
    assert answer.totals == pytest.approx(
        {"sessions": 2946, "bounce_rate": 1231 / 2946, "session_duration": (2546 * 112 + 400 * 30) / 2946}
    )
    assert direct.totals["sessions"] == 400
