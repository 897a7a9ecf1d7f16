"""`make bench`: what is measured, beside what it may take.

Every module in this folder that has `measure()` takes part. It returns a list of (what, measured, budget, unit); less is
better, so "at least three times as fast" is a share of the time with the budget 0.33. A number never fails the run: it
depends on the machine, and a reader has to judge it.
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
    budget: float
    unit: str

    @property
    def verdict(self) -> str:
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


def _figure(x: float) -> str:
    """Three figures, whole from a hundred up."""
    return f"{x:,.0f}" if not math.isfinite(x) or abs(x) >= 100 else f"{x:.3g}"


def main() -> int:
    """Print the table; 1 where a bench broke, else 0."""
    lines, broken = [], 0
    for name in bench_modules():
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            lines += measured_by(name)
        except Exception:  # one broken bench must not hide the others
            broken = 1
            print(f"{name} broke:\n{traceback.format_exc()}", flush=True)
    print(table(lines))
    print(f"{sum(line.verdict == 'holds' for line in lines)} of {len(lines)} budgets hold")
    return broken


if __name__ == "__main__":
    sys.exit(main())
