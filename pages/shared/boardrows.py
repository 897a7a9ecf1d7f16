"""What the rows of a board and the cells of a heat table say, show and are called, as the component takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import kpi
from kpi.boards import IN_ORDER, Board, Grid, Group, base_formula
from kpi.changes import Change, change_between
from kpi.labels import kpi_label
from kpi.model.values import value_name
from kpi.wording import Words
from pages.shared.figures import change_words, judgement_words

Mode = Literal["kpi", "share", "change"]
MODES: Final[tuple[Mode, ...]] = ("kpi", "share", "change")
_SHOWN = 8
_SHOWN_WIDE = 20
_SENT = 300
_LONG = 10_000


@dataclass(frozen=True)
class Look:
    """In whose words, of which KPI, showing what; `is_wide`: there is room for whole numbers and more rows."""

    say: Words
    entry: kpi.Kpi
    mode: Mode
    is_wide: bool = False

    def number(self, value: float | None, currency: str | None) -> str:
        """The KPI's value; three figures of what would be too long for a narrow place."""
        unit = self.entry.unit
        is_long = value is not None and unit in ("money", "count") and abs(value) >= _LONG and not self.is_wide
        return (self.say.compact if is_long else self.say.value)(value, unit, currency)

    def share(self, share: float | None) -> str:
        """A whole percentage; what is little is not nothing."""
        if share is None:
            return ""
        return f"<{self.say.percent(0.01, digits=0)}" if 0 < share < 0.005 else self.say.percent(share, digits=0)

    def change(self, group: Group) -> Change | None:
        return change_between(self.entry, group.kpi, group.compared)

    def size(self, group: Group) -> float:
        """What a bar or a cell shows: the KPI, the share, or how large the change is."""
        if self.mode == "change":
            change = self.change(group)
            return 0.0 if change is None else abs(change.points if change.is_points else change.difference)
        return (group.share if self.mode == "share" else group.kpi) or 0.0

    def tone(self, change: Change | None) -> str:
        if self.mode != "change" or change is None:
            return ""
        return change.verdict if change.verdict in ("better", "worse") else "plain"


def share_words(say: Words, name: str) -> str:
    """`Share of sessions`: what the weight of a group is measured by; empty where it has none."""
    base = base_formula(name, kpi.catalogue())
    if base is None:
        return ""
    if not kpi.catalogue().kpis[name].formula.sides:
        return say.t("Share")
    measures = kpi.catalogue().measures
    return say.t("Share of {base}", base=base.words(lambda one: say.say(measures[one].name)).lower())


def board_rows(look: Look, board: Board, chosen: tuple[str | None, ...]) -> dict[str, Any]:
    """A board: its rows, how many stand before the fold, and the row of the rest."""
    shown = _SHOWN_WIDE if look.is_wide else _SHOWN
    # a fold that hides a single row hides nothing
    shown = shown + 1 if len(board.groups) == shown + 1 else shown
    if look.mode == "change" and board.dimension not in IN_ORDER:
        board = replace(board, groups=tuple(sorted(board.groups, key=lambda group: -look.size(group))))
    # bars of different currencies cannot be set against each other
    can_compare = not (board.dimension == "currency" and look.entry.unit == "money" and look.mode != "share")
    longest = max((look.size(group) for group in board.groups), default=0.0) if can_compare else 0.0
    return {
        "id": board.dimension,
        "title": look.say.say(kpi.catalogue().dimensions[board.dimension].name),
        "groups": [_row(look, board, group, longest, chosen) for group in board.groups[:_SENT]],
        "shown": shown,
        "rest": _rest_row(look, board, shown),
    }


def _row(look: Look, board: Board, group: Group, longest: float, chosen: tuple[str | None, ...]) -> dict[str, Any]:
    say, change = look.say, look.change(group)
    currency = _currency(look, board.answer, ((board.dimension, group.value),))
    label = value_name(board.dimension, group.value, say)
    number = _difference(look, change, currency) if look.mode == "change" else look.number(group.kpi, currency)
    return {
        "value": group.value or "",
        "label": label,
        "numbers": [number, look.share(group.share), change_words(say, change, look.entry, currency) if change else ""],
        "bar": max(look.size(group), 0.0) / longest if longest > 0 else 0,
        "tone": look.tone(change),
        "verdict": change.verdict if change else "",
        "chosen": group.value in chosen,
        "faint": bool(chosen) and group.value not in chosen,
        "told": _told(look, label, group, currency),
    }


