"""Search, e-mail, leads, tickets and surveys: numbers by hand, from rows put straight into a workspace."""

from datetime import date

import pytest

from kpi import Query
from tests.rows import load_rows, order, spent, visit

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


def campaign(name, **more):
    plain = {
        "campaign_id": name,
        "campaign": name,
        "sent_at": "2026-03-05 10:00",
        "medium": "e-mail",
        "currency": "PLN",
    }
    return plain | {"delivered": 1000, "opens_unique": 300, "clicks_unique": 40, "orders": 5, "unsubscribes": 2} | more


def lead(name, day="2026-03-05", stage="lead", **more):
    return {"lead_id": name, "created_at": day, "stage": stage} | more


def ticket(name, day="2026-03-05 08:00", **more):
    return {"ticket_id": name, "opened_at": day, "is_resolved": True} | more


def answer(name, score, day="2026-03-05", kind="nps", **more):
    return {"response_id": name, "answered_at": day, "survey_kind": kind, "score": score, "scale_max": 10} | more


def found(day, clicks, impressions, position, *, until=None, breakdown="", **more):
    plain = {"period_start": day, "period_end": until or day, "breakdown": breakdown}
    return plain | {"clicks": clicks, "impressions": impressions, "position": position} | more


def test_email_rates_are_over_what_was_delivered(empty):
    load_rows(
        empty,
        email_campaigns=[
            campaign("A", revenue_amount=250, cost_amount=50),
            campaign("B", delivered=500, opens_unique=None, clicks_unique=5, orders=None, revenue_amount=90),
            campaign("T", medium="sms", delivered=400, opens_unique=None, clicks_unique=80, revenue_amount=999),
        ],
    )
    kpis = ("open_rate", "email_ctr", "email_conversion", "email_click_conversion", "unsubscribe_rate", "email_roi")
    assert empty.ask(Query((*kpis, "email_revenue"), **MARCH)).totals == pytest.approx(
        {
            "open_rate": 300 / 1000,  # B does not know its opens, the text message has none
            "email_ctr": 45 / 1500,
            "email_conversion": 5 / 1000,
            "email_click_conversion": 5 / 40,
            "unsubscribe_rate": 4 / 1500,
            "email_roi": (250 - 50) / 50,  # B has no cost
            "email_revenue": 340,
        }
    )


def test_messages_that_are_no_emails_are_named_in_the_receipt(empty):
    load_rows(empty, email_campaigns=[campaign("A"), campaign("T", medium="sms"), campaign("P", medium="push")])
    left = empty.ask(Query(("email_ctr",))).receipt("email_ctr").left_out
    assert [(one.reason.en, one.count) for one in left] == [("messages other than e-mails (SMS, push)", 2)]


def test_email_roi_without_a_cost_is_refused(empty):
    load_rows(empty, email_campaigns=[campaign("A", revenue_amount=250)])
    assert "email_roi" in empty.ask(Query(("email_roi",))).refused


def test_leads_count_on_their_day_and_stages_on_theirs_where_it_is_known(empty):
    load_rows(
        empty,
        leads=[
            lead("1", "2026-03-05", "mql", mql_at="2026-04-02"),
            lead("2", "2026-03-06", "customer", channel="e-mail"),
            lead("3", "2026-03-07", "lead", channel="organic"),
            lead("4", "2026-03-08", "subscriber", channel="organic"),
            lead("5", "2026-04-10", "sql", won_at="2026-04-20"),
        ],
        ad_spend=[spent(f"2026-03-{day:02}", 10) for day in range(1, 32)],
    )
    kpis = ("contacts", "mql", "sql", "sales_conversion", "email_leads", "cpl")
    assert empty.ask(Query(kpis, **MARCH)).totals == {
        "contacts": 4,
        "mql": 1,  # lead 2 on the day it was created; lead 1 in April
        "sql": 1,
        "sales_conversion": 1 / 3,  # lead 2 of leads 1, 2, 3; a subscriber is not in the funnel
        "email_leads": 1,
        "cpl": 310 / 4,
    }
    by_month = empty.ask(
        Query(("contacts", "mql", "sql"), grain="month", start=date(2026, 3, 1), end=date(2026, 4, 30))
    )
    assert by_month.frame[["contacts", "mql", "sql"]].values.tolist() == [[4, 1, 1], [1, 2, 1]]


