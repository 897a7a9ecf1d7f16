"""The frame around every screen: mark, navigation, and the line that says what the numbers stand on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.navigation.page import StreamlitPage

import kpi
from kpi.ingest import platform_of
from kpi.wording import Words
from pages.shared.demo import demo_door
from pages.shared.kept import kept
from pages.shared.receipt import left_out_words
from pages.shared.theme import is_light

_FILES_NAMED = 3
_FOLDER = Path(__file__).parent
MARK = _FOLDER / "mark.svg"
PATHS = {"overview": "", "explore": "explore", "experiments": "experiments", "report": "report", "data": "data"}
"""The address of each page; the first one lives at the root."""


# Where Streamlit's own colours are too faint to read: captions on a light page; on a dark one what is chosen among pills,
# segments and tabs, which is written in the primary colour.
READABLE = {
    "light": """<style>
[data-testid="stCaptionContainer"][data-testid] { opacity: 0.7; }
</style>""",
    "dark": """<style>
[data-testid="stButtonGroup"] [data-selected="true"], [data-testid="stButtonGroup"] [data-selected="true"] p,
[data-testid="stTab"][aria-selected="true"], [data-testid="stTab"][aria-selected="true"] p { color: #6FCBA6; }
</style>""",
}


# Streamlit's own margins would cost a card of the first line on a laptop; its tools on charts speak English only; it cuts
# the name and the compared period of a narrow card.
_ROOM = """<style>
[data-testid="stMainBlockContainer"] { padding-inline: clamp(1rem, 3vw, 3.5rem); }
[data-testid="stFullScreenFrame"]:has(.stVegaLiteChart) [data-testid="stElementToolbar"] { display: none; }
[data-testid="stMetric"] :is(label, [data-testid="stMetricDeltaDescription"]) p { white-space: normal; overflow: visible; }
</style>"""


def brand() -> None:
    """The mark and the name, at the top of the sidebar."""
    st.html(READABLE["light" if is_light() else "dark"] + _ROOM)
    st.logo(str(_FOLDER / "wordmark.svg"), size="medium", icon_image=str(MARK))


def navigation(say: Words) -> StreamlitPage:
    """The pages by section, and the one that the address asks for."""
    sections = {
        say.t("Shop"): [
            st.Page("overview.py", title=say.t("Overview"), icon=":material/dashboard:", default=True),
            st.Page("explore.py", title=say.t("Explore"), icon=":material/query_stats:"),
        ],
        say.t("Tests"): [st.Page("experiments.py", title=say.t("A/B tests"), icon=":material/science:")],
        say.t("Results"): [st.Page("report.py", title=say.t("Report"), icon=":material/table_view:")],
        say.t("Data"): [st.Page("data.py", title=say.t("Data"), icon=":material/upload_file:")],
    }
    return st.navigation(sections)


def standing_line(shop: kpi.Workspace, say: Words, answer: kpi.Answer, name: str | None = None) -> None:
    """One line under the toolbar: how much data, which days, whose, how fresh, what was left out.

    `name`: the one KPI of the page, whose rows and files alone are told; without it the orders' rows and all files.
    """
    about = name or "orders"
    has_rows = about in answer.query.kpis and about not in answer.refused
    receipt = kept(answer, ("standing", about), lambda: answer.receipt(about)) if has_rows else None
    live = [one for one in shop.imports() if one.undone_at is None]
    if name:
        used = {source.import_id for source in receipt.imports} if receipt else set()
        live = [one for one in live if one.id in used]
    formats = [format_id for one in live for format_id in _formats(one.load)]
    platforms = sorted({platform_of(format_id) for format_id in formats} - {""})
    # a table that no platform is known of is named by its file
    platforms += sorted({one.name for one in live if not any(map(platform_of, _formats(one.load)))})[:_FILES_NAMED]
    parts = []
    # the rows of other days than the line names would puzzle
    if receipt and not kpi.catalogue().looks_back(about):
        parts += _rows_words(say, receipt)
    if answer.period:
        parts.append(say.period(*answer.period))
    parts.append(", ".join(platforms))
    if live:
        zone = ZoneInfo(shop.settings["time_zone"])
        at = live[0].imported_at.astimezone(zone)
        parts.append(say.t("last import {when}", when=say.ago(at, datetime.now(UTC).astimezone(zone))))
    refused = sum(one.load.rows.refused for one in live)
    if refused:
        parts.append(say.n("{n} row refused", "{n} rows refused", refused))
    # refunds are no orders that somebody could miss
    refunds = kpi.catalogue().reasons["refund_row"].name
    lefts = [left for left in receipt.left_out if left.reason != refunds] if receipt else []
    if len(lefts) == 1:
        parts.append(say.n("{n} row left out", "{n} rows left out", lefts[0].count))
    elif lefts:
        parts += [left_out_words(say, left) for left in lefts]
    st.caption(" · ".join(part for part in parts if part))


def _rows_words(say: Words, receipt: kpi.Receipt) -> list[str]:
    """`141 orders`, `93 rows of “web traffic”`: the rows that count, by table."""
    tables = kpi.catalogue().tables
    return [
        say.n("{n} order", "{n} orders", count)
        if table == "orders"
        else say.n("{n} row of “{table}”", "{n} rows of “{table}”", count, table=tables[table].name)
        for table, count in receipt.n.items()
    ]


def _formats(load: kpi.Load) -> list[str | None]:
    return [part.format for part in (load.parts or (load,))]


def is_empty(shop: kpi.Workspace) -> bool:
    """Whether nothing that counts has been loaded."""
    return not any(shop.holdings.has(table) for table in shop.catalogue.tables)


def require_data(shop: kpi.Workspace, say: Words) -> None:
    """Stop here with one sentence, one button and the door to the demo shop where nothing has been loaded yet."""
    if not is_empty(shop):
        return
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown(f"**{say.t('There is no data here yet.')}**", text_alignment="center")
        st.caption(
            say.t("Drop your shop's, ads' and analytics' exports, and the numbers appear."), text_alignment="center"
        )
        if st.button(say.t("Bring data in"), type="primary", icon=":material/upload_file:"):
            st.switch_page("data.py")
        if not shop.is_demo:
            demo_door(say, key="demo_door")
    st.stop()


def show_notes(say: Words, notes: tuple[kpi.wording.Message, ...]) -> None:
    """What a reader should know about these numbers, folded to a line."""
    if not notes:
        return
    with st.expander(say.n("{n} remark on these numbers", "{n} remarks on these numbers", len(notes))):
        for note in notes:
            st.markdown(f"- {say.say(note)}")
