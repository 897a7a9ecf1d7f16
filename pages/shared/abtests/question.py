"""What is asked of which test: one Design, kept in the address, changed by every control of the rail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.abtests import Design, Held
from kpi.wording import Words
from pages.shared import address
from pages.shared.intake import arrivals
from pages.shared.markdown import escaped

_TAKEN = "_test_taken"


def design_in_view(shop: kpi.Workspace, say: Words, held: tuple[Held, ...]) -> Design:
    """The question of the address; the newest test as suggested where there is none, or a file has just brought one."""
    names = [one.name for one in held]
    asked = address.kept(address.DESIGN)
    fresh = _brought(held)
    if asked is not None and asked.experiment not in names and not fresh:
        st.warning(
            say.t(
                "The test “{name}” is not in this workspace, or no longer. Shown instead: {other}.",
                name=escaped(asked.experiment),
                other=escaped(names[0]),
            ),
            icon=":material/link_off:",
        )
    if fresh or asked is None or asked.experiment not in names:
        choose_test(shop, fresh or names[0])
    return st.session_state[address.DESIGN]


def choose_test(shop: kpi.Workspace, name: str) -> None:
    """Ask the first question about a test; what was open of the other one closes."""
    st.session_state[address.DESIGN] = shop.experiments.suggested(name)
    st.session_state[address.ARM] = st.session_state[address.NEXT] = None


def measured(shop: kpi.Workspace, held: Held, design: Design) -> Held:
    """The test with the numbers that its outcomes give; the file's own where the orders cannot be joined."""
    if design.outcomes == "file":
        return held
    try:
        return shop.experiments.with_orders(held.name)
    except kpi.KpiError:
        return held  # the verdict's place says why


def ask(**changes: Any) -> None:
    """Change parts of the question; for callbacks."""
    st.session_state[address.DESIGN] = replace(st.session_state[address.DESIGN], **changes)


def told(key: str, value: Any) -> str:
    """Let a widget show this value, whatever it showed before. Returns its key."""
    st.session_state[key] = value
    return key


def judged_on(shop: kpi.Workspace, held: Held, design: Design) -> date:
    """The day on which the data were taken: it was not over. So a link says the same next week."""
    live = [one for one in shop.imports() if one.undone_at is None]
    own = [one for one in live if one.id in held.imports and design.outcomes == "file"] or live
    return max(one.imported_at for one in own).astimezone(ZoneInfo(shop.settings["time_zone"])).date()


def today(shop: kpi.Workspace) -> date:
    """In the workspace's zone."""
    return datetime.now(ZoneInfo(shop.settings["time_zone"])).date()


def _brought(held: tuple[Held, ...]) -> str | None:
    """The test that a file of this session has brought since the last look."""
    loaded = {one.load.import_id for one in arrivals() if one.load and one.load.import_id}
    seen: set[int] = st.session_state.setdefault(_TAKEN, set())
    found = next((one.name for one in held if (loaded - seen) & set(one.imports)), None)
    seen |= loaded
    return found
