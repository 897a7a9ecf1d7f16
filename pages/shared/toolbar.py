"""The row that stays in view on every analytic screen: period, comparison, filters as chips, the link to copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

import kpi
from kpi.model.values import value_name
from kpi.periods import Period, bucket_start, hull
from kpi.wording import Words
from pages.shared import address
from pages.shared.choice import choice
from pages.shared.link import copy_link
from pages.shared.theme import background

_SHOWN = "_shown_days"
# The row's wrapper is as high as the row, so that the wrapper has to stay, not the row inside it.
_STICKY = """<style>
:has(> .st-key-toolbar) { position: sticky; top: 0; z-index: 90; }
.st-key-toolbar { background: %s; padding: .5rem 0; border-bottom: 1px solid rgba(128,128,128,.25); }
@media (max-width: 640px) { :has(> .st-key-toolbar) { position: static; } }
</style>"""


@dataclass(frozen=True)
class View:
    """What the toolbar says: the period (None: all data), the comparison, the filters."""

    period: Period | None
    compare: kpi.query.Compare
    where: dict[str, tuple[str | None, ...]]

    def query(self, kpis: tuple[str, ...], **more: Any) -> kpi.Query:
        """The question about these KPIs in this view."""
        start, end = self.period or (None, None)
        return kpi.Query(kpis=kpis, where=self.where, start=start, end=end, compare=self.compare, **more)


def toolbar(shop: kpi.Workspace, say: Words, *, path: str, about: str | None = None) -> View:
    """Draw the row and return what it says. `path`: the page's own, for the link; `about`: the one KPI of the page,
    whose filters alone are offered."""
    data = _data_days(shop)
    st.html(_STICKY % background())
    with st.container(key="toolbar", horizontal=True, vertical_alignment="bottom", gap="small"):
        period = _period_control(say, data)
        compare = _compare_control(say)
        where = _filter_control(shop, say, about)
        absolute = period or _all_days(shop)
        st.session_state[_SHOWN] = absolute
        link = address.query_string(**({address.PERIOD: "custom", address.DAYS: absolute} if absolute else {}))
        copy_link(
            {"copy": say.t("Copy link"), "copied": say.t("Copied"), "manual": say.t("Copy this address:")},
            path=path,
            query=link,
            key="copy_link",
        )
    return View(period, compare, where)


def add_filter(dimension: str, value: str | None) -> None:
    """Filter for one value more; a value that is filtered for already is let go."""
    chip = f"{dimension}:{'' if value is None else value}"
    chips = list(address.kept(address.FILTERS))
    st.session_state[address.FILTERS] = [one for one in chips if one != chip] if chip in chips else [*chips, chip]


def narrow_to(days: Period) -> None:
    """Show these days alone, over time by the grain that fits them; for callbacks."""
    st.session_state[address.PERIOD], st.session_state[address.DAYS] = "custom", days
    st.session_state[address.GRAIN] = address.FIELDS[address.GRAIN].default


def filters_of(chips: list[str]) -> dict[str, tuple[str | None, ...]]:
    """The filters that the chips stand for; an empty value is the group of unknown ones."""
    where: dict[str, tuple[str | None, ...]] = {}
    for chip in chips:
        dimension, _, value = chip.partition(":")
        where[dimension] = (*where.get(dimension, ()), value or None)
    return where


def _period_control(say: Words, data: Period | None) -> Period | None:
    names = {
        "all": say.t("All data"),
        "days_30": say.t("Last 30 days"),
        "days_90": say.t("Last 90 days"),
        "month": say.t("Last month"),
        "quarter": say.t("Last quarter"),
        "year": say.t("Last year"),
        "custom": say.t("Own dates"),
    }
    chosen = choice(say.t("Period"), names, address.PERIOD, width=170, on_change=_begin_with_what_is_shown)
    if chosen == "custom":
        return _own_dates(say, data)
    return preset_period(chosen, data) if data else None


def _begin_with_what_is_shown() -> None:
    """Own dates begin with the period that is on the page."""
    shown = st.session_state.get(_SHOWN)
    if st.session_state[address.PERIOD] == "custom" and shown:
        st.session_state[address.DAYS] = shown


def _own_dates(say: Words, data: Period | None) -> Period | None:
    """The two days; while only the first is chosen, what was shown before."""
    if not address.kept(address.DAYS) and data:
        st.session_state[address.DAYS] = data
    days = st.date_input(
        say.t("From – to"),
        key=address.DAYS,
        format="DD.MM.YYYY" if say.language == "pl" else "YYYY-MM-DD",
        persist_state="session",
        width=240,
    )
    if isinstance(days, tuple) and len(days) == 2:
        return days[0], days[1]
    return st.session_state.get(_SHOWN) or data


def preset_period(name: str, data: Period) -> Period | None:
    """A named period, counted back from the last day of the data; "month", "quarter", "year": the last whole ones."""
    last = data[1]
    if name in ("days_30", "days_90"):
        return last - timedelta(int(name.removeprefix("days_")) - 1), last
    if name in ("month", "quarter", "year"):
        this = bucket_start(last + timedelta(1), name)  # type: ignore[arg-type]
        end = this - timedelta(1)
        return bucket_start(end, name), end  # type: ignore[arg-type]
    return None


def _compare_control(say: Words) -> kpi.query.Compare:
    names = {"none": say.t("No comparison"), "previous": say.t("Previous period"), "year": say.t("Year before")}
    chosen = choice(say.t("Compared with"), names, address.COMPARE, width=180)
    return {"previous": "previous", "year": "year"}.get(chosen)  # type: ignore[return-value]


def _filter_control(shop: kpi.Workspace, say: Words, about: str | None) -> dict[str, tuple[str | None, ...]]:
    chips = list(address.kept(address.FILTERS))
    known = [chip for chip in chips if chip.partition(":")[0] in shop.catalogue.dimensions]
    if known != chips:
        st.session_state[address.FILTERS] = known
    choices = _choices(shop, shop.data_version)
    if about:
        fitting = _fitting(shop, shop.data_version, about, tuple(filters_of(known)))
        choices = [choice for choice in choices if choice.partition(":")[0] in fitting]
    options = list(dict.fromkeys([*known, *choices]))
    st.multiselect(
        say.t("Filters"),
        options,
        key=address.FILTERS,
        format_func=lambda chip: chip_words(shop, say, chip),
        placeholder=say.t("Everything; type to filter"),
        persist_state="session",
        select_all=False,
        filter_mode="contains",
    )
    return filters_of(st.session_state[address.FILTERS])


def chip_words(shop: kpi.Workspace, say: Words, chip: str) -> str:
    """A filter's words: `Device: Mobile`."""
    dimension, _, value = chip.partition(":")
    return f"{say.say(shop.catalogue.dimensions[dimension].name)}: {value_name(dimension, value or None, say)}"


