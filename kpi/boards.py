"""One KPI by every dimension at once: boards of groups with their weight and their change, and two dimensions as a grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpi.answer import Answer
from kpi.formula import Formula
from kpi.model import Catalogue, catalogue
from kpi.query import Query
from kpi.wording.message import Message

Ask = Callable[[Query], Answer]
_BASE = "base"
# Groups that have an order of their own stand in it.
IN_ORDER = frozenset(("age_group",))


@dataclass(frozen=True)
class Group:
    """One group of a board.

    value: the group, None the unknown one · kpi, compared: in the KPI's unit · base: what the KPI stands on, such as
    the sessions of a conversion rate · share: of the whole base, a fraction. None where there is no such number.
    """

    value: str | None
    kpi: float | None
    compared: float | None
    base: float | None
    share: float | None


@dataclass(frozen=True)
class Board:
    """One KPI by one dimension, the groups with the largest base first. `answer`: the numbers with their receipts."""

    dimension: str
    groups: tuple[Group, ...]
    answer: Answer

    def rest(self, shown: int) -> Group | None:
        """All groups beyond the first `shown` as one; its KPI is None where it cannot be made of theirs."""
        tail = self.groups[shown:]
        if not tail:
            return None
        (kpi,) = self.answer.query.kpis
        values = {group.value for group in tail}
        rows = self.answer.measures[[_plain(value) in values for value in self.answer.measures[self.dimension]]]
        can_add = _adds_up(catalogue().kpis[kpi].formula, (self.dimension,), catalogue())
        return Group(None, _of_sums(kpi, rows, catalogue()) if can_add else None, None, *_sums(tail))


@dataclass(frozen=True)
class Grid:
    """One KPI by two dimensions. `cells`: a row a group of the first, a column a group of the second, each the KPI and
    its share of the base; None where the two never meet. `left_out`: groups of either that are not shown."""

    dimensions: tuple[str, str]
    rows: tuple[str | None, ...]
    columns: tuple[str | None, ...]
    cells: tuple[tuple[Group | None, ...], ...]
    left_out: tuple[int, int]
    answer: Answer


def board(ask: Ask, query: Query, kpi: str, dimension: str) -> Board | Message:
    """The KPI by one dimension, for the query's period and filters except the dimension's own.

    Returns: the reason instead where it cannot be computed.
    """
    others = {name: values for name, values in query.where.items() if name != dimension}
    answer = ask(query.but(kpis=(kpi,), by=(dimension,), where=others, grain=None))
    if kpi in answer.refused:
        return answer.refused[kpi]
    return Board(dimension, tuple(_groups(answer, kpi, dimension)), answer)


def boards(ask: Ask, query: Query, kpi: str, dimensions: Iterable[str]) -> tuple[tuple[Board, ...], dict[str, Message]]:
    """A board for each dimension that tells something: two groups at least, or one that is filtered for.

    Returns: the boards, and the dimensions that have none with the reason.
    """
    found: list[Board] = []
    refused: dict[str, Message] = {}
    for dimension in dimensions:
        one = board(ask, query, kpi, dimension)
        if not isinstance(one, Board):
            refused[dimension] = one
        elif len(one.groups) > 1 or (one.groups and dimension in query.where):
            found.append(one)
    return tuple(found), refused


def grid(ask: Ask, query: Query, kpi: str, dimensions: tuple[str, str], *, size: tuple[int, int]) -> Grid | Message:
    """The KPI by two dimensions, the largest `size` groups of each.

    Returns: the reason instead where it cannot be computed.
    """
    others = {name: values for name, values in query.where.items() if name not in dimensions}
    answer = ask(query.but(kpis=(kpi,), by=dimensions, where=others, grain=None))
    if kpi in answer.refused:
        return answer.refused[kpi]
    frame = _with_base(answer, kpi, list(dimensions))
    rows, columns = (_largest(frame, name) for name in dimensions)
    shown_rows, shown_columns = rows[: size[0]], columns[: size[1]]
    whole = _whole(answer, kpi, frame)
    cells = {
        (_plain(group[dimensions[0]]), _plain(group[dimensions[1]])): _group(group, kpi, None, whole)
        for group in frame.to_dict("records")
    }
    return Grid(
        dimensions,
        shown_rows,
        shown_columns,
        tuple(tuple(cells.get((row, column)) for column in shown_columns) for row in shown_rows),
        (len(rows) - len(shown_rows), len(columns) - len(shown_columns)),
        answer,
    )


def base_formula(kpi: str, model: Catalogue) -> Formula | None:
    """What a group's weight is measured by: the denominator of a ratio, else the KPI itself where it is a sum."""
    formula = model.kpis[kpi].formula
    if formula.sides:
        return Formula(formula.sides[1])
    is_sum = "/" not in formula.text and all(measure.additive for measure in model.measures_of(kpi))
    return formula if is_sum else None


