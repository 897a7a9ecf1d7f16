"""The front door: add = ingest + store, ask = engine. Thin; every rule lives behind it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from kpi.abtests import Experiments
from kpi.answer import Answer
from kpi.engine import Engine
from kpi.engine.holdings import Holdings
from kpi.engine.scope import Scope
from kpi.errors import KpiError, UnreadableFile
from kpi.ingest import Defaults, Part, read_file
from kpi.ingest.load import Load, Question, Rows
from kpi.ingest.place import place, shown_name
from kpi.ingest.told import load_of
from kpi.model import Catalogue, catalogue
from kpi.model.channels import channel_rules
from kpi.quality import Checked, Finding, findings
from kpi.query import Query
from kpi.reconcile import Reconciliation, reconciliation
from kpi.sources import Sources
from kpi.store import Store
from kpi.store.appending import Incoming
from kpi.store.doubles import orders_beside
from kpi.store.joins import join_rates
from kpi.store.otherpart import OtherParts
from kpi.store.othershop import shop_question
from kpi.store.pairs import ChannelEffect, ChannelPair, ReportRows, channel_effect, channel_pairs
from kpi.store.rates import RATE_NAME, rate_row
from kpi.store.settings import Settings
from kpi.store.store import Import
from kpi.wording.message import Message, message

_KEPT_ANSWERS = 512


class Workspace:
    """One shop's data and the questions put to it.

    >>> with Workspace(":memory:") as shop:
    ...     shop.imports()
    ()
    """

    def __init__(self, path: str | Path, *, staging: Path | None = None) -> None:
        """Open the workspace's file, making it where there is none; ":memory:" keeps nothing.

        Raises: WorkspaceError: another program has the file open, or it is no workspace.
        """
        self._store = Store(None if str(path) == ":memory:" else Path(path), staging=staging)
        self._engine = Engine(self._store.catalogue, self._store.reading)
        self._answers = lru_cache(maxsize=_KEPT_ANSWERS)(self._answer)
        self._pairs = lru_cache(maxsize=1)(lambda version: channel_pairs(self._store.rows, self._rows_by_source()))
        self._journal = lru_cache(maxsize=1)(lambda version: self._store.imports())
        self.sources = Sources(self._store, self._taken)
        self.experiments = Experiments(self._store, self.ask, self._engine.holdings, _now)
        self._findings = lru_cache(maxsize=4)(self._checked)
        self._bridges = lru_cache(maxsize=24)(self._reconciled)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    @property
    def catalogue(self) -> Catalogue:
        return self._store.catalogue

    @property
    def settings(self) -> Settings:
        return self._store.settings

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo shop, whose data are invented."""
        return bool(self.settings["is_demo"])

    @property
    def data_version(self) -> int:
        """Raised by every import, undo and setting that changes numbers."""
        return self._store.data_version

    @property
    def holdings(self) -> Holdings:
        """The days, series, columns and currencies that are there."""
        return self._engine.holdings()

    def add(
        self,
        source: str | Path | bytes | BinaryIO,
        *,
        name: str | None = None,
        answers: Mapping[str, Any] | None = None,
        by: str = "",
    ) -> Load:
        """Load a file: a path, bytes with `name`, or a binary file object.

        Returns: a Load; with `questions` nothing was loaded. The same file with the same answers changes nothing.
        Raises: UnreadableFile, UnknownFormat: nothing in the file can be used.
        """
        given = dict(answers or {})
        with self._staged(source, name) as (path, label):
            sha256 = _sha256(path)
            known = self._store.live_import(sha256, given)
            if known is not None:
                return self._unchanged(known)
            with self._store.writing() as con:
                return self._taken(con, path, label, sha256, given, by)

    def has_seen(self, sha256: str) -> bool:
        """Whether a file of this SHA-256 was imported before, with whatever answers, also if that was undone since."""
        return self._store.has_seen(sha256)

    def preview(
        self,
        source: str | Path | bytes | BinaryIO,
        *,
        name: str | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> Load:
        """What `add` would report of the file with these answers; nothing is loaded or remembered.

        Raises: as `add` does.
        """
        with self._staged(source, name) as (path, label), self._store.trying() as con:
            return load_of(label, self._asking(con, path, label, _sha256(path), dict(answers or {})))

    def ask(self, query: Query) -> Answer:
        """The numbers of a query; kept until the data changes.

        Raises: UnknownKpi: a KPI or dimension that the catalogue does not have.
        """
        return self._answers(query, self.data_version)

    def scope(self, query: Query) -> Scope:
        """What of a query can be computed, and why the rest cannot, without computing it."""
        return self._engine.scope(query)

    def values(self, dimension: str, limit: int = 200) -> tuple[str, ...]:
        """The values of a dimension that occur, the most frequent first, over all tables."""
        tables = [table.id for table in self.catalogue.tables.values() if table.facts and dimension in table.dimensions]
        united = " UNION ALL ".join(
            f'SELECT "{dimension}" AS value, count(*) AS rows FROM facts.{table} WHERE "{dimension}" IS NOT NULL GROUP BY 1'
            for table in tables
        )
        if not united:
            return ()
        found = self._store.rows(f"SELECT value FROM ({united}) GROUP BY 1 ORDER BY sum(rows) DESC, 1 LIMIT ?", [limit])
        return tuple(value for (value,) in found)

    def channel_pairs(self) -> tuple[ChannelPair, ...]:
        """The sources and media that occur, with their channel and the rule that gave it; the vague ones first."""
        return self._pairs(self.data_version)

    def channel_effect(self, rules: Sequence[Mapping[str, Any]]) -> ChannelEffect:
        """How many orders and sessions would change their channel if these were `settings["channel_rules"]`.

        Raises: BadAnswer: a rule that means nothing.
        """
        with self._store.reading() as rows:
            return channel_effect(rows, channel_rules(rules), self._rows_by_source())

    def imports(self) -> tuple[Import, ...]:
        """The journal of imports, newest first, undone ones too."""
        return self._journal(self.data_version)

    def findings(self, as_of: date) -> tuple[Finding, ...]:
        """What in the rows that count may be wrong on that day; kept until the data changes."""
        return self._findings(as_of, self.data_version)

    def reconciliation(self, start: date | None = None, end: date | None = None) -> Reconciliation | Message:
        """The shop's orders beside what analytics and ads count; the reason where that cannot be; kept likewise."""
        return self._bridges(start, end, self.data_version)

    def undo(self, import_id: int, *, by: str = "") -> None:
        """Take an import back; what it had replaced counts again.

        Raises: UnknownImport: there is no such import, or it is undone already.
        """
        self._store.undo(import_id, by=by, at=_now())

    def redo(self, import_id: int, *, by: str = "") -> None:
        """Let an undone import count again.

        Raises: UnknownImport: there is no such import, or it was not undone.
        """
        self._store.redo(import_id, by=by, at=_now())

    def set_rate(self, origin: str, target: str, rate: float, *, day: date | None = None, by: str = "") -> Load:
        """Type in an exchange rate: one unit of `origin` is worth `rate` of `target`, from that day on (None: always).

        Returns: its line in the journal, which can be undone as any import.
        Raises: BadAnswer: no currency, or a rate that is not above zero.
        """
        rows = rate_row(origin, target, rate, day)
        with self._store.writing() as con:
            name = f"1 {rows.origin} = {rows.rate} {rows.target}" + (f" ({day})" if day else "")
            load = Load(name, "rate", RATE_NAME, 1.0, rows=Rows(read=1, loaded=1), tables={"fx_rates": 1})
            relation = rows.table(con)
            incoming = [Incoming("fx_rates", relation, "main")]
            number = self._store.append(con, load, incoming, sha256=name, answers={}, by=by, at=_now())
            con.execute(f"drop table {relation}")
        return replace(load, import_id=number)

    def load_demo(self, made: Callable[[Any], Iterable[tuple[Load, tuple[Incoming, ...]]]], *, by: str = "") -> bool:
        """Load what a demo shop makes in SQL, all of it or nothing; from then on the workspace knows that it is a demo.

        `made`: the imports, whose rows stand in temporary tables of the cursor that it is given.
        Returns: whether it was loaded; False where something has been imported before, and nothing changes.
        """
        with self._store.writing() as con:
            if con.execute("select 1 from imports limit 1").fetchone():
                return False
            files = ((load, incoming, load.name) for load, incoming in made(con))
            self._store.append_all(con, files, answers={}, by=by, at=_now())
            self._store.tell(con, "is_demo", True)
        return True

    def erase_person(self, email: str, *, by: str = "") -> int:
        """Remove everything that is known of a person; her orders stay as orders of nobody.

        Returns: the number of rows changed. No later import or undo brings her back.
        """
        return self._store.erase(self._store.customer_key(email), by=by, at=_now())

    def _rows_by_source(self) -> tuple[ReportRows, ...] | None:
        """The rows that serve sessions by source and medium; None where no report does."""
        served = self.scope(Query(("sessions",), by=("source_medium",))).served.get("sessions")
        if served is None or served.plan is None:
            return None
        return tuple(ReportRows(one.series_id, *one.period, one.is_daily) for one in served.plan.pieces)

    def _answer(self, query: Query, data_version: int) -> Answer:
        return self._engine.ask(query)

    def _taken(self, con: Any, path: Path, label: str, sha256: str, answers: Mapping[str, Any], by: str) -> Load:
        parts = self._asking(con, path, label, sha256, answers)
        load = load_of(label, parts)
        if not load.questions and any(part.relations for part in parts):
            load = self._append(con, load, parts, sha256, answers, by)
        for part in parts:
            part.drop(con)
        return load

    def _checked(self, as_of: date, data_version: int) -> tuple[Finding, ...]:
        zone, held, journal = self.settings["time_zone"], self.holdings, self.imports()
        with self._store.reading() as rows:
            return findings(Checked(rows, self.catalogue, held, journal, as_of, zone))

    def _reconciled(self, start: date | None, end: date | None, data_version: int) -> Reconciliation | Message:
        held = self.holdings
        with self._store.reading() as rows:
            return reconciliation(rows, held, start, end)

    def _asking(self, con: Any, path: Path, label: str, sha256: str, answers: Mapping[str, Any]) -> tuple[Part, ...]:
        """The file's parts, with every question that they leave open."""
        recall = self._store.remembered
        parts = read_file(con, path, label, answers=answers, recall=recall, defaults=self._defaults())
        return _with_other_parts(con, _with_shops(con, parts, label, sha256, answers), label, sha256)

    def _append(
        self, con: Any, load: Load, parts: tuple[Part, ...], sha256: str, answers: Mapping[str, Any], by: str
    ) -> Load:
        incoming = [one for number, part in enumerate(parts) for one in _incoming(part, number)]
        import_id = self._store.append(con, load, incoming, sha256=sha256, answers=answers, by=by, at=_now())
        for part in parts:
            if part.kept_answers and part.fingerprint:
                self._store.remember(con, part.fingerprint, part.kept_answers)
        beside = orders_beside(con, import_id)
        if beside:
            load = replace(load, notes=(*load.notes, beside))
        rates = join_rates(con, self.catalogue, [part.relations.keys() for part in parts])
        load = _with_rates(load, rates) if rates else load
        if beside or rates:
            self._store.amend(con, import_id, load)
        return replace(load, import_id=import_id)

    def _unchanged(self, import_id: int) -> Load:
        """The same file once more: every row is there already."""
        load = next(one.load for one in self.imports() if one.id == import_id)
        parts = tuple(replace(part, rows=Rows(read=part.rows.read, unchanged=part.rows.read)) for part in load.parts)
        rows = Rows(read=load.rows.read, unchanged=load.rows.read)
        return replace(load, rows=rows, parts=parts, import_id=import_id, is_unchanged=True)

    def _defaults(self) -> Defaults:
        padded = self._store.key.ljust(64, b"\0")
        return Defaults(
            currency=self.settings["currency"],
            inner_pad=bytes(byte ^ 0x36 for byte in padded),
            outer_pad=bytes(byte ^ 0x5C for byte in padded),
            home=next((home for (home,) in self._store.rows("select home from facts.main_home")), None),
        )

    @contextmanager
    def _staged(self, source: str | Path | bytes | BinaryIO, name: str | None) -> Iterator[tuple[Path, str]]:
        """The file inside the staging folder, where DuckDB may read it, and its label."""
        label = name or (Path(source).name if isinstance(source, str | Path) else getattr(source, "name", None))
        if label is None:
            raise UnreadableFile("", message("The file has no name."), message("Pass its name too."))
        folder = Path(tempfile.mkdtemp(prefix="add-", dir=self._store.staging))
        try:
            path = folder / "file"
            shown = shown_name(str(label))
            place(source, path, shown)
            yield path, shown
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _with_shops(
    con: Any, parts: tuple[Part, ...], label: str, sha256: str, answers: Mapping[str, Any]
) -> tuple[Part, ...]:
    """The parts; one whose orders seem to be another shop's asks whose they are, unless the person has said it."""
    own = answers.get("parts") or {}
    known = []
    for part in parts:
        is_said = answers.get("account") or own.get(part.title(label), {}).get("account")
        relation = None if is_said or part.questions else part.relations.get("orders")
        question = shop_question(con, part.account, relation, sha256) if relation else None
        if question:
            part = _asking_first(part, question)
        known.append(part)
    return tuple(known)


def _with_other_parts(con: Any, parts: tuple[Part, ...], label: str, sha256: str) -> tuple[Part, ...]:
    """The parts; a report that seems to tell another part of its account than one that is there asks whether both
    count, unless the person has said it."""
    others, known = OtherParts(con, sha256), list[Part]()
    for number, part in enumerate(parts):
        title = part.title(label)
        reports = [] if part.questions else [one for one in _incoming(part, number) if _is_report(one.table)]
        for report in reports:
            found = others.standing(report, title, part.adds)
            notes = (*part.notes, found.note) if found.note else part.notes
            part = replace(part, beside={**part.beside, report.table: found.beside}, notes=notes)
            part = _asking_first(part, found.question) if found.question else part
        known.append(part)
    return tuple(known)


def _is_report(table: str) -> bool:
    return catalogue().tables[table].is_report


def _incoming(part: Part, number: int) -> list[Incoming]:
    """The rows of a part, the one of that number in its file."""
    return [
        Incoming(table, relation, part.account, number, part.period, part.beside.get(table, ()))
        for table, relation in part.relations.items()
    ]


def _asking_first(part: Part, question: Question) -> Part:
    """The part while the question is open: nothing of it is loaded."""
    return replace(part, questions=(question,), tables={}, rows=Rows(), refused=(), check_totals=())


def _with_rates(load: Load, rates: Sequence[tuple[str, str, Message]]) -> Load:
    """The Load, and each of its parts that is concerned, with what its references found."""
    own = tuple(note for child, parent, note in rates if {child, parent} & load.tables.keys())
    parts = tuple(_with_rates(part, rates) for part in load.parts)
    return replace(load, notes=(*load.notes, *own), parts=parts)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


__all__ = ["KpiError", "Workspace"]
