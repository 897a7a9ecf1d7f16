"""Files of SQLite and DuckDB: read only, and nothing else on the disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from kpi import Connection, DatabaseSource, Query, Workspace
from kpi.errors import DatabaseError
from kpi.ingest.database import fetch, tables

ROWS = [
    (1, "2026-01-05 10:00:00", 100.1, "PLN", "a@example.com", b"\x00"),
    (2, "2026-01-06T10:00:00", 200, "PLN", None, None),
    (3, "2026-02-01 00:00:00", 1.234, "PLN", "", None),
]


@pytest.fixture
def sqlite(tmp_path: Path) -> Connection:
    path = tmp_path / "a shop.sqlite"
    with closing(sqlite3.connect(path)) as con:
        con.execute('CREATE TABLE "the orders" (order_id, ordered_at, total, currency, email, picture)')
        con.executemany('INSERT INTO "the orders" VALUES (?, ?, ?, ?, ?, ?)', ROWS)
        con.commit()
    return Connection("file", "sqlite", database=str(path))


@pytest.fixture
def duck(tmp_path: Path) -> Connection:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table orders (order_id int, ordered_at timestamptz, total decimal(18,3), currency varchar, tags varchar[])"
        )
        con.execute(
            "insert into orders values (1, '2026-01-05 23:30:00+00', 100.125, 'PLN', ['a', 'b']), (2, '2026-01-06', 1.234, 'PLN', null)"
        )
    return Connection("file", "duckdb", database=str(path))


def test_a_table_of_sqlite_becomes_orders(sqlite: Connection) -> None:
    (table,) = tables(sqlite)
    assert (table.name, table.columns[:2]) == ("the orders", ("order_id", "ordered_at"))
    with Workspace(":memory:") as shop:
        load = shop.sources.add(sqlite, DatabaseSource("file", ("", "the orders")), watermark="ordered_at")
        assert (load.rows.read, load.rows.loaded) == (3, 3)
        assert any("picture" in str(note) for note in load.notes)
        # 100.10 + 200 + 1.234
        assert shop.ask(Query(("net_sales",))).totals["net_sales"] == pytest.approx(301.334)
        assert shop.sources.all()[0].reach == "2026-02-01 00:00:00"


def test_sqlite_is_not_written_to(sqlite: Connection, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError):
        fetch(sqlite, DatabaseSource("file", select='DELETE FROM "the orders"'), tmp_path / "rows")
    with pytest.raises(DatabaseError, match="does not exist"):
        fetch(sqlite, DatabaseSource("file", ("", "vanished")), tmp_path / "rows")
    with closing(sqlite3.connect(sqlite.database)) as con:
        assert con.execute('SELECT count(*) FROM "the orders"').fetchone() == (3,)


def test_a_query_of_sqlite_may_not_take_for_ever(sqlite: Connection, tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS a FROM n"
    with pytest.raises(DatabaseError, match="took longer"):
        fetch(sqlite, DatabaseSource("file", select=endless), tmp_path / "rows", seconds=1)


def test_a_table_of_duckdb_becomes_orders_to_the_last_digit(duck: Connection) -> None:
    with Workspace(":memory:") as shop:
        load = shop.sources.add(duck, DatabaseSource("file", ("main", "orders")))
        assert load.rows.loaded == 2
        stored = shop._store.rows("select total_amount::varchar from live_orders order by order_id")
        assert stored == [("100.1250",), ("1.2340",)]


@pytest.mark.parametrize(
    "text", ["SELECT * FROM read_csv('{file}')", "SELECT * FROM '{file}'", "FROM read_text('{file}')"]
)
def test_a_select_of_duckdb_reads_no_other_file(duck: Connection, tmp_path: Path, text: str) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(DatabaseError):
        fetch(duck, DatabaseSource("file", select=text.format(file=other)), tmp_path / "rows")


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb"])
def test_a_file_that_is_not_there_is_not_made(dialect: str, tmp_path: Path) -> None:
    path = tmp_path / "nothing"
    with pytest.raises(DatabaseError, match="No database answers"):
        tables(Connection("file", dialect, database=str(path)))
    assert not path.exists()


def test_one_cell_of_bytes_refuses_its_row_and_no_other(sqlite: Connection) -> None:
    """SQLite's cells have their own types: the two other amounts of the column count, 100.1 + 1.234."""
    with closing(sqlite3.connect(sqlite.database)) as con:
        con.execute('UPDATE "the orders" SET total = ? WHERE order_id = 2', (b"\x00\xff",))
        con.commit()
    with Workspace(":memory:") as shop:
        load = shop.sources.add(sqlite, DatabaseSource("file", ("", "the orders")))
        assert (load.rows.loaded, load.rows.refused) == (2, 1)
        assert "is not a number" in str(load.refused[0].reason)
        assert shop.ask(Query(("net_sales",))).totals["net_sales"] == pytest.approx(101.334)
