"""Two exports of one account, each filtered for something else: asked about, never taken for a newer state of the other."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import Query, Workspace
from tests.zips import zipped

DAYS = '"1 January 2026 - 31 January 2026"\n'
HEADER = "Campaign report\n" + DAYS + "Campaign,Campaign type,Currency code,Cost,Impr.,Clicks\n"
SEARCH = HEADER + 'Brand,Search,PLN,"100.00",1000,50\nGeneric,Search,PLN,"40.00",900,20\n'
LARGER = HEADER + 'Shopping,Performance Max,PLN,"300.00",9000,90\n'
RENEWED = HEADER + 'Shopping,Performance Max,PLN,"310.00",9100,91\nFeed,Performance Max,PLN,"5.00",100,1\n'
WHOLE = HEADER + (
    'Brand,Search,PLN,"101.00",1000,50\nGeneric,Search,PLN,"40.00",900,20\nShopping,Performance Max,PLN,"310.00",9100,91\n'
)
BOTH = {"adds": True}


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def add(shop, content, name="a.csv", **answers):
    return shop.add(content.encode(), name=name, answers=answers)


def spent(shop):
    return shop.ask(Query(("spend",))).totals.get("spend")


def lost(shop):
    return [one for one in shop.findings(date(2026, 3, 1)) if one.check == "vanished_names"]


@pytest.mark.parametrize(("first", "second", "before"), [(SEARCH, LARGER, 140), (LARGER, SEARCH, 300)])
def test_other_campaigns_of_the_same_days_ask_whether_both_count(shop, first, second, before):
    add(shop, first, "one.csv")
    load = add(shop, second, "two.csv")
    (question,) = load.questions
    assert (question.key, [value for value, _ in question.choices]) == ("adds", [True, False])
    assert question.text.params["file"] == "one.csv"
    assert spent(shop) == before
    assert shop.preview(second.encode(), name="two.csv").questions == load.questions
    both = add(shop, second, "two.csv", adds=True)
    assert both.questions == ()
    assert spent(shop) == 440
    assert shop.ask(Query(("spend",), by=("campaign",))).frame["spend"].sum() == 440
    shop.undo(both.import_id)
    assert spent(shop) == before
    shop.redo(both.import_id)
    shop.undo(1)
    assert spent(shop) == 440 - before
    shop.redo(1)
    assert spent(shop) == 440


def test_a_newer_state_takes_the_place_of_the_older(shop):
    add(shop, SEARCH)
    load = add(shop, LARGER, "b.csv", adds=False)
    assert spent(shop) == 300
    shop.undo(load.import_id)
    assert spent(shop) == 140


def test_a_newer_export_of_either_part_replaces_that_part_alone_and_asks_nothing(shop):
    """100 + 40 beside 300, later beside 310 + 5."""
    add(shop, SEARCH)
    add(shop, LARGER, "b.csv", adds=True)
    newer = add(shop, RENEWED, "c.csv")
    assert newer.questions == ()
    assert [note.params["file"] for note in newer.notes if "file" in note.params] == ["a.csv"]
    assert spent(shop) == 455
    again = add(shop, SEARCH.replace("100.00", "102.00"), "d.csv")
    assert again.questions == ()
    assert spent(shop) == 457
    shop.undo(newer.import_id)
    assert spent(shop) == 442
    shop.undo(again.import_id)
    assert spent(shop) == 440


def test_an_export_of_everything_replaces_both_parts(shop):
    add(shop, SEARCH)
    add(shop, LARGER, "b.csv", adds=True)
    assert add(shop, WHOLE, "c.csv").questions == ()
    assert spent(shop) == 451
    assert lost(shop) == []


def test_the_same_campaigns_again_replace_without_a_question(shop):
    add(shop, SEARCH)
    assert add(shop, SEARCH.replace("40.00", "41.00"), "b.csv").questions == ()
    assert spent(shop) == 141
    assert lost(shop) == []


def test_other_campaigns_of_other_days_ask_nothing(shop):
    add(shop, SEARCH)
    february = LARGER.replace("1 January 2026 - 31 January", "1 February 2026 - 28 February")
    assert add(shop, february, "b.csv").questions == ()
    assert spent(shop) == 440


def test_a_third_part_is_asked_about_too(shop):
    add(shop, SEARCH)
    add(shop, LARGER, "b.csv", adds=True)
    third = LARGER.replace("Shopping", "Video").replace("300.00", "7.00")
    assert [one.key for one in add(shop, third, "c.csv").questions] == ["adds"]
    add(shop, third, "c.csv", adds=True)
    assert spent(shop) == 447


def test_a_part_that_tells_more_columns_counts_too(shop):
    """The newer one alone has conversions; of the cost both count."""
    add(shop, SEARCH)
    more = HEADER.replace("Clicks\n", "Clicks,Conversions\n") + 'Shopping,Performance Max,PLN,"300.00",9000,90,"4.00"\n'
    assert [one.key for one in add(shop, more, "b.csv").questions] == ["adds"]
    load = add(shop, more, "b.csv", adds=True)
    assert spent(shop) == 440
    shop.undo(load.import_id)
    assert spent(shop) == 140


def test_two_parts_in_one_zip(shop):
    content = zipped({"search.csv": SEARCH.encode(), "pmax.csv": LARGER.encode()})
    load = shop.add(content, name="ads.zip")
    assert [one.key for one in load.questions] == ["adds"]
    shop.add(content, name="ads.zip", answers=BOTH)
    assert spent(shop) == 440


def test_an_answer_of_one_part_of_a_file(shop):
    add(shop, SEARCH)
    content = zipped({"pmax.csv": LARGER.encode()})
    load = shop.add(content, name="ads.zip")
    assert [one.key for one in load.questions] == ["adds"]
    load = shop.add(content, name="ads.zip", answers={"parts": {load.name: {"adds": True}}})
    assert (load.questions, spent(shop)) == ((), 440)


def test_a_part_that_was_taken_back_tells_nothing_of_the_next(shop):
    add(shop, SEARCH)
    wrong = add(shop, LARGER, "b.csv", adds=True)
    shop.undo(wrong.import_id)
    assert [one.key for one in add(shop, RENEWED, "c.csv").questions] == ["adds"]


DAILY = "Campaign report\n" + DAYS + "Day,Campaign,Currency code,Cost,Impr.,Clicks\n"


def test_days_that_two_parts_share(shop):
    """1–2 January by the one, 2–3 January by the other: on the 2nd both spent."""
    add(shop, DAILY.replace("31 Jan", "2 Jan") + "2026-01-01,Brand,PLN,10.00,1,1\n2026-01-02,Brand,PLN,20.00,1,1\n")
    later = DAILY.replace("1 January 2026 -", "2 January 2026 -").replace("31 Jan", "3 Jan")
    later += "2026-01-02,Feed,PLN,5.00,1,1\n2026-01-03,Feed,PLN,6.00,1,1\n"
    assert [one.key for one in add(shop, later, "b.csv").questions] == ["adds"]
    add(shop, later, "b.csv", adds=True)
    assert spent(shop) == 41


SOURCES = "Date;Source;Medium;Sessions;Page views\n"


def test_web_traffic_of_other_sources(shop):
    add(shop, SOURCES + "2026-01-01;google;organic;50;90\n2026-01-02;bing;organic;10;20\n")
    more = SOURCES + "2026-01-01;facebook;social;7;9\n2026-01-02;facebook;social;8;9\n"
    assert [one.key for one in add(shop, more, "b.csv").questions] == ["adds"]
    add(shop, more, "b.csv", adds=True)
    assert shop.ask(Query(("sessions",))).totals["sessions"] == 75


POSTS = "Date,Network,Post,Reach,Impressions,Likes,Comments,Shares,Link clicks\n"


def test_posts_of_another_kind(shop):
    """Days between the first and the last post of a report are its own; another kind of posts has other days."""
    add(shop, POSTS + "2026-01-01,Facebook,Sale,9,10,1,1,1,4\n2026-01-09,Facebook,New,9,10,1,1,1,3\n")
    stories = POSTS + "2026-01-01,Facebook,Story 1,9,10,1,1,1,2\n2026-01-31,Facebook,Story 2,9,10,1,1,1,1\n"
    assert [one.key for one in add(shop, stories, "b.csv").questions] == ["adds"]
    add(shop, stories, "b.csv", adds=True)
    assert shop.ask(Query(("social_clicks",))).totals["social_clicks"] == 10


def test_a_report_of_another_network_asks_nothing(shop):
    add(shop, POSTS + "2026-01-01,Facebook,Sale,9,10,1,1,1,4\n")
    assert add(shop, POSTS + "2026-01-01,Instagram,Reel,9,10,1,1,1,4\n", "b.csv").questions == ()
    assert shop.ask(Query(("social_clicks",))).totals["social_clicks"] == 8


def test_campaigns_that_a_newer_export_lacks_are_named(shop):
    """Generic had cost 40 and stands in no report that counts."""
    add(shop, SEARCH)
    assert add(shop, HEADER + 'Brand,Search,PLN,"100.00",1000,50\n', "b.csv").questions == ()
    (one,) = lost(shop)
    assert (one.count, one.amount, one.currency, one.examples) == (1, 40, "PLN", ("Generic",))
    assert one.what.params["examples"] == ("Generic",)
    assert (one.period, one.imports) == ((date(2026, 1, 1), date(2026, 1, 31)), (1, 2))
    shop.undo(2)
    assert lost(shop) == []


def test_days_that_a_newer_report_leaves_empty_are_named(shop):
    """The newer one answers for all of January, and Brand has rows only from the 3rd on."""
    add(shop, DAILY + "2026-01-01,Brand,PLN,10.00,1,1\n2026-01-03,Brand,PLN,20.00,1,1\n")
    assert add(shop, DAILY + "2026-01-03,Brand,PLN,20.00,1,1\n", "b.csv").questions == ()
    assert spent(shop) == 20
    (one,) = lost(shop)
    assert (one.count, one.amount, one.period) == (1, 10, (date(2026, 1, 1), date(2026, 1, 1)))


def test_what_came_back_beside_another_part_is_named(shop):
    """While the first was undone nobody was asked."""
    add(shop, SEARCH)
    shop.undo(1)
    add(shop, LARGER, "b.csv")
    shop.redo(1)
    assert spent(shop) == 300
    (one,) = lost(shop)
    assert (one.count, one.amount) == (2, 140)


def test_the_same_file_read_otherwise_is_no_other_part(shop):
    """Which column names the campaign is told anew."""
    content = "Day,Title,Line,Cost,Currency\n2026-01-01,Brand,Search,10.00,PLN\n2026-01-02,Feed,Shopping,20.00,PLN\n"
    for label in ("Title", "Line"):
        columns = {"day": "Day", "campaign": label, "cost_amount": "Cost", "currency": "Currency"}
        assert add(shop, content, table="ad_spend", columns=columns).questions == ()
    assert spent(shop) == 30
    assert set(shop.ask(Query(("spend",), by=("campaign",))).frame["campaign"]) == {"Search", "Shopping"}


def by_day(*costs):
    rows = "".join(f"2026-01-{day:02},{cost},PLN,100,5\n" for day, cost in enumerate(costs, start=1))
    return f"Date,Ad spend,Currency,Impressions,Clicks\n{rows}"


def test_other_costs_of_every_day_are_asked_about(shop):
    """Two tools that name neither themselves nor a campaign: 10 + 20 + 30 + 40 beside 7 + 8 + 9 + 11."""
    add(shop, by_day(10, 20, 30, 40), "one.csv")
    other = by_day(7, 8, 9, 11)
    (question,) = add(shop, other, "two.csv").questions
    assert (question.key, question.text.params["file"]) == ("adds", "one.csv")
    both = add(shop, other, "two.csv", adds=True)
    assert spent(shop) == 135
    assert add(shop, by_day(7, 8, 9, 12), "three.csv").questions == ()
    assert spent(shop) == 136
    shop.undo(both.import_id + 1)
    shop.undo(both.import_id)
    assert spent(shop) == 100


def test_costs_that_a_tool_revised_are_not_asked_about(shop):
    """One day of four is as it was; and of two days alone nothing can be told."""
    add(shop, by_day(10, 20, 30, 40))
    assert add(shop, by_day(10, 21, 31, 41), "b.csv").questions == ()
    assert spent(shop) == 103
    assert add(shop, by_day(1, 2), "c.csv").questions == ()


def test_search_results_of_two_sites(shop):
    chart = "Date,Clicks,Impressions,CTR,Position\n"
    one, other = (
        chart + "".join(f"2026-01-0{day},{clicks * day},{clicks * 100 + day},1%,5\n" for day in (1, 2, 3))
        for clicks in (2, 3)
    )
    add(shop, one, "Chart.csv")
    assert [question.key for question in add(shop, other, "Chart.csv").questions] == ["adds"]
    add(shop, other, "Chart.csv", adds=True)
    assert shop.ask(Query(("search_clicks",))).totals["search_clicks"] == 30
