"""Days and times as exports write them: the order of day and month is decided for each column from all its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import compress

from kpi.ingest.cells import NO_BREAK_SPACES, literal, time_value
from kpi.ingest.days import Span
from kpi.ingest.scratch import Scratch

_CLOCK = r"(?:,?\s+\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AaPp][Mm])?)?"
# Polish months in the genitive, the nominative and short; their first three letters tell them apart.
_MONTHS = {
    "sty": "Jan",
    "lut": "Feb",
    "mar": "Mar",
    "kwi": "Apr",
    "maj": "May",
    "cze": "Jun",
    "lip": "Jul",
    "sie": "Aug",
    "wrz": "Sep",
    "paź": "Oct",
    "lis": "Nov",
    "gru": "Dec",
}
_POLISH_MONTHS = (
    "stycz(?:eń|nia)|lut(?:y|ego)|mar(?:zec|ca)|kwie(?:cień|tnia)|maja?|czerw(?:iec|ca)|lip(?:iec|ca)|sierp(?:ień|nia)|wrze(?:sień|śnia)"
    "|paździer(?:nik|nika)|listopada?|grud(?:zień|nia)|(?:sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru)[.]?"
)
_SHAPES = {
    "seconds": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?$",
    "iso": r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$",
    "digits": r"^\d{8}$",
    "year": rf"^\d{{4}}[./]\d{{1,2}}[./]\d{{1,2}}{_CLOCK}$",
    "dots": rf"^\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d{{2}}){_CLOCK}$",
    "slashes": rf"^\d{{1,2}}[/-]\d{{1,2}}[/-](?:\d{{4}}|\d{{2}}){_CLOCK}$",
    "polish": rf"(?i)^(?:[a-zśż]{{2,12}}\.?,? )?\d{{1,2}} (?:{_POLISH_MONTHS}) \d{{4}}(?: r\.?)?{_CLOCK}$",
    "words": rf"^(?:[A-Za-z]{{3,9}},? )?(?:\d{{1,2}} [A-Za-z]{{3,9}},? |[A-Za-z]{{3,9}} \d{{1,2}},? )\d{{4}}{_CLOCK}$",
}
_PLAIN = str.maketrans(dict.fromkeys(NO_BREAK_SPACES, " "))
_PATTERNS = tuple(re.compile(shape) for shape in _SHAPES.values())
# Microseconds since 1970, UTC. A number of 16 digits may be anything, so no cell is called a time for it.
_SHAPES["micros"] = r"^\d{16}$"
_OFFSET = r"(Z|UTC|[+-]\d{2}(?::?\d{2})?)$"
# The clocks that may follow a day, by what tells each apart.
_CLOCKS = {
    "": r"^[^:]*$",
    " %H:%M": r"\s\d{1,2}:\d{2}$",
    " %H:%M:%S": r"\s\d{1,2}:\d{2}:\d{2}$",
    " %I:%M %p": r"\s\d{1,2}:\d{2}\s*[AaPp][Mm]$",
    " %I:%M:%S %p": r"\s\d{1,2}:\d{2}:\d{2}\s*[AaPp][Mm]$",
}
# Day, month and year with the same sign between them, and a clock after one space; digits are noughts.
_SAME = r"^0{1,2}([./-])0{1,2}[./-]0{4}(?: [0:]+)?$"
_FIRST_LOOK, _FEW = 1_000, 4


@dataclass(frozen=True)
class TimeStyle:
    """shapes: the ways of writing that the column has (`seconds`: every filled cell is that) ·
    is_day_first: for `1/2/2026`, None while open · clocks: the column's own among `_CLOCKS` · separator: between day,
    month and a year of four digits, where every filled cell has the same one, one clock and no other space · is_clean:
    every filled cell is a value with nothing around it."""

    shapes: tuple[str, ...]
    is_day_first: bool | None = None
    clocks: tuple[str, ...] = tuple(_CLOCKS)
    separator: str | None = None
    is_clean: bool = False

    @property
    def is_plain(self) -> bool:
        return self.shapes == ("seconds",)

    @property
    def is_iso(self) -> bool:
        return self.is_plain or "iso" in self.shapes

    @property
    def is_open(self) -> bool:
        return "slashes" in self.shapes and self.is_day_first is None


def time_styles(
    scratch: Scratch,
    table: str,
    columns: Mapping[str, str],
    *,
    orders: Mapping[str, str | None],
    answer: bool | None,
    span: Span | None = None,
) -> dict[str, TimeStyle]:
    """The style of each column (name → column of the table).

    `orders` are the platform's own orders where it fixes them; `answer` is the person's; `span` the days that the file
    says it covers. A column that leaves the order open follows the other columns of the file when these agree.
    """
    written = {name: _written(scratch, table, column) for name, column in columns.items()}
    shapes = {name: style.shapes for name, style in written.items()}
    own = {name: _own_order(scratch, table, columns[name], shapes[name], orders.get(name), span) for name in columns}
    decided = {order for order in own.values() if order is not None}
    common = next(iter(decided)) if len(decided) == 1 else None
    return {
        name: replace(style, is_day_first=next((it for it in (own[name], answer, common) if it is not None), None))
        for name, style in written.items()
    }


def time_sql(value: str, style: TimeStyle, type: str) -> str:
    """The typed time of `value` (a cell as `time_value` gives it), NULL where it has none of the column's shapes."""
    readings = [_reading(value, shape, style) for shape in style.shapes]
    if style.separator:
        parts = ("%d", "%m") if style.shapes == ("dots",) or style.is_day_first else ("%m", "%d")
        readings = [f"try_strptime({value}, {literal(style.separator.join((*parts, '%Y')) + style.clocks[0])})"]
    whole = f"coalesce({', '.join(readings)}, CAST(NULL AS TIMESTAMP))" if readings else "CAST(NULL AS TIMESTAMP)"
    return f"CAST({whole} AS DATE)" if type == "day" else whole


