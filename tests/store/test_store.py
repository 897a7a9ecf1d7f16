"""Imports in and out: replaced, undone, brought back, survived; nothing is lost and nobody is brought back."""

import json
import stat
from datetime import date

import duckdb
import pytest

from kpi import KpiError, Query, Workspace
from kpi.errors import BadAnswer, UnknownImport, WorkspaceError
from kpi.store.journal import dumped, parsed
from tests.rows import load_rows, order, visit


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def totals(shop, *kpis):
    return shop.ask(Query(kpis)).totals


def test_a_newer_export_replaces_the_rows_with_the_same_keys(shop):
    load_rows(shop, "monday.csv", orders=[order("A", "2026-01-01", 10), order("B", "2026-01-02", 20)])
    load_rows(shop, "tuesday.csv", orders=[order("B", "2026-01-02", 25), order("C", "2026-01-03", 30)])
    assert totals(shop, "orders", "gross_sales") == {"orders": 3, "gross_sales": 65}


def test_undo_brings_back_what_was_replaced(shop):
    load_rows(shop, "monday.csv", orders=[order("A", "2026-01-01", 10)])
    tuesday = load_rows(shop, "tuesday.csv", orders=[order("A", "2026-01-01", 15), order("B", "2026-01-02", 5)])
    shop.undo(tuesday)
    assert totals(shop, "orders", "gross_sales") == {"orders": 1, "gross_sales": 10}
    shop.redo(tuesday)
    assert totals(shop, "orders", "gross_sales") == {"orders": 2, "gross_sales": 20}


def test_undoing_the_older_import_leaves_the_newer_one(shop):
    monday = load_rows(shop, "monday.csv", orders=[order("A", "2026-01-01", 10)])
    load_rows(shop, "tuesday.csv", orders=[order("A", "2026-01-01", 15)])
    shop.undo(monday)
    assert totals(shop, "gross_sales") == {"gross_sales": 15}


def test_undo_of_everything_leaves_nothing(shop):
    only = load_rows(shop, orders=[order("A", "2026-01-01", 10)], traffic=[visit("2026-01-01", 5)])
    shop.undo(only)
    assert set(shop.ask(Query(("orders", "sessions"))).refused) == {"orders", "sessions"}


def test_an_import_is_undone_once(shop):
    only = load_rows(shop, orders=[order("A", "2026-01-01")])
    shop.undo(only)
    with pytest.raises(UnknownImport):
        shop.undo(only)
    with pytest.raises(UnknownImport):
        shop.undo(99)
    with pytest.raises(UnknownImport):
        shop.redo(99)


def test_a_newer_report_replaces_the_same_breakdown_and_days(shop):
    load_rows(shop, "early.csv", traffic=[visit("2026-01-01", 5), visit("2026-01-02", 5)])
    load_rows(shop, "late.csv", traffic=[visit("2026-01-02", 9), visit("2026-01-03", 9)])
    assert totals(shop, "sessions") == {"sessions": 23}


def test_a_report_with_other_metrics_replaces_nothing(shop):
    load_rows(shop, "sessions.csv", traffic=[visit("2026-01-01", 5)])
    load_rows(
        shop,
        "users.csv",
        traffic=[{"period_start": "2026-01-01", "period_end": "2026-01-01", "breakdown": "", "users": 4}],
    )
    assert totals(shop, "sessions", "users") == {"sessions": 5, "users": 4}


def test_two_accounts_are_two_shops(shop):
    load_rows(shop, "pl.csv", "shopify/pl", orders=[order("#1", "2026-01-01", 10)])
    load_rows(shop, "de.csv", "shopify/de", orders=[order("#1", "2026-01-01", 20)])
    assert totals(shop, "orders", "gross_sales") == {"orders": 2, "gross_sales": 30}


def test_lines_of_an_order_are_replaced_together(shop):
    from tests.rows import line

    load_rows(
        shop,
        "one.csv",
        orders=[order("A", "2026-01-01", 30)],
        order_lines=[line("A", 1, "Mug", 1, 10), line("A", 2, "Bag", 1, 20)],
    )
    load_rows(shop, "two.csv", orders=[order("A", "2026-01-01", 10)], order_lines=[line("A", 1, "Mug", 1, 10)])
    assert totals(shop, "units", "item_sales") == {"units": 1, "item_sales": 10}


