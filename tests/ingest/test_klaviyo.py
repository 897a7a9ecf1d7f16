"""Klaviyo: counts written like 121401.0, text messages without opens, no currency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = (
    "Campaign Name,Tags,Subject,List,Send Time,Send Weekday,Total Recipients,Unique Placed Order,Placed Order Rate,Revenue,"
    "Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Spam Complaints,Spam Complaints Rate,"
    "Successful Deliveries,Bounces,Bounce Rate,Campaign ID,Campaign Channel\n"
)
SPRING = "Spring,,Hello,All,2026-03-01 10:00:00,Sunday,1010.0,5.0,0.5%,250.75,300.0,30%,400.0,40.0,4%,60.0,2.0,1.0,0.1%,1000.0,10.0,1%,C1,Email\n"
TEXT = "Flash,,,All,2026-03-02 10:00:00,Monday,500.0,1.0,0.2%,40.00,,,,20.0,4%,25.0,3.0,0.0,0%,500.0,0.0,0%,C2,SMS\n"


def test_counts_and_media(read: Read, table: Table) -> None:
    (part,) = read(HEADER + SPRING + TEXT, currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("klaviyo_campaigns", True)
    columns = "campaign_id, sent_at, medium, recipients, delivered, opens_unique, clicks_unique, unsubscribes, orders, revenue_amount"
    assert table(part, "email_campaigns", columns) == [
        ("C1", datetime(2026, 3, 1, 10), "e-mail", 1010, 1000, 300, 40, 2, 5, Decimal("250.75")),
        ("C2", datetime(2026, 3, 2, 10), "sms", 500, 500, None, 20, 3, 1, 40),
    ]


def test_the_currency_is_asked(read: Read) -> None:
    (part,) = read(HEADER + SPRING)
    assert [question.key for question in part.questions] == ["currency"]


def test_without_an_id_the_name_and_the_time_are_the_key(read: Read, table: Table) -> None:
    text = (HEADER + SPRING).replace(",Campaign ID,", ",Cost,").replace(",C1,", ",,")
    (part,) = read(text, currency="PLN")
    assert table(part, "email_campaigns", "campaign_id") == [("Spring 2026-03-01 10:00:00",)]


def test_a_draft_and_a_damaged_count_are_refused(read: Read) -> None:
    draft = SPRING.replace("2026-03-01 10:00:00", "").replace(",C1,", ",C3,")
    half = SPRING.replace("1000.0", "1000.5").replace(",C1,", ",C4,")
    (part,) = read(HEADER + SPRING + draft + half, currency="PLN")
    assert (part.rows.loaded, part.rows.refused) == (1, 2)
    assert part.rows.are_conserved
    assert str(part.refused[1].reason) == "Column “Successful Deliveries” holds “1000.5”, which is not a whole number."


def test_the_variations_of_a_campaign_are_added_and_repeats_are_not(read: Read, table: Table) -> None:
    header = HEADER.replace("Tags,", "Variation Name,")
    first, second = (
        SPRING.replace("Spring,,", "Spring,A,"),
        SPRING.replace("Spring,,", "Spring,B,").replace("300.0", "100.0"),
    )
    (part,) = read(header + first + second + first, currency="PLN")
    # 1010 + 1010 people, 300 + 100 of them opened, 250.75 twice
    columns = "campaign_id, recipients, opens_unique, revenue_amount"
    assert table(part, "email_campaigns", columns) == [("C1", 2020, 400, Decimal("501.50"))]
    said = " ".join(map(str, part.notes))
    assert "Variations of one campaign were added up (2 rows)" in said
    assert "further up in the file; the first row counts (1 row)" in said
