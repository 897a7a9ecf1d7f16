"""Files of several tables, each with a mapping of its own; Parquet; previews."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kpi import Query, Workspace
from kpi.errors import BadAnswer, UnreadableFile
from tests import zips

PRODUCTS = "sku,product,unit_cost\nA,Mug,4.00\n"
UNKNOWN = "Zam,Kiedy,Ile\n1,2026-01-05,5.00\n"
MAPPED = {
    "table": "orders",
    "columns": {"order_id": "Zam", "ordered_at": "Kiedy", "items_amount": "Ile"},
    "currency": "PLN",
}


def zipped(**files: str) -> bytes:
    return zips.zipped({f"{name}.csv": content for name, content in files.items()})


def parquet(**columns: list[Any]) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def test_a_member_that_nothing_is_known_of_is_set_aside() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(zipped(products=PRODUCTS, zam=UNKNOWN), name="shop.zip")
        assert load.tables == {"products": 1}
        (aside,) = [part for part in load.parts if part.name == "zam.csv"]
        assert aside.mapping is not None
        assert aside.rows.set_aside == 1


def test_each_part_has_answers_of_its_own() -> None:
    with Workspace(":memory:") as shop:
        answers = {"currency": "EUR", "parts": {"zam.csv": MAPPED}}
        load = shop.add(zipped(products=PRODUCTS, zam=UNKNOWN), name="shop.zip", answers=answers)
        assert {part.name: part.currencies for part in load.parts} == {"products.csv": ("EUR",), "zam.csv": ("PLN",)}
        # what was said of the part is remembered for its header
        assert shop.add(UNKNOWN.replace("1,", "2,").encode(), name="next.csv").tables == {"orders": 1}


def test_a_mapping_for_the_file_counts_where_its_columns_are() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(zipped(products=PRODUCTS, zam=UNKNOWN), name="shop.zip", answers=MAPPED)
        assert load.tables == {"products": 1, "orders": 1}
        with pytest.raises(BadAnswer):
            shop.add(
                zipped(products=PRODUCTS, zam=UNKNOWN), name="b.zip", answers=MAPPED | {"columns": {"order_id": "X"}}
            )


def test_sheets_are_mapped_one_by_one() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Towary"
    for row in (["Kod produktu", "Nazwa produktu", "Koszt"], ["A", "Mug", 4.25]):
        book.active.append(row)
    sheet = book.create_sheet("Zamówienia")
    for row in (["Nr zamówienia", "Data zamówienia", "Razem", "Waluta"], ["1", datetime(2026, 1, 5, 10), 99.5, "PLN"]):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    with Workspace(":memory:") as shop:
        load = shop.add(target.getvalue(), name="sklep.xlsx")
        assert {part.name: part.tables for part in load.parts} == {
            "Towary": {"products": 1},
            "Zamówienia": {"orders": 1},
        }
        assert shop.ask(Query(("gross_sales",))).totals == {"gross_sales": 99.5}


def test_stacked_sections_are_mapped_one_by_one() -> None:
    stacked = "sku,product,unit_cost\nA,Mug,4.00\n\norder_id,order_date,total,currency\n1,2026-01-05,9.00,PLN\n"
    with Workspace(":memory:") as shop:
        assert shop.add(stacked.encode(), name="both.csv").tables == {"products": 1, "orders": 1}


def test_parquet_cells_are_read_as_what_they_are() -> None:
    content = parquet(
        order_id=[1, 2],
        order_date=[datetime(2026, 1, 5, 10, 15), datetime(2026, 1, 6)],
        total=[1.234, 1000.0],
        customer_id=[17850.0, None],
        currency=["PLN", "PLN"],
    )
    with Workspace(":memory:") as shop:
        load = shop.add(content, name="orders.parquet")
        assert not load.questions
        rows = shop._store.rows(
            "select order_id, ordered_at, total_amount::double, customer_key is null from rows.orders order by 1"
        )
        assert rows == [("1", datetime(2026, 1, 5, 10, 15), 1.234, False), ("2", datetime(2026, 1, 6), 1000, True)]


def test_damaged_parquet_is_unreadable() -> None:
    with Workspace(":memory:") as shop, pytest.raises(UnreadableFile):
        shop.add(parquet(a=[1])[:40], name="x.parquet")


@pytest.mark.parametrize("name", ["orders.tsv", "orders.txt"])
def test_tabs_in_text_files(name: str) -> None:
    with Workspace(":memory:") as shop:
        content = b"order_id\torder_date\ttotal\tcurrency\n1\t2026-01-05\t9.00\tPLN\n"
        assert shop.add(content, name=name).tables == {"orders": 1}


def test_a_preview_loads_and_remembers_nothing() -> None:
    with Workspace(":memory:") as shop:
        version = shop.data_version
        load = shop.preview(UNKNOWN.encode(), name="zam.csv", answers=MAPPED)
        assert load.sample == (
            {
                "order_id": "1",
                "ordered_at": "2026-01-05 00:00:00",
                "status": "unknown",
                "items_amount": "5.0000",
                "currency": "PLN",
                "sales_channel": "web",
            },
        )
        assert shop.imports() == ()
        assert shop.data_version == version
        assert [question.key for question in shop.add(UNKNOWN.encode(), name="zam.csv").questions] == [
            "table",
            "columns",
        ]


def test_the_journal_keeps_neither_mapping_nor_sample() -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(PRODUCTS.encode(), name="p.csv")
        assert load.mapping is not None
        kept = shop.imports()[0].load
        assert (kept.mapping, kept.sample) == (None, ())
        assert shop.add(PRODUCTS.encode(), name="p.csv").is_unchanged


def test_join_rates_are_said_whatever_comes_first() -> None:
    lines = b"order_id,sku,quantity,unit_price\n1,A,1,5.00\n1,B,1,5.00\n2,B,1,5.00\n"
    for files in ([lines, PRODUCTS.encode()], [PRODUCTS.encode(), lines]):
        with Workspace(":memory:") as shop:
            loads = [shop.add(content, name=f"{number}.csv") for number, content in enumerate(files)]
            said = "order lines → products: 1 of 3 found their partner; not found: “B”."
            assert [said in map(str, load.notes) for load in loads] == [False, True]
            assert said in map(str, shop.imports()[0].load.notes)


def test_no_missing_customer_is_named() -> None:
    with Workspace(":memory:") as shop:
        shop.add(b"email,country\na@example.com,PL\n", name="c.csv")
        load = shop.add(
            b"order_id,order_date,total,currency,email\n1,2026-01-05,1.00,PLN,b@example.com\n", name="o.csv"
        )
        assert "orders → customers: 0 of 1 found their partner." in map(str, load.notes)
