"""Loads and messages as JSON and back: the journal keeps what an import reported, in no particular language."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from kpi.ingest.load import CheckTotal, Load, Question, RefusedRow, Rows
from kpi.wording.message import Message, Money, Points, Share, Text

# What helps while a file is being added, and no longer.
_PASSING = ("mapping", "sample")
_KINDS = {kind.__name__: kind for kind in (CheckTotal, Load, Message, Money, Points, Question, RefusedRow, Rows, Text)}


def dumped(thing: Any) -> str:
    """The thing as JSON text."""
    return json.dumps(_plain(thing), ensure_ascii=False)


def parsed(text: str) -> Any:
    """The thing that `dumped` wrote."""
    return _thing(json.loads(text))


def _plain(thing: Any) -> Any:
    if is_dataclass(thing) and not isinstance(thing, type):
        kept = [f.name for f in fields(thing) if not (isinstance(thing, Load) and f.name in _PASSING)]
        return {"$": type(thing).__name__} | {name: _plain(getattr(thing, name)) for name in kept}
    if isinstance(thing, Share):
        return {"$": "share", "fraction": float(thing)}
    if isinstance(thing, date):
        return {"$": "date", "day": thing.isoformat()[:10]}
    if isinstance(thing, dict):
        return {str(name): _plain(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_plain(item) for item in thing]
    return thing if thing is None or isinstance(thing, bool | int | float | str) else str(thing)


def _thing(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_thing(item) for item in plain)
    if not isinstance(plain, dict):
        return plain
    kind = plain.pop("$", None)
    values = {name: _thing(value) for name, value in plain.items()}
    if kind == "share":
        return Share(values["fraction"])
    if kind == "date":
        return date.fromisoformat(values["day"])
    return _KINDS[kind](**values) if kind else values
