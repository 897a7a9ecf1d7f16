"""Sentences: looked up, put in the right plural, and filled in the reader's language."""

import datetime as dt
from decimal import Decimal
from gettext import GNUTranslations
from io import BytesIO

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from kpi.wording import LANGUAGES, Message, Money, Points, Share, Text, message, words
from kpi.wording.catalogue import translations

DEVICE = Text(en="device", pl="urządzenie")
ROWS = ("{n} row left out", "{n} rows left out")


@pytest.fixture
def polish(monkeypatch):
    """Polish words over a catalogue of two sentences."""
    catalog = Catalog(locale="pl")
    catalog.add("Read {what}", "Wczytano {what}")
    catalog.add(ROWS, ("Pominięto {n} wiersz", "Pominięto {n} wiersze", "Pominięto {n} wierszy"))
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    catalogue = GNUTranslations(compiled)
    monkeypatch.setattr("kpi.wording.sentences.translations", lambda language: catalogue)
    return words("pl")


@pytest.mark.parametrize(
    ("n", "sentence"),
    [
        (0, "Pominięto 0 wierszy"),
        (1, "Pominięto 1 wiersz"),
        (2, "Pominięto 2 wiersze"),
        (5, "Pominięto 5 wierszy"),
        (12, "Pominięto 12 wierszy"),
        (22, "Pominięto 22 wiersze"),
        (112, "Pominięto 112 wierszy"),
        (1222, "Pominięto 1\u00a0222 wiersze"),
    ],
)
def test_polish_has_three_plurals(polish, n, sentence):
    assert polish.n(*ROWS, n) == polish.say(message(*ROWS, n=n)) == sentence


def test_english_has_two_plurals():
    assert [words("en").n(*ROWS, n) for n in (0, 1, np.int64(2000))] == [
        "0 rows left out",
        "1 row left out",
        "2,000 rows left out",
    ]


@pytest.mark.parametrize(
    ("what", "written"),
    [
        (DEVICE, "urządzenie"),
        (message("Read {what}", what="a"), "Wczytano a"),
        (12345, "12\u00a0345"),
        (0.5, "0,5"),
        (Decimal("1234.5"), "1\u00a0234,5"),
        (dt.date(2026, 11, 9), "9 lis 2026"),
        (dt.datetime(2026, 11, 9, 8, 14), "9 lis 2026, 08:14"),
        (Share(0.873), "87,3\u00a0%"),
        ((dt.date(2026, 7, 1), dt.date(2026, 9, 30)), "1\u00a0lip\u00a0– 30\u00a0wrz\u00a02026"),
        (Money(1234.5, "PLN"), "1\u00a0234,50\u00a0zł"),
        (Money(0.0123, "PLN", 3), "0,012\u00a0zł"),
        (Points(0.0031), "0,31\u00a0p.p."),
        (Points(-0.00052, 3), "−0,052\u00a0p.p."),
        (("a", DEVICE, 1000), "a, urządzenie i 1\u00a0000"),
        ("{file}.csv", "{file}.csv"),
        (None, "—"),
    ],
)
def test_what_stands_in_a_sentence_is_written_in_its_language(polish, what, written):
    assert polish.t("Read {what}", what=what) == f"Wczytano {written}"


def test_a_sentence_refuses_what_it_cannot_write():
    with pytest.raises(TypeError, match="bool"):
        words("en").t("Read {what}", what=True)


def test_a_parameter_may_be_called_text():
    assert words("en").t("Read {text}", text="a") == "Read a"


def test_a_sentence_without_polish_stays_english():
    assert words("pl").t("No catalogue has {this}", this="one") == "No catalogue has one"


def test_no_sentence_is_no_sentence():
    assert words("pl").t("") == words("pl").say("") == ""


def test_say_takes_a_message_a_name_or_text():
    assert [words("pl").say(thing) for thing in (DEVICE, "orders.csv", Message("a {b}", None, {"b": 1}))] == [
        "urządzenie",
        "orders.csv",
        "a 1",
    ]


def test_words_are_one_object_a_language():
    assert [words(language).language for language in LANGUAGES] == ["pl", "en"]
    assert words("pl") is words("pl")
    assert words("pl") != words("en")
    with pytest.raises(ValueError, match="'de'"):
        words("de")


def test_the_polish_catalogue_counts_as_polish_does():
    # https://www.gnu.org/software/gettext/manual/html_node/Plural-forms.html, "Three forms, special case for one …"
    forms = {n: translations("pl").plural(n) for n in (0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 112, 122)}
    assert forms == {0: 2, 1: 0, 2: 1, 4: 1, 5: 2, 11: 2, 12: 2, 14: 2, 21: 2, 22: 1, 25: 2, 112: 2, 122: 1}
