"""What an expression of a format comes to in a file that has only some of its columns.

Where a column is missing, much that is worked out from it is known before any row is looked at, most of all what asks
other rows; to ask them all the same would be the dearest part of reading a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlglot import exp

from kpi.ingest.cells import literal
from kpi.ingest.expressions import has_windows, names_used, parsed

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe)
_COMPARED = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}
# Nothing comes out of these where nothing goes in.
_STRICT = (
    *(exp.Neg, exp.Cast, exp.TryCast, exp.Abs, exp.Round, exp.Floor, exp.Nullif, exp.Between, exp.In),
    *(exp.Lower, exp.Upper, exp.Trim, exp.RegexpLike, exp.RegexpReplace, exp.RegexpExtract),
)
_OF_ROWS = (exp.Sum, exp.Max, exp.Min, exp.AnyValue, exp.FirstValue, exp.LastValue)
_CONSTANT = (exp.Null, exp.Boolean)


class Known:
    """What is known of the columns of one file before its rows are read."""

    def __init__(self, constants: Iterable[str]) -> None:
        """`constants`: the columns that are the same in all rows, as SQL with their names."""
        given = (column.rpartition(" AS ") for column in constants)
        self._known = {name: value for text, _, name in given if (value := constant(text)) is not None}

    def left(self, text: str) -> str:
        """What is left of an expression that looks at other rows."""
        if not has_windows(text):
            return text
        found = self._settled(text)
        return of_the_same_type(text) if isinstance(found, exp.Null) else found.sql(dialect="duckdb")

    def learn(self, name: str, text: str) -> str:
        """The expression, or the constant that it comes to, which is known from now on; nothing keeps its type."""
        found = self._settled(text)
        if not is_constant(found):
            return text
        self._known[name] = found
        return text if isinstance(found, exp.Null) else found.sql(dialect="duckdb")

    def _settled(self, text: str) -> exp.Expr:
        names = sorted(names_used(text) & self._known.keys())
        return _settled_once(text, tuple((name, self._known[name].sql()) for name in names))


@lru_cache(maxsize=8192)
def _settled_once(text: str, known: tuple[tuple[str, str], ...]) -> exp.Expr:
    """The tree, not to be changed: files of the same columns come again and again."""
    return settled(text, {name: parsed(value) for name, value in known})


def as_sql(value: str | None, type: str) -> str:
    """A value of DuckDB's as SQL: a constant where it is nothing, true, false or a whole number."""
    if value is None:
        return f"CAST(NULL AS {type})"
    is_plain = value in ("true", "false") or value.isdigit()
    return value if is_plain and type != "VARCHAR" else f"CAST({literal(value)} AS {type})"


def if_never(text: str) -> str:
    """What stands for an expression whose leading condition holds of no row."""
    return of_the_same_type(text) if isinstance(parsed(text), exp.Case) else "FALSE"


@lru_cache(maxsize=1024)
def constant(text: str) -> exp.Expr | None:
    """The SQL of a column that is the same in all rows as a constant, where it is nothing, true or false."""
    tree = parsed(text)
    value = tree.this if isinstance(tree, exp.Cast) else tree
    return value if isinstance(value, _CONSTANT) else None


def is_constant(tree: exp.Expr) -> bool:
    """Whether nothing, true, false or a number is left of the expression."""
    return isinstance(tree, _CONSTANT) or (isinstance(tree, exp.Literal) and not tree.is_string)


def settled(text: str, known: Mapping[str, exp.Expr]) -> exp.Expr:
    """The expression with the known columns (name → constant) put in, and all that follows from them."""
    return _settled(parsed(text).copy(), known)


def of_the_same_type(text: str) -> str:
    """Nothing, of the type that the expression has, without a look at other rows."""
    tree = exp.paren(parsed(text).copy())
    for window in list(tree.find_all(exp.Window)):
        inner = window.this.this if isinstance(window.this, exp.Filter | exp.IgnoreNulls) else window.this
        window.replace(inner.this.copy() if isinstance(inner, _OF_ROWS) else exp.Literal.number(0))
    return f"CASE WHEN FALSE THEN {tree.sql(dialect='duckdb')} END"


def _settled(tree: exp.Expr, known: Mapping[str, exp.Expr]) -> exp.Expr:
    if isinstance(tree, exp.Column):
        return known[tree.name].copy() if tree.name in known else tree
    if isinstance(tree, exp.Window):
        # by what the rows stand together and in order changes nothing in what is asked of them
        inner = _of_rows(tree.this, known)
        tree.set("this", inner)
        return inner if is_constant(inner) else tree
    for key, child in list(tree.args.items()):
        if isinstance(child, exp.Expr):
            tree.set(key, _settled(child, known))
        elif isinstance(child, list):
            tree.set(key, [_settled(it, known) if isinstance(it, exp.Expr) else it for it in child])
    return _by_rule(tree)


