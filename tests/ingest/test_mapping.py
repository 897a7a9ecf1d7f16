"""A table that no known export fits: guessed by its labels, asked where that is not enough, answered by the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kpi.errors import BadAnswer, UnknownFormat
from kpi.ingest import Defaults, Limits, Part
from kpi.ingest.generic import generics
from kpi.ingest.labels import folded, squeezed, without_currency

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple[Any, ...]]]
ORDERS = "Nr zamówienia,Data zamówienia,Status,Razem,Waluta,E-mail\n"
ROW = "1,2026-01-05,Zrealizowane,120.00,PLN,a@example.com\n"


def keys(part: Part) -> list[str]:
    return [question.key for question in part.questions]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("OrderID", "order id"),
        ("Nr zamówienia", "nr zamowienia"),
        ("shipping_cost", "shipping cost"),
        ("E-mail", "e mail"),
        ("Order #", "order no"),
        ("discount %", "discount percent"),
        ("ProductSKU", "product sku"),
    ],
)
def test_labels_are_compared_by_their_words(label: str, words: str) -> None:
    assert folded(label) == words
    assert squeezed(label) == words.replace(" ", "")


@pytest.mark.parametrize(
    ("label", "bare", "code"),
    [
        ("Total (PLN)", "Total", "PLN"),
        ("price_usd", "price", "USD"),
        ("Cena [zł]", "Cena", "PLN"),
        ("Clicks all", "Clicks all", None),
        ("Order total", "Order total", None),
    ],
)
def test_a_currency_may_stand_behind_a_label(label: str, bare: str, code: str | None) -> None:
    assert without_currency(label) == (bare, code)


def test_every_generic_table_names_its_fields_in_both_languages() -> None:
    assert generics().keys() >= {"orders", "traffic", "ad_spend", "social_posts", "stock"}
    for table in generics().values():
        assert table.name.en
        assert table.name.pl
        assert all(known.name.en and known.name.pl and known.labels for known in table.fields.values())


def test_known_labels_load_without_a_question(read: Read, table: Table) -> None:
    (part,) = read(ORDERS + ROW)
    assert not part.questions
    assert part.account == "main"
    assert 0.6 <= part.confidence < 0.9
    assert "This was taken for Orders" in str(part.notes[0])
    assert table(part, "orders", "order_id, ordered_at, status, total_amount, currency, sales_channel") == [
        ("1", datetime(2026, 1, 5), "paid", Decimal(120), "PLN", "web")
    ]


def test_a_known_table_is_asked_for_what_it_does_not_say(read: Read) -> None:
    (part,) = read("order_id,order_date,total\n1,2026-01-05,10.00\n")
    assert keys(part) == ["currency"]
    assert part.sample == (
        {
            "order_id": "1",
            "ordered_at": "2026-01-05 00:00:00",
            "status": "unknown",
            "total_amount": "10.0000",
            "sales_channel": "web",
        },
    )
    assert part.mapping is not None
    assert part.mapping.chosen == {"order_id": "order_id", "ordered_at": "order_date", "total_amount": "total"}


def test_likeness_is_a_suggestion_only(read: Read) -> None:
    (part,) = read("order_ids,order_date,total,currency,paymnet method\n1,2026-01-05,10.00,PLN,card\n")
    assert keys(part) == ["table", "columns"]
    assert part.questions[0].suggested == "orders"
    assert part.questions[1].suggested["payment_method"] == "paymnet method"
    assert part.mapping is not None
    assert {column.label: column.certainty for column in part.mapping.columns} == {
        "order_ids": "likely",
        "order_date": "exact",
        "total": "exact",
        "currency": "exact",
        "paymnet method": "likely",
    }
    assert not part.relations


def test_money_is_never_mapped_on_likeness(read: Read) -> None:
    (part,) = read("order_id,order_date,order totals,currency\n1,2026-01-05,10.00,PLN\n")
    assert "order totals" not in {column.label for column in part.mapping.columns if column.suggested}  # type: ignore[union-attr]


def test_worked_out_columns_are_no_clicks_and_no_cost(read: Read, table: Table) -> None:
    (part,) = read(
        "day,campaign,avg cost,ctr clicks,cost,clicks,currency\n2026-01-05,Brand,9.99,7,2.00,3,PLN\n", account="x"
    )
    assert not part.questions
    assert table(part, "ad_spend", "cost_amount, clicks") == [(Decimal(2), 3)]


def test_sales_alone_is_no_amount(read: Read, table: Table) -> None:
    (part,) = read("order_id,order_date,sku,quantity,Sales\n1,2026-01-05,A,2,99.00\n", currency="PLN")
    assert not part.questions
    assert table(part, "order_lines", "unit_price, line_amount") == [(None, None)]
    assert "Columns that were not used: Sales." in map(str, part.notes)


def test_one_name_for_two_fields_is_told_apart_by_its_cells(read: Read, table: Table) -> None:
    header = "order_id,order_date,total,currency,source\n"
    (channels,) = read(header + "1,2026-01-05,1.00,PLN,organic\n")
    (sources,) = read(header + "1,2026-01-05,1.00,PLN,google.pl\n")
    assert table(channels, "orders", "channel, utm_source") == [("organic", None)]
    assert table(sources, "orders", "channel, utm_source") == [(None, "google.pl")]


def test_a_discount_in_percent_is_taken_off_the_subtotal(read: Read, table: Table) -> None:
    (part,) = read(
        "order_id,order_date,discount_pct,subtotal_usd,total_usd\n1,2026-01-05,20,107.15,85.72\n2,2026-01-05,0,10.00,10.00\n"
    )
    assert part.currencies == ("USD",)
    # 20 % of 107.15 is 21.43
    assert table(part, "orders", "items_amount, discount_amount") == [
        (Decimal("107.15"), Decimal("21.43")),
        (Decimal(10), Decimal(0)),
    ]


def test_a_subtotal_after_the_discount_is_told_by_the_totals(read: Read, table: Table) -> None:
    (part,) = read(
        "order_id,order_date,discount,subtotal,total,currency\n1,2026-01-05,20.00,80.00,80.00,PLN\n2,2026-01-06,0,50.00,50.00,PLN\n"
    )
    assert table(part, "orders", "items_amount, discount_amount") == [
        (Decimal(100), Decimal(20)),
        (Decimal(50), Decimal(0)),
    ]
    assert any("after the discount" in str(note) for note in part.notes)


def test_discounts_written_with_a_minus_still_lower_the_order(read: Read, table: Table) -> None:
    (part,) = read("order_id,order_date,items,discount,currency\n1,2026-01-05,100.00,-20.00,PLN\n")
    assert table(part, "orders", "discount_amount") == [(Decimal(20),)]


def test_unknown_statuses_are_valid_and_named(read: Read, table: Table) -> None:
    (part,) = read(ORDERS + ROW + ROW.replace("1,", "2,", 1).replace("Zrealizowane", "W kosmosie"))
    assert table(part, "orders", "status, status_raw") == [("paid", "Zrealizowane"), ("unknown", "W kosmosie")]
    assert any("“W kosmosie” (1 row)" in str(note) for note in part.notes)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("awaiting payment", "awaiting_payment"),
        ("Częściowo zwrócone", "partially_refunded"),
        ("anulowane", "cancelled"),
        ("Test", "test"),
        ("odrzucone", "failed"),
        ("partially_refunded", "partially_refunded"),
    ],
)
def test_statuses_in_both_languages(read: Read, table: Table, written: str, canonical: str) -> None:
    (part,) = read(f"order_id,order_date,total,currency,status\n1,2026-01-05,1.00,PLN,{written}\n")
    assert table(part, "orders", "status") == [(canonical,)]


def test_people_by_birth_and_gender_words(read: Read, table: Table) -> None:
    (part,) = read(
        "email,data urodzenia,płeć,kraj\na@example.com,2000-05-01,K,Polska\nb@example.com,1990-02-01,NA,Niemcy\n"
    )
    assert table(part, "customers", "birth_on, gender, country") == [
        (date(2000, 5, 1), "F", "PL"),
        (date(1990, 2, 1), None, "DE"),
    ]


def test_products_without_a_currency_are_not_asked(read: Read, table: Table) -> None:
    (part,) = read("id,name,category,price,cost\n7,Mug,home,10.00,4.00\n", table="products")
    assert not part.questions
    assert table(part, "products", "sku, product_id, product, price, unit_cost, currency") == [
        ("7", "7", "Mug", Decimal(10), Decimal(4), None)
    ]


def test_answers_replace_the_guess(read: Read, table: Table) -> None:
    content = "Zam,Kiedy,Ile,total\n1,2026-01-05,5.00,9.00\n"
    (asked,) = read(content)
    assert keys(asked) == ["table", "columns"]
    answers = {
        "table": "orders",
        "columns": {"order_id": "Zam", "ordered_at": "Kiedy", "items_amount": "Ile", "total_amount": None},
    }
    (part,) = read(content, currency="PLN", **answers)
    assert part.confidence == 1
    assert table(part, "orders", "order_id, items_amount, total_amount") == [("1", Decimal(5), None)]
    assert part.kept_answers == {"currency": "PLN", **answers}


def test_answers_given_before_count_for_the_same_header(read: Read, table: Table) -> None:
    remembered = {
        "table": "orders",
        "columns": {"order_id": "Zam", "ordered_at": "Kiedy", "items_amount": "Ile"},
        "currency": "PLN",
    }
    (part,) = read("Zam,Kiedy,Ile\n1,2026-01-05,5.00\n", remembered=remembered)
    assert table(part, "orders", "order_id, currency") == [("1", "PLN")]


def test_a_known_export_can_be_overruled(read: Read, table: Table) -> None:
    content = "Campaign,Cost,Impr.,Day,Currency code\nBrand,2.00,10,2026-01-05,PLN\n"
    assert read(content)[0].format == "google_ads_campaigns"
    (part,) = read(
        content, table="ad_spend", columns={"campaign": "Campaign", "cost_amount": "Cost", "currency": "Currency code"}
    )
    assert part.format == "ad_spend"
    assert table(part, "ad_spend", "campaign, cost_amount, impressions, platform") == [("Brand", Decimal(2), 10, None)]


def test_a_join_names_the_key_of_a_lookup(read: Read, table: Table) -> None:
    (part,) = read("Nr art.,Grupa,koszt\n7,home,4.00\n", table="products", joins=[("Nr art.", "ProductKey")])
    assert table(part, "products", "product_id, unit_cost") == [("7", Decimal(4))]


@pytest.mark.parametrize(("zone", "minutes"), [("+02:00", 120), ("America/New_York", -300), ("Europe/Warsaw", 60)])
def test_times_without_an_offset_take_the_answered_zone(read: Read, table: Table, zone: str, minutes: int) -> None:
    content = "order_id,order_date,total,currency\n1,2026-01-05 23:30:00,1.00,PLN\n2,2026-01-05 10:00:00+01:00,1.00,PLN\n3,2026-01-06,1.00,PLN\n"
    (part,) = read(content, time_zone=zone)
    assert table(part, "orders", "utc_offset") == [(minutes,), (60,), (None,)]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"curency": "PLN"}, "account, adds, columns, currency"),
        ({"currency": "XYZ"}, "three letters"),
        ({"table": "fruit"}, "order_lines"),
        ({"table": "orders", "columns": {"colour": "Zam"}}, "ordered_at"),
        ({"table": "orders", "columns": {"order_id": "Zamm"}}, "Zam, Kiedy"),
        ({"table": "orders", "columns": ["Zam"]}, "Name for each field"),
        ({"table": "orders", "columns": {"order_id": None}}, "Order number"),
        ({"columns": {"colour": "Zam"}}, "No table has all of these fields"),
        ({"table": "orders", "joins": [("Zam", "order_id")]}, "no lookup"),
        ({"table": "products", "joins": ["Zam"]}, "Pair a column"),
        ({"time_zone": "Mars"}, "Europe/Warsaw"),
        ({"parts": {"other.csv": {}}}, "export.csv"),
        ({"parts": ["x"]}, "Name each part"),
    ],
)
def test_bad_answers_say_what_is_allowed(read: Read, answers: dict[str, Any], said: str) -> None:
    with pytest.raises(BadAnswer) as raised:
        read("Zam,Kiedy,Ile\n1,2026-01-05,5.00\n", **answers)
    assert said in str(raised.value.fix)


def test_columns_that_name_a_person_are_neither_kept_nor_shown(read: Read, con: Any) -> None:
    content = (
        ORDERS.strip()
        + ",Imię i nazwisko,Telefon,Uwagi\n"
        + ROW.strip()
        + ",Jan Kowalski,+48 600 100 200,ul. Polna 7\n"
    )
    (part,) = read(content + "2,x\n")
    assert part.mapping is not None
    shown = {column.label: column.samples for column in part.mapping.columns}
    assert shown["E-mail"] == shown["Imię i nazwisko"] == shown["Telefon"] == ("•••",)
    kept = [row for name in part.relations.values() for row in con.execute(f"FROM {name}").fetchall()]
    for word in ("Kowalski", "600 100", "a@example.com"):
        assert word not in str((kept, part.refused, part.sample, part.notes, part.mapping))


def test_a_column_of_names_cannot_be_answered_for_a_text(read: Read) -> None:
    with pytest.raises(BadAnswer) as raised:
        read(
            "Zam,Kiedy,Klient imię\n1,2026-01-05,Jan\n",
            table="orders",
            columns={"order_id": "Zam", "ordered_at": "Kiedy", "city": "Klient imię"},
        )
    assert "can name a person" in str(raised.value.fix)


def test_too_little_to_be_a_table_is_unknown(read: Read) -> None:
    with pytest.raises(UnknownFormat):
        read("Date\n2026-01-05\n2026-01-06\n")


@pytest.mark.parametrize("answers", [{}, {"table": "ad_spend", "columns": {"campaign": "Note", "cost_amount": "Cost"}}])
def test_large_files_are_mapped_like_small_ones(read: Read, con: Any, answers: dict[str, Any]) -> None:
    content = (
        "Campaign,Cost,Impr.,Day,Currency code,Note\nBrand,2.00,10,2026-01-05,PLN,x\nSpring,3.00,20,2026-01-06,PLN,y\n"
    )
    (small,), (large,) = (
        read(content, defaults=defaults, **answers) for defaults in (Defaults(), Defaults(limits=Limits(small_file=1)))
    )
    rows = [con.execute(f"FROM {part.relations['ad_spend']} ORDER BY row_no").fetchall() for part in (small, large)]
    assert rows[0] == rows[1]
    assert small.rows == large.rows