def _rest_row(look: Look, board: Board, shown: int) -> dict[str, Any] | None:
    rest = board.rest(shown)
    if rest is None:
        return None
    # what the rest was before is not known
    is_known = rest.kpi is not None and look.mode != "change"
    value = look.number(rest.kpi, _currency(look, board.answer, ())) if is_known else ""
    return {
        "label": look.say.n("{n} other", "{n} others", len(board.groups) - shown),
        "numbers": [value, look.share(rest.share), ""],
        "bar": 0,
        "verdict": "",
    }


def grid_rows(look: Look, grid: Grid) -> dict[str, Any]:
    """A heat table: its title, its columns, and a row of cells a group of the first dimension."""
    say = look.say
    names = [say.say(kpi.catalogue().dimensions[one].name) for one in grid.dimensions]
    sizes = [look.size(cell) for line in grid.cells for cell in line if cell]
    is_mixed = "currency" in grid.dimensions and look.entry.unit == "money" and look.mode != "share"
    low = min(sizes, default=0.0) if look.mode == "kpi" else 0.0
    high = low if is_mixed else max(sizes, default=0.0)
    return {
        "title": say.t(
            "{kpi} by {dimension}", kpi=kpi_label(say, grid.answer, look.entry.id), dimension=" × ".join(names)
        ),
        "corner": names[0],
        "columns": [value_name(grid.dimensions[1], column, say) for column in grid.columns],
        "rows": [
            {
                "label": value_name(grid.dimensions[0], row, say),
                "cells": [
                    cell and _cell(look, grid, (row, column), cell, (low, high))
                    for column, cell in zip(grid.columns, line, strict=True)
                ],
            }
            for row, line in zip(grid.rows, grid.cells, strict=True)
        ],
    }


def _cell(
    look: Look, grid: Grid, groups: tuple[str | None, str | None], cell: Group, between: tuple[float, float]
) -> dict[str, Any]:
    pairs = tuple(zip(grid.dimensions, groups, strict=True))
    currency, change = _currency(look, grid.answer, pairs), look.change(cell)
    low, high = between
    texts = {
        "kpi": look.number(cell.kpi, currency),
        "share": look.share(cell.share),
        "change": change_words(look.say, change, look.entry, currency) if change else "",
    }
    label = " × ".join(value_name(dimension, value, look.say) for dimension, value in pairs)
    return {
        "text": texts[look.mode] or "—",
        "told": _told(look, label, cell, currency),
        "weight": max(0.0, (look.size(cell) - low) / (high - low)) if high > low else 0,
        "tone": look.tone(change),
        "groups": [[dimension, value or ""] for dimension, value in pairs],
    }


def _currency(look: Look, answer: kpi.Answer, groups: tuple[tuple[str, str | None], ...]) -> str | None:
    """The currency of the amounts: the answer's, or the group's own."""
    return answer.currencies.get(look.entry.id) or dict(groups).get("currency")


def _difference(look: Look, change: Change | None, currency: str | None) -> str:
    """How much more or less, in the KPI's unit; a dash where it was not known before."""
    if change is None:
        return look.number(None, currency)
    if change.is_points:
        return change_words(look.say, change, look.entry, currency)
    return ("+" if change.difference > 0 else "") + look.number(change.difference, currency)


def _told(look: Look, label: str, group: Group, currency: str | None) -> str:
    """Everything about a row in words: for the pointer that rests on it, and for who hears the page."""
    say, unit, change = look.say, look.entry.unit, look.change(group)
    parts = [f"{label}: {say.value(group.kpi, unit, currency)}"]
    if group.share is not None:
        parts.append(f"{share_words(say, look.entry.id)} {say.percent(group.share)}")
    if change:
        parts.append(f"{change_words(say, change, look.entry, currency)} {judgement_words(say, change)}".strip())
        parts.append(say.t("before: {value}", value=say.value(group.compared, unit, currency)))
    return " · ".join(parts)
