"""Which tests run in one process when several run beside each other: those of a file, and all that share a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

_TOGETHER = ("browser", "databases")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Keep a file's tests together, for they share what they load; the browser's share one server, the databases' two."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return next((name for name in _TOGETHER if file.startswith(f"tests/{name}/")), file)

    return ByFile(config, log)
