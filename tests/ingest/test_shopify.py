"""Shopify orders: lines, tips, gift cards, discounts, tax, and what the file does not say."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest

from kpi.errors import UnreadableFile
from kpi.ingest import Defaults, Part

HEADER = (
    "Name,Email,Financial Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem discount,Shipping Country,Note Attributes,"
    "Cancelled at,Refunded Amount,Source\n"
)
HIDDEN_NUMBER = "Column “{}” holds a value that is not a number; it is hidden here, since it may name a person."
Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]


def order(
    name: str = "#1",
    status: str = "paid",
    subtotal: str = "20.00",
    shipping: str = "0.00",
    taxes: str = "0.00",
    total: str = "20.00",
    codes: str = "",
    discount: str = "0.00",
    product: str = "Mug",
    quantity: str = "2",
    price: str = "10.00",
    line_discount: str = "0.00",
    email: str = "a@example.com",
    notes: str = "",
    cancelled: str = "",
    source: str = "web",
    at: str = "2026-01-05 10:00:00 +0100",
) -> str:
    return (
        f'{name},{email},{status},yes,PLN,{subtotal},{shipping},{taxes},{total},"{codes}",{discount},{at},{quantity},'
        f'{product},{price},{line_discount},PL,"{notes}",{cancelled},0.00,{source}\n'
    )


def line(
    name: str = "#1",
    product: str = "Mug",
    quantity: str = "1",
    price: str = "5.00",
    at: str = "2026-01-05 10:00:00 +0100",
) -> str:
    return f"{name},,,,,,,,,,,{at},{quantity},{product},{price},0.00,,,,,\n"


def test_further_lines_add_products_and_never_order_amounts(read: Read, table: Table) -> None:
    (part,) = read(HEADER + order(subtotal="25.00", total="27.00") + line() + line(product="Tip", price="2.00"))
    # 2 x 10 + 1 x 5 = 25; the tip of 2 stands apart
    assert table(part, "orders", "items_amount, tips_fees_amount, total_amount") == [
        (Decimal(25), Decimal(2), Decimal(27))
    ]
    assert table(part, "order_lines", "line_no, line_type, line_amount, currency") == [
        (1, "product", Decimal(20), "PLN"),
        (2, "product", Decimal(5), "PLN"),
        (3, "tip", Decimal(2), "PLN"),
    ]
    assert part.rows.read == part.rows.loaded == 3


def test_gift_cards_are_no_products(read: Read, table: Table) -> None:
    (part,) = read(
        HEADER + order(subtotal="70.00", total="70.00") + line(product="Karta podarunkowa 50", price="50.00")
    )
    assert table(part, "orders", "items_amount") == [(Decimal(20),)]
    assert table(part, "order_lines", "line_type") == [("product",), ("gift_card",)]
    assert not part.notes


@pytest.mark.parametrize(
    "name",
    [
        "$50 Gift Card",
        "50 € Geschenkgutschein",
        "Digital Gift Card - $50.00",
        "Geschenkkarte",
        "Carte cadeau 50 €",
        "Tarjeta regalo",
        "Buono regalo",
        "Cadeaubon",
        "Dárkový poukaz 500 Kč",
    ],
)
def test_gift_cards_of_other_languages_and_with_their_amount_in_front(read: Read, table: Table, name: str) -> None:
    (part,) = read(HEADER + order(subtotal="70.00", total="70.00") + line(product=name, price="50.00"))
    assert table(part, "order_lines", "line_type") == [("product",), ("gift_card",)]
    assert table(part, "orders", "items_amount") == [(Decimal(20),)]


@pytest.mark.parametrize("name", ["Gift box", "Carte postale", "2024 planner", "50 cards", "Geschenkpapier"])
def test_presents_are_products(read: Read, table: Table, name: str) -> None:
    (part,) = read(HEADER + order(subtotal="70.00", total="70.00") + line(product=name, price="50.00"))
    assert table(part, "order_lines", "line_type") == [("product",), ("product",)]


@pytest.mark.parametrize(
    ("subtotal", "discount", "line_discount", "expected"),
    [
        ("20.00", "0.00", "0.00", 0),
        ("15.00", "5.00", "0.00", 5),
        ("15.00", "2.00", "3.00", 5),  # 20 - 2 is not 15, 20 - (2 + 3) is
        ("15.00", "5.00", "3.00", 5),  # the order's discount holds the line's already
    ],
)
def test_line_discounts_are_added_only_where_the_subtotal_needs_them(
    read: Read, table: Table, subtotal: str, discount: str, line_discount: str, expected: int
) -> None:
    (part,) = read(HEADER + order(subtotal=subtotal, total=subtotal, discount=discount, line_discount=line_discount))
    assert table(part, "orders", "discount_amount") == [(Decimal(expected),)]


def test_a_discount_that_fits_nothing_is_kept_and_said(read: Read, table: Table) -> None:
    (part,) = read(HEADER + order(subtotal="11.00", total="11.00", discount="1.00"))
    assert table(part, "orders", "discount_amount") == [(Decimal(1),)]
    assert "subtotal" in str(part.notes[0])
    assert "(1 row)" in str(part.notes[0])


@pytest.mark.parametrize(
    ("taxes", "total", "expected"),
    [("4.60", "20.00", True), ("4.60", "24.60", False), ("0.00", "20.00", None), ("4.60", "22.00", None)],
)
def test_tax_is_included_or_added_by_the_orders_own_arithmetic(
    read: Read, table: Table, taxes: str, total: str, expected: bool | None
) -> None:
    (part,) = read(HEADER + order(taxes=taxes, total=total))
    assert table(part, "orders", "tax_included") == [(expected,)]


@pytest.mark.parametrize(
    ("status", "cancelled", "expected"),
    [
        ("paid", "", "paid"),
        ("pending", "", "awaiting_payment"),
        ("authorized", "", "awaiting_payment"),
        ("partially_paid", "", "awaiting_payment"),
        ("partially_refunded", "", "partially_refunded"),
        ("refunded", "", "refunded"),
        ("voided", "", "cancelled"),
        ("expired", "", "failed"),
        ("something new", "", "unknown"),
        ("paid", "2026-01-06 10:00:00 +0100", "cancelled"),
    ],
)
def test_statuses(read: Read, table: Table, status: str, cancelled: str, expected: str) -> None:
    (part,) = read(HEADER + order(status=status, cancelled=cancelled))
    assert table(part, "orders", "status, status_raw") == [(expected, status)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("web", "web"),
        ("580111", "web"),
        ("pos", "pos"),
        ("shopify_draft_order", "manual"),
        ("tiktok", "marketplace"),
        ("iphone", None),
        ("999", None),
    ],
)
def test_sales_channels(read: Read, table: Table, source: str, expected: str | None) -> None:
    (part,) = read(HEADER + order(source=source))
    assert table(part, "orders", "sales_channel") == [(expected,)]


def test_campaigns_and_codes_come_from_their_packed_cells(read: Read, table: Table) -> None:
    (part,) = read(HEADER + order(notes="gift: no\nutm_source: news letter\nutm_medium: email", codes="WINTER, FREE"))
    assert table(part, "orders", "utm_source, utm_medium, campaign, promo_codes") == [
        ("news letter", "email", None, ["WINTER", "FREE"])
    ]


def test_a_customer_is_the_hmac_of_the_address_and_nothing_else(read: Read, table: Table) -> None:
    key = b"k" * 32
    pads = [bytes(byte ^ mark for byte in key.ljust(64, b"\0")) for mark in (0x36, 0x5C)]
    defaults = Defaults(inner_pad=pads[0], outer_pad=pads[1])
    (part,) = read(HEADER + order(email="  Żaneta@Example.com "), defaults=defaults)
    expected = hmac.new(key, "żaneta@example.com".encode(), hashlib.sha256).hexdigest()
    assert table(part, "orders", "customer_key") == [(expected,)]
    assert table(part, "customers", "customer_key, country, has_consent") == [(expected, "PL", True)]


def test_an_order_with_a_refused_line_is_refused_whole(read: Read, table: Table) -> None:
    (part,) = read(HEADER + order() + line(quantity="two") + order(name="#2", email="b@example.com"))
    assert table(part, "orders", "order_id") == [("#2",)]
    assert (part.rows.loaded, part.rows.refused) == (1, 2)
    assert [row.row_no for row in part.refused] == [2, 3]
    assert str(part.refused[1].reason) == HIDDEN_NUMBER.format("Lineitem quantity")
    assert part.refused[0].cells["Email"] == "•••"


def test_a_refused_row_shows_nothing_that_can_name_a_person(read: Read) -> None:
    bad = order(price="Jan Kowalski", product="Anna Nowak", source="600 100 200", codes="ANNA", taxes="1.50")
    (part,) = read(HEADER + bad + order(name="#2"))
    (row,) = part.refused
    assert str(row.reason) == HIDDEN_NUMBER.format("Lineitem price")
    assert {label: cell for label, cell in row.cells.items() if cell != "•••"} == {
        "Name": "#1",
        "Financial Status": "paid",
        "Accepts Marketing": "yes",
        "Currency": "PLN",
        "Subtotal": "20.00",
        "Shipping": "0.00",
        "Taxes": "1.50",
        "Total": "20.00",
        "Discount Amount": "0.00",
        "Created at": "2026-01-05 10:00:00 +0100",
        "Lineitem quantity": "2",
        "Lineitem discount": "0.00",
        "Shipping Country": "PL",
        "Refunded Amount": "0.00",
    }
    assert {"Email", "Lineitem name", "Lineitem price", "Discount Code", "Source"} <= row.cells.keys()


def test_a_date_that_cannot_be_is_shown(read: Read) -> None:
    (part,) = read(HEADER + order(at="2026-13-45 10:00:00 +0100") + order(name="#2"))
    assert "“2026-13-45 10:00:00 +0100”" in str(part.refused[0].reason)


def test_addresses_in_texts_are_covered(read: Read, table: Table) -> None:
    packed = "utm_source: anna@example.com\nutm_campaign: to=anna%40mail.example.com&x"
    (part,) = read(HEADER + order(notes=packed, codes="WELCOME, for-anna@example.com"))
    assert table(part, "orders", "utm_source, campaign, promo_codes") == [("•••", "to=•••&x", ["WELCOME", "•••"])]


@pytest.mark.parametrize("more", ["", "\nDevice category,Sessions\nmobile,5\n"])
def test_a_number_too_large_inside_a_transaction_is_said(con: duckdb.DuckDBPyConnection, read: Read, more: str) -> None:
    with pytest.raises(UnreadableFile, match="too large"):
        read(HEADER + order(quantity="9000000000000", price="9000000000") + more)
    con.rollback()
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_a_line_without_its_order_is_refused(read: Read) -> None:
    (part,) = read(HEADER + line(name="#0") + order())
    assert part.rows.refused == 1
    assert part.refused[0].row_no == 2


def test_an_order_that_stands_twice_counts_once(read: Read, table: Table) -> None:
    twice = order(subtotal="25.00", total="25.00") + line()
    (part,) = read(HEADER + twice + order(name="#2") + twice)
    assert table(part, "orders", "order_id, items_amount") == [("#1", Decimal(25)), ("#2", Decimal(20))]
    assert part.tables["order_lines"] == 3
    assert (part.rows.loaded, part.rows.set_aside) == (3, 2)
    assert part.rows.are_conserved


def test_a_file_with_few_columns_is_known_and_says_what_is_missing(read: Read, table: Table) -> None:
    text = (
        "Name,Financial Status,Currency,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price\n"
        "#1,paid,EUR,0.00,31/01/2022 14:21,1,Mug,10.00\n"
    )
    (part,) = read(text, "zamowienia.csv")
    assert part.format == "shopify_orders"
    assert part.confidence >= 0.90
    assert table(part, "orders", "ordered_at::VARCHAR, total_amount, sales_channel") == [
        ("2022-01-31 14:21:00", None, "web")
    ]
    assert "customers" not in part.relations
    # neither the orders' source, refunds, cancellations nor e-mail addresses; and that the day comes first
    assert len(part.notes) == 5


def without(text: str, *labels: str) -> str:
    """The file without these columns."""
    header, *rows = csv.reader(io.StringIO(text))
    kept = [position for position, label in enumerate(header) if label not in labels]
    target = io.StringIO()
    csv.writer(target).writerows([row[position] for position in kept] for row in (header, *rows))
    return target.getvalue()


@pytest.mark.parametrize("label", ["Lineitem price", "Lineitem quantity"])
def test_without_prices_or_quantities_and_the_subtotal_amounts_are_unknown(
    read: Read, table: Table, label: str
) -> None:
    (part,) = read(without(HEADER + order(subtotal="15.00", discount="5.00"), label, "Subtotal"))
    assert table(part, "orders", "items_amount, discount_amount") == [(None, Decimal(5))]
    assert table(part, "order_lines", "line_amount") == [(None,)]
    assert [str(note) for note in part.notes] == [
        f"The file has no column “{label}”, so what the products cost is unknown."
    ]


@pytest.mark.parametrize(("subtotal", "expected"), [("15.00", Decimal(5)), ("20.00", Decimal(0)), ("25.00", None)])
def test_without_discounts_the_subtotal_tells(
    read: Read, table: Table, subtotal: str, expected: Decimal | None
) -> None:
    (part,) = read(without(HEADER + order(subtotal=subtotal), "Discount Amount"))
    assert table(part, "orders", "discount_amount") == [(expected,)]


def test_refunds_that_count_on_the_day_of_the_order_are_said(read: Read) -> None:
    """One of three was paid back; what was cancelled does not count, and so its refund does not."""
    paid_back = order("#2", "partially_refunded").replace(",0.00,web", ",5.00,web")
    cancelled = order("#3", "refunded", cancelled="2026-01-06 10:00:00 +0100").replace(",0.00,web", ",20.00,web")
    (part,) = read(HEADER + order() + paid_back + cancelled)
    (note,) = part.notes
    assert str(note).startswith("Refunds have no date of their own")
    assert "(1 row)" in str(note)


def test_columns_that_were_deleted_are_said(read: Read, table: Table) -> None:
    deleted = ("Discount Amount", "Subtotal", "Refunded Amount", "Cancelled at")
    (part,) = read(without(HEADER + order(), *deleted))
    assert table(part, "orders", "items_amount, discount_amount, refunded_amount") == [(Decimal(20), None, None)]
    assert [str(note).partition(", so ")[2] for note in part.notes] == [
        "discounts are unknown and count as 0.",
        "orders marked as refunded count as paid back whole, and refunds of a part as 0.",
        "cancelled orders cannot be told apart unless they are voided.",
    ]


@pytest.mark.parametrize(("subtotal", "expected"), [("18.00", 2), ("20.00", 0)])
def test_a_discount_that_lowered_the_delivery_counts_for_the_products_only(
    read: Read, table: Table, subtotal: str, expected: int
) -> None:
    (part,) = read(HEADER + order(subtotal=subtotal, total=subtotal, discount="10.00"))
    assert table(part, "orders", "discount_amount") == [(Decimal(expected),)]
    assert str(part.notes[0]).startswith("The discount is larger")
    assert str(part.notes[0]).endswith("(1 row)")


def test_an_open_order_of_day_and_month_is_asked(read: Read, table: Table) -> None:
    text = HEADER + order(at="01/02/2022 14:21")
    (part,) = read(text)
    assert [question.key for question in part.questions] == ["day_first"]
    assert not part.relations
    (part,) = read(text, day_first=True)
    assert table(part, "orders", "ordered_at::DATE::VARCHAR") == [("2022-02-01",)]
    (part,) = read(text, remembered={"day_first": False})
    assert table(part, "orders", "ordered_at::DATE::VARCHAR") == [("2022-01-02",)]
