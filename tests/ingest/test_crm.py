"""Deals of HubSpot and Pipedrive: what is won, lost and open, and whose name is never kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HUBSPOT = (
    '"Record ID","Deal Name","Deal Stage","Pipeline","Amount","Deal owner","Close Date","Create Date"\n'
    '"1","Anna Kowalska - kubki","Closed Won","Sales","1200.50","Ewa","2026-03-10 10:00","2026-02-01 09:00"\n'
    '"2","Firma","Closed Lost","Sales","300.00","Ewa","2026-03-12 10:00","2026-02-05 09:00"\n'
    '"3","Sklep","Presentation Scheduled","Sales","900.00","Jan","2026-05-01 10:00","2026-03-01 09:00"\n'
)
PIPEDRIVE = (
    "Deal - Title,Deal - Owner,Deal - Pipeline,Deal - Stage,Deal - Value,Deal - Currency of value,Deal - Status,Deal - ID,Deal - Deal created,Deal - Won time,Deal - Lost time\n"
    "Anna Kowalska deal,Ewa,Sales,Offer,1200.50,PLN,Won,1,2026-02-01 09:00:00,2026-03-10 10:00:00,\n"
    "Firma,Ewa,Sales,Offer,300,PLN,Lost,2,2026-02-05 09:00:00,,2026-03-12 10:00:00\n"
    "Sklep,Jan,Sales,Lead,900,PLN,Open,3,2026-03-01 09:00:00,,\n"
    "Test,Jan,Sales,Lead,1,PLN,Deleted,4,2026-03-01 09:00:00,,\n"
)
COLUMNS = "deal_id, stage, is_won, closed_at, amount, currency, staff_id"


def test_hubspot_deals_close_only_when_they_are_closed(read: Read, table: Table) -> None:
    (part,) = read(HUBSPOT, "hubspot-crm-exports-all-deals.csv", currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("hubspot_deals", True)
    assert table(part, "deals", COLUMNS) == [
        ("1", "Closed Won", True, datetime(2026, 3, 10, 10), Decimal("1200.5"), "PLN", "Ewa"),
        ("2", "Closed Lost", False, datetime(2026, 3, 12, 10), Decimal(300), "PLN", "Ewa"),
        ("3", "Presentation Scheduled", None, None, Decimal(900), "PLN", "Jan"),
    ]
    assert "Kowalska" not in str(part.sample)


def test_the_currency_of_hubspot_is_asked_unless_a_column_says_it(read: Read, table: Table) -> None:
    assert [question.key for question in read(HUBSPOT)[0].questions] == ["currency"]
    (part,) = read(HUBSPOT.replace('"Deal owner"', '"Currency"').replace('"Ewa"', '"eur"').replace('"Jan"', '"eur"'))
    assert part.currencies == ("EUR",)


def test_pipedrive_in_english(read: Read, table: Table) -> None:
    (part,) = read(PIPEDRIVE, "deals-1234.csv")
    assert (part.format, part.confidence >= 0.9) == ("pipedrive_deals", True)
    assert table(part, "deals", COLUMNS) == [
        ("1", "Offer", True, datetime(2026, 3, 10, 10), Decimal("1200.5"), "PLN", "Ewa"),
        ("2", "Offer", False, datetime(2026, 3, 12, 10), Decimal(300), "PLN", "Ewa"),
        ("3", "Lead", None, None, Decimal(900), "PLN", "Jan"),
    ]
    assert (part.rows.loaded, part.rows.set_aside) == (3, 1)


def test_pipedrive_in_czech_and_polish(read: Read, table: Table) -> None:
    czech = 'Obchod - ID,Obchod - Název,Obchod - Hodnota,Obchod - Měna hodnoty,Obchod - Stav,Obchod - Fáze\n1,A,"1200,50",CZK,Vyhráno,Smlouva\n2,B,800,CZK,Otevřeno,Nabídka\n'
    (part,) = read(czech)
    assert table(part, "deals", "deal_id, is_won, amount, currency") == [
        ("1", True, Decimal("1200.5"), "CZK"),
        ("2", None, Decimal(800), "CZK"),
    ]
    polish = "Szansa - Tytuł;Szansa - Wartość;Szansa - Waluta wartości;Szansa - Status\nA;10,50;PLN;Wygrana\nB;20;PLN;Przegrana\nC;30;PLN;Zamrożona\n"
    (part,) = read(polish)
    assert table(part, "deals", "is_won, amount") == [
        (True, Decimal("10.5")),
        (False, Decimal(20)),
        (None, Decimal(30)),
    ]
    assert any("these deals count as open" in str(note) for note in part.notes)


def test_a_title_is_only_a_pseudonym(read: Read, table: Table) -> None:
    (part,) = read(PIPEDRIVE.replace("Deal - ID", "Deal - Label"))
    ids = [row[0] for row in table(part, "deals", "deal_id")]
    assert len(set(ids)) == 3
    assert not any("Anna" in one for one in ids)


def test_rates_of_deals(tmp_path: Path) -> None:
    """One of two closed deals is won, worth 1,200.50, after 37 days and an hour."""
    (tmp_path / "deals.csv").write_text(PIPEDRIVE, "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(tmp_path / "deals.csv")
        totals = shop.ask(Query(("win_rate", "won_amount", "sales_cycle"))).totals
    assert totals == {"win_rate": 0.5, "won_amount": 1200.5, "sales_cycle": 37 * 86_400 + 3600}


def test_damaged_deals_are_refused(read: Read) -> None:
    (part,) = read(PIPEDRIVE.replace("1200.50", "a lot").replace("2026-02-05", "2026-02-35"))
    assert (part.rows.loaded, part.rows.refused) == (1, 2)
    (part,) = read(HUBSPOT.replace('"3","Sklep"', '"","Sklep"'), currency="PLN")
    assert (part.rows.loaded, part.rows.refused) == (2, 1)
