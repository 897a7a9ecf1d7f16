"""The totals that a file states, compared with the rows that were loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi.ingest.cells import literal, text_value
from kpi.ingest.formats import Format
from kpi.ingest.load import CheckTotal
from kpi.ingest.relations import is_report
from kpi.ingest.scratch import Scratch
from kpi.ingest.sections import Section
from kpi.ingest.totals import MAYBE_TOTAL_PATTERN, TOTAL_PATTERN, WHOLE_SUFFIXES, total_suffix
from kpi.ingest.typed import Reading

_ROUNDING = 0.01
_MANY = 50
# What a report writes where a total has no day and no name.
_DASHES = "('-', '–')"
# The first letters of the words for a total; a space or a dash stands in front of the label, or fills the cell.
_INITIALS = ", ".join(map(literal, "tgsrłopewcTGSRŁOPEWC -\t\n\r\v\f"))


def labelled_totals(scratch: Scratch, staged: str, section: Section, known: Format) -> dict[int, str]:
    """Rows whose first filled cell (or the one behind the last column) is a total's label: row number → label."""
    if not known.has_totals:
        return {}
    label = _label(section)
    pattern = literal(TOTAL_PATTERN)
    return dict(
        scratch.rows(
            f"SELECT row_no, {label} FROM {staged} WHERE {_may_be(section)} AND regexp_matches({label}, {pattern}, 'i')"
        )
    )


def unlabelled_totals(
    scratch: Scratch, staged: str, typed: str, section: Section, reading: Reading
) -> tuple[dict[int, str], list[int]]:
    """Rows that add up the others without saying so, and rows that look like it and do not (to be refused)."""
    sums = _sums(reading)
    nameless, labelled = _candidates(scratch, staged, section, reading)
    candidates = {**nameless, **labelled}
    if not sums and len(nameless) == 1 and len(section.rows) > 1 and _is_of_reports(reading):
        # only people are counted, whom nobody can add up
        return (nameless if _is_largest(scratch, typed, reading, *nameless) else {}), []
    if not sums or not candidates or len(candidates) > _MANY:
        return {}, []
    alone = _alone(scratch, staged, section, reading, labelled)
    chosen = ", ".join(map(str, candidates))
    totals = ", ".join(f"sum({name})" for name in sums)
    count, *rest = scratch.row(f"SELECT count(*), {totals} FROM {typed} WHERE row_no NOT IN ({chosen})")
    rows = scratch.rows(f"SELECT row_no, {', '.join(sums)} FROM {typed} WHERE row_no IN ({chosen})")
    if not count:
        return {}, []
    found, doubtful = {number: labelled[number] for number in alone}, []
    for row_no, *values in rows:
        pairs = [
            (float(value), float(other))
            for value, other in zip(values, rest, strict=True)
            if None not in (value, other)
        ]
        if not any(value for value, _ in pairs):
            continue
        if all(abs(value - other) <= _ROUNDING * count + 1e-9 for value, other in pairs):
            found[row_no] = candidates[row_no]
        elif row_no in nameless and row_no not in found and all(value >= other for value, other in pairs):
            doubtful.append(row_no)
    return found, doubtful


def _is_largest(scratch: Scratch, typed: str, reading: Reading, row_no: int) -> bool:
    """Whether no other row counts more people than this one, as none does beside a total."""
    counts = [name for name in reading.numbers if reading.format.fields[name].type == "count"]
    less = [f"max({it}) FILTER (WHERE row_no = {row_no}) < max({it})" for it in counts]
    return not less or not scratch.row(f"SELECT coalesce({' OR '.join(less)}, false) FROM {typed}")[0]


def check_totals(
    scratch: Scratch, typed: str, totals: str, labels: Mapping[int, str], section: Section, reading: Reading
) -> tuple[CheckTotal, ...]:
    """Each total of the file beside the sum of the loaded rows that it is over."""
    sums = _sums(reading)
    dimensions = [name for name in reading.format.check_dimensions if name in reading.columns]
    checks: list[CheckTotal] = []
    for total in scratch.records(f"SELECT * FROM {totals} ORDER BY row_no") if sums else []:
        label = labels[total["row_no"]]
        scope = _scope(scratch, typed, label, {name: total[name] for name in dimensions})
        if scope is None:
            continue
        selected = ", ".join(f"coalesce(sum({name}), 0)" for name in sums)
        count, *ours = scratch.row(f"SELECT count(*), {selected} FROM {typed} WHERE {scope[0]}", scope[1])
        tolerance = round(_ROUNDING * max(count, 1), 2)
        for name, our in zip(sums, ours, strict=True):
            if total[name] is not None:
                column = section.header[int(reading.columns[name][1:])]
                checks.append(CheckTotal(label, column, float(total[name]), round(float(our), 6), tolerance))
    return tuple(checks)


