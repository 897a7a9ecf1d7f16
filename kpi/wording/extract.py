"""Keeps the Polish catalogue in step with the code: `make words`, or `python -m kpi.wording.extract`.

Finds every sentence that the code marks by `message(…)`, `.t(…)` or `.n(…, …)`, adds the new ones to koszyk.po without
a translation, keeps the translations there are, drops what the code no longer says, and lists what is left to translate.

Python is read as a syntax tree, not by Babel's reader of tokens: that one takes every variable called `n` or `t` for a
call, and misses a sentence that stands in a call inside another sentence's call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from kpi.wording.catalogue import PO_FILE

ROOT = Path(__file__).parents[2]
FOLDERS = ("kpi", "pages")

# How many of a call's first arguments are sentences.
_MARKS = {"message": 2, "t": 1, "n": 2}
# Babel's own header carries the time and its version, which would change the file without a change in it.
_HEADER = """\
# The Polish of every sentence in kpi/ and pages/. `make words` adds and drops sentences; the translations are ours.
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""


def marked_sentences(root: Path = ROOT) -> Catalog:
    """Every sentence that the code under `root` says, without translations.

    Raises: ValueError: a sentence is put together at run time, so that no catalogue can hold it.
    """
    catalog = Catalog(locale="pl")
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py")):
        if not path.is_relative_to(root / "kpi" / "wording"):  # the words pass on sentences that are marked elsewhere
            for sentences in _sentences_of(path):
                catalog.add(sentences[0] if len(sentences) == 1 else sentences)
    return catalog


def updated_catalogue(translated: Catalog, marked: Catalog) -> Catalog:
    """The marked sentences, with the translations that `translated` has for them."""
    updated = Catalog(locale="pl")
    for entry in marked:
        known = translated.get(entry.id)
        if known is not None and known.id == entry.id and not known.fuzzy:
            updated.add(entry.id, known.string, user_comments=known.user_comments)
        elif entry.id:
            updated.add(entry.id)
    return updated


def untranslated(catalog: Catalog) -> list[str]:
    """The sentences without Polish, or without one of its three forms."""
    missing = [entry for entry in catalog if entry.id and not _is_complete(entry.string)]
    return sorted(entry.id if isinstance(entry.id, str) else entry.id[0] for entry in missing)


def read_catalogue(path: Path = PO_FILE) -> Catalog:
    """The sentences and translations of a .po file."""
    with path.open("rb") as po:
        return read_po(po, locale="pl")


def write_catalogue(catalog: Catalog, path: Path = PO_FILE) -> None:
    """Writes the .po file so that a line changes only when a sentence does."""
    for entry in catalog:
        entry.flags.discard("python-format")  # Babel takes "12 % of" for a placeholder
    with path.open("wb") as po:
        po.write(_HEADER.encode())
        write_po(po, catalog, width=0, no_location=True, omit_header=True, sort_output=True)


def main() -> None:
    catalog = updated_catalogue(read_catalogue(), marked_sentences())
    write_catalogue(catalog)
    missing = untranslated(catalog)
    print(f"{len(catalog)} sentences, {len(missing)} without Polish in {PO_FILE.relative_to(ROOT)}")
    for sentence in missing:
        print(f"  {sentence}")


def _sentences_of(path: Path) -> Iterator[tuple[str, ...]]:
    """The sentence, or the singular and the plural, of every marking call in a file."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(call, ast.Call):
            arguments = call.args[: _MARKS.get(_called_name(call.func), 0)]
            sentences = tuple(sentence for argument in arguments if (sentence := _sentence(argument, path)))
            if sentences:
                yield sentences


def _called_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _sentence(argument: ast.expr, path: Path) -> str | None:
    if not isinstance(argument, ast.Constant):
        raise ValueError(f"{path}:{argument.lineno}: a sentence must be written out where it is marked")
    return argument.value if isinstance(argument.value, str) else None


def _is_complete(translation: str | tuple[str, ...] | None) -> bool:
    if isinstance(translation, str):
        return bool(translation)
    return translation is not None and len(translation) == 3 and all(translation)


if __name__ == "__main__":
    main()
