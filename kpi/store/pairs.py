"""The sources and media that occur, what they count, the channel each got and by which rule; what other rules would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kpi.model.channels import UNASSIGNED, ChannelRule
from kpi.store.named import CHANNEL, CHANNEL_JOIN, mapped_sql

Rows = Callable[..., list[tuple[Any, ...]]]
Origin = Literal["own", "file", "default"]
_Key = tuple[str | None, str | None, str, Origin, int | None]

# Channels that say little: they stand first, for there a rule helps most.
_VAGUE = (UNASSIGNED, "paid other")
_ORDERS = "live_orders t join facts.orders f on f.account = t.account and f.order_id = t.order_id and f.is_valid"


@dataclass(frozen=True)
class ReportRows:
    """Rows of a web analytics report that count: a series between two days, its day rows or one span."""

    series_id: int
    first_on: date
    last_on: date
    is_daily: bool


@dataclass(frozen=True)
class ChannelPair:
    """A source and a medium with the channel they got. `origin`: whose word it is; `rule`: the number of the rule among
    the own or the default ones, None where none fits; `sessions`: None where no report says them by source."""

    source: str | None
    medium: str | None
    channel: str
    origin: Origin
    rule: int | None
    orders: int
    sessions: int | None


@dataclass(frozen=True)
class ChannelEffect:
    """How many orders and sessions other rules would give another channel; sessions None where no report says them."""

    orders: int
    sessions: int | None


def channel_pairs(rows: Rows, reports: Sequence[ReportRows] | None) -> tuple[ChannelPair, ...]:
    """All pairs, those without a telling channel first, then by what they count. `reports`: None where none serves."""
    orders = _counted(rows, _ORDERS, "count(*)", "true", [])
    sessions = _counted(rows, "live_traffic t", "sum(sessions)", *_within(reports)) if reports is not None else {}
    unsaid = None if reports is None else 0
    found = [
        ChannelPair(*key, orders=orders.get(key, 0), sessions=sessions.get(key, unsaid))
        for key in dict.fromkeys((*orders, *sessions))
    ]
    return tuple(sorted(found, key=_rank))


def channel_effect(rows: Rows, rules: Sequence[ChannelRule], reports: Sequence[ReportRows] | None) -> ChannelEffect:
    """What would change if these were the workspace's own rules; nothing is written."""
    orders = rows(*_effect_sql(rules, _ORDERS, "count(*)", "true", []))[0][0]
    if reports is None:
        return ChannelEffect(orders, None)
    sessions = rows(*_effect_sql(rules, "live_traffic t", "sum(sessions)", *_within(reports)))[0][0]
    return ChannelEffect(orders, int(sessions or 0))


def _counted(rows: Rows, source: str, count: str, within: str, parameters: list[Any]) -> dict[_Key, int]:
    found = rows(_pairs_sql(source, count, within), parameters)
    return {
        (utm, medium, channel, origin, rule): int(number or 0) for utm, medium, channel, origin, rule, number in found
    }


def _rank(pair: ChannelPair) -> tuple[Any, ...]:
    return pair.channel not in _VAGUE, -(pair.sessions or 0), -pair.orders, pair.source or "", pair.medium or ""


def _within(reports: Sequence[ReportRows]) -> tuple[str, list[Any]]:
    """The rows of the reports, as a condition on `t` with its parameters."""
    of_days = "t.series_id = ? and t.period_start = t.period_end and t.period_start between ? and ?"
    of_span = "t.series_id = ? and t.period_start = ? and t.period_end = ?"
    parts = [f"({of_days if one.is_daily else of_span})" for one in reports]
    return " or ".join(parts) or "false", [
        value for one in reports for value in (one.series_id, one.first_on, one.last_on)
    ]


def _pairs_sql(source: str, count: str, within: str) -> str:
    return f"""
        select t.utm_source, t.utm_medium, {CHANNEL},
            case when m.own_rule is not null then 'own' when t.channel is not null then 'file' else 'default' end as origin,
            case when m.own_rule is not null then m.own_rule when t.channel is null then m.default_rule end as rule,
            {count}
        from {source}{CHANNEL_JOIN}
        where (t.utm_source is not null or t.utm_medium is not null) and ({within})
        group by all"""


def _effect_sql(
    rules: Sequence[ChannelRule], source: str, count: str, within: str, parameters: list[Any]
) -> tuple[str, list[Any]]:
    given: list[Any] = []
    mapped = mapped_sql(rules, "channel_map", given)
    sql = f"""
        with proposed as ({mapped}),
        changed as (
            select m.source, m.medium, m.campaign, m.default_channel, m.own_channel, p.own_channel as proposed_channel
            from channel_map m join proposed p
                on p.source is not distinct from m.source and p.medium is not distinct from m.medium
                and p.campaign is not distinct from m.campaign
            where p.own_channel is distinct from m.own_channel
        )
        select {count} from {source}{CHANNEL_JOIN.replace("left join channel_map", "join changed")}
        where ({within}) and coalesce(m.own_channel, t.channel, m.default_channel)
            is distinct from coalesce(m.proposed_channel, t.channel, m.default_channel)"""
    return sql, given + parameters
