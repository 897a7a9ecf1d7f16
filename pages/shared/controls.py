"""The controls of Explore: which KPI, over time by which grain, broken down by what, and what the bars show."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

import kpi
from kpi.query import GRAINS, Grain
from kpi.wording import Words
from pages.shared import address
from pages.shared.boardrows import MODES, Mode
from pages.shared.choice import choice

_NONE = ""


@dataclass(frozen=True)
class Shown:
    """by: the dimension that is looked at alone, None for all of them · second: the one it is crossed with."""

    by: str | None
    second: str | None
    mode: Mode


def kpi_in_view(shop: kpi.Workspace) -> str:
    """The KPI that is chosen; revenue where none is, or one that there is not."""
    if address.kept(address.KPI) not in shop.catalogue.kpis:
        st.session_state[address.KPI] = "revenue"
    return str(st.session_state[address.KPI])


def kpi_control(shop: kpi.Workspace, say: Words) -> None:
    choice(say.t("KPI"), {one.id: say.say(one.name) for one in shop.catalogue.kpis.values()}, address.KPI)


def board_controls(shop: kpi.Workspace, say: Words, name: str) -> Shown:
    """Draw what says how the KPI is broken down; a dimension that it does not have falls away."""
    dimensions = shop.catalogue.dimensions_of(name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        by = _dimension(shop, say, address.BY, dimensions, say.t("By"), say.t("All dimensions at once"), 200)
        second = None
        if by:
            others = tuple(one for one in dimensions if one != by)
            second = _dimension(shop, say, address.SECOND, others, say.t("and by"), "—", 150)
        mode = _mode(say)
    return Shown(by, second, mode)


def _dimension(
    shop: kpi.Workspace, say: Words, key: str, dimensions: tuple[str, ...], label: str, none: str, width: int
) -> str | None:
    if address.kept(key) not in dimensions:
        st.session_state[key] = _NONE
    names = {one: say.say(shop.catalogue.dimensions[one].name) for one in dimensions}
    return choice(label, {_NONE: none, **names}, key, width=width) or None


def grain_control(say: Words) -> Grain | None:
    """The grain that is asked for; None where it is left to the period's length."""
    names = {
        "auto": say.t("Automatic"),
        "day": say.t("Day"),
        "week": say.t("Week"),
        "month": say.t("Month"),
        "quarter": say.t("Quarter"),
        "year": say.t("Year"),
    }
    grain = choice(say.t("Over time by"), names, address.GRAIN, width=150)
    return next((one for one in GRAINS if one == grain), None)


def _mode(say: Words) -> Mode:
    names = {"kpi": say.t("value"), "share": say.t("share"), "change": say.t("change")}
    address.kept(address.SHOW)
    chosen = st.segmented_control(
        say.t("Bars show"),
        MODES,
        key=address.SHOW,
        format_func=names.__getitem__,
        required=True,
        persist_state="session",
    )
    return next((one for one in MODES if one == chosen), "kpi")
