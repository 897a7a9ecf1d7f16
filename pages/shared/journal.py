"""The journal of imports, each with its details and its undo."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import streamlit as st

import kpi
from kpi.demo import PREFIX
from kpi.store.store import Import
from kpi.watching import BY_FOLDER
from kpi.wording import Words
from pages.shared.cards import load_details
from pages.shared.markdown import escaped
from pages.shared.quality import import_findings

# One frame around an import and its undo, which Streamlit would draw around the words alone. The undo stands over the
# frame's corner, so that an opened import has the whole width.
_ROW = """<style>
[class*="st-key-row_of_"] { position: relative; padding-block: 0; padding-inline: 0; }
[class*="st-key-row_of_"] [data-testid="stExpander"] details { border: 0; }
[class*="st-key-row_of_"] > [data-testid="stLayoutWrapper"]:has([data-testid="stExpander"]) { min-width: 0; width: 100%; flex: 1 1 100%; }
[class*="st-key-row_of_"]:has(> * > [data-testid="stButton"], > [data-testid="stButton"]) > [data-testid="stLayoutWrapper"] > [data-testid="stExpander"] > details > summary { padding-inline-end: 8.5rem; }
[class*="st-key-row_of_"] > :has(> [data-testid="stButton"]), [class*="st-key-row_of_"] > [data-testid="stButton"] { position: absolute; inset-block-start: 0; inset-inline-end: 0.75rem; width: auto; }
</style>"""


def journal(shop: kpi.Workspace, say: Words, *, on_undo: Callable[[int], None], on_redo: Callable[[int], None]) -> None:
    """A line an import, newest first; its card opens on demand."""
    st.html(_ROW)
    zone = ZoneInfo(shop.settings["time_zone"])
    for one in shop.imports():
        facts = [say.say(one.load.format_name), say.moment(one.imported_at.astimezone(zone))]
        if one.imported_by == BY_FOLDER:
            facts.append(say.t("from the watched folder"))
        line = f"{escaped(one.name)} — {' · '.join(facts)}"
        icon = ":material/history:" if one.undone_at else ":material/description:"
        with st.container(border=True, horizontal=True, gap="small", key=f"row_of_{one.id}"):
            box = st.expander(line, icon=icon, on_change="rerun", key=f"import_{one.id}")
            if not (shop.is_demo and one.name.startswith(PREFIX)):
                # one reader's click would take the demo's rows from all others
                _way_back(say, one, on_undo, on_redo)
        if box.open:
            with box:
                load_details(say, one.load, key=f"details_{one.id}")
                import_findings(shop, say, one.id)


def _way_back(say: Words, one: Import, on_undo: Callable[[int], None], on_redo: Callable[[int], None]) -> None:
    caption, act, sign, key = (
        (say.t("Bring back"), on_redo, ":material/redo:", "redo")
        if one.undone_at
        else (say.t("Undo"), on_undo, ":material/undo:", "undo")
    )
    st.button(caption, key=f"{key}_{one.id}", icon=sign, type="tertiary", on_click=act, args=(one.id,))
