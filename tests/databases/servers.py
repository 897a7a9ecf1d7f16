"""PostgreSQL and MariaDB of the tests' own: in a new folder, on a free port of this computer, as a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpi import Connection

ADMIN = "boss"
READER = "reader"
PASSWORD = "Hasło @:/?#[7]%"
_SYSTEM = ("/usr/sbin", "/usr/local/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))
_PATIENCE_SECONDS = 30


@dataclass
class Database:
    """A running server with one database and a user who may only read it."""

    dialect: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    schema: str
    _admin: Callable[[int], Any] = field(repr=False)

    @property
    def connection(self) -> Connection:
        return Connection("shop-db", self.dialect, "127.0.0.1", self.port, "shop", READER, PASSWORD)

    def run(self, *statements: str) -> None:
        """Statements of somebody who may do everything."""
        with self._admin(self.port) as session, session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            session.commit()

    def table(self, name: str) -> tuple[str, str]:
        return self.schema, name

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGQUIT if self.dialect == "postgresql" else signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def missing(dialect: str) -> str | None:
    """What has to be installed for this server, if anything."""
    programs = {"postgresql": ("initdb", "postgres"), "mysql": ("mariadb-install-db", "mariadbd")}[dialect]
    lacking = [name for name in programs if _program(name) is None]
    return f"{', '.join(lacking)} not installed" if lacking else None


def start_postgresql() -> Database:
    folder, port = _folder("postgres"), _free_port()
    password = folder / "password"
    password.write_text(PASSWORD, "utf-8")
    password.chmod(0o644)
    data = folder / "data"
    options = ["-D", str(data), "-U", ADMIN, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    _finished([_needed("initdb"), *options, f"--pwfile={password}"], "postgres")
    settings = [f"-cport={port}", "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={folder}", "-cfsync=off"]
    process = _started([_needed("postgres"), "-D", str(data), *settings], folder, "postgres")
    server = Database("postgresql", folder, port, process, "public", _postgresql_admin)
    with _once(lambda: _postgresql_admin(port, "postgres")) as session:
        session.autocommit = True
        session.execute("CREATE DATABASE shop")
        session.execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'")
    server.run(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {READER}")
    return server


def start_mariadb() -> Database:
    folder, port = _folder("mysql"), _free_port()
    data = f"--datadir={folder / 'data'}"
    options = ["--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"]
    user = [f"--user={_user('mysql')}"] if os.geteuid() == 0 else []
    _finished([_needed("mariadb-install-db"), *options, *user], None)
    place = [
        f"--port={port}",
        "--bind-address=127.0.0.1",
        f"--socket={folder / 'socket'}",
        f"--pid-file={folder / 'pid'}",
    ]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4"]
    command = [_needed("mariadbd"), "--no-defaults", data, *place, *quick, *user]
    process = _started(command, folder, None)
    with _once(lambda: _mariadb_admin(port, "")) as session, session.cursor() as cursor:
        cursor.execute("CREATE DATABASE shop")
        cursor.execute(f"CREATE USER '{READER}'@'%%' IDENTIFIED BY %s", (PASSWORD,))
        cursor.execute(f"GRANT SELECT ON shop.* TO '{READER}'@'%'")
    return Database("mysql", folder, port, process, "shop", _mariadb_admin)


def _postgresql_admin(port: int, database: str = "shop") -> Any:
    import psycopg

    return psycopg.connect(host="127.0.0.1", port=port, dbname=database, user=ADMIN, password=PASSWORD)


def _mariadb_admin(port: int, database: str = "shop") -> Any:
    import pymysql

    return pymysql.connect(host="127.0.0.1", port=port, user="root", database=database, charset="utf8mb4")


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(_SYSTEM))


def _needed(name: str) -> str:
    found = _program(name)
    assert found is not None
    return found


def _user(preferred: str) -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return preferred if preferred in names else "nobody"


def _folder(user: str) -> Path:
    """A folder that the server's user owns; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="koszyk-db-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _user(user))
    return folder


def _finished(command: list[str], user: str | None) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False, **_as(user))
    assert run.returncode == 0, run.stdout + run.stderr


def _started(command: list[str], folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    log = (folder / "log").open("wb")
    return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **_as(user))


def _as(user: str | None) -> dict[str, Any]:
    """Servers refuse to be root."""
    return {"user": _user(user)} if user and os.geteuid() == 0 else {}


def _once(connect: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return connect()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