def test_contacts_per_user_only_where_the_report_knows_the_users(empty):
    load_rows(
        empty,
        leads=[lead("1", "2026-03-01"), lead("2", "2026-03-02")],
        traffic=[visit("2026-03-01", 50, users=40), visit("2026-03-02", 60, users=50)],
    )
    days = {"start": date(2026, 3, 1), "end": date(2026, 3, 2)}
    by_day = empty.ask(Query(("site_conversion",), grain="day", **days)).frame["site_conversion"].tolist()
    assert by_day == pytest.approx([1 / 40, 1 / 50])
    whole = empty.ask(Query(("site_conversion", "session_contact_rate"), **days))
    assert "site_conversion" in whole.refused
    assert whole.totals["session_contact_rate"] == pytest.approx(2 / 110)


def test_response_resolution_and_satisfaction(empty):
    load_rows(
        empty,
        tickets=[
            ticket("1", first_response_min=10, is_satisfied=True, priority="high"),
            ticket("2", first_response_at="2026-03-05 08:20", is_satisfied=False),
            ticket("3", first_response_min=60, csat_score=4, csat_max=5),
            ticket("4", is_resolved=False),
            ticket("5", "2026-04-01", first_response_min=1),
        ],
    )
    kpis = ("tickets", "response_time", "mean_response_time", "resolution_rate", "csat")
    assert empty.ask(Query(kpis, **MARCH)).totals == pytest.approx(
        {
            "tickets": 4,
            "response_time": 20 * 60,  # the middle of 10, 20 and 60 minutes
            "mean_response_time": 30 * 60,
            "resolution_rate": 3 / 4,
            "csat": 2 / 3,  # four of five is one of the two highest
        }
    )
    assert empty.ask(Query(("response_time",), by=("priority",), **MARCH)).totals["response_time"] == 1200


def test_complaints_reach_their_orders_and_multiply_none(empty):
    load_rows(
        empty,
        "orders.csv",
        "shopify/main",
        orders=[
            order("#1", "2026-03-01", country="PL", customer_key="ann"),
            order("#2", "2026-03-02", country="DE"),
            order("#3", "2026-03-03", status="cancelled"),
            order("#4", "2026-03-10"),
        ],
    )
    complaint = {"ticket_type": "complaint"}
    load_rows(
        empty,
        "tickets.csv",
        "zendesk/main",
        tickets=[
            ticket("1", order_id="1", **complaint),
            ticket("2", order_id="#1", **complaint),
            ticket("3", order_id="2", ticket_type="enquiry"),
            ticket("4", order_id="3", **complaint),
            ticket("5", order_id="99", **complaint),
        ],
    )
    whole = empty.ask(Query(("complaint_rate", "complaint_share", "tickets"), **MARCH)).totals
    assert whole == pytest.approx({"complaint_rate": 1 / 3, "complaint_share": 4 / 5, "tickets": 5})
    by_country = empty.ask(Query(("tickets",), by=("country",), **MARCH)).frame
    assert dict(zip(by_country["country"], by_country["tickets"], strict=True)) == {"DE": 1, "PL": 2, None: 2}


def test_an_order_number_of_two_shops_belongs_to_neither(empty):
    load_rows(empty, "a.csv", "a", orders=[order("1", "2026-03-01", country="PL")])
    load_rows(empty, "b.csv", "b", orders=[order("1", "2026-03-01", country="DE")])
    load_rows(empty, "t.csv", "zendesk", tickets=[ticket("1", order_id="1", ticket_type="complaint")])
    frame = empty.ask(Query(("tickets",))).frame
    assert frame["tickets"].tolist() == [1]
    assert "complaint_rate" in empty.ask(Query(("complaint_rate",))).refused