def offset_sql(value: str, style: TimeStyle, time: str = "", zone: str | None = None) -> str:
    """Minutes east of UTC as the cell states them, else as the zone has them at that `time` of day, else NULL.

    A day without a clock has no offset, for it is the same day everywhere.
    """
    stated = _stated_offset(value) if style.is_iso else "CAST(NULL AS INTEGER)"
    if zone is None:
        return stated
    there = f"date_diff('minute', timezone('UTC', timezone({literal(zone)}, {time})), {time})"
    minutes = str(fixed_offset(zone)) if fixed_offset(zone) is not None else f"CAST({there} AS INTEGER)"
    return f"coalesce({stated}, CASE WHEN contains({value}, ':') THEN {minutes} END)"


def fixed_offset(zone: str) -> int | None:
    """The minutes of `+02:00`; None for what is no fixed offset."""
    match = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})", zone)
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:
        return None
    return (-1 if match[1] == "-" else 1) * (int(match[2]) * 60 + int(match[3]))


def _stated_offset(value: str) -> str:
    zone = f"regexp_extract(substr({value}, 11), {literal(_OFFSET)}, 1)"
    past = f"CASE WHEN length({zone}) > 3 THEN CAST(right({zone}, 2) AS INTEGER) ELSE 0 END"
    minutes = f"(CAST(substr({zone}, 2, 2) AS INTEGER) * 60 + {past})"
    signed = f"CASE WHEN {zone}[1] = '-' THEN -{minutes} ELSE {minutes} END"
    return f"CASE WHEN coalesce({zone}, '') = '' THEN NULL WHEN {zone} IN ('Z', 'UTC') THEN 0 ELSE {signed} END"


def is_time(cell: str) -> bool:
    """Whether the trimmed cell is a day or a time in any way of writing that is known."""
    plain = cell.translate(_PLAIN)
    return any(shape.match(plain) for shape in _PATTERNS)


def _written(scratch: Scratch, table: str, column: str) -> TimeStyle:
    """The column's ways of writing; which of day and month comes first is not decided yet."""
    is_seconds = f"regexp_matches({column}, {literal(_SHAPES['seconds'])})"
    filled, plain = scratch.row(f"SELECT count({column}), count(*) FILTER (WHERE {is_seconds}) FROM {table}")
    if filled == plain:
        return TimeStyle(("seconds",), is_clean=True)
    shapes = {name: shape for name, shape in _SHAPES.items() if name != "seconds"}
    signs = [*shapes.values(), *_CLOCKS.values()]
    has = [f"coalesce(bool_or(regexp_matches(cell, {literal(sign)})), false)" for sign in signs]
    *found, first, last, is_clean = scratch.row(
        f"SELECT {', '.join(has)}, min(part), CASE WHEN count(cell) = count(part) THEN max(part) END,"
        f" bool_and(cell IS NOT DISTINCT FROM written) FROM (SELECT written, cell, nullif(regexp_extract(cell,"
        f" {literal(_SAME)}, 1), '') AS part FROM (SELECT written, {time_value('written')} AS cell FROM ({_ways(scratch, table, column)})))"
    )
    clocks = tuple(compress(_CLOCKS, found[len(shapes) :]))
    is_same = first == last and len(clocks) == 1
    separator = first if is_same else None
    return TimeStyle(tuple(compress(shapes, found)), clocks=clocks, separator=separator, is_clean=bool(is_clean))


def _ways(scratch: Scratch, table: str, column: str) -> str:
    """The distinct cells once every digit is a nought. A column has few; those of the first rows are looked for in all
    others at a glance, and only what is none of them is translated."""
    ways = (
        f"SELECT DISTINCT translate({column}, '123456789', '000000000') AS written FROM {{}} WHERE {column} IS NOT NULL"
    )
    first = [row[0] for row in scratch.rows(ways.format(f"(SELECT {column} FROM {table} LIMIT {_FIRST_LOOK})"))]
    if not 0 < len(first) <= _FEW:
        return ways.format(table)
    shapes = "|".join(re.escape(way).replace("0", r"\d") for way in first)
    known = ", ".join(f"({literal(way)})" for way in first)
    others = ways.format(table) + f" AND NOT regexp_full_match({column}, {literal(shapes)})"
    return f"SELECT * FROM (VALUES {known}) AS first(written) UNION {others}"


