"""One formula over measures: its text, its SQL, its Excel formula and its words.

The grammar admits names, numbers, + - * / and brackets, nothing else. Every division is guarded: a denominator of
zero has no value.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import sqlglot
from sqlglot import exp

from kpi.errors import KpiError
from kpi.wording.message import message

_CHARACTERS = re.compile(r"[\w\s.+\-*/()]+")
_SYMBOLS: dict[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_OPERATIONS = {exp.Add: operator.add, exp.Sub: operator.sub, exp.Mul: operator.mul, exp.Div: operator.truediv}


class BadFormula(KpiError):
    """A formula outside the grammar."""

    def __init__(self, text: str, found: str) -> None:
        super().__init__(
            message("This formula cannot be used"),
            message("“{formula}” contains {found}.", formula=text, found=found),
            message("Use names of measures, numbers, + - * / and brackets."),
        )


@dataclass(frozen=True)
class Formula:
    """Arithmetic over named measures.

    >>> Formula("net_sales / orders").names
    ('net_sales', 'orders')
    >>> Formula("net_sales / orders").sql(lambda name: f"m_{name}")
    '(m_net_sales / nullif(m_orders, 0))'
    >>> Formula("net_sales / orders").excel({"net_sales": "B4", "orders": "C4"})
    '=IFERROR(B4/C4,"")'
    """

    text: str
    is_never_negative: bool = False
    """A value below zero is no value: its parts cannot belong together."""

    def __post_init__(self) -> None:
        _check(self.text, self._tree)

    @cached_property
    def _tree(self) -> exp.Expression:
        try:
            return sqlglot.parse_one(self.text, dialect="duckdb")
        except sqlglot.errors.SqlglotError as error:
            raise BadFormula(self.text, "…") from error

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The measures in order of first use."""
        return tuple(dict.fromkeys(column.name for column in self._tree.find_all(exp.Column, bfs=False)))

    @property
    def is_ratio(self) -> bool:
        return isinstance(_bare(self._tree), exp.Div)

    @cached_property
    def sides(self) -> tuple[str, str] | None:
        """Numerator and denominator as formula texts, for a formula that is one division."""
        tree = _bare(self._tree)
        if not isinstance(tree, exp.Div):
            return None
        return _text(tree.this), _text(tree.expression)

    def sql(self, column: Callable[[str], str]) -> str:
        """The formula in DuckDB's SQL, each measure written by `column`."""
        body = _sql(self._tree, column)
        return f"(CASE WHEN {body} >= 0 THEN {body} END)" if self.is_never_negative else body

    def excel(self, cells: Mapping[str, str]) -> str:
        """The formula over cell references; a division by zero shows as empty."""
        body = _infix(self._tree, lambda name: cells[name], spaced=False)
        if self.is_never_negative:
            return f'=IFERROR(IF({body}<0,"",{body}),"")'
        return f'=IFERROR({body},"")' if self._tree.find(exp.Div) else f"={body}"

    def words(self, name: Callable[[str], str]) -> str:
        """The formula in words: `Net sales ÷ Orders`."""
        return _infix(self._tree, name, spaced=True).replace("*", "×").replace("/", "÷").replace(" - ", " − ")

    def column(self, measures: pd.DataFrame) -> pd.Series:
        """The formula's value for every row of a frame with a column a measure; NaN where it has none."""
        values = _column(self._tree, measures)
        return values.where(values >= 0) if self.is_never_negative else values

    def value(self, measures: Mapping[str, float | None]) -> float | None:
        """The formula's value; None where a measure is missing or a denominator is zero."""
        value = _value(self._tree, measures)
        return None if self.is_never_negative and value is not None and value < 0 else value


def _bare(tree: exp.Expression) -> exp.Expression:
    return _bare(tree.this) if isinstance(tree, exp.Paren) else tree


def _check(text: str, tree: exp.Expression) -> None:
    # the parser would pass over comments and quoted names
    if not _CHARACTERS.fullmatch(text) or "--" in text or "/*" in text:
        raise BadFormula(text, "…")
    allowed = (*_SYMBOLS, exp.Paren, exp.Neg, exp.Literal, exp.Column, exp.Identifier)
    for node in tree.walk():
        if not isinstance(node, allowed) or (isinstance(node, exp.Literal) and node.is_string):
            raise BadFormula(text, node.sql())
        if isinstance(node, exp.Column) and node.table:
            raise BadFormula(text, node.sql())


def _sql(tree: exp.Expression, column: Callable[[str], str]) -> str:
    if isinstance(tree, exp.Column):
        return column(tree.name)
    if isinstance(tree, exp.Literal):
        return tree.sql()
    if isinstance(tree, exp.Neg):
        return f"(- {_sql(tree.this, column)})"
    if isinstance(tree, exp.Paren):
        return _sql(tree.this, column)
    left, right = _sql(tree.this, column), _sql(tree.expression, column)
    if isinstance(tree, exp.Div):
        right = f"nullif({right}, 0)"
    return f"({left} {_SYMBOLS[type(tree)]} {right})"


def _infix(tree: exp.Expression, name: Callable[[str], str], *, spaced: bool) -> str:
    if isinstance(tree, exp.Column):
        return name(tree.name)
    if isinstance(tree, exp.Literal):
        return tree.sql()
    if isinstance(tree, exp.Neg):
        return f"-{_infix(tree.this, name, spaced=spaced)}"
    if isinstance(tree, exp.Paren):
        return f"({_infix(tree.this, name, spaced=spaced)})"
    symbol = f" {_SYMBOLS[type(tree)]} " if spaced else _SYMBOLS[type(tree)]
    return f"{_infix(tree.this, name, spaced=spaced)}{symbol}{_infix(tree.expression, name, spaced=spaced)}"


def _text(tree: exp.Expression) -> str:
    return _infix(_bare(tree), lambda name: name, spaced=True)


def _column(tree: exp.Expression, measures: pd.DataFrame) -> pd.Series:
    if isinstance(tree, exp.Column):
        return measures[tree.name]
    if isinstance(tree, exp.Literal):
        return pd.Series(float(tree.this), index=measures.index)
    if isinstance(tree, exp.Neg | exp.Paren):
        inner = _column(tree.this, measures)
        return inner if isinstance(tree, exp.Paren) else -inner
    left, right = _column(tree.this, measures), _column(tree.expression, measures)
    if isinstance(tree, exp.Div):
        right = right.where(right != 0)
    values: pd.Series = _OPERATIONS[type(tree)](left, right)
    return values


def _value(tree: exp.Expression, measures: Mapping[str, float | None]) -> float | None:
    if isinstance(tree, exp.Column):
        return measures.get(tree.name)
    if isinstance(tree, exp.Literal):
        return float(tree.this)
    if isinstance(tree, exp.Neg | exp.Paren):
        inner = _value(tree.this, measures)
        return inner if inner is None or isinstance(tree, exp.Paren) else -inner
    left, right = _value(tree.this, measures), _value(tree.expression, measures)
    if left is None or right is None or (isinstance(tree, exp.Div) and right == 0):
        return None
    return float(_OPERATIONS[type(tree)](left, right))
