"""Rows in which a file states its own totals: found, set apart and compared with ours, never loaded."""

from __future__ import annotations

import re

# A label is a total when it is the bare word, or the word, a colon and what an ad platform says there; "Total Wireless"
# and "Total-Body" are campaigns. "Suma - wiosna" and "Razem: mama i dziecko" may be either, and their cells must tell.
_WORDS = r"grand totals?|totals?(?: of \d+ [a-z]+)?|sub-?totals?|suma(?: całkowita| końcowa)?|suma ogółem|razem|łącznie|ogółem|podsumowanie|gesamt(?:summe)?|summe|totaal|totale|total general|total général|total geral|totale complessivo|eindtotaal|celkem|celkový součet|gesamtergebnis"
_WORDS += r"|(?:łącznie|razem|suma)(?: z)?:? \d+ wynik\w*|(?:gesamt|summe)(?: von| aus)?:? \d+ ergebniss\w*"
_WORDS += r"|(?:results from|ergebnisse aus|wyniki z) \d[\d.,\s]*(?:ads?|ad sets?|campaigns?|anzeigen|anzeigengruppen|kampagnen|reklam|zestawów reklam|kampanii)"
_SCOPES = (
    "account|(?:filtered |other )?(?:campaigns?|ad groups?|ads|keywords|search keywords|search terms|products|product groups|asset groups)"
    "|search|display|video|shopping|performance max|demand gen|app|smart|local|hotel"
    "|konto|(?:filtrowane )?kampanie|grupy reklam|reklamy|słowa kluczowe|(?:inne )?wyszukiwane hasła|produkty|sieć wyszukiwania|sieć reklamowa|wideo|zakupy"
    "|kampagnen|anzeigengruppen|anzeigen|keywords|suche|cuenta|campañas|grupos de anuncios|anuncios|búsqueda|compte|campagnes|groupes d'annonces|annonces|conta|campanhas|campagne|campagnes|účet|kampaně"
)
TOTAL_PATTERN = rf"^\s*(?:{_WORDS})\s*(?::\s*(?:{_SCOPES})?\s*)?$"
MAYBE_TOTAL_PATTERN = rf"^\s*(?:{_WORDS})(?:\s*:\s*\S|\s+[—–-]\s).*$"
_TOTAL = re.compile(TOTAL_PATTERN, re.IGNORECASE)
# What may follow the colon in a total over all rows of the report.
WHOLE_SUFFIXES = frozenset(
    {
        "",
        "account",
        "campaigns",
        "konto",
        "kampanie",
        "kampagnen",
        "cuenta",
        "campañas",
        "compte",
        "campagnes",
        "conta",
        "campanhas",
        "campagne",
    }
)


def is_total_label(text: str) -> bool:
    """True for `Total`, `Total: Account`, `Grand total`, `Suma`, `Razem` and their like."""
    return _TOTAL.match(text) is not None


def total_suffix(label: str) -> str:
    """What the total is over: the words behind the colon, in lower case."""
    return label.partition(":")[2].strip().casefold()
