"""From one recognised table of text to canonical rows: what is loaded, refused, and asked first."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kpi.ingest.answers import Answers
from kpi.ingest.checktotals import are_proved, check_totals, labelled_totals, unlabelled_totals
from kpi.ingest.continued import continued
from kpi.ingest.currencies import declared_currency
from kpi.ingest.days import Span
from kpi.ingest.fieldtypes import FIELD_TYPES
from kpi.ingest.formats import Format, canonical_tables
from kpi.ingest.freecolumns import with_free_columns
from kpi.ingest.furthercolumns import PART, columns_across, further_columns, whole_apart
from kpi.ingest.groups import refused_table, repeated_table
from kpi.ingest.labels import header_fingerprint
from kpi.ingest.load import Rows
from kpi.ingest.numbers import NumberColumn, number_styles
from kpi.ingest.part import Defaults, Part
from kpi.ingest.questions import late_questions, open_questions
from kpi.ingest.recognise import RECOGNISED, Match
from kpi.ingest.refusals import misfit_rows, refused_rows
from kpi.ingest.relations import derived_table, is_report, may_name_anyone, relation
from kpi.ingest.remarks import apart_remarks, date_remarks, is_narrowed, remarks, repeats
from kpi.ingest.sample import early_sample, sample_rows
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.times import time_styles
from kpi.ingest.typed import Reading, Typed, cell_source, typed_select, typed_table
from kpi.wording.message import Message, message

_ENTITIES = 50
_DECIMALS = {"dot": ".", "comma": ","}
_BY_SEPARATOR = {",": ".", ";": ","}


@dataclass(frozen=True)
class _Fates:
    """Tables of the rows after sorting them out: `typed` holds those to load; `earlier` are the names made before."""

    earlier: frozenset[str]
    typed: Typed
    totals: str
    total_labels: Mapping[int, str]
    refused: str
    repeated: str


def converted(
    scratch: Scratch, section: Section, match: Match, answers: Answers, defaults: Defaults, span: Span | None
) -> Part:
    """The Part of this table. With questions it has no relations."""
    part = _part(section, match, answers)
    if not len(section.rows):
        return _without_rows(part, section, match.format)
    staged, totals, labels = _totals_apart(scratch, section.rows.table(), section, match.format)
    whole = continued(scratch, staged, section, match)
    staged, part = whole.staged, _with_note(part, whole.count)
    match = with_free_columns(scratch, staged, section, whole.match)
    span = answers.period or section.preamble.span or span
    reading = replace(
        _reading(scratch, staged, section, match, answers, span),
        account=_whose_ids(part, match.format, answers, defaults),
    )
    if questions := open_questions(reading, section):
        return replace(part, questions=questions, sample=early_sample(scratch, staged, reading, questions, defaults))
    fates = _sorted_out(scratch, staged, totals, labels, section, reading, defaults)
    return _loaded(scratch, staged, part, fates, section, reading, defaults)


def _part(section: Section, match: Match, answers: Answers) -> Part:
    known = match.format
    doubts = [match.note] if match.note else [] if match.confidence >= RECOGNISED else [_looks_like(match)]
    return Part(
        path=section.path,
        format=known.id,
        format_name=known.name,
        confidence=match.confidence,
        fingerprint=header_fingerprint(section.header),
        account=answers.account or match.account or f"{known.platform}/{section.preamble.account or 'main'}",
        notes=tuple(doubts),
    )


def _with_note(part: Part, count: int) -> Part:
    """The Part that says how many rows continue others."""
    if not count:
        return part
    said = message(
        "{n} row without a number was read as a further line of the one above it.",
        "{n} rows without a number were read as further lines of the one above them.",
        n=count,
    )
    return replace(part, notes=(*part.notes, said))


def _whose_ids(part: Part, known: Format, answers: Answers, defaults: Defaults) -> str:
    """The account whose customers' ids the file names: of an experiment the shop's, for it has none of its own."""
    return (answers.account or defaults.home or "main") if known.has_shop_ids else part.account


def _looks_like(match: Match) -> Message:
    return message(
        "This looks like {format}, but not every column is known: check the numbers.", format=match.format.name
    )


def _without_rows(part: Part, section: Section, known: Format) -> Part:
    rows = Rows(read=section.read, refused=section.misfit_count)
    refused = misfit_rows(section, known)
    return replace(part, rows=rows, refused=refused, notes=(*part.notes, message("The table has no rows.")))


def _totals_apart(scratch: Scratch, staged: str, section: Section, known: Format) -> tuple[str, str, dict[int, str]]:
    """The staged rows without the labelled totals, these totals, and their labels."""
    labels = labelled_totals(scratch, staged, section, known)
    totals, others = scratch.new("totals"), scratch.new("rows", "VIEW")
    numbers = ", ".join(map(str, labels))
    chosen = f"row_no IN ({numbers})" if labels else "FALSE"
    scratch.run(f"CREATE TEMP TABLE {totals} AS SELECT * FROM {staged} WHERE {chosen}")
    if not labels:
        return staged, totals, labels
    scratch.run(f"CREATE TEMP VIEW {others} AS SELECT * FROM {staged} WHERE row_no NOT IN ({numbers})")
    return others, totals, labels


def _reading(
    scratch: Scratch, staged: str, section: Section, match: Match, answers: Answers, span: Span | None
) -> Reading:
    known = match.format
    columns = {name: f"c{position}" for name, position in match.fields.items()}
    kinds = {name: FIELD_TYPES[known.fields[name].type].kind for name in columns}
    entities = {name: _entities(scratch, staged, columns[name]) for name in columns if known.fields[name].is_html}
    written = Reading(known, columns, {}, {}, entities=entities)
    numbers = {
        name: NumberColumn(cell_source(name, written), known.fields[name].type == "count")
        for name in columns
        if kinds[name] == "number"
    }
    separator = "." if section.has_typed_cells else _BY_SEPARATOR.get(section.delimiter or "")
    styles = number_styles(
        scratch, staged, numbers, fallback=_DECIMALS.get(known.number_style or "") or separator, answer=answers.decimal
    )
    times = {name: columns[name] for name in columns if kinds[name] == "time"}
    orders = {name: known.fields[name].order for name in times}
    money = [name for name in numbers if known.fields[name].type == "money"]
    has_column = any(known.fields[name].type == "currency" for name in columns)
    in_file = declared_currency(
        known.name, match.currency, {name: styles[name] for name in money}, has_column=has_column
    )
    wants_currency = any(it.wants_currency for it in known.tables)
    return Reading(
        known,
        columns,
        styles,
        time_styles(scratch, staged, times, orders=orders, answer=answers.is_day_first, span=span),
        span,
        (in_file or answers.currency) if money or wants_currency else None,
        answers.is_tax_included,
        entities,
        time_zone=answers.time_zone,
        title=section.preamble.title,
        file_name=_stem(section.name),
        numbered=match.numbered,
        header_currency=match.currency,
        are_columns_told=answers.columns is not None,
    )


def _stem(name: str) -> str:
    """The file's name without its ending and without the number that a second download gets."""
    return re.sub(r"\s*\(\d+\)$", "", re.sub(r"\.[A-Za-z0-9]{1,7}$", "", name)).strip()


