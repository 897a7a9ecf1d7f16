"""From typed fields to canonical tables, as the format's `[tables]` say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from kpi.ingest.cells import literal
from kpi.ingest.expressions import condition_before_windows, has_windows, names_used, over_all_rows, with_values
from kpi.ingest.formats import Format, TableMap, canonical_tables
from kpi.ingest.scratch import Scratch
from kpi.ingest.settled import Known, as_sql, if_never
from kpi.ingest.typed import Reading, Typed, with_constants
from kpi.ingest.vocabulary import line_type_macros

_SQL_TYPES = {
    "text": "VARCHAR",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "count": "BIGINT",
    "day": "DATE",
    "time": "TIMESTAMP",
    "offset": "INTEGER",
    "flag": "BOOLEAN",
    "list": "VARCHAR[]",
    "numbers": "DOUBLE[]",
}


_ADDRESS = r"[^\s@/?&=,;:<>\"'()|%]+(?:@|%40)[^\s@/?&=,;:<>\"'()|%]+\.\pL{2,}"
_HIDDEN = "•••"
_MANY_QUERIES, _DEEP = 6, 12


def derived_table(scratch: Scratch, typed: Typed, known: Format, *, is_large: bool = False) -> str:
    """The typed rows with the format's derived names: a view, over a table in place of `typed` unless there are many
    rows and none looks at others; that of `typed` itself where nothing is derived. What is asked of all rows is asked
    once, and nothing where it is settled without."""
    if any(it.table == "order_lines" for it in known.tables):
        for macro in line_type_macros():
            scratch.run(macro)
    if not known.derived:
        return typed.view
    source, looks_around, interim = typed.view, False, list[str]()
    depth = queries = 0
    seen = Known(typed.constants)
    for layer in _layers(known.derived):
        left = _needed(scratch, {name: seen.left(own) for name, own in layer.items()}, source)
        aggregates = list(dict.fromkeys(it for own in left.values() for it in over_all_rows(own)))
        values = dict(zip(aggregates, _asked(scratch, aggregates, source), strict=True))
        found = {name: seen.learn(name, with_values(own, values)) for name, own in left.items()}
        looks_around |= any(map(has_windows, found.values()))
        source = f"(SELECT *, {', '.join(f'{own} AS {name}' for name, own in found.items())} FROM {source})"
        queries += bool(aggregates) or any(map(has_windows, found.values()))
        depth += 1
        if (queries >= _MANY_QUERIES or depth >= _DEEP) and (looks_around or not is_large):
            # what each query would work out again is written down, as it will be in the end
            source, queries, depth = _written_down(scratch, source, typed.constants, interim), 0, 0
    if is_large and not looks_around:
        name = scratch.new("derived", "VIEW")
        scratch.run(f"CREATE TEMP VIEW {name} AS FROM {source}")
        return name
    view = _written_down(scratch, source, typed.constants, [])
    for name in (*reversed(interim), typed.view, typed.table):
        scratch.discard(name)
    return view


def _asked(scratch: Scratch, aggregates: Sequence[str], source: str) -> list[str]:
    """What the aggregates come to over all rows, each as SQL."""
    if not aggregates:
        return []
    columns = (f"CAST({it} AS VARCHAR), typeof({it})" for it in aggregates)
    row = scratch.row(f"SELECT {', '.join(columns)} FROM {source}")
    return [as_sql(value, type) for value, type in zip(row[::2], row[1::2], strict=True)]


def _written_down(scratch: Scratch, source: str, constants: Sequence[str], made: list[str]) -> str:
    """A view of the rows as a table, without the constants in it; the names of both are added to `made`."""
    name = scratch.new("derived")
    left = ", ".join(column.rpartition(" AS ")[2] for column in constants)
    scratch.run(f"CREATE TEMP TABLE {name} AS SELECT * EXCLUDE ({left}) FROM {source}")
    view = with_constants(scratch, name, constants)
    made += [name, view]
    return view


def _needed(scratch: Scratch, layer: Mapping[str, str], source: str) -> dict[str, str]:
    """The expressions, or FALSE (of a CASE nothing) where no row meets the condition that stands before what looks at
    other rows: to sort the rows for that would be dear."""
    conditions = {name: condition for name, own in layer.items() if (condition := condition_before_windows(own))}
    if not conditions:
        return dict(layer)
    asked = ", ".join(f"coalesce(bool_or({condition}), false)" for condition in conditions.values())
    is_met = dict(zip(conditions, scratch.row(f"SELECT {asked} FROM {source}"), strict=True))
    return {name: own if is_met.get(name, True) else if_never(own) for name, own in layer.items()}


def _layers(derived: Mapping[str, str]) -> list[dict[str, str]]:
    """Names that need only earlier layers stand together, so that windows over the same rows share their sorting."""
    depth: dict[str, int] = {}
    for name, expression in derived.items():
        depth[name] = 1 + max((depth[used] for used in names_used(expression) if used in depth), default=-1)
    return [{name: derived[name] for name in derived if depth[name] == level} for level in sorted(set(depth.values()))]


def relation(
    scratch: Scratch,
    source: str,
    mapped: TableMap,
    reading: Reading,
    unknown_dimensions: Sequence[str],
    *,
    is_large: bool = False,
    may_name: bool = True,
) -> tuple[str, int]:
    """The canonical rows and how many rows were left out because their key is a repeat. `may_name`: an e-mail address
    may stand in `source`, and must not in them.

    They are a temporary table. Where there are many, for which writing is dearer than planning, they are a view of
    `source` as long as no row has to be left out.
    """
    values = {name: f"CAST({_expression(mapped, name, reading)} AS {type})" for name, type in _types(mapped).items()}
    if may_name:
        values = {name: _without_address(value, _types(mapped)[name]) for name, value in values.items()}
    columns = [f"{value} AS {name}" for name, value in values.items()]
    if is_report(mapped.table):
        columns.append(f"{literal(breakdown(mapped, reading, unknown_dimensions))} AS breakdown")
    rows = f"SELECT row_no, {', '.join(columns)}, {mapped.latest} AS latest_ FROM {_each(source, mapped)}"
    chosen = f"SELECT * EXCLUDE latest_ FROM ({rows}) {_one_per(mapped)}"
    kind: Literal["TABLE", "VIEW"] = "VIEW" if is_large and not mapped.one_per else "TABLE"
    name = scratch.new(mapped.table, kind)
    scratch.run(f"CREATE TEMP {kind} {name} AS {chosen}")
    repeats = 0 if mapped.one_per else _repeats(scratch, name, mapped)
    if not repeats:
        return name, 0
    first = scratch.new(mapped.table)
    key = ", ".join(_key(mapped))
    scratch.run(f"""CREATE TEMP TABLE {first} AS FROM {name}
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY row_no) = 1""")
    scratch.discard(name)
    return first, repeats


def may_name_anyone(scratch: Scratch, source: str) -> bool:
    """Whether an e-mail address may stand in any cell of a few rows."""
    held = "contains(CAST(whole AS VARCHAR), '@') OR contains(CAST(whole AS VARCHAR), '%40')"
    return bool(scratch.row(f"SELECT count(*) FROM (SELECT 1 FROM {source} AS whole WHERE {held} LIMIT 1)")[0])


def _each(source: str, mapped: TableMap) -> str:
    """The rows of the source, once for each item where the table has one row an item."""
    rows = f"(SELECT * FROM {source} WHERE {mapped.rows or 'TRUE'})"
    if mapped.each is None:
        return rows
    items = f"SELECT *, unnest({mapped.each}) AS item, generate_subscripts({mapped.each}, 1) AS item_no FROM {rows}"
    return f"(SELECT * FROM ({items}) WHERE item IS NOT NULL)"


def is_report(table: str) -> bool:
    """A report is replaced by account, source, breakdown and period, for it has no key."""
    return "replaced_by" not in canonical_tables()[table]


def breakdown(mapped: TableMap, reading: Reading, unknown_dimensions: Sequence[str]) -> str:
    """The dimensions of this report other than time, sorted and joined by commas."""
    present = {name for name, fields in mapped.breakdown.items() if any(field in reading.columns for field in fields)}
    return ",".join(sorted(present | set(unknown_dimensions)))


def _types(mapped: TableMap) -> dict[str, str]:
    types = {name: _SQL_TYPES[type] for name, type in canonical_tables()[mapped.table]["columns"].items()}
    return {name: type for name, type in types.items() if name in mapped.columns}


def _expression(mapped: TableMap, name: str, reading: Reading) -> str:
    own = mapped.columns[name]
    if name != "currency":
        return own
    if reading.header_currency:
        return literal(reading.header_currency)
    return f"coalesce(sign_currency, {own}, {literal(reading.currency) if reading.currency else 'NULL'})"


def _without_address(value: str, type: str) -> str:
    """The value with every e-mail address covered, for one can stand in any text."""
    if type == "VARCHAR[]":
        # a list that is never there is known to be none before any row is looked at
        covered = _without_address("text", "VARCHAR")
        return f"CASE WHEN {value} IS NOT NULL THEN list_transform({value}, lambda text: {covered}) END"
    if type != "VARCHAR":
        return value
    covered = f"regexp_replace({value}, {literal(_ADDRESS)}, {literal(_HIDDEN)}, 'g')"
    return f"CASE WHEN contains({value}, '@') OR contains({value}, '%40') THEN {covered} ELSE {value} END"


def _one_per(mapped: TableMap) -> str:
    if mapped.one_per is None:
        return ""
    return (
        f"QUALIFY row_number() OVER (PARTITION BY {mapped.one_per} ORDER BY latest_ DESC NULLS LAST, row_no DESC) = 1"
    )


def _repeats(scratch: Scratch, name: str, mapped: TableMap) -> int:
    """How many rows have a key that stands further up; a key stands once in a table."""
    if not (key := _key(mapped)):
        return 0
    count, distinct = scratch.row(f"SELECT count(*), count(DISTINCT ({', '.join(key)})) FROM {name}")
    return int(count - distinct)


def _key(mapped: TableMap) -> list[str]:
    key: list[str] = canonical_tables()[mapped.table]["key"]
    return key
