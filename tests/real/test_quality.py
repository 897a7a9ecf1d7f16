"""The worked shop's files as a person would load them, and what is found in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi import Workspace

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "worked_shop"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared reference files are not beside the project"),
]
AS_OF = date(2026, 12, 31)


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        for file in sorted(FOLDER.glob("*.csv")):
            assert not shop.add(file).questions, file.name
        yield shop


def test_nothing_is_found_in_the_worked_shop(shop):
    """Its traps are rules of meaning, none is a fault: one order has no customer, one line is sold below cost, the test
    order's customer is in no file and does not count, eight orders are too few for an odd one, and days without orders
    are many. How late the files are loaded depends on the clock, so days of the future are left out."""
    assert [one for one in shop.findings(AS_OF) if one.check != "future_days"] == []
