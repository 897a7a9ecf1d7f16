"""Days, periods and moments in the reader's language."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from babel.dates import format_date

from kpi.wording.language import DASH, NBSP, InLanguage, is_missing

Grain = Literal["day", "week", "month", "quarter", "year"]

_DAY = "d MMM y"
_BUCKETS = {"day": _DAY, "month": "LLL y", "quarter": "QQQ y", "year": "y"}
# CLDR has no short form for "week 36 of 2026", and its words for today are not in Babel's interface.
_WEEK = {"pl": "tydz. {week}, {year}", "en": "week {week}, {year}"}
_TODAY = {"pl": "dziś {time}", "en": "today {time}"}


class Dates(InLanguage):
    """Writes days. The English is the European kind, day before month, without a comma."""

    def date(self, day: dt.date | None) -> str:
        """`9 lis 2026`, `9 Nov 2026`."""
        return DASH if is_missing(day) else self._formatted(day, _DAY)

    def moment(self, at: dt.datetime | None) -> str:
        """`9 lis 2026, 08:14`, as the clock of `at` shows it."""
        return DASH if at is None or is_missing(at) else f"{self.date(at)}, {at:%H:%M}"

    def ago(self, at: dt.datetime | None, now: dt.datetime) -> str:
        """`dziś 08:14` on the day of `now`, otherwise the day and the time. Both on the same clock, or both with zones."""
        if at is None or is_missing(at):
            return DASH
        local = at.astimezone(now.tzinfo) if at.tzinfo and now.tzinfo else at
        return _TODAY[self.language].format(time=f"{local:%H:%M}") if local.date() == now.date() else self.moment(local)

    def period(self, first: dt.date | None, last: dt.date | None) -> str:
        """`1 lip – 30 wrz 2026`: both days included, nothing said twice. A line may break behind the dash, nowhere else."""
        if first is None or last is None or is_missing(first) or is_missing(last):
            return DASH
        end = _unbroken(self.date(last))
        if (first.year, first.month, first.day) == (last.year, last.month, last.day):
            return end
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{end}"
        start = _unbroken(self._formatted(first, "d MMM" if first.year == last.year else _DAY))
        return f"{start}{NBSP}– {end}"

    def bucket(self, day: dt.date | None, grain: Grain) -> str:
        """The day, ISO week, month, quarter or year that holds `day`: `wrz 2026`, `III kw. 2026`, `tydz. 36, 2026`."""
        if day is None or is_missing(day):
            return DASH
        if grain == "week":
            week = day.isocalendar()
            return _WEEK[self.language].format(week=week.week, year=week.year)
        return self._formatted(day, _BUCKETS[grain])

    def bucket_days(self, start: dt.date, grain: Grain) -> str:
        """The bucket that begins on `start` as a reader of a chart names it: a week by its days, a month by its name."""
        if grain == "week":
            return self.period(start, start + dt.timedelta(6))
        return self._formatted(start, "LLLL y") if grain == "month" else self.bucket(start, grain)

    def _formatted(self, day: dt.date | None, pattern: str) -> str:
        return str(format_date(day, pattern, self.language))


def _unbroken(text: str) -> str:
    return text.replace(" ", NBSP)
