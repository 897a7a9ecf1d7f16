"""The first choices of a design, guessed from names and cells; the person changes what is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from kpi.abtests.design import Design, Measure
from kpi.abtests.held import NAMED_NUMBERS, Column, Held
from kpi.abtests.questions import CONVERSIONS, ORDERS, REVENUE, completed
from kpi.errors import BadExperiment
from kpi.ingest.labels import folded
from kpi.wording.message import message

_CONTROLS = (
    "control", "kontrola", "kontrolna", "kontrolny", "kontrolne", "ctrl", "a", "baseline", "base", "original", "oryginal",
    "oryginalny", "holdout", "default", "domyslny", "placebo", "old", "stary", "stara", "stare", "obecny", "obecna",
    "current", "none", "brak", "0", "false", "nie", "no",
)  # fmt: skip
_WITHOUT = re.compile(
    r"^(no|bez|without|old|stary|stara|stare|control|kontrol\w*|original|baseline|variant a|wariant a|version a|wersja a)\b"
)
_BEFORE = re.compile(
    r"\b(pre|before|history|historical|previous|prior|past|baseline|przed|historia|poprzedni\w*|wczesniej\w*|prev)\b"
    r"|\blast (year|month|quarter)\b|\bubiegl\w*"
)
# Words of what people do in a test; other columns are as a rule what they were before it.
_DONE = re.compile(
    r"\b(visit\w*|click\w*|open\w*|purchas\w*|bought|buy|order\w*|signup\w*|sign up|signed up|subscri\w*|unsubscri\w*|retention\w*|"
    r"return\w*|conver\w*|bounce\w*|add\w* to cart|cart\w*|checkout\w*|registr\w*|lead\w*|session\w*|pageview\w*|units|"
    r"klik\w*|zakup\w*|kupil\w*|wizyt\w*|odwiedz\w*|zapis\w*|otwar\w*|zamowi\w*|koszyk\w*|rejestrac\w*|zwrot\w*|sesj\w*)\b"
)
_MOST_VALUES, _MOST_SEGMENTS, _MOST_OTHERS = 12, 5, 6


def suggested_design(held: Held, shows: Sequence[tuple[str, str]] = ()) -> Design:
    """Control by its name, conversion before revenue before anything else, a covariate by its name, few segments.

    Raises: BadExperiment: there is nothing to compare.
    """
    if not held.arms or not held.numbers:
        raise BadExperiment(
            message("Nothing can be compared in this test"),
            message("“{test}” has no variants, or no column with numbers.", test=held.name),
            message("Add a file with a column that names the variant and one that says what each unit did."),
        )
    able = [one for one in held.numbers if one.is_outcome]
    outcomes = [one for one in able if not is_earlier(one)] or able
    covariate = _covariate(held)
    measures = _measures(outcomes, covariate)
    segments = tuple(
        one.name
        for one in held.categories
        if one.kind == "category" and 2 <= one.distinct <= _MOST_VALUES and not (shows and one.name == "landing_page")
    )
    design = Design(
        held.name,
        control_of(tuple(held.arms)),
        measures[0],
        tuple(measures[1:_MOST_OTHERS]),
        segments[:_MOST_SEGMENTS],
        seen="landing_page" if shows else None,
        outcomes="file" if held.known_customers is None else "orders",
        shows=tuple(shows),
    )
    return completed(design, held) if held.shape == "units" else design


def control_of(arms: Sequence[str]) -> str:
    """The arm whose name says that nothing was changed for it, else the first by name."""
    words = {arm: folded(arm) or arm.casefold() for arm in arms}
    named = [arm for name in _CONTROLS for arm in arms if words[arm] == name]
    without = [arm for arm in arms if _WITHOUT.match(words[arm])]
    return next(chain(named, without, sorted(arms)))


def is_earlier(column: Column) -> bool:
    """Whether the column's name says that it was measured before the test."""
    return column.name not in (CONVERSIONS, ORDERS, REVENUE) and bool(_BEFORE.search(folded(column.name)))


def _is_spread(column: Column) -> bool:
    return column.kind != "flag" and (column.distinct > 2 or not column.sql)


def _covariate(held: Held) -> str | None:
    return next((one.name for one in held.numbers if is_earlier(one) and _is_spread(one)), None)


def _measures(outcomes: Sequence[Column], covariate: str | None) -> list[Measure]:
    """The first one decides: conversion, who ordered, another outcome of yes and no, revenue, then whatever there is."""
    named = {one.name: one for one in outcomes}
    told = [one for one in outcomes if one.name not in NAMED_NUMBERS and _DONE.search(folded(one.name))]
    found = [Measure("proportion", name) for name in (CONVERSIONS, ORDERS) if name in named][:1]
    found += [Measure("proportion", one.name) for one in told if one.kind == "flag"]
    if REVENUE in named:
        found.insert(1, Measure("mean", REVENUE, covariate=covariate))
    further = [named[name] for name in (ORDERS, "clicks") if name in named] + [
        one for one in told if one.kind != "flag"
    ]
    taken = {one.column for one in found}
    found += [Measure("mean", one.name, covariate=covariate) for one in further if one.name not in taken]
    if found:
        return found
    flags = [Measure("proportion", one.name) for one in outcomes if one.kind == "flag"]
    return (flags or [Measure("mean", one.name, covariate=covariate) for one in outcomes])[:1]
