"""What is read: a table or one SELECT, checked, and the rows of it that are new."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from kpi.errors import DatabaseError
from kpi.ingest.database.connection import Dialect
from kpi.ingest.database.reader import Column
from kpi.wording.message import Message, message

# What it warns of is the text that was typed, which may hold a password.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
# MySQL and MariaDB run what stands in such a comment.
_RUN_COMMENT: Final = re.compile(r"/\*\s*M?!", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_WRITES: Final = (
    exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Into, exp.Lock, exp.Command,
    exp.Copy, exp.Set, exp.TruncateTable,
)  # fmt: skip
_MARKS: Final = {"mysql": ("`", "`"), "bigquery": ("`", "`"), "sqlserver": ("[", "]")}
# Rows of the day before come once more: one that was written late is not missed, and one that is there is replaced.
_OVERLAP: Final = timedelta(days=1)


@dataclass(frozen=True)
class DatabaseSource:
    """A table (schema, name) or a SELECT of a connection. It holds no secret. title: what an import of it is called."""

    connection: str
    table: tuple[str, str] | None = None
    select: str | None = None
    title: str = ""

    @property
    def name(self) -> str:
        own = self.title or (".".join(part for part in self.table if part) if self.table else "SELECT")
        return f"{own} ({self.connection})"


@dataclass(frozen=True)
class Since:
    """The rows whose `column` is at least `value`, and all others with the same `group` as one of these.

    value: as `Fetched.highest` wrote it · group: what names the rows that replace each other, None where a row stands for
    itself · is_daily: from the beginning of the day, for what replaces whole days.
    """

    column: str
    value: str
    group: str | None = None
    is_daily: bool = False


def origin(source: DatabaseSource, dialect: Dialect) -> str:
    """What stands behind FROM. Raises: DatabaseError: the statement is not one SELECT."""
    if source.table:
        return ".".join(quoted(part, dialect) for part in source.table if part)
    # The line end closes a comment at the end of the statement.
    return f"(\n{checked_select(source.select or '', dialect)}\n) AS q"


def checked_select(text: str, dialect: Dialect) -> str:
    """The statement without its last semicolon.

    Raises: DatabaseError: it is empty, no SELECT, more than one, or it would write or lock.
    """
    try:
        stripped = _without_end(text.strip(), dialect)
        parsed = [one for one in sqlglot.parse(stripped, read=dialect.sql) if one is not None]
    except (SqlglotError, RecursionError):
        raise _refused(message("It cannot be read as a statement of {database}.", database=dialect.name)) from None
    if len(parsed) != 1:
        raise _refused(message("There must be exactly one statement."))
    statement = parsed[0]
    if not isinstance(statement, exp.Query) or statement.find(*_WRITES) is not None:
        raise _refused(message("It must read only, from its first word to its last."))
    if _RUN_COMMENT.search(stripped):
        raise _refused(message("It holds a comment that the database would run."))
    if any(_ADDRESS.search(str(literal.this)) for literal in statement.find_all(exp.Literal) if literal.is_string):
        raise _refused(message("It names a person by an e-mail address, which would be remembered with it."))
    return stripped


def _without_end(text: str, dialect: Dialect) -> str:
    """The text up to its last semicolons, where nothing but comments stands behind them. Raises: SqlglotError."""
    end = len(text)
    for token in reversed(sqlglot.tokenize(text, read=dialect.sql)):
        if token.token_type is not TokenType.SEMICOLON:
            break
        end = token.start
    return text[:end].rstrip()


def rows_statement(
    start: str, columns: tuple[Column, ...], dialect: Dialect, since: Since | None = None, limit: int | None = None
) -> str:
    """The SELECT of these columns from `start`, what `origin` gave."""
    listed = ", ".join(f"{column.expression} AS {quoted(column.name, dialect)}" for column in columns)
    top = f"TOP ({limit}) " if limit is not None and dialect.id == "sqlserver" else ""
    text = f"SELECT {top}{listed} FROM {start}"
    if since is not None:
        text += f" WHERE {_condition(start, columns, dialect, since)}"
    return text if limit is None or top else f"{text} LIMIT {limit}"


def quoted(name: str, dialect: Dialect) -> str:
    """The name as an identifier of the dialect."""
    opening, closing = _MARKS.get(dialect.id, ('"', '"'))
    return f"{opening}{name.replace(closing, closing * 2)}{closing}"


def _condition(start: str, columns: tuple[Column, ...], dialect: Dialect, since: Since) -> str:
    column = next(one for one in columns if one.name == since.column)
    own = quoted(since.column, dialect)
    # Where nothing tells new from old, a row is read again rather than missed.
    is_new = f"({own} >= {_literal(column, since, dialect)} OR {own} IS NULL)"
    if since.group is None or since.group == since.column:
        return is_new
    group = quoted(since.group, dialect)
    return f"({group} IN (SELECT {group} FROM {start} WHERE {is_new}) OR {group} IS NULL)"


def _literal(column: Column, since: Since, dialect: Dialect) -> str:
    """The lowest value wanted, as text that holds digits and separators only."""
    if column.kind == "whole":
        return str(int(since.value))
    if column.kind == "day":
        return f"'{date.fromisoformat(since.value[:10]) - _OVERLAP}'"
    at = datetime.fromisoformat(since.value).replace(tzinfo=None) - _OVERLAP
    if since.is_daily:
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    zone = "+00" if column.kind == "moment_utc" and dialect.id != "mysql" else ""
    return f"'{at.isoformat(' ', 'seconds')}{zone}'"


def _refused(detail: Message) -> DatabaseError:
    return DatabaseError(
        message("The statement is not run"), detail, message("Write one SELECT without anything before or after it.")
    )
