"""Where nothing matches: which filter, or the period, keeps everything out."""

from __future__ import annotations

from collections.abc import Callable

from kpi.answer import Answer
from kpi.query import Query


def is_empty(answer: Answer) -> bool:
    """Whether no KPI of the answer has a value other than zero."""
    return not any(answer.totals.values())


def hindrances(ask: Callable[[Query], Answer], query: Query) -> tuple[str, ...]:
    """The dimensions whose filter alone keeps everything out: without it, something matches."""
    plain = query.but(by=(), grain=None, compare=None)

    def without(dimension: str) -> Query:
        return plain.but(where={name: values for name, values in query.where.items() if name != dimension})

    return tuple(dimension for dimension in query.where if not is_empty(ask(without(dimension))))


def is_empty_without_filters(ask: Callable[[Query], Answer], query: Query) -> bool:
    """Whether it is the period that holds nothing."""
    return is_empty(ask(query.but(by=(), grain=None, compare=None, where={})))
