"""Opening a workspace's DuckDB file: made where there is none, bounded, and locked away from the machine's files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from kpi.errors import WorkspaceError, WorkspaceInUse
from kpi.model import SQL_TYPES, Catalogue
from kpi.wording.message import message

# A file's rows wait on disk for those that are asked for, and a server has several workspaces open; what is in memory
# alone has nowhere else to be.
FILE_SHARE, MEMORY_SHARE = 0.1, 0.4
MEMORY_LEAST_MB = 1_000
SPILL_LIMIT = "20GB"
# What a commit may leave in the write-ahead log: nobody waits for the file to be put in order after a middling import.
LOG_LIMIT = "256MB"


def open_database(path: Path | None, staging: Path, catalogue: Catalogue, template: Path | None = None) -> Any:
    """A connection to the workspace's file (None: in memory), with all its tables.

    A new one begins as a copy of `template`, which is an empty workspace: ten times faster than making its tables.
    After opening, only the staging folder can be read or written from SQL and the settings are locked.
    Raises: WorkspaceError: another process has the file open, or it is no DuckDB file.
    """
    config = {
        "memory_limit": f"{_memory_mb(FILE_SHARE if path else MEMORY_SHARE)}MB",
        "temp_directory": str(staging / "spill"),
        "max_temp_directory_size": SPILL_LIMIT,
        "checkpoint_threshold": LOG_LIMIT,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    try:
        con = duckdb.connect(str(path) if path else ":memory:", config=config)
    except duckdb.Error as error:
        raise _unopened(path, error) from error
    if template:
        _copy(con, template)
    else:
        con.execute(packaged_text("schema.sql"))
        for statement in _table_statements(con, catalogue):
            con.execute(statement)
    con.execute(f"set allowed_directories = ['{str(staging).replace(chr(39), chr(39) * 2)}']")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def _copy(con: Any, template: Path) -> None:
    own = con.execute("select current_database()").fetchone()[0]
    con.execute(f"attach '{str(template).replace(chr(39), chr(39) * 2)}' as koszyk_template (read_only)")
    con.execute(f'copy from database koszyk_template to "{own}"')
    con.execute("detach koszyk_template")


def _memory_mb(share: float) -> int:
    """What the database may use of the machine's memory."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (AttributeError, ValueError, OSError):
        return MEMORY_LEAST_MB
    return max(MEMORY_LEAST_MB, int(whole * share))


def packaged_text(file: str) -> str:
    """A file of SQL that stands beside this module."""
    return resources.files("kpi.store").joinpath(file).read_text("utf-8")


def _table_statements(con: Any, catalogue: Catalogue) -> Iterator[str]:
    """Create what is missing, so that a workspace of an older version gains new columns."""
    found: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'rows'"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    for table in catalogue.tables.values():
        columns = {name: f'"{name}" {SQL_TYPES[kind]}' for name, kind in table.columns.items()}
        for name, kind in table.columns.items():
            if kind == "text" and (name == table.person or table.key == (name,)):
                # to look for what repeats in keys that hardly do takes longer than to write all the rest
                columns[name] += " using compression uncompressed"
        if table.id in found:
            missing = (text for name, text in columns.items() if name not in found[table.id])
            yield from (f"alter table rows.{table.id} add column {text}" for text in missing)
        else:
            origin = (
                "account varchar not null, import_id integer not null, part_no integer not null, row_no bigint not null"
            )
            series = ["series_id integer not null"] if table.is_report else []
            yield f"create table rows.{table.id} ({', '.join([origin, *series, *columns.values()])})"


def _unopened(path: Path | None, error: duckdb.Error) -> WorkspaceError:
    title, file = message("The workspace cannot be opened"), path.name if path else ""
    if "lock" in str(error).lower():
        return WorkspaceInUse(
            title,
            message("Another program has {file} open.", file=file),
            message("Close the other program and try again."),
        )
    return WorkspaceError(
        title,
        message("{file} is not a workspace, or it is damaged.", file=file),
        message("Put back its last backup, or move the file away to begin anew."),
    )
