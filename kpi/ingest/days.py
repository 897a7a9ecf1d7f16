"""Days and spans of days as preambles, titles and file names write them, in English, Polish, German,
Spanish, French, Dutch, Italian, Portuguese and Czech."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january sty styczeń stycznia januar januari enero ene janvier janv gennaio janeiro ledna leden",
            "feb february lut luty lutego februar februari febr febrero février févr febbraio fevereiro února únor",
            "mar march marzec marca märz maart mrt marzo mars março března březen",
            "apr april kwi kwiecień kwietnia abril abr avril avr aprile dubna duben",
            "may maj maja mai mei mayo maggio maio května květen",
            "jun june cze czerwiec czerwca juni junio juin giugno junho června červen",
            "jul july lip lipiec lipca juli julio juillet juil luglio julho července červenec",
            "aug august sie sierpień sierpnia augustus agosto ago août srpna srpen",
            "sep sept september wrz wrzesień września septiembre septembre settembre setembro září",
            "oct october paź październik października okt oktober octubre octobre ottobre outubro října říjen",
            "nov november lis listopad listopada noviembre novembre novembro listopadu",
            "dec december gru grudzień grudnia dez dezember dic diciembre décembre déc dicembre dezembro prosince prosinec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY = re.compile(
    r"(?<!\d)(?P<y1>20\d\d)[-./](?P<m1>\d{1,2})[-./](?P<d1>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<y2>20\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?!\d)"
    r"|(?<!\d)(?P<d3>\d{1,2})\.(?P<m3>\d{1,2})\.(?P<y3>20\d\d)(?!\d)"
    r"|\b(?P<n4>[^\W\d_]{3,12})\.?[ -](?P<d4>\d{1,2}),?[ -](?P<y4>20\d\d)(?!\d)"
    r"|(?<!\d)(?P<d5>\d{1,2})(?:[ -]|\. | de )(?P<n5>[^\W\d_]{3,12})\.?,?(?:[ -]| de )(?P<y5>20\d\d)(?!\d)"
)
Span = tuple[date, date]


def days_in(text: str) -> list[date]:
    """Every day that the text states without doubt, in its order."""
    return [day for match in _DAY.finditer(text) if (day := _day(match))]


def span_in(text: str) -> Span | None:
    """The first two days of the text as a span, or None."""
    days = days_in(text)
    return (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else None


def _day(match: re.Match[str]) -> date | None:
    parts = {key[0]: value for key, value in match.groupdict().items() if value}
    month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["n"].casefold())
    try:
        return date(int(parts["y"]), month, int(parts["d"])) if month else None
    except ValueError:
        return None