def _groups(answer: Answer, kpi: str, dimension: str) -> list[Group]:
    frame = _with_base(answer, kpi, [dimension])
    if dimension in IN_ORDER:
        ordered = frame.sort_values(dimension, na_position="last", kind="stable")
    else:
        ordered = frame.sort_values([_BASE, kpi], ascending=False, na_position="last", kind="stable")
    whole = _whole(answer, kpi, ordered)
    return [_group(group, kpi, dimension, whole) for group in ordered.to_dict("records")]


def _with_base(answer: Answer, kpi: str, keys: list[str]) -> pd.DataFrame:
    """The answer's groups with what the KPI stands on; groups of the compared period only have none of it."""
    frame = answer.frame.reset_index(drop=True)
    base = base_formula(kpi, catalogue())
    measures = answer.measures.reset_index(drop=True)
    values = base.column(measures.rename(columns=lambda name: name.removeprefix("m_"))) if base else math.nan
    compared = frame.get(f"{kpi}_compared", pd.Series(math.nan, index=frame.index))
    return frame[[*keys, kpi]].assign(**{f"{kpi}_compared": compared, _BASE: values})


def _adds_up(formula: Formula, dimensions: Iterable[str], model: Catalogue) -> bool:
    """Whether the formula's measures may be added over these groups: not amounts of several currencies, and not the
    groups of a listing, which leave rows out or overlap."""
    measures = [model.measures[name] for name in formula.names]
    has_money = any(measure.unit == "money" for measure in measures)
    listed = {name for measure in measures for name in model.tables[measure.table].listings}
    return not listed & set(dimensions) and not (has_money and "currency" in dimensions)


def _whole(answer: Answer, kpi: str, frame: pd.DataFrame) -> float | None:
    """What shares are of: the sum of the groups, or the known total where they do not add up to it."""
    model, base = catalogue(), base_formula(kpi, catalogue())
    if base is None:
        return None
    if _adds_up(base, answer.query.by, model):
        return float(frame[_BASE].sum())
    return answer.totals.get(kpi) if base == model.kpis[kpi].formula else None


def _group(group: dict[Any, Any], kpi: str, dimension: str | None, whole: float | None) -> Group:
    base = _number(group[_BASE])
    share = base / whole if base is not None and whole is not None and whole > 0 else None
    value = _plain(group[dimension]) if dimension else None
    return Group(value, _number(group[kpi]), _number(group[f"{kpi}_compared"]), base, share)


def _largest(frame: pd.DataFrame, dimension: str) -> tuple[str | None, ...]:
    """The groups of a dimension, those with the largest base first, the unknown one last."""
    weights = frame.assign(weight=frame[_BASE].fillna(0)).groupby(dimension, dropna=False)["weight"].sum()
    ordered = [_plain(value) for value in weights.sort_values(ascending=False, kind="stable").index]
    return tuple(sorted(ordered, key=lambda value: value is None))


def _of_sums(kpi: str, rows: pd.DataFrame, model: Catalogue) -> float | None:
    """The KPI over several groups, from the sums of their measures; None where one of these cannot be added, or is not
    known of every group. Groups of the compared period only have no measures at all and add nothing."""
    measures = model.measures_of(kpi)
    if not all(measure.additive for measure in measures):
        return None
    columns = [f"m_{measure.id}" for measure in measures]
    sums = rows[columns].dropna(how="all").sum(skipna=False)
    values = {measure.id: _number(sums[column]) for measure, column in zip(measures, columns, strict=True)}
    return model.kpis[kpi].formula.value(values)


def _sums(groups: tuple[Group, ...]) -> tuple[float | None, float | None]:
    bases = [group.base for group in groups if group.base is not None]
    shares = [group.share for group in groups if group.share is not None]
    return (sum(bases) if bases else None), (sum(shares) if shares else None)


def _number(value: object) -> float | None:
    return None if value is None or value != value else float(value)  # type: ignore[arg-type]


def _plain(value: object) -> str | None:
    return None if value is None or value != value else str(value)