def _entities(scratch: Scratch, staged: str, column: str) -> tuple[str, ...]:
    """The HTML entities that stand in a column's cells; a currency has a few at most."""
    found = f"SELECT DISTINCT unnest(regexp_extract_all({column}, '&#?\\w{{1,10}};')) FROM {staged}"
    return tuple(sorted(row[0] for row in scratch.rows(found)))[:_ENTITIES]


def _sorted_out(
    scratch: Scratch,
    staged: str,
    totals: str,
    labels: Mapping[int, str],
    section: Section,
    reading: Reading,
    defaults: Defaults,
) -> _Fates:
    earlier = scratch.names()
    typed = typed_table(scratch, staged, reading, defaults)
    found, doubtful = unlabelled_totals(scratch, staged, typed.view, section, reading)
    typed_totals = scratch.new("totals")
    chosen = ", ".join(map(str, found)) or "NULL"
    unlabelled = f"SELECT * FROM {typed.view} WHERE row_no IN ({chosen})"
    # without a labelled total there is nothing to type, and to plan that statement takes longer than to read a small file
    labelled = f"{typed_select(scratch, totals, reading.of_other_rows, defaults)} UNION ALL" if labels else ""
    scratch.run(f"CREATE TEMP TABLE {typed_totals} AS {labelled} {unlabelled}")
    if found:
        scratch.run(f"DELETE FROM {typed.table} WHERE row_no IN ({chosen})")
    refused = refused_table(scratch, typed.view, reading.format, doubtful)
    scratch.run(f"DELETE FROM {typed.table} WHERE row_no IN (SELECT row_no FROM {refused})")
    repeated = repeated_table(scratch, typed.view, reading.format)
    scratch.run(f"DELETE FROM {typed.table} WHERE row_no IN (SELECT row_no FROM {repeated})")
    return _Fates(earlier, typed, typed_totals, {**labels, **found}, refused, repeated)


