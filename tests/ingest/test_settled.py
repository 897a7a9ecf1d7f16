"""What is known of an expression before any row is looked at, compared with what DuckDB makes of it."""

from __future__ import annotations

import itertools

import duckdb
import pytest
from sqlglot import exp

from kpi.ingest.expressions import has_windows, parsed
from kpi.ingest.settled import constant, is_constant, of_the_same_type, settled

_EXPRESSIONS = (
    "a and b",
    "a or not b",
    "not a or (b and a)",
    "coalesce(a, b, false) and x > y",
    "coalesce(a and x > 1, false)",
    "coalesce(a and x > 1, b and y > 1)",
    "case when a then x when b then y else 0 end",
    "case when a is null then x when not b then y end",
    "case when a then 1 else 0 end + x",
    "a is not null and b is true",
    "x - y > 0 or b",
    "coalesce(nullif(x, 0), y, 2)",
    "coalesce(cast(x as decimal(18, 4)) * y, 1)",
    "abs(x - coalesce(y, 1)) <= 1",
    "x between 0 and y",
    "x in (1, 2) or a",
    "sum(case when a then 1 else 0 end) over () > 0",
    "sum(case when a and b then x else 0 end) over (partition by y)",
    "sum(x) filter (where a) over ()",
    "coalesce(count(x) over (), 0)",
    "count(x) filter (where b) over (partition by a)",
    "count(*) over () > 1 and a",
    "max(case when a then x end) over (partition by b)",
    "coalesce(min(x) over () < max(y) over (), false)",
    "last_value(x ignore nulls) over (order by y)",
    "case when coalesce(a, false) then max(x) over (partition by y) end",
    "row_number() over (order by x, y, a, b) = 1 and b",
    "greatest(x, y) > 1 or least(x, y) < 1",
)
_CONSTANTS = {"a": ("NULL", "TRUE", "FALSE"), "b": ("NULL", "TRUE", "FALSE"), "x": ("NULL",), "y": ("NULL",)}
_KNOWN = [
    dict(zip("abxy", it, strict=True)) for it in itertools.product(*((None, *_CONSTANTS[name]) for name in "abxy"))
]


@pytest.mark.parametrize("text", _EXPRESSIONS)
def test_what_is_known_changes_no_value(text: str) -> None:
    truths, numbers = "(VALUES (true), (false), (NULL::boolean))", "(VALUES (0), (1), (2), (NULL::integer))"
    for chosen in _KNOWN:
        given = {name: value for name, value in chosen.items() if value}
        columns = ", ".join(
            f"CAST({given[it]} AS {'BOOLEAN' if it in 'ab' else 'INTEGER'}) AS {it}" if it in given else it
            for it in "abxy"
        )
        rows = f"(SELECT {columns} FROM {truths} ta(a), {truths} tb(b), {numbers} tx(x), {numbers} ty(y))"
        found = settled(text, {name: parsed(value) for name, value in given.items()}).sql(dialect="duckdb")
        differs = f"SELECT count(*) FROM (SELECT ({text}) AS theirs, ({found}) AS ours FROM {rows}) WHERE theirs IS DISTINCT FROM ours"
        assert duckdb.sql(differs).fetchall() == [(0,)], (given, found)


def test_what_hangs_on_a_missing_column_asks_no_row() -> None:
    nothing: dict[str, exp.Expr] = {"off": exp.Null()}
    votes = settled("sum(case when coalesce(off <> 0 and x > 1, false) then 1 else 0 end) over ()", nothing)
    assert votes.sql() == "0"
    assert settled("coalesce(votes > 0, false)", {"votes": votes}).sql() == "FALSE"
    assert settled("case when off > 1 then max(x) over (partition by y) end", nothing) == exp.Null()
    assert has_windows(settled("sum(x) over ()", nothing).sql())


def test_nothing_keeps_its_type() -> None:
    text = "case when off > 1 then max(x) over (partition by y) + count(*) over () end"
    found = duckdb.sql(
        f"SELECT typeof({of_the_same_type(text)}), {of_the_same_type(text)} FROM (SELECT 1::decimal(18, 4) AS x, 2 AS y, 3 AS off)"
    )
    assert found.fetchall()[0][1] is None
    assert str(found.fetchall()[0][0]).startswith("DECIMAL")


@pytest.mark.parametrize(
    ("text", "known"), [("CAST(NULL AS DATE)", "NULL"), ("TRUE", "TRUE"), ("'PLN'", None), ("CAST('x' AS DATE)", None)]
)
def test_constants_of_a_file(text: str, known: str | None) -> None:
    found = constant(text)
    assert (found.sql() if found else None) == known
    assert found is None or is_constant(found)
