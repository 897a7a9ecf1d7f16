"""Where a database is and as whom to read it. The password is in no text that this value gives of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from kpi.errors import DatabaseError
from kpi.wording.message import message


@dataclass(frozen=True)
class Dialect:
    """One kind of database.

    sql: sqlglot's name of its dialect · driver: the module of `kpi.ingest.database` that reads it · needs: what has to be
    installed, by the extra of the same id; nothing for what Python and Koszyk bring along · is_file: a file on the server's
    disk, which only an administrator may name.
    """

    id: str
    name: str
    sql: str
    driver: str
    port: int | None = None
    needs: tuple[str, ...] = ()
    is_file: bool = False

    @property
    def is_installed(self) -> bool:
        return all(find_spec(name) is not None for name in self.needs)


_ALL = (
    Dialect("postgresql", "PostgreSQL", "postgres", "postgresql", 5432, ("adbc_driver_postgresql",)),
    Dialect("mysql", "MySQL / MariaDB", "mysql", "mysql", 3306, ("connectorx", "pymysql")),
    Dialect("sqlserver", "SQL Server", "tsql", "sqlserver", 1433, ("connectorx",)),
    Dialect("sqlite", "SQLite", "sqlite", "local", is_file=True),
    Dialect("duckdb", "DuckDB", "duckdb", "local", is_file=True),
    Dialect("bigquery", "BigQuery", "bigquery", "warehouse", needs=("adbc_driver_bigquery",)),
    Dialect("snowflake", "Snowflake", "snowflake", "warehouse", needs=("adbc_driver_snowflake",)),
)
DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType({dialect.id: dialect for dialect in _ALL})
_ALIASES: Final = {"postgres": "postgresql", "mariadb": "mysql", "mssql": "sqlserver"}


@dataclass(frozen=True)
class Connection:
    """One database, by the name that an administrator or the analyst gave it.

    database: its name, a file's path for SQLite and DuckDB, the project for BigQuery · options: what the driver takes
    besides, such as `sslmode`.
    """

    name: str
    dialect: str
    host: str = ""
    port: int | None = None
    database: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> Dialect:
        return DIALECTS[self.dialect]

    def require_driver(self) -> None:
        """Raises: DatabaseError: the driver of this kind of database is not installed."""
        if not self.kind.is_installed:
            raise DatabaseError(
                message("{database} cannot be read on this server", database=self.kind.name),
                message("The driver for {database} is not installed.", database=self.kind.name),
                message(
                    "Ask whoever runs the server to install it: pip install 'koszyk[{extra}]'.", extra=self.kind.id
                ),
            )


def connection_from(name: str, values: Mapping[str, Any]) -> Connection:
    """A connection of plain values as Streamlit writes them: `url`, or `dialect`, `host`, `port`, `database`, `username`,
    `password`; what else is there becomes an option.

    Raises: DatabaseError: the kind of database is missing or unknown, or the port is no number.
    """
    told = {key: value for key, value in values.items() if value not in (None, "")}
    try:
        parts = _of_url(str(told.pop("url"))) if "url" in told else {}
        known = {**parts, **told}
        dialect = _dialect(str(known.pop("dialect", known.pop("drivername", ""))))
        options = {**known.pop("query", {}), **known.pop("options", {})}
        port = int(known.pop("port")) if "port" in known else None
    except (ValueError, KeyError, TypeError):
        raise _unusable(name) from None
    plain = {key: str(known.pop(key, "")) for key in ("host", "database", "username", "password")}
    plain["username"] = plain["username"] or str(known.pop("user", ""))
    ignored = ("type", "driver", "drivername", "user")
    options |= {
        key: value for key, value in known.items() if key not in ignored and isinstance(value, str | int | bool)
    }
    return Connection(name, dialect, port=port, options={key: str(value) for key, value in options.items()}, **plain)


def _dialect(text: str) -> str:
    plain = text.partition("+")[0].casefold()
    return DIALECTS[_ALIASES.get(plain, plain)].id


def _of_url(url: str) -> dict[str, Any]:
    """The parts of `dialect://user:password@host:port/database?option=value`."""
    parts = urlsplit(url)
    dialect = _dialect(parts.scheme)
    path = unquote(parts.path)
    return {
        "dialect": dialect,
        "host": parts.hostname or "",
        "port": parts.port,
        "database": path[1:] if path.startswith("/") else path,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "query": dict(parse_qsl(parts.query)),
    } | ({} if parts.port else {"port": DIALECTS[dialect].port or 0})


def _unusable(name: str) -> DatabaseError:
    return DatabaseError(
        message("The connection {name} cannot be used", name=name),
        message("Its kind of database is missing or not known, or its port is no number."),
        message("It may be: {names}.", names=tuple(DIALECTS)),
    )
