"""What a workspace was told: small values by name, kept in its file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

from kpi.errors import BadAnswer
from kpi.wording.message import message

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "time_zone": "Europe/Warsaw",
        "currency": None,
        "prices_include_tax": None,
        "tax_rate": 0.23,
        "tax_basis": "as_written",
        "margin_floor": 0.0,
    }
)


class Settings(Mapping[str, Any]):
    """`shop.settings["time_zone"] = "America/Los_Angeles"`: reads as a mapping, writes through to the store."""

    def __init__(self, read: Callable[[], dict[str, str]], write: Callable[[str, str], None]) -> None:
        self._read, self._write = read, write

    def __getitem__(self, name: str) -> Any:
        stored = self._read()
        return json.loads(stored[name]) if name in stored else DEFAULTS[name]

    def __setitem__(self, name: str, value: Any) -> None:
        _check(name, value)
        if self[name] != value:
            self._write(name, json.dumps(value))

    def __iter__(self) -> Iterator[str]:
        return iter(DEFAULTS)

    def __len__(self) -> int:
        return len(DEFAULTS)


def _check(name: str, value: Any) -> None:
    if name not in DEFAULTS:
        raise BadAnswer(
            message("There is no such setting"),
            message("“{name}” is not a setting of a workspace.", name=name),
            message("The settings are: {names}.", names=tuple(DEFAULTS)),
        )
    if name == "time_zone" and value not in available_timezones():
        raise BadAnswer(
            message("This time zone is not known"),
            message("“{zone}” is no time zone.", zone=str(value)),
            message("Use a name such as Europe/Warsaw."),
        )
