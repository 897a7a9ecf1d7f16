"""What is missing: fees of a month, counts of products, whole orders behind parcels."""

from __future__ import annotations

from tests.rows import line, load_rows, order


def fee(name, day, amount, kind="commission"):
    return {"fee_id": name, "charged_at": day, "type": kind, "type_raw": kind, "amount": -amount, "currency": "PLN"}


def test_a_month_without_fees_between_two_with_them_is_named(shop, found):
    """Two orders in February, of which no fee is there; December is before the first bill and March after the last."""
    days = ("2025-12-05", "2025-11-05", "2025-11-06", "2026-02-05", "2026-09-05")
    load_rows(shop, "o.csv", "allegro/main", orders=[order(str(n), day) for n, day in enumerate(days)])
    load_rows(
        shop,
        "f.csv",
        "allegro/main",
        fees=[fee("a", "2025-10-10", 5), fee("b", "2025-12-10", 5), fee("c", "2026-02-10", 5)],
    )
    (one,) = found("missing_fees")
    assert (one.count, [str(day) for day in one.period]) == (2, ["2025-11-01", "2025-11-30"])


def test_fees_of_unknown_kinds_are_named_with_their_share(shop, found):
    """6 of 60 are a tenth; 3 of 60 are just a twentieth."""
    fees = [fee("a", "2026-01-10", 54), fee("b", "2026-01-11", 6, "other")]
    load_rows(shop, "f.csv", "allegro/main", fees=fees)
    (one,) = found("other_fees")
    assert (one.count, one.amount, float(one.what.params["share"])) == (1, 6, 0.1)
    load_rows(shop, "g.csv", "allegro/main", fees=[fee("a", "2026-01-10", 57), fee("b", "2026-01-11", 3, "other")])
    assert found("other_fees") == []


def test_products_sold_and_never_counted_and_counts_that_are_old(shop, found):
    """Asked on 1 March: a count of 20 January is 40 days old, one of 5 February is not too old yet."""
    load_rows(
        shop,
        orders=[order("1", "2026-01-25", 100)],
        order_lines=[line("1", 1, "Mug", 1, 60), line("1", 2, "Bag", 2, 20)],
    )
    load_rows(shop, "s.csv", stock=[{"sku": "Mug", "product": "Mug", "counted_on": "2026-01-20", "quantity": 5}])
    (one,) = found("uncounted_products")
    assert (one.count, one.examples) == (1, ("Bag",))
    assert [str(one.what.params["day"]) for one in found("old_counts")] == ["2026-01-20"]
    both = [{"sku": name, "product": name, "counted_on": "2026-02-05", "quantity": 5} for name in ("Mug", "Bag")]
    load_rows(shop, "t.csv", stock=both)
    assert found("old_counts") == found("uncounted_products") == []


def test_orders_known_by_their_parcels_only(shop, found):
    sent = line("1", 1, "Mug", 1, 60, is_partial=True, parcel="S1")
    load_rows(
        shop, "s.txt", "amazon/main", orders=[order("1", "2026-01-25", 60, is_from_lines=True)], order_lines=[sent]
    )
    assert [(one.count, one.examples, one.severity) for one in found("orders_by_parcels")] == [(1, ("1",), "look")]
    load_rows(
        shop, "all.txt", "amazon/main", orders=[order("1", "2026-01-25", 90)], order_lines=[line("1", 1, "Mug", 1, 90)]
    )
    assert found("orders_by_parcels") == []
