"""The first sheet: live formulas over the measures, the comparison, what cannot be computed."""

from __future__ import annotations

import pytest

import kpi
from kpi.report import workbook_bytes
from tests.report.books import (
    JANUARY,
    MADE_AT,
    book_of,
    header_of,
    needs_office,
    plan,
    recomputed,
    row_of,
    small_shop,
    values_of,
)
from tests.rows import load_rows, order


@pytest.fixture(scope="module")
def shop() -> kpi.Workspace:
    return small_shop()


def test_kpi_is_a_formula_over_the_cells_of_the_measures_sheet(shop):
    book = book_of(shop, plan("aov"))
    measures = {row[0].value: row[1] for row in book["Measures"].iter_rows(min_row=5)}
    assert row_of(book["Summary"], "Average order value (AOV)")["Value"].value == (
        f"=IFERROR('Measures'!$B${measures['Net sales'].row}/'Measures'!$B${measures['Orders of known value'].row},\"\")"
    )
    # c 200 + d 60 = 260 over 2 orders; the cancelled one counts nowhere
    assert (measures["Net sales"].value, measures["Orders of known value"].value) == (260, 2)


def test_difference_has_no_value_where_a_measure_is_missing(shop):
    book = book_of(shop, plan("net_sales"))
    value = row_of(book["Summary"], "Net sales")["Value"].value
    assert value == "=IFERROR('Measures'!$B$5-'Measures'!$B$6,\"\")"


def test_change_is_relative_for_money_and_points_for_rates(shop):
    sheet = book_of(shop, plan("aov", "conversion_rate"))["Summary"]
    money, rate = row_of(sheet, "Average order value (AOV)")["Change"], row_of(sheet, "Conversion rate")["Change"]
    assert money.value == f'=IFERROR(IF(AND(C{money.row}>0,B{money.row}>=0),B{money.row}/C{money.row}-1,""),"")'
    assert money.number_format == '"+"0.0%;"−"0.0%;0.0%;"—"'
    assert rate.value == f'=IFERROR((B{rate.row}-C{rate.row})*100,"")'
    assert rate.number_format == '"+"0.00 "pp";"−"0.00 "pp";0.00 "pp";"—"'


def test_verdict_follows_the_good_direction_of_the_kpi(shop):
    sheet = book_of(shop, plan("aov", "cpa", "spend"))["Summary"]
    higher_is_better = row_of(sheet, "Average order value (AOV)")["Better or worse"]
    lower_is_better = row_of(sheet, "Cost per online order (CPA)")["Better or worse"]
    neither = row_of(sheet, "Ad spend")["Better or worse"]
    row = higher_is_better.row
    change = f"IF(AND(C{row}>0,B{row}>=0),ROUND((B{row}-C{row})/C{row},3),B{row}-C{row})"
    assert higher_is_better.value == (
        f'=IF(AND(ISNUMBER(B{row}),ISNUMBER(C{row})),IF(C{row}=0,IF(B{row}=0,"no change","undecided"),'
        f'IF(ROUND(B{row},2)=ROUND(C{row},2),"no change",IF({change}>0,"better",IF({change}<0,"worse","no change")))),"")'
    )
    assert '>0,"worse",IF' in lower_is_better.value
    assert neither.value.count('"undecided"') == 3


@needs_office
@pytest.mark.parametrize(
    ("before", "sold", "word"),
    [
        (100_000, 100_049, "no change"),
        (100_000, 100_051, "better"),
        (100_000, 99_951, "no change"),
        (100_000, 99_949, "worse"),
        (0, 5, "undecided"),
        (0, 0, "no change"),
    ],
)
def test_what_reads_as_no_change_is_judged_as_none(before, sold, word, tmp_path):
    """100,049 against 100,000 is +0.049 %, which is written as 0.0 %; 100,051 is +0.051 %, written as +0.1 %. What comes
    after nothing is new, which is neither."""
    with kpi.Workspace(":memory:") as shop:
        days = [("2026-01-01", before), ("2026-01-31", 0), ("2026-02-01", sold), ("2026-02-28", 0)]
        load_rows(shop, orders=[order(day, day, amount) for day, amount in days])
        content = workbook_bytes(shop.ask, shop.catalogue, plan("net_sales"), made_at=MADE_AT)
    for rows in (values_of(content)["Summary"], recomputed(content, tmp_path)["Summary"]):
        (found,) = [row[4] for row in rows if row[0] == "Net sales"]
        assert found == word


@needs_office
def test_from_below_zero_a_change_is_money_and_no_percentage(tmp_path):
    """The gap between orders with a code and without. January: 100 − 150 = −50. February: 130 − 100 = 30, which is 80 more
    and no percentage of −50."""
    orders = [("2026-01-01", 100, ["X"]), ("2026-01-31", 150, []), ("2026-02-01", 130, ["X"]), ("2026-02-28", 100, [])]
    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order(day, day, amount, promo_codes=codes) for day, amount, codes in orders])
        content = workbook_bytes(shop.ask, shop.catalogue, plan("promo_aov_gap"), made_at=MADE_AT)
        cell = row_of(book_of(shop, plan("promo_aov_gap"))["Summary"], "AOV with against without a code")["Change"]
    assert cell.number_format == '"+""PLN" #,##0.00;"−""PLN" #,##0.00;"PLN" #,##0.00;"—"'
    for rows in (values_of(content)["Summary"], recomputed(content, tmp_path)["Summary"]):
        (found,) = [row[1:5] for row in rows if row[0] == "AOV with against without a code"]
        assert tuple(found) == (30, -50, 80, "undecided")


