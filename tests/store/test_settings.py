"""What a workspace may be told, and what it refuses."""

from __future__ import annotations

import pytest

from kpi import Workspace
from kpi.errors import BadAnswer


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time_zone", "America/Los_Angeles"),
        ("currency", "EUR"),
        ("prices_include_tax", True),
        ("tax_rate", 0.08),
        ("tax_basis", "net"),
        ("margin_floor", 0.1),
    ],
)
def test_a_setting_is_kept_and_raises_the_data_version(shop, name, value):
    before = shop.data_version
    shop.settings[name] = value
    assert shop.settings[name] == value
    assert shop.data_version == before + 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shoe_size", 43),
        ("time_zone", "Mars/Olympus"),
        ("currency", "ZŁOTY"),
        ("prices_include_tax", "yes"),
        ("tax_rate", 23),
        ("tax_rate", -0.1),
        ("tax_basis", "gross"),
        ("margin_floor", "10%"),
    ],
)
def test_a_value_that_means_nothing_is_refused_and_changes_nothing(shop, name, value):
    before = dict(shop.settings)
    with pytest.raises(BadAnswer):
        shop.settings[name] = value
    assert dict(shop.settings) == before
