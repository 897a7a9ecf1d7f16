"""Insights of Meta Business Suite: UTF-16, one measure a section, one network an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
INSIGHTS = (
    'sep=,\n"Facebook reach"\n"Date","Primary"\n"2026-03-01T00:00:00","1,200"\n"2026-03-02T00:00:00","900"\n\n'
    '"Instagram reach"\n"Date","Primary"\n"2026-03-01T00:00:00","500"\n"2026-03-02T00:00:00","600"\n\n'
    '"Facebook link clicks"\n"Date","Primary"\n"2026-03-01T00:00:00","12"\n"2026-03-02T00:00:00","9"\n\n'
    '"Facebook visits"\n"Date","Primary"\n"2026-03-01T00:00:00","70"\n'
)


def encoded(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def test_each_section_is_one_measure_of_one_network(read: Read, table: Table) -> None:
    parts = read(encoded(INSIGHTS), "insights.csv")
    assert [part.account for part in parts] == ["facebook/main", "instagram/main", "facebook/main", "facebook/main"]
    assert [part.rows.loaded for part in parts] == [2, 2, 2, 0]
    assert all(part.rows.are_conserved for part in parts)
    assert table(parts[0], "social_posts", "period_start, network, reach, link_clicks") == [
        (date(2026, 3, 1), "Facebook", 1200, None),
        (date(2026, 3, 2), "Facebook", 900, None),
    ]
    assert table(parts[2], "social_posts", "network, reach, link_clicks") == [
        ("Facebook", None, 12),
        ("Facebook", None, 9),
    ]
    assert "no measure for this part" in str(parts[3].notes[0])


def test_the_title_names_the_network_whatever_the_file_is_called(read: Read) -> None:
    parts = read(encoded(INSIGHTS), "Reach.csv")
    assert [part.account for part in parts] == ["facebook/main", "instagram/main", "facebook/main", "facebook/main"]


def test_reach_is_shown_a_day_and_network_and_never_added(tmp_path: Path) -> None:
    (tmp_path / "insights.csv").write_bytes(encoded(INSIGHTS))
    with Workspace(":memory:") as shop:
        shop.add(tmp_path / "insights.csv")
        days = {"start": date(2026, 3, 1), "end": date(2026, 3, 2)}
        assert shop.ask(Query(("social_clicks",), **days)).totals == {"social_clicks": 21}
        daily = shop.ask(Query(("reach",), by=("network",), grain="day", **days)).frame
        assert daily["reach"].tolist() == [1200, 500, 900, 600]
        both = shop.ask(Query(("reach",), by=("network",), **days))
        assert both.frame["reach"].isna().all()
        assert "reach" in shop.ask(Query(("reach",), **days)).refused


def test_polish_sections(read: Read, table: Table) -> None:
    text = 'sep=,\n"Zasięg na Facebooku"\n"Data","Podstawowe"\n"2026-03-01T00:00:00","1200"\n\n"Kliknięcia linku na Instagramie"\n"Data","Podstawowe"\n"2026-03-01T00:00:00","5"\n'
    first, second = read(encoded(text))
    assert table(first, "social_posts", "network, reach") == [("Facebook", 1200)]
    assert table(second, "social_posts", "network, link_clicks") == [("Instagram", 5)]


def test_a_section_that_names_no_network(read: Read, table: Table) -> None:
    (part,) = read(encoded('sep=,\n"Reach"\n"Date","Primary"\n"2026-03-01T00:00:00","7"\n'))
    assert (part.format, table(part, "social_posts", "network, reach")) == ("meta_business_insights", [(None, 7)])


def test_damaged_days_and_numbers_are_refused(read: Read) -> None:
    text = '"Facebook reach"\n"Date","Primary"\n"2026-03-01T00:00:00","7"\n"2026-03-41T00:00:00","7"\n"2026-03-02T00:00:00","x"\n'
    (part,) = read(encoded(text))
    assert (part.rows.loaded, part.rows.refused) == (1, 2)


def test_posts_of_any_tool_are_guessed_by_their_columns(read: Read, table: Table, tmp_path: Path) -> None:
    """Engagement of a post: (50 + 20 + 10) of 800 people; of the other 5 of 400."""
    text = (
        "Post ID,Publish time,Impressions,Reach,Reactions,Comments,Shares\n"
        "1,2026-03-01,1000,800,50,20,10\n2,2026-03-02,500,400,5,0,0\n"
    )
    (part,) = read(text)
    assert (part.format, 0.6 <= part.confidence < 0.9) == ("social_posts", True)
    (tmp_path / "posts.csv").write_text(text, "utf-8")
    with Workspace(":memory:") as shop:
        shop.add(tmp_path / "posts.csv")
        frame = shop.ask(Query(("engagement_rate",), by=("post",))).frame
        assert frame["engagement_rate"].tolist() == [80 / 800, 5 / 400]
        assert shop.ask(Query(("engagement_rate",))).totals.get("engagement_rate") is None
