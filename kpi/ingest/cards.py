"""A report written as lines of a name and a value (`"Total Recipients:","1,751"`), read as a table of one row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kpi.ingest.dialect import Record
from kpi.ingest.preamble import preamble
from kpi.ingest.rowbuffer import RowBuffer
from kpi.ingest.sections import Section

HEAD = 60
_LEAST = 5
_SHARE = re.compile(r"^([\d\s.,\u00a0]*\d) \([\d.,]+\s?%\)$")
_TITLE_LINES = 1


def card_section(lines: Sequence[Record], new_rows: Callable[[int], RowBuffer]) -> Section | None:
    """The first lines of a file as a table, a row for every part that says the same names again; None where they are
    no such lines."""
    if sum(cells[0].rstrip().endswith(":") for _, cells in lines if _is_pair(cells)) < _LEAST:
        return None
    blocks = _blocks(lines)
    cards = _cards(blocks)
    header = tuple(dict.fromkeys(name for card in cards for name in card))
    titles = [cells[0] for _, cells in lines[:_TITLE_LINES] if not _is_pair(cells) and cells]
    section = Section(header, lines[0][0], preamble(titles), new_rows(len(header)), is_card=True)
    for number, card in enumerate(cards):
        section.add(lines[0][0] + number, tuple(card.get(name, "") for name in header))
    return section


def _is_pair(cells: tuple[str, ...]) -> bool:
    return len(cells) >= 2 and bool(cells[0].strip()) and not any(cell.strip() for cell in cells[2:])


def _blocks(lines: Sequence[Record]) -> list[dict[str, str]]:
    """The pairs under each heading; the table of links that follows a report is none."""
    blocks: list[dict[str, str]] = [{}]
    for _, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not _is_pair(cells):
            blocks.append({})
        elif cells[0].rstrip().endswith(":") or len(blocks) <= 2:
            share = _SHARE.match(cells[1].strip())
            blocks[-1].setdefault(cells[0].strip().rstrip(":"), share[1] if share else cells[1])
    return [block for block in blocks if block]


def _cards(blocks: list[dict[str, str]]) -> list[dict[str, str]]:
    """One card of all blocks, or one for each block that says a name again, with what stands above them all."""
    head, *others = blocks
    cards = [dict(head)]
    for block in others:
        if len(block.keys() & cards[-1].keys() - head.keys()) > 0:
            cards.append(dict(head))
        cards[-1] |= block
    return cards
