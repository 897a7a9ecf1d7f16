"""Boards on a page: one KPI by every dimension, each group a row that filters everything with a click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

import kpi
from kpi.boards import IN_ORDER, Board, Grid, Group, base_formula
from kpi.changes import Change, change_between
from kpi.model.catalogue import Unit
from kpi.model.values import value_name
from kpi.wording import Words
from kpi.wording.message import Message
from pages.shared import address
from pages.shared.figures import change_words, verdict_of, verdict_words
from pages.shared.kept import kept
from pages.shared.receipt import ask_for_receipt
from pages.shared.toolbar import add_filter

Mode = Literal["kpi", "share", "change"]
MODES: Final[tuple[Mode, ...]] = ("kpi", "share", "change")
Short = Callable[..., str]
_SHOWN = 8
_SHOWN_WIDE = 20
_SENT = 300
_LONG = 10_000
_BESIDE: Final = """<style>
@media (min-width: 1000px) {
  .stColumn:has(.st-key-beside_boards) { position: sticky; top: 5rem; align-self: flex-start; }
}
</style>"""
_FOLDER: Final = Path(__file__).parent
_component = st.components.v2.component(
    "koszyk_boards",
    html='<div class="boards"></div>',
    css=(_FOLDER / "boards.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "boards.js").read_text(encoding="utf-8"),
)


def board_list(
    say: Words, boards: Sequence[Board], name: str, mode: Mode, where: Mapping[str, tuple[str | None, ...]], *, key: str
) -> None:
    """All boards; a single one is wide. A click on a group filters for it, one on a title opens the dimension alone."""
    if not boards:
        return
    is_wide = len(boards) == 1
    drawn = [
        kept(
            board.answer,
            ("board", mode, say.language, where.get(board.dimension, ()), is_wide),
            partial(_board, say, board, name, mode, where.get(board.dimension, ()), is_wide=is_wide),
        )
        for board in boards
    ]
    _draw(say, key, name, {"boards": drawn, "grid": None, "wide": is_wide, "heads": _heads(say, boards, name)})


def heat_table(say: Words, grid: Grid | Message, name: str, mode: Mode, *, key: str) -> None:
    """Two dimensions as a grid: the darker a cell, the more of what is shown; a click filters for both groups."""
    if not isinstance(grid, Grid):
        st.info(say.say(grid), icon=":material/block:")
        return
    _draw(say, key, name, {"boards": [], "grid": _grid(say, grid, name, mode), "wide": True, "heads": []})
    for dimension, count in zip(grid.dimensions, grid.left_out, strict=True):
        if count:
            words = kpi.catalogue().dimensions[dimension].name
            st.caption(
                say.n(
                    "{dimension}: {n} smaller group is not shown.",
                    "{dimension}: {n} smaller groups are not shown.",
                    count,
                    dimension=words,
                )
            )


def stay_beside() -> None:
    """Let what stands left of long boards stay in view: call it inside a container with the key `beside_boards`."""
    st.html(_BESIDE)


def without_board(say: Words, boards: Sequence[Board], refused: Mapping[str, Message]) -> None:
    """Which breakdowns there are none of, and why, folded to a line."""
    if not boards and not refused:
        st.info(say.t("The loaded files do not tell any groups apart here."), icon=":material/view_module:")
    if not refused:
        return
    names = [kpi.catalogue().dimensions[one].name for one in refused]
    if not boards:
        for reason in refused.values():
            st.info(say.say(reason), icon=":material/block:")
        return
    with st.expander(say.t("Not known here: {dimensions}", dimensions=tuple(names)), icon=":material/block:"):
        for name, reason in zip(names, refused.values(), strict=True):
            st.markdown(f"- **{say.say(name)}** — {say.say(reason)}")


def _draw(say: Words, key: str, name: str, data: dict[str, Any]) -> None:
    def pick() -> None:
        for dimension, value in st.session_state[key].picked or ():
            add_filter(dimension, value or None)

    def ask() -> None:
        dimension, value = st.session_state[key].asked
        ask_for_receipt(name, **{dimension: value or None})

    def open_dimension() -> None:
        st.session_state[address.BY] = st.session_state[key].opened

    words = {
        "search": say.t("Search"),
        "fold": say.t("Show fewer"),
        "none": say.t("Nothing found"),
        "open": say.t("Open this breakdown"),
        "receipt": say.t("How is this computed?"),
    }
    _component(
        key=key,
        data={**data, "words": words},
        on_picked_change=pick,
        on_asked_change=ask,
        on_opened_change=open_dimension,
        width="stretch",
    )


def _heads(say: Words, boards: Sequence[Board], name: str) -> list[str]:
    entry = kpi.catalogue().kpis[name]
    is_compared = any(board.answer.totals_compared for board in boards)
    return [say.say(entry.short), share_words(say, name), say.t("Change") if is_compared else ""]


def share_words(say: Words, name: str) -> str:
    """`Share of sessions`: what the weight of a group is measured by; empty where it has none."""
    base = base_formula(name, kpi.catalogue())
    if base is None:
        return ""
    if not kpi.catalogue().kpis[name].formula.sides:
        return say.t("Share")
    measures = kpi.catalogue().measures
    return say.t("Share of {base}", base=base.words(lambda one: say.say(measures[one].name)).lower())


def _board(
    say: Words, board: Board, name: str, mode: Mode, chosen: tuple[str | None, ...], *, is_wide: bool
) -> dict[str, Any]:
    entry = kpi.catalogue().kpis[name]
    shown = _SHOWN_WIDE if is_wide else _SHOWN
    # a fold that hides a single row hides nothing
    shown = shown + 1 if len(board.groups) == shown + 1 else shown
    if mode == "change" and board.dimension not in IN_ORDER:
        largest = sorted(board.groups, key=lambda group: -_size(entry, group, mode))
        board = replace(board, groups=tuple(largest))
    longest = max((_length(entry, group, mode) for group in board.groups), default=0)
    rest = board.rest(shown)
    short = say.value if is_wide else _short(say)
    rows = [_row(say, board, group, name, mode, longest, chosen, short) for group in board.groups[:_SENT]]
    return {
        "id": board.dimension,
        "title": say.say(kpi.catalogue().dimensions[board.dimension].name),
        "groups": rows,
        "shown": shown,
        "rest": _rest_row(say, board, rest, name, mode, shown, short) if rest else None,
    }


def _row(
    say: Words,
    board: Board,
    group: Group,
    name: str,
    mode: Mode,
    longest: float,
    chosen: tuple[str | None, ...],
    short: Short,
) -> dict[str, Any]:
    entry = kpi.catalogue().kpis[name]
    currency = board.answer.currencies.get(name) or (group.value if board.dimension == "currency" else None)
    change = change_between(entry, group.kpi, group.compared)
    label = value_name(board.dimension, group.value, say)
    return {
        "value": group.value or "",
        "label": label,
        "numbers": [
            _difference(say, change, entry, currency, short)
            if mode == "change" and change
            else short(group.kpi, entry.unit, currency),
            _share(say, group.share),
            change_words(say, change) if change else "",
        ],
        "bar": _length(entry, group, mode) / longest if longest else 0,
        "tone": (change.verdict or "plain") if mode == "change" and change else "",
        "verdict": verdict_of(say, change) if change else "",
        "chosen": group.value in chosen,
        "faint": bool(chosen) and group.value not in chosen,
        "told": _told(say, label, group, name, currency, change),
    }


def _rest_row(say: Words, board: Board, rest: Group, name: str, mode: Mode, shown: int, short: Short) -> dict[str, Any]:
    entry = kpi.catalogue().kpis[name]
    count = len(board.groups) - shown
    # what the rest was before is not known
    value = (
        "" if rest.kpi is None or mode == "change" else short(rest.kpi, entry.unit, board.answer.currencies.get(name))
    )
    return {
        "label": say.n("{n} other", "{n} others", count),
        "numbers": [value, _share(say, rest.share), ""],
        "bar": 0,
        "verdict": "",
    }


def _share(say: Words, share: float | None) -> str:
    """A whole percentage; what is little is not nothing."""
    if share is None:
        return ""
    return f"<{say.percent(0.01, digits=0)}" if 0 < share < 0.005 else say.percent(share, digits=0)


def _length(entry: kpi.Kpi, group: Group, mode: Mode) -> float:
    """The length of a group's bar, before it is set against the longest."""
    return max(_size(entry, group, mode), 0.0)