def are_proved(checks: Sequence[CheckTotal]) -> bool:
    """Whether the file's own totals over all rows agree with ours, so that no row stands in two of its groups."""
    whole = [check for check in checks if total_suffix(check.label) in WHOLE_SUFFIXES]
    return any(check.declared for check in whole) and all(check.agrees for check in whole)


def _scope(
    scratch: Scratch, typed: str, label: str, dimensions: Mapping[str, object]
) -> tuple[str, list[object]] | None:
    """The rows that a total is over, as a condition and its parameters; None when the label does not tell."""
    stated = {
        name: value
        for name, value in dimensions.items()
        if value is not None and str(value).strip().casefold() not in ("-", label.strip().casefold())
    }
    if stated:
        return " AND ".join(f"{name} = ?" for name in stated), list(stated.values())
    suffix = total_suffix(label)
    if suffix in WHOLE_SUFFIXES:
        return "TRUE", []
    for name in dimensions:
        if scratch.row(f"SELECT count(*) FROM {typed} WHERE lower(CAST({name} AS VARCHAR)) = ?", [suffix])[0]:
            return f"lower(CAST({name} AS VARCHAR)) = ?", [suffix]
    return None


def _candidates(
    scratch: Scratch, staged: str, section: Section, reading: Reading
) -> tuple[dict[int, str], dict[int, str]]:
    label = _label(section)
    dimensions = [reading.columns[name] for name in reading.format.check_dimensions if name in reading.columns]
    dimensions += _leading(section, reading)
    nameless: dict[int, str] = {}
    if dimensions:
        blank = " AND ".join(f"coalesce({text_value(column)}, '-') IN {_DASHES}" for column in dimensions)
        nameless = {row[0]: "" for row in scratch.rows(f"SELECT row_no FROM {staged} WHERE {blank} LIMIT {_MANY + 1}")}
    maybe = f"{_may_be(section)} AND regexp_matches({label}, {literal(MAYBE_TOTAL_PATTERN)}, 'i')"
    labelled = dict(scratch.rows(f"SELECT row_no, {label} FROM {staged} WHERE {maybe} LIMIT {_MANY + 1}"))
    return nameless, labelled


def _leading(section: Section, reading: Reading) -> list[str]:
    """The columns of a report before its first number, which say what it is broken down by: those that no field takes,
    and all of them where the format names no dimensions."""
    if not _is_of_reports(reading):
        return []
    first = min((int(reading.columns[name][1:]) for name in reading.numbers), default=0)
    named = reading.columns.values() if reading.format.check_dimensions else ()
    return [f"c{i}" for i in section.staged_columns if i < first and f"c{i}" not in named]


def _is_of_reports(reading: Reading) -> bool:
    return all(is_report(it.table) for it in reading.format.tables)


def _alone(scratch: Scratch, staged: str, section: Section, reading: Reading, labelled: Mapping[int, str]) -> list[int]:
    """The candidates whose label stands alone where the other rows have something in further dimensions."""
    dimensions = [reading.columns[name] for name in reading.format.check_dimensions if name in reading.columns]
    if not labelled or not dimensions:
        return []
    label, chosen = _label(section), ", ".join(map(str, labelled))
    filled = ", ".join(f"count({text_value(column)}) > 0" for column in dimensions)
    used = scratch.row(f"SELECT {filled} FROM {staged} WHERE row_no NOT IN ({chosen})")
    # Of each cell: NULL is the label itself, else whether it is filled.
    cells = ", ".join(
        f"CASE WHEN trim({it}) = {label} THEN NULL ELSE {text_value(it)} IS NOT NULL END" for it in dimensions
    )
    return [
        row_no
        for row_no, *others in scratch.rows(f"SELECT row_no, {cells} FROM {staged} WHERE row_no IN ({chosen})")
        if not any(others)
        and any(is_used and is_filled is False for is_used, is_filled in zip(used, others, strict=True))
    ]


def _sums(reading: Reading) -> list[str]:
    """The fields that a total row states and the rows of this report add up to."""
    known = reading.format
    overlapping = known.check_overlapping_sums if known.check_overlapping & reading.columns.keys() else frozenset()
    return [name for name in known.check_sums if name in reading.columns and name not in overlapping]


def _label(section: Section) -> str:
    # "-", and " --" of Google Ads, are empty cells
    cells = [f"nullif(nullif(nullif(trim(c{i}), ''), '-'), '--')" for i in section.staged_columns[:6]]
    return f"coalesce(nullif(extra, ''), {', '.join(cells)}, '')"


def _may_be(section: Section) -> str:
    """A cheap look at the first cell before all others: it is blank, or begins as a total's label does."""
    first = f"c{section.staged_columns[0]}"
    return f"(extra <> '' OR {first} IS NULL OR {first} = '' OR {first}[1] IN ({_INITIALS}))"
