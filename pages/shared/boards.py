"""Boards on a page: one KPI by every dimension, each group a row that filters everything with a click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import streamlit as st

import kpi
from kpi.boards import Board, Grid
from kpi.labels import kpi_label
from kpi.wording import Words
from kpi.wording.message import Message
from pages.shared import address
from pages.shared.boardrows import Look, Mode, board_rows, grid_rows, share_words
from pages.shared.component import component
from pages.shared.kept import kept
from pages.shared.receipt import ask_for_receipt
from pages.shared.toolbar import add_filter

_BESIDE: Final = """<style>
@media (min-width: 1000px) {
  .stColumn:has(.st-key-beside_boards) { position: sticky; top: 5rem; align-self: flex-start; }
}
.st-key-beside_boards .stVegaLiteChart { min-height: 260px; }
</style>"""
_component = component("boards", '<div class="boards"></div>', before="focus")


def board_list(
    say: Words, boards: Sequence[Board], name: str, mode: Mode, where: Mapping[str, tuple[str | None, ...]], *, key: str
) -> None:
    """All boards; a single one is wide. A click on a group filters for it, one on a title opens the dimension alone."""
    if not boards:
        return
    look = Look(say, kpi.catalogue().kpis[name], mode, is_wide=len(boards) == 1)
    drawn = []
    for board in boards:
        chosen = where.get(board.dimension, ())
        what = ("board", mode, say.language, chosen, look.is_wide)
        drawn.append(kept(board.answer, what, partial(board_rows, look, board, chosen)))
    _draw(
        say,
        key,
        name,
        {
            "boards": drawn,
            "grid": None,
            "wide": look.is_wide,
            "compared": _is_compared(boards),
            "heads": _heads(say, boards, name),
        },
    )


def heat_table(say: Words, grid: Grid | Message, name: str, mode: Mode, *, key: str) -> None:
    """Two dimensions as a grid: the darker a cell, the more of what is shown; a click filters for both groups."""
    if not isinstance(grid, Grid):
        st.info(say.say(grid), icon=":material/block:")
        return
    cells = grid_rows(Look(say, kpi.catalogue().kpis[name], mode), grid)
    _draw(say, key, name, {"boards": [], "grid": cells, "wide": True, "compared": True, "heads": []})
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
    with st.expander(say.t("Not known here: {dimensions}", dimensions=tuple(names))):
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
    return [
        kpi_label(say, boards[0].answer, name, is_short=True),
        share_words(say, name),
        say.t("Change") if _is_compared(boards) else "",
    ]


def _is_compared(boards: Sequence[Board]) -> bool:
    return any(board.answer.totals_compared for board in boards)
