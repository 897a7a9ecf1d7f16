"""Which tests run in one process when several run beside each other: those of a file, and all that share the browser."""

from pathlib import Path

import pytest

_BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests together, for they share what they load; the browser's share one server."""
    for item in items:
        together = "browser" if _BROWSER in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))
