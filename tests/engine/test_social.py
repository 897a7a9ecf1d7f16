"""Reach is never added, clicks and leads are; events and goals from reports."""

from datetime import date

from kpi import Query
from tests.rows import load_rows, visit

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}


def post(day, name, *, breakdown="post", **more):
    return {"period_start": day, "period_end": day, "breakdown": breakdown, "post": name} | more


def happened(day, name, count, *, until=None, breakdown="event_name", **more):
    plain = {"period_start": day, "period_end": until or day, "breakdown": breakdown, "event_name": name}
    return plain | {"event_count": count} | more


def test_engagement_is_a_posts_own_and_reach_is_never_added(empty):
    """(8 + 1 + 1) of 100 and (2 + 0 + 0) of 50; clicks 5 + 7, leads 1."""
    load_rows(
        empty,
        social_posts=[
            post("2026-03-01", "a", reach=100, likes=8, comments=1, shares=1, link_clicks=5, leads=1),
            post("2026-03-02", "b", reach=50, likes=2, link_clicks=7),
        ],
    )
    by_post = empty.ask(Query(("engagement_rate", "reach"), by=("post",), **MARCH)).frame
    assert dict(zip(by_post["post"], by_post["engagement_rate"], strict=True)) == {"a": 0.1, "b": 0.04}
    assert by_post["reach"].tolist() == [100, 50]
    answer = empty.ask(Query(("social_clicks", "social_leads", "reach", "engagement_rate"), **MARCH))
    assert answer.totals == {"social_clicks": 12, "social_leads": 1}
    assert {"reach", "engagement_rate"} <= set(answer.refused)


def test_events_by_name_add_up_and_a_month_never_enters_a_day(empty):
    load_rows(empty, events=[happened("2026-03-01", "page_view", 90), happened("2026-03-01", "purchase", 5)])
    assert empty.ask(Query(("event_count",), **MARCH)).totals == {"event_count": 95}
    assert empty.ask(Query(("event_count",), where={"event_name": ("purchase",)}, **MARCH)).totals == {"event_count": 5}
    load_rows(empty, "april.csv", events=[happened("2026-04-01", "purchase", 7, until="2026-04-30")])
    april = {"start": date(2026, 4, 1), "end": date(2026, 4, 30)}
    assert empty.ask(Query(("event_count",), **april)).totals == {"event_count": 7}
    assert "event_count" in empty.ask(Query(("event_count",), grain="day", **april)).refused


def test_goals_are_key_events_of_sessions_that_know_them(empty):
    """6 goals in 60 sessions; the 40 sessions of a report without goals are not in the denominator."""
    load_rows(empty, traffic=[visit("2026-03-01", 60, key_events=6)])
    load_rows(empty, "plain.csv", traffic=[visit("2026-03-02", 40)])
    assert empty.ask(Query(("goal_rate", "sessions"), **MARCH)).totals == {"goal_rate": 0.1, "sessions": 100}


def test_clicks_of_all_of_metas_networks_give_way_to_those_of_each(empty):
    """3 of Facebook and 4 of Instagram are the 7 of the first day; of the second only the sum of 9 is known."""
    day = {"period_start": "2026-03-01", "period_end": "2026-03-01"}
    second = {"period_start": "2026-03-02", "period_end": "2026-03-02", "breakdown": "", "link_clicks": 9}
    of_each = day | {"breakdown": "network"}
    load_rows(empty, "all.csv", "meta_business/main", social_posts=[day | {"breakdown": "", "link_clicks": 7}, second])
    assert empty.ask(Query(("social_clicks",), **MARCH)).totals == {"social_clicks": 7 + 9}
    load_rows(empty, "f.csv", "facebook/main", social_posts=[of_each | {"network": "Facebook", "link_clicks": 3}])
    load_rows(empty, "i.csv", "instagram/main", social_posts=[of_each | {"network": "Instagram", "link_clicks": 4}])
    assert empty.ask(Query(("social_clicks",), **MARCH)).totals == {"social_clicks": 3 + 4 + 9}


def test_a_post_stands_in_one_network_so_that_its_reach_is_known_by_post_alone(empty):
    """Two posts of one name in two networks are two groups of people, of which no number is known together."""
    posts = [("a", "Facebook", 100), ("b", "Instagram", 50), ("b", "Facebook", 30)]
    load_rows(
        empty,
        social_posts=[post("2026-03-01", name, breakdown="network,post", network=network, reach=reach) for name, network, reach in posts],
    )  # fmt: skip
    by_post = empty.ask(Query(("reach",), by=("post",), **MARCH)).frame
    assert by_post[["post", "reach"]].values.tolist() == [["a", 100]]
    refused = empty.ask(Query(("reach",), by=("network",), **MARCH)).refused["reach"]
    assert [name.en for name in refused.params["dimensions"]] == ["Post"]
