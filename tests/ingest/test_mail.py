"""E-mail tools: flows of Klaviyo, Mailchimp as a table and as one campaign's lines, MailerLite's lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
FLOWS = (
    "Day,Flow ID,Flow Name,Flow Message ID,Flow Message Name,Flow Message Channel,Status,Delivered,Unique Opens,Open Rate,Unique Clicks,Click Rate,"
    "Placed Order,Placed Order Rate,Revenue,Revenue per Recipient,Unsub Rate,Complaint Rate,Bounce Rate,Tags\n"
    "2026-03-01,F1,Welcome,M1,Hello,Email,live,200.0,100.0,0.5,20.0,0.1,2.0,0.01,150.50,0.75,0.005,0.0,0.01,\n"
    "2026-03-02,F1,Welcome,M1,Hello,Email,live,100.0,40.0,0.4,5.0,0.05,0.0,0.0,0.0,0.0,0.0,0.0,0.0,\n"
    "2026-03-02,F2,Cart,M2,Come back,SMS,live,50.0,,,9.0,0.18,1.0,0.02,80.00,1.6,0.02,0.0,0.0,\n"
)
ALL = (
    "Title,Subject,List,Send Date,Send Weekday,Total Recipients,Successful Deliveries,Soft Bounces,Hard Bounces,Total Bounces,Times Forwarded,"
    "Forwarded Opens,Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Abuse Complaints,"
    "Times Liked on Facebook,Folder Id,Unique Id,Total Orders,Total Gross Sales,Total Revenue,Analytics ROI,Campaign Cost,Bounce Rate\n"
    'Lato,Rabaty,All,"Apr 27, 2026 12:25 pm",Monday,"1,751","1,742",5,4,9,0,0,141,8.1%,201,20,1.1%,157,1,0,0,,abc,2,300.00,290.00,n/a,10.00,n/a\n'
    'Zima,Zimno,All,"Jan 09, 2026 09:30 am",Friday,500,490,5,5,10,0,0,98,20%,120,49,10%,60,2,1,0,,abd,0,0.00,0.00,n/a,n/a,n/a\n'
)
SINGLE = (
    'Email Campaign Report\n"Title:","Lato"\n"Subject Line:","Rabaty, rabaty"\n"Delivery Date/Time:","Mon, Apr 27, 2026 12:25 pm"\n\n'
    '"Overall Stats"\n"Total Recipients:","1,751"\n"Successful Deliveries:","1,742"\n"Bounces:","9 (0.5%)"\n"Times Forwarded:","0"\n'
    '"Recipients Who Opened:","141 (8.1%)"\n"Total Opens:","201"\n"Last Open Date:","4/30/26 6:04"\n"Recipients Who Clicked:","20 (1.1%)"\n'
    '"Total Clicks:","157"\n"Total Unsubs:","1"\n"Total Abuse Complaints:","0"\n\n'
    '"Clicks by URL"\n"URL","Total Clicks","Unique Clicks"\n"https://shop.pl/a","100","15"\n'
)
COMBINATIONS = (
    'Campaign Report\n"Title:","Test"\n"Delivery Date/Time:","Sat, May 2, 2026 10:15"\n\n"Combination 1 Stats"\n"Subject Line:","One"\n'
    '"Total Recipients:","1,000"\n"Successful Deliveries:","990"\n"Bounces:","10 (1%)"\n"Recipients Who Opened:","300 (30.3%)"\n"Total Unsubs:","1"\n\n'
    '"Combination 2 Stats"\n"Subject Line:","Two"\n"Total Recipients:","1,000"\n"Successful Deliveries:","1,000"\n"Bounces:","0 (0%)"\n'
    '"Recipients Who Opened:","250 (25%)"\n"Total Unsubs:","4"\n'
)
MAILERLITE = (
    'Campaign report\n"Subject:","Nowości"\n"Sent","2026-03-07 16:00:00"\n\n"Campaign results"\n"Total emails sent:","3902"\n'
    '"Opened:","1489 (38.91%)"\n"Clicked:","33 (0.86%)"\n\n"Bad statistics"\n"Unsubscribed:","97 (2.49%)"\n"Spam complaints:","0 (0%)"\n'
    '"Hard bounce:","21 (0.54%)"\n"Soft bounce:","54 (1.38%)"\n\n"Reading environment"\n"Mobile:","34.92%"\n\n'
    '"Links activity"\n"Links","Unique clicks","Total clicks"\n"Unsubscribe link","83","90"\n'
)


def test_a_campaign_that_begins_like_a_total_is_a_campaign(read: Read, table: Table) -> None:
    (part,) = read(ALL.replace("Lato", "Podsumowanie: rok 2025"), currency="PLN")
    assert table(part, "email_campaigns", "campaign, revenue_amount")[0] == ("Podsumowanie: rok 2025", 290)
    assert (part.rows.loaded, part.rows.totals) == (2, 0)


def test_a_flow_is_one_row_a_message_and_day(read: Read, table: Table) -> None:
    """Unsubscribes from the rate: 0.5 % of 200 is 1, 2 % of 50 is 1."""
    (part,) = read(FLOWS, currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("klaviyo_flows", True)
    columns = "campaign_id, campaign, sent_at, medium, delivered, opens_unique, clicks_unique, unsubscribes, orders, revenue_amount"
    assert table(part, "email_campaigns", columns) == [
        ("F1 M1 2026-03-01", "Welcome", datetime(2026, 3, 1), "e-mail", 200, 100, 20, 1, 2, Decimal("150.5")),
        ("F1 M1 2026-03-02", "Welcome", datetime(2026, 3, 2), "e-mail", 100, 40, 5, 0, 0, Decimal(0)),
        ("F2 M2 2026-03-02", "Cart", datetime(2026, 3, 2), "sms", 50, None, 9, 1, 1, Decimal(80)),
    ]


def test_all_campaigns_of_mailchimp(read: Read, table: Table) -> None:
    (part,) = read(ALL, currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("mailchimp_campaigns", True)
    columns = "campaign, sent_at, recipients, delivered, opens_unique, clicks_unique, unsubscribes, complaints, bounces, orders, revenue_amount, cost_amount"
    assert table(part, "email_campaigns", columns) == [
        ("Lato", datetime(2026, 4, 27, 12, 25), 1751, 1742, 141, 20, 1, 0, 9, 2, Decimal(290), Decimal(10)),
        ("Zima", datetime(2026, 1, 9, 9, 30), 500, 490, 98, 49, 2, 1, 10, 0, Decimal(0), None),
    ]


def test_one_campaign_in_lines(read: Read, table: Table) -> None:
    (part,) = read(SINGLE)
    assert (part.format, part.confidence >= 0.9, part.rows.read) == ("mailchimp_report", True, 1)
    columns = "campaign, sent_at, recipients, delivered, bounces, opens_unique, clicks_unique, unsubscribes, complaints"
    assert table(part, "email_campaigns", columns) == [
        ("Lato", datetime(2026, 4, 27, 12, 25), 1751, 1742, 9, 141, 20, 1, 0)
    ]


def test_a_campaign_that_comes_both_ways_counts_once(tmp_path: Path) -> None:
    """Opens 141 + 98 of 1,742 + 490 delivered, with the single report or without."""
    with Workspace(":memory:") as shop:
        for name, text in (("campaigns.csv", ALL), ("report.csv", SINGLE)):
            (tmp_path / name).write_text(text, "utf-8")
            shop.add(tmp_path / name, answers={"currency": "PLN"} if name == "campaigns.csv" else {})
            assert shop.ask(Query(("open_rate",))).totals["open_rate"] == pytest.approx(239 / 2232)


def test_combinations_went_to_different_people_and_are_added(read: Read, table: Table) -> None:
    (part,) = read(COMBINATIONS)
    assert (part.rows.read, part.rows.loaded, part.tables) == (2, 2, {"email_campaigns": 1})
    columns = "campaign, recipients, delivered, bounces, opens_unique, unsubscribes, clicks_unique"
    assert table(part, "email_campaigns", columns) == [("Test", 2000, 1990, 10, 550, 5, None)]
    assert "Combinations of the campaign, which were added up: 2." in [str(note) for note in part.notes]


def test_mailerlite_in_lines(read: Read, table: Table) -> None:
    """Delivered is 3,902 less 21 and 54: then 1,489 opened are the 38.91 % that the report states."""
    (part,) = read(MAILERLITE)
    assert (part.format, part.confidence >= 0.9) == ("mailerlite_report", True)
    columns = "campaign, sent_at, recipients, delivered, opens_unique, clicks_unique, unsubscribes, bounces"
    assert table(part, "email_campaigns", columns) == [
        ("Nowości", datetime(2026, 3, 7, 16), 3902, 3827, 1489, 33, 97, 75)
    ]
    assert round(1489 / 3827, 4) == 0.3891


@pytest.mark.parametrize(
    "text",
    [
        SINGLE.replace("Apr 27, 2026", "in spring"),
        SINGLE.replace('"1,751"', '"many"'),
        MAILERLITE.replace("2026-03-07", "soon"),
    ],
)
def test_a_damaged_card_is_refused(read: Read, text: str) -> None:
    (part,) = read(text)
    assert (part.rows.read, part.rows.loaded, part.rows.refused) == (1, 0, 1)


def test_damaged_rows_of_tables_are_refused(read: Read) -> None:
    (flows,) = read(FLOWS.replace("2026-03-01", "March").replace("100.0,40.0", "1e,40.0"), currency="PLN")
    assert (flows.rows.loaded, flows.rows.refused) == (1, 2)
    (campaigns,) = read(ALL.replace("Jan 09, 2026 09:30 am", "").replace("Lato,", ",", 1), currency="PLN")
    assert (campaigns.rows.loaded, campaigns.rows.refused) == (0, 2)


def test_one_title_sent_to_two_audiences_at_once_is_two_campaigns() -> None:
    head = "Title,List,Send Date,Total Recipients,Successful Deliveries,Soft Bounces,Hard Bounces,Unique Opens,Unique Clicks,Unsubscribes,Unique Id\n"
    sent = '"Mar 08, 2026 09:00 am"'
    north, south = f"News,North,{sent},100,90,5,5,30,5,1,u2\n", f"News,South,{sent},50,50,0,0,10,5,1,u3\n"
    with Workspace(":memory:") as shop:
        load = shop.add((head + north + south).encode(), name="campaigns.csv")
        assert load.rows.loaded == 2
        # 40 of 140
        assert shop.ask(Query(("open_rate",))).totals["open_rate"] == pytest.approx(40 / 140)
        shop.add((head + south + north + north).encode(), name="campaigns (1).csv")
        assert shop.ask(Query(("open_rate",))).totals["open_rate"] == pytest.approx(40 / 140)
