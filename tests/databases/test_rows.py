"""What stands in a database arrives as it is: decimals, times, words, nothing; and nothing of it where a row cannot be."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kpi import DatabaseSource, Query, Workspace
from kpi.errors import DatabaseError
from kpi.ingest.database import fetch, first_rows, tables
from tests.databases.servers import Database

# Odd names, exact decimals, no-break spaces, an e-mail, nothing at all.
POSTGRESQL_ODD = (
    'CREATE TABLE odd ("Nr zamówienia ""A""" bigint, "kwota" numeric(20,4), any_number numeric, real_number double precision, '
    "placed date, at timestamp(3), at_zone timestamptz, is_paid boolean, tags text[], extra jsonb, picture bytea, "
    "note text, price money, who uuid, late interval, kind char(3))",
    "INSERT INTO odd VALUES (9223372036854775807, 1234567890123456.7891, 0.123456789012345678901234567890, 0.1, '2026-02-28', "
    "'2026-03-29 02:30:00.5', '2026-03-29 03:30:00+02', true, '{a,\"b c\"}', '{\"ą\": [1, null]}', '\\x00ff', "
    "'Zażółć gęślą 🧺\u00a0', 12.50, '7e57e57e-0000-4000-8000-000000000001', '1 day 02:00', 'ab')",
    "INSERT INTO odd (kwota, any_number, at) VALUES (1.234, 'NaN', 'infinity')",
    "INSERT INTO odd (note) VALUES (repeat('x', 1000000))",
)
MARIADB_ODD = (
    'CREATE TABLE odd (`Nr zamówienia "A"` bigint unsigned, kwota decimal(20,4), any_number decimal(65,30), real_number double, '
    "placed date, at datetime(3), at_zone timestamp(0) NULL, is_paid boolean, extra json, picture blob, note longtext, "
    "kind enum('ab','c'), bits bit(3), made year) DEFAULT CHARSET utf8mb4",
    "INSERT INTO odd VALUES (18446744073709551615, 1234567890123456.7891, 0.123456789012345678901234567890, 0.1, '2026-02-28', "
    "'2026-03-29 02:30:00.5', '2026-03-29 01:30:00', true, '{\"ą\": [1, null]}', x'00ff', 'Zażółć gęślą 🧺\u00a0', "
    "'ab', b'101', 2026)",
    "INSERT INTO odd (kwota, placed) VALUES (1.234, '0000-00-00')",
    "INSERT INTO odd (note) VALUES (repeat('x', 1000000))",
)


def rows_of(server: Database, path: Path, source: DatabaseSource) -> list[dict[str, object]]:
    fetch(server.connection, source, path)
    return pq.read_table(path).to_pylist()


def test_every_type_of_postgresql_arrives_exactly(postgresql: Database, tmp_path: Path) -> None:
    postgresql.run("DROP TABLE IF EXISTS odd", *POSTGRESQL_ODD)
    path = tmp_path / "rows"
    fetched = fetch(postgresql.connection, DatabaseSource("c", ("public", "odd")), path)
    assert fetched.left_out == ("picture",)
    first, second, third = pq.read_table(path, columns=[c.name for c in fetched.columns if c.name != "at"]).to_pylist()
    assert first['Nr zamówienia "A"'] == 2**63 - 1
    assert first["kwota"] == "1234567890123456.7891"
    assert first["any_number"] == "0.123456789012345678901234567890"
    assert first["real_number"] == 0.1
    assert first["placed"] == date(2026, 2, 28)
    assert first["at_zone"].timestamp() == datetime.fromisoformat("2026-03-29T01:30:00+00:00").timestamp()
    assert first["is_paid"] is True
    assert (first["tags"], first["extra"]) == ('{a,"b c"}', '{"ą": [1, null]}')
    assert (first["note"], first["price"], first["late"]) == ("Zażółć gęślą 🧺\u00a0", "12.50", "1 day 02:00:00")
    assert first["who"] == "7e57e57e-0000-4000-8000-000000000001"
    # four digits behind the point, so that it is no thousand
    assert (second["kwota"], second["any_number"]) == ("1.2340", "NaN")
    assert third["note"] == "x" * 1_000_000
    assert [name for name, value in third.items() if value is not None] == ["note"]


def test_every_type_of_mariadb_arrives_exactly(mariadb: Database, tmp_path: Path) -> None:
    mariadb.run("DROP TABLE IF EXISTS odd", "SET sql_mode = ''", "SET time_zone = '+00:00'", *MARIADB_ODD)
    path = tmp_path / "rows"
    fetched = fetch(mariadb.connection, DatabaseSource("c", ("shop", "odd")), path)
    assert fetched.left_out == ("picture",)
    first, second, third = pq.read_table(path).to_pylist()
    assert first['Nr zamówienia "A"'] == 2**64 - 1
    assert first["kwota"] == "1234567890123456.7891"
    assert first["any_number"] == "0.123456789012345678901234567890"
    assert first["real_number"] == "0.1"
    assert (first["placed"], first["at"]) == ("2026-02-28", "2026-03-29 02:30:00.500")
    assert first["at_zone"] == "2026-03-29 01:30:00+00:00"
    assert (first["is_paid"], first["bits"], first["made"], first["kind"]) == (1, "5", 2026, "ab")
    assert (first["extra"], first["note"]) == ('{"ą": [1, null]}', "Zażółć gęślą 🧺\u00a0")
    assert (second["kwota"], second["placed"]) == ("1.2340", "0000-00-00")
    assert third["note"] == "x" * 1_000_000
    assert [name for name, value in third.items() if value is not None] == ["note"]


