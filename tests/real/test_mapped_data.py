"""Public data sets that no known export fits: mapped by their labels alone, they give the published figures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from kpi import Query, Workspace

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared data sets are not beside the project"),
]
ADVENTURE = (
    "Sales_2022",
    "Products",
    "Returns",
    "Sales_2021",
    "Product_Categories",
    "Customers",
    "Territories",
    "Sales_2023",
    "Product_Subcategories",
)


def test_online_retail() -> None:
    with Workspace(":memory:") as shop:
        file = FOLDER / "online_retail" / "online_retail_2010_2011.parquet"
        asked = shop.preview(file)
        assert [question.key for question in asked.questions] == ["currency"]
        load = shop.add(file, answers={"currency": "GBP"})
        assert load.rows.are_conserved
        assert load.tables == {"order_lines": 530_104, "orders": 19_960, "refunds": 9_288}
        said = " ".join(map(str, load.notes))
        assert "Documents: 25,900." in said
        assert "Lines without a customer (135080 rows)" in said
        assert "9,747,747.934" in said
        totals = shop.ask(Query(("gross_sales", "orders", "customers"))).totals
        assert totals == pytest.approx({"gross_sales": 10_666_684.544, "orders": 19_960, "customers": 4_338})


def test_adventureworks() -> None:
    with Workspace(":memory:") as shop:
        for name in ADVENTURE:
            file = FOLDER / "adventureworks" / f"AdventureWorks_{name}.csv"
            load = shop.add(file, answers={"currency": "USD"})
            assert not load.questions
            assert load.rows.are_conserved
            if name.startswith("Sales"):
                assert "The dates in “OrderDate” were read with the month first (12/31/2026)." in map(str, load.notes)
        totals = shop.ask(Query(("gross_sales", "orders", "units", "customers", "gross_profit"))).totals
        assert totals == pytest.approx(
            {
                "gross_sales": 24_914_586.8193,
                "orders": 25_164,
                "units": 84_174,
                "customers": 17_416,
                "gross_profit": 10_457_715.4342,
            }
        )
        assert shop._store.rows("select sum(quantity), count(amount) from rows.refunds") == [(1828, 0)]


def test_a_zip_with_a_calendar_of_no_use_loads_the_rest() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("Calendar", "Territories", "Product_Categories"):
            archive.write(FOLDER / "adventureworks" / f"AdventureWorks_{name}.csv", f"{name}.csv")
    with Workspace(":memory:") as shop:
        load = shop.add(packed.getvalue(), name="shop.zip")
        assert load.tables == {"territories": 10, "categories": 4}
        assert load.rows.set_aside == 1095
        (calendar,) = [part for part in load.parts if part.name == "Calendar.csv"]
        assert "Calendar.csv holds nothing that can be used" in str(calendar.notes[0])


def test_web_shop() -> None:
    with Workspace(":memory:") as shop:
        loads = [
            shop.add(FOLDER / "web_shop" / f"{name}.csv") for name in ("order_items", "products", "customers", "orders")
        ]
        assert [load.questions for load in loads] == [()] * 4
        assert loads[3].currencies == ("USD",)
        assert {table: count for load in loads for table, count in load.tables.items()} == {
            "order_lines": 59_163,
            "products": 1_197,
            "customers": 20_000,
            "customer_ids": 20_000,
            "orders": 33_580,
        }
        # the discount in percent of the subtotal makes the total of every order, to the cent
        wrong = shop._store.rows(
            "select count(*) from rows.orders where abs(items_amount - discount_amount - total_amount) > 0.011"
        )
        assert wrong == [(0,)]


@pytest.mark.parametrize(
    ("dimension", "column"),
    [
        ("device", "o.device"),
        ("channel", "case o.source when 'email' then 'e-mail' else o.source end"),
        ("country", "o.country"),
        (
            "age_group",
            """case when c.age < 18 then '0–17' when c.age < 25 then '18–24' when c.age < 35 then '25–34'
            when c.age < 45 then '35–44' when c.age < 55 then '45–54' else '55+' end""",
        ),
    ],
)
def test_web_shop_by(web_shop: Workspace, dimension: str, column: str) -> None:
    """Orders, revenue and margin against SQL written by hand over the files themselves."""
    files = {name: f"'{FOLDER / 'web_shop' / name}.csv'" for name in ("orders", "order_items", "products", "customers")}
    oracle = duckdb.sql(f"""
        select {column} as key, count(*), sum(o.total_usd), sum(o.total_usd) - sum(l.cost)
        from {files["orders"]} o
        join {files["customers"]} c using (customer_id)
        join (
            select order_id, sum(quantity * cost_usd) as cost
            from {files["order_items"]} join {files["products"]} using (product_id) group by 1
        ) l using (order_id)
        group by 1""").fetchall()
    frame = web_shop.ask(Query(("orders", "revenue", "gross_profit"), by=(dimension,))).frame
    found = {row[0]: tuple(row[1:]) for row in frame.itertuples(index=False)}
    assert found.keys() == {key for key, *_ in oracle}
    for key, orders, revenue, profit in oracle:
        count, money, margin = found[key]
        assert count == orders
        # the discount in percent is kept to a hundredth of a cent, the file's total to a cent
        assert money == pytest.approx(revenue, abs=0.005 * orders)
        assert margin == pytest.approx(profit, abs=0.005 * orders)


@pytest.fixture(scope="module")
def web_shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        for name in ("order_items", "products", "customers", "orders"):
            shop.add(FOLDER / "web_shop" / f"{name}.csv")
        yield shop


def test_facebook_ads() -> None:
    with Workspace(":memory:") as shop:
        file = FOLDER / "facebook_ads" / "KAG_conversion_data.csv"
        assert {question.key for question in shop.add(file).questions} == {"currency", "period"}
        load = shop.add(file, answers={"currency": "USD", "period": (date(2017, 8, 17), date(2017, 8, 30))})
        assert load.period == (date(2017, 8, 17), date(2017, 8, 30))
        sums = "select sum(impressions), sum(clicks), sum(cost_amount)::double, sum(conversions), sum(purchases)"
        assert shop._store.rows(f"{sums} from rows.ad_spend") == [(213_434_828, 38_165, 58_705.23, 3_264, 1_079)]
        by_gender = "select gender, sum(cost_amount)::double from rows.ad_spend group by 1 order by 1"
        assert shop._store.rows(by_gender) == [("F", 34_502.62), ("M", 24_202.61)]


def test_crm_b2b() -> None:
    with Workspace(":memory:") as shop:
        for name in ("products", "accounts", "sales_teams"):
            shop.add(FOLDER / "crm_b2b" / f"{name}.csv", answers={"currency": "USD"})
        load = shop.add(FOLDER / "crm_b2b" / "sales_pipeline.csv", answers={"currency": "USD"})
        said = " ".join(map(str, load.notes))
        assert "deals → products: 7320 of 8800 found their partner; not found: “GTXPro”." in said
        stages = "select stage, is_won, count(*), sum(amount)::int from rows.deals group by all order by 3 desc"
        assert shop._store.rows(stages) == [
            ("Won", True, 4_238, 10_005_534),
            ("Lost", False, 2_473, 0),
            ("Engaging", None, 1_589, None),
            ("Prospecting", None, 500, None),
        ]