def test_where_no_ticket_is_a_complaint_their_share_is_unknown(empty):
    load_rows(empty, tickets=[ticket("1", ticket_type="enquiry")])
    assert "complaint_share" in empty.ask(Query(("complaint_share",))).refused


def test_nps_is_promoters_less_detractors(empty):
    """4 promoters, 1 passive, 3 detractors of 8: 100 × (4 − 3) / 8 = 12.5; other questions are not in it."""
    scores = (10, 9, 9, 10, 8, 6, 0, 3)
    rows = [answer(str(number), score) for number, score in enumerate(scores)]
    load_rows(empty, survey_responses=[*rows, answer("x", 1, kind="csat"), answer("y", 1, "2026-04-01")])
    asked = empty.ask(Query(("nps",), **MARCH))
    assert asked.totals["nps"] == 12.5
    assert asked.receipt("nps").left_out[0].count == 1


def test_nps_of_worked_edges(empty):
    load_rows(empty, survey_responses=[answer("1", 7)])
    assert empty.ask(Query(("nps",))).totals["nps"] == 0


def test_answers_take_the_customer_of_their_order(empty):
    load_rows(
        empty,
        orders=[order("1", "2026-03-01", customer_key="ann")],
        customers=[{"customer_key": "ann", "gender": "F"}, {"customer_key": "bob", "gender": "M"}],
        survey_responses=[answer("1", 10, order_id="1"), answer("2", 3, customer_key="bob"), answer("3", 9)],
    )
    frame = empty.ask(Query(("nps",), by=("gender",))).frame
    assert dict(zip(frame["gender"], frame["nps"], strict=True)) == {"F": 100, "M": -100, None: 100}


def test_positions_are_weighted_by_impressions(empty):
    load_rows(
        empty, seo=[found("2026-03-01", 1, 10, 2), found("2026-03-02", 2, 30, 6), found("2026-03-03", 0, 0, None)]
    )
    totals = empty.ask(Query(("search_position", "search_ctr", "search_impressions"), **MARCH)).totals
    assert totals == {"search_position": (10 * 2 + 30 * 6) / 40, "search_ctr": 3 / 40, "search_impressions": 40}


def test_a_listing_alone_gives_its_groups_and_no_total(empty):
    rows = [found("2026-03-01", 5, 9, 2, until="2026-03-31", breakdown="search_query", search_query=it) for it in "ab"]
    load_rows(empty, seo=rows)
    asked = empty.ask(Query(("search_clicks",), by=("search_query",), **MARCH))
    assert (asked.frame["search_clicks"].tolist(), asked.totals) == ([5, 5], {"search_clicks": None})
    assert asked.receipt("search_clicks").value is None
    assert "search_clicks" in empty.ask(Query(("search_clicks",), **MARCH)).refused


def test_listings_of_two_months_add_up_query_by_query(empty):
    for month, last in (("03", 31), ("04", 30)):
        days = {"until": f"2026-{month}-{last}", "breakdown": "search_query"}
        rows = [found(f"2026-{month}-01", clicks, 9, 2, search_query=it, **days) for it, clicks in (("a", 1), ("b", 4))]
        load_rows(empty, f"{month}.csv", seo=rows)
    asked = empty.ask(Query(("search_clicks",), by=("search_query",), start=date(2026, 3, 1), end=date(2026, 4, 30)))
    assert asked.frame["search_clicks"].tolist() == [2, 8]
    by_month = empty.ask(Query(("search_clicks",), where={"search_query": ("b",)}, grain="month"))
    assert by_month.frame["search_clicks"].tolist() == [4, 4]


