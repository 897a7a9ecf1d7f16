"""What a workspace was told: small values by name, kept in its file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

from babel.numbers import list_currencies

from kpi.errors import BadAnswer
from kpi.model import catalogue
from kpi.model.channels import channel_rules
from kpi.wording.message import message

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "time_zone": "Europe/Warsaw",
        "currency": None,
        "prices_include_tax": None,
        "tax_rate": 0.23,
        "tax_basis": "as_written",
        "tax_asked": False,
        "margin_floor": 0.0,
        "is_demo": False,
        "pins": None,
        "channel_rules": [],
        "channel_rules_before": None,
        "watched_folder": None,
    }
)


class Settings(Mapping[str, Any]):
    """`shop.settings["time_zone"] = "America/Los_Angeles"`: reads as a mapping, writes through to the store."""

    def __init__(self, read: Callable[[], dict[str, str]], write: Callable[[str, str], None]) -> None:
        self._read, self._write = read, write

    def __getitem__(self, name: str) -> Any:
        stored = self._read()
        return json.loads(stored[name]) if name in stored else copy(DEFAULTS[name])

    def __setitem__(self, name: str, value: Any) -> None:
        _check(name, value)
        if name == "channel_rules":
            value = [rule.plain for rule in channel_rules(value)]
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
    if name == "channel_rules_before":
        raise BadAnswer(
            message("This setting cannot have that value"),
            message("“{name}” was set to {value}.", name=name, value=str(value)),
            message("It is kept by itself, to take the last change of the rules back."),
        )
    kinds: dict[str, tuple[Any, ...]] = {
        "prices_include_tax": (None, True, False),
        "tax_basis": ("as_written", "net"),
        "is_demo": (False, True),
    }
    if name in kinds and value not in kinds[name]:
        raise BadAnswer(
            message("This setting cannot have that value"),
            message("“{name}” was set to {value}.", name=name, value=str(value)),
            message("It may be: {names}.", names=tuple(map(str, kinds[name]))),
        )
    if name == "pins" and not (value is None or (isinstance(value, list) and set(value) <= catalogue().kpis.keys())):
        raise BadAnswer(
            message("This setting cannot have that value"),
            message("“{name}” was set to {value}.", name=name, value=str(value)),
            message("It is a list of KPIs of the catalogue."),
        )
    if name == "watched_folder" and not (value is None or (isinstance(value, str) and Path(value).is_absolute())):
        raise BadAnswer(
            message("This setting cannot have that value"),
            message("“{name}” was set to {value}.", name=name, value=str(value)),
            message("It is the whole path of a folder on the server."),
        )
    if name in ("tax_rate", "margin_floor") and not (isinstance(value, int | float) and 0 <= value < 1):
        raise BadAnswer(
            message("This setting cannot have that value"),
            message("“{name}” was set to {value}.", name=name, value=str(value)),
            message("It is a share from 0 to 1, such as 0.23."),
        )
    if name == "currency" and value is not None and value not in list_currencies():
        raise BadAnswer(
            message("This setting cannot have that value"),
            message("“{name}” was set to {value}.", name=name, value=str(value)),
            message("A currency is a code of three letters, such as PLN."),
        )
    if name == "time_zone" and value not in available_timezones():
        raise BadAnswer(
            message("This time zone is not known"),
            message("“{zone}” is no time zone.", zone=str(value)),
            message("Use a name such as Europe/Warsaw."),
        )
