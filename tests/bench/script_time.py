"""How long the scripts of Overview and Explore run over 1 M orders and 5 M rows of sessions, asked for the first time.

The time is the server's own, from the start of the run to its end, on the real server. The yardstick is the SQL that a
person would write for twelve of these numbers over the same days.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.engine import HAND_WRITTEN
from tests.bench.person import Person
from tests.bench.places import server_of
from tests.bench.shop import large_shop, seconds
from tests.browser.serving import Server

ORDERS, SESSIONS = 1_000_000, 5_000_000
BUDGET_MS = 400.0
QUESTIONS = 5
WORKSPACE = "large"
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 30)


@dataclass
class Opened:
    """The script times of one page in ms: asked for the first time, and the same once more."""

    first: list[float] = field(default_factory=list)
    cached: list[float] = field(default_factory=list)


def measure() -> list[tuple[str, float, float | None, str]]:
    """What, measured, budget (none: for information), unit."""
    with TemporaryDirectory() as folder:
        by_hand_ms = _made(Path(folder) / f"{WORKSPACE}.duckdb")
        with server_of(Path(folder)) as server:
            opened = asyncio.run(_opened(server))
    lines: list[tuple[str, float, float | None, str]] = [
        ("hand-written SQL for twelve totals, 1 M orders + 5 M sessions", by_hand_ms, None, "ms")
    ]
    for page, found in opened.items():
        name = f"script of {page or 'overview'}, 1 M orders + 5 M sessions"
        lines += [
            (f"{name}, first time", median(found.first), BUDGET_MS if page == "" else None, "ms"),
            (f"{name}, first time / hand-written SQL", median(found.first) / by_hand_ms, None, "ratio"),
            (f"{name}, cached", median(found.cached), None, "ms"),
        ]
    return lines


def _made(path: Path) -> float:
    """Make the workspace. Returns the milliseconds of the SQL that a person would write."""
    sql = HAND_WRITTEN.format(keys="", group="", join_t="CROSS JOIN t", join_a="CROSS JOIN a")
    with large_shop(ORDERS, SESSIONS, path) as shop:
        return seconds(lambda: shop._store.rows(sql, [FIRST, LAST] * 3), 5) * 1000


async def _opened(server: Server) -> dict[str, Opened]:
    """Each page opened by links of their own, so that no answer has been given before."""
    opened = {"": Opened(), "explore": Opened()}
    async with Person(server.url) as person:
        await person.open("", f"ws={WORKSPACE}")
        for page, query in _links():
            for times in (opened[page].first, opened[page].cached):
                run = await person.open(page, query)
                if run.errors:
                    raise RuntimeError(f"{page}?{query}: {run.errors}")
                times.append(run.script_seconds * 1000)
    return opened


def _links() -> Iterator[tuple[str, str]]:
    """Almost the whole two years, a day less each time."""
    for number in range(1, 2 * QUESTIONS, 2):
        for page, shorter in (("", number), ("explore", number + 1)):
            start = FIRST + timedelta(shorter)
            yield page, f"ws={WORKSPACE}&period=custom&days={start}&days={LAST}&compare=previous&grain=month"
