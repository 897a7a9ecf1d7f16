"""Which experiments the workspace holds, and what their rows can be measured by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kpi.wording.message import Text

Shape = Literal["units", "counts"]
ColumnKind = Literal["flag", "count", "amount", "category"]
_FEW = 12
Rows = Callable[..., list[tuple[Any, ...]]]

NAMED_NUMBERS: Mapping[str, Text] = {
    "clicks": Text("clicks", "kliknięcia"),
    "conversions": Text("conversions", "konwersje"),
    "orders": Text("orders", "zamówienia"),
    "revenue_amount": Text("revenue", "przychód"),
}
NAMED_CATEGORIES: Mapping[str, Text] = {
    "device": Text("device", "urządzenie"),
    "country": Text("country", "kraj"),
    "segment": Text("segment", "segment"),
    "landing_page": Text("page shown", "pokazana strona"),
}


@dataclass(frozen=True)
class Column:
    """An outcome, a covariate or a segment that the experiment's rows hold.

    name: ours, or the file's own header · filled: rows with a value · distinct: values, of numbers about as many ·
    sql: over `rows.experiment_units` · is_outcome: not where orders are the outcomes and this can only be a covariate.
    """

    name: str
    label: Text | str
    kind: ColumnKind
    filled: int
    distinct: int
    sql: str = field(default="", repr=False)
    is_outcome: bool = True


@dataclass(frozen=True)
class Held:
    """An experiment in the workspace, as its newest import that counts has it.

    arms: rows per variant, of counts the visitors, in order of the name · numbers: what may be an outcome or a
    covariate · categories: what may be a segment, some numbers too · currencies: those of its amounts · rows_are: whether a unit has one
    row, or one for each of its orders or sessions · imports: the one that it comes from · known_customers: of its people,
    those who have ordered in this workspace, where that was asked.
    """

    name: str
    shape: Shape
    rows: int
    arms: Mapping[str, int]
    numbers: tuple[Column, ...]
    categories: tuple[Column, ...]
    days: tuple[date, date] | None
    currencies: tuple[str, ...]
    imports: tuple[int, ...]
    rows_are: Literal["unit", "event"] = "unit"
    part_no: int = 0
    known_customers: int | None = None

    @property
    def currency(self) -> str | None:
        """The one currency of its amounts; none where there are none or several."""
        return self.currencies[0] if len(self.currencies) == 1 else None

    def column(self, name: str) -> Column | None:
        return next((one for one in (*self.numbers, *self.categories) if one.name == name), None)


def all_held(rows: Rows, zone: str) -> tuple[Held, ...]:
    """Every experiment, the newest first. Of several imports of one name the newest counts, whatever its shape."""
    found = rows(_NEWEST)
    return tuple(_counts(rows, *place) if shape == "counts" else _units(rows, zone, *place) for shape, *place in found)


_NEWEST = """
select shape, experiment, import_id, part_no from (
    select 'units' as shape, experiment, import_id, part_no, count(*) as n from rows.experiment_units group by all
    union all
    select 'counts', experiment, import_id, part_no, count(*) from rows.experiment_counts group by all
)
semi join live_imports using (import_id)
where experiment is not null
qualify row_number() over (partition by experiment order by import_id desc, part_no desc, shape desc) = 1
order by import_id desc, part_no, experiment
"""
PLACE = "import_id = $import and part_no = $part and experiment = $experiment"


def _counts(rows: Rows, name: str, import_id: int, part_no: int) -> Held:
    place = {"experiment": name, "import": import_id, "part": part_no}
    found = rows(
        f"select arm, visitors, conversions, revenue_amount, currency from rows.experiment_counts where {PLACE} order by arm",
        place,
    )
    filled = {
        column: sum(row[position] is not None for row in found)
        for column, position in (("conversions", 2), ("revenue_amount", 3))
    }
    kinds: dict[str, ColumnKind] = {"conversions": "count", "revenue_amount": "amount"}
    numbers = tuple(
        Column(column, NAMED_NUMBERS[column], kinds[column], count, count) for column, count in filled.items() if count
    )
    arms = {arm: int(visitors or 0) for arm, visitors, *_ in found}
    money = tuple(sorted({row[4] for row in found if row[4] and row[3] is not None}))
    return Held(name, "counts", len(found), arms, numbers, (), None, money, (import_id,), part_no=part_no)


def _units(rows: Rows, zone: str, name: str, import_id: int, part_no: int) -> Held:
    place = {"experiment": name, "import": import_id, "part": part_no}
    arms = rows(
        f"select arm, count(*) from rows.experiment_units where {PLACE} and arm <> '' group by 1 order by 1", place
    )
    (whole,) = rows(
        "select count(*), min(local_time(assigned_at, utc_offset, $zone)::date), "
        "max(local_time(assigned_at, utc_offset, $zone)::date), count(event_id) > 0, "
        "list_sort(list(distinct currency) filter (where revenue_amount is not null and currency is not null)), "
        f"min(further) from rows.experiment_units where {PLACE}",
        {**place, "zone": zone},
    )
    count, first, last, has_events, currencies, further = whole
    named = json.loads(further) if further else {}
    numbers = tuple(_numbers(rows, place, named.get("numbers", [])))
    return Held(
        name,
        "units",
        count,
        dict(arms),
        numbers,
        (*_categories(rows, place, named.get("labels", [])), *_in_few_groups(numbers)),
        (first, last) if first else None,
        tuple(currencies or ()),
        (import_id,),
        "event" if has_events else "unit",
        part_no,
    )


def _numbers(rows: Rows, place: Mapping[str, Any], further: list[str]) -> Iterable[Column]:
    known: dict[str, tuple[Text | str, str]] = {
        name: (label, f'"{name}"::double') for name, label in NAMED_NUMBERS.items()
    }
    known |= {name: (name, f"numbers[{index}]") for index, name in enumerate(further, 1)}
    parts = [
        f"count({sql}), approx_count_distinct({sql}), coalesce(bool_and({sql} in (0, 1)), false), "
        f"coalesce(bool_and({sql} = trunc({sql}) and {sql} >= 0), false)"
        for _, sql in known.values()
    ]
    (found,) = rows(f"select {', '.join(parts)} from rows.experiment_units where {PLACE}", place)
    for position, (name, (label, sql)) in enumerate(known.items()):
        filled, distinct, is_flag, is_whole = found[4 * position : 4 * position + 4]
        if filled:
            kind: ColumnKind = "amount" if name == "revenue_amount" or not is_whole else "flag" if is_flag else "count"
            # whole numbers as such, so that a segment is called 1 and not 1.0
            yield Column(name, label, kind, filled, distinct, sql if kind == "amount" else f"{sql}::bigint")


def _in_few_groups(numbers: Iterable[Column]) -> Iterable[Column]:
    """Numbers that may be segments: yes and no, and whole numbers of few values."""
    return (
        one for one in numbers if one.kind != "amount" and 2 <= one.distinct <= _FEW and one.name not in NAMED_NUMBERS
    )


def _categories(rows: Rows, place: Mapping[str, Any], further: list[str]) -> Iterable[Column]:
    known: dict[str, tuple[Text | str, str]] = {name: (label, f'"{name}"') for name, label in NAMED_CATEGORIES.items()}
    known |= {name: (name, f"labels[{index}]") for index, name in enumerate(further, 1)}
    parts = [f"count({sql}), count(distinct {sql})" for _, sql in known.values()]
    (found,) = rows(f"select {', '.join(parts)} from rows.experiment_units where {PLACE}", place)
    for position, (name, (label, sql)) in enumerate(known.items()):
        filled, distinct = found[2 * position : 2 * position + 2]
        if filled:
            yield Column(name, label, "category", filled, distinct, sql)
