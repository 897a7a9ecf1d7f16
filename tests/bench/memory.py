"""How much memory a process takes while something runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

_EVERY_SECONDS = 0.01


@contextmanager
def memory_of(process: psutil.Process | None = None) -> Iterator[list[int]]:
    """Samples of a process's resident bytes (this one's by default) and its children's; the first from before it began."""
    watched = process or psutil.Process()
    samples, is_over = [_resident(watched)], threading.Event()

    def sample() -> None:
        while not is_over.wait(_EVERY_SECONDS):
            samples.append(_resident(watched))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield samples
    finally:
        is_over.set()
        sampler.join()


def extra_mb(samples: list[int]) -> float:
    """The most that was taken on top of what was there."""
    return (max(samples) - samples[0]) / 1e6


def _resident(process: psutil.Process) -> int:
    total = int(process.memory_info().rss)
    for child in process.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total
