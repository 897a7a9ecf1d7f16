"""What the lines above a table say: the report's title, its period, and whose account it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kpi.ingest.days import Span, days_in, span_in

_START = re.compile(
    r"^(start date|data rozpoczęcia|date de début|startdatum|fecha de inicio|report start"
    r"|data di inizio|data de início|datum zahájení)\s*:",
    re.IGNORECASE,
)
_END = re.compile(
    r"^(end date|data zakończenia|date de fin|enddatum|einddatum|fecha de finalización|report end"
    r"|data di fine|data de término|datum ukončení)\s*:",
    re.IGNORECASE,
)
_PROPERTIES = ("property", "usługa", "propriété", "propiedad", "proprietà", "propriedade", "služba")
_ACCOUNTS = ("account", "konto", "compte", "cuenta", "conta", "účet")
_ACCOUNT = re.compile(rf"^({'|'.join((*_PROPERTIES, *_ACCOUNTS))})\s*:\s*(.+)$", re.IGNORECASE)
# LinkedIn writes the month first whatever the language.
_US_SPAN = re.compile(r"report start:\s*(\d\d)/(\d\d)/(\d{4}).*report end:\s*(\d\d)/(\d\d)/(\d{4})", re.IGNORECASE)
_EVERYBODY = frozenset(
    [
        "all users",
        "wszyscy użytkownicy",
        "alle nutzer",
        "alle benutzer",
        "tous les utilisateurs",
        "todos los usuarios",
        "tutti gli utenti",
        "todos os usuários",
        "todos os utilizadores",
        "alle gebruikers",
        "všichni uživatelé",
    ]
)
_RULE = re.compile(r"^[\W_]*$")


@dataclass(frozen=True)
class Preamble:
    """title: the first line that is no key and no date · account: a property before an account · span: as declared ·
    people: whom the report is about, as the line between its account and its days says, or "" where it says nobody."""

    title: str = ""
    account: str | None = None
    span: Span | None = None
    lines: tuple[str, ...] = ()
    people: str = ""

    @property
    def part_of_people(self) -> str:
        """The people that the report is about, where they are not all."""
        return "" if self.people.casefold() in _EVERYBODY else self.people


def preamble(lines: Iterable[str], inherited: Preamble | None = None) -> Preamble:
    """Read the lines; what they leave open comes from the part of the file before."""
    lines = list(lines)
    texts = _texts(lines)
    before = inherited or Preamble()
    # Where comments stand, a line that is none is what is left of another block.
    titles = _texts([line for line in lines if line.lstrip().startswith("#")]) or texts
    return Preamble(
        next((text for text in titles if not _is_key(text) and not days_in(text)), before.title),
        _account(texts) or before.account,
        _span(texts) or before.span,
        (*before.lines, *texts),
        _people(texts, before),
    )


def _people(texts: list[str], before: Preamble) -> str:
    start = next((i for i, text in enumerate(texts) if _START.match(text)), 0)
    # Below the account, or at the top of a further block of a file whose first block says it too.
    is_said = _ACCOUNT.match(texts[start - 2]) if start >= 2 else start == 1 and before.people
    return texts[start - 1] if is_said and not _is_key(texts[start - 1]) else ""


def _texts(lines: list[str]) -> list[str]:
    return [text for line in lines if not _RULE.match(text := line.strip().lstrip("#").strip().strip('"'))]


def _is_key(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_START, _END, _ACCOUNT)) or text.casefold().startswith("sep=")


def _account(texts: list[str]) -> str | None:
    found = {match[1].casefold(): match[2].strip() for text in texts if (match := _ACCOUNT.match(text))}
    return next((found[key] for key in (*_PROPERTIES, *_ACCOUNTS) if key in found), None)


def _span(texts: list[str]) -> Span | None:
    start, end = _first_day(texts, _START), _first_day(texts, _END)
    if start and end and start <= end:
        return start, end
    return next((span for text in texts if (span := span_in(_with_iso_days(text)))), None)


def _with_iso_days(text: str) -> str:
    match = _US_SPAN.search(text)
    return "{2}-{0}-{1} {5}-{3}-{4}".format(*match.groups()) if match else text


def _first_day(texts: list[str], key: re.Pattern[str]) -> date | None:
    return next((day for text in texts if key.match(text) for day in days_in(text)), None)
