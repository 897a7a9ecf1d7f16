"""Cells pasted from a spreadsheet: variant, visitors, conversions, and the revenue where there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpi.errors import BadExperiment
from kpi.experiment import ArmCount
from kpi.wording.message import message

_SPACES = re.compile(r"[\s\u00a0\u202f']")
_WHOLE = re.compile(r"\d+|\d{1,3}(?:[.,]\d{3})+")
_AMOUNT = re.compile(r"(?P<whole>\d+|\d{1,3}(?:[.,]\d{3})+)(?P<rest>[.,]\d{1,2}|[.,]\d{4,})?")
_CURRENCY = re.compile(r"(zł|pln|eur|usd|gbp|€|\$|£)", re.IGNORECASE)


def pasted_counts(text: str) -> tuple[ArmCount, ...]:
    """One variant a line; a first line of titles is passed over.

    Raises: BadExperiment: a line has other than three or four cells, or a number that can be read in two ways.
    """
    lines = [(number, cells) for number, line in enumerate(text.splitlines(), 1) if (cells := _cells(line))]
    if lines and not any(re.search(r"\d", cell) for cell in lines[0][1][1:]):
        lines = lines[1:]
    wrong = tuple(str(number) for number, cells in lines if not _is_line(cells))
    if wrong or not lines:
        raise BadExperiment(
            message("These cells cannot be read as counts"),
            message(
                "Every line needs a variant, its visitors and its conversions as whole numbers, and perhaps its revenue. "
                "Not so: line {lines}.",
                lines=wrong or ("1",),
            ),
            message("Write numbers without ambiguous points: 1234.5 or 1234,50, not 1.234."),
        )
    return tuple(_count(cells) for _, cells in lines)


def _cells(line: str) -> list[str]:
    for separator in ("\t", ";", "|"):
        if separator in line:
            return [cell.strip() for cell in line.strip("| \t").split(separator)]
    return [cell for cell in re.split(r"\s{2,}|,\s+", line.strip()) if cell]


def _is_line(cells: Sequence[str]) -> bool:
    return (
        len(cells) in (3, 4)
        and bool(cells[0])
        and all(_WHOLE.fullmatch(_bare(cell)) for cell in cells[1:3])
        and (len(cells) == 3 or not cells[3] or _amount(cells[3]) is not None)
    )


def _count(cells: Sequence[str]) -> ArmCount:
    visitors, conversions = (int(re.sub(r"\D", "", cell)) for cell in cells[1:3])
    return ArmCount(cells[0], visitors, conversions, _amount(cells[3]) if len(cells) == 4 and cells[3] else None)


def _amount(cell: str) -> float | None:
    """The number; None where there is none, or where `1.234` may be a thousand or one and a bit."""
    bare = _CURRENCY.sub("", _bare(cell))
    found = _AMOUNT.fullmatch(bare)
    if not found or re.fullmatch(r"\d{1,3}[.,]\d{3}", bare):
        return None
    whole, rest = re.sub(r"[.,]", "", found["whole"]), (found["rest"] or "").replace(",", ".")
    return float(whole + rest)


def _bare(cell: str) -> str:
    return _SPACES.sub("", cell)
