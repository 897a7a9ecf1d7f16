"""What may be sent: one SELECT, in the dialect's own words, and the rows of it that are new."""

from __future__ import annotations

import pytest

from kpi.errors import DatabaseError
from kpi.ingest.database import DIALECTS, Column, DatabaseSource, Since, connection_from
from kpi.ingest.database.statement import checked_select, origin, rows_statement

POSTGRESQL, MYSQL = DIALECTS["postgresql"], DIALECTS["mysql"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- nothing",
        "DELETE FROM orders",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE orders",
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
        "WITH new AS (INSERT INTO orders VALUES (1) RETURNING *) SELECT * FROM new",
        "SELECT * INTO copied FROM orders",
        "SELECT * FROM orders FOR UPDATE",
        "EXPLAIN ANALYZE DELETE FROM orders",
        "COPY orders TO '/tmp/x'",
        "SET ROLE boss",
        "DO $$ BEGIN DELETE FROM orders; END $$",
        "VACUUM",
        "SELECT 1 /* ; */ ; -- \nDELETE FROM orders",
        "SELECT 'unfinished",
        "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    ],
)
def test_only_one_statement_that_reads_is_sent(text: str) -> None:
    with pytest.raises(DatabaseError):
        checked_select(text, POSTGRESQL)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 /*! ; DELETE FROM orders */",
        "SELECT 1 /*!50000 INTO OUTFILE '/tmp/x' */",
        "SELECT 1 /*M!100100 FOR UPDATE */",
        "SELECT * FROM orders INTO OUTFILE '/tmp/x'",
        "SELECT * FROM orders LOCK IN SHARE MODE",
        "SELECT 1;\nDELETE FROM orders",
    ],
)
def test_a_comment_that_mysql_would_run_is_no_comment(text: str) -> None:
    with pytest.raises(DatabaseError):
        checked_select(text, MYSQL)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("SELECT 1", "SELECT 1"),
        (" select id from orders ; ", "select id from orders"),
        ("SELECT ';' AS a -- b", "SELECT ';' AS a -- b"),
        ("SELECT 'ą;' AS a; -- the last word;", "SELECT 'ą;' AS a"),
        ("SELECT 1;\n; /*! DELETE FROM orders */", "SELECT 1"),
        ("WITH a AS (SELECT 1 AS x) SELECT * FROM a", "WITH a AS (SELECT 1 AS x) SELECT * FROM a"),
        ("SELECT 1 UNION ALL SELECT 2", "SELECT 1 UNION ALL SELECT 2"),
    ],
)
def test_a_select_is_sent_as_it_was_written(text: str, sent: str) -> None:
    assert checked_select(text, POSTGRESQL) == sent


def test_a_select_that_names_a_person_is_not_remembered_and_so_not_run() -> None:
    with pytest.raises(DatabaseError, match="e-mail"):
        checked_select("SELECT * FROM orders WHERE email = 'jan.kowalski@example.com'", POSTGRESQL)
    assert checked_select("SELECT * FROM orders WHERE email NOT LIKE '%@myshop.example'", POSTGRESQL)


def test_a_comment_at_the_end_does_not_swallow_what_follows() -> None:
    start = origin(DatabaseSource("c", select="SELECT 1 AS a -- b"), POSTGRESQL)
    assert rows_statement(start, (Column("a", "whole", '"a"'),), POSTGRESQL, limit=5) == (
        'SELECT "a" AS "a" FROM (\nSELECT 1 AS a -- b\n) AS q LIMIT 5'
    )


def test_names_with_quotes_stay_names() -> None:
    assert origin(DatabaseSource("c", ('a"b', "x y")), POSTGRESQL) == '"a""b"."x y"'
    assert origin(DatabaseSource("c", ("a`b", "x")), MYSQL) == "`a``b`.`x`"


def test_rows_since_a_moment_begin_a_day_earlier_and_bring_their_whole_group() -> None:
    columns = (Column("id", "whole", '"id"'), Column("at", "moment", '"at"'))
    found = rows_statement('"lines"', columns, POSTGRESQL, Since("at", "2026-03-02 10:30:00", group="id"))
    assert found == (
        'SELECT "id" AS "id", "at" AS "at" FROM "lines" WHERE ("id" IN (SELECT "id" FROM "lines" '
        'WHERE ("at" >= \'2026-03-01 10:30:00\' OR "at" IS NULL)) OR "id" IS NULL)'
    )
    daily = rows_statement('"t"', columns, POSTGRESQL, Since("at", "2026-03-02 10:30:00", is_daily=True))
    assert daily.endswith('WHERE ("at" >= \'2026-03-01 00:00:00\' OR "at" IS NULL)')


def test_a_value_that_is_no_number_or_day_never_reaches_a_statement() -> None:
    columns = (Column("id", "whole", '"id"'), Column("at", "moment", '"at"'))
    for since in (Since("id", "1 OR 1=1"), Since("at", "2026-01-01' OR 'a'='a")):
        with pytest.raises(ValueError, match="1"):
            rows_statement('"t"', columns, POSTGRESQL, since)


def test_a_connection_is_read_as_streamlit_writes_it() -> None:
    by_url = connection_from("a", {"url": "postgresql+psycopg2://u:p%40%2F@db.example:6543/shop?sslmode=require"})
    by_parts = connection_from(
        "a",
        {
            "type": "sql",
            "dialect": "postgresql",
            "host": "db.example",
            "port": "6543",
            "database": "shop",
            "username": "u",
            "password": "p@/",
            "query": {"sslmode": "require"},
        },
    )
    assert by_url == by_parts
    assert by_url.password == "p@/"
    assert connection_from("b", {"dialect": "mariadb", "host": "h"}).kind.id == "mysql"
    assert connection_from("c", {"url": "sqlite:////srv/shop.db"}).database == "/srv/shop.db"


@pytest.mark.parametrize(
    "values",
    [{}, {"dialect": "oracle"}, {"url": "nonsense"}, {"dialect": "mysql", "port": "x"}, {"url": "mysql://h:x/"}],
)
def test_what_is_no_connection_says_so_without_its_values(values: dict[str, str]) -> None:
    with pytest.raises(DatabaseError) as caught:
        connection_from("a", {**values, "password": "s3cret"})
    assert "s3cret" not in str(caught.value)


def test_a_password_is_in_no_text_of_its_connection() -> None:
    connection = connection_from("a", {"url": "mysql://u:s3cret@h/d?token=t0ken"})
    assert "s3cret" not in repr(connection)
    assert "t0ken" not in f"{connection}"


def test_a_driver_that_is_not_installed_names_its_extra() -> None:
    connection = connection_from("a", {"dialect": "snowflake", "host": "h"})
    if connection.kind.is_installed:
        pytest.skip("it is installed here")
    with pytest.raises(DatabaseError, match=r"koszyk\[snowflake\]"):
        connection.require_driver()


def test_what_is_typed_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DatabaseError):
        checked_select("ALTER USER reader PASSWORD 'secret'", POSTGRESQL)
    with pytest.raises(DatabaseError):
        checked_select("SHOW GRANTS FOR secret", POSTGRESQL)
    assert "secret" not in caplog.text
