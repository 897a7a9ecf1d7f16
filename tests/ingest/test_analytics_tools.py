"""Universal Analytics, Matomo and Plausible: tables and languages beside the usual ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.zips import zipped

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
UA = "# -----\n# All Web Site Data\n# Audience Overview\n# {days}\n# -----\n\n"


def test_hours_of_universal_analytics_are_days_and_their_total_is_none_of_them() -> None:
    text = UA.format(days="20210901-20210902") + "Hour Index,Sessions\n0,5\n1,3\n24,10\n47,2\n,20\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="Analytics hours.csv")
        assert (load.format, load.rows.totals) == ("ua_report", 1)
        answer = shop.ask(Query(("sessions",), grain="day"))
    assert answer.totals == {"sessions": 20.0}
    assert answer.frame["sessions"].tolist() == [8.0, 12.0]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["9/1/21", "9/2/21"], [date(2021, 9, 1), date(2021, 9, 2)]),
        (["01/09/2021", "02/09/2021"], [date(2021, 9, 1), date(2021, 9, 2)]),
    ],
)
def test_the_period_above_decides_whether_the_day_or_the_month_comes_first(
    read: Read, table: Table, cells: list[str], days: list[date]
) -> None:
    top = UA.format(days="20210901-20210902")
    (part,) = read(top + f"Day Index,Users\n{cells[0]},400\n{cells[1]},350\n,700\n")
    assert [row[0] for row in table(part, "traffic", "period_start, users")] == days
    assert part.rows.totals == 1


def test_days_that_fit_the_period_either_way_are_asked(read: Read) -> None:
    (part,) = read(UA.format(days="20210101-20211231") + "Day Index,Users\n01/02/2021,400\n03/04/2021,350\n")
    assert [question.key for question in part.questions] == ["day_first"]


def test_the_total_of_a_table_by_something_unknown_is_set_apart() -> None:
    text = (
        UA.format(days="20210901-20210930")
        + 'Page,Pageviews,Unique Pageviews\n/,"1,000",800\n/a,500,400\n,"1,500","1,200"\n'
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="Analytics pages.csv")
        assert (load.format, load.rows.loaded, load.rows.totals) == ("ua_report", 2, 1)


MATOMO = (
    "Etykieta,Liczba niepowtarzających się użytkowników,Odwiedziny,Aktywność,Maksymalna liczba działań podczas jednej wizyty,"
    "Ogólny czas spędzony przez odwiedzającego (w sekundach),Porzucenia\n"
    "wejścia bezpośrednie,80,100,300,12,5000,40\nwyszukiwarki,150,200,700,30,9000,60\nstrony,10,12,30,5,400,6\n"
)


def test_matomo_in_polish(read: Read, table: Table) -> None:
    (part,) = read(MATOMO.encode("utf-16"), "Export_Typ odsyłacza_2025-09-01,2025-09-30.csv")
    assert part.format == "matomo_report"
    assert table(part, "traffic", "channel, sessions, users, bounces, duration_s, breakdown") == [
        ("direct", 100, 80, 40, 5000.0, "channel"),
        ("organic", 200, 150, 60, 9000.0, "channel"),
        ("referral", 12, 10, 6, 400.0, "channel"),
    ]


def test_the_dashboard_of_plausible_counts_its_days_and_none_of_its_lists() -> None:
    files = {
        "visitors.csv": "date,visitors,pageviews,visits,views_per_visit,bounce_rate,visit_duration\n"
        "2025-09-01,10,30,12,2.5,50,60\n2025-09-02,20,50,20,2.5,45,80\n",
        "sources.csv": "name,visitors,bounce_rate,visit_duration\nGoogle,20,40,70\nDirect / None,9,50,60\n",
        "entry_pages.csv": "name,visitors,visits,visit_duration,bounce_rate\n/,28,30,60,40\n",
        "countries.csv": "name,visitors\nPoland,28\n",
    }
    with Workspace(":memory:") as shop:
        load = shop.add(zipped(files), name="Plausible export shop.example 2025-09-01 to 2025-09-02.zip")
        assert [part.format for part in load.parts] == ["plausible_dashboard", *["plausible_lists"] * 3]
        assert [part.rows.set_aside for part in load.parts] == [0, 2, 1, 1]
        answer = shop.ask(Query(("sessions", "bounce_rate", "session_duration")))
    # bounces 6 + 9 of 32 visits; (12 · 60 + 20 · 80) / 32 seconds
    assert answer.totals == {"sessions": 32.0, "bounce_rate": 15 / 32, "session_duration": 72.5}
