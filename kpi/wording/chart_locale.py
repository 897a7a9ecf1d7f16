"""The reader's language on the axes and tooltips of charts: the locale of d3, which Vega writes with."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from kpi.wording.numbers import MINUS, PERCENT, Numbers

# How d3 writes a whole moment, a day and a time; Babel's patterns are in another notation.
_TIME_PATTERNS = {"dateTime": "%A, %-d %b %Y, %H:%M", "date": "%-d %b %Y", "time": "%H:%M", "periods": ["AM", "PM"]}
_SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)


class ChartLocale(Numbers):
    """What a chart needs to write in the reader's language."""

    def altair_locale(self, currency: str | None = "PLN") -> dict[str, dict[str, Any]]:
        """`number` and `time` for `alt.Locale(**…)`; d3's `$` formats write `currency`.

        Source: https://d3js.org/d3-format#formatLocale, https://d3js.org/d3-time-format#timeFormatLocale
        """
        before, after = self.money(0, currency, digits=0).split("0")
        number = {
            "decimal": get_decimal_symbol(self.language),
            "thousands": get_group_symbol(self.language),
            "grouping": [3],
            "currency": [before, after],
            "percent": PERCENT[self.language],
            "minus": MINUS,
        }
        time = {
            **_TIME_PATTERNS,
            "days": self._days("wide"),
            "shortDays": self._days("abbreviated"),
            "months": self._months("wide"),
            "shortMonths": self._months("abbreviated"),
        }
        return {"number": number, "time": time}

    def _days(self, width: str) -> list[str]:
        names = get_day_names(width, "stand-alone", self.language)
        return [names[day] for day in _SUNDAY_FIRST]

    def _months(self, width: str) -> list[str]:
        names = get_month_names(width, "stand-alone", self.language)
        return [names[month] for month in range(1, 13)]
