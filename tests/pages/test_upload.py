"""The upload route and its tickets, over ASGI and over a real socket."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from pages.shared import upload
from pages.shared.upload import BROWSER_COOKIE, Limits, Staging, UploadRefused

ANNA, BEN = "session-anna", "session-ben"
HER_BROWSER = {BROWSER_COOKIE: "anna's laptop"}


@dataclass
class Clock:
    """Time that a test moves by hand."""

    at: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staging(tmp_path: Path, clock: Clock) -> Staging:
    limits = Limits(file_bytes=1000, session_bytes=1500, session_files=3, free_disk_bytes=0, ticket_seconds=60)
    return Staging(tmp_path / "staging", limits, clock)


def put(
    staging: Staging,
    ticket: str,
    body: bytes | AsyncIterator[bytes] = b"a;b\n1;2\n",
    name: str = "orders.csv",
    cookies: dict[str, str] | None = None,
    base_path: str = "",
) -> httpx.Response:
    """One PUT to the route; an iterator is sent in chunks, without a Content-Length."""
    app = Starlette(routes=[upload.route(staging, base_path)])

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop", cookies=cookies) as client:
            return await client.put(f"{base_path}/upload/{ticket}", params={"name": name}, content=body)

    return asyncio.run(send())


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def files(staging: Staging) -> list[Path]:
    return list(staging.folder.glob("*"))


def test_a_file_arrives_whole_under_a_name_of_the_servers(staging: Staging) -> None:
    answer = put(staging, staging.issue_ticket(ANNA, {}))
    assert answer.status_code == 200
    (file,) = staging.staged(ANNA)
    assert answer.json()["file"] == file.id
    assert (answer.json()["size"], file.size, file.name) == (8, 8, "orders.csv")
    assert file.path.read_bytes() == b"a;b\n1;2\n"
    assert files(staging) == [file.path]
    assert "orders" not in file.path.name


def test_each_answer_brings_the_ticket_for_the_next_file(staging: Staging) -> None:
    first = put(staging, staging.issue_ticket(ANNA, HER_BROWSER), b"1", "a.csv", HER_BROWSER).json()
    second = put(staging, first["ticket"], chunks(b"2", b"2"), "b.csv", HER_BROWSER).json()
    assert [file.name for file in staging.staged(ANNA)] == ["a.csv", "b.csv"]
    assert second["size"] == 2
    assert put(staging, second["ticket"], cookies={}).json() == {"error": "wrong_browser"}


def test_a_ticket_serves_once(staging: Staging) -> None:
    ticket = staging.issue_ticket(ANNA, {})
    put(staging, ticket)
    again = put(staging, ticket)
    assert (again.status_code, again.json()) == (403, {"error": "ticket_unknown"})
    assert len(files(staging)) == 1


def test_of_many_requests_at_once_one_gets_the_ticket(staging: Staging) -> None:
    ticket = staging.issue_ticket(ANNA, {})

    def spent(_attempt: int) -> bool:
        try:
            return staging.spend_ticket(ticket, {}) == ANNA
        except UploadRefused:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(spent, range(200))) == 1


def test_an_expired_ticket_is_refused(staging: Staging, clock: Clock) -> None:
    ticket = staging.issue_ticket(ANNA, {})
    clock.at += 61
    answer = put(staging, ticket)
    assert (answer.status_code, answer.json()) == (410, {"error": "ticket_expired"})
    assert files(staging) == []


@pytest.mark.parametrize("cookies", [{}, {BROWSER_COOKIE: "another"}])
def test_a_ticket_of_another_browser_is_refused_and_spent(staging: Staging, cookies: dict[str, str]) -> None:
    ticket = staging.issue_ticket(ANNA, HER_BROWSER)
    answer = put(staging, ticket, cookies=cookies)
    assert (answer.status_code, answer.json()) == (403, {"error": "wrong_browser"})
    assert put(staging, ticket, cookies=HER_BROWSER).json() == {"error": "ticket_unknown"}


def test_another_session_sees_nothing(staging: Staging) -> None:
    file_id = put(staging, staging.issue_ticket(ANNA, {})).json()["file"]
    assert staging.staged(BEN) == ()
    with pytest.raises(UploadRefused, match="gone"):
        staging.take(BEN, file_id)
    staging.discard(BEN, file_id)
    assert staging.take(ANNA, file_id).path.exists()
    staging.discard(ANNA, file_id)
    assert files(staging) == []


def test_a_session_keeps_only_its_latest_tickets(staging: Staging) -> None:
    first, *_, last = [staging.issue_ticket(ANNA, {}) for _ in range(40)]
    assert put(staging, first).json()["error"] == "ticket_unknown"
    assert put(staging, last).status_code == 200


def test_a_file_over_the_limit_is_refused_by_its_announced_length(staging: Staging) -> None:
    answer = put(staging, staging.issue_ticket(ANNA, {}), b"x" * 1001)
    assert (answer.status_code, answer.json()["error"]) == (413, "file_too_large")
    assert put(staging, answer.json()["ticket"], b"x" * 1000).status_code == 200


def test_a_file_over_the_limit_is_refused_while_it_streams(staging: Staging) -> None:
    staging.limits = Limits(file_bytes=3 << 20, free_disk_bytes=0)
    body = chunks(*[b"x" * (1 << 20)] * 3, b"one too many")
    answer = put(staging, staging.issue_ticket(ANNA, {}), body)
    assert (answer.status_code, answer.json()["error"]) == (413, "file_too_large")
    assert files(staging) == []


def test_a_session_may_stage_so_many_bytes(staging: Staging) -> None:
    ticket = put(staging, staging.issue_ticket(ANNA, {}), b"x" * 900).json()["ticket"]
    answer = put(staging, ticket, b"x" * 601)  # 900 + 601 > 1500
    assert (answer.status_code, answer.json()["error"]) == (413, "session_full")
    assert put(staging, answer.json()["ticket"], b"x" * 600).status_code == 200
    assert put(staging, staging.issue_ticket(BEN, {}), b"x" * 601).status_code == 200


def test_a_session_may_stage_so_many_files(staging: Staging) -> None:
    answers = [put(staging, staging.issue_ticket(ANNA, {})) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 413]
    assert answers[3].json()["error"] == "too_many_files"


def test_a_disk_without_room_is_left_alone(staging: Staging) -> None:
    staging.limits = Limits(free_disk_bytes=upload.free_bytes(staging.folder) * 2)
    answer = put(staging, staging.issue_ticket(ANNA, {}))
    assert (answer.status_code, answer.json()["error"]) == (507, "disk_full")
    assert files(staging) == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\zamówienia.csv", "zamówienia.csv"),
        ("or\x00de\x1brs\r\n.csv", "orders .csv"),
        ("\u202egpj.exe", "gpj.exe"),
        ("z\u0301lecenia.csv", "źlecenia.csv"),
        ("a" * 10_000 + ".csv", "a" * 116 + ".csv"),
    ],
)
def test_a_hostile_name_is_only_a_label(staging: Staging, sent: str, shown: str) -> None:
    put(staging, staging.issue_ticket(ANNA, {}), name=sent)
    (file,) = staging.staged(ANNA)
    assert file.name == shown
    assert file.path.parent == staging.folder
    assert files(staging) == [file.path]


@pytest.mark.parametrize("sent", ["", "..", "/", "\x00"])
def test_a_name_of_nothing_becomes_the_files_id(staging: Staging, sent: str) -> None:
    put(staging, staging.issue_ticket(ANNA, {}), name=sent)
    (file,) = staging.staged(ANNA)
    assert file.name == file.id


def test_the_route_stands_under_the_base_path(staging: Staging) -> None:
    assert put(staging, staging.issue_ticket(ANNA, {}), base_path="/koszyk").status_code == 200


def test_a_discarded_session_stops_its_arriving_file(staging: Staging) -> None:
    async def blocks() -> AsyncIterator[bytes]:
        yield b"first"
        staging.discard_session(ANNA)
        yield b"second"

    with pytest.raises(UploadRefused, match="gone"):
        asyncio.run(staging.receive(ANNA, "orders.csv", blocks()))
    assert files(staging) == []


def test_a_cancelled_server_leaves_no_file(staging: Staging) -> None:
    async def cancel_midway() -> None:
        async def blocks() -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.sleep(60)

        task = asyncio.create_task(staging.receive(ANNA, "orders.csv", blocks()))
        await asyncio.sleep(0.1)
        assert len(files(staging)) == 1
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(cancel_midway())
    assert files(staging) == []


def test_the_sweep_removes_what_is_old_unless_it_is_being_read(staging: Staging, clock: Clock) -> None:
    read = put(staging, staging.issue_ticket(ANNA, {})).json()["file"]
    put(staging, staging.issue_ticket(ANNA, {}))
    staging.take(ANNA, read)
    clock.at += staging.limits.file_seconds + 1
    staging.sweep(clock.at, {ANNA})
    assert [file.id for file in staging.staged(ANNA)] == [read]
    assert len(files(staging)) == 1


def test_the_sweep_removes_what_ended_sessions_left_after_a_grace(staging: Staging, clock: Clock) -> None:
    ticket = put(staging, staging.issue_ticket(ANNA, {})).json()["ticket"]
    put(staging, staging.issue_ticket(BEN, {}))
    clock.at += staging.limits.session_grace_seconds - 1
    staging.sweep(clock.at, {BEN})
    assert len(files(staging)) == 2
    clock.at += 2
    staging.sweep(clock.at, {BEN})
    assert staging.staged(ANNA) == ()
    assert [file.path for file in staging.staged(BEN)] == files(staging)
    assert staging.sessions() == {BEN}
    assert put(staging, ticket).json() == {"error": "ticket_unknown"}


def test_sweep_and_clear_leave_strangers_files_alone(staging: Staging, clock: Clock) -> None:
    put(staging, staging.issue_ticket(ANNA, {}))
    orphan, stranger = staging.folder / "0123.upload", staging.folder / "notes.txt"
    orphan.write_text("left by a killed server")
    stranger.write_text("not ours")
    clock.at += staging.limits.file_seconds + 1
    staging.sweep(clock.at, {ANNA})
    assert files(staging) == [stranger]
    put(staging, staging.issue_ticket(ANNA, {}))
    staging.clear()
    assert files(staging) == [stranger]
    assert staging.staged(ANNA) == ()


@pytest.fixture
def port(staging: Staging) -> Iterator[int]:
    """A real server over the staging folder."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(Starlette(routes=[upload.route(staging)]), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()
    listener.close()


def begin(port: int, ticket: str, length: int) -> socket.socket:
    """A connection that has announced a body and sent nothing of it."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    head = f"PUT /upload/{ticket}?name=a.csv HTTP/1.1\r\nHost: shop\r\nContent-Length: {length}\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def test_an_aborted_connection_leaves_nothing(staging: Staging, port: int) -> None:
    staging.limits = Limits(free_disk_bytes=0)
    with begin(port, staging.issue_ticket(ANNA, {}), 10 << 20) as connection:
        connection.sendall(b"x" * (3 << 20))
        assert eventually(lambda: sum(path.stat().st_size for path in files(staging)) >= 2 << 20)
    assert eventually(lambda: files(staging) == [])
    assert staging.staged(ANNA) == ()


def test_a_file_too_large_is_refused_before_its_body_is_read(staging: Staging, port: int) -> None:
    with begin(port, staging.issue_ticket(ANNA, {}), 1001) as connection:
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"file_too_large"' in answer


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()
