"""Which tests run in one process when several run beside each other: those of a file, and all that share a server."""

from pathlib import Path

import pytest

_TOGETHER = {Path(__file__).parent / name: name for name in ("browser", "databases")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests together, for they share what they load; the browser's share one server, the databases' two."""
    for item in items:
        together = next((name for folder, name in _TOGETHER.items() if folder in item.path.parents), str(item.path))
        item.add_marker(pytest.mark.xdist_group(together))
