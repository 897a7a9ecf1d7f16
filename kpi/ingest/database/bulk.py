"""Rows by connectorx, in a process of its own: its panics write a server's words to the log, and it cannot be cancelled."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from kpi.ingest.database.failures import Failed, Kind
from kpi.ingest.database.reader import Stop

_CHILD = Path(__file__).with_name("bulk_child.py")
_NUMBER = re.compile(rb"(?:ERROR |code: )(\d{2,5})\b")
# A server that ends a statement by itself is given the time to say so.
_GRACE_SECONDS = 5
_QUIET = {"RUST_BACKTRACE": "0", "RUST_LOG": "off"}


def bulk_batches(
    uri: str,
    statement: str,
    settings: tuple[str, ...],
    stop: Stop,
    end: Callable[[], None],
    kind_of: Callable[[int | None], Kind],
    seconds: int,
) -> Iterator[pa.RecordBatch]:
    """The rows of the statement, a batch at a time.

    settings: statements that come first in the session · end: ends the statement on the server when it is cancelled ·
    kind_of: what an error number of the server means · seconds: how long it may take. Raises: Failed.
    """
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, "-P", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=os.environ | _QUIET,
        )
        assert child.stdin is not None
        assert child.stdout is not None

        def cancel() -> None:
            child.kill()
            end()

        def overrun() -> None:
            late.set()
            cancel()

        late, timer = threading.Event(), threading.Timer(seconds + _GRACE_SECONDS, overrun)
        timer.start()
        try:
            with stop.calls(cancel), child.stdin, child.stdout:
                child.stdin.write(json.dumps({"uri": uri, "statement": statement, "settings": settings}).encode())
                child.stdin.close()
                with pa.ipc.open_stream(child.stdout) as reader:
                    yield from reader
                # A stream that ends between two batches looks whole; only the child knows.
                if child.wait() != 0:
                    raise Failed("cut")
        except (pa.ArrowException, OSError, Failed):
            child.kill()
            child.wait()
            said.seek(0)
            if late.is_set():
                raise Failed("slow") from None
            raise _failed(said.read(), stop, kind_of) from None
        finally:
            timer.cancel()
            child.kill()
            child.wait()


def _failed(said: bytes, stop: Stop, kind_of: Callable[[int | None], Kind]) -> Failed:
    if stop.is_asked:
        return Failed("stopped")
    numbers = _NUMBER.findall(said)
    return Failed(kind_of(int(numbers[-1]))) if numbers else Failed("cut")
