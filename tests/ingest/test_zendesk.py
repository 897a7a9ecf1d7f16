"""Zendesk: "-" is empty, offered is no answer, a question is an enquiry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kpi.ingest import Part
from tests.ingest.hiding import kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
COLUMNS = {
    "Summation column": "1",
    "Id": "60",
    "Requester": "Anna Nowak",
    "Requester email": "anna@example.com",
    "Submitter": "Anna Nowak",
    "Assignee": "Agent A",
    "Group": "Support",
    "Subject": "Nowak: where is my order?",
    "Tags": "delivery late",
    "Status": "Solved",
    "Priority": "Normal",
    "Via": "Mail",
    "Ticket type": "Question",
    "Created at": "2026-03-01 08:00",
    "Solved at": "2026-03-02 08:00",
    "Satisfaction Score": "Good",
    "Reopens": "1",
    "First reply time in minutes": "30",
    "Full resolution time in minutes": "1440",
    "Order ID [txt]": "1001",
}
HEADER = ",".join(f'"{name}"' for name in COLUMNS) + "\n"


def ticket(**changed: str) -> str:
    return ",".join(f'"{value}"' for value in (COLUMNS | changed).values()) + "\n"


def test_a_ticket(read: Read, table: Table, con: Any) -> None:
    (part,) = read(HEADER + ticket())
    assert (part.format, part.confidence >= 0.9) == ("zendesk_tickets", True)
    columns = (
        "ticket_id, opened_at, first_response_min, resolution_min, is_resolved, status, ticket_type, priority, medium, "
        "order_id, staff_id, team, is_satisfied, reopens, customer_key IS NULL"
    )
    times = (datetime(2026, 3, 1, 8), 30, 1440, True)
    assert table(part, "tickets", columns) == [
        ("60", *times, "solved", "enquiry", "normal", "e-mail", "1001", "Agent A", "Support", True, 1, False)
    ]
    assert not any(word in kept_words(con, part) for word in ("anna", "nowak", "where is"))


@pytest.mark.parametrize(
    ("score", "is_satisfied"),
    [
        ("Good", True),
        ("Good with comment", True),
        ("Bad", False),
        ("Offered", None),
        ("Not Offered", None),
        ("-", None),
    ],
)
def test_scores(read: Read, table: Table, score: str, is_satisfied: bool | None) -> None:
    (part,) = read(HEADER + ticket(**{"Satisfaction Score": score}))
    assert table(part, "tickets", "is_satisfied") == [(is_satisfied,)]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"Tags": "vip reklamacja"}, "complaint"),
        ({"Tags": "a", "Ticket type": "Problem"}, "other"),
        ({"Tags": "return"}, "return"),
        ({"Tags": "no_complaints x"}, "enquiry"),
        ({"Ticket type": "-"}, None),
    ],
)
def test_types(read: Read, table: Table, changed: dict[str, str], found: str | None) -> None:
    (part,) = read(HEADER + ticket(**changed))
    assert table(part, "tickets", "ticket_type") == [(found,)]


def test_dashes_are_empty(read: Read, table: Table) -> None:
    changed = dict.fromkeys(("Assignee", "Priority", "Ticket type", "Order ID [txt]", "Group", "Solved at"), "-")
    (part,) = read(HEADER + ticket(**changed, Status="Open"))
    columns = "staff_id, priority, ticket_type, order_id, team, resolved_at, is_resolved"
    assert table(part, "tickets", columns) == [(None, None, None, None, None, None, False)]


def test_spam_is_set_aside_and_damaged_rows_name_nobody(read: Read, con: Any) -> None:
    rows = [
        ticket(),
        ticket(Id="61", Status="Deleted"),
        ticket(Id=""),
        ticket(Id="62", **{"First reply time in minutes": "Nowak"}),
        ticket(Id="63", **{"Created at": "Anna"}),
        '"1","64","Anna Nowak"\n',
    ]
    (part,) = read(HEADER + "".join(rows))
    assert (part.rows.read, part.rows.loaded, part.rows.set_aside, part.rows.refused) == (6, 1, 1, 4)
    assert part.rows.are_conserved
    assert not any(word in kept_words(con, part) for word in ("anna", "nowak"))


def test_tickets_without_names_saved_by_excel_are_tickets(read: Read, table: Table) -> None:
    (part,) = read(
        "Id;Status;Priority;Created at;Solved at;Satisfaction Score;First reply time in minutes;Reopens\n"
        "1;Closed;High;01.03.2026 10:00;01.03.2026 12:00;Good;30;0\n2;Solved;Low;02.03.2026 10:00;02.03.2026 14:00;Bad;1 060;1\n"
        "3;New;Low;13.03.2026 10:00;;Not Offered;;0\n"
    )
    assert part.format == "zendesk_tickets"
    assert table(part, "tickets", "ticket_id, first_response_min, is_satisfied") == [
        ("1", 30, True),
        ("2", 1060, False),
        ("3", None, None),
    ]
