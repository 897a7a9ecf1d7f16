"""What reading a file gives: one Part for each table found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kpi.errors import KpiError
from kpi.ingest.days import Span
from kpi.ingest.load import CheckTotal, Mapping, Question, RefusedRow, Rows
from kpi.wording.message import Message, Text


@dataclass(frozen=True)
class Limits:
    """How much one upload may unfold to. Amounts are bytes; `small_file` is read whole, larger ones as a stream, with
    the columns that some format knows, or with all of them where `has_all_columns`. From `many_rows` on what is made of
    a table's rows is not written down before it is stored."""

    members: int = 500
    expanded: int = 8 << 30
    ratio: int = 200
    small_file: int = 8 << 20
    has_all_columns: bool = False
    refused_shown: int = 1_000
    many_rows: int = 100_000


@dataclass(frozen=True)
class Defaults:
    """What the workspace gives to every import.

    currency: suggested where a file has none · home: the account of its one shop, if there is one · inner_pad, outer_pad: the workspace's key of 64 bytes, xor 0x36 and xor
    0x5c (HMAC, RFC 2104).
    """

    currency: str | None = None
    inner_pad: bytes = b"\x36" * 64
    outer_pad: bytes = b"\x5c" * 64
    home: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Part:
    """One table of a file as canonical rows, or the questions that stand before them.

    path: where it stands inside the file (member, sheet, section), empty for a file that is one table.
    relations: canonical table → temporary table or view: canonical columns, `row_no`, and for reports `breakdown`.
    is_narrowed: the export was narrowed before it was written, so that it tells a part of the whole.
    made: kinds and names of the relations and of what they are made of, the newest first.
    rows: read = loaded + refused + totals + set_aside. refused: the first ones in detail, all of them counted in rows.
    error: why this part could not be read, where other parts of the file could; its sentence is in notes too.
    period: the declared period of the report, else the first and last day written in it.
    mapping, sample, columns: see Load. kept_answers: what is remembered for other files with this header.
    adds: what the person says of whether a report tells another part of its account, where she does ·
    beside: canonical table → imports and their parts that tell another part of the account, so that both count.
    """

    path: tuple[str, ...]
    format: str | None
    format_name: Text | str
    confidence: float = 0.0
    fingerprint: str = ""
    account: str = "main"
    relations: dict[str, str] = field(default_factory=dict)
    made: tuple[tuple[str, str], ...] = ()
    tables: dict[str, int] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)
    refused: tuple[RefusedRow, ...] = ()
    check_totals: tuple[CheckTotal, ...] = ()
    period: Span | None = None
    currencies: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Message, ...] = ()
    error: KpiError | None = None
    mapping: Mapping | None = None
    sample: tuple[dict[str, str | None], ...] = ()
    kept_answers: dict[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    is_narrowed: bool = False
    adds: bool | None = None
    beside: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def title(self, name: str) -> str:
        """What the part is called beside the others of the file `name`; answers to `parts` name it so."""
        return " · ".join(self.path) or name

    @property
    def source(self) -> str | None:
        return self.format

    def drop(self, con: Any) -> None:
        """Remove the temporary tables; harmless when they are gone already."""
        for kind, name in self.made:
            con.execute(f'DROP {kind} IF EXISTS "{name}"')
