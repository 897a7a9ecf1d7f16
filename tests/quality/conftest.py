"""A workspace in memory, and what the checks find in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from kpi import Workspace
from kpi.quality import Finding

AS_OF = date(2026, 3, 1)  # the day on which tests.rows imports


@pytest.fixture
def shop() -> Iterator[Workspace]:
    with Workspace(":memory:") as shop:
        yield shop


@pytest.fixture
def found(shop: Workspace) -> Callable[[str], list[Finding]]:
    """`found("zero_orders")`: the findings of one check."""
    return lambda check: [one for one in shop.findings(AS_OF) if one.check == check]
