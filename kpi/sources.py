"""Tables and SELECTs of other databases in a workspace: loaded as files are, remembered without any secret, read again."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from kpi.errors import DatabaseError
from kpi.ingest.database import Column, Connection, DatabaseSource, Fetched, Since, Stop, fetch, is_ordered
from kpi.ingest.database.failures import failure
from kpi.ingest.load import Load, Rows
from kpi.model import catalogue
from kpi.store import Store
from kpi.wording.message import message

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Remembered:
    """A source that has been loaded.

    watermark: the column that tells new rows, where one was chosen · reach: everything up to this value of it is here, so
    that the rows since then complete it; None where only the whole can be read · last_import: the newest that counts.
    """

    id: int
    source: DatabaseSource
    answers: dict[str, Any]
    watermark: str | None = None
    reach: str | None = None
    last_import: int | None = None


class Take(Protocol):
    def __call__(self, con: Any, path: Path, label: str, sha256: str, answers: Mapping[str, Any], by: str) -> Load:
        """Load the file within the transaction of `con`."""


class Sources:
    """`shop.sources.add(connection, DatabaseSource("shop-db", table=("public", "orders")))`."""

    def __init__(self, store: Store, take: Take) -> None:
        self._store, self._take = store, take

    def all(self) -> tuple[Remembered, ...]:
        """What has been loaded before and was not forgotten, in the order of the first time."""
        found = self._store.rows(
            "select source_id, connection, origin::varchar, answers::varchar, watermark from sources "
            "where not is_forgotten order by source_id"
        )
        return tuple(self._remembered(*row) for row in found)

    def add(
        self,
        connection: Connection,
        source: DatabaseSource,
        *,
        answers: Mapping[str, Any] | None = None,
        watermark: str | None = None,
        progress: Progress = lambda rows: None,
        storing: Callable[[], None] = lambda: None,
        stop: Stop | None = None,
        by: str = "",
    ) -> Load:
        """Load everything that the source has, and remember it.

        watermark: one of `watermarks`, by which `refresh` can read new rows alone · progress: told the rows so far ·
        storing: told once, when all have come.
        Returns: a Load; with `questions` nothing was loaded or remembered.
        Raises: DatabaseError, and what `Workspace.add` raises; nothing is loaded then.
        """
        told = _Told(source, dict(answers or {}), watermark)
        return self._loaded(connection, told, None, (progress, storing), stop or Stop(), by)

    def refresh(
        self,
        connection: Connection,
        source_id: int,
        *,
        is_whole: bool = False,
        progress: Progress = lambda rows: None,
        storing: Callable[[], None] = lambda: None,
        stop: Stop | None = None,
        by: str = "",
    ) -> Load:
        """Read a remembered source again: the rows since last time where that can be told, else everything.

        Returns: a Load, unchanged where there is nothing new. Raises: as `add` does.
        """
        known = next((one for one in self.all() if one.id == source_id), None)
        if known is None:
            raise _unknown(source_id)
        told = _Told(known.source, known.answers, known.watermark)
        since = None if is_whole else _since(known)
        return self._loaded(connection, told, since, (progress, storing), stop or Stop(), by)

    def forget(self, source_id: int) -> None:
        """Take a source off the list; what was loaded from it stays."""
        with self._store.writing() as con:
            con.execute("update sources set is_forgotten = true where source_id = ?", [source_id])

    def _loaded(
        self,
        connection: Connection,
        told: _Told,
        since: Since | None,
        told_of: tuple[Progress, Callable[[], None]],
        stop: Stop,
        by: str,
    ) -> Load:
        folder = Path(tempfile.mkdtemp(prefix="add-", dir=self._store.staging))
        try:
            path = folder / "file"
            fetched = fetch(
                connection,
                told.source,
                path,
                since=since,
                watermark=told.watermark,
                needed=tuple(label for label in (told.answers.get("columns") or {}).values() if label),
                as_of=datetime.now(UTC),
                progress=told_of[0],
                stop=stop,
            )
            told_of[1]()
            return self._stored(told, since, fetched, path, stop, by)
        except Exception:
            # Stopped while rows were being stored, a statement ends as if something were wrong with the file.
            if stop.is_asked:
                raise failure("stopped", connection.name) from None
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _stored(self, told: _Told, since: Since | None, fetched: Fetched, path: Path, stop: Stop, by: str) -> Load:
        sha256 = _sha256(told.source, path)
        known = self._same(told, sha256)
        if known is not None:
            return replace(known, rows=Rows(fetched.rows, unchanged=fetched.rows), is_unchanged=True)
        if not fetched.rows:
            return self._without_rows(told, since)
        with self._store.writing() as con, stop.calls(con.interrupt):
            load = self._take(con, path, told.source.name, sha256, told.answers, by)
            if load.import_id is None:
                return load
            source_id, before = self._remember(con, _pinned(told, load))
            con.execute(
                "insert into source_imports values (?, ?, ?, ?, ?)",
                [source_id, load.import_id, told.watermark, since.value if since else None, fetched.highest],
            )
            noted = _noted(load, fetched, 0 if since else self._left_over(con, load, before))
            if noted is not load:
                self._store.amend(con, load.import_id, noted)
            stop.refuse()
        return noted

    def _remember(self, con: Any, told: _Told) -> tuple[int, list[int]]:
        """The source's number and its earlier imports that count."""
        origin = _written(told.source)
        key = [told.source.connection, origin]
        found = con.execute("select source_id from sources where connection = ? and origin = ?", key).fetchone()
        # what the next rows add to is told by what they name
        kept = {name: value for name, value in told.answers.items() if name != "adds"}
        answers = json.dumps(kept, sort_keys=True, default=str, ensure_ascii=False)
        if found is None:
            made = con.execute(
                "insert into sources (connection, origin, answers, watermark, is_forgotten) "
                "values (?, ?, ?, ?, false) returning source_id",
                [*key, answers, told.watermark],
            ).fetchone()
            return int(made[0]), []
        con.execute(
            "update sources set answers = ?, watermark = ?, is_forgotten = false where source_id = ?",
            [answers, told.watermark, found[0]],
        )
        earlier = con.execute(
            "select import_id from source_imports semi join live_imports using (import_id) where source_id = ?", found
        ).fetchall()
        return int(found[0]), [number for (number,) in earlier]

    def _left_over(self, con: Any, load: Load, before: list[int]) -> int:
        """Rows of earlier loads of the source that still count, though all of it has just come."""
        tables = [
            name for name in load.tables if name in catalogue().tables and name not in ("customers", "customer_ids")
        ]
        counted = [
            con.execute(f"select count(*) from live_{name} where list_contains(?, import_id)", [before]).fetchone()[0]
            for name in tables
            if before
        ]
        return max(counted, default=0)

    def _without_rows(self, told: _Told, since: Since | None) -> Load:
        if since is None:
            raise DatabaseError(
                message("{file} has no rows", file=told.source.name),
                message(
                    "The table or the SELECT is empty. Nothing was loaded, and nothing that was there has changed."
                ),
                message("Choose another one, or load it once it has rows."),
            )
        return Load(told.source.name, None, "", 1.0, is_unchanged=True)

    def _same(self, told: _Told, sha256: str) -> Load | None:
        """The newest import that counts, where it brought the same rows, read in the same way. Had others come after it,
        they would count in place of these rows, so that the same content would be news."""
        newest = next((one for one in self._store.imports() if one.undone_at is None), None)
        known = next((one for one in self.all() if newest and one.last_import == newest.id), None)
        if newest is None or known is None or not told.answers.items() <= known.answers.items():
            return None
        found = self._store.rows("select 1 from imports where import_id = ? and sha256 = ?", [newest.id, sha256])
        return newest.load if found else None

    def _remembered(self, id: int, connection: str, origin: str, answers: str, watermark: str | None) -> Remembered:
        parts = json.loads(origin)
        table = tuple(parts["table"]) if parts.get("table") else None
        source = DatabaseSource(connection, table, parts.get("select"), parts.get("title", ""))
        imports = self._store.rows(
            "select import_id, watermark, since, highest from source_imports "
            "semi join live_imports using (import_id) where source_id = ? order by import_id",
            [id],
        )
        last = imports[-1][0] if imports else None
        return Remembered(id, source, json.loads(answers), watermark, _reach(watermark, imports), last)


