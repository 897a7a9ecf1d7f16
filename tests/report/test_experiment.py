"""The workbook of an experiment: LibreOffice computes it from what is typed in, and every number is Python's."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from kpi.experiment import Comparison, Plan, balance
from kpi.wording import words as words_of
from tests.report.books import all_recomputed, needs_office, recomputed, values_of
from tests.report.experiments import CASES, CONVERSION, Case, case, counted

COLUMNS = 15


@pytest.fixture(scope="module")
def computed(tmp_path_factory) -> dict[str, tuple[Case, bytes, dict[str, list[list[Any]]]]]:
    """Each case in English, and its sheets as LibreOffice computes them."""
    content = {name: one.workbook() for name, one in CASES.items()}
    sheets = all_recomputed(list(content.values()), tmp_path_factory.mktemp("office"))
    return {name: (CASES[name], content[name], found) for name, found in zip(content, sheets, strict=True)}


def same(number: float | None) -> Any:
    return "—" if number is None else pytest.approx(number, rel=1e-9, abs=1e-12)


def comparison_rows(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows of the table of comparisons: those with a variant in the second column."""
    first = next(number for number, row in enumerate(rows) if row[1] == "Variant") + 1
    table = [row[:COLUMNS] for row in rows[first:]]
    end = next((number for number, row in enumerate(table) if not row[0]), len(table))
    return [row for row in table[:end] if row[1]]


def told(one: Comparison) -> list[float | None]:
    """What the row of a comparison must hold between its units and its word, the step of the adjustment left out."""
    assert one.estimate
    scale = 100 if one.metric.unit == "percent" else 1
    differences = (one.estimate.difference, one.estimate.low, one.estimate.high)
    ends = one.lift_interval or (None, None)
    return [one.control_value, one.value, *(scale * value for value in differences), one.lift, *ends, one.estimate.p]


@pytest.mark.office
@needs_office
def test_every_formula_gives_the_value_that_stands_beside_it(computed):
    checked = 0
    for case_name, (_, content, sheets) in computed.items():
        formulas = load_workbook(BytesIO(content))
        for name, rows in values_of(content).items():
            for number, (ours, theirs) in enumerate(zip(rows, sheets[name], strict=False), 1):
                for column, (one, other) in enumerate(zip(ours, theirs, strict=False), 1):
                    is_number = isinstance(one, int | float) and not isinstance(one, bool)
                    formula = formulas[name].cell(number, column).value
                    checked += str(formula).startswith("=")
                    assert other == (same(one) if is_number else one), (case_name, name, number, column, formula)
    assert checked > 4_000


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("name", [name for name, one in CASES.items() if one.verdict.comparisons])
def test_the_table_is_what_the_library_says(computed, name):
    one, _, sheets = computed[name]
    own = "cuped" if one.plan.is_adjusted and one.observed.metric(one.plan.primary).covariate else "raw"
    ways = [comparison for way, found in one.beside.items() if way != own for comparison in found]
    expected = [*one.verdict.comparisons, *one.secondary, *ways]
    rows = comparison_rows(sheets["Result"])
    assert [row[1] for row in rows] == [comparison.arm for comparison in expected]
    for row, comparison in zip(rows, expected, strict=True):
        if comparison.estimate is None:
            assert row[3:14] == ["—"] * 11
            continue
        assert row[3:12] == [same(value) for value in told(comparison)], comparison.arm
        assert row[13] == same(comparison.p_adjusted)
        assert (row[14] == "undecided") == (comparison.p_adjusted > one.plan.alpha)


@pytest.mark.office
@needs_office
def test_the_split_is_checked_in_formulas(computed):
    _, _, sheets = computed["blocked"]
    expected = balance({"A": 10_000, "B": 10_700}, {"A": 1, "B": 1})
    rows = {row[0]: row for row in sheets["Result"]}
    assert rows["Chi-square"][4] == same(expected.statistic)
    assert next(row for name, row in rows.items() if name.startswith("p-value: under"))[4] == same(expected.p)


@pytest.mark.office
@needs_office
def test_a_changed_count_changes_everything_that_follows(tmp_path):
    before, after = (case(counted((9_000, 300), (9_000, x), (9_000, 380)), Plan("A", "conversion", units=1)) for x in (320, 365))  # fmt: skip
    book = load_workbook(BytesIO(before.workbook()))
    conversions = next(row for row in book["Conversion rate"].iter_rows() if row[0].value == "Conversions")
    assert conversions[2].value == 320
    conversions[2].value = 365
    changed = BytesIO()
    book.save(changed)
    rows = comparison_rows(recomputed(changed.getvalue(), tmp_path)["Result"])
    for row, comparison in zip(rows, after.verdict.comparisons, strict=True):
        assert row[3:12] == [same(value) for value in told(comparison)]
        assert row[13] == same(comparison.p_adjusted)
    assert (before.verdict.comparisons[0].p_adjusted > 0.05 > after.verdict.comparisons[0].p_adjusted, rows[0][14]) == (True, "better")  # fmt: skip