def _own_order(
    scratch: Scratch, table: str, column: str, shapes: tuple[str, ...], platform: str | None, span: Span | None
) -> bool | None:
    if "slashes" not in shapes:
        return None
    if platform is not None:
        return platform == "dmy"
    value = time_value(column)
    parts = [f"TRY_CAST(regexp_extract({value}, '^(\\d+)[/-](\\d+)', {i}) AS INTEGER)" for i in (1, 2)]
    first, second = scratch.row(
        f"SELECT coalesce(max({parts[0]}), 0), coalesce(max({parts[1]}), 0) FROM {table} "
        f"WHERE regexp_matches({value}, {literal(_SHAPES['slashes'])})"
    )
    if (first > 12) == (second > 12):
        return _order_inside(scratch, table, value, span) if span and first <= 12 else None
    return bool(first > 12)


def _order_inside(scratch: Scratch, table: str, value: str, span: Span) -> bool | None:
    """The one order in which every day lies in the span; None where both or neither does."""
    part = [f"regexp_extract({value}, '^(\\d+)[/-](\\d+)[/-](\\d+)', {i})" for i in (1, 2, 3)]
    year = f"CASE WHEN length({part[2]}) = 2 THEN '20' ELSE '' END || {part[2]}"
    inside = [
        f"bool_and(coalesce(try_cast(concat({year}, '-', {part[month]}, '-', {part[1 - month]}) AS DATE) BETWEEN "
        f"{literal(span[0].isoformat())} AND {literal(span[1].isoformat())}, false))"
        for month in (1, 0)
    ]
    is_slashed = f"regexp_matches({value}, {literal(_SHAPES['slashes'])})"
    day_first, month_first = scratch.row(f"SELECT {', '.join(inside)} FROM {table} WHERE {is_slashed}")
    return bool(day_first) if bool(day_first) != bool(month_first) else None


def _reading(value: str, shape: str, style: TimeStyle) -> str:
    if shape == "seconds":
        return f"try_cast(replace(left({value}, 19), 'T', ' ') AS TIMESTAMP)"
    matches = f"regexp_matches({value}, {literal(_SHAPES[shape])})"
    if shape == "iso":
        local = f"regexp_extract({value}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}(?:[T ]\\d{{2}}:\\d{{2}}(?::\\d{{2}})?)?')"
        return f"CASE WHEN {matches} THEN try_cast({local} AS TIMESTAMP) END"
    if shape == "micros":
        is_ours = f"{matches} AND {value}[1] = '1'"
        return f"CASE WHEN {is_ours} THEN make_timestamp(try_cast({value} AS BIGINT)) END"
    if shape == "digits":
        return f"CASE WHEN {matches} THEN try_strptime({value}, '%Y%m%d') END"
    text = f"replace(regexp_replace({value}, '\\s+', ' ', 'g'), ',', '')"
    if shape == "polish":
        plain = (
            f"regexp_replace(lower({text}), '^\\D*(\\d+) (\\pL{{3}})\\pL*\\.? (\\d{{4}})(?: r\\.?)?', '\\1 \\2 \\3')"
        )
        months = " ".join(f"WHEN {literal(own)} THEN {literal(month)}" for own, month in _MONTHS.items())
        month = f"regexp_extract({plain}, '\\pL{{3}}')"
        return _parsed(matches, f"replace({plain}, {month}, CASE {month} {months} END)", ("%d %b %Y",), style)
    if shape == "words":
        # the British write four letters where a month's short name has three
        text = f"regexp_replace({text}, '\\bSept\\b', 'Sep')"
        bare = f"regexp_replace({text}, '^[A-Za-z]{{3,9}} ([A-Za-z]{{3,9}} \\d|\\d{{1,2}} [A-Za-z])', '\\1')"
        return _parsed(matches, bare, ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y"), style)
    slashed = f"translate({text}, '.-', '//')"
    if shape == "year":
        return _parsed(matches, slashed, ("%Y/%m/%d",), style)
    order = "%m/%d" if shape == "slashes" and not style.is_day_first else "%d/%m"
    has_century = f"regexp_matches({value}, '^\\d{{1,2}}.\\d{{1,2}}.\\d{{4}}')"
    long = _parsed(has_century, slashed, (f"{order}/%Y",), style)
    short = _parsed(matches, slashed, (f"{order}/%y",), style)
    return f"CASE WHEN {matches} THEN CASE WHEN {has_century} THEN {long} ELSE {short} END END"


def _parsed(condition: str, text: str, days: tuple[str, ...], style: TimeStyle) -> str:
    formats = [literal(day + clock) for day in days for clock in style.clocks]
    # one way of writing is parsed ten times as fast as a list of one
    wanted = formats[0] if len(formats) == 1 else f"[{', '.join(formats)}]"
    return f"CASE WHEN {condition} THEN try_strptime({text}, {wanted}) END"
