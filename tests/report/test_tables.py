"""Breakdowns and the sheet over time: order, totals, shares, dates, the chart."""

from __future__ import annotations

from datetime import date, datetime

import pytest

import kpi
from kpi.report import breakdown
from tests.report.books import book_of, header_of, plan, row_of, small_shop
from tests.rows import load_rows, order

BOTH = (date(2026, 1, 1), date(2026, 2, 28))


@pytest.fixture(scope="module")
def shop() -> kpi.Workspace:
    return small_shop()


def keys_of(sheet):
    return [sheet.cell(row, 1).value for row in range(header_of(sheet) + 1, sheet.max_row + 1)]


def test_groups_stand_largest_first_and_the_unknown_one_last(shop):
    sheet = book_of(shop, plan("net_sales", "aov", period=BOTH, compare=None, breakdowns=("device",)))["Device"]
    # mobile 90 + 200, desktop 50, nothing known 60
    assert keys_of(sheet)[:4] == ["Mobile", "Desktop", "(unknown)", "Total"]


def test_country_is_written_in_the_language(shop):
    sheet = book_of(shop, plan("net_sales", language="pl", breakdowns=("country",)))["Kraj"]
    assert keys_of(sheet)[0] == "Polska"


def test_total_of_a_ratio_is_the_ratio_of_the_totals(shop):
    sheet = book_of(shop, plan("aov", period=BOTH, compare=None, breakdowns=("device",)))["Device"]
    total = row_of(sheet, "Total")
    sales, orders = total["Net sales"], total["Orders of known value"]
    assert total["Average order value (AOV)"].value == (
        f'=IFERROR({sales.column_letter}{sales.row}/{orders.column_letter}{orders.row},"")'
    )
    assert sales.value == f"=SUM({sales.column_letter}5:{sales.column_letter}7)"


def test_total_of_customers_is_counted_and_not_the_sum_of_the_groups(shop):
    sheet = book_of(shop, plan("customers", period=BOTH, compare=None, breakdowns=("country",)))["Country"]
    # k1 and k3 in Poland, k2 in Germany: 3; and by month k1 comes twice, which is still 3
    assert row_of(sheet, "Total")["Customers"].value == 3
    time = book_of(shop, plan("customers", period=BOTH, compare=None))["Over time"]
    assert row_of(time, "Total")["Customers"].value == 3
    notes = " ".join(str(cell.value) for line in time.iter_rows() for cell in line)
    assert "counted over all rows, not added up from the rows above: Customers." in notes


def test_share_is_of_the_total_and_only_for_what_adds_up(shop):
    sheet = book_of(shop, plan("net_sales", "aov", "customers", breakdowns=("country",)))["Country"]
    titles = [cell.value for cell in sheet[header_of(sheet)]]
    assert "Net sales: share" in titles
    assert not {"Average order value (AOV): share", "Customers who ordered: share"} & set(titles)
    assert row_of(sheet, "Poland")["Net sales: share"].value == '=IFERROR(B5/B$6,"")'


def test_measures_stand_folded_on_the_right(shop):
    sheet = book_of(shop, plan("aov", breakdowns=("device",)))["Device"]
    letter = row_of(sheet, "Total")["Net sales"].column_letter
    assert (sheet.column_dimensions[letter].outlineLevel, sheet.column_dimensions[letter].hidden) == (1, True)
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:B6"


def test_kpi_that_the_dimension_does_not_know_is_named_under_the_table(shop):
    sheet = book_of(shop, plan("net_sales", "item_sales", breakdowns=("product",)))["Product"]
    texts = [cell.value for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)]
    assert "Net sales — The table “orders” cannot know this dimension: Product." in texts
    assert "Net sales" not in [cell.value for cell in sheet[header_of(sheet)]]


def test_amounts_by_currency_have_no_total():
    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("a", "2026-02-01", 100), order("b", "2026-02-02", 40, currency="EUR")])
        wanted = plan("net_sales", "orders", compare=None, breakdowns=("currency",))
        sheet = book_of(shop, wanted)["Currency"]
        total = row_of(sheet, "Total")
        assert total["Gross sales"].value == total["Discounts"].value == "—"
        assert total["Orders"].value.startswith("=")
        assert row_of(sheet, "EUR")["Net sales"].number_format.startswith('"€"#,##0.00;')
        assert row_of(sheet, "PLN")["Net sales"].number_format.startswith('"PLN" #,##0.00;')


def test_only_the_largest_groups_are_listed_but_the_total_covers_all(monkeypatch):
    monkeypatch.setattr(breakdown, "MOST_GROUPS", 2)
    with kpi.Workspace(":memory:") as shop:
        amounts = {"A": 30, "B": 20, "C": 10}
        load_rows(shop, orders=[order(name, "2026-02-01", amount, campaign=name) for name, amount in amounts.items()])
        sheet = book_of(shop, plan("net_sales", compare=None, breakdowns=("campaign",)))["Campaign"]
        assert keys_of(sheet)[:3] == ["A", "B", "Total"]
        # 30 + 20 + 10, which the two rows above do not add up to
        assert row_of(sheet, "Total")["Gross sales"].value == 60
        texts = [cell.value for line in sheet.iter_rows() for cell in line]
        assert "The 2 largest of 3 groups are listed; the total covers them all." in texts


def test_buckets_are_dates_and_stand_beside_what_they_are_compared_with(shop):
    sheet = book_of(shop, plan("net_sales"))["Over time"]
    assert [cell.value for cell in sheet[5][:2]] == [datetime(2026, 2, 1), datetime(2026, 1, 1)]
    assert sheet["A5"].number_format == "[$-809]mmm yyyy"
    assert [cell.value for cell in sheet[4][:4]] == ["Month", "Compared with", "Mark", "Net sales"]


def test_last_bucket_that_is_not_over_is_marked_and_not_drawn(shop):
    wanted = plan("net_sales", period=(date(2026, 1, 1), date(2026, 2, 10)), compare=None)
    sheet = book_of(shop, wanted)["Over time"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=5, max_row=6)}
    assert [row[1].value or None for row in rows.values()] == [None, "incomplete"]
    assert rows[datetime(2026, 2, 1)][-1].value == "=NA()"


def test_first_bucket_that_the_period_cuts_is_marked(shop):
    wanted = plan("net_sales", period=(date(2026, 1, 15), date(2026, 2, 28)), compare=None)
    assert book_of(shop, wanted)["Over time"]["B5"].value == "only from 15 Jan 2026"


def test_chart_draws_the_first_kpi_and_the_compared_one_dashed(shop):
    wanted = plan("net_sales", "aov", grain="week")
    (chart,) = book_of(shop, wanted)["Over time"]._charts
    solid, dashed = chart.series
    assert solid.graphicalProperties.line.solidFill.srgbClr == "0B6E4F"
    assert dashed.graphicalProperties.line.prstDash == "dash"
    assert not chart.x_axis.delete
    assert not chart.y_axis.delete
    assert chart.y_axis.scaling.min == 0


def test_breakdown_without_any_group_says_so(shop):
    wanted = plan("net_sales", where={"device": ("tablet",)}, breakdowns=("country",))
    texts = [cell.value for line in book_of(shop, wanted)["Country"].iter_rows() for cell in line]
    assert "There is nothing to show here." in texts
