"""The message catalogue: the Polish of every English sentence, read from the .po file."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kpi.wording.language import Language

PO_FILE = Path(__file__).parent / "locale" / "pl" / "LC_MESSAGES" / "koszyk.po"


@cache
def translations(language: Language) -> NullTranslations:
    """The sentences in `language`; English is the sentences themselves.

    Compiled in memory, so that no binary has to be kept in step with the text.
    """
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with PO_FILE.open("rb") as po:
        write_mo(compiled, read_po(po, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
