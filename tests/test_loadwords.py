"""What a card says of a file: how sure, what is rows and what is money, totals without needless decimals."""

from __future__ import annotations

import pytest

from kpi import Workspace
from kpi.ingest.load import CheckTotal, Load
from kpi.loadwords import certainty_words, fact_words, is_unknown, total_words
from kpi.wording import words
from tests.browser.odd_files import GUESSED, UNREADABLE, WITHOUT_CURRENCY

PL, EN = words("pl"), words("en")


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def test_a_table_that_only_its_reader_knows_has_no_name_yet(shop):
    load = shop.preview(UNREADABLE["fruit.csv"], name="fruit.csv")
    assert is_unknown(load)
    assert (certainty_words(EN, load), certainty_words(PL, load)) == ("not recognised", "nie rozpoznano")


def test_a_known_export_that_asks_for_its_currency_keeps_its_name(shop):
    load = shop.preview(WITHOUT_CURRENCY, name="ga4.csv")
    assert [question.key for question in load.questions] == ["currency"]
    assert certainty_words(EN, load) == "recognised"


def test_a_guess_asks_to_be_checked(shop):
    assert certainty_words(EN, shop.preview(GUESSED, name="orders.csv")) == "looks like this, please check"


def test_rows_of_a_report_are_called_rows():
    load = Load("a.csv", None, "", 1.0, tables={"ad_spend": 180, "orders": 3})
    assert fact_words(EN, load)[1:] == ["ad spend: 180 rows", "orders: 3"]
    assert fact_words(PL, load)[1] == "wydatki reklamowe: 180 wierszy"


def test_whole_totals_have_no_decimals_and_others_have_two():
    whole = CheckTotal("Total", "Impr.", 275153.0, 275153.0, 0.01)
    apart = CheckTotal("Total", "Cost", 8093.0, 8093.2, 0.01)
    assert total_words(EN, whole) == "Impr.: your file's total 275,153 — ours 275,153"
    assert total_words(EN, apart) == "Cost: your file's total 8,093.00 — ours 8,093.20"
