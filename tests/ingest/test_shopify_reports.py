"""Shopify beside its orders: the sales report by day, the customers, and orders that Excel has saved again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part
from tests.ingest.hiding import kept_words
from tests.rows import load_rows, order

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
REPORT = """Day,Orders,Gross sales,Discounts,Returns,Net sales,Shipping charges,Duties,Additional fees,Taxes,Total sales
2026-03-01,2,100.00,-10.00,0,90.00,5.00,0,0,9.00,104.00
2026-03-02,1,50.00,0,-20.00,30.00,0,0,0,3.00,33.00
"""
BY_CHANNEL = """Day,Sales channel,Orders,Gross sales,Discounts,Returns,Net sales,Total sales
2026-03-02,Online Store,1,30.00,0,0,30.00,33.00
2026-03-02,Point of Sale,1,20.00,0,-20.00,0.00,0.00
2026-03-03,Online Store,1,70.00,-7.00,0,63.00,63.00
2026-03-03,Point of Sale,2,30.00,0,0,30.00,30.00
"""
CUSTOMERS = """Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Default Address Province Code,Default Address Country Code,Total Spent,Total Orders,Note,Tags,Size (customer.metafields.custom.size)
'101,Anna,Nowak,Anna@Example.com,yes,Łódź,LD,PL,250.00,3,,vip,M
'102,Bob,Kowal,,no,Berlin,BE,DE,0.00,0,,,
,Cid,Adams,,no,Paris,,FR,0.00,0,,,
"""
DAYS = {"start": date(2026, 3, 1), "end": date(2026, 3, 3)}


def test_what_lowers_sales_is_positive_whichever_sign_the_file_has(read: Read, table: Table) -> None:
    (part,) = read(REPORT, "Total sales over time.csv", currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("shopify_sales_report", True)
    columns = "day, orders, gross_amount, discount_amount, refunded_amount, net_amount, total_amount"
    expected = [(date(2026, 3, 1), 2, 100, 10, 0, 90, 104), (date(2026, 3, 2), 1, 50, 0, 20, 30, 33)]
    assert table(part, "sales_daily", columns) == expected
    (plain,) = read(
        REPORT.replace("-", "").replace("20260301", "2026-03-01").replace("20260302", "2026-03-02"), currency="PLN"
    )
    assert table(plain, "sales_daily", columns) == expected


def test_a_report_that_does_not_add_up_is_said(read: Read) -> None:
    (part,) = read(REPORT.replace("90.00", "95.00"), currency="PLN")
    assert any("do not make the net sales" in str(note) for note in part.notes)


def test_a_total_row_is_no_day(read: Read) -> None:
    (part,) = read(REPORT + "Total,3,150.00,-10.00,-20.00,120.00,5.00,0,0,12.00,137.00\n", currency="PLN")
    assert (part.tables["sales_daily"], part.rows.totals) == (2, 1)
    assert all(check.agrees for check in part.check_totals)


def test_a_day_that_cannot_be_read_is_refused(read: Read) -> None:
    (part,) = read(REPORT.replace("2026-03-02", "someday"), currency="PLN")
    assert (part.rows.loaded, part.rows.refused) == (1, 1)


def added(shop: Workspace, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    shop.add(file, answers={"currency": "PLN"})


def test_channels_of_a_day_and_the_whole_day_are_never_added(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        added(shop, tmp_path, "total.csv", REPORT)
        added(shop, tmp_path, "channels.csv", BY_CHANNEL)
        totals = shop.ask(
            Query(("reported_gross_sales", "reported_revenue", "reported_orders", "reported_aov"), **DAYS)
        ).totals
        # the second of March stands in both; the third only by channel
        assert totals == pytest.approx(
            {"reported_gross_sales": 250, "reported_revenue": 213, "reported_orders": 6, "reported_aov": (250 - 17) / 6}
        )


def test_orders_and_the_report_of_the_same_days_stay_apart(tmp_path: Path) -> None:
    with Workspace(":memory:") as shop:
        added(shop, tmp_path, "total.csv", REPORT)
        assert "revenue" in shop.ask(Query(("revenue",), **DAYS)).refused
        load_rows(shop, account="shopify/main", orders=[order("1", "2026-03-01", 60), order("2", "2026-03-02", 40)])
        totals = shop.ask(Query(("revenue", "orders", "reported_revenue"), **DAYS)).totals
        assert totals == {"revenue": 100, "orders": 2, "reported_revenue": 120}


def test_customers_with_their_ids(read: Read, table: Table, con: Any) -> None:
    (part,) = read(CUSTOMERS, "customers_export.csv")
    assert (part.format, part.confidence >= 0.9) == ("shopify_customers", True)
    assert table(part, "customers", "country, region, city, has_consent, orders_declared, spent_declared") == [
        ("PL", "LD", "Łódź", True, 3, 250),
        ("DE", "BE", "Berlin", False, 0, 0),
    ]
    assert part.tables == {"customers": 2, "customer_ids": 1}
    assert (part.rows.loaded, part.rows.set_aside) == (2, 1)
    assert not any(name in kept_words(con, part) for name in ("anna", "nowak", "bob", "kowal", "cid", "adams"))


def test_the_older_customers_have_no_ids(read: Read, table: Table) -> None:
    text = (
        "First Name,Last Name,Email,Company,Address1,City,Province,Province Code,Country,Country Code,Zip,Phone,Accepts Marketing,Total Spent,Total Orders,Tags\n"
        "Anna,Nowak,anna@example.com,,Street 1,Łódź,Łódzkie,LD,Poland,PL,90-001,,yes,250.00,3,\n"
    )
    (part,) = read(text)
    assert part.format == "shopify_customers"
    assert table(part, "customers", "country, has_consent, orders_declared") == [("PL", True, 3)]


def test_orders_that_excel_has_saved_again_are_asked_for_the_order_of_the_day(read: Read, table: Table) -> None:
    """34 columns are left: neither e-mail nor total, and dates such as 01/02/2022 14:21."""
    header = (
        "Name,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Discount Code,Discount Amount,Shipping Method,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
        "Lineitem fulfillment status,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Cancelled at,Payment Method,Payment Reference,Refunded Amount,"
        "Vendor,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value"
    )
    row = (
        "#1,paid,01/02/2022 14:22,fulfilled,01/02/2022 15:00,no,BDT,,5.00,Courier,01/02/2022 14:21,2,Mug,10.00,,M-1,true,true,fulfilled,Dhaka,'1000,,BD,,"
        "Cash on Delivery,,0.00,Shop,,Low,web,0.00,,"
    )
    assert len(header.split(",")) == len(row.split(",")) == 34
    (part,) = read(f"{header}\n{row}\n")
    assert [question.key for question in part.questions] == ["day_first"]
    (part,) = read(f"{header}\n{row}\n", day_first=True)
    assert (part.format, part.confidence >= 0.9) == ("shopify_orders", True)
    assert table(part, "orders", "ordered_at::VARCHAR, items_amount, discount_amount, country") == [
        ("2022-02-01 14:21:00", 20, 5, "BD")
    ]


@pytest.mark.parametrize("dimension", ["Product title", "Billing country", "Hour of day"])
def test_a_report_with_further_dimensions_is_not_the_sales_of_its_days(read: Read, dimension: str) -> None:
    rows = "2026-03-01,A,1,100.00,0,0,100.00,0,0,0,9.00,109.00\n2026-03-01,B,1,50.00,0,0,50.00,0,0,0,9.00,59.00\n"
    (part,) = read(REPORT.splitlines()[0].replace("Day,", f"Day,{dimension},") + "\n" + rows, currency="PLN")
    assert part.format != "shopify_sales_report"
    assert part.questions or part.error
