"""Events of GA4 from BigQuery: counted once each, rolled up into sessions; a purchase is the tool's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
HEADER = (
    "event_date,event_timestamp,event_name,user_pseudo_id,ga_session_id,session_engaged,page_location,source,medium,"
    "device.category,geo.country,ecommerce.transaction_id,ecommerce.purchase_revenue,item_name\n"
)
# u1 comes from an ad, looks at a page, buys two products once (two rows), and opens the thank-you page again; u2 looks at
# one page; somebody without consent has neither an id nor a session.
ROWS = (
    "20260301,1772355600000000,session_start,u1,11,0,https://shop.pl/a?mail=x,google,cpc,mobile,Poland,,,\n"
    "20260301,1772355601000000,page_view,u1,11,1,https://shop.pl/a?mail=x,google,cpc,mobile,Poland,,,\n"
    "20260301,1772355700000000,purchase,u1,11,1,https://shop.pl/t,,,mobile,Poland,T1,30.50,Mug\n"
    "20260301,1772355700000000,purchase,u1,11,1,https://shop.pl/t,,,mobile,Poland,T1,30.50,Cup\n"
    "20260301,1772355800000000,purchase,u1,11,1,https://shop.pl/t,,,mobile,Poland,T1,30.50,Mug\n"
    "20260302,1772442000000000,page_view,u2,12,0,https://shop.pl,,,desktop,Germany,,,\n"
    "20260302,1772442001000000,page_view,,,0,https://shop.pl,,,desktop,Germany,,,\n"
)


def test_an_event_counts_once_whatever_its_items(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS, currency="PLN")
    assert (part.format, part.confidence >= 0.9) == ("ga4_events", True)
    assert (part.rows.loaded, part.rows.set_aside, part.tables) == (6, 1, {"events": 6, "traffic": 2})
    assert table(part, "events", "event_name, happened_at, utc_offset, event_count, value_amount")[:4] == [
        ("session_start", datetime(2026, 3, 1, 9), 0, 1, None),
        ("page_view", datetime(2026, 3, 1, 9, 0, 1), 0, 1, None),
        ("purchase", datetime(2026, 3, 1, 9, 1, 40), 0, 1, Decimal("30.5")),
        ("purchase", datetime(2026, 3, 1, 9, 3, 20), 0, 1, None),  # the same transaction once more
    ]


def test_sessions_are_rolled_up(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS, currency="PLN")
    columns = "period_start, utm_source, utm_medium, landing_page, device, country, sessions, engaged_sessions, bounces, pageviews, transactions, revenue_amount"
    assert table(part, "traffic", columns) == [
        (date(2026, 3, 1), "google", "cpc", "/a", "mobile", "PL", 1, 1, 0, 1, 1.0, Decimal("30.5")),
        (date(2026, 3, 2), "(direct)", "(none)", "/", "desktop", "DE", 1, 0, 1, 1, 0.0, None),
    ]


def test_nothing_of_it_names_a_person(read: Read, table: Table) -> None:
    (part,) = read(HEADER + ROWS, currency="PLN")
    assert not {"u1", "u2"} & {row[0] for row in table(part, "events", "visitor_key")}
    assert "mail=x" not in str(part.sample)


def test_without_sessions_only_events_are_counted(read: Read) -> None:
    (part,) = read("event_date,event_name,user_pseudo_id\n20260301,page_view,u1\n")
    assert part.tables == {"events": 1}
    assert "only events are counted" in str(part.notes[0])


def test_parameters_in_rows_of_their_own_are_one_event(read: Read) -> None:
    """A page view with two parameters, and a purchase with one."""
    text = "event_date,event_timestamp,event_name,user_pseudo_id,event_params.key,event_params.value.string_value\n"
    text += (
        "20260301,1772355600000000,page_view,u1,page_title,A\n20260301,1772355600000000,page_view,u1,page_location,/a\n"
    )
    (part,) = read(text + "20260301,1772355700000000,purchase,u1,currency,PLN\n")
    assert part.tables == {"events": 2}


def test_damaged_rows_are_refused(read: Read) -> None:
    (part,) = read(
        "event_date,event_timestamp,event_name,user_pseudo_id,ga_session_id\n20260301,1772355600000000,,u1,1\n"
        "2026-13-01,1772355600000000,a,u1,1\n20260301,soon,a,u1,1\n20260301,1772355600000000,a,u1,1\n"
    )
    assert (part.rows.loaded, part.rows.refused) == (1, 3)


def test_a_parquet_file_is_read_alike(tmp_path: Path) -> None:
    """Three events by name; 2 sessions; the purchases of the tool are no orders of the shop."""
    file = tmp_path / "events_20260301.parquet"
    names = HEADER.strip().split(",")
    cells = [dict(zip(names, line.split(","), strict=True)) for line in ROWS.strip().split("\n")]
    pd.DataFrame(cells).replace("", None).to_parquet(file)
    with Workspace(":memory:") as shop:
        shop.add(file, answers={"currency": "PLN"})
        answer = shop.ask(Query(("event_count",), by=("event_name",)))
        assert dict(zip(answer.frame["event_name"], answer.frame["event_count"], strict=True)) == {
            "page_view": 3,
            "purchase": 2,
            "session_start": 1,
        }
        both = shop.ask(Query(("sessions", "orders")))
    assert both.totals == {"sessions": 2}
    assert "orders" in both.refused


@pytest.mark.parametrize("by", ["Nazwa zdarzenia", "Event name"])
def test_a_report_by_event_is_of_the_same_table(read: Read, table: Table, by: str) -> None:
    top = "# Start date: 20260301\n# End date: 20260331\n"
    (part,) = read(top + f"{by},Event count,Total users\npage_view,90,30\npurchase,9,7\n")
    assert table(part, "events", "event_name, event_count, users, period_end, breakdown") == [
        ("page_view", 90, 30, date(2026, 3, 31), "event_name"),
        ("purchase", 9, 7, date(2026, 3, 31), "event_name"),
    ]
