"""The grammar of formulas, and their three forms: SQL, Excel, words."""

import pytest

from kpi.formula import BadFormula, Formula


def test_names_are_listed_in_order_of_first_use():
    assert Formula("a / (b + a) - c").names == ("a", "b", "c")


def test_every_division_is_guarded_in_sql():
    assert Formula("1 - a / (b + 2 * c)").sql(lambda name: f"m_{name}") == "(1 - (m_a / nullif((m_b + (2 * m_c)), 0)))"


def test_excel_formula_keeps_the_brackets():
    assert Formula("(a - b) / c").excel({"a": "B4", "b": "C4", "c": "D4"}) == '=IFERROR((B4-C4)/D4,"")'


def test_excel_sum_needs_no_guard():
    assert Formula("a - b").excel({"a": "B4", "b": "C4"}) == "=B4-C4"


def test_words_use_typographic_signs():
    assert Formula("1000 * a / b - c").words(str.upper) == "1000 × A ÷ B − C"


def test_sides_are_numerator_and_denominator():
    assert Formula("(a - b) / c").sides == ("a - b", "c")
    assert Formula("a - b").sides is None


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a / b", {"a": 6.0, "b": 4.0}, 1.5),
        ("a / b", {"a": 6.0, "b": 0.0}, None),  # a denominator of zero has no value
        ("a / b", {"a": None, "b": 2.0}, None),
        ("1 - (a - b) / c", {"a": 80.0, "b": 0.0, "c": 100.0}, 0.2),  # 1 − 80/100, the literature's churn
        ("(a - b) / c", {"a": 80.0, "b": 10.0, "c": 80.0}, 0.875),  # its second example: 87.5 %
        ("-a", {"a": 2.0}, -2.0),
    ],
)
def test_value_is_computed_or_undefined(text, values, expected):
    assert Formula(text).value(values) == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.parametrize(
    "text",
    [
        "a; drop table x",
        "sum(a)",
        "a.b",
        "'x'",
        "a > b",
        "select 1",
        "a +",
        "",
        "*",
        "@a",
        ":a",
        "?",
        "null",
        "a[1]",
        '"a b"',
        "a -- c",
        "a/*x*/",
        "a || b",
        "1e5e",
    ],
)
def test_nothing_else_is_admitted(text):
    with pytest.raises(BadFormula) as raised:
        Formula(text)
    assert "measures" in str(raised.value.fix)
