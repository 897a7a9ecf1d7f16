"""Tables of any shop whose words say how something ended: deals, leads and tickets, and what mails and ads are measured by."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace
from kpi.errors import BadAnswer

DEALS = """Deal ID;Etap;Wartość;Waluta;Data utworzenia;Data zamknięcia
1;Zakończona sukcesem;1 000,00;PLN;01.03.2026;10.03.2026
2;Zakończona porażką;500,00;PLN;02.03.2026;12.03.2026
3;W trakcie;700,00;PLN;05.03.2026;
4;Zamknięta - wygrana;2 000,50;PLN;05.03.2026;20.03.2026
"""
BY_STATUS = """Deal ID,Stage,Status,Amount,Currency,Created at,Closed at
1,Negotiation,Won,1000.00,PLN,2026-03-01,2026-03-10
2,Proposal,Lost,500.00,PLN,2026-03-02,2026-03-12
3,Contact,Open,700.00,PLN,2026-03-05,
4,Negotiation,Won,2000.50,PLN,2026-03-05,2026-03-20
"""
LEADS = """Lead ID,Created at,Lead status,Email
1,2026-03-01,Marketing Qualified Lead,a@example.com
2,2026-03-02,Sales qualified,b@example.com
3,2026-03-03,New,c@example.com
4,2026-03-04,Customer,d@example.com
"""
TICKETS = """Numer zgłoszenia;Data zgłoszenia;Status
1;01.03.2026 10:00;Zamknięta
2;02.03.2026 10:00;Gelöst
3;03.03.2026 10:00;Nierozwiązane
4;04.03.2026 10:00;Załatwione
"""
MAILS = """Nazwa wiadomości;Data wysyłki;Wysłano;Dostarczono;Otwarto;Kliknięto;Wypisano;Przychód;Waluta
Wiosna;2026-03-01 10:00;1000;990;250;50;2;1500,00;PLN
Lato;2026-03-08 10:00;2000;1980;400;60;6;2500,50;PLN
"""
BOUNCED = """Subject,Sent on,Sent,Opens,Clicks,Unsubscribed,Hard bounces,Soft bounces
Wiosna,2026-03-01 10:00,1000,250,50,2,4,6
Lato,2026-03-08 10:00,2000,400,60,6,8,12
"""
MICROS = """{},{},{},{},{},{}
2026-03-01,Brand,12500000,1000,50,PLN
2026-03-02,Brand,7500000,500,20,PLN
2026-03-02,Generic,1230000,100,3,PLN
"""
FRESHDESK = """Ticket ID,Status,Created time,Resolved time,Initial response time,First response time (in hrs)
1,Closed,2026-03-01 10:00:00,2026-03-01 14:00:00,2026-03-01 11:00:00,01:00:00
2,Open,2026-03-02 10:00:00,,2026-03-02 13:00:00,03:00:00
3,Resolved,2026-03-03 10:00:00,2026-03-03 20:00:00,2026-03-03 12:00:00,02:00:00
"""


def asked(text: str, *kpis: str) -> tuple[dict[str, float | None], str]:
    """The totals of a file that is loaded unasked, and its notes."""
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="export.csv")
        assert not load.questions
        assert not load.refused
        return dict(shop.ask(Query(kpis)).totals), " ".join(map(str, load.notes))


@pytest.mark.parametrize("text", [DEALS, BY_STATUS])
def test_two_of_three_closed_deals_are_won(text: str) -> None:
    totals, notes = asked(text, "win_rate", "won_amount")
    assert totals == {"win_rate": pytest.approx(2 / 3), "won_amount": 3000.5}
    assert "count as open" not in notes


def test_a_deal_whose_end_nobody_says_is_counted_out_loud() -> None:
    totals, notes = asked(DEALS.replace("Zamknięta - wygrana", "Niemalże wygrana"), "won_amount")
    assert totals == {"won_amount": 1000}
    assert "so they count as open. (1 row)" in notes


def test_leads_keep_their_stage() -> None:
    totals, notes = asked(LEADS, "contacts", "mql", "sql")
    assert totals == {"contacts": 4, "mql": 3, "sql": 2}
    assert "stage" not in notes
    totals, notes = asked(LEADS.replace("New", "Gorący"), "contacts", "mql")
    assert totals == {"contacts": 4, "mql": 3}
    assert "count as contacts, and not as MQL" in notes


def test_stages_that_nobody_knows_are_no_zero() -> None:
    text = "Lead ID,Created at,Lead status\n1,2026-03-01,Gorący\n2,2026-03-02,Zimny\n"
    assert asked(text, "contacts", "mql")[0] == {"contacts": 2}


def test_three_of_four_tickets_are_resolved() -> None:
    assert asked(TICKETS, "tickets", "resolution_rate")[0] == {"tickets": 4, "resolution_rate": 0.75}
    totals, notes = asked(TICKETS.replace("Gelöst", "U kierownika"), "resolution_rate")
    assert totals == {"resolution_rate": 0.5}
    assert "count as not resolved. (1 row)" in notes


def test_the_time_of_resolution_tells_where_the_status_does_not() -> None:
    text = "Ticket ID,Created at,Status,Resolved at\n1,2026-03-01,Answered,2026-03-02\n2,2026-03-01,Answered,\n3,2026-03-01,Reopened,2026-03-02\n"
    assert asked(text, "resolution_rate")[0] == {"resolution_rate": pytest.approx(1 / 3)}


def test_tickets_of_freshdesk() -> None:
    totals, _ = asked(FRESHDESK, "tickets", "response_time", "resolution_rate")
    assert totals == {"tickets": 3, "response_time": 7200, "resolution_rate": pytest.approx(2 / 3)}


@pytest.mark.parametrize("text", [MAILS, BOUNCED])
def test_mails_that_were_sent_are_no_day(text: str) -> None:
    """650 opens, 110 clicks and 8 people lost in 2,970 delivered."""
    totals, _ = asked(text, "open_rate", "email_ctr", "unsubscribe_rate")
    assert totals == {
        "open_rate": pytest.approx(650 / 2970),
        "email_ctr": pytest.approx(110 / 2970),
        "unsubscribe_rate": pytest.approx(8 / 2970),
    }


@pytest.mark.parametrize(
    "labels",
    [
        ("Date", "Campaign", "Cost micros", "Impressions", "Clicks", "Currency"),
        (
            "segments.date",
            "campaign.name",
            "metrics.cost_micros",
            "metrics.impressions",
            "metrics.clicks",
            "customer.currency_code",
        ),
    ],
)
def test_micros_are_millionths(labels: tuple[str, ...]) -> None:
    totals, _ = asked(MICROS.format(*labels), "spend", "ctr")
    assert totals == {"spend": 21.23, "ctr": pytest.approx(73 / 1600)}


@pytest.mark.parametrize("label", ["Cost micros", "metrics.cost_micros", "spend_micros_total", "Koszt w mikro (PLN)"])
def test_micros_that_somebody_takes_for_the_cost_are_millionths_too(label: str) -> None:
    text = f"Day,Campaign,Clicks,{label}\n2026-03-01,Brand,10,5000000\n2026-03-02,Brand,20,7500000\n"
    columns = {"day": "Day", "campaign": "Campaign", "clicks": "Clicks", "cost_amount": label}
    with Workspace(":memory:") as shop:
        answers = {"table": "ad_spend", "columns": columns, "currency": "PLN"}
        assert shop.add(text.encode(), name="export.csv", answers=answers).questions == ()
        assert shop.ask(Query(("spend",))).totals == {"spend": 12.5}


def test_micros_of_another_amount_are_refused() -> None:
    text = "Day,Campaign,Cost,value_micros\n2026-03-01,Brand,5.00,9000000\n"
    columns = {"day": "Day", "campaign": "Campaign", "cost_amount": "Cost", "conversion_amount": "value_micros"}
    with Workspace(":memory:") as shop, pytest.raises(BadAnswer, match="millionths"):
        shop.add(text.encode(), name="export.csv", answers={"table": "ad_spend", "columns": columns, "currency": "PLN"})


def test_displays_are_impressions() -> None:
    text = (
        "Day,Campaign,Displays,Clicks,Cost,Currency\n2026-03-01,A,10000,100,80.00,EUR\n2026-03-02,A,5000,40,35.50,EUR\n"
    )
    assert asked(text, "spend", "ctr")[0] == {"spend": 115.5, "ctr": pytest.approx(140 / 15000)}


def test_a_total_whose_names_are_dashes_is_no_row() -> None:
    text = "Gregorian date,Campaign name,Currency code,Impressions,Clicks,Spend\n3/13/2026,Brand,PLN,1000,50,25.00\n3/14/2026,Brand,PLN,1500,30,15.00\n"
    for total in ("-,-,-,2500,80,40.00\n", "-,-,PLN,2500,80,40.00\n"):
        with Workspace(":memory:") as shop:
            load = shop.add((text + total).encode(), name="export.csv")
            assert (load.questions, load.rows.loaded, load.rows.totals) == ((), 2, 1)
            assert shop.ask(Query(("spend",))).totals == {"spend": 40}


def test_lines_of_a_name_and_a_value_above_a_table_are_no_card() -> None:
    above = "Report Name: ,Campaigns\nReport Time: ,3/13/2026 - 3/14/2026\nTime Zone: ,Warsaw\nReport Aggregation: ,Daily\nReport Filter: ,\nRows: ,2\n\n"
    text = "Gregorian date,Campaign name,Currency code,Impressions,Clicks,Spend\n3/13/2026,Brand,PLN,1000,50,25.00\n3/14/2026,Brand,PLN,1500,30,15.00\n"
    assert asked(above + text, "spend", "ctr")[0] == {"spend": 40, "ctr": 0.032}
