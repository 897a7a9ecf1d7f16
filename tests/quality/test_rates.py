"""Exchange rates that jump, and those that are too old for what they convert."""

from __future__ import annotations

from datetime import date, timedelta

from tests.rows import load_rows, order


def rate(day: str, value: float, origin: str = "EUR", target: str = "PLN") -> dict[str, object]:
    return {"day": day, "from_currency": origin, "to_currency": target, "rate": value}


def in_euro(shop, *days):
    load_rows(shop, orders=[order(str(n), day, currency="EUR") for n, day in enumerate(days)] + [order("own", days[0])])
    shop.settings["currency"] = "PLN"


def test_a_pair_the_wrong_way_round_is_found_and_gone_once_it_is_mended(shop, found):
    """1 PLN = 4.25 EUR makes a euro worth 0.235 PLN on 3 February, and 4.3 again on the 4th."""
    in_euro(shop, "2026-02-03")
    load_rows(
        shop,
        "rates.csv",
        fx_rates=[rate("2026-02-02", 4.2), rate("2026-02-03", 4.25, "PLN", "EUR"), rate("2026-02-04", 4.3)],
    )
    down, up = found("jumping_rates")
    assert (down.severity, down.currency, down.period[0], up.period[0]) == (
        "affects",
        "EUR",
        date(2026, 2, 3),
        date(2026, 2, 4),
    )
    assert (down.what.params["before"], round(down.what.params["rate"], 3)) == (4.2, 0.235)
    assert down.imports == up.imports == (2,)
    shop.set_rate("EUR", "PLN", 4.25, day=date(2026, 2, 3))
    assert found("jumping_rates") == []


def test_amounts_long_after_the_last_of_many_rates_are_named(shop, found):
    """The rates end on 5 January; the 14th day after it is the 19th."""
    in_euro(shop, "2026-01-02", "2026-01-19", "2026-01-20", "2026-02-01")
    load_rows(shop, "rates.csv", fx_rates=[rate(str(date(2026, 1, 1) + timedelta(n)), 4.2 + n / 100) for n in range(5)])
    (old,) = found("old_rates")
    assert (old.severity, old.table, old.count, old.what.params["day"]) == ("look", "orders", 2, date(2026, 1, 5))


def test_a_rate_that_was_typed_in_once_lasts(shop, found):
    in_euro(shop, "2026-01-02", "2026-02-27")
    shop.set_rate("EUR", "PLN", 4.25, day=date(2026, 1, 1))
    assert found("old_rates") == found("jumping_rates") == []
