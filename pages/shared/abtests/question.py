"""What is asked of which test: one Design, kept in the address, changed by every control of the rail."""

from __future__ import annotations

from collections.abc import Sequence
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
from pages.shared.session import show_error, workspace_name

_TAKEN, _REFUSED = "_test_taken", "_test_refused"


def design_in_view(shop: kpi.Workspace, say: Words, held: tuple[Held, ...]) -> Design | None:
    """The question of the address; the newest test as suggested where there is none, or a file has just brought one.
    None where there is no test that anything could be asked of; why is said."""
    names = [one.name for one in held]
    if fresh := _brought(held):
        choose_test(shop, fresh)
    if _REFUSED in st.session_state:
        show_error(st.session_state.pop(_REFUSED))
    asked: Design | None = address.kept(address.DESIGN)
    if asked is not None and asked.experiment in names:
        return asked
    found = _first_question(shop, names)
    if asked is not None and found is not None:
        gone, other = escaped(asked.experiment), escaped(found.experiment)
        st.warning(
            say.t(
                "The test “{name}” is not in this workspace, or no longer. Shown instead: {other}.",
                name=gone,
                other=other,
            ),
            icon=":material/link_off:",
        )
    st.session_state[address.DESIGN] = found
    return found


def choose_test(shop: kpi.Workspace, name: str) -> None:
    """Ask the first question about a test; what was open of the other one closes. Where nothing can be asked of it, the
    question stays as it was, and the page says why."""
    try:
        st.session_state[address.DESIGN] = shop.experiments.suggested(name)
    except kpi.KpiError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[address.ARM] = st.session_state[address.NEXT] = None


def ask(**changes: Any) -> None:
    """Change parts of the question; for callbacks."""
    st.session_state[address.DESIGN] = replace(st.session_state[address.DESIGN], **changes)


def measured(shop: kpi.Workspace, held: Held, design: Design) -> Held:
    """The test with the numbers that its outcomes give; the file's own where the orders cannot be joined."""
    if design.outcomes == "file":
        return held
    try:
        return shop.experiments.with_orders(held.name)
    except kpi.KpiError:
        return held  # the verdict's place says why


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
    # imports are numbered in each workspace anew
    seen: set[int] = st.session_state.setdefault(_TAKEN, {}).setdefault(workspace_name(), set())
    found = next((one.name for one in held if (loaded - seen) & set(one.imports)), None)
    seen |= loaded
    return found


def _first_question(shop: kpi.Workspace, names: Sequence[str]) -> Design | None:
    for name in names:
        try:
            return shop.experiments.suggested(name)
        except kpi.KpiError as error:
            show_error(error)
    return None
