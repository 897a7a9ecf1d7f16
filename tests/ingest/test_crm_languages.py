"""HubSpot and Pipedrive in other languages, and what HubSpot exports beside people and deals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
CONTACTS = (
    '"Identyfikator rekordu","Imię","Nazwisko","E-mail","Numer telefonu","Właściciel kontaktu","Status leada","Data utworzenia","Etap cyklu życia","Pierwotne źródło"\n'
    '"1","Anna","Nowak","anna@example.com","500","Jan","Nowy","2025-09-01 10:00","Lead","Wyszukiwanie organiczne"\n'
    '"2","Piotr","Lis","piotr@example.com","501","Jan","","2025-09-02 10:00","Klient","Ruch bezpośredni"\n'
)


def test_contacts_of_hubspot_in_polish_keep_their_stage() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(CONTACTS.encode(), name="hubspot-crm-exports-wszystkie-kontakty.csv")
        assert load.format == "hubspot_contacts"
        assert "Nowak" not in repr(load)
        answer = shop.ask(Query(("contacts", "sales_conversion"), by=("channel",)))
    assert answer.totals == {"contacts": 2.0, "sales_conversion": 0.5}
    assert sorted(answer.frame["channel"]) == ["direct", "organic"]


def test_deals_of_hubspot_in_polish(read: Read, table: Table) -> None:
    (part,) = read(
        '"Identyfikator rekordu","Nazwa transakcji","Etap transakcji","Data zamknięcia","Właściciel transakcji","Kwota","Data utworzenia"\n'
        '"1","X","Zamknięte – wygrane","2025-09-10 10:00","Jan","1000","2025-09-01 10:00"\n'
        '"2","Y","Zamknięte – przegrane","2025-09-11 10:00","Jan","500","2025-09-02 10:00"\n',
        currency="PLN",
    )
    assert part.format == "hubspot_deals"
    assert table(part, "deals", "deal_id, is_won, amount") == [("1", True, Decimal(1000)), ("2", False, Decimal(500))]


def test_companies_are_no_contacts() -> None:
    text = '"Record ID","Company name","Company owner","Create Date","City","Industry","Lifecycle Stage"\n'
    with Workspace(":memory:") as shop:
        load = shop.add(
            (text + '"1","ACME","Jan","2025-09-01 10:00","Kraków","RETAIL","Customer"\n').encode(), name="c.csv"
        )
        assert (load.format, load.rows.set_aside, load.tables) == ("hubspot_companies", 1, {})


@pytest.mark.parametrize(
    "text",
    [
        "Deal - ID,Deal - Titel,Deal - Wert,Deal - Währung des Wertes,Deal - Status,Deal - Phase,Deal - Deal erstellt,Deal - Gewonnen-Zeit,Deal - Besitzer\n"
        '1,A,"1.000,50",EUR,Gewonnen,Angebot,2025-09-01 10:00:00,2025-09-10 10:00:00,Jan\n2,B,"500,00",EUR,Verloren,Angebot,2025-09-02 10:00:00,,Jan\n',
        "Szansa sprzedaży - ID;Szansa sprzedaży - Tytuł;Szansa sprzedaży - Wartość;Szansa sprzedaży - Waluta wartości;Szansa sprzedaży - Status;Szansa sprzedaży - Utworzono szansę sprzedaży;Szansa sprzedaży - Czas wygrania\n"
        "1;A;1 000,50;EUR;Wygrana;2025-09-01 10:00:00;2025-09-10 10:00:00\n2;B;500;EUR;Przegrana;2025-09-02 10:00:00;\n",
    ],
    ids=["German", "Polish"],
)
def test_deals_of_pipedrive_know_their_days_in_every_language(text: str) -> None:
    with Workspace(":memory:") as shop:
        assert shop.add(text.encode(), name="deals-1.csv").format == "pipedrive_deals"
        # nine days from the first to the tenth of September
        answer = shop.ask(Query(("won_amount", "win_rate", "sales_cycle")))
    assert answer.totals == {"won_amount": 1000.5, "win_rate": 0.5, "sales_cycle": 9 * 86400.0}


@pytest.mark.parametrize(
    "text",
    [
        "Affaire - Titre;Affaire - Valeur;Affaire - Devise de la valeur;Affaire - Statut;Affaire - Affaire créée;Affaire - Heure du gain;Affaire - Heure de la perte\n"
        "A;1 200,50;EUR;Gagné;2026-03-01 10:00:00;2026-03-11 10:00:00;\nB;200;EUR;Perdu;2026-03-01 10:00:00;;2026-03-12 10:00:00\n",
        "Negócio - Título;Negócio - Valor;Negócio - Moeda de valor;Negócio - Status;Negócio - Negócio criado em;Negócio - Hora de ganho;Negócio - Hora da perda\n"
        "A;1.200,50;EUR;Ganho;2026-03-01 10:00:00;2026-03-11 10:00:00;\nB;200,00;EUR;Perdido;2026-03-01 10:00:00;;2026-03-12 10:00:00\n",
        "Deal - Titel;Deal - Wert;Deal - Währung des Wertes;Deal - Status;Deal - Deal erstellt;Deal - Gewonnen um;Deal - Verloren um\n"
        "A;1.200,50;EUR;Gewonnen;2026-03-01 10:00:00;2026-03-11 10:00:00;\nB;200,00;EUR;Verloren;2026-03-01 10:00:00;;2026-03-12 10:00:00\n",
    ],
    ids=["fr", "pt", "de"],
)
def test_pipedrive_deals_keep_their_currency_and_days(text: str) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="deals.csv")
        assert (load.format, load.rows.loaded, load.currencies) == ("pipedrive_deals", 2, ("EUR",))
        answer = shop.ask(Query(("won_amount", "win_rate", "sales_cycle")))
    # won in ten days, in seconds
    assert answer.totals == pytest.approx({"won_amount": 1200.5, "win_rate": 0.5, "sales_cycle": 864_000})


def test_hubspot_deals_in_french() -> None:
    head = "ID de l'enregistrement,Nom de la transaction,Phase de la transaction,Pipeline,Montant,Date de fermeture,Date de création\n"
    rows = "1,A,Fermé gagné,Ventes,1000.50,2026-03-10 12:00,2026-03-01 12:00\n2,B,Fermé perdu,Ventes,500,2026-03-12 12:00,2026-03-02 12:00\n"
    with Workspace(":memory:") as shop:
        load = shop.add((head + rows).encode(), name="deals.csv", answers={"currency": "EUR"})
        assert (load.format, load.rows.loaded) == ("hubspot_deals", 2)
        assert shop.ask(Query(("won_amount", "win_rate"))).totals == pytest.approx(
            {"won_amount": 1000.5, "win_rate": 0.5}
        )


def test_the_day_on_which_a_deal_was_lost_in_polish(read: Read, table: Table) -> None:
    (part,) = read(
        "Szansa sprzedaży - Tytuł,Szansa sprzedaży - Wartość,Szansa sprzedaży - Waluta wartości,Szansa sprzedaży - Status,Szansa sprzedaży - Data utworzenia,Szansa sprzedaży - Czas utraty\n"
        "A,500,PLN,Przegrana,2026-02-02 10:00:00,2026-03-12 10:00:00\n"
    )
    assert table(part, "deals", "is_won, cast(closed_at as varchar)") == [(False, "2026-03-12 10:00:00")]


def test_the_phase_of_life_of_a_contact_is_its_stage() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(CONTACTS.replace("Etap cyklu", "Faza cyklu").encode(), name="export.csv")
        assert load.format == "hubspot_contacts"
        assert shop.ask(Query(("mql", "sales_conversion"))).totals == {"mql": 1, "sales_conversion": 0.5}
