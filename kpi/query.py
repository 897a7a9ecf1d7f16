"""Query: KPIs × dimensions × filters × period × grain × comparison. Frozen and hashable, so that answers can be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from kpi.errors import BadQuery
from kpi.wording.message import message

Grain = Literal["day", "week", "month", "quarter", "year"]
Compare = Literal["previous", "year", "year_weekday"] | tuple[date, date] | None
COMPARISONS = ("previous", "year", "year_weekday")
_YEARS = range(1900, 2201)
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year")


class Where(Mapping[str, tuple[str | None, ...]]):
    """Filters by dimension, hashable. None among the values stands for rows whose value is unknown."""

    def __init__(self, filters: Mapping[str, Any] | None = None) -> None:
        pairs = {name: _values(values) for name, values in (filters or {}).items()}
        self._pairs = {name: pairs[name] for name in sorted(pairs) if pairs[name]}

    def __getitem__(self, name: str) -> tuple[str | None, ...]:
        return self._pairs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(tuple(self._pairs.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    def __repr__(self) -> str:
        return f"Where({self._pairs})"


@dataclass(frozen=True)
class Query:
    """One question. `start` and `end` are inclusive days; left out, they mean all data.

    >>> Query(kpis=("aov",), where={"device": ("mobile", None)}).where["device"]
    ('mobile', None)
    """

    kpis: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    grain: Grain | None = None
    compare: Compare = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kpis", tuple(dict.fromkeys(self.kpis)))
        object.__setattr__(self, "by", tuple(dict.fromkeys(self.by)))
        object.__setattr__(self, "where", Where(self.where))
        object.__setattr__(self, "start", _day(self.start))
        object.__setattr__(self, "end", _day(self.end))
        if isinstance(self.compare, str) and self.compare not in COMPARISONS:
            raise BadQuery(
                message("This comparison cannot be used"),
                message("“{compare}” is no comparison.", compare=self.compare),
                message("Use previous, year, year_weekday, or two days."),
            )
        if self.start and self.end and self.start > self.end:
            raise BadQuery(
                message("This period cannot be used"),
                message("It starts on {start}, after its end on {end}.", start=self.start, end=self.end),
                message("Swap the two dates."),
            )
        if self.grain and self.grain not in GRAINS:
            raise BadQuery(
                message("This grain cannot be used"),
                message("“{grain}” is no grain of time.", grain=str(self.grain)),
                message("Use day, week, month, quarter or year."),
            )

    def but(self, **changes: Any) -> Query:
        """The same question with some parts changed."""
        return replace(self, **changes)


def _values(values: Any) -> tuple[str | None, ...]:
    """A filter's values as a tuple without repeats; a single value may stand alone."""
    if values is None or isinstance(values, str | int | float):
        values = (values,)
    return tuple(dict.fromkeys(None if value is None or value != value else str(value) for value in values))


def _day(day: date | None) -> date | None:
    """A day of a year that orders can be of; a moment is taken as its day."""
    if day is not None and day.year not in _YEARS:
        raise BadQuery(
            message("This period cannot be used"),
            message("The year {year} is out of reach.", year=str(day.year)),
            message("Use days between 1900 and 2200."),
        )
    return day.date() if isinstance(day, datetime) else day
