"""Days, periods and moments in both languages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest

from kpi.wording import words

PL, EN = words("pl"), words("en")


def test_date_has_the_day_first():
    assert (PL.date(date(2026, 11, 9)), EN.date(date(2026, 11, 9))) == ("9 lis 2026", "9 Nov 2026")


@pytest.mark.parametrize(
    ("first", "last", "polish", "english"),
    [
        (
            date(2026, 7, 1),
            date(2026, 9, 30),
            "1\u00a0lip\u00a0– 30\u00a0wrz\u00a02026",
            "1\u00a0Jul\u00a0– 30\u00a0Sep\u00a02026",
        ),
        (date(2026, 9, 1), date(2026, 9, 30), "1–30\u00a0wrz\u00a02026", "1–30\u00a0Sep\u00a02026"),
        (
            date(2025, 12, 15),
            date(2026, 1, 3),
            "15\u00a0gru\u00a02025\u00a0– 3\u00a0sty\u00a02026",
            "15\u00a0Dec\u00a02025\u00a0– 3\u00a0Jan\u00a02026",
        ),
        (
            date(2025, 9, 1),
            date(2026, 9, 30),
            "1\u00a0wrz\u00a02025\u00a0– 30\u00a0wrz\u00a02026",
            "1\u00a0Sep\u00a02025\u00a0– 30\u00a0Sep\u00a02026",
        ),
        (date(2026, 9, 1), date(2026, 9, 1), "1\u00a0wrz\u00a02026", "1\u00a0Sep\u00a02026"),
    ],
)
def test_period_says_nothing_twice_and_breaks_only_behind_its_dash(first, last, polish, english):
    assert (PL.period(first, last), EN.period(first, last)) == (polish, english)


@pytest.mark.parametrize(
    ("day", "grain", "polish", "english"),
    [
        (date(2026, 8, 31), "day", "31 sie 2026", "31 Aug 2026"),
        (date(2026, 8, 31), "week", "tydz. 36, 2026", "week 36, 2026"),
        (date(2027, 1, 1), "week", "tydz. 53, 2026", "week 53, 2026"),  # a Friday: its ISO week is of 2026
        (date(2026, 9, 1), "month", "wrz 2026", "Sep 2026"),
        (date(2026, 7, 1), "quarter", "III kw. 2026", "Q3 2026"),
        (date(2026, 1, 1), "year", "2026", "2026"),
    ],
)
def test_bucket_is_named_by_its_grain(day, grain, polish, english):
    assert (PL.bucket(day, grain), EN.bucket(day, grain)) == (polish, english)


def test_ago_says_today_only_of_today():
    now = datetime(2026, 11, 9, 10, 0)
    assert (PL.ago(datetime(2026, 11, 9, 8, 14), now), EN.ago(datetime(2026, 11, 9, 8, 14), now)) == (
        "dziś 08:14",
        "today 08:14",
    )
    assert PL.ago(datetime(2026, 11, 8, 23, 59), now) == "8 lis 2026, 23:59"


def test_ago_uses_the_clock_of_now():
    warsaw = timezone(timedelta(hours=1))
    at = datetime(2026, 11, 8, 23, 30, tzinfo=UTC)
    assert EN.ago(at, datetime(2026, 11, 9, 10, 0, tzinfo=warsaw)) == "today 00:30"


@pytest.mark.parametrize("missing", [None, pd.NaT])
def test_no_day_is_a_dash(missing):
    day = date(2026, 1, 1)
    texts = {PL.date(missing), PL.moment(missing), PL.period(missing, day), PL.period(day, missing)}
    assert texts | {PL.bucket(missing, "month"), PL.ago(missing, datetime(2026, 1, 1))} == {"—"}