def _of_rows(tree: exp.Expr, known: Mapping[str, exp.Expr]) -> exp.Expr:
    """What an aggregate comes to: nothing of nothing; a count of nothing, and a sum of noughts, is nought."""
    if isinstance(tree, exp.IgnoreNulls):
        inner = _of_rows(tree.this, known)
        return inner if is_constant(inner) else exp.IgnoreNulls(this=inner)
    if isinstance(tree, exp.Filter):
        condition = _settled(tree.expression.this.copy(), known)
        inner = _of_rows(tree.this, known)
        if isinstance(inner, exp.Null) or _is_never(condition):
            return _of_nothing(tree.this)
        if isinstance(tree.this, exp.Count) and is_constant(inner):
            return inner
        return exp.Filter(this=_with(tree.this, known), expression=exp.Where(this=condition))
    if not isinstance(tree, (*_OF_ROWS, exp.Count)) or isinstance(tree.this, exp.Star | exp.Distinct):
        return tree
    found = _with(tree, known)
    if isinstance(found.this, exp.Null):
        return _of_nothing(tree)
    is_nought = isinstance(found.this, exp.Literal) and found.this.this == "0"
    return found.this if is_nought and not isinstance(tree, exp.Count) else found


def _with(tree: exp.Expr, known: Mapping[str, exp.Expr]) -> exp.Expr:
    found = tree.copy()
    if isinstance(found.this, exp.Expr):
        found.set("this", _settled(found.this, known))
    return found


def _of_nothing(aggregate: exp.Expr) -> exp.Expr:
    return exp.Literal.number(0) if isinstance(aggregate, exp.Count) else exp.Null()


def _by_rule(tree: exp.Expr) -> exp.Expr:
    """The expression by the rules of SQL's three truths; its parts are settled."""
    if isinstance(tree, exp.Paren):
        return tree.this if is_constant(tree.this) else tree
    if isinstance(tree, exp.And | exp.Or):
        return _joined(tree, tree.left, tree.right)
    if isinstance(tree, exp.Not):
        return exp.Boolean(this=not tree.this.this) if isinstance(tree.this, exp.Boolean) else _strict(tree)
    if isinstance(tree, exp.Is):
        return _is(tree)
    if isinstance(tree, exp.Coalesce):
        return _first(tree)
    if isinstance(tree, exp.Case) and tree.this is None:
        return _case(tree)
    if type(tree) in _COMPARED:
        return _compared(tree)
    if isinstance(tree, _ARITHMETIC):
        return exp.Null() if isinstance(tree.left, exp.Null) or isinstance(tree.right, exp.Null) else tree
    return _strict(tree) if isinstance(tree, _STRICT) else tree


def _strict(tree: exp.Expr) -> exp.Expr:
    return exp.Null() if isinstance(tree.this, exp.Null) else tree


def _is_never(condition: exp.Expr) -> bool:
    """Whether it is false or nothing, whatever the row."""
    if isinstance(condition, exp.Paren):
        return _is_never(condition.this)
    if isinstance(condition, exp.And | exp.Or):
        decides = any if isinstance(condition, exp.And) else all
        return decides(map(_is_never, (condition.left, condition.right)))
    return isinstance(condition, exp.Null) or (isinstance(condition, exp.Boolean) and not condition.this)


def _joined(tree: exp.Expr, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """AND and OR: one side may decide, or leave it to the other."""
    deciding = isinstance(tree, exp.Or)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, exp.Boolean):
            return one if bool(one.this) is deciding else other
    return left if isinstance(left, exp.Null) and isinstance(right, exp.Null) else tree


def _is(tree: exp.Expr) -> exp.Expr:
    if not is_constant(tree.this) or not isinstance(tree.expression, _CONSTANT):
        return tree
    if isinstance(tree.expression, exp.Null):
        return exp.Boolean(this=isinstance(tree.this, exp.Null))
    return exp.Boolean(this=isinstance(tree.this, exp.Boolean) and tree.this.this == tree.expression.this)


def _first(tree: exp.Expr) -> exp.Expr:
    kept: list[exp.Expr] = []
    for one in (tree.this, *tree.expressions):
        if not isinstance(one, exp.Null):
            kept.append(one)
        if is_constant(one) and not isinstance(one, exp.Null):
            break
    if len(kept) < 2:
        return kept[0] if kept else exp.Null()
    if kept[-1] == exp.false() and all(map(_is_never, kept)):
        return exp.false()
    return exp.Coalesce(this=kept[0], expressions=kept[1:])


def _case(tree: exp.Expr) -> exp.Expr:
    default, branches = tree.args.get("default") or exp.Null(), list[exp.Expr]()
    for branch in tree.args["ifs"]:
        if isinstance(branch.this, exp.Boolean) and branch.this.this:
            default = branch.args["true"]
            break
        if not _is_never(branch.this):
            branches.append(branch)
    return exp.Case(ifs=branches, default=default) if branches else default


def _compared(tree: exp.Expr) -> exp.Expr:
    sides = (tree.left, tree.right)
    if any(isinstance(side, exp.Null) for side in sides):
        return exp.Null()
    if all(isinstance(side, exp.Literal) and not side.is_string for side in sides):
        return exp.Boolean(this=_COMPARED[type(tree)](*(float(side.this) for side in sides)))
    return tree
