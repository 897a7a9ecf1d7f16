"""The format files are right, and what is wrong with one is said when it is loaded."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from kpi.ingest.expressions import InvalidExpression
from kpi.ingest.formats import format_from, formats

SMALLEST: dict[str, Any] = {
    "id": "smallest",
    "name": {"en": "Smallest", "pl": "Najmniejszy"},
    "platform": "none",
    "fingerprint": {"required": ["A"]},
    "fields": {"a": {"labels": ["A"], "type": "text"}},
    "tables": {"customers": {"columns": {"customer_key": "a"}}},
}


def with_column(expression: str) -> dict[str, Any]:
    raw = copy.deepcopy(SMALLEST)
    raw["tables"]["customers"]["columns"]["customer_key"] = expression
    return raw


def test_every_format_loads_and_has_both_languages() -> None:
    assert {known.id for known in formats()} >= {
        "shopify_orders",
        "ga4_report",
        "google_ads_campaigns",
        "meta_ads_report",
    }
    for known in formats():
        assert known.name.en
        assert known.name.pl
        assert all(note.text.en and note.text.pl for note in known.notes)


def test_the_smallest_format_loads() -> None:
    assert format_from(SMALLEST).tables[0].columns == {"customer_key": "a"}


@pytest.mark.parametrize(
    "expression",
    [
        "b",
        "(select 1)",
        "a from x",
        "pragma_version()",
        "read_csv('x')",
        "getenv('HOME')",
        "x.a",
        "a; drop table b",
        "list_transform(a, x -> x)",
        "?",
        "*",
    ],
)
def test_an_expression_may_only_use_what_it_is_given(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        format_from(with_column(expression))


def test_names_that_are_not_there_are_errors() -> None:
    wrong_type = copy.deepcopy(SMALLEST)
    wrong_type["fields"]["a"]["type"] = "colour"
    wrong_column = copy.deepcopy(SMALLEST)
    wrong_column["tables"]["customers"]["columns"]["shoe_size"] = "a"
    wrong_check = {**SMALLEST, "check": {"sums": ["b"]}}
    for raw in (wrong_type, wrong_column, wrong_check):
        with pytest.raises(ValueError, match="smallest"):
            format_from(raw)