def cells_of(content: bytes) -> dict[str, list[Any]]:
    return {sheet.title: [cell.value for row in sheet.iter_rows() for cell in row] for sheet in load_workbook(BytesIO(content))}  # fmt: skip


@pytest.mark.parametrize("name", ["planned end, ratio adjusted", "no end planned", "before the end, with looks", "small cells", "blocked"])  # fmt: skip
def test_a_polish_workbook_holds_no_english(name):
    english, polish = (cells_of(CASES[name].workbook(language)) for language in ("en", "pl"))
    texts = {value for cells in english.values() for value in cells if isinstance(value, str) and " " in value and not value.startswith("=")}  # fmt: skip
    assert len(texts) > 15
    kept = {value for cells in polish.values() for value in cells} & texts
    assert not kept
    assert next(iter(polish)) == "Wynik"
    w = words_of("pl")
    assert w.say(CASES[name].verdict.sentence) in polish["Wynik"]
    for guard in CASES[name].verdict.guards:
        assert w.say(guard.text) in polish["Wynik"]


def test_what_was_left_out_and_planned_stands_on_the_first_sheet():
    cells = cells_of(CASES["before the end, with looks"].workbook(title="New button", link="https://example.com/x"))["Result"]  # fmt: skip
    wanted = ("New button", "win", "30,000 units", "3,000 units · 7,000 units", "Rows without a variant are left out.")
    for text in (*wanted, "https://example.com/x"):
        assert text in cells
    assert 17 in cells


def test_a_blocked_test_has_no_comparison():
    for name in ("blocked", "no control"):
        sheets = cells_of(CASES[name].workbook())
        assert list(sheets) == ["Result"]
        assert "There is nothing to show here." in sheets["Result"]
        assert words_of("en").say(CASES[name].verdict.reasons[0]) in sheets["Result"]


def test_fishers_p_value_is_typed_in_and_says_so():
    book = load_workbook(BytesIO(CASES["small cells"].workbook()))["Conversion rate"]
    row = next(row for row in book.iter_rows() if str(row[0].value).startswith("p-value: Fisher"))
    expected = CASES["small cells"].verdict.comparisons[0].estimate
    assert expected.method == "fisher_mid_p"
    assert row[2].value == pytest.approx(expected.p)
    assert any("does not follow a change" in str(cell.value) for cell in book["A"])


def test_the_chart_shows_the_difference_and_its_band():
    (chart,) = load_workbook(BytesIO(CASES["planned end, four metrics"].workbook()))["Day by day"]._charts
    assert [len(series.val.numRef.numCache.pt) for series in chart.series] == [10, 10, 10]


def test_very_many_comparisons_have_their_adjusted_p_values_typed_in():
    """Nine comparisons decide, in formulas; 207 of other metrics do not, and no formula is that long."""
    observed = counted(*[(2_000, 100 + place) for place in range(10)])
    metrics = tuple(replace(CONVERSION, name=f"m{place}") for place in range(24))
    cells = tuple(
        replace(cell, moments={one.name: cell.moments["conversion"] for one in metrics}) for cell in observed.cells
    )
    one = case(replace(observed, metrics=metrics, cells=cells), Plan("A", "m0", units=1))
    assert (len(one.verdict.comparisons), len(one.secondary)) == (9, 207)
    rows = comparison_rows([[cell.value for cell in row] for row in load_workbook(BytesIO(one.workbook()))["Result"]])
    assert str(rows[0][13]).startswith("=MIN(1,MAX(")
    assert rows[-1][13] == pytest.approx(one.secondary[-1].p_adjusted)


def test_a_name_that_begins_like_a_formula_stays_text():
    observed = counted((9_000, 300), (9_000, 380))
    renamed = {"A": "=1+1", "B": "@SUM(A1)"}
    cells = tuple(type(cell)(renamed[cell.arm], cell.units, cell.moments) for cell in observed.cells)
    content = case(
        type(observed)(observed.metrics, cells, observed.intake), Plan("=1+1", "conversion", units=1)
    ).workbook()
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value in renamed.values()} == {"s"}


def test_the_same_experiment_is_the_same_file():
    assert CASES["no end planned"].workbook() == CASES["no end planned"].workbook()
