"""The buckets of an answer over time: which days of each count, which days each is compared with, and both in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from kpi.answer import Answer
from kpi.periods import Period, bucket_end, buckets, overlap
from kpi.query import Grain
from kpi.wording import Words


@dataclass(frozen=True)
class Span:
    """A bucket and the days of it that count: those inside the period that the data reach, None where there are none."""

    start: date
    grain: Grain
    days: Period | None

    @property
    def whole(self) -> Period:
        return self.start, bucket_end(self.start, self.grain)

    @property
    def is_whole(self) -> bool:
        return self.days == self.whole

    @property
    def days_count(self) -> int:
        return _length(self.days) if self.days else 0

    @property
    def whole_count(self) -> int:
        return _length(self.whole)


@dataclass(frozen=True)
class Pair:
    """A bucket and the one in the same place of the compared period, None where that has no more."""

    ours: Span
    compared: Span | None

    @property
    def is_even(self) -> bool:
        """Whether both hold as many days."""
        return self.compared is None or self.compared.days_count == self.ours.days_count


def paired_buckets(answer: Answer) -> tuple[Pair, ...]:
    """Every bucket of the answer's period with what it is compared with, in order."""
    grain = answer.query.grain
    if grain is None or answer.period is None:
        return ()
    ours = _spans(answer.period, answer.covered, grain)
    theirs = _spans(answer.compared_period, answer.compared_covered, grain) if answer.compared_period else ()
    return tuple(Pair(own, other) for own, other in zip_longest(ours, theirs[: len(ours)]))


def bucket_words(words: Words, span: Span) -> str:
    """The bucket by its days: `5–11 Oct 2026`, `October 2026`; `28–30 Sep 2026 (3 of 7 days)` where it is not whole."""
    if span.is_whole or span.days is None:
        return words.bucket_days(span.start, span.grain)
    share = words.t("{n} of {whole} days", n=span.days_count, whole=span.whole_count)
    return f"{words.period(*span.days)} ({share})"


def compared_words(words: Words, pair: Pair) -> str:
    """The bucket that another is compared with; how many days it holds where these are not as many."""
    if pair.compared is None:
        return ""
    text = bucket_words(words, pair.compared)
    if pair.is_even or not pair.compared.is_whole:
        return text
    count = words.t("{n} days, this period {ours}", n=pair.compared.days_count, ours=pair.ours.days_count)
    return f"{text} ({count})"


def _spans(period: Period, covered: Period | None, grain: Grain) -> tuple[Span, ...]:
    return tuple(
        Span(start, grain, overlap((start, bucket_end(start, grain)), covered) if covered else None)
        for start in buckets(period, grain)
    )


def _length(days: Period) -> int:
    return (days[1] - days[0]).days + 1
