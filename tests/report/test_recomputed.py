"""LibreOffice computes the workbook from its formulas alone; every number must be the answer's."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

import kpi
from kpi.model.values import value_name
from kpi.report import workbook_bytes
from kpi.wording import words as words_of
from tests.report.books import MADE_AT, header_of, needs_office, plan, recomputed, small_shop, values_of

pytestmark = [pytest.mark.office, needs_office]
BOTH = (date(2026, 1, 1), date(2026, 2, 28))


@pytest.fixture(scope="module")
def shop() -> kpi.Workspace:
    return small_shop()


@pytest.fixture(scope="module", params=["en", "pl"])
def computed(request, shop, tmp_path_factory):
    """The plan, the file's bytes, and the sheets as LibreOffice computes them."""
    every = shop.catalogue.kpis
    wanted = plan(*every, language=request.param, period=BOTH, compare="year", breakdowns=("device", "country"))
    wanted_compared = plan(*every, language=request.param, breakdowns=("device", "product"))
    folder = tmp_path_factory.mktemp(request.param)
    books = []
    for place, one in enumerate((wanted, wanted_compared)):
        content = workbook_bytes(shop.ask, shop.catalogue, one, made_at=MADE_AT)
        (folder / str(place)).mkdir()
        books.append((one, content, recomputed(content, folder / str(place))))
    return books


def is_same(cell, number):
    return cell in ("", "—") if number is None else cell == pytest.approx(number, rel=1e-9, abs=1e-12)


def table(workbook, sheets, place):
    """The titles and the rows under them of the sheet at a place."""
    sheet = load_workbook(BytesIO(workbook)).worksheets[place]
    rows = sheets[sheet.title]
    return rows[header_of(sheet) - 1], rows[header_of(sheet) :]


def test_summary_equals_the_answer(shop, computed):
    for wanted, content, sheets in computed:
        answer, words = shop.ask(wanted.query), words_of(wanted.language)
        _, rows = table(content, sheets, 0)
        by_name = {row[0]: row for row in rows}
        checked = [id for id in answer.totals if id not in answer.refused]
        assert len(checked) > 20
        for id in checked:
            row = by_name[words.say(shop.catalogue.kpis[id].name)]
            value, other = answer.totals[id], answer.totals_compared.get(id)
            assert is_same(row[1], value), id
            assert is_same(row[2], other), id
            if shop.catalogue.kpis[id].unit == "percent":
                assert is_same(row[3], None if value is None or other is None else (value - other) * 100), id
            else:
                assert is_same(row[3], None if value is None or not other or other < 0 else value / other - 1), id


def test_breakdowns_equal_the_answer_and_so_do_their_totals(shop, computed):
    for wanted, content, sheets in computed:
        words = words_of(wanted.language)
        for place, dimension in enumerate(wanted.breakdowns, 2):
            answer = shop.ask(wanted.query.but(by=(dimension,), compare=None))
            titles, rows = table(content, sheets, place)
            groups = {row[0]: row for row in rows}
            frame = answer.frame.astype(object).where(answer.frame.notna(), None)
            for id in answer.totals:
                column = titles.index(words.say(shop.catalogue.kpis[id].name))
                for group, value in zip(frame[dimension], frame[id], strict=True):
                    name = value_name(dimension, group, words)
                    assert is_same(groups[name][column], value), (dimension, group, id)
                assert is_same(groups[words.t("Total")][column], answer.totals[id]), (dimension, id)


def test_sheet_over_time_equals_the_answer(shop, computed):
    for wanted, content, sheets in computed:
        answer, words = shop.ask(wanted.query.but(grain="month")), words_of(wanted.language)
        titles, rows = table(content, sheets, -2)
        total = next(row for row in rows if row[0] == words.t("Total"))
        frame = answer.frame.astype(object).where(answer.frame.notna(), None)
        for id in (id for id in answer.totals if id not in answer.refused):
            column = titles.index(words.say(shop.catalogue.kpis[id].name))
            for row, value, other in zip(rows, frame[id], frame[f"{id}_compared"], strict=False):
                assert is_same(row[column], value), id
                assert is_same(row[column + 1], other), id
            assert is_same(total[column], answer.totals[id]), id
            assert is_same(total[column + 1], answer.totals_compared.get(id)), id


def test_values_beside_the_formulas_are_what_libreoffice_computes(computed):
    for _, content, sheets in computed:
        for name, rows in values_of(content).items():
            for ours, theirs in zip(rows, sheets[name], strict=False):
                for one, other in zip(ours, theirs, strict=False):
                    is_number = isinstance(one, int | float) and not isinstance(one, bool)
                    assert other == (pytest.approx(one, rel=1e-9, abs=1e-12) if is_number else one), name


def test_change_of_a_measure_changes_the_kpi(shop, tmp_path):
    content = workbook_bytes(shop.ask, shop.catalogue, plan("aov"), made_at=MADE_AT)
    book = load_workbook(BytesIO(content))
    orders = next(row for row in book["Measures"].iter_rows() if row[0].value == "Orders of known value")
    orders[1].value = 4
    changed = BytesIO()
    book.save(changed)
    summary = recomputed(changed.getvalue(), tmp_path)["Summary"]
    row = next(row for row in summary if row[0].startswith("Average order value"))
    # 260 over 4 instead of 2, against 140 over 2 in January
    assert row[1:5] == [65, 70, pytest.approx(65 / 70 - 1), "worse"]
