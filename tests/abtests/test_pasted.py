"""Counts pasted from a spreadsheet: read surely, or refused with the line."""

from __future__ import annotations

import pytest

from kpi.abtests.pasted import pasted_counts
from kpi.errors import BadExperiment
from kpi.experiment import ArmCount


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("A\t10 000\t500\nB\t9\u00a0900\t590", (("A", 10_000, 500, None), ("B", 9_900, 590, None))),
        ("Wariant\tOdwiedzający\tKonwersje\nA\t10.000\t500\nB\t9.900\t590", (("A", 10_000, 500, None), ("B", 9_900, 590, None))),
        ("Green button;1,000;50;1 234,50 zł\nControl;990;40;1234.5", (("Green button", 1000, 50, 1234.5), ("Control", 990, 40, 1234.5))),
        ("A | 100 | 5 | 12.345,60\n\nB | 100 | 6 | $12,345.60", (("A", 100, 5, 12345.6), ("B", 100, 6, 12345.6))),
        ("A, 100, 5\nB, 100, 6", (("A", 100, 5, None), ("B", 100, 6, None))),
        ("A\t100\t5\t\nB\t100\t6\t", (("A", 100, 5, None), ("B", 100, 6, None))),
    ],
)  # fmt: skip
def test_cells_are_read_as_they_are_pasted(text: str, counts: tuple[tuple[str, int, int, float | None], ...]) -> None:
    assert pasted_counts(text) == tuple(ArmCount(*one) for one in counts)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A\t100\t5\t1.234\nB\t100\t6\t20", "1"),  # a thousand, or one and a bit
        ("A\t100\t5\nB\t1.5\t6", "2"),
        ("A\t100\t5\nB\t100", "2"),
        ("A\t100\t5\nB\t-100\t6", "2"),
        ("A\t100\t5\n\t100\t6", "2"),
        ("", "1"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_its_line(text: str, line: str) -> None:
    with pytest.raises(BadExperiment) as refused:
        pasted_counts(text)
    assert str(refused.value.detail).endswith(f"line ('{line}',).")
