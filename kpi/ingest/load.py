"""What an import reports: what the file was taken for, where every row went, and what still has to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kpi.wording.message import Message, Text


@dataclass(frozen=True)
class Rows:
    """Where the rows of a file went. `read` always equals the sum of the others.

    loaded: in the workspace · refused: not usable, kept with the reason · totals: the file's own total rows ·
    set_aside: readable but not counted (a second breakdown, lines that cannot be linked) · unchanged: already there.
    """

    read: int = 0
    loaded: int = 0
    refused: int = 0
    totals: int = 0
    set_aside: int = 0
    unchanged: int = 0

    def __add__(self, other: Rows) -> Rows:
        return Rows(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def are_conserved(self) -> bool:
        return self.read == self.loaded + self.refused + self.totals + self.set_aside + self.unchanged


@dataclass(frozen=True)
class RefusedRow:
    """A row that could not be loaded: its number in the file (1 = first line), why, and its cells.

    Cells of columns that can name a person are already replaced by `•••`.
    """

    row_no: int
    reason: Message
    cells: dict[str, str | None]


@dataclass(frozen=True)
class CheckTotal:
    """One sum that the file states itself, beside ours. `tolerance` is 0.01 a row (rounding in the platform)."""

    label: str
    column: str
    declared: float
    ours: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        return abs(self.declared - self.ours) <= self.tolerance


@dataclass(frozen=True)
class Question:
    """Something the file does not say. `choices` pairs a value with its words; empty means free text (a currency,
    a day, dates). `suggested` is the sensible first choice, or None where there is none."""

    key: Literal["currency", "day_first", "period", "decimal", "account", "adds", "table", "columns", "day"]
    text: Message
    choices: tuple[tuple[Any, Message | Text | str], ...] = ()
    suggested: Any = None


@dataclass(frozen=True)
class MappedField:
    """One field of the table that a file is mapped to: what the table can take, by the id that answers name."""

    id: str
    name: Text
    type: str
    is_required: bool = False


@dataclass(frozen=True)
class SourceColumn:
    """One column of the file.

    samples: up to three of its cells, `•••` for what may name a person · suggested: the field that it seems to be ·
    certainty: "exact" for a known name, "likely" for a similar one, "" without a suggestion.
    """

    label: str
    samples: tuple[str, ...] = ()
    suggested: str | None = None
    certainty: Literal["exact", "likely", ""] = ""


@dataclass(frozen=True)
class Mapping:
    """How a table that no known export fits is read, for the person to check and to change.

    table: what it was taken for, or None · tables: every table it could be, as (id, name) · fields: those of `table` ·
    columns: those of the file, in its order · chosen: field → label of its column, as the rows were read or would be.
    """

    table: str | None
    tables: tuple[tuple[str, Text], ...]
    fields: tuple[MappedField, ...]
    columns: tuple[SourceColumn, ...]
    chosen: dict[str, str]


@dataclass(frozen=True)
class Load:
    """The result of `Workspace.add`. With `questions` nothing was loaded: answer them and add again.

    mapping: how a table that no known export fits is read · sample: its first rows as they will be loaded, canonical
    column → text, `•••` for who a customer is. The journal keeps neither. columns: the labels of the file's header.
    """

    name: str
    format: str | None
    format_name: Text | str
    confidence: float
    rows: Rows = Rows()
    tables: dict[str, int] = field(default_factory=dict)
    refused: tuple[RefusedRow, ...] = ()
    check_totals: tuple[CheckTotal, ...] = ()
    period: tuple[date, date] | None = None
    currencies: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Message, ...] = ()
    parts: tuple[Load, ...] = ()
    import_id: int | None = None
    is_unchanged: bool = False
    mapping: Mapping | None = None
    sample: tuple[dict[str, str | None], ...] = ()
    columns: tuple[str, ...] = ()
