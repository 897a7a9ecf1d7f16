"""From a table of text cells to a table of typed fields, in one SQL statement."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kpi.ingest.bounds import LONGEST_CELL
from kpi.ingest.cells import group_value, literal, number_value, text_value, time_value
from kpi.ingest.currencies import currency_sql, signs_sql, unreadable_currency_sql
from kpi.ingest.days import Span
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.formats import BUILTINS, Field, Format
from kpi.ingest.identity import customer_id_sql, customer_key_sql, keys_table
from kpi.ingest.numbers import NumberStyle, number_sql
from kpi.ingest.part import Defaults
from kpi.ingest.scratch import Scratch
from kpi.ingest.times import TimeStyle, offset_sql, time_sql
from kpi.ingest.vocabulary import mapping_table

TRUE_WORDS = ("yes", "true", "tak", "1", "t", "y", "prawda", "oui", "sí", "ja")
FALSE_WORDS = ("no", "false", "nie", "0", "f", "n", "fałsz", "non", "nein")
FLAG_WORDS = frozenset(word for word in (*TRUE_WORDS, *FALSE_WORDS) if len(word) > 1)
_PART_TYPES = {"offset": "INTEGER", "start": "DATE", "end": "DATE", "raw": "VARCHAR"}
NTH_TYPES = ("nth_day", "nth_hour")
_IS_YEAR = "{} BETWEEN 1900 AND 2999"
_DAY_TYPES = ("day", *NTH_TYPES, "day_hour", "year_month")
SPAN_TYPES = ("period", "month_number", "year_month", "year")
_PERIOD = r"^(?:From )?(\d{4}-\d{2}-\d{2}) *(?:-|–|to|do|,) *(\d{4}-\d{2}-\d{2})$"
SHORTENED = r"^'?\d(?:[.,]\d+)?E\+\d{1,2}$"
_MARKED = r"^'\d+$"
# A decimal comma that cannot group thousands.
_COMMA = r"^-?\d+,(?:\d{1,2}|\d{4,})$"
_CLOCK = r"^(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,]\d+)?$"


@dataclass(frozen=True)
class Reading:
    """How the cells of this file are read: which column holds which field, and what was decided about them."""

    format: Format
    columns: Mapping[str, str]
    numbers: Mapping[str, NumberStyle]
    times: Mapping[str, TimeStyle]
    span: Span | None = None
    currency: str | None = None
    is_tax_included: bool | None = None
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbered: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    account: str = "main"
    time_zone: str | None = None
    title: str = ""
    file_name: str = ""
    header_currency: str | None = None
    are_columns_told: bool = False

    @property
    def signed(self) -> dict[str, tuple[str, ...]]:
        """The columns of amounts whose cells have currency signs."""
        money = (name for name in self.numbers if self.format.fields[name].type == "money")
        return {name: symbols for name in money if (symbols := self.numbers[name].symbols)}

    @property
    def of_other_rows(self) -> Reading:
        """The same for rows that nothing was decided by: a total may be written in another way than what it adds up."""
        numbers = {
            name: replace(style, is_plain=False, is_bare=False, is_clean=False) for name, style in self.numbers.items()
        }
        times = {name: TimeStyle(style.shapes, style.is_day_first) for name, style in self.times.items()}
        return replace(self, numbers=numbers, times=times)


@dataclass(frozen=True)
class Typed:
    """The typed rows. table: what differs from row to row, to delete from · view: these rows with every field and
    builtin name of the format · constants: the columns of the view that are the same in all rows, as SQL."""

    table: str
    view: str
    constants: tuple[str, ...]


def typed_table(scratch: Scratch, staged: str, reading: Reading, defaults: Defaults) -> Typed:
    """The rows of `staged` with `row_no`, every field and builtin name of the format, and `is_bad`.

    `is_bad` marks rows with a cell that is filled and cannot be read, or with a required field left empty.
    """
    table, constants = scratch.new("typed"), tuple(_constants(reading))
    scratch.run(f"CREATE TEMP TABLE {table} AS {_varying(scratch, staged, reading, defaults)}")
    return Typed(table, with_constants(scratch, table, constants), constants)


def with_constants(scratch: Scratch, table: str, constants: Sequence[str]) -> str:
    """A view of the table with the constant columns, which cost nothing there and much in every row."""
    view = scratch.new("typed", "VIEW")
    scratch.run(f"CREATE TEMP VIEW {view} AS SELECT *, {', '.join(constants)} FROM {table}")
    return view


def typed_select(
    scratch: Scratch, staged: str, reading: Reading, defaults: Defaults, *, each_fault: bool = False
) -> str:
    """The SELECT behind the view of `typed_table`, for any table with the same cells, or a subquery in brackets. With
    `each_fault` it has `fault_<field>` too."""
    varying = _varying(scratch, staged, reading, defaults, each_fault=each_fault)
    return f"SELECT *, {', '.join(_constants(reading))} FROM ({varying})"


def _constants(reading: Reading) -> list[str]:
    """The builtin names, which fields the file has, and what stands for those that it has not."""
    columns = _builtins(reading)
    for known in reading.format.fields.values():
        is_there = known.name in reading.columns or known.name in reading.numbered
        columns += [] if is_there else _nothing(known)
        columns.append(f"{'TRUE' if is_there else 'FALSE'} AS has_{known.name}")
    return columns if reading.signed else [*columns, "CAST(NULL AS VARCHAR) AS sign_currency"]


def _nothing(known: Field) -> list[str]:
    of_type = FIELD_TYPES[known.type]
    parts = [f"CAST(NULL AS {_PART_TYPES[part]}) AS {known.name}_{part}" for part in of_type.parts]
    return [f"CAST(NULL AS {of_type.sql}) AS {known.name}", *parts]


def _varying(scratch: Scratch, staged: str, reading: Reading, defaults: Defaults, *, each_fault: bool = False) -> str:
    """Three layers, so that nothing is worked out twice: cells (`cell_<field>`), typed fields, faults."""
    present = [known for known in reading.format.fields.values() if known.name in reading.columns]
    cells = [f"{cell_sql(known, reading)} AS cell_{known.name}" for known in present]
    cells += [f"{_list_sql(positions)} AS cell_{name}" for name, positions in reading.numbered.items()]
    joins, columns = [], []
    there = [*present, *(reading.format.fields[name] for name in reading.numbered)]
    for known in there:
        if FIELD_TYPES[known.type].kind == "word":
            words = mapping_table(scratch, known.type, staged, reading.columns[known.name], cell_sql(known, reading))
            joins.append(f"LEFT JOIN {words} ON {words}.written = cell_{known.name}")
            columns.append(f"{words}.value AS {known.name}")
            columns += [f"cell_{known.name} AS {known.name}_{part}" for part in FIELD_TYPES[known.type].parts]
        elif known.type in ("email", "customer_id"):
            key = _text_sql(known.type, "written", reading, defaults)
            keys = keys_table(scratch, staged, reading.columns[known.name], cell_sql(known, reading), key)
            joins.append(f"LEFT JOIN {keys} ON {keys}.written = cell_{known.name}")
            columns.append(f"{keys}.value AS {known.name}")
        else:
            columns += _columns(known, reading, defaults)
    columns += [f"cell_{known.name}" for known in there]
    faults = {known.name: fault for known in there if (fault := _fault(known))}
    hidden, outer = [f"cell_{known.name}" for known in there], []
    if reading.signed:
        columns.append(f"{signs_sql({f'cell_{name}': signs for name, signs in reading.signed.items()})} AS signs")
        faults["signs"] = "len(signs) > 1"
        hidden.append("signs")
        outer.append("signs[1] AS sign_currency")
    outer += [f"({fault}) AS fault_{name}" for name, fault in faults.items()] if each_fault else []
    is_bad = f"({' OR '.join(faults.values()) or 'FALSE'}) AS is_bad"
    return f"""SELECT {", ".join([f"* EXCLUDE ({', '.join(hidden)})", *outer, is_bad])} FROM (
        SELECT row_no, {", ".join(columns)} FROM (SELECT row_no, {", ".join(cells)} FROM {staged})
        {" ".join(joins)})"""


def cell_sql(known: Field, reading: Reading) -> str:
    """The cell of a mapped field without what surrounds it, NULL where it says nothing."""
    column, kind = cell_source(known.name, reading), FIELD_TYPES[known.type].kind
    if known.type in ("duration", "currency"):
        return number_value(column)
    if known.type == "group":
        return group_value(column)
    if kind == "number":
        return column if reading.numbers[known.name].is_clean else number_value(column)
    if kind == "time":
        return column if reading.times[known.name].is_clean else time_value(column)
    return text_value(column)


def cell_source(name: str, reading: Reading) -> str:
    """The column of a field, with the HTML entities that it holds written out."""
    column = reading.columns[name]
    for entity in reading.entities.get(name, ()):
        column = f"replace({column}, {literal(entity)}, {literal(html.unescape(entity))})"
    return column


def _list_sql(positions: Sequence[int | None]) -> str:
    """The cells of a numbered field as a list, NULL in the place of a number without a cell."""
    return f"[{', '.join('NULL' if it is None else text_value(f'c{it}') for it in positions)}]"


def _fault(known: Field) -> str | None:
    """True for rows whose cell of this field makes the row unusable; None when no cell can."""
    kind, cell = FIELD_TYPES[known.type].kind, f"cell_{known.name}"
    if known.type == "texts":
        return None
    if known.type == "amounts":
        return f"len(list_filter({cell}, lambda it: it IS NOT NULL)) <> len(list_filter({known.name}, lambda it: it IS NOT NULL))"
    if known.type == "currency" and not known.is_required:
        return unreadable_currency_sql(known.name, cell)
    is_short = kind in ("number", "time") or known.type in (*NTH_TYPES, "day_hour", "flag", "duration", *SPAN_TYPES)
    if known.is_required:
        unusable = " OR ".join([f"{known.name} IS NULL", _is_endless(cell), _is_shortened(cell)])
        return f"{known.name} IS NULL" if is_short else f"({unusable})"
    return f"({cell} IS NOT NULL AND {known.name} IS NULL)" if is_short else _is_endless(cell)


def _is_shortened(cell: str) -> str:
    """Whether a spreadsheet wrote an id as `1,23E+12`, which other ids are then too. `contains` is quick and mostly false."""
    return f"(contains({cell}, 'E+') AND regexp_matches({cell}, {literal(SHORTENED)}))"


def _is_endless(cell: str) -> str:
    """Whether a text is longer than any cell is. Bytes are counted first: that costs nothing."""
    return f"({cell} IS NOT NULL AND strlen({cell}) > {LONGEST_CELL} AND length({cell}) > {LONGEST_CELL})"


def _builtins(reading: Reading) -> list[str]:
    start, end = reading.span or (None, None)
    values = {
        "declared_currency": literal(reading.currency) if reading.currency else "NULL",
        "declared_start": _date(start),
        "declared_end": _date(end),
        "declared_title": literal(reading.title) if reading.title else "NULL",
        "file_name": literal(reading.file_name) if reading.file_name else "NULL",
        "tax_included_answer": "NULL" if reading.is_tax_included is None else str(reading.is_tax_included),
    }
    return [f"CAST({value} AS {BUILTINS[name]}) AS {name}" for name, value in values.items()]


def _date(day: date | None) -> str:
    return literal(day.isoformat()) if day else "NULL"


def _columns(known: Field, reading: Reading, defaults: Defaults) -> list[str]:
    of_type, cell = FIELD_TYPES[known.type], f"cell_{known.name}"
    if known.name in reading.numbered:
        plain = (
            "it"
            if known.type == "texts"
            else f"CASE WHEN regexp_matches(it, {literal(_COMMA)}) THEN replace(it, ',', '.') ELSE it END"
        )
        return [
            f"list_transform({cell}, lambda it: try_cast({plain} AS {of_type.sql.removesuffix('[]')})) AS {known.name}"
        ]
    if of_type.kind == "number":
        value = number_sql(cell, reading.numbers[known.name], known.type)
        if known.within:
            value = f"CASE WHEN {value} BETWEEN {known.within[0]} AND {known.within[1]} THEN {value} END"
        return [f"{value} AS {known.name}"]
    if of_type.kind == "time":
        style = reading.times[known.name]
        main_sql = time_sql(cell, style, known.type)
        main = f"{main_sql} AS {known.name}"
        return (
            [main, f"{offset_sql(cell, style, main_sql, reading.time_zone)} AS {known.name}_offset"]
            if of_type.parts
            else [main]
        )
    if known.type in SPAN_TYPES:
        start, end = _span_sql(known, cell, reading)
        return [f"{start} AS {known.name}", f"{start} AS {known.name}_start", f"{end} AS {known.name}_end"]
    if known.type == "text" and (known.name == "id" or known.name.endswith("_id")):
        # The mark with which a spreadsheet keeps a number from being one is no part of it.
        is_marked = f"starts_with({cell}, '''') AND regexp_matches({cell}, {literal(_MARKED)})"
        cell = f"CASE WHEN {is_marked} THEN substr({cell}, 2) ELSE {cell} END"
    return [f"{_text_sql(known.type, cell, reading, defaults)} AS {known.name}"]


def _text_sql(type: str, cell: str, reading: Reading, defaults: Defaults) -> str:
    if type == "email":
        return customer_key_sql(cell, defaults)
    if type == "customer_id":
        return customer_id_sql(cell, reading.account, defaults)
    if type == "currency":
        return currency_sql(cell)
    if type == "flag":
        words = [
            f"WHEN lower({cell}) IN ({', '.join(map(literal, it))}) THEN {it is TRUE_WORDS}"
            for it in (TRUE_WORDS, FALSE_WORDS)
        ]
        return f"CASE {' '.join(words)} END"
    if type == "list":
        parts = f"list_transform(string_split({cell}, ','), lambda part: trim(part))"
        return f"CASE WHEN {cell} IS NOT NULL THEN list_filter({parts}, lambda part: part <> '') END"
    if type == "duration":
        return _seconds(cell)
    if type in NTH_TYPES:
        start, number = _date(reading.span[0] if reading.span else None), f"try_cast({cell} AS INTEGER)"
        return f"CAST({start} AS DATE) + {number if type == 'nth_day' else f'{number} // 24'}"
    if type == "day_hour":
        return f"CASE WHEN regexp_matches({cell}, '^\\d{{10}}(?:\\d\\d)?$') THEN CAST(try_strptime(left({cell}, 8), '%Y%m%d') AS DATE) END"
    return cell


def _seconds(cell: str) -> str:
    """Seconds of `00:01:52`, of `01:52`, or of a plain number of them."""
    hours, minutes, seconds = (
        f"coalesce(try_cast(regexp_extract({cell}, {literal(_CLOCK)}, {i}) AS DOUBLE), 0)" for i in (1, 2, 3)
    )
    is_clock = f"regexp_matches({cell}, {literal(_CLOCK)})"
    return f"CASE WHEN {is_clock} THEN 3600 * {hours} + 60 * {minutes} + {seconds} ELSE try_cast({cell} AS DOUBLE) END"


def _period(cell: str) -> tuple[str, str]:
    """The days of `2026-09-01 - 2026-09-30`, of one day, of `2026-09` and of `2026`."""
    days = [f"try_cast(nullif(regexp_extract({cell}, {literal(_PERIOD)}, {i}), '') AS DATE)" for i in (1, 2)]
    month = f"try_cast(CASE WHEN regexp_matches({cell}, '^\\d{{4}}-\\d{{2}}$') THEN {cell} || '-01' END AS DATE)"
    year = f"try_cast(CASE WHEN regexp_matches({cell}, '^\\d{{4}}$') THEN {cell} || '-01-01' END AS DATE)"
    day = f"try_cast(CASE WHEN regexp_matches({cell}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}$') THEN {cell} END AS DATE)"
    first = f"coalesce({days[0]}, {day}, {month}, {year})"
    last = f"coalesce({days[1]}, {day}, last_day({month}), last_day({year} + INTERVAL 11 MONTH))"
    return first, f"CAST({last} AS DATE)"


def _span_sql(known: Field, cell: str, reading: Reading) -> tuple[str, str]:
    if known.type == "period":
        return _period(cell)
    if known.type == "month_number":
        return _month(cell, reading)
    number = f"try_cast({cell} AS INTEGER)"
    if known.type == "year":
        return _inside(
            f"make_date({number}, 1, 1)", f"make_date({number}, 12, 31)", _IS_YEAR.format(number), reading.span
        )
    first = f"make_date({number} // 100, {number} % 100, 1)"
    is_valid = f"{_IS_YEAR.format(f'{number} // 100')} AND {number} % 100 BETWEEN 1 AND 12"
    return _inside(first, f"last_day({first})", is_valid, reading.span)


def _month(cell: str, reading: Reading) -> tuple[str, str]:
    """The days of a bare month number: of the row's year, else inside the declared span, where it occurs only once."""
    month, is_month = f"try_cast({cell} AS INTEGER)", f"try_cast({cell} AS INTEGER) BETWEEN 1 AND 12"
    if year_field := year_of(reading):
        year = f"try_cast(cell_{year_field} AS INTEGER)"
        first = f"make_date({year}, {month}, 1)"
        return _inside(first, f"last_day({first})", f"{_IS_YEAR.format(year)} AND {is_month}", reading.span)
    if reading.span is None:
        return "CAST(NULL AS DATE)", "CAST(NULL AS DATE)"
    first_month = reading.span[0].month
    year = f"{reading.span[0].year} + CASE WHEN {month} < {first_month} THEN 1 ELSE 0 END"
    first = f"make_date({year}, {month}, 1)"
    # Beside a day the month decides nothing.
    is_alone = not any(reading.format.fields[name].type in _DAY_TYPES for name in reading.columns)
    once = [number for number in range(1, 13) if not (is_alone and occurs_twice(number, reading.span))]
    is_once = f"{is_month} AND {month} IN ({', '.join(map(str, once)) or 'NULL'})"
    return _inside(first, f"last_day({first})", is_once, reading.span)


def year_of(reading: Reading) -> str | None:
    """The field that says which year a bare month is of."""
    return next((name for name in reading.columns if reading.format.fields[name].type == "year"), None)


def occurs_twice(month: int, span: Span) -> bool:
    """Whether days of that month stand in the span in two years."""
    start, end = (day.year * 12 + day.month for day in span)
    return sum(number % 12 == month % 12 for number in range(start, end + 1)) > 1


def _inside(first: str, last: str, is_valid: str, span: Span | None) -> tuple[str, str]:
    """First and last day, cut to the declared span; NULL outside of it and where the cell is not valid."""
    if span is None:
        return f"CASE WHEN {is_valid} THEN {first} END", f"CASE WHEN {is_valid} THEN {last} END"
    start, end = (f"CAST({_date(day)} AS DATE)" for day in span)
    days = (f"greatest({first}, {start})", f"least({last}, {end})")
    inside = "CASE WHEN {valid} THEN CASE WHEN {last} >= {start} AND {first} <= {end} THEN {day} END END"
    names = {"valid": is_valid, "first": first, "last": last, "start": start, "end": end}
    return inside.format(day=days[0], **names), inside.format(day=days[1], **names)
