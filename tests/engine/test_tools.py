"""Several tools that measure the same visits: of two that cover a day one serves, and two kinds of bounces never mix."""

from datetime import date

from kpi import Query
from tests.rows import load_rows, visit

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}
GA4 = [visit("2026-03-01", 60), visit("2026-03-02", 40), visit("2026-03-03", 20)]
PLAUSIBLE = [visit("2026-03-03", 25), visit("2026-03-04", 30)]


def notes(answer):
    return [str(note) for note in answer.notes]


def test_visits_of_two_tools_are_never_added(empty):
    """GA4 covers three days (120 sessions); Plausible only fills the fourth with its 30."""
    load_rows(empty, "ga4.csv", "ga4/shop", traffic=GA4)
    load_rows(empty, "plausible.zip", "plausible/shop", traffic=PLAUSIBLE)
    answer = empty.ask(Query(("sessions",), **MARCH))
    assert answer.totals["sessions"] == 60 + 40 + 20 + 30
    by_day = empty.ask(Query(("sessions",), grain="day", start=date(2026, 3, 1), end=date(2026, 3, 4)))
    assert by_day.frame["sessions"].tolist() == [60, 40, 20, 30]
    assert (
        "plausible/shop also measured days that another tool covers in “web traffic”; visits of two tools are never added."
        in notes(answer)
    )


def test_two_properties_of_one_tool_are_added(empty):
    load_rows(empty, "pl.csv", "ga4/pl", traffic=[visit("2026-03-01", 60)])
    load_rows(empty, "de.csv", "ga4/de", traffic=[visit("2026-03-01", 40)])
    answer = empty.ask(Query(("sessions",), **MARCH))
    assert answer.totals["sessions"] == 100
    assert not any("tool" in note for note in notes(answer))


def test_the_tool_that_knows_the_breakdown_serves_it(empty):
    """GA4 covers more days and does not know the device; Plausible does."""
    load_rows(empty, "ga4.csv", "ga4/shop", traffic=GA4)
    rows = [visit("2026-03-03", 25, breakdown="device", device="mobile")]
    load_rows(empty, "plausible.zip", "plausible/shop", traffic=rows)
    answer = empty.ask(Query(("sessions",), by=("device",), start=date(2026, 3, 3), end=date(2026, 3, 3)))
    assert dict(zip(answer.frame["device"], answer.frame["sessions"], strict=True)) == {"mobile": 25}


def test_a_month_of_another_tool_is_no_reason_to_refuse(empty):
    load_rows(empty, "ga4.csv", "ga4/shop", traffic=GA4)
    load_rows(empty, "matomo.csv", "matomo/shop", traffic=[visit("2026-03-01", 900, until="2026-03-31")])
    answer = empty.ask(Query(("sessions",), start=date(2026, 3, 1), end=date(2026, 3, 3)))
    assert answer.totals["sessions"] == 120


def test_bounces_of_two_kinds_are_never_mixed(empty):
    """Each alone: 30 of 60, and 20 of 80. Together no number, for a bounce is not the same in both."""
    old = visit("2026-03-01", 80, bounces=20, bounce_kind="classic")
    new = visit("2026-03-02", 60, bounces=30, bounce_kind="ga4")
    load_rows(empty, "ua.csv", "ua/main", traffic=[old])
    load_rows(empty, "ga4.csv", "ga4/main", traffic=[new])
    both = empty.ask(Query(("bounce_rate", "sessions"), **MARCH))
    assert both.totals == {"sessions": 140}
    assert "never mixed" in str(both.refused["bounce_rate"])
    first = empty.ask(Query(("bounce_rate",), start=date(2026, 3, 1), end=date(2026, 3, 1)))
    assert first.totals == {"bounce_rate": 20 / 80}
    assert "Bounces are the classic ones here: sessions of a single page, not GA4's." in notes(first)
    second = empty.ask(Query(("bounce_rate",), start=date(2026, 3, 2), end=date(2026, 3, 2)))
    assert second.totals == {"bounce_rate": 30 / 60}
    assert not any("classic" in note for note in notes(second))