def _size(entry: kpi.Kpi, group: Group, mode: Mode) -> float:
    """What a bar or a cell shows: the KPI, the share, or how large the change is."""
    if mode == "change":
        change = change_between(entry, group.kpi, group.compared)
        return 0.0 if change is None else abs(change.points if change.is_points else change.difference)
    return (group.share if mode == "share" else group.kpi) or 0.0


def _difference(say: Words, change: Change, entry: kpi.Kpi, currency: str | None, short: Short) -> str:
    """How much more or less, in the KPI's unit."""
    if change.is_points:
        return change_words(say, change)
    sign = "+" if change.difference > 0 else ""
    return sign + short(change.difference, entry.unit, currency)


def _short(say: Words) -> Short:
    """Writes three figures of what would be too long for a board."""

    def written(value: float | None, unit: Unit, currency: str | None) -> str:
        is_long = value is not None and unit in ("money", "count") and abs(value) >= _LONG
        return (say.compact if is_long else say.value)(value, unit, currency)

    return written


def _told(say: Words, label: str, group: Group, name: str, currency: str | None, change: Change | None) -> str:
    """Everything about a row in words: for the pointer that rests on it, and for who hears the page."""
    entry = kpi.catalogue().kpis[name]
    parts = [f"{label}: {say.value(group.kpi, entry.unit, currency)}"]
    if group.share is not None:
        parts.append(f"{share_words(say, name)} {say.percent(group.share)}")
    if change:
        before = say.value(group.compared, entry.unit, currency)
        parts.append(f"{change_words(say, change)} {verdict_words(say, verdict_of(say, change))}".strip())
        parts.append(say.t("before: {value}", value=before))
    return " · ".join(parts)


