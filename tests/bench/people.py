"""How long people wait when many click at once: 20 and 50 of them on one server, each every four seconds.

`python -m tests.bench.people 20 60` measures 20 people for 60 seconds.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

import psutil
from websockets.exceptions import WebSocketException

from tests.bench.person import Person, Run
from tests.bench.places import demo_server
from tests.browser.serving import Server

CROWDS = (20, 50)
MINUTE = 60.0
THINK_SECONDS = 4.0
P95_BUDGET_SECONDS = 1.5
WORKSPACE = "demo"
PAGES = ("", "explore")
SELECTS = ("period", "period", "compare", "kpi", "by", "grain")


@dataclass
class Crowd:
    """What the clicks of many people took."""

    clicks: list[Run] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def p50(self) -> float:
        return median(run.seconds for run in self.clicks)

    @property
    def p95(self) -> float:
        return quantiles((run.seconds for run in self.clicks), n=20)[-1]

    @property
    def slowest(self) -> float:
        return max(run.seconds for run in self.clicks)

    @property
    def cpu_ms_a_run(self) -> float:
        return self.cpu_seconds / len(self.clicks) * 1000


def measure() -> list[tuple[str, float, float | None, str]]:
    """What, measured, budget (none: for information), unit."""
    with demo_server(WORKSPACE) as server:
        alone = asyncio.run(crowd(server, 1, 15, think_seconds=0)).p50
        lines: list[tuple[str, float, float | None, str]] = [("click of one person alone, median", alone, None, "s")]
        for size in CROWDS:
            lines += _lines(size, asyncio.run(crowd(server, size, MINUTE)), alone)
    return lines


def _lines(size: int, found: Crowd, alone: float) -> list[tuple[str, float, float | None, str]]:
    who = f"{size} people clicking every {THINK_SECONDS:g} s"
    return [
        (f"{who}, median of {len(found.clicks)} clicks", found.p50, None, "s"),
        (f"{who}, p95", found.p95, P95_BUDGET_SECONDS if size == min(CROWDS) else None, "s"),
        (f"{who}, p95 / one person alone", found.p95 / alone, None, "ratio"),
        (f"{who}, slowest", found.slowest, None, "s"),
        (f"{who}, the server's CPU a click", found.cpu_ms_a_run, None, "ms"),
        (f"{who}, errors", len(found.errors), 0, "errors"),
    ]


async def crowd(server: Server, size: int, seconds: float, think_seconds: float = THINK_SECONDS) -> Crowd:
    """Let so many people come one after the other, then click for so many seconds; the coming does not count."""
    found = Crowd()
    people = [Person(server.url) for _ in range(size)]
    await asyncio.gather(*(_come(person, number / size, found) for number, person in enumerate(people)))
    process = psutil.Process(server.process.pid)
    before = _cpu_seconds(process)
    until = perf_counter() + seconds
    await asyncio.gather(
        *(_stay(person, random.Random(number), until, think_seconds, found) for number, person in enumerate(people))
    )
    found.cpu_seconds = _cpu_seconds(process) - before
    return found


async def _come(person: Person, place: float, found: Crowd) -> None:
    """Open Overview or Explore some time within the first seconds."""
    await asyncio.sleep(place * THINK_SECONDS)
    try:
        await person.__aenter__()
        found.errors += (await person.open(PAGES[round(place * 100) % 2], f"ws={WORKSPACE}")).errors
    except (OSError, TimeoutError, WebSocketException) as error:
        found.errors.append(f"on coming: {error!r}")


async def _stay(person: Person, chance: random.Random, until: float, think_seconds: float, found: Crowd) -> None:
    """Click until the time is over. Who loses the connection, or waits too long, has left."""
    await asyncio.sleep(chance.random() * think_seconds)
    try:
        while (clicked_at := perf_counter()) < until and person.pages:
            run = await _click(person, chance)
            found.clicks.append(run)
            found.errors += run.errors
            await asyncio.sleep(max(0.0, clicked_at + think_seconds - perf_counter()))
    except (OSError, TimeoutError, WebSocketException) as error:
        found.errors.append(repr(error))
    finally:
        await person.__aexit__(None, None, None)


async def _click(person: Person, chance: random.Random) -> Run:
    """A third of the clicks changes the page, a fifth a filter, the rest a select box."""
    kind = chance.random()
    if kind < 0.33:
        return await person.go_to(PAGES[1 - PAGES.index(person.page)])
    chosen, offered = (person.chosen("f"), person.controls["f"].options) if "f" in person.controls else ((), ())
    if kind < 0.53 and (chosen or offered):
        return await person.choose("f", chosen[0] if chosen else _popular(offered, chance))
    key = chance.choice([name for name in SELECTS if name in person.controls])
    others = [option for option in person.controls[key].options if option not in person.chosen(key)]
    return await person.choose(key, _popular(others, chance))


def _popular(options: Sequence[str], chance: random.Random) -> str:
    """One of the options, the first ones more often: people who work on one shop look at much the same."""
    return options[int(len(options) * chance.random() ** 3)]


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def main(size: int, seconds: float) -> None:
    """Print what one crowd waited."""
    with demo_server(WORKSPACE) as server:
        found = asyncio.run(crowd(server, size, seconds))
    print(f"{size} people, {len(found.clicks)} clicks in {seconds:g} s: p50 {found.p50:.2f} s, p95 {found.p95:.2f} s,")
    print(f"slowest {found.slowest:.2f} s, CPU a click {found.cpu_ms_a_run:.0f} ms, {len(found.errors)} errors")
    for error in sorted(set(found.errors)):
        print(f"{found.errors.count(error)} × {error}")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
