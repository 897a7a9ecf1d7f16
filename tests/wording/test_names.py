"""Names by code, lists, and the locale of charts."""

import altair as alt

from kpi.wording import words

PL, EN = words("pl"), words("en")


def test_countries_languages_and_currencies_have_names():
    assert (PL.country("GB"), EN.country("pl")) == ("Wielka Brytania", "Poland")
    assert (PL.language_name("en"), EN.language_name("pl")) == ("angielski", "Polish")
    assert (PL.currency_name("PLN"), EN.currency_name("EUR")) == ("złoty polski", "Euro")


def test_an_unknown_code_stays_and_none_is_a_dash():
    assert (PL.country("Q1"), PL.language_name("q1"), PL.currency_name("QQQ")) == ("Q1", "q1", "QQQ")
    assert {PL.country(None), PL.language_name(""), PL.currency_name(None)} == {"—"}


def test_lists_are_joined_as_the_language_does():
    assert (PL.listed(["a", "b", "c"]), EN.listed(["a", "b", "c"])) == ("a, b i c", "a, b and c")
    assert (PL.listed(["a", "b"]), EN.listed(["a"]), EN.listed([])) == ("a i b", "a", "")


def test_charts_write_polish_numbers_and_months():
    locale = PL.altair_locale()
    assert locale["number"] == {
        "decimal": ",",
        "thousands": "\u00a0",
        "grouping": [3],
        "currency": ["", "\u00a0zł"],
        "percent": "\u00a0%",
        "minus": "−",
    }
    assert locale["time"]["days"][0] == "niedziela"
    assert (locale["time"]["months"][8], locale["time"]["shortMonths"][8]) == ("wrzesień", "wrz")


def test_charts_write_the_currency_on_its_side():
    assert EN.altair_locale("USD")["number"]["currency"] == ["$", ""]
    assert EN.altair_locale()["number"]["currency"] == ["PLN\u00a0", ""]
    assert PL.altair_locale(None)["number"]["currency"] == ["", ""]


def test_altair_accepts_the_locale():
    for w in (PL, EN):
        written = w.altair_locale()
        assert alt.Locale(**written).to_dict() == written
