"""Which channel a source, a medium and a campaign stand for: ordered rules, ours in TOML and a workspace's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import duckdb

from kpi.errors import BadAnswer
from kpi.model.values import value_of
from kpi.wording.message import Message, Text, message

FIELDS = ("source", "medium", "campaign")
WAYS = ("equals", "contains", "starts_with", "matches", "sites")
UNASSIGNED = "unassigned"
# What a person could have meant; beyond it a file was pasted.
_RULES, _VALUES, _LENGTH = 200, 100, 200


@dataclass(frozen=True)
class Condition:
    """One way in which a field may hold: `way` is one of WAYS, and any of the values will do."""

    field: str
    way: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ChannelRule:
    """A channel for what fulfils the conditions: every field that they name, each in any of its ways."""

    channel: str
    conditions: tuple[Condition, ...]

    @property
    def plain(self) -> dict[str, Any]:
        """As it stands in the settings and in the TOML."""
        rule: dict[str, Any] = {"channel": self.channel}
        for one in self.conditions:
            rule.setdefault(one.field, {})[one.way] = list(one.values)
        return rule


@dataclass(frozen=True)
class Sites:
    """A named list of sites. `hosts`: what may stand before them; None: anything."""

    name: Text
    words: tuple[str, ...]
    hosts: tuple[str, ...] | None

    @property
    def pattern(self) -> str:
        """A regular expression for a source in lower case."""
        before = r"([a-z0-9.-]+\.)?" if self.hosts is None else f"(({'|'.join(map(re.escape, self.hosts))})\\.)?"
        return f"^{before}({'|'.join(map(re.escape, self.words))})([ _-]?ads)?(\\.[a-z.]+)?$"


@cache
def sites() -> Mapping[str, Sites]:
    """The lists of sites that rules may name."""
    return {
        name: Sites(Text(**one["name"]), tuple(one["words"]), tuple(one["hosts"]) if "hosts" in one else None)
        for name, one in _file()["sites"].items()
    }


@cache
def default_rules() -> tuple[ChannelRule, ...]:
    """The rules that every workspace has, after its own."""
    return channel_rules(_file()["rules"])


def channel_rules(given: Any) -> tuple[ChannelRule, ...]:
    """The rules in the order in which they decide.

    Raises: BadAnswer: not a list of rules; it says which one and what is wrong with it.
    """
    if not isinstance(given, list | tuple) or len(given) > _RULES:
        raise _bad(None, message("The rules are a list of at most {n}.", n=_RULES))
    return tuple(_rule(number, one) for number, one in enumerate(given, start=1))


def channels_sql(rules: Iterable[ChannelRule], parameters: list[Any]) -> str:
    """The number of the first rule that fits the columns source, medium and campaign, from 1; NULL where none does."""
    cases = [f"when {_rule_sql(rule, parameters)} then {number}" for number, rule in enumerate(rules, start=1)]
    return f"case {' '.join(cases)} end" if cases else "null::integer"


def _rule_sql(rule: ChannelRule, parameters: list[Any]) -> str:
    fields = dict.fromkeys(one.field for one in rule.conditions)
    ways = [[one for one in rule.conditions if one.field == field] for field in fields]
    return " and ".join(f"({' or '.join(_condition_sql(one, parameters) for one in own)})" for own in ways)


def _condition_sql(one: Condition, parameters: list[Any]) -> str:
    text = f"lower(trim(coalesce({one.field}, '')))"
    if one.way == "equals":
        parameters.extend(one.values)
        return f"{text} in ({', '.join('?' for _ in one.values)})"
    parameters.extend([sites()[value].pattern for value in one.values] if one.way == "sites" else one.values)
    test = f"{one.way}({text}, ?)" if one.way in ("contains", "starts_with") else f"regexp_matches({text}, ?, 'i')"
    return " or ".join(test for _ in one.values)


def _rule(number: int, given: Any) -> ChannelRule:
    if not isinstance(given, Mapping) or not set(given) <= {"channel", *FIELDS}:
        raise _bad(number, message("A rule has a channel and says what source, medium or campaign must be."))
    channel = given.get("channel")
    if not isinstance(channel, str) or not 0 < len(channel.strip()) <= _LENGTH:
        raise _bad(number, message("It names no channel."))
    conditions = tuple(
        _condition(number, field, way, values)
        for field in FIELDS
        if field in given
        for way, values in _ways(number, given[field])
    )
    if not conditions:
        raise _bad(number, message("It has no condition, so it would take everything."))
    return ChannelRule(value_of("channel", channel.strip()), conditions)


def _ways(number: int, given: Any) -> Sequence[tuple[str, Any]]:
    if not isinstance(given, Mapping) or not given or not set(given) <= set(WAYS):
        raise _bad(number, message("A condition is one of: {names}.", names=WAYS))
    return tuple(given.items())


def _condition(number: int, field: str, way: str, values: Any) -> Condition:
    is_list = isinstance(values, list | tuple) and 0 < len(values) <= _VALUES
    if not is_list or not all(isinstance(value, str) and len(value) <= _LENGTH for value in values):
        raise _bad(number, message("What “{way}” compares with is a list of short texts.", way=way))
    # in a pattern a capital may have a meaning of its own, such as \\S
    meant = tuple(value.strip() if way == "matches" else value.strip().lower() for value in values)
    if way != "equals" and not all(meant):
        raise _bad(number, message("An empty text fits everything; only “equals” may have one, for a missing value."))
    if way == "sites" and not set(meant) <= sites().keys():
        raise _bad(number, message("The lists of sites are: {names}.", names=tuple(sites())))
    for value in meant if way == "matches" else ():
        _expect_pattern(number, value)
    return Condition(field, way, meant)


@cache
def _expect_pattern(number: int, pattern: str) -> None:
    try:
        with _checker().cursor() as con:
            con.execute("select regexp_matches('', ?)", [pattern]).fetchall()
    except duckdb.Error as error:
        raise _bad(number, message("“{pattern}” is not a regular expression.", pattern=pattern)) from error


@cache
def _checker() -> duckdb.DuckDBPyConnection:
    """Knows what a regular expression is; to make one costs more than all patterns."""
    return duckdb.connect(":memory:")


def _bad(number: int | None, detail: Message) -> BadAnswer:
    title = (
        message("Rule {number} for channels cannot be used", number=number)
        if number
        else message("These rules for channels cannot be used")
    )
    return BadAnswer(
        title,
        detail,
        message(
            "A rule looks like this: {example}", example='{"channel": "e-mail", "source": {"equals": ["getresponse"]}}'
        ),
    )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.model").joinpath("channels.toml").read_text("utf-8"))
