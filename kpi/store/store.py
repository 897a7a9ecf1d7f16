"""Imports in and out: one transaction each, rows appended with their import, facts made anew, undone at will."""

from __future__ import annotations

import atexit
import hashlib
import hmac
import json
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from kpi.errors import UnknownImport
from kpi.ingest.load import Load
from kpi.model import Catalogue, catalogue
from kpi.store.appending import Incoming, append_rows
from kpi.store.database import open_database
from kpi.store.facts import define_live_rows, facts_version, rebuild
from kpi.store.journal import dumped, parsed
from kpi.store.named import tables_with_sources
from kpi.store.settings import Settings
from kpi.wording.message import message

_NUMBER_SETTINGS = (
    "time_zone",
    "currency",
    "prices_include_tax",
    "tax_rate",
    "tax_basis",
    "margin_floor",
    "channel_rules",
)


@dataclass(frozen=True)
class Import:
    """One line of the journal."""

    id: int
    name: str
    load: Load
    imported_at: datetime
    imported_by: str
    undone_at: datetime | None


class Store:
    """A workspace's file. Reading takes a cursor of its own; writing is one at a time."""

    def __init__(
        self, path: Path | None, *, staging: Path | None = None, key: bytes | None = None, is_template: bool = False
    ) -> None:
        self.catalogue: Catalogue = catalogue()
        self._own_staging = staging is None
        self.staging = staging or Path(tempfile.mkdtemp(prefix="koszyk-"))
        self.staging.mkdir(parents=True, exist_ok=True)
        self.key = key or (_key_beside(path) if path else secrets.token_bytes(32))
        is_new = not is_template and (path is None or not path.exists())
        self._con = open_database(path, self.staging, self.catalogue, _template() if is_new else None)
        self._writing = threading.RLock()
        self._version: tuple[int, int] | None = None
        self._commits = 0
        self.settings = Settings(self._stored_settings, self._change_setting)
        self._sweep_staging()
        self._renew_facts()

    def close(self) -> None:
        self._con.close()
        if self._own_staging:
            shutil.rmtree(self.staging, ignore_errors=True)

    def cursor(self) -> Any:
        """A cursor of its own: an unfinished result would own a shared one."""
        return self._con.cursor()

    def rows(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """All rows of a statement, on a cursor of its own."""
        with self.cursor() as con:
            return con.execute(sql, parameters).fetchall()

    @contextmanager
    def reading(self) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        """A snapshot: every statement inside sees the same data, whatever is written meanwhile."""
        with self.snapshot() as con:
            yield lambda sql, parameters=None: con.execute(sql, parameters).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        """The cursor behind `reading`, for what takes a connection."""
        with self.cursor() as con:
            con.execute("begin transaction read only")
            try:
                yield con
            finally:
                con.execute("rollback")

    @property
    def data_version(self) -> int:
        """Kept until something is written: nobody else can have the file open."""
        commits, known = self._commits, self._version
        if known is None or known[0] != commits:
            found = self.rows("select value::varchar from settings where name = 'data_version'")
            known = self._version = (commits, int(found[0][0]) if found else 0)
        return known[1]

    def customer_key(self, email: str) -> str:
        """The keyed hash under which an e-mail address is known here."""
        return hmac.new(self.key, email.strip().lower().encode(), hashlib.sha256).hexdigest()

    def imports(self) -> tuple[Import, ...]:
        """The journal, newest first, undone imports too."""
        found = self.rows(
            "select import_id, name, load::varchar, imported_at, imported_by, undone_at from imports order by import_id desc"
        )
        return tuple(Import(id, name, parsed(load), at, by, undone) for id, name, load, at, by, undone in found)

    def live_import(self, sha256: str, answers: Mapping[str, Any]) -> int | None:
        """The import that already holds exactly this file, taken with the same answers."""
        found = self.rows(
            "select import_id from imports where sha256 = ? and answers = ? and undone_at is null",
            [sha256, _answers_text(answers)],
        )
        return found[0][0] if found else None

    def has_seen(self, sha256: str) -> bool:
        """Whether the journal has this file, with whatever answers, undone or not."""
        return bool(self.rows("select 1 from imports where sha256 = ? limit 1", [sha256]))

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A cursor in one transaction; whatever fails inside leaves the workspace as it was."""
        with self._writing, self.cursor() as con:
            con.execute("begin")
            try:
                yield con
            except BaseException:
                con.execute("rollback")
                raise
            con.execute("commit")
            self._commits += 1

    def append(
        self,
        con: Any,
        load: Load,
        incoming: Collection[Incoming],
        *,
        sha256: str,
        answers: Mapping[str, Any],
        by: str,
        at: datetime,
    ) -> int:
        """Load the rows of one file within the transaction of `con`. Returns: the import's id.

        The first currency that comes alone becomes the workspace's.
        """
        return self.append_all(con, [(load, incoming, sha256)], answers=answers, by=by, at=at)[0]

    def append_all(
        self,
        con: Any,
        files: Iterable[tuple[Load, Collection[Incoming], str]],
        *,
        answers: Mapping[str, Any],
        by: str,
        at: datetime,
    ) -> list[int]:
        """Load several files, each with its hash, one after the other; the facts are made anew once. Returns: their ids."""
        ids: list[int] = []
        changed: set[str] = set()
        told = dict(self.settings)
        for load, incoming, sha256 in files:
            import_id = con.execute("select nextval('import_ids')").fetchone()[0]
            con.execute(
                "insert into imports values (?, ?, ?, ?, ?, ?, ?, null)",
                [import_id, load.name, sha256, _answers_text(answers), dumped(load), at, by],
            )
            for part in incoming:
                append_rows(con, self.catalogue.tables[part.table], import_id, part)
            _keep_refused(con, import_id, load)
            if told["currency"] is None and len(load.currencies) == 1:
                told["currency"] = load.currencies[0]
                self.tell(con, "currency", load.currencies[0])
            self._note(con, by, at, "import", {"import": import_id, "name": load.name})
            changed |= {part.table for part in incoming}
            ids.append(int(import_id))
        if "customer_ids" in changed and self._forget(con):
            changed = set(self.catalogue.tables)
        rebuild(con, self.catalogue, changed, told)
        return ids

    def amend(self, con: Any, import_id: int, load: Load) -> None:
        """Keep a fuller report of an import, within the transaction that loaded it."""
        con.execute("update imports set load = ? where import_id = ?", [dumped(load), import_id])

    def tell(self, con: Any, name: str, value: Any) -> None:
        """Keep a setting within the transaction of `con`; facts are not made anew."""
        con.execute("insert or replace into settings values (?, ?)", [name, json.dumps(value)])

    def undo(self, import_id: int, *, by: str, at: datetime) -> None:
        """Take an import back; what it had replaced counts again.

        Raises: UnknownImport: there is no such import, or it is undone already.
        """
        with self.writing() as con:
            self._expect_import(con, import_id, "undone_at is null")
            con.execute("update imports set undone_at = ? where import_id = ?", [at, import_id])
            self._rebuild_all(con)
            self._note(con, by, at, "undo", {"import": import_id})

    def redo(self, import_id: int, *, by: str, at: datetime) -> None:
        """Let an undone import count again.

        Raises: UnknownImport: there is no such import, or it was not undone.
        """
        with self.writing() as con:
            self._expect_import(con, import_id, "undone_at is not null")
            con.execute("update imports set undone_at = null where import_id = ?", [import_id])
            self._rebuild_all(con)
            self._note(con, by, at, "redo", {"import": import_id})

    @contextmanager
    def trying(self) -> Iterator[Any]:
        """A cursor in a transaction that is never committed; other writers need not wait for it."""
        with self.cursor() as con:
            con.execute("begin")
            try:
                yield con
            finally:
                con.execute("rollback")

    def remember(self, con: Any, header: str, answers: Mapping[str, Any]) -> None:
        con.execute("insert or replace into remembered values (?, ?)", [header, _answers_text(answers)])

    def remembered(self, header: str) -> dict[str, Any]:
        """The answers given before for a file with the same header."""
        found = self.rows("select answers::varchar from remembered where header = ?", [header])
        return json.loads(found[0][0]) if found else {}

    def erase(self, customer_key: str, *, by: str, at: datetime) -> int:
        """Remove a person for good: her attributes are deleted, her orders, tickets and the like stay as those of nobody.

        Returns: how many rows were changed. A later import or undo does not bring her back.
        """
        with self.writing() as con:
            con.execute("insert or ignore into erased values (?)", [customer_key])
            changed = self._forget(con)
            self._rebuild_all(con)
            self._note(con, by, at, "erase", {"rows": changed})
            return changed

    def _forget(self, con: Any) -> int:
        """Remove what is known under the keys of erased people, and under every id that stands for one of them."""
        con.execute(
            "insert or ignore into erased select id_hash from rows.customer_ids where customer_key in (from erased)"
        )
        changed = 0
        for table in (it for it in self.catalogue.tables.values() if it.person):
            is_hers = f"{table.person} in (from erased)"
            if table.id in ("customers", "customer_ids"):
                changed += con.execute(f"delete from rows.{table.id} where {is_hers}").fetchone()[0]
            else:
                changed += con.execute(f"update rows.{table.id} set {table.person} = null where {is_hers}").fetchone()[
                    0
                ]
        return int(changed)

    def _sweep_staging(self) -> None:
        """Remove what a killed server has left behind."""
        for folder in self.staging.glob("add-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _renew_facts(self) -> None:
        """Make the facts of a new workspace, or of one that an older Koszyk wrote."""
        version = facts_version(self.catalogue)
        if self._stored_settings().get("facts_version") != f'"{version}"':
            with self.writing() as con:
                define_live_rows(con, self.catalogue)
                self._rebuild_all(con)
                con.execute("insert or replace into settings values ('facts_version', ?)", [json.dumps(version)])
                self._raise_version(con)

    def _rebuild_all(self, con: Any) -> None:
        rebuild(con, self.catalogue, set(self.catalogue.tables), dict(self.settings))

    def _expect_import(self, con: Any, import_id: int, condition: str) -> None:
        if not con.execute(f"select 1 from imports where import_id = ? and {condition}", [import_id]).fetchone():
            raise UnknownImport(
                message("There is no such import"),
                message("Import {number} does not exist, or this was done to it already.", number=import_id),
                message("Look at the list of imports."),
            )

    def _stored_settings(self) -> dict[str, str]:
        return dict(self.rows("select name, value::varchar from settings"))

    def _change_setting(self, name: str, value: str) -> None:
        with self.writing() as con:
            told = dict(self.settings) | {name: json.loads(value)}
            if name == "channel_rules":
                self.tell(con, "channel_rules_before", self.settings[name])
            con.execute("insert or replace into settings values (?, ?)", [name, value])
            if name in _NUMBER_SETTINGS:
                changed = tables_with_sources(self.catalogue) if name == "channel_rules" else self.catalogue.tables
                rebuild(con, self.catalogue, set(changed), told)
                self._raise_version(con)

    def _note(self, con: Any, by: str, at: datetime, what: str, detail: dict[str, Any]) -> None:
        con.execute("insert into audit values (?, ?, ?, ?)", [at, by, what, json.dumps(detail)])
        self._raise_version(con)

    def _raise_version(self, con: Any) -> None:
        con.execute(
            "insert or replace into settings "
            "select 'data_version', (coalesce(max(value::varchar::integer), 0) + 1)::varchar from settings where name = 'data_version'"
        )


@cache
def _template() -> Path:
    """An empty workspace, made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="koszyk-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "empty.duckdb"
    Store(file, key=bytes(32), is_template=True).close()
    return file


def _keep_refused(con: Any, import_id: int, load: Load) -> None:
    for part_no, part in enumerate(load.parts or (load,)):
        rows = [(import_id, part_no, row.row_no, dumped(row.reason), json.dumps(row.cells)) for row in part.refused]
        if rows:
            con.executemany("insert into refused values (?, ?, ?, ?, ?)", rows)


def _answers_text(answers: Mapping[str, Any]) -> str:
    return json.dumps(dict(answers), sort_keys=True, default=str, ensure_ascii=False)


def _key_beside(path: Path) -> bytes:
    """The workspace's secret key, in `<id>.key` beside its file, readable by its owner only."""
    file = path.with_suffix(".key")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(secrets.token_bytes(32))
    return file.read_bytes()
