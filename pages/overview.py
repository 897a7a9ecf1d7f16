"""How is the shop doing? The headline numbers, then the whole scorecard by area; what is missing is one folded line."""

import streamlit as st

import kpi
from pages.shared.address import KPI
from pages.shared.figures import metric_card, scorecard
from pages.shared.frame import PATHS, require_data, show_notes, standing_line
from pages.shared.receipt import ask_for_receipt, show_asked_receipt
from pages.shared.session import reader_words, require_workspace
from pages.shared.toolbar import toolbar
from pages.shared.trend import sensible_grain

_HEADLINES = ("revenue", "orders", "conversion_rate", "aov", "spend", "sessions", "mer", "customers", "new_customers")


def open_kpi(table: str, names: list[str]) -> None:
    """A click on a row of the scorecard opens its KPI in Explore."""
    cells = st.session_state[table].selection.cells
    if cells:
        st.session_state[KPI] = names[cells[0][0]]
        st.session_state["_open"] = True


shop = require_workspace()
say = reader_words()
st.title(say.t("Overview"))
require_data(shop, say)
view = toolbar(shop, say, path=PATHS["overview"])
if st.session_state.pop("_open", False):
    st.switch_page("explore.py")

catalogue = shop.catalogue
query = view.query(tuple(catalogue.kpis))
answer = shop.ask(query)
standing_line(shop, say, answer)
computable = [name for name in catalogue.kpis if name in answer.totals and name not in answer.refused]
if not computable:
    st.info(
        say.t("Nothing matches this period and these filters. Drop a filter or choose another period."),
        icon=":material/filter_alt_off:",
    )
    st.stop()
current = tuple(name for name in computable if not catalogue.looks_back(name))
trend = shop.ask(query.but(kpis=current, grain=sensible_grain(answer.period), compare=None))

headlines = [name for name in _HEADLINES if name in computable and answer.totals[name] is not None][:4]
with st.grid(4, min_column_width=215, gap="small"):
    for name in headlines:
        metric_card(say, answer, trend, name, ask_for_receipt)
show_notes(say, answer.notes)

for area, title in kpi.model.AREAS.items():
    names = [name for name in computable if catalogue.kpis[name].area == area]
    if names:
        st.subheader(say.say(title))
        scorecard(say, answer, trend, names, key=f"scorecard_{area}", on_open=open_kpi)
if answer.refused:
    with st.expander(
        say.n("{n} KPI cannot be computed yet", "{n} KPIs cannot be computed yet", len(answer.refused)),
        icon=":material/block:",
    ):
        for name, reason in answer.refused.items():
            st.markdown(f"- **{say.say(catalogue.kpis[name].name)}** — {say.say(reason)}")
        st.page_link("data.py", label=say.t("Bring the missing data in"), icon=":material/upload_file:")
show_asked_receipt(answer)
