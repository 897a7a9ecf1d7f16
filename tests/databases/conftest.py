"""One server of each kind for all tests of this folder, and workspaces to read them into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi import Workspace
from tests.databases import servers
from tests.databases.servers import Database

_START = {"postgresql": servers.start_postgresql, "mysql": servers.start_mariadb}


_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, and keep it in one process: its servers are shared."""
    for item in items:
        if _HERE in item.path.parents and {"postgresql", "mariadb", "database"} & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker(pytest.mark.databases)


def started(dialect: str) -> Database:
    """A server of this kind; the test skips where its programs or drivers are missing."""
    if lacking := servers.missing(dialect):
        pytest.skip(lacking)
    for driver in ("psycopg", "adbc_driver_postgresql", "connectorx", "pymysql"):
        pytest.importorskip(driver)
    return _START[dialect]()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Database]:
    server = started("postgresql")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Database]:
    server = started("mysql")
    yield server
    server.stop()


@pytest.fixture(params=["postgresql", "mariadb"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each kind of server in turn."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "home" / "shop.duckdb") as workspace:
        yield workspace