@st.cache_data(show_spinner=False, max_entries=8, hash_funcs={kpi.Workspace: id})
def _choices(shop: kpi.Workspace, data_version: int) -> list[str]:
    return [f"{name}:{value}" for name in shop.catalogue.dimensions for value in shop.values(name, limit=100)]


@st.cache_data(show_spinner=False, max_entries=200, hash_funcs={kpi.Workspace: id})
def _fitting(shop: kpi.Workspace, data_version: int, about: str, filtered: tuple[str, ...]) -> set[str]:
    """The dimensions that the KPI can be filtered for, beside those that are; alone where it cannot have all of these."""

    def fits(*dimensions: str) -> bool:
        where = dict.fromkeys(dimensions, ("",))
        return about in shop.scope(kpi.Query((about,), where=where)).kpis

    beside = filtered if fits(*filtered) else ()
    named = {choice.partition(":")[0] for choice in _choices(shop, data_version)}
    return {name for name in shop.catalogue.dimensions_of(about) if name in named and fits(*beside, name)}


def _all_days(shop: kpi.Workspace) -> Period | None:
    return hull(span for table in shop.catalogue.tables for span in shop.holdings.coverage(table))


def _data_days(shop: kpi.Workspace) -> tuple[date, date] | None:
    held = shop.holdings
    tables = ("orders",) if held.has("orders") else tuple(shop.catalogue.tables)
    return hull(span for table in tables for span in held.coverage(table))
