"""The names that rows get when facts are made: a channel by rules, a region by its ISO code. One place for all tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa

from kpi.model import Catalogue, Table
from kpi.model.channels import UNASSIGNED, ChannelRule, channels_sql, default_rules
from kpi.wording.regions import region_code

CHANNEL = "coalesce(m.own_channel, t.channel, m.default_channel) as channel"
CHANNEL_JOIN = """
left join channel_map m
    on m.source is not distinct from t.utm_source and m.medium is not distinct from t.utm_medium
    and m.campaign is not distinct from t.campaign"""
_REGION = (
    "coalesce(w.code, t.region) as region",
    """
left join region_words w on w.written = t.region and w.country = coalesce(t.country, '')""",
)


def tables_with_sources(catalogue: Catalogue) -> tuple[str, ...]:
    """The tables whose rows get a channel by rules."""
    return tuple(table.id for table in catalogue.tables.values() if _has_source(table))


def named_parts(table: Table) -> tuple[str, str] | None:
    """What `named.sql` puts in for a table: its replaced columns and joins; None where there is nothing to name."""
    parts = ([(CHANNEL, CHANNEL_JOIN)] if _has_source(table) else []) + ([_REGION] if _has_region(table) else [])
    return (", ".join(value for value, _ in parts), "".join(join for _, join in parts)) if parts else None


def map_names(con: Any, catalogue: Catalogue, changed: Collection[str], rules: Sequence[ChannelRule]) -> None:
    """Make anew what the changed tables' channels and regions are looked up in, within the caller's transaction."""
    tables = [table for table in catalogue.tables.values() if table.id in changed]
    if any(_has_source(table) for table in tables):
        written = " union ".join(
            f"select utm_source as source, utm_medium as medium, campaign from rows.{table}"
            for table in tables_with_sources(catalogue)
        )
        parameters: list[Any] = []
        mapped = mapped_sql(rules, f"({written})", parameters)
        con.execute(f"create or replace table channel_map as {mapped}", parameters)
    if any(_has_region(table) for table in tables):
        _map_regions(con, catalogue)


def mapped_sql(rules: Sequence[ChannelRule], written: str, parameters: list[Any]) -> str:
    """A SELECT of `written` (source, medium, campaign) with the rules that fit and the channels that they give.

    `own_rule`, `default_rule` count from 1; where neither source nor medium is known no default rule is tried.
    """
    own, default = channels_sql(rules, parameters), channels_sql(default_rules(), parameters)
    channels = [one.channel for one in rules], [one.channel for one in default_rules()]
    parameters += channels
    return f"""
        with numbered as (
            select source, medium, campaign, {own} as own_rule,
                case when source is not null or medium is not null then {default} end as default_rule
            from {written}
        )
        select *,
            list_extract(?::varchar[], own_rule) as own_channel,
            case when source is not null or medium is not null
                then coalesce(list_extract(?::varchar[], default_rule), '{UNASSIGNED}') end as default_channel
        from numbered"""


def _map_regions(con: Any, catalogue: Catalogue) -> None:
    pairs = " union ".join(
        f"select region, coalesce(country, '') as country from rows.{table.id} where region is not null"
        for table in catalogue.tables.values()
        if _has_region(table)
    )
    found = [(*pair, region_code(*pair)) for pair in con.execute(pairs).fetchall()]
    known = [row for row in found if row[2]]
    columns = list(zip(*known, strict=True)) or [(), (), ()]
    names = ("written", "country", "code")
    con.register("known_regions", pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)}))
    con.execute("create or replace table region_words as from known_regions")
    con.unregister("known_regions")


def _has_source(table: Table) -> bool:
    return {"utm_source", "utm_medium", "campaign", "channel"} <= table.columns.keys()


def _has_region(table: Table) -> bool:
    return {"region", "country"} <= table.columns.keys()
