"""Files of exchange rates: whatever their columns are called, and what in them is no rate."""

from __future__ import annotations

import pytest

from kpi import Query, Workspace

_ORDER = "Nr zamówienia;Data zamówienia;Wartość zamówienia;Waluta\n1;2026-03-05;100,00;EUR\n2;2026-03-05;50,00;PLN\n"


def _revenue(rates: str) -> tuple[float | None, list[str], int]:
    """Revenue in PLN of 100 EUR and 50 PLN of the same day, what is said of the rates' rows, and those set aside."""
    with Workspace(":memory:") as shop:
        shop.add(_ORDER.encode(), name="zamowienia.csv")
        load = shop.add(rates.encode(), name="kursy.csv")
        assert not load.questions
        shop.settings["currency"] = "PLN"
        notes = [str(note) for note in load.notes]
        return shop.ask(Query(("revenue",))).totals["revenue"], notes, load.rows.set_aside


@pytest.mark.parametrize(
    "header",
    ["Data;Z;Na;Kurs", "Data;Waluta;Waluta docelowa;Kurs", "Data;Z waluty;Na walutę;Kurs", "day;from;to;rate"],
)
def test_a_file_of_rates_is_known_by_its_columns(header: str) -> None:
    assert _revenue(f"{header}\n2026-03-01;EUR;PLN;4,20\n")[0] == 100 * 4.2 + 50


def test_a_rate_of_zero_or_below_is_set_aside_and_said() -> None:
    revenue, notes, set_aside = _revenue(
        "day;from;to;rate\n2026-03-01;EUR;PLN;4\n2026-03-05;EUR;PLN;0\n2026-03-04;EUR;PLN;-1\n"
    )
    assert (revenue, set_aside) == (450, 2)
    assert any("zero" in note and "2" in note for note in notes)


def test_of_two_rates_of_a_day_the_last_one_counts_and_it_is_said() -> None:
    revenue, notes, set_aside = _revenue("day;from;to;rate\n2026-03-05;EUR;PLN;9\n2026-03-05;EUR;PLN;4\n")
    assert (revenue, set_aside) == (450, 1)
    assert any("last one" in note for note in notes)


def test_the_pair_as_written_is_before_its_inverse() -> None:
    assert (
        _revenue("day;from;to;rate\n2026-03-05;PLN;EUR;0,5\n2026-03-05;EUR;PLN;4\n2026-03-05;PLN;EUR;0,2\n")[0] == 450
    )
