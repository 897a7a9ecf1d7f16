"""Take it along: an Excel workbook of this view, built on click, that recomputes."""

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from kpi.emptiness import is_empty
from kpi.model import AREAS
from kpi.report import ReportPlan, sheets_preview, workbook_bytes
from pages.shared import address
from pages.shared.figures import sheet_preview
from pages.shared.frame import PATHS, require_data, standing_line
from pages.shared.nothing import nothing_matches
from pages.shared.session import reader_words, require_workspace, workspace_name
from pages.shared.toolbar import toolbar
from pages.shared.trend import sensible_grain

shop = require_workspace()
say = reader_words()
st.title(say.t("Report"))
require_data(shop, say)
view = toolbar(shop, say, path=PATHS["report"])
catalogue = shop.catalogue
everything = shop.ask(view.query(tuple(catalogue.kpis)))
standing_line(shop, say, everything)
ready = [name for name in catalogue.kpis if everything.totals.get(name) is not None and name not in everything.refused]
if is_empty(everything):
    nothing_matches(shop, say, everything.query)
    st.stop()

dimensions = [
    name
    for name in catalogue.dimensions
    if any(
        name in catalogue.tables[table].dimensions and shop.holdings.knows(table, name) for table in catalogue.tables
    )
]
with st.container(horizontal=True, vertical_alignment="bottom"):
    title = st.text_input(say.t("Title"), value=say.t("Shop report"), max_chars=80, key="report_title", width=280)
    preferred = [name for name in ("channel", "device", "country", "product") if name in dimensions][:3]
    address.kept_choice(address.SHEETS, dimensions, preferred)
    breakdowns = st.multiselect(
        say.t("Break down by"),
        dimensions,
        format_func=lambda name: say.say(catalogue.dimensions[name].name),
        key=address.SHEETS,
        persist_state="session",
        select_all=False,
    )
areas = [area for area in AREAS if any(catalogue.kpis[name].area == area for name in ready)]
address.kept_choice(address.AREAS, areas, areas)
chosen_areas = st.pills(
    say.t("KPIs"),
    areas,
    selection_mode="multi",
    format_func=lambda area: say.say(AREAS[area]),
    key=address.AREAS,
    persist_state="session",
)
kpis = [name for name in ready if catalogue.kpis[name].area in chosen_areas]
if not kpis:
    st.info(say.t("Choose at least one group of KPIs."), icon=":material/checklist:")
    st.stop()

plan = ReportPlan(
    title=title or say.t("Shop report"),
    period=view.period or everything.period,
    compare=view.compare,
    where=view.where,
    kpis=tuple(kpis),
    breakdowns=tuple(breakdowns),
    grain=sensible_grain(everything.period),
    language=say.language,
    shop=workspace_name(),
)
made_at = datetime.now(UTC).astimezone(ZoneInfo(shop.settings["time_zone"]))
st.download_button(
    say.t("Download workbook"),
    data=partial(workbook_bytes, shop.ask, catalogue, plan, made_at=made_at),
    file_name=f"koszyk-{workspace_name()}-{made_at:%Y-%m-%d}.xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    type="primary",
    icon=":material/download:",
    on_click="ignore",
    key="download",
)
st.caption(say.t("KPIs, changes and totals in the workbook are live formulas over its sheet of measures."))
previews = sheets_preview(shop.ask, catalogue, plan, made_at=made_at)
tabs = st.tabs([preview.name for preview in previews], key="report_sheets", on_change="rerun")
for tab, preview in zip(tabs, previews, strict=True):
    if tab.open:
        with tab:
            sheet_preview(say, preview)