def test_the_data_version_rises_with_every_change_of_numbers(shop):
    versions = [shop.data_version]
    first = load_rows(shop, orders=[order("A", "2026-01-01")])
    versions.append(shop.data_version)
    shop.undo(first)
    versions.append(shop.data_version)
    shop.settings["time_zone"] = "America/New_York"
    versions.append(shop.data_version)
    assert versions == sorted(set(versions))


def test_days_are_counted_in_the_workspace_zone(shop):
    load_rows(shop, orders=[order("A", "2026-01-31 23:30:00", utc_offset=-300)])  # 04:30 UTC on 1 February
    assert shop.ask(Query(("orders",))).period == (date(2026, 2, 1), date(2026, 2, 1))
    shop.settings["time_zone"] = "America/New_York"
    assert shop.ask(Query(("orders",))).period == (date(2026, 1, 31), date(2026, 1, 31))


def test_a_time_without_an_offset_stays_on_its_written_day(shop):
    load_rows(shop, orders=[order("A", "2026-01-31 23:30:00")])
    assert shop.ask(Query(("orders",))).period == (date(2026, 1, 31), date(2026, 1, 31))


def test_settings_take_only_what_they_know(shop):
    with pytest.raises(BadAnswer):
        shop.settings["time_zone"] = "Middle/Earth"
    with pytest.raises(BadAnswer):
        shop.settings["nonsense"] = 1


def test_a_failing_import_leaves_the_workspace_as_it_was(shop):
    load_rows(shop, orders=[order("A", "2026-01-01", 10)])
    version = shop.data_version
    with pytest.raises(duckdb.Error):
        load_rows(shop, orders=[order("B", "no date", 20)])
    assert totals(shop, "orders") == {"orders": 1}
    assert (shop.data_version, len(shop.imports())) == (version, 1)


def test_a_workspace_survives_closing(tmp_path):
    path = tmp_path / "shop.duckdb"
    with Workspace(path) as shop:
        load_rows(shop, orders=[order("A", "2026-01-01", 10)])
        shop.settings["time_zone"] = "UTC"
        before = shop.imports()
    with Workspace(path) as shop:
        assert totals(shop, "gross_sales") == {"gross_sales": 10}
        assert shop.settings["time_zone"] == "UTC"
        assert shop.imports() == before


def test_the_key_is_readable_by_its_owner_only(tmp_path):
    with Workspace(tmp_path / "shop.duckdb"):
        key = tmp_path / "shop.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(key.read_bytes()) == 32


def test_a_file_that_is_no_workspace_is_said_to_be_none(tmp_path):
    path = tmp_path / "shop.duckdb"
    path.write_bytes(b"not a database" * 500)
    with pytest.raises(WorkspaceError) as raised:
        Workspace(path)
    assert "shop.duckdb" in str(raised.value.detail)
    assert str(tmp_path) not in str(raised.value)


def test_the_store_cannot_read_the_machine(shop, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for sql in (
        f"select * from read_csv('{secret}')",
        "install httpfs",
        "set enable_external_access = true",
        f"copy (select 1) to '{secret}'",
        f"attach '{tmp_path}/x.db'",
    ):
        with pytest.raises(duckdb.Error):
            shop._store.rows(sql)


def test_python_variables_are_out_of_reach_of_sql(shop):
    frame = {"a": [1]}  # noqa: F841
    with pytest.raises(duckdb.Error):
        shop._store.rows("select * from frame")


def test_an_erased_person_is_gone_and_stays_gone(shop):
    key = shop._store.customer_key(" Ann@Example.com ")
    assert key == shop._store.customer_key("ann@example.com")
    rows = [order("A", "2026-01-01", 10, customer_key=key), order("B", "2026-01-02", 20, customer_key="other")]
    first = load_rows(shop, "one.csv", orders=rows, customers=[{"customer_key": key, "country": "PL"}])
    assert shop.erase_person("ann@example.com") == 2
    assert totals(shop, "customers", "orders") == {"customers": 1, "orders": 2}
    shop.undo(first)
    shop.redo(first)
    load_rows(shop, "two.csv", orders=rows)
    assert totals(shop, "customers") == {"customers": 1}
    assert shop._store.rows("select count(*) from rows.orders where customer_key = ?", [key]) == [(0,)]


def test_a_load_survives_the_journal(shop):
    load_rows(shop, orders=[order("A", "2026-01-01")])
    load = shop.imports()[0].load
    assert parsed(dumped(load)) == load
    assert "$" in json.loads(dumped(load))


def test_errors_of_the_library_are_one_family():
    assert issubclass(WorkspaceError, KpiError)
