"""A million orders from PostgreSQL and MariaDB against SQLAlchemy with pandas, each in a process of its own."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kpi import DatabaseSource, Workspace
from kpi.ingest.database import fetch
from tests.bench.memory import extra_mb, memory_of
from tests.databases import servers
from tests.databases.servers import PASSWORD, READER, Database

ROOT = Path(__file__).resolve().parents[2]
ROWS = 1_000_000
ROUNDS = 2
MEMORY_MB = 250.0
SHARE_OF_TIME = 0.25
Line = tuple[str, float, float | None, str]

_COLUMNS = "(order_id int, customer_email varchar(60), ordered_at timestamp, total decimal(12,2), discount decimal(12,2), currency char(3), status varchar(12), country char(2))"
_VALUES = {
    "postgresql": "SELECT i, 'c' || i % 50000 || '@example.com', timestamp '2024-01-01' + i * interval '1 minute', (i % 997) * 1.11, "
    f"(i % 7) * 0.5, 'PLN', 'paid', 'PL' FROM generate_series(1, {ROWS}) i",
    "mysql": "SELECT seq, concat('c', seq % 50000, '@example.com'), timestamp('2024-01-01') + interval seq minute, (seq % 997) * 1.11, "
    f"(seq % 7) * 0.5, 'PLN', 'paid', 'PL' FROM seq_1_to_{ROWS}",
}


def measure() -> list[Line]:
    """What, measured, budget, unit; only for the servers whose programs are here."""
    starts = {"postgresql": servers.start_postgresql, "mysql": servers.start_mariadb}
    return [line for dialect, start in starts.items() if servers.missing(dialect) is None for line in _measured(start)]


def _measured(start: Callable[[], Database]) -> Iterator[Line]:
    server = start()
    try:
        server.run(f"CREATE TABLE orders {_COLUMNS}", f"INSERT INTO orders {_VALUES[server.dialect]}")
        name = server.connection.kind.name
        # In turn, so that a busy moment of the machine meets both.
        ours, theirs = zip(*((_child("fetched", server), _child("pandas", server)) for _ in range(ROUNDS)), strict=True)
        seconds, yardstick = (min(taken for taken, _ in runs) for runs in (ours, theirs))
        yield f"1 M rows from {name} / SQLAlchemy + pandas", seconds / yardstick, SHARE_OF_TIME, "ratio"
        yield f"1 M rows from {name}", seconds, None, "s"
        yield f"1 M rows from {name}, extra memory", max(used for _, used in ours), MEMORY_MB, "MB"
        yield f"1 M rows from {name} by SQLAlchemy + pandas, extra memory", max(used for _, used in theirs), None, "MB"
        taken, used = _child("loaded", server)
        yield f"1 M orders from {name} into the workspace, facts made", taken, None, "s"
        yield f"1 M orders from {name} into the workspace, extra memory", used, None, "MB"
    finally:
        server.stop()


def _child(what: str, server: Database) -> tuple[float, float]:
    """Seconds and extra megabytes of one way to read the table."""
    command = [sys.executable, "-m", "tests.bench.databases", what, server.dialect, str(server.port), server.schema]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    taken, used = said.split()
    return float(taken), float(used)


def fetched(server: Database) -> None:
    """Into a Parquet file, as the app does."""
    with tempfile.TemporaryDirectory() as folder:
        found = fetch(server.connection, DatabaseSource("bench", server.table("orders")), Path(folder) / "rows")
        assert found.rows == ROWS


def loaded(server: Database) -> None:
    """Into a workspace: fetched, converted, stored, facts made."""
    with tempfile.TemporaryDirectory() as folder, Workspace(Path(folder) / "shop.duckdb") as shop:
        load = shop.sources.add(server.connection, DatabaseSource("bench", server.table("orders")))
        assert load.rows.loaded == ROWS


def pandas(server: Database) -> None:
    """The way that most people know."""
    import pandas as pd
    import sqlalchemy

    driver = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}[server.dialect]
    password = PASSWORD if server.dialect == "postgresql" else PASSWORD.encode()
    arguments = {"password": password, **({} if server.dialect == "postgresql" else {"charset": "utf8mb4"})}
    address = sqlalchemy.URL.create(driver, READER, host="127.0.0.1", port=server.port, database="shop")
    with sqlalchemy.create_engine(address, connect_args=arguments).connect() as connection:
        assert len(pd.read_sql(sqlalchemy.text("SELECT * FROM orders"), connection)) == ROWS


def main(what: str, dialect: str, port: str, schema: str) -> None:
    server = Database(dialect, Path(), int(port), None, schema, None)  # type: ignore[arg-type]
    # What a process loads once is not measured.
    for module in ("pandas", "sqlalchemy", "psycopg", "pymysql") if what == "pandas" else ():
        importlib.import_module(module)
    with memory_of() as samples:
        began = time.perf_counter()
        {"fetched": fetched, "loaded": loaded, "pandas": pandas}[what](server)
        taken = time.perf_counter() - began
    print(taken, extra_mb(samples))


if __name__ == "__main__":
    main(*sys.argv[1:])
