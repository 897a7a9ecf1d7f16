"""HubSpot contacts: stages, dates of stages where the export has them, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = '"Record ID","First Name","Last Name","Email","Phone Number","Contact owner","Lead Status","Create Date","Lifecycle Stage","Original Source"\n'
LEAD = '"{id}","Anna","Nowak","{email}","+48 600 100 200","Ola","New","2026-03-0{id} 09:14","{stage}","{source}"\n'


def lead(id: int, stage: str = "Lead", source: str = "Organic Search", email: str = "anna@example.com") -> str:
    return LEAD.format(id=id, stage=stage, source=source, email=email)


def test_a_lead_without_its_name(read: Read, table: Table, con: Any) -> None:
    (part,) = read(HEADER + lead(1) + lead(2, email=""))
    assert (part.format, part.confidence >= 0.9) == ("hubspot_contacts", True)
    assert table(part, "leads", "lead_id, created_at, stage, origin, channel, staff_id, customer_key IS NULL") == [
        ("1", datetime(2026, 3, 1, 9, 14), "lead", "organic", "organic", "Ola", False),
        ("2", datetime(2026, 3, 2, 9, 14), "lead", "organic", "organic", "Ola", True),
    ]
    assert not any(word in kept_words(con, part) for word in ("anna", "nowak", "example.com", "600"))
    assert any("the day the lead was created" in str(note) for note in part.notes)


@pytest.mark.parametrize(
    ("written", "stage"),
    [
        ("Subscriber", "subscriber"),
        ("Marketing Qualified Lead", "mql"),
        ("Sales Qualified Lead", "sql"),
        ("Opportunity", "opportunity"),
        ("Customer", "customer"),
        ("Evangelist", "evangelist"),
        ("Partner of ours", None),
    ],
)
def test_stages(read: Read, table: Table, written: str, stage: str | None) -> None:
    (part,) = read(HEADER + lead(1, written))
    assert table(part, "leads", "stage") == [(stage,)]
    assert any("the shop's own" in str(note) for note in part.notes) == (stage is None)


@pytest.mark.parametrize(
    ("written", "origin", "channel"),
    [
        ("Email Marketing", "e-mail", "e-mail"),
        ("Direct Traffic", "direct", "direct"),
        ("Social Media", "social", "social"),
        ("Paid Search", "paid search", "paid search"),
        ("Offline Sources", "offline sources", None),
    ],
)
def test_sources(read: Read, table: Table, written: str, origin: str, channel: str | None) -> None:
    (part,) = read(HEADER + lead(1, source=written))
    assert table(part, "leads", "origin, channel") == [(origin, channel)]


def test_days_of_stages_are_kept(read: Read, table: Table) -> None:
    header = HEADER.replace('"Lead Status"', '"Became a Marketing Qualified Lead Date"')
    (part,) = read(header + lead(1, "Customer").replace('"New"', '"2026-03-05 10:00"'))
    assert table(part, "leads", "mql_at, sql_at, won_at") == [(datetime(2026, 3, 5, 10), None, None)]
    assert not part.notes


def test_damaged_rows_name_nobody(read: Read, con: Any) -> None:
    slipped = '"3","Nowak","anna@example.com","Ola","","","","soon","Lead","Anna Nowak"\n'
    without = lead(4).replace('"4"', '""', 1)
    short = '"5","Anna","Nowak"\n'
    (part,) = read(HEADER + lead(1) + slipped + without + short)
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (4, 1, 3)
    assert part.rows.are_conserved
    assert not any(word in kept_words(con, part) for word in ("anna", "nowak", "example.com", "600"))
