"""Matomo: UTF-16 or UTF-8, translated or API names, and a dimension that only the file's name tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
SHOWN = "Label,Unique visitors,Visits,Actions,Maximum actions in one visit,Total time spent by visitors (in seconds),Bounces"
API = "label,nb_uniq_visitors,nb_visits,nb_actions,max_actions,sum_visit_length,bounce_count"
ROWS = "date,{}\n2026-03-01,Search Engines,80,100,300,9,5000,40\n2026-03-02,Direct Entry,40,50,90,5,1000,30\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
@pytest.mark.parametrize("names", [SHOWN, API])
def test_channels_by_day(read: Read, table: Table, encoding: str, names: str) -> None:
    (part,) = read(ROWS.format(names).encode(encoding), "Export _ Channel Types _ March.csv")
    assert (part.format, part.confidence >= 0.9) == ("matomo_report", True)
    columns = "period_start, period_end, channel, sessions, users, bounces, bounce_kind, duration_s, breakdown"
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    assert table(part, "traffic", columns) == [
        (first, first, "organic", 100, 80, 40, "classic", 5000.0, "channel"),
        (second, second, "direct", 50, 40, 30, "classic", 1000.0, "channel"),
    ]


@pytest.mark.parametrize(
    ("name", "cell", "column", "value"),
    [
        ("Export_Country_2026.csv", "Poland", "country", "PL"),
        ("Export_Device type_2026.csv", "Smartphone", "device", "mobile"),
        ("Export_Browsers_2026.csv", "Firefox", "browser", "Firefox"),
        ("Export_Campaigns_2026.csv", "spring", "campaign", "spring"),
        ("Export_Websites_2026.csv", "ceneo.pl", "utm_source", "ceneo.pl"),
    ],
)
def test_the_files_name_says_what_the_label_is(
    read: Read, table: Table, name: str, cell: str, column: str, value: str
) -> None:
    (part,) = read(f"date,{API}\n2026-03-01,{cell},8,10,30,9,500,4\n", name)
    assert table(part, "traffic", f"{column}, breakdown, sessions") == [(value, column, 10)]


def test_labels_without_a_meaning_are_a_breakdown_of_their_own(read: Read, table: Table) -> None:
    (part,) = read(f"date,{API}\n2026-03-01,whatever,8,10,30,9,500,4\n", "export.csv")
    assert table(part, "traffic", "breakdown") == [("label",)]
    assert "serves no KPI" in str(part.notes[0])


def test_visits_by_page_are_not_counted(read: Read, table: Table) -> None:
    (part,) = read(f"date,{API}\n2026-03-01,/shop,8,10,30,9,500,4\n", "Export_Page URLs.csv")
    assert table(part, "traffic", "breakdown, sessions, users, bounces") == [("page", None, None, None)]


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ('"2026-03-02,2026-03-08"', date(2026, 3, 2), date(2026, 3, 8)),
        ("From 2026-03-02 to 2026-03-08", date(2026, 3, 2), date(2026, 3, 8)),
    ],
)
def test_weeks_months_and_years_are_spans(read: Read, table: Table, cell: str, first: date, last: date) -> None:
    (part,) = read(f"date,nb_visits,nb_actions,bounce_count\n{cell},10,30,4\n")
    assert table(part, "traffic", "period_start, period_end, sessions, breakdown") == [(first, last, 10, "")]


def test_without_days_the_period_is_asked(read: Read) -> None:
    (part,) = read(f"{API}\nGoogle,8,10,30,9,500,4\n", "Export_Referrers.csv")
    assert [question.key for question in part.questions] == ["period"]


def test_a_damaged_day_and_a_damaged_count_are_refused(read: Read) -> None:
    (part,) = read("date,nb_visits,nb_actions\n2026-03-01,10,1\nMarch,10,1\n2026-03-02,ten,1\n")
    assert (part.rows.loaded, part.rows.refused) == (1, 2)
    assert str(part.refused[0].reason) == "Column “date” holds “March”, which cannot be read."
