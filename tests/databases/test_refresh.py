"""Reading a source again: everything or what is new, each an import that can be undone to the row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi import DatabaseSource, Load, Query, Workspace
from kpi.errors import DatabaseError
from kpi.ingest.database import fetch
from kpi.sources import watermarks
from tests.databases.servers import PASSWORD, Database

FIRST = (
    "DROP TABLE IF EXISTS sales",
    "CREATE TABLE sales (order_id int primary key, email varchar(80), ordered_at timestamp, changed timestamp, total decimal(12,2), currency char(3))",
    "INSERT INTO sales VALUES (1, 'a@example.com', '2026-01-05 10:00:00', '2026-01-05 10:00:00', 100, 'PLN'), "
    "(2, 'b@example.com', '2026-01-06 10:00:00', '2026-01-06 10:00:00', 200, 'PLN'), "
    "(3, 'c@example.com', '2026-01-10 10:00:00', '2026-01-10 10:00:00', 400, 'PLN')",
)
# One order is corrected, one is new, and one of January is read again for the day's overlap.
LATER = (
    "UPDATE sales SET total = 250, changed = '2026-01-20 09:00:00' WHERE order_id = 2",
    "INSERT INTO sales VALUES (4, 'd@example.com', '2026-01-21 10:00:00', '2026-01-21 10:00:00', 800, 'PLN')",
)


def loaded(server: Database, shop: Workspace, **more: object) -> Load:
    server.run(*FIRST)
    source = DatabaseSource("shop-db", server.table("sales"))
    return shop.sources.add(server.connection, source, watermark="changed", **more)  # type: ignore[arg-type]


def net_sales(shop: Workspace) -> float:
    return float(shop.ask(Query(("net_sales",))).totals["net_sales"])


def orders(shop: Workspace) -> list[tuple[object, ...]]:
    return shop._store.rows("select * exclude (import_id, row_no) from live_orders order by order_id")


def test_what_is_new_replaces_and_joins_what_was_there(database: Database, shop: Workspace) -> None:
    loaded(database, shop)
    (source,) = shop.sources.all()
    assert (net_sales(shop), source.reach) == (700, "2026-01-10 10:00:00")
    database.run(*LATER)
    load = shop.sources.refresh(database.connection, source.id)
    # since 9 January 10:00: orders 2 (corrected), 3 (once more) and 4
    assert load.rows.loaded == 3
    assert net_sales(shop) == 100 + 250 + 400 + 800
    assert shop.sources.all()[0].reach == "2026-01-21 10:00:00"


def test_undoing_a_refresh_brings_the_old_rows_back_exactly(database: Database, shop: Workspace) -> None:
    loaded(database, shop)
    (source,) = shop.sources.all()
    before, reach = orders(shop), source.reach
    database.run(*LATER)
    load = shop.sources.refresh(database.connection, source.id)
    assert orders(shop) != before
    shop.undo(load.import_id or 0)
    assert orders(shop) == before
    assert shop.sources.all()[0].reach == reach
    # so that what was undone comes with the next refresh
    shop.sources.refresh(database.connection, source.id)
    assert net_sales(shop) == 1550


def test_a_gap_that_an_undo_leaves_is_read_again(postgresql: Database, shop: Workspace) -> None:
    loaded(postgresql, shop)
    (source,) = shop.sources.all()
    postgresql.run(*LATER)
    middle = shop.sources.refresh(postgresql.connection, source.id)
    postgresql.run(
        "INSERT INTO sales VALUES (5, 'e@example.com', '2026-03-01 10:00:00', '2026-03-01 10:00:00', 1600, 'PLN')"
    )
    shop.sources.refresh(postgresql.connection, source.id)
    shop.undo(middle.import_id or 0)
    # the correction of order 2 is missing: the third import began on 20 January at ten, an hour after it
    assert net_sales(shop) == 100 + 200 + 400 + 800 + 1600
    assert shop.sources.all()[0].reach == "2026-01-10 10:00:00"
    shop.sources.refresh(postgresql.connection, source.id)
    assert net_sales(shop) == 100 + 250 + 400 + 800 + 1600


def test_without_a_whole_import_that_counts_everything_is_read(postgresql: Database, shop: Workspace) -> None:
    first = loaded(postgresql, shop)
    (source,) = shop.sources.all()
    postgresql.run(*LATER)
    shop.sources.refresh(postgresql.connection, source.id)
    shop.undo(first.import_id or 0)
    assert shop.sources.all()[0].reach is None
    assert shop.sources.refresh(postgresql.connection, source.id).rows.loaded == 4
    assert net_sales(shop) == 1550


def test_a_whole_refresh_says_which_rows_are_gone(postgresql: Database, shop: Workspace) -> None:
    loaded(postgresql, shop)
    (source,) = shop.sources.all()
    postgresql.run("DELETE FROM sales WHERE order_id = 1", *LATER)
    load = shop.sources.refresh(postgresql.connection, source.id, is_whole=True)
    assert net_sales(shop) == 100 + 250 + 400 + 800
    assert any(note.params.get("n") == 1 and "not in the database" in note.text for note in load.notes)
    shop.undo(shop.imports()[-1].id)
    assert net_sales(shop) == 250 + 400 + 800


def test_the_same_content_changes_nothing_unless_something_came_after_it(postgresql: Database, shop: Workspace) -> None:
    loaded(postgresql, shop)
    (source,) = shop.sources.all()
    assert shop.sources.refresh(postgresql.connection, source.id, is_whole=True).is_unchanged
    assert len(shop.imports()) == 1
    shop.add(b"order_id,ordered_at,total,currency\n1,2026-01-05,999,PLN\n", name="correction.csv")
    assert net_sales(shop) == 999 + 200 + 400
    assert not shop.sources.refresh(postgresql.connection, source.id, is_whole=True).is_unchanged
    assert net_sales(shop) == 700


def test_rows_without_a_watermark_are_not_missed(database: Database, shop: Workspace) -> None:
    loaded(database, shop)
    (source,) = shop.sources.all()
    database.run("INSERT INTO sales VALUES (6, NULL, '2026-01-07 10:00:00', NULL, 50, 'PLN')")
    shop.sources.refresh(database.connection, source.id)
    assert net_sales(shop) == 750


def test_a_changed_line_brings_the_other_lines_of_its_order(database: Database, shop: Workspace) -> None:
    database.run(
        "DROP TABLE IF EXISTS bought",
        "CREATE TABLE bought (order_id int, order_date date, product varchar(20), quantity int, unit_price decimal(9,2), currency char(3), changed timestamp)",
        "INSERT INTO bought VALUES (1, '2026-01-05', 'mug', 1, 10, 'PLN', '2026-01-05 10:00:00'), "
        "(1, '2026-01-05', 'pot', 2, 30, 'PLN', '2026-01-05 10:00:00'), (2, '2026-02-05', 'mug', 1, 10, 'PLN', '2026-02-05 10:00:00')",
    )
    shop.sources.add(database.connection, DatabaseSource("shop-db", database.table("bought")), watermark="changed")
    (source,) = shop.sources.all()
    database.run("UPDATE bought SET quantity = 5, changed = '2026-03-01 10:00:00' WHERE product = 'pot'")
    assert shop.sources.refresh(database.connection, source.id).rows.loaded == 3
    # 10 + 5 × 30 + 10
    assert shop.ask(Query(("item_sales",))).totals["item_sales"] == 170


def test_a_day_in_the_future_does_not_hide_what_comes_before_it(postgresql: Database, shop: Workspace) -> None:
    postgresql.run(*FIRST, "UPDATE sales SET changed = '2037-01-01 00:00:00' WHERE order_id = 3")
    shop.sources.add(postgresql.connection, DatabaseSource("shop-db", postgresql.table("sales")), watermark="changed")
    (source,) = shop.sources.all()
    assert source.reach is not None
    assert source.reach < "2037"


def test_which_columns_can_tell_new_rows_depends_on_the_table(
    postgresql: Database, shop: Workspace, tmp_path: Path
) -> None:
    postgresql.run(
        *FIRST,
        "DROP TABLE IF EXISTS visits",
        "CREATE TABLE visits (day date, channel text, sessions int, changed timestamp)",
        "INSERT INTO visits VALUES ('2026-01-01', 'organic', 10, '2026-01-02 03:00:00'), ('2026-01-02', 'email', 3, '2026-01-03 03:00:00')",
    )

    def offered(table: str) -> tuple[str, ...]:
        path = tmp_path / table
        fetched = fetch(postgresql.connection, DatabaseSource("c", ("public", table)), path)
        load = shop.preview(path, name=table)
        assert load.mapping is not None
        told = {"table": load.mapping.table, "columns": load.mapping.chosen}
        return watermarks(shop.preview(path, name=table, answers=told), fetched.columns)

    assert offered("sales") == ("order_id", "ordered_at", "changed")
    # half a day of a report would replace the whole of it
    assert offered("visits") == ("day",)


def test_what_is_remembered_holds_no_secret_and_nobody(database: Database, shop: Workspace, tmp_path: Path) -> None:
    loaded(database, shop)
    shop.sources.refresh(database.connection, shop.sources.all()[0].id)
    remembered = json.dumps(shop._store.rows("select source_id, connection, origin, answers, watermark from sources"))
    assert "shop-db" in remembered
    shop.close()
    for path in (file for file in (tmp_path / "home").rglob("*") if file.is_file()):
        content = path.read_bytes()
        for secret in (PASSWORD, "reader", "127.0.0.1", "a@example.com"):
            assert secret.encode() not in content, path


def test_a_source_that_is_forgotten_leaves_its_rows(postgresql: Database, shop: Workspace) -> None:
    loaded(postgresql, shop)
    shop.sources.forget(shop.sources.all()[0].id)
    assert shop.sources.all() == ()
    assert net_sales(shop) == 700
    with pytest.raises(DatabaseError):
        shop.sources.refresh(postgresql.connection, 1)