def test_compared_groups_of_a_listing_have_compared_totals_of_the_days(empty):
    for month, last in (("03", 31), ("04", 30)):
        span = {"until": f"2026-{month}-{last}", "breakdown": "search_query", "search_query": "a"}
        load_rows(empty, f"q{month}.csv", seo=[found(f"2026-{month}-01", 1, 9, 2, **span)])
        load_rows(empty, f"c{month}.csv", seo=[found(f"2026-{month}-{day:02}", 1, 9, 2) for day in range(1, last + 1)])
    april = {"start": date(2026, 4, 1), "end": date(2026, 4, 30)}
    asked = empty.ask(Query(("search_clicks",), by=("search_query",), compare="previous", **april))
    assert (asked.totals["search_clicks"], asked.totals_compared["search_clicks"]) == (30, 31)
    assert asked.frame[["search_clicks", "search_clicks_compared"]].values.tolist() == [[1, 1]]


def test_an_erased_person_is_nobody_in_tickets_leads_and_answers(empty):
    key = empty._store.customer_key("ann@example.com")
    rows = {"tickets": [ticket("1", customer_key=key)], "leads": [lead("1", customer_key=key)]}
    load_rows(empty, **rows, survey_responses=[answer("1", 9, customer_key=key)])
    assert empty.erase_person("ann@example.com") == 3
    for table in ("tickets", "leads", "survey_responses"):
        assert empty._store.rows(f"select count(*), count(customer_key) from rows.{table}") == [(1, 0)]


def test_payments_and_parcels_stand_where_their_orders_do(empty):
    """80 by e-mail, 60 + 5 organic (one names its order without the sign), 7 of no order; parcels after 1 and 3 hours."""
    orders = [order("#1", "2026-03-01", channel="e-mail", device="mobile"), order("2", "2026-03-01", channel="organic")]
    load_rows(empty, account="shop/main", orders=orders)
    paid = [("a", "1", 80), ("b", "2", 60), ("c", "#2", 5), ("d", None, 7)]
    load_rows(empty, "stripe.csv", "stripe/main", payments=[
        {"payment_id": name, "paid_at": "2026-03-01", "order_id": ref, "amount": amount, "status": "paid", "currency": "PLN"}
        for name, ref, amount in paid
    ])  # fmt: skip
    found = empty.ask(Query(("payments_received",), by=("channel",)))
    assert dict(zip(found.frame["channel"], found.frame["payments_received"], strict=True)) == {
        "e-mail": 80,
        "organic": 65,
        None: 7,
    }
    assert found.totals["payments_received"] == 80 + 65 + 7
    load_rows(empty, "parcels.csv", shipments=[
        {"order_id": ref, "parcel": ref, "ordered_at": "2026-03-01 10:00", "shipped_at": f"2026-03-01 {hour}:00"}
        for ref, hour in (("1", 11), ("2", 13))
    ])  # fmt: skip
    mobile = empty.ask(Query(("processing_time",), where={"device": ("mobile",)})).totals
    assert mobile["processing_time"] == 3600


def test_a_representative_converts_the_leads_that_were_given_to_her(empty):
    """Ada has 3 leads of March and won 1; Jan 1 and won it; one lead is nobody's. All: 2 of 4."""
    given = [
        ("1", "ada", "customer"),
        ("2", "ada", "lead"),
        ("3", "ada", "sql"),
        ("4", "jan", "customer"),
        ("5", None, "customer"),
    ]
    load_rows(empty, leads=[lead(name, stage=stage, staff_id=who) for name, who, stage in given])
    answer = empty.ask(Query(("rep_conversion",), by=("staff",)))
    assert answer.totals == {"rep_conversion": 0.5}
    found = dict(zip(answer.frame["staff"], answer.frame["rep_conversion"], strict=True))
    assert (found["ada"], found["jan"]) == (pytest.approx(1 / 3), 1)
