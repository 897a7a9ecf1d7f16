"""The SQL expressions of a format file, checked once when it is loaded.

An expression is one DuckDB expression over the format's typed fields. It may use operators, CASE, window functions and
the functions below; no subquery, no other table, no other name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

# Names as sqlglot writes them for its own classes, or as the expression spells them.
_TEXT_FUNCTIONS = {
    *("concat", "contains", "left", "length", "lower", "lpad", "ltrim", "pad", "position", "replace", "regexp_extract"),
    *(
        "regexp_extract_all",
        "regexp_replace",
        "regexp_like",
        "regexp_matches",
        "right",
        "rtrim",
        "split",
        "split_part",
        "starts_with",
    ),
    *("str_position", "substr", "substring", "strip_accents", "trim", "upper"),
}
_VALUE_FUNCTIONS = {
    *("abs", "and", "case", "cast", "coalesce", "date_add", "date_diff", "datediff", "dateadd", "extract", "floor"),
    *(
        "greatest",
        "if",
        "is_inf",
        "is_nan",
        "isfinite",
        "last_day",
        "least",
        "list_sum",
        "make_date",
        "month",
        "nullif",
        "or",
    ),
    *("round", "try_cast", "xor", "year"),
}
# Our own: line_type_macros of vocabulary.py.
_OWN_FUNCTIONS = {"line_type_of", "amount_of_others"}
_ROW_FUNCTIONS = {"any_value", "count", "first_value", "last_value", "max", "min", "row_number", "sum"}
_FUNCTIONS = frozenset(_TEXT_FUNCTIONS | _VALUE_FUNCTIONS | _OWN_FUNCTIONS | _ROW_FUNCTIONS)
_FORBIDDEN = (exp.Query, exp.Subquery, exp.Table, exp.Star, exp.Command, exp.Placeholder, exp.Parameter, exp.Lambda)


class InvalidExpression(ValueError):
    """An expression of a format file that may not be run; a mistake of ours, not of the person's."""


def checked(text: str, names: Collection[str], where: str) -> str:
    """The expression itself. Raises: InvalidExpression: a name, function or construct that is not allowed."""
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.ParseError as error:
        raise InvalidExpression(f"{where}: {error}") from error
    for node in tree.walk():
        _check(node, names, where)
    return text


@lru_cache(maxsize=4096)
def parsed(text: str) -> exp.Expr:
    """The expression's tree, not to be changed: parsing is dearer than reading a small file's rows."""
    return sqlglot.parse_one(text, dialect="duckdb")


@lru_cache(maxsize=4096)
def names_used(text: str) -> frozenset[str]:
    """The columns that an expression reads."""
    return frozenset(column.name for column in parsed(text).find_all(exp.Column))


@lru_cache(maxsize=4096)
def has_windows(text: str) -> bool:
    """Whether the expression looks at other rows."""
    return parsed(text).find(exp.Window) is not None


def condition_before_windows(text: str) -> str | None:
    """`coalesce(…, false)` at the head of an AND whose rest looks at other rows, or in the one WHEN before what does:
    where it holds of no row, nothing does."""
    tree = parsed(text)
    first = tree.this if isinstance(tree, exp.And) else None
    if isinstance(tree, exp.Case) and len(cases := tree.args["ifs"]) == 1 and not tree.args.get("default"):
        first = cases[0].this
    if not isinstance(first, exp.Coalesce) or first.expressions[-1:] != [exp.false()] or first.find(exp.Window):
        return None
    return first.sql(dialect="duckdb") if tree.find(exp.Window) else None


def over_all_rows(text: str) -> list[str]:
    """The aggregates over all rows in the expression."""
    return [window.this.sql(dialect="duckdb") for window in _over_all_rows(parsed(text))]


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The expression with the SQL of its value in the place of every aggregate over all rows."""
    if not _over_all_rows(parsed(text)):
        return text
    tree = exp.paren(parsed(text).copy())
    for window in _over_all_rows(tree):
        window.replace(parsed(values[window.this.sql(dialect="duckdb")]).copy())
    return tree.this.sql(dialect="duckdb")


def _over_all_rows(tree: exp.Expr) -> list[exp.Window]:
    return [it for it in tree.find_all(exp.Window) if not it.args.get("partition_by") and not it.args.get("order")]


def texts_used(text: str) -> frozenset[str]:
    """The words in quotation marks that an expression holds."""
    return frozenset(it.this for it in parsed(text).find_all(exp.Literal) if it.is_string)


def _check(node: exp.Expression, names: Collection[str], where: str) -> None:
    if isinstance(node, _FORBIDDEN) and not (isinstance(node, exp.Star) and isinstance(node.parent, exp.Count)):
        raise InvalidExpression(f"{where}: {type(node).__name__} is not allowed")
    if isinstance(node, exp.Column) and (node.name not in names or node.table):
        raise InvalidExpression(f"{where}: unknown name {node.sql()}")
    if isinstance(node, exp.Func):
        function = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        if function.casefold() not in _FUNCTIONS:
            raise InvalidExpression(f"{where}: function {function} is not allowed")
