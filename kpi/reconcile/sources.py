"""Sums of a report's rows over the days that it serves, by day or by channel: the tool's transactions, a platform's claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from kpi.engine.compiler import rows_sql
from kpi.engine.holdings import Holdings
from kpi.engine.plan import Piece, Plan, plan
from kpi.engine.scope import Served
from kpi.model import Measure
from kpi.periods import Period, merged, overlap, without
from kpi.query import Query
from kpi.wording.message import Text

Rows = Callable[..., list[tuple[Any, ...]]]
_NAME = Text("Counted elsewhere", "Policzone gdzie indziej")


@dataclass(frozen=True)
class Report:
    """Rows of reports that count purchases: `count` and `amount` are columns of their table."""

    table: str
    count: str
    amount: str
    plan: Plan
    is_converted: bool

    def within(self, days: Iterable[Period]) -> Report:
        """Only the rows of these days: day rows one by one, rows of several days where all of them are inside."""
        spans = tuple(days)
        kept: list[Piece] = []
        for piece in self.plan.pieces:
            if piece.is_daily:
                inside = (overlap(piece.period, span) for span in spans)
                kept += [replace(piece, period=part) for part in inside if part]
            elif not without(piece.period, spans):
                kept.append(piece)
        return replace(self, plan=replace(self.plan, pieces=tuple(kept), coverage=merged(one.period for one in kept)))

    @property
    def coverage(self) -> tuple[Period, ...]:
        return self.plan.coverage

    @property
    def is_daily(self) -> bool:
        return all(piece.is_daily for piece in self.plan.pieces)

    def sums(self, rows: Rows, *keys: str) -> list[tuple[Any, ...]]:
        """The keys' values, the sum of the count and that of the amount, by these columns of the facts. The amount is
        known where every row that counts something has one."""
        measure = Measure(self.count, self.table, f"SUM({self.count})", _NAME, "number")
        parameters: list[Any] = []
        period = (self.coverage[0][0], self.coverage[-1][1])
        served = Served(measure, self.plan, self.coverage, self.is_converted)
        where = rows_sql(served, Query(()), period, parameters)
        unpriced = f"count(*) filter (where {self.count} <> 0 and {self.amount} is null)"
        amount = f"case when {unpriced} = 0 then coalesce(sum({self.amount}), 0)::double end"
        return rows(
            f"select {', '.join((*keys, f'sum({self.count})::double', amount))}{where} group by all", parameters
        )


def report(
    held: Holdings,
    table: str,
    count: str,
    amount: str,
    period: Period,
    *,
    by: str | None = None,
    is_converted: bool = False,
    are_tools: bool = False,
) -> Report | None:
    """The reports of a table that say `count` in the period; None without any. An account's rows are those that say
    `amount` too where these cover the same days.

    by: a dimension that all of them must know · are_tools: of two platforms that cover a day one serves.
    """
    asked = frozenset({by} if by else ())
    series = held.series.get(table, ())
    counted, priced = (
        plan(series, uses, asked, period, None, exact=False, required=asked, are_tools=are_tools, has_rules=bool(held.own_rules))
        for uses in ((count,), (count, amount))
    )  # fmt: skip
    if not counted.pieces:
        return None
    homes = {one.id: one.account for one in series}
    whole = {account for account, _ in set(counted.accounts) & set(priced.accounts)}
    pieces = [piece for piece in counted.pieces if homes[piece.series_id] not in whole]
    pieces += [piece for piece in priced.pieces if homes[piece.series_id] in whole]
    return Report(table, count, amount, replace(counted, pieces=tuple(pieces)), is_converted)
