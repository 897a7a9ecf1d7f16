"""A finding: one thing in the data that a number may rest on wrongly, with where it is and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kpi.engine.holdings import Holdings
from kpi.model import Catalogue
from kpi.periods import Period
from kpi.store.store import Import
from kpi.wording.message import Message

Severity = Literal["affects", "look"]
"""Numbers are wrong or missing as long as it stands · worth a look, and possibly right as it is."""
Effect = Literal["high", "low", "missing", "open"]
"""What it does to a KPI: too high, too low, no value, or a change whose direction is not known."""
Rows = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Touched:
    """A KPI that a finding changes, and how."""

    kpi: str
    effect: Effect


@dataclass(frozen=True)
class Finding:
    """One sentence about rows that count, and what to do.

    id: the check and the place, the same for the same thing after every import · count: rows · amount: their worth in
    `currency`, where it has one · imports: those that brought the rows · examples: ids or names to look up.
    """

    id: str
    severity: Severity
    what: Message
    fix: Message
    table: str
    count: int
    kpis: tuple[Touched, ...] = ()
    account: str | None = None
    amount: float | None = None
    currency: str | None = None
    period: Period | None = None
    imports: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def check(self) -> str:
        return self.id.partition("/")[0]


@dataclass(frozen=True)
class Checked:
    """What the checks look at: `rows(sql, parameters)` over one snapshot, and what is held in it.

    as_of: the day on which the question is asked; nothing here reads the clock.
    """

    rows: Rows
    model: Catalogue
    held: Holdings
    imports: Sequence[Import]
    as_of: date
    time_zone: str
    live: tuple[Import, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "live", tuple(one for one in self.imports if one.undone_at is None))


Check = Callable[[Checked], Collection[Finding]]


_EFFECTS: dict[str, Effect] = {"high": "high", "low": "low", "missing": "missing", "unclear": "open"}


def touched(**effects: str) -> tuple[Touched, ...]:
    """KPIs by what happens to them (high, low, missing, unclear), each list of ids in one string; what comes first is
    shown first."""
    return tuple(Touched(kpi, _EFFECTS[effect]) for effect, names in effects.items() for kpi in names.split())


def place(*parts: object) -> str:
    """The id of a finding, from the check's name on."""
    return "/".join(str(part) for part in parts if part not in (None, ""))