def _loaded(
    scratch: Scratch, staged: str, part: Part, fates: _Fates, section: Section, reading: Reading, defaults: Defaults
) -> Part:
    is_large = len(section.rows) >= defaults.limits.many_rows
    source = derived_table(scratch, fates.typed, reading.format, is_large=is_large)
    dimensions, ignored = further_columns(section, reading)
    checks = check_totals(scratch, source, fates.totals, fates.total_labels, section, reading)
    if dimensions and (reading.format.adds_up or are_proved(checks)):
        dimensions = [PART]
    across = columns_across(section, reading)
    apart = [*dimensions, *whole_apart(section, reading, across)]
    may_name = is_large or may_name_anyone(scratch, source)
    made = {
        it.table: relation(scratch, source, it, reading, apart, is_large=is_large, may_name=may_name)
        for it in reading.format.tables
    }
    relations = {table: name for table, (name, _) in made.items()}
    counts = {table: scratch.row(f"SELECT count(*) FROM {name}")[0] for table, name in relations.items()}
    filled = {table: name for table, name in relations.items() if counts[table]}
    main = next((it.table for it in reading.format.tables), "")
    part = replace(part, sample=sample_rows(scratch, filled, main))
    if questions := late_questions(scratch, source, relations, reading, defaults):
        return replace(part, questions=questions)
    repeated = scratch.row(f"SELECT count(*) FROM {fates.repeated}")[0]
    again = repeats(repeated, sum(it[1] for it in made.values()))
    notes = (
        *part.notes,
        *remarks(scratch, source, reading, dimensions, ignored),
        *date_remarks(section, reading),
        *apart_remarks(across, section.preamble.part_of_people if reading.format.is_open else ""),
        *again,
    )
    return replace(
        part,
        account=_account(scratch, part, source, reading),
        relations=filled,
        tables={table: counts[table] for table in filled},
        rows=_rows(scratch, source, fates, section, reading),
        refused=refused_rows(scratch, staged, fates.refused, section, reading, defaults),
        check_totals=checks,
        period=_period(scratch, filled, reading.span, reading.format),
        currencies=_currencies(scratch, filled, reading.format),
        notes=notes,
        is_narrowed=is_narrowed(scratch, source, reading),
        made=scratch.release(scratch.names() - fates.earlier if is_large else filled.values()),
    )


def _rows(scratch: Scratch, source: str, fates: _Fates, section: Section, reading: Reading) -> Rows:
    counts = [scratch.row(f"SELECT count(*) FROM {name}")[0] for name in (source, fates.refused, fates.totals)]
    kept, refused, totals = counts
    conditions = [it.rows or "TRUE" for it in reading.format.tables]
    loaded = scratch.row(
        f"SELECT count(*) FROM {source} WHERE {' OR '.join(f'({it})' for it in conditions) or 'FALSE'}"
    )[0]
    repeated = scratch.row(f"SELECT count(*) FROM {fates.repeated}")[0]
    return Rows(
        read=section.read,
        loaded=loaded,
        refused=refused + section.misfit_count,
        totals=totals,
        set_aside=repeated + kept - loaded,
    )


def _account(scratch: Scratch, part: Part, source: str, reading: Reading) -> str:
    """The account's own name, where the rows carry just one and nothing else names it."""
    if "account" not in reading.columns or not part.account.endswith("/main"):
        return part.account
    names = scratch.rows(f"SELECT DISTINCT account FROM {source} WHERE account IS NOT NULL LIMIT 2")
    return f"{reading.format.platform}/{names[0][0]}" if len(names) == 1 else part.account


def _period(scratch: Scratch, relations: Mapping[str, str], declared: Span | None, known: Format) -> Span | None:
    if declared and any(is_report(table) for table in relations):
        return declared
    given = {it.table: it.columns for it in known.tables}
    spans = [
        scratch.row(f"SELECT CAST(min({days[0]}) AS DATE), CAST(max({days[1]}) AS DATE) FROM {relations[table]}")
        for table in relations
        if (days := _day_columns(table, given[table]))
    ]
    filled = [span for span in spans if span[0] is not None]
    return (min(span[0] for span in filled), max(span[1] for span in filled)) if filled else None


def _day_columns(table: str, given: Collection[str]) -> tuple[str, str] | None:
    """What says the first and the last day of a row, of the columns that the format gives."""
    canonical = canonical_tables()[table]
    if not (days := [day for day in (canonical.get("day"), *canonical.get("else_days", ())) if day in given]):
        return None
    day = f"coalesce({', '.join(days)})"
    return (day, "period_end") if days == ["period_start"] else (day, day)


def _currencies(scratch: Scratch, relations: Mapping[str, str], known: Format) -> tuple[str, ...]:
    found: set[str] = set()
    for table in (it.table for it in known.tables if it.table in relations and "currency" in it.columns):
        rows = scratch.rows(f"SELECT DISTINCT currency FROM {relations[table]} WHERE currency IS NOT NULL")
        found |= {row[0] for row in rows}
    return tuple(sorted(found))
