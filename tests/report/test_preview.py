"""The preview says what the workbook will show; the workings say how each number came about."""

from __future__ import annotations

import pytest

import kpi
from kpi.report import sheets_preview
from tests.report.books import MADE_AT, book_of, plan, small_shop


@pytest.fixture(scope="module")
def shop() -> kpi.Workspace:
    return small_shop()


def previews(shop, wanted, **more):
    return {one.name: one for one in sheets_preview(shop.ask, shop.catalogue, wanted, made_at=MADE_AT, **more)}


def test_preview_has_the_sheets_of_the_workbook_in_order(shop):
    wanted = plan("aov", "net_sales", language="pl", breakdowns=("device",))
    assert list(previews(shop, wanted)) == book_of(shop, wanted).sheetnames


def test_preview_shows_numbers_as_the_workbook_does(shop):
    found = previews(shop, plan("net_sales", "conversion_rate", breakdowns=("device",)))
    summary, device = found["Summary"], found["Device"]
    assert summary.columns == ("KPI", "Value", "Compared", "Change", "Better or worse", "Reference", "Formula")
    assert [summary.columns[place] for place in sorted(summary.numbers)] == ["Value", "Compared", "Change"]
    # 200 + 60 after 90 + 50: 260 / 140 − 1 = 85.7 %
    assert summary.rows[1][:5] == ("Net sales", "PLN\xa0260.00", "PLN\xa0140.00", "+85.7%", "better")
    # 2 / 1,120 − 2 / 1,240 = 0.000173
    assert summary.rows[3][:5] == ("Conversion rate", "0.18%", "0.16%", "+0.02\xa0pp", "better")
    assert device.rows == (("Mobile", "PLN\xa0200.00", "76.9%"), ("(unknown)", "PLN\xa060.00", "23.1%"))
    assert device.row_count == 2


def test_preview_stops_after_the_rows_asked_for(shop):
    found = previews(shop, plan(*shop.catalogue.kpis), rows=3)
    assert all(len(one.rows) <= 3 for one in found.values())
    assert found["Measures"].row_count > 20


def test_workings_tell_formula_rows_and_what_was_left_out(shop):
    sheet = book_of(shop, plan("aov"))["How it was computed"]
    lines = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4)}
    assert lines["Formula"] == "Net sales ÷ Orders of known value"
    assert lines["With its numbers"] == "PLN\xa0260.00 ÷ 2 = PLN\xa0130.00"
    assert lines["Rows counted"] == "orders: 2"
    assert lines["Left out"] == "cancelled, failed or test orders: 1 (cancelled 1)"
    assert lines["Imports"] == "orders.csv (2 rows)"


def test_sql_can_be_put_together_again(shop):
    sheet = book_of(shop, plan("organic_share", "aov"))["How it was computed"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "SQL: Summary")
    lines = []
    for name, text in rows[start + 2 :]:
        if name or not text:
            break
        lines.append(text.strip())
    assert " ".join(" ".join(lines).split()) == " ".join(shop.ask(plan("organic_share", "aov").query).sql.split())


def test_unknown_kpi_is_refused(shop):
    from kpi.errors import UnknownKpi

    with pytest.raises(UnknownKpi):
        book_of(shop, plan("no_such_kpi"))
