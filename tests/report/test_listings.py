"""Groups that leave rows out stand in the workbook one by one; their total is that of the days, never their sum."""

from __future__ import annotations

import pytest

import kpi
from tests.report.books import book_of, plan, row_of
from tests.rows import load_rows

QUERIES = {"period_start": "2026-02-01", "period_end": "2026-02-28", "breakdown": "search_query", "position": 2}


@pytest.fixture
def shop():
    with kpi.Workspace(":memory:") as shop:
        rows = [
            QUERIES | {"search_query": name, "clicks": n, "impressions": 10} for name, n in (("mug", 4), ("bag", 2))
        ]
        load_rows(shop, "queries.csv", seo=rows)
        yield shop


def test_total_of_queries_is_that_of_the_days(shop):
    day = {"period_start": "2026-02-01", "period_end": "2026-02-01", "breakdown": "", "position": 3}
    load_rows(shop, "chart.csv", seo=[day | {"clicks": 27, "impressions": 100}])
    book = book_of(shop, plan("search_clicks", "search_ctr", compare=None, breakdowns=("search_query",)))
    sheet = book["Search query"]
    assert row_of(sheet, "mug")["Clicks from search"].value is not None
    total = row_of(sheet, "Total")
    written = {title: cell.value for title, cell in total.items() if cell.value is not None}
    assert not any("SUM" in str(value) for value in written.values())
    assert 27 in written.values()
    assert 100 in written.values()


def test_without_the_days_there_is_no_total(shop):
    book = book_of(shop, plan("search_clicks", "search_ctr", compare=None, breakdowns=("search_query",)))
    total = row_of(book["Search query"], "Total")
    assert not any("SUM" in str(cell.value) for cell in total.values())
    assert not any(isinstance(cell.value, (int, float)) for cell in total.values())


def test_nps_is_a_score_and_changes_in_points(shop):
    answers = [("2026-01-05", 9), ("2026-01-06", 3), ("2026-02-05", 10), ("2026-02-06", 8)]
    rows = [
        {"response_id": str(number), "answered_at": day, "survey_kind": "nps", "score": score}
        for number, (day, score) in enumerate(answers)
    ]
    load_rows(shop, "nps.csv", survey_responses=rows)
    sheet = book_of(shop, plan("nps"))["Summary"]
    cells = row_of(sheet, "Net Promoter Score (NPS)")
    assert any('"pp"' in cell.number_format for cell in cells.values())
    asked = shop.ask(plan("nps").query)
    assert (asked.totals["nps"], asked.totals_compared["nps"]) == (50, 0)