ORDERS = (
    "DROP TABLE IF EXISTS shop_orders",
    "CREATE TABLE shop_orders (id int primary key, email varchar(80), placed timestamp, total decimal(12,4), currency char(3), status varchar(20))",
    "INSERT INTO shop_orders VALUES (1, 'jan.kowalski@example.com', '2026-01-05 10:00:00', 100.1250, 'PLN', 'paid'), "
    "(2, 'ewa.nowak@example.com', '2026-01-06 11:30:00', 1.2340, 'PLN', 'paid'), "
    "(3, NULL, '2026-02-01 00:00:00', 1000000.0001, 'PLN', 'cancelled')",
)


def test_a_table_becomes_numbers_without_a_rounding_error(database: Database, shop: Workspace) -> None:
    database.run(*ORDERS)
    source = DatabaseSource("shop-db", database.table("shop_orders"))
    asked = shop.sources.add(database.connection, source)
    assert [question.key for question in asked.questions] == ["table", "columns"]
    assert shop.sources.all() == ()
    columns = {"order_id": "id", "ordered_at": "placed", "total_amount": "total", "currency": "currency"}
    answers = {"table": "orders", "columns": columns | {"status": "status", "customer_email": "email"}}
    load = shop.sources.add(database.connection, source, answers=answers)
    assert (load.rows.read, load.rows.loaded, load.rows.refused) == (3, 3, 0)
    assert load.name == f"{database.schema}.shop_orders (shop-db)"
    stored = shop._store.rows("select total_amount from live_orders order by order_id")
    assert [amount for (amount,) in stored] == [Decimal("100.1250"), Decimal("1.2340"), Decimal("1000000.0001")]
    # 100.125 + 1.234; the cancelled order is left out
    assert shop.ask(Query(("orders", "net_sales"))).totals == {"orders": 2, "net_sales": pytest.approx(101.359)}


def test_a_moment_with_a_zone_is_the_day_of_the_workspace(database: Database, shop: Workspace) -> None:
    kind = "timestamptz" if database.dialect == "postgresql" else "timestamp NULL"
    at = "'2026-01-31 23:30:00+00'" if database.dialect == "postgresql" else "'2026-01-31 23:30:00'"
    database.run(
        "DROP TABLE IF EXISTS zoned",
        *([] if database.dialect == "postgresql" else ["SET time_zone = '+00:00'"]),
        f"CREATE TABLE zoned (order_id int, ordered_at {kind}, total decimal(9,2), currency char(3))",
        f"INSERT INTO zoned VALUES (1, {at}, 10, 'PLN')",
    )
    shop.sources.add(database.connection, DatabaseSource("shop-db", database.table("zoned")))
    # half past eleven in Greenwich is half past midnight in Warsaw
    assert shop._store.rows("select day from facts.orders") == [(date(2026, 2, 1),)]


def test_a_select_is_read_like_a_table(database: Database, shop: Workspace) -> None:
    database.run(*ORDERS)
    text = "WITH paid AS (SELECT * FROM shop_orders WHERE status = 'paid') SELECT id AS order_id, placed AS ordered_at, total, currency FROM paid -- all"
    load = shop.sources.add(database.connection, DatabaseSource("shop-db", select=text, title="Paid orders"))
    assert (load.name, load.tables["orders"]) == ("Paid orders (shop-db)", 2)


def test_the_tables_are_listed_with_their_columns(database: Database) -> None:
    database.run(*ORDERS)
    listed = {table.name: table for table in tables(database.connection)}
    assert listed["shop_orders"].schema == database.schema
    assert listed["shop_orders"].columns == ("id", "email", "placed", "total", "currency", "status")


def test_a_look_at_the_first_rows_names_nobody(database: Database, tmp_path: Path) -> None:
    database.run(*ORDERS)
    fetched = fetch(database.connection, DatabaseSource("c", database.table("shop_orders")), tmp_path / "head", limit=2)
    assert fetched.rows == 2
    found = first_rows(tmp_path / "head")
    assert found.columns == ("id", "email", "placed", "total", "currency", "status")
    assert [row[1] for row in found.rows] == ["•••", "•••"]
    assert [row[0] for row in found.rows] == ["1", "2"]


def test_an_empty_table_changes_nothing_and_says_so(database: Database, shop: Workspace) -> None:
    database.run(
        "DROP TABLE IF EXISTS nothing", "CREATE TABLE nothing (order_id int, ordered_at date, total decimal(9,2))"
    )
    with pytest.raises(DatabaseError, match="no rows"):
        shop.sources.add(database.connection, DatabaseSource("shop-db", database.table("nothing")))
    assert shop.imports() == ()
    assert shop.sources.all() == ()


def test_two_columns_of_one_name_are_refused(database: Database, tmp_path: Path) -> None:
    source = DatabaseSource("c", select="SELECT 1 AS id, 2 AS id")
    with pytest.raises(DatabaseError, match="name"):
        fetch(database.connection, source, tmp_path / "rows")