@dataclass(frozen=True)
class _Told:
    source: DatabaseSource
    answers: dict[str, Any]
    watermark: str | None


def watermarks(load: Load, columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns that can tell new rows from old ones, as the table is mapped in `load`.

    A report is replaced by whole days, so only its day can; of a table with a key each row, or each group of rows that is
    replaced together, has to be named by a column.
    """
    if load.mapping is None or load.mapping.table is None or load.parts:
        return ()
    answers = {"table": load.mapping.table, "columns": load.mapping.chosen}
    usable = (column for column in columns if is_ordered(column))
    return tuple(column.name.strip() for column in usable if _can_tell(answers, column))


def _can_tell(answers: Mapping[str, Any], column: Column) -> bool:
    table = catalogue().tables[answers["table"]]
    if table.is_report:
        return column.name.strip() in _days(answers) and column.kind in ("day", "moment")
    return table.id == "customers" or _group(answers) is not None


def _days(answers: Mapping[str, Any]) -> list[str]:
    return [label for field in ("day", "starts") if (label := (answers.get("columns") or {}).get(field))]


def _group(answers: Mapping[str, Any]) -> str | None:
    """The column that names the rows which a newer import replaces together."""
    table = catalogue().tables[answers["table"]]
    if table.is_report or table.id == "customers":
        return None
    found = (answers.get("columns") or {}).get(table.replaced_by[0])
    return str(found) if found else None


def _since(known: Remembered) -> Since | None:
    if known.watermark is None or known.reach is None or "table" not in known.answers:
        return None
    is_report = catalogue().tables[known.answers["table"]].is_report
    return Since(known.watermark, known.reach, _group(known.answers), is_daily=is_report)


def _reach(watermark: str | None, imports: Sequence[tuple[Any, ...]]) -> str | None:
    """How far the imports that count reach without a gap: from one of everything, over those that begin no later than
    the ones before have ended."""
    reach: str | None = None
    for _, column, since, highest in imports:
        if watermark is None or column != watermark or highest is None:
            continue
        if since is None or (reach is not None and _order(since) <= _order(reach)):
            reach = highest if reach is None else max(reach, highest, key=_order)
    return reach


def _order(value: str) -> tuple[int, str]:
    is_number = value.lstrip("-").isdigit()
    return (int(value), "") if is_number else (0, value)


def _pinned(told: _Told, load: Load) -> _Told:
    """The mapping as it was read, so that a new column cannot change it next time."""
    if load.mapping is None or load.mapping.table is None or load.parts:
        return told
    fields = dict.fromkeys(field.id for field in load.mapping.fields)
    answers = {"table": load.mapping.table, "columns": fields | load.mapping.chosen}
    return replace(told, answers={**told.answers, **answers})


def _noted(load: Load, fetched: Fetched, left_over: int) -> Load:
    notes = list(load.notes)
    if fetched.left_out:
        notes.append(message("These columns hold bytes and were not read: {columns}.", columns=fetched.left_out))
    if left_over:
        notes.append(
            message(
                "{n} row that was loaded before is not in the database any more, and still counts. Undo the earlier import to drop it.",
                "{n} rows that were loaded before are not in the database any more, and still count. Undo the earlier imports to drop them.",
                n=left_over,
            )
        )
    return load if len(notes) == len(load.notes) else replace(load, notes=tuple(notes))


def _written(source: DatabaseSource) -> str:
    return json.dumps(
        {"table": source.table, "select": source.select, "title": source.title}, sort_keys=True, ensure_ascii=False
    )


def _sha256(source: DatabaseSource, path: Path) -> str:
    digest = hashlib.sha256(f"{source.connection}\0{_written(source)}\0".encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _unknown(source_id: int) -> DatabaseError:
    return DatabaseError(
        message("There is no such source"),
        message("The source {number} was never loaded, or it has been forgotten.", number=source_id),
        message("Choose its table anew."),
    )
