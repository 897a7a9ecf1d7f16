"""`make bench`: what is measured, beside what it may take.

Every module in this folder that has `measure()` takes part. It returns a list of (what, measured, budget, unit); less is
better, so "at least three times as fast" is a share of the time with the budget 0.33; a figure for information has the
budget None. A number never fails the run: it depends on the machine, and a reader has to judge it. Modules can be named:
`python -m tests.bench clicks people`.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from typing import NamedTuple

import tests.bench


class Measured(NamedTuple):
    """One line of the table."""

    what: str
    measured: float
    budget: float | None
    unit: str

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        return "holds" if self.measured <= self.budget else "over"


def bench_modules() -> Iterator[str]:
    """The names of the modules in this folder, in order."""
    for module in pkgutil.iter_modules(tests.bench.__path__, "tests.bench."):
        if not module.name.endswith("__main__"):
            yield module.name


def measured_by(name: str) -> list[Measured]:
    """The lines of one module; none where it has nothing to measure."""
    measure = getattr(importlib.import_module(name), "measure", None)
    return [Measured(*line) for line in measure()] if measure else []


def table(lines: list[Measured]) -> str:
    """The lines as aligned columns under a heading."""
    cells = [("what", "measured", "budget", "unit", "")]
    cells += [(line.what, _figure(line.measured), _figure(line.budget), line.unit, line.verdict) for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    written = (
        f"{what:<{widths[0]}}  {measured:>{widths[1]}}  {budget:>{widths[2]}}  {unit:<{widths[3]}}  {verdict}".rstrip()
        for what, measured, budget, unit, verdict in cells
    )
    return "\n".join(written)


def _figure(x: float | None) -> str:
    """Three figures, whole from a hundred up; nothing for nothing."""
    if x is None:
        return ""
    return f"{x:,.0f}" if not math.isfinite(x) or abs(x) >= 100 else f"{x:.3g}"


def main(*wanted: str) -> int:
    """Measure these modules, or all, and print the table; 1 where a bench broke, else 0."""
    lines, broken = [], 0
    for name in bench_modules():
        if wanted and name.rpartition(".")[2] not in wanted:
            continue
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            lines += measured_by(name)
        except Exception:  # one broken bench must not hide the others
            broken = 1
            print(f"{name} broke:\n{traceback.format_exc()}", flush=True)
    print(table(lines))
    verdicts = [line.verdict for line in lines if line.verdict]
    print(f"{verdicts.count('holds')} of {len(verdicts)} budgets hold")
    return broken


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
