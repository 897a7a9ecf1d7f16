"""The catalogue holds what the code says, all of it, in Polish."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from kpi.wording import message, words
from kpi.wording.extract import marked_sentences, read_catalogue, untranslated, updated_catalogue, write_catalogue

SOURCE = """
raise KpiError(
    message("{file} is empty", file=name),
    message("{n} row", "{n} rows", n=len(rows)),
)
title = w.t("Orders by {what}", what=w.t("channel, inside a " "sentence"))
label = w.n("{n} day", "{n} days", days)
t = stats.t.ppf(0.95, n) * st.t(3) + n * len(w.say("not marked"))
"""


def tree(root, source=SOURCE):
    (root / "kpi").mkdir(exist_ok=True)
    (root / "kpi" / "page.py").write_text(source, "utf-8")
    return root


def placeholders(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def entries(catalog):
    return [entry for entry in catalog if entry.id]


def test_extraction_finds_every_marked_sentence(tmp_path):
    assert {entry.id for entry in entries(marked_sentences(tree(tmp_path)))} == {
        "{file} is empty",
        ("{n} row", "{n} rows"),
        "Orders by {what}",
        "channel, inside a sentence",
        ("{n} day", "{n} days"),
    }


def test_a_sentence_made_at_run_time_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"page.py:1: a sentence must be written out"):
        marked_sentences(tree(tmp_path, 'w.t(f"{name} is empty")'))


def test_an_update_keeps_translations_and_drops_what_is_no_longer_said(tmp_path):
    known = Catalog(locale="pl")
    known.add("{file} is empty", "Plik {file} jest pusty", user_comments=["a file's name"])
    known.add("said no more", "już niemówione")
    known.add("{n} row", "wiersz")  # now has a plural
    updated = updated_catalogue(known, marked_sentences(tree(tmp_path)))
    assert updated["{file} is empty"].string == "Plik {file} jest pusty"
    assert updated["{file} is empty"].user_comments == ["a file's name"]
    assert "said no more" not in updated
    assert untranslated(updated) == ["Orders by {what}", "channel, inside a sentence", "{n} day", "{n} row"]


def test_the_file_is_sorted_and_stays_the_same(tmp_path):
    path = tmp_path / "koszyk.po"
    catalog = Catalog(locale="pl")
    catalog.add(("{n} % of", "{n} % off"), ("{n} % z", "{n} % z", "{n} % z"))
    catalog.add("b" * 200, "ż" * 200)
    catalog.add("a", "ą")
    write_catalogue(catalog, path)
    first = path.read_bytes()
    write_catalogue(updated_catalogue(read_catalogue(path), catalog), path)
    assert path.read_bytes() == first
    assert [entry.id[0][0] for entry in entries(read_catalogue(path))] == ["a", "b", "{"]
    assert b'msgstr[2] "{n} % z"' in first
    assert not any(word in first for word in (b"Date", b"Babel", b"python-format", b"#:"))


def test_every_sentence_has_polish():
    catalog = updated_catalogue(read_catalogue(), marked_sentences())
    assert untranslated(catalog) == [], "run `make words`, then translate these in koszyk.po"


def test_placeholders_are_the_same_in_both_languages():
    for entry in entries(read_catalogue()):
        if isinstance(entry.id, str):
            assert not entry.string or placeholders(entry.string) == placeholders(entry.id), entry.id
        else:
            for form in filter(None, entry.string):
                # "one row" may do without its number
                assert placeholders(form) | {"n"} == placeholders(entry.id[1]) | {"n"}, entry.id


@pytest.mark.parametrize("language", ["pl", "en"])
def test_no_brace_is_left_in_a_sentence(language):
    w = words(language)
    for entry in entries(marked_sentences()):
        one, many = (entry.id, None) if isinstance(entry.id, str) else entry.id
        params = dict.fromkeys(placeholders(one) | placeholders(many or ""), "x")
        for n in (1, 2, 5) if many else (1,):
            said = w.say(message(one, many, **{**params, "n": n}))
            assert not {"{", "}"} & set(said), one


def test_what_a_sentence_quotes_is_called_in_polish_as_on_the_screen():
    catalogue = read_catalogue()
    names = {entry.id: entry.string for entry in entries(catalogue) if isinstance(entry.id, str)}
    checked = 0
    for entry in entries(catalogue):
        english, polish = ([it] if isinstance(it, str) else list(it) for it in (entry.id, entry.string))
        quoted = [name for name in re.findall("“([^”]+)”", english[0]) if name in names]
        for name in quoted:
            assert all(f"„{names[name]}”" in form for form in polish), (english[0], names[name])
        checked += len(quoted)
    assert checked
