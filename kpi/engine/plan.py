"""Which rows of reports serve a measure: breakdowns of one report are alternatives, spans count only whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kpi.engine.holdings import Series
from kpi.periods import Period, bucket_end, bucket_start, merged, overlap, without
from kpi.query import Grain


@dataclass(frozen=True)
class Piece:
    """Rows of one series between two days: its day rows, or its rows that stand for spans. `is_mixed`: the series has
    rows of both kinds; `is_among_others`: its table holds other series too."""

    series_id: int
    period: Period
    is_daily: bool
    is_mixed: bool = False
    is_among_others: bool = True


@dataclass(frozen=True)
class Plan:
    """The pieces that together serve a measure. `broken`: a span that the period cuts, so that the measure has no
    value. `lacking`: accounts none of whose reports has the dimensions asked for; `is_known`: some account's has.
    `accounts`: the days that each account covers. `is_listed`: some pieces are listings, whose groups are not added;
    `needs_pinning`: only a listing knows the dimensions, and the question would add up its groups. `passed_over`: accounts
    whose days another tool covers too; `kinds`: the ways of counting that the pieces have."""

    pieces: tuple[Piece, ...]
    coverage: tuple[Period, ...]
    currencies: frozenset[str]
    broken: Period | None = None
    lacking: tuple[str, ...] = ()
    is_known: bool = True
    accounts: tuple[tuple[str, tuple[Period, ...]], ...] = ()
    is_listed: bool = False
    needs_pinning: bool = False
    passed_over: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


def plan(
    series: Collection[Series],
    uses: Iterable[str],
    dimensions: frozenset[str],
    period: Period,
    grain: Grain | None,
    *,
    exact: bool,
    required: frozenset[str] = frozenset(),
    pinned: frozenset[str] = frozenset(),
    are_tools: bool = False,
    has_rules: bool = False,
) -> Plan:
    """The pieces for a measure that uses these columns, broken down by these dimensions.

    Within an account a report by day comes first, then the one with the fewest dimensions; each next one only fills
    the days that are still open. An account that lacks a dimension serves with what it has: its rows stand under
    "unknown". `required`: dimensions that are filtered by; a report without them has no rows that could pass, so it
    neither serves nor covers any day. `exact`: only reports with exactly these dimensions serve (values that cannot be added).
    `pinned`: dimensions that have one value in each group of the answer. A listing serves only a question about exactly
    its dimensions in which all are pinned, so that its groups are never added. `are_tools`: platforms that measure the
    same visits each in its own way; the one that covers most comes first, and each next one only fills open days.
    `has_rules`: the workspace has rules of its own for channels, which only reports with source and medium can follow;
    these serve a channel first.
    """
    filled = [one for one in series if set(uses) <= one.filled]
    listings = [one for one in filled if one.is_listing and _plain(one) == _plain_set(dimensions)]
    is_pinned = _plain_set(dimensions) <= pinned
    able = [one for one in filled if one.is_partition] + (listings if is_pinned else [])
    if exact:
        able = [one for one in able if _plain(one) == _plain_set(dimensions)]
    shares: list[_Share] = []
    for accounts in _tools(able, dimensions, period) if are_tools else [_accounts(able)]:
        taken = merged(piece.period for share in shares for piece in share.pieces)
        for account in accounts:
            theirs = (one for one in able if one.account == account)
            own = sorted(theirs, key=lambda one: _rank(one, dimensions, has_rules))
            shares.append(_share(account, own, dimensions, period, grain, required, taken))
    pieces = [replace(piece, is_among_others=len(series) > 1) for share in shares for piece in share.pieces]
    used = {piece.series_id for piece in pieces}
    is_known = any(dimensions <= one.dimensions for one in able)
    return Plan(
        tuple(pieces),
        merged(piece.period for piece in pieces),
        currencies=frozenset(name for one in able if one.id in used for name in one.currencies),
        broken=next((share.broken for share in shares if share.broken), None),
        lacking=tuple(share.account for share in shares if share.is_lacking),
        is_known=is_known,
        accounts=tuple((share.account, share.taken) for share in shares if not share.is_passed_over),
        is_listed=any(one.id in used for one in listings),
        needs_pinning=bool(listings) and not is_pinned and not is_known,
        passed_over=tuple(share.account for share in shares if share.is_passed_over),
        kinds=frozenset(kind for one in able if one.id in used for kind in one.kinds),
    )


def _accounts(series: Iterable[Series]) -> list[str]:
    return list(dict.fromkeys(one.account for one in series))


def _tools(able: list[Series], dimensions: frozenset[str], period: Period) -> list[list[str]]:
    """The accounts of each platform, the platform first that knows the dimensions and covers most days."""
    platforms: dict[str, list[Series]] = {}
    for one in able:
        platforms.setdefault(one.account.partition("/")[0], []).append(one)

    def rank(own: list[Series]) -> tuple[bool, int]:
        spans = merged(inside for one in own for span in (*one.days, *one.spans) if (inside := overlap(span, period)))
        return not any(dimensions <= one.dimensions for one in own), -sum(
            (last - first).days + 1 for first, last in spans
        )

    return [_accounts(own) for own in sorted(platforms.values(), key=rank)]


@dataclass(frozen=True)
class _Share:
    """What one account gives: its pieces, the days that they take, a span that the period cuts, whether none of its
    reports has the dimensions, and whether another tool has taken some of its days."""

    account: str
    pieces: tuple[Piece, ...]
    taken: tuple[Period, ...]
    broken: Period | None
    is_lacking: bool
    is_passed_over: bool = False


def _share(
    account: str,
    own: list[Series],
    dimensions: frozenset[str],
    period: Period,
    grain: Grain | None,
    required: frozenset[str],
    others: tuple[Period, ...] = (),
) -> _Share:
    """The pieces of one account's reports, which are in the order in which they serve. `others`: days that another tool
    has taken already."""
    pieces: list[Piece] = []
    cut: list[Period] = []
    taken: list[Period] = list(others)
    able = [one for one in own if required <= one.dimensions]
    for one in able:
        found, unusable = _pieces(one, period, grain, taken)
        pieces += found
        # a coarser report that lacks the dimensions only fills gaps; that it cannot is no reason to refuse
        cut += unusable if dimensions <= one.dimensions else []
        taken = list(merged([*taken, *(piece.period for piece in found)]))
    # a listing that the period cuts cannot be stood in for by a report without its groups
    listed = {one.id for one in able if one.is_listing}
    whole = list(merged(piece.period for piece in pieces if piece.series_id in listed)) if listed else taken
    is_other = [any(overlap(span, other) for other in others) for span in cut]
    broken = next(
        (
            span
            for span, is_theirs in zip(cut, is_other, strict=True)
            if not is_theirs and _is_open(span, period, whole)
        ),
        None,
    )
    is_lacking = not any(dimensions <= one.dimensions for one in own)
    days = [inside for one in able for span in (*one.days, *one.spans) if (inside := overlap(span, period))]
    is_passed_over = any(overlap(span, other) for span in days for other in others)
    own_days = merged(piece.period for piece in pieces)
    return _Share(account, tuple(pieces), own_days if others else tuple(taken), broken, is_lacking, is_passed_over)


def _rank(one: Series, dimensions: frozenset[str], has_rules: bool) -> tuple[bool, bool, bool, int, int]:
    is_unruled = has_rules and "channel" in dimensions and one.is_beyond_rules
    return not dimensions <= one.dimensions, not one.days, is_unruled, len(one.dimensions), -one.newest


def _plain(one: Series) -> frozenset[str]:
    return _plain_set(one.dimensions)


def _plain_set(dimensions: frozenset[str]) -> frozenset[str]:
    """Without the dimensions that every row has one value of: a post stands in one network."""
    return dimensions - {"currency", "platform", *(("network",) if "post" in dimensions else ())}


def _pieces(one: Series, period: Period, grain: Grain | None, taken: list[Period]) -> tuple[list[Piece], list[Period]]:
    """The pieces of one series for the days that are still open, and the spans that cannot be used.

    A span that lies in the period stands for all its days where the rows by day leave some of them open.
    """
    touched = [span for span in one.spans if overlap(span, period)]
    chosen: list[Period] = []
    for span in sorted(touched, key=_days, reverse=True):
        is_whole = period[0] <= span[0] and span[1] <= period[1] and (grain is None or _in_one_bucket(span, grain))
        is_free = not any(overlap(span, other) for other in (*taken, *chosen))
        if is_whole and is_free and without(span, one.days):
            chosen.append(span)
    found: list[Piece] = []
    for span in one.days:
        inside = overlap(span, period)
        if inside:
            open_days = without(inside, [*taken, *chosen])
            found += [Piece(one.id, part, True, bool(one.spans)) for part in open_days]
    found += [Piece(one.id, span, False) for span in sorted(chosen)]
    return found, [span for span in touched if span not in chosen]


def _days(span: Period) -> int:
    return (span[1] - span[0]).days


def _in_one_bucket(span: Period, grain: Grain) -> bool:
    return span[1] <= bucket_end(bucket_start(span[0], grain), grain)


def _is_open(span: Period, period: Period, taken: list[Period]) -> bool:
    """Whether days of an unusable span lie in the period and nothing else covers them."""
    inside = overlap(span, period)
    return inside is not None and bool(without(inside, taken))
