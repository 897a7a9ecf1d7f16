"""Explorations of Google Analytics 4 saved as workbooks."""

from __future__ import annotations

import io

from openpyxl import Workbook as Book

from kpi import Query, Workspace


def workbook(**sheets: list[list[object]]) -> bytes:
    book = Book()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book["Sheet"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_an_exploration_as_a_workbook_keeps_its_total_apart() -> None:
    content = workbook(
        Free=[
            ["# ----------"],
            ["# Free form 1"],
            ["# 20250901-20250902"],
            [],
            ["Date", "Session default channel group", "Sessions", "Purchase revenue"],
            [None, None, 45, 400.5, "Grand total"],
            ["20250901", "Organic Search", 20, 200.5],
            ["20250901", "Direct", 10, 0],
            ["20250902", "Organic Search", 15, 200],
        ]
    )
    with Workspace(":memory:") as shop:
        load = shop.add(content, name="exploration.xlsx", answers={"currency": "PLN"})
        assert (load.rows.loaded, load.rows.totals) == (3, 1)
        assert all(check.agrees for check in load.check_totals)
        answer = shop.ask(Query(("sessions",), grain="day"))
    assert answer.totals == {"sessions": 45.0}
    assert answer.frame["sessions"].tolist() == [30.0, 15.0]


def test_a_pivot_is_kept_and_never_added_up() -> None:
    # 300 on phones and 200 on computers: the first column alone is no total
    text = (
        "# Free form 1\n# Property: Shop\n# 20260301-20260331\n\nDevice category,mobile,desktop,Totals\n"
        "Session default channel group,Sessions,Sessions,Sessions\n,300,200,500,Grand total\nDirect,100,80,180\nOrganic Search,200,120,320\n"
    )
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="pivot.csv")
        assert (load.rows.loaded, load.rows.totals) == (2, 1)
        assert "The table is a pivot: Sessions stand in several columns" in str(load.notes[-1])
        assert shop.ask(Query(("sessions",))).totals.get("sessions") is None


def test_a_comparison_in_one_report_takes_the_place_of_nothing() -> None:
    head = "Session default channel group,Sessions,Engaged sessions\n"
    days = "# Start date: 20260301\n# End date: 20260331\n"
    text = f"# Property: Shop\n# All Users\n{days}{head}Direct,100,60\nEmail,50,25\n\n# Mobile traffic\n{days}{head}Direct,60,30\nEmail,20,10\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="Traffic_acquisition.csv")
        assert [(part.rows.loaded, part.rows.set_aside) for part in load.parts] == [(2, 0), (0, 2)]
        assert "for a part of the people" in str(load.parts[1].notes[-1])
        assert shop.ask(Query(("sessions",))).totals["sessions"] == 150


def spans(text: str) -> list[tuple[str, str, int]]:
    with Workspace(":memory:") as shop:
        shop.add(text.encode(), name="data-export.csv")
        return shop._store.rows(
            "select period_start::varchar, period_end::varchar, sessions from rows.traffic order by 1"
        )


def test_weeks_and_months_that_are_only_counted_get_their_days() -> None:
    head = "# Property: Shop\n# Start date: {}\n# End date: {}\n"
    march = head.format("20260302", "20260315")
    # 1 January 2026 is a Thursday: week 10 is 1–7 March, of which the report has 2–7; ISO week 10 is 2–8 March
    weeks = [("2026-03-02", "2026-03-07", 70), ("2026-03-08", "2026-03-14", 80)]
    assert spans(march + "Year,Week,Sessions\n2026,10,70\n2026,11,80\n") == weeks
    assert spans(march + "Week,Sessions\n10,70\n11,80\n") == weeks
    iso = march + "ISO week of ISO year,Session default channel group,Sessions\n202610,Direct,70\n202611,Direct,80\n"
    assert spans(iso) == [("2026-03-02", "2026-03-08", 70), ("2026-03-09", "2026-03-15", 80)]
    months = head.format("20251210", "20260131") + "Nth month,Sessions\n0000,70\n0001,80\n"
    assert spans(months) == [("2025-12-10", "2025-12-31", 70), ("2026-01-01", "2026-01-31", 80)]


def test_nth_weeks_and_hours_add_up_to_the_report() -> None:
    head = "# Property: Shop\n# Start date: 20260301\n# End date: 20260302\n"
    for text in ("Nth week,Sessions\n0000,70\n0001,80\n", "Date,Hour,Sessions\n20260301,00,70\n20260302,23,80\n"):
        with Workspace(":memory:") as shop:
            shop.add((head + text).encode(), name="data-export.csv")
            assert shop.ask(Query(("sessions",))).totals["sessions"] == 150


def test_a_report_about_some_people_takes_the_place_of_nothing() -> None:
    text = "# Traffic\n# Account: A\n# Property: Shop\n#\n# {}\n# Start date: 20260301\n# End date: 20260331\nSession default channel group,Sessions,Engaged sessions\nDirect,{},30\n"
    with Workspace(":memory:") as shop:
        shop.add(text.format("All Users", 150).encode(), name="Traffic_acquisition.csv")
        part = shop.add(text.format("Mobile traffic", 60).encode(), name="Traffic_acquisition.csv")
        assert part.rows.loaded == 1
        assert "about a part of the people (“Mobile traffic”)" in str(part.notes[-1])
        assert shop.ask(Query(("sessions",))).totals["sessions"] == 150
