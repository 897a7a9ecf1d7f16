"""What comes from files stays text, and the names of sheets are names that Excel takes."""

from __future__ import annotations

import pytest

import kpi
from kpi.report.naming import safe_text, sheet_names
from tests.report.books import book_of, plan
from tests.rows import load_rows, order

DANGEROUS = ["=1+1", "+48 600", "-5 %", "@SUM(A1)", '=HYPERLINK("http://example.com")', "#N/A"]


@pytest.mark.parametrize("name", DANGEROUS)
def test_name_that_begins_like_a_formula_stays_text(name):
    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("a", "2026-02-01", campaign=name)])
        cell = book_of(shop, plan("orders", breakdowns=("campaign",)))["Campaign"]["A5"]
        assert (cell.value, cell.data_type) == (name, "s")
        assert cell.quotePrefix == (name[0] in "=+-@")


def test_titles_and_filters_stay_text():
    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("a", "2026-02-01", campaign="=1+1")])
        sheet = book_of(shop, plan("orders", title="=2+2", where={"campaign": ("=1+1",)}))["Summary"]
        assert (sheet["A1"].value, sheet["A1"].data_type) == ("=2+2", "s")
        assert "Campaign: =1+1" in [cell.value for cell in sheet["B"]]


def test_characters_that_xml_cannot_hold_are_removed():
    assert safe_text("a\x00b\x0bc\ud800d\ufffee") == "abcde"
    assert safe_text("Mug\r\nblue\tlarge") == "Mug blue large"
    assert len(safe_text("x" * 40_000)) == 32_767


def test_control_characters_in_a_name_do_not_break_the_workbook():
    with kpi.Workspace(":memory:") as shop:
        load_rows(shop, orders=[order("a", "2026-02-01", campaign="Spring\x07 & <Summer>")])
        assert book_of(shop, plan("orders", breakdowns=("campaign",)))["Campaign"]["A5"].value == "Spring & <Summer>"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["Source / medium"], ("Source - medium",)),
        (["Channel", "channel"], ("Channel", "channel (2)")),
        (["History"], ("History -",)),
        (["'quoted'"], ("quoted",)),
        ([""], ("-",)),
        (["x" * 40, "x" * 40], ("x" * 31, "x" * 27 + " (2)")),
    ],
)
def test_sheet_names_are_short_plain_and_different(wanted, names):
    assert sheet_names(wanted) == names