def _grid(say: Words, grid: Grid, name: str, mode: Mode) -> dict[str, Any]:
    entry = kpi.catalogue().kpis[name]
    dimensions = [kpi.catalogue().dimensions[one].name for one in grid.dimensions]
    sizes = [_size(entry, cell, mode) for line in grid.cells for cell in line if cell]
    low = min(sizes, default=0.0) if mode == "kpi" else 0.0
    high = max(sizes, default=0.0)
    return {
        "title": say.t("{kpi} by {dimension}", kpi=entry.name, dimension=" × ".join(map(say.say, dimensions))),
        "corner": say.say(dimensions[0]),
        "columns": [value_name(grid.dimensions[1], column, say) for column in grid.columns],
        "rows": [
            {
                "label": value_name(grid.dimensions[0], row, say),
                "cells": [
                    cell and _cell(say, grid, (row, column), cell, name, mode, low, high)
                    for column, cell in zip(grid.columns, line, strict=True)
                ],
            }
            for row, line in zip(grid.rows, grid.cells, strict=True)
        ],
    }


def _cell(
    say: Words,
    grid: Grid,
    groups: tuple[str | None, str | None],
    cell: Group,
    name: str,
    mode: Mode,
    low: float,
    high: float,
) -> dict[str, Any]:
    entry = kpi.catalogue().kpis[name]
    currency = grid.answer.currencies.get(name)
    pairs = list(zip(grid.dimensions, groups, strict=True))
    label = " × ".join(value_name(dimension, value, say) for dimension, value in pairs)
    change = change_between(entry, cell.kpi, cell.compared)
    texts = {
        "kpi": _short(say)(cell.kpi, entry.unit, currency),
        "share": _share(say, cell.share),
        "change": change_words(say, change) if change else "",
    }
    return {
        "text": texts[mode] or "—",
        "told": _told(say, label, cell, name, currency, change),
        "weight": max(0.0, (_size(entry, cell, mode) - low) / (high - low)) if high > low else 0,
        "tone": (verdict_of(say, change) or "plain") if mode == "change" and change else "",
        "groups": [[dimension, value or ""] for dimension, value in pairs],
    }
