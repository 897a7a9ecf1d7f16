"""What goes wrong says what, where and what to do, holds no secret and nobody, and leaves the workspace as it was."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kpi import Connection, DatabaseSource, KpiError, Workspace
from kpi.errors import DatabaseError
from kpi.ingest.database import Stop, fetch, sign_in, tables
from kpi.wording import words
from tests.databases.conftest import started
from tests.databases.servers import PASSWORD, READER, Database

PERSON = "jan.kowalski@example.com"
COLUMNS = "(order_id int primary key, email varchar(80), ordered_at timestamp, total decimal(12,2), currency char(3))"
SLOW = {"postgresql": "SELECT pg_sleep(60)::text AS a", "mysql": "SELECT SLEEP(60) AS a"}


@pytest.fixture(scope="module")
def million_postgresql(postgresql: Database) -> Database:
    return filled(postgresql)


@pytest.fixture(scope="module")
def million_mariadb(mariadb: Database) -> Database:
    return filled(mariadb)


@pytest.fixture(params=["postgresql", "mariadb"])
def million(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(f"million_{request.param}")
    return found


def filled(server: Database) -> Database:
    """A million orders of 1.10, 2.20 … 11.00 in turn."""
    numbers = {
        "postgresql": f"SELECT i, '{PERSON}', timestamp '2025-01-01' + i * interval '20 seconds', (i % 10 + 1) * 1.1, 'PLN' FROM generate_series(0, 999999) i",
        "mysql": f"SELECT seq, '{PERSON}', timestamp('2025-01-01') + interval seq * 20 second, (seq % 10 + 1) * 1.1, 'PLN' FROM seq_0_to_999999",
    }
    server.run("DROP TABLE IF EXISTS big", f"CREATE TABLE big {COLUMNS}", f"INSERT INTO big {numbers[server.dialect]}")
    return server


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[KpiError], str]]:
    """Everything that anybody could read of an error: its words in both languages, the log, both streams."""
    caplog.set_level(logging.DEBUG)

    def everything(error: KpiError) -> str:
        shown = [words(lang).say(one) for lang in ("en", "pl") for one in (error.title, error.detail, error.fix)]  # type: ignore[arg-type]
        return "\n".join([*shown, str(error), repr(error), repr(error.__cause__), caplog.text, *capfd.readouterr()])

    return everything


def wrong(server: Database, **changes: object) -> Connection:
    return replace(server.connection, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"password": "wr0ng-" + PASSWORD}, "let the connection shop-db in"),
        ({"username": "nobody-here"}, "let the connection shop-db in"),
        ({"database": "nowhere"}, "let the connection shop-db in"),
        ({"port": 1}, "No database answers"),
        ({"host": "no-such-host.invalid"}, "not known in this network"),
    ],
)
def test_a_connection_that_is_wrong_says_how(
    database: Database, changes: dict[str, object], what: str, said: Callable[[KpiError], str]
) -> None:
    with pytest.raises(DatabaseError, match=what) as caught:
        sign_in(wrong(database, **changes))
    text = said(caught.value)
    assert PASSWORD not in text
    assert READER not in text
    assert "no-such-host" not in text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT * FROM vanished", "table that is read does not exist"),
        ("SELECT nothing FROM big", "column that is read does not exist"),
        (f"SELECT no_such_function('{PERSON[:4]}') AS a", "does not understand"),
    ],
)
def test_a_statement_that_fails_says_why_in_our_words(
    million: Database, tmp_path: Path, text: str, what: str, said: Callable[[KpiError], str]
) -> None:
    with pytest.raises(DatabaseError, match=what) as caught:
        fetch(million.connection, DatabaseSource("shop-db", select=text), tmp_path / "rows")
    assert "no_such_function" not in said(caught.value)
    assert not (tmp_path / "rows").exists()


def test_a_value_that_a_server_complains_of_is_not_passed_on(
    postgresql: Database, tmp_path: Path, said: Callable[[KpiError], str]
) -> None:
    filled_names = (
        "DROP TABLE IF EXISTS names",
        "CREATE TABLE names (who text)",
        f"INSERT INTO names VALUES ('{PERSON}')",
    )
    postgresql.run(*filled_names)
    with pytest.raises(DatabaseError) as caught:
        fetch(
            postgresql.connection,
            DatabaseSource("shop-db", select="SELECT who::int AS a FROM names"),
            tmp_path / "rows",
        )
    assert PERSON not in said(caught.value)


def test_a_write_inside_a_function_is_refused_by_the_session(postgresql: Database, tmp_path: Path) -> None:
    """The check of the statement cannot see inside a function; the read-only transaction does."""
    postgresql.run(
        "CREATE TABLE IF NOT EXISTS written (a int)",
        "CREATE OR REPLACE FUNCTION writes() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO written VALUES (1) RETURNING a'",
    )
    for text in (
        "SELECT writes() AS a",
        "SELECT set_config('transaction_read_only', 'off', false) AS a, writes() AS b",
    ):
        with pytest.raises(DatabaseError, match="may not read this, or the statement would write"):
            fetch(postgresql.connection, DatabaseSource("shop-db", select=text), tmp_path / "rows")


def test_a_write_inside_a_function_of_mariadb_is_refused_by_the_session(mariadb: Database, tmp_path: Path) -> None:
    mariadb.run(
        "CREATE TABLE IF NOT EXISTS written (a int)",
        "DROP FUNCTION IF EXISTS writes",
        "CREATE FUNCTION writes() RETURNS int SQL SECURITY DEFINER BEGIN INSERT INTO written VALUES (1); RETURN 1; END",
        f"GRANT EXECUTE ON FUNCTION shop.writes TO '{READER}'@'%'",
    )
    with pytest.raises(DatabaseError, match="may not read this, or the statement would write"):
        fetch(mariadb.connection, DatabaseSource("shop-db", select="SELECT writes() AS a"), tmp_path / "rows")
    assert not (tmp_path / "rows").exists()


def test_a_statement_may_not_take_for_ever(database: Database, tmp_path: Path) -> None:
    source = DatabaseSource("shop-db", select=SLOW[database.dialect])
    with pytest.raises(DatabaseError, match="took longer"):
        fetch(database.connection, source, tmp_path / "rows", seconds=1)


def test_a_million_rows_come_in_whole(million: Database, tmp_path: Path) -> None:
    seen: list[int] = []
    fetched = fetch(
        million.connection,
        DatabaseSource("shop-db", million.table("big")),
        tmp_path / "rows",
        watermark="order_id",
        progress=seen.append,
    )
    assert (fetched.rows, fetched.highest) == (1_000_000, "999999")
    assert seen == sorted(seen)
    assert len(seen) > 10
    with Workspace(":memory:") as shop:
        con = shop._store.cursor()
        staged = shop._store.staging / "rows.parquet"
        staged.write_bytes((tmp_path / "rows").read_bytes())
        # 100,000 times 1.1 + 2.2 + … + 11.0
        total = con.execute(f"select sum(total::decimal(12, 2))::varchar from read_parquet('{staged}')").fetchone()
        assert total == ("6050000.00",)


def test_cancelling_stops_at_once_and_loads_nothing(million: Database, shop: Workspace) -> None:
    stop = Stop()

    def saw(rows: int) -> None:
        if rows > 50_000:
            stop.ask()

    source = DatabaseSource("shop-db", million.table("big"))
    with pytest.raises(DatabaseError, match="was cancelled"):
        shop.sources.add(million.connection, source, progress=saw, stop=stop)
    assert (shop.imports(), shop.sources.all()) == ((), ())
    assert list(shop._store.staging.glob("add-*")) == []


def test_cancelling_wakes_a_server_that_is_still_thinking(database: Database, tmp_path: Path) -> None:
    stop = Stop()
    timer = threading.Timer(1, stop.ask)
    timer.start()
    source = DatabaseSource("shop-db", select=SLOW[database.dialect])
    with pytest.raises(DatabaseError, match="was cancelled"):
        fetch(database.connection, source, tmp_path / "rows", stop=stop)
    timer.join()
    running = {
        "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
        "mysql": "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP(60)%' AND id <> connection_id()",
    }
    with database._admin(database.port) as session, session.cursor() as cursor:
        cursor.execute(running[database.dialect])
        assert cursor.fetchone() == (0,)


def test_cancelling_while_rows_are_stored_leaves_nothing(postgresql: Database, shop: Workspace) -> None:
    postgresql.run(
        "DROP TABLE IF EXISTS few",
        f"CREATE TABLE few {COLUMNS}",
        "INSERT INTO few VALUES (1, NULL, '2026-01-01', 5, 'PLN')",
    )
    stop, take = Stop(), shop.sources._take

    def asked_meanwhile(*args: object, **more: object) -> object:
        stop.ask()
        return take(*args, **more)  # type: ignore[arg-type]

    shop.sources._take = asked_meanwhile  # type: ignore[assignment]
    with pytest.raises(DatabaseError, match="was cancelled"):
        shop.sources.add(postgresql.connection, DatabaseSource("shop-db", ("public", "few")), stop=stop)
    assert (shop.imports(), shop.sources.all()) == ((), ())


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_a_server_that_is_killed_midway_leaves_nothing(
    dialect: str, shop: Workspace, said: Callable[[KpiError], str]
) -> None:
    server = filled(started(dialect))
    try:
        source = DatabaseSource("shop-db", server.table("big"))

        def saw(rows: int) -> None:
            if rows > 50_000 and server.process.poll() is None:
                server.kill()

        with pytest.raises(DatabaseError, match="broke while rows were coming") as caught:
            shop.sources.add(server.connection, source, progress=saw)
        text = said(caught.value)
        assert PASSWORD not in text
        assert PERSON not in text
        assert (shop.imports(), shop.sources.all()) == ((), ())
        assert list(shop._store.staging.glob("add-*")) == []
        with pytest.raises(DatabaseError, match="No database answers"):
            tables(server.connection)
    finally:
        server.stop()


def test_a_column_that_is_gone_at_a_refresh_is_named(database: Database, shop: Workspace) -> None:
    database.run(
        "DROP TABLE IF EXISTS changing",
        f"CREATE TABLE changing {COLUMNS}",
        "INSERT INTO changing VALUES (1, NULL, '2026-01-01', 5, 'PLN')",
    )
    shop.sources.add(database.connection, DatabaseSource("shop-db", database.table("changing")), watermark="ordered_at")
    (source,) = shop.sources.all()
    before = shop.data_version
    database.run("ALTER TABLE changing RENAME COLUMN total TO amount_due")
    with pytest.raises(DatabaseError, match=r"no longer there.*total"):
        shop.sources.refresh(database.connection, source.id)
    database.run("DROP TABLE changing")
    with pytest.raises(DatabaseError, match="table that is read does not exist"):
        shop.sources.refresh(database.connection, source.id)
    assert shop.data_version == before


def test_a_table_that_may_not_be_read_says_so(postgresql: Database, tmp_path: Path) -> None:
    postgresql.run("CREATE TABLE IF NOT EXISTS secret (a int)", f"REVOKE ALL ON secret FROM {READER}")
    with pytest.raises(DatabaseError, match="may not read this"):
        fetch(postgresql.connection, DatabaseSource("shop-db", ("public", "secret")), tmp_path / "rows")
    assert "secret" not in {table.name for table in tables(postgresql.connection)}
