"""From typed fields to canonical tables, as the format's `[tables]` say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi.ingest.cells import literal
from kpi.ingest.expressions import apart_from_all_rows, has_windows, names_used
from kpi.ingest.formats import Format, TableMap, canonical_tables
from kpi.ingest.scratch import Scratch
from kpi.ingest.typed import Reading
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


def derived_table(scratch: Scratch, typed: str, known: Format) -> str:
    """The typed rows with the format's derived names: a view, or a table in place of `typed` where rows look at others;
    `typed` itself where nothing is derived. What is asked of all rows is asked once."""
    if any(it.table == "order_lines" for it in known.tables):
        for macro in line_type_macros():
            scratch.run(macro)
    if not known.derived:
        return typed
    source = typed
    for layer in _layers(known.derived):
        whole, aggregates = scratch.new("whole"), list[str]()
        columns = [f"{apart_from_all_rows(own, whole, aggregates)} AS {name}" for name, own in layer.items()]
        if aggregates:
            asked = ", ".join(f"{aggregate} AS w{number}" for number, aggregate in enumerate(aggregates))
            scratch.run(f"CREATE TEMP TABLE {whole} AS SELECT {asked} FROM {source}")
        source = f"(SELECT *, {', '.join(columns)} FROM {source})"
    if not _looks_around(known):
        name = scratch.new("derived", "VIEW")
        scratch.run(f"CREATE TEMP VIEW {name} AS FROM {source}")
        return name
    name = scratch.new("derived")
    scratch.run(f"CREATE TEMP TABLE {name} AS FROM {source}")
    scratch.discard(typed)
    return name


def _looks_around(known: Format) -> bool:
    """Whether a derived name needs other rows than its own and all."""
    return any(has_windows(apart_from_all_rows(own, "_", [])) for own in known.derived.values())


def _layers(derived: Mapping[str, str]) -> list[dict[str, str]]:
    """Names that need only earlier layers stand together, so that windows over the same rows share their sorting."""
    depth: dict[str, int] = {}
    for name, expression in derived.items():
        depth[name] = 1 + max((depth[used] for used in names_used(expression) if used in depth), default=-1)
    return [{name: derived[name] for name in derived if depth[name] == level} for level in sorted(set(depth.values()))]


def relation(
    scratch: Scratch, source: str, mapped: TableMap, reading: Reading, unknown_dimensions: Sequence[str]
) -> tuple[str, int]:
    """The temporary table of canonical rows and how many rows were left out because their key is a repeat."""
    columns = [
        f"{_without_address(f'CAST({_expression(mapped, name, reading)} AS {type})', type)} AS {name}"
        for name, type in _types(mapped).items()
    ]
    if is_report(mapped.table):
        columns.append(f"{literal(breakdown(mapped, reading, unknown_dimensions))} AS breakdown")
    rows = f"SELECT row_no, {', '.join(columns)}, {mapped.latest} AS latest_ FROM {_each(source, mapped)}"
    name = scratch.new(mapped.table)
    scratch.run(f"CREATE TEMP TABLE {name} AS SELECT * EXCLUDE latest_ FROM ({rows}) {_one_per(mapped)}")
    return name, 0 if mapped.one_per else _without_repeats(scratch, name, mapped)


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
        return f"list_transform({value}, lambda text: {_without_address('text', 'VARCHAR')})"
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


def _without_repeats(scratch: Scratch, name: str, mapped: TableMap) -> int:
    """A key stands once in a table: keep the first row of each."""
    key = canonical_tables()[mapped.table]["key"]
    if not key:
        return 0
    columns = ", ".join(key)
    count, distinct = scratch.row(f"SELECT count(*), count(DISTINCT ({columns})) FROM {name}")
    if count > distinct:
        scratch.run(f"""DELETE FROM {name} WHERE row_no NOT IN
            (SELECT min(row_no) FROM {name} GROUP BY {columns})""")
    return count - distinct