def test_amounts_say_whether_vat_is_in_them():
    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("1", "2026-02-05", 123, tax_amount=23, tax_included=True)])
        book = book_of(shop, plan("net_sales", "orders"))
        names = [row[0].value for row in book["Summary"].iter_rows()]
        assert "Net sales, incl. VAT" in names
        assert "Orders" in names
        assert "Gross sales, incl. VAT" in [row[0].value for row in book["Measures"].iter_rows()]
        shop.settings["tax_basis"] = "net"
        names = [row[0].value for row in book_of(shop, plan("net_sales"))["Summary"].iter_rows()]
        assert "Net sales, excl. VAT" in names


def test_formats_carry_the_currency_in_the_language(shop):
    english = row_of(book_of(shop, plan("aov"))["Summary"], "Average order value (AOV)")
    polish = row_of(book_of(shop, plan("aov", language="pl"))["Podsumowanie"], "Średnia wartość zamówienia (AOV)")
    assert english["Value"].number_format.startswith('"PLN" #,##0.00;')
    assert polish["Wartość"].number_format == '#,##0.00 "zł";-#,##0.00 "zł";#,##0.00 "zł";"—"'


def test_rates_below_ten_per_cent_have_two_decimals(shop):
    sheet = book_of(shop, plan("conversion_rate", "multi_item_share"))["Summary"]
    # 2 online orders in 28 × 40 = 1,120 sessions: 0.18 %
    assert row_of(sheet, "Conversion rate")["Value"].number_format.startswith("0.00%;")


def test_without_a_comparison_there_are_no_columns_for_it(shop):
    book = book_of(shop, plan("aov", compare=None))
    titles = [cell.value for cell in book["Summary"][header_of(book["Summary"])]]
    assert titles[:4] == ["KPI", "Value", "Reference", "Formula"]
    assert [cell.value for cell in book["Measures"][4]] == [
        "Measure",
        "Value",
        "Table",
        "What it counts",
        "Definition in SQL",
    ]


def test_kpi_that_cannot_be_computed_stands_folded_with_its_reason_and_without_a_number(shop):
    sheet = book_of(shop, plan("aov", "bounce_rate"))["Summary"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    name, reason = rows["Bounce rate"][:2]
    assert "1 KPI cannot be computed from what is loaded" in rows
    assert "No file in “web traffic” says this" in reason.value
    assert sheet.row_dimensions[name.row].outlineLevel == 1
    assert sheet.row_dimensions[name.row].hidden
    assert all(cell.value is None for cell in rows["Bounce rate"][2:])


def test_period_comparison_filters_and_sources_stand_above_the_scorecard(shop):
    wanted = plan("aov", where={"device": ("mobile", None)}, shop="Mugs", link="https://example.com/?ws=1")
    sheet = book_of(shop, wanted)["Summary"]
    lines = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=header_of(sheet) - 1)}
    assert lines == {
        "Test": None,
        "Shop": "Mugs",
        "Period": "1–28\u00a0Feb\u00a02026",
        "Compared with": "the previous period: 1–31\u00a0Jan\u00a02026",
        "Filters": "Device: Mobile, (unknown)",
        "Sources": "orders.csv (2 rows)",
        "Made": "2 Apr 2026, 08:14",
        "Open the view": "https://example.com/?ws=1",
        None: None,
    }


def test_link_that_is_no_web_address_is_text(shop):
    sheet = book_of(shop, plan("aov", link="javascript:alert(1)"))["Summary"]
    assert not any(cell.hyperlink for cell in sheet["B"] if cell.value == "javascript:alert(1)")


def test_money_of_another_currency_is_not_compared():
    from tests.rows import load_rows, order

    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("a", "2026-01-05", 100, currency="EUR"), order("b", "2026-02-27", 50)])
        book = book_of(shop, plan("net_sales", "orders"))
        row = row_of(book["Summary"], "Net sales")
        # 50 PLN after 100 EUR is no fall by half
        assert row["Compared"].value == "—"
        assert row_of(book["Summary"], "Orders")["Compared"].value == "='Measures'!$C$7"
        notes = " ".join(str(cell.value) for line in book["Summary"].iter_rows() for cell in line)
        assert "The compared period is in EUR, and currencies are never compared." in notes


def test_empty_shop_makes_a_workbook_that_says_so():
    with kpi.Workspace(":memory:") as shop:
        book = book_of(shop, plan("aov", "sessions", breakdowns=("channel",)))
        assert book.sheetnames == ["Summary", "Measures", "Channel", "Over time", "How it was computed"]
        texts = [cell.value for line in book["Summary"].iter_rows() for cell in line if cell.value]
        assert "Nothing can be computed from what is loaded." in texts
        assert "Not loaded yet: orders." in texts
        assert not any(isinstance(text, int | float) for text in texts)


def test_document_is_titled_and_signed(shop):
    properties = book_of(shop, plan("aov", title="March & April")).properties
    assert (properties.title, properties.creator) == ("March & April", "Koszyk")
    assert properties.created == properties.modified


def test_same_report_is_the_same_bytes(shop):
    from kpi.report import workbook_bytes
    from tests.report.books import MADE_AT

    wanted = plan("aov", "sessions", period=JANUARY)
    one, other = (workbook_bytes(shop.ask, shop.catalogue, wanted, made_at=MADE_AT) for _ in range(2))
    assert one == other
