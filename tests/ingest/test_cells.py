"""Numbers, times and words: what each way of writing means, and when it means nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import duckdb
import pytest

from kpi.ingest.cells import number_value
from kpi.ingest.numbers import NumberColumn, NumberStyle, number_sql, number_styles
from kpi.ingest.scratch import Scratch
from kpi.ingest.times import TimeStyle, offset_sql, time_sql, time_styles
from kpi.ingest.vocabulary import canonical_value


def scratch(**columns: list[str | None]) -> Scratch:
    con = duckdb.connect()
    names = ", ".join(f"{name} VARCHAR" for name in columns)
    con.execute(f"CREATE TEMP TABLE t ({names})")
    con.executemany(
        f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", list(zip(*columns.values(), strict=True))
    )
    return Scratch(con)


def styled(
    cells: list[str | None], *, is_count: bool = False, fallback: str | None = None
) -> tuple[Scratch, NumberStyle]:
    work = scratch(c=cells)
    return work, number_styles(work, "t", {"x": NumberColumn("c", is_count)}, fallback=fallback)["x"]


def numbers(cells: list[str | None], type: str = "money", fallback: str | None = None) -> list[object]:
    work, style = styled(cells, is_count=type == "count", fallback=fallback)
    value = "c" if style.is_plain else number_value("c")
    return [
        row[0] for row in work.rows(f"SELECT {number_sql('cell', style, type)} FROM (SELECT {value} AS cell FROM t)")
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1 450,00 zł", "1\u00a0234,5", "-12,00"], ["1450", "1234.5", "-12"]),
        (["1\u202f450,00", "1'234,50", "1.234,56"], ["1450", "1234.5", "1234.56"]),
        (["$1,240.00", "-$45.00", "(45.00)"], ["1240", "-45", "-45"]),
        (["US$50.00", "−3.5", "1.000.5"], ["50", "-3.5", None]),
        (["PLN 12.50", "12.50 PLN", "+7.25"], ["12.5", "12.5", "7.25"]),
        (["1,23,456.00", "12,34,567.5"], ["123456", "1234567.5"]),
        (["1.5", " --", "n/a", "", None], ["1.5", None, None, None, None]),
        (["12 5", "1.25"], [None, "1.25"]),
        (["abc", "1.25", "1e3"], [None, "1.25", None]),
        ([".5", "1.", "0.125"], ["0.5", "1", "0.125"]),
        (["inf", "1.25"], [None, "1.25"]),
    ],
)
def test_money(cells: list[str | None], expected: list[str | None]) -> None:
    assert numbers(cells) == [None if value is None else Decimal(value) for value in expected]


def test_counts_are_whole_and_their_signs_group_thousands() -> None:
    assert numbers(["25,881", "7"], "count") == [25881, 7]
    assert numbers(["2.546", "7"], "count") == [2546, 7]
    assert numbers(["121401.0", "12.5"], "count") == [121401, None]


def test_percents_are_fractions() -> None:
    assert numbers(["77.77%", "0.5"], "percent") == [pytest.approx(0.7777), 0.5]
    assert numbers(["99,88%", "5 %"], "percent") == [pytest.approx(0.9988), 0.05]


def test_one_sign_before_three_digits_stays_open() -> None:
    assert styled(["1,234", "999"])[1].decimal is None
    assert styled(["1.234", "999"])[1].decimal is None
    assert styled(["1,234", "0,5"])[1].decimal == ","
    assert styled(["1,234", "1,234,567"])[1].decimal == "."
    assert styled(["1,234"], fallback=",")[1].decimal == ","


def test_an_open_column_follows_the_others() -> None:
    work = scratch(a=["1,234"], b=["5,50"])
    styles = number_styles(work, "t", {"a": NumberColumn("a"), "b": NumberColumn("b")}, fallback=".")
    assert styles["a"].decimal == ","


def times(cells: list[str], order: str | None = None, answer: bool | None = None) -> tuple[TimeStyle, list[tuple]]:
    work = scratch(c=list(cells))
    style = time_styles(work, "t", {"x": "c"}, orders={"x": order}, answer=answer)["x"]
    value = "c" if style.is_plain else number_value("c")
    inner = f"SELECT {value} AS cell FROM t"
    return style, work.rows(f"SELECT {time_sql('cell', style, 'time')}, {offset_sql('cell', style)} FROM ({inner})")


@pytest.mark.parametrize(
    ("cell", "expected", "offset"),
    [
        ("2026-05-01 10:00:00+00", datetime(2026, 5, 1, 10), 0),
        ("2026-05-01 10:00:00.123-05", datetime(2026, 5, 1, 10), -300),
        ("5 maja 2026", datetime(2026, 5, 5), None),
        ("05 maj 2026", datetime(2026, 5, 5), None),
        ("12 Czerwca 2026 10:30", datetime(2026, 6, 12, 10, 30), None),
        ("3 lut. 2026, 8:05:09", datetime(2026, 2, 3, 8, 5, 9), None),
        ("1 października 2026 r.", datetime(2026, 10, 1), None),
        ("31 grudzień 2026", datetime(2026, 12, 31), None),
        ("31 lutego 2026", None, None),
        ("5 marchewki 2026", None, None),
        ("2023-11-04 12:19:55 -0700", datetime(2023, 11, 4, 12, 19, 55), -420),
        ("2026-06-29T11:31:15.900Z", datetime(2026, 6, 29, 11, 31, 15), 0),
        ("2026-01-05 10:15+02:00", datetime(2026, 1, 5, 10, 15), 120),
        ("2026-01-05T10:15:00+05:30", datetime(2026, 1, 5, 10, 15), 330),
        ("2026-01-05", datetime(2026, 1, 5), None),
        ("20231010", datetime(2023, 10, 10), None),
        ("30.06.2026 23:59", datetime(2026, 6, 30, 23, 59), None),
        ("1.2.2026", datetime(2026, 2, 1), None),
        ("31/1/2026 9:05", datetime(2026, 1, 31, 9, 5), None),
        ("12/17/22", datetime(2022, 12, 17), None),
        ("1/31/2026 9:05 PM", datetime(2026, 1, 31, 21, 5), None),
        ("Thu, 5 Feb 2026", datetime(2026, 2, 5), None),
        ("Jun 09, 2018 09:30 pm", datetime(2018, 6, 9, 21, 30), None),
        ("2026-02-30", None, None),
        ("yesterday", None, None),
    ],
)
def test_times(cell: str, expected: datetime | None, offset: int | None) -> None:
    assert times([cell])[1] == [(expected, offset)]


def test_the_order_of_day_and_month_is_decided_by_all_cells_or_asked() -> None:
    assert times(["1/2/2026", "13/2/2026"])[1][0][0] == datetime(2026, 2, 1)
    assert times(["1/2/2026", "2/13/2026"])[1][0][0] == datetime(2026, 1, 2)
    assert times(["1/2/2026"])[0].is_open
    assert times(["13/2/2026", "2/13/2026"])[0].is_open
    assert times(["1/2/2026"], order="mdy")[1][0][0] == datetime(2026, 1, 2)
    assert times(["1/2/2026"], answer=True)[1][0][0] == datetime(2026, 2, 1)


@pytest.mark.parametrize(
    ("type", "written", "expected"),
    [
        ("channel", "Organic Search", "organic"),
        ("channel", "Paid Social", "paid social"),
        ("channel", "Email", "e-mail"),
        ("channel", "Radio Wave", "radio wave"),
        ("device", "Komórka", "mobile"),
        ("device", "(not set)", None),
        ("gender", "kobieta", "F"),
        ("gender", "mężczyzna", "M"),
        ("gender", "unknown", None),
        ("age_group", "25-34", "25–34"),
        ("age_group", "65+", "65+"),
        ("country", "Poland", "PL"),
        ("country", "Niemcy", "DE"),
        ("country", "pl", "PL"),
        ("country", "UK", "GB"),
        ("country", "United States", "US"),
        ("country", "(not set)", None),
        ("country", "Atlantis", "Atlantis"),
    ],
)
def test_words(type: str, written: str, expected: str | None) -> None:
    assert canonical_value(type, written) == expected


@pytest.mark.parametrize("cells", [["12,5", "1,25"], ["1", "1000,5"], ["-3,50", None, "7"], ["brak", "1,75"]])
def test_bare_numbers_are_read_as_those_in_company_are(cells: list[str | None]) -> None:
    bare = styled(cells)[1]
    assert bare.is_bare
    company = styled([*cells, "1 000,00 zł"])[1]
    assert not company.is_bare
    assert numbers([*cells, "1 000,00 zł"])[:-1] == numbers(cells)


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (["01.02.2026 08:05", "31.12.2025 23:59"], "."),
        (["1.2.2026", "31.12.2025", None, "brak"], "."),
        (["13/02/2026 08:05:09", "1/3/2026 18:05:09"], "/"),
        (["12/13/2026 8:05 PM", "1/3/2026 11:05 AM"], None),
        (["01.02.2026", "31.12.2025 23:59"], None),
        (["01.02.26", "31.12.2025"], None),
        (["01.02.2026  08:05"], None),
        (["13-02-2026", "13/02/2026"], None),
    ],
)
def test_a_column_of_one_way_of_writing_is_read_as_one_of_several(
    cells: list[str | None], separator: str | None
) -> None:
    work = scratch(c=cells)
    style = time_styles(work, "t", {"x": "c"}, orders={"x": None}, answer=True)["x"]
    assert style.separator == separator
    plain, general = (
        work.rows(f"SELECT {time_sql(number_value('c'), one, 'time')} FROM t")
        for one in (style, TimeStyle(style.shapes, style.is_day_first))
    )
    assert plain == general
    assert sum(row[0] is not None for row in plain) == sum(cell not in (None, "brak") for cell in cells)
