"""The view in the address bar: every filter, KPI, period and language, in names that no language changes.

Widgets keep their values in the session; the address follows them after each run, and a deep link, the back button or
an edited address sets them before one. (Streamlit's own binding writes the displayed words, which differ by language.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import KpiError, catalogue, model
from kpi.abtests import Design
from kpi.abtests.nexttest import NextTest

WORKSPACE = "ws"
LANGUAGE = "lang"
PERIOD = "period"
DAYS = "days"
COMPARE = "compare"
FILTERS = "f"
KPI = "kpi"
BY = "by"
SECOND = "and"
SHOW = "show"
GRAIN = "grain"
SHEETS = "sheets"
AREAS = "areas"
DESIGN = "design"
STEP = "step"
ARM = "arm"
LOOK = "look"
NEXT = "next"

_SEEN = "_address"
_IGNORED = "_ignored"
_WRITTEN = "_written"
_DRAWN = "_drawn"
_PAGE = "_page"
_NOTHING = "none"


@dataclass(frozen=True)
class Field:
    """One part of the view: how it is read from the address and written to it. `parse` raises ValueError. `page`: the
    only one whose address has it."""

    default: Any
    parse: Callable[[list[str]], Any]
    written: Callable[[Any], list[str]]
    page: str | None = None


def _one_of(*choices: str) -> Callable[[list[str]], str]:
    def parse(values: list[str]) -> str:
        if values[-1] not in choices:
            raise ValueError(values[-1])
        return values[-1]

    return parse


def _days(values: list[str]) -> tuple[date, date]:
    start, end = (date.fromisoformat(value) for value in values)
    if start > end or not 1900 <= start.year <= end.year <= 2200:
        raise ValueError(values)
    return start, end


def _filters(values: list[str]) -> list[str]:
    if any(value.partition(":")[0] not in catalogue().dimensions or ":" not in value for value in values):
        raise ValueError(values)
    return list(dict.fromkeys(values))


def _some_of(*choices: str) -> Callable[[list[str]], list[str]]:
    def parse(values: list[str]) -> list[str]:
        if values == [_NOTHING]:
            return []
        if not set(values) <= set(choices):
            raise ValueError(values)
        return list(dict.fromkeys(values))

    return parse


def _single(value: Any) -> list[str]:
    return [str(value)] if value else []


def _listed(values: list[str] | None) -> list[str]:
    return [] if values is None else list(values) or [_NOTHING]


def _told_by(of: Callable[[Mapping[str, Any]], Any]) -> Callable[[list[str]], Any]:
    """A part that is written as JSON."""

    def parse(values: list[str]) -> Any:
        found = json.loads(values[-1])
        if not isinstance(found, dict):
            raise ValueError(values)
        try:
            return of(found)
        except KpiError as error:
            raise ValueError(values) from error

    return parse


def _json(value: Any) -> list[str]:
    return [json.dumps(value.as_dict(), ensure_ascii=False, separators=(",", ":"))] if value else []


def _last(values: list[str]) -> str:
    return values[-1]


_TESTS = "experiments"
FIELDS: Mapping[str, Field] = {
    LANGUAGE: Field(None, _one_of("pl", "en"), _single),
    PERIOD: Field("all", _one_of("all", "days_30", "days_90", "month", "quarter", "year", "custom"), _single),
    DAYS: Field((), _days, lambda value: [day.isoformat() for day in value] if len(value) == 2 else []),
    COMPARE: Field("previous", _one_of("none", "previous", "year"), _single),
    FILTERS: Field([], _filters, list),
    KPI: Field(None, _one_of(*catalogue().kpis), _single),
    BY: Field(None, _one_of(*catalogue().dimensions), _single),
    SECOND: Field(None, _one_of(*catalogue().dimensions), _single),
    SHOW: Field("kpi", _one_of("kpi", "share", "change"), _single),
    GRAIN: Field("auto", _one_of("auto", "day", "week", "month", "quarter", "year"), _single),
    SHEETS: Field(None, _some_of(*catalogue().dimensions), _listed),
    AREAS: Field(None, _some_of(*model.AREAS), _listed),
    DESIGN: Field(None, _told_by(Design.of), _json, _TESTS),
    STEP: Field(None, _one_of("file", "plan"), _single, _TESTS),
    ARM: Field(None, _last, _single, _TESTS),
    LOOK: Field(None, _one_of("segments", "time", "methods", "quantile", "factors"), _single, _TESTS),
    NEXT: Field(None, _told_by(NextTest.of), _json, _TESTS),
}


def read_address() -> bool:
    """Put what the address says into the session, on a first run and whenever the reader has changed it herself.

    Returns whether there was anything new.
    """
    seen = {name: st.query_params.get_all(name) for name in st.query_params}
    state = st.session_state
    is_first = _SEEN not in state
    if _WRITTEN in state and view() != state[_WRITTEN]:
        # the reader has moved on
        state.pop(_IGNORED, None)
    if not is_first and (seen == state[_SEEN] or not seen):
        # a click in the navigation opens a page without a query; the view goes along
        return False
    ignored = []
    for name, field in FIELDS.items():
        # what only another page's address tells is kept for that page
        if name not in state or not field.page:
            state[name] = field.default
        if seen.get(name):
            try:
                state[name] = field.parse(seen[name])
            except ValueError:
                ignored.append(name)
    if seen.get(WORKSPACE):
        state[WORKSPACE] = seen[WORKSPACE][-1]
    state[_SEEN] = seen
    state[_IGNORED] = tuple(ignored)
    return True


def tell_widgets(page: str) -> None:
    """Give the widgets of this page the session's values anew, unless they have been drawn with them before.

    Streamlit knows a widget by its page and keeps its words, not its value: on another page, in another language and
    after a run that was cut short it would fall back to its first option.
    """
    state = st.session_state
    state[_PAGE] = page
    if state.get(_DRAWN) != (page, state.get(LANGUAGE)):
        for name in FIELDS.keys() & state.keys():
            state[name] = state[name]
    state[_DRAWN] = None


def widgets_drawn(page: str) -> None:
    """Note that the page has been drawn to its end."""
    st.session_state[_DRAWN] = (page, st.session_state.get(LANGUAGE))


def write_address() -> None:
    """Let the address say what the session holds."""
    said, state = view(), st.session_state
    if said != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(said)
    state[_SEEN] = state[_WRITTEN] = said


def view(**changes: Any) -> dict[str, list[str]]:
    """The whole view as address parameters, with some parts changed."""
    state = {name: st.session_state.get(name, field.default) for name, field in FIELDS.items()} | changes
    here = st.session_state.get(_PAGE)
    said = {
        name: FIELDS[name].written(value)
        for name, value in state.items()
        if name in FIELDS and FIELDS[name].page in (None, here)
    }
    said = {name: values for name, values in said.items() if values}
    return {WORKSPACE: [st.session_state.get(WORKSPACE, "")]} | said


def query_string(**changes: Any) -> str:
    """The view as the query of a link."""
    return urlencode(view(**changes), doseq=True)


def ignored_parts() -> tuple[str, ...]:
    """The parts of a link that could not be read, so that the page can say so."""
    return st.session_state.get(_IGNORED, ())


def kept(name: str) -> Any:
    """A part of the view, kept although its widget was not on the last page."""
    if name not in st.session_state:
        st.session_state[name] = FIELDS[name].default
    return st.session_state[name]


def kept_choice(name: str, options: Sequence[str], first: Sequence[str]) -> None:
    """Like `kept`, for a choice of several: `first` until the reader has chosen, and only what there is."""
    chosen = kept(name)
    there = list(first) if chosen is None else [one for one in chosen if one in options]
    if there != chosen:
        st.session_state[name] = there
