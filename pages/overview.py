"""How is the shop doing? The headline numbers, then the whole scorecard by area; what is missing is one folded line."""

import streamlit as st

import kpi
from kpi.charts import spark_values
from kpi.emptiness import is_empty
from kpi.headlines import headlines
from pages.shared.figures import metric_card
from pages.shared.frame import PATHS, require_data, show_notes, standing_line
from pages.shared.missing import missing_data
from pages.shared.nothing import nothing_matches
from pages.shared.receipt import ask_for_receipt, show_asked_receipt
from pages.shared.scorecard import OPEN, scorecard
from pages.shared.session import reader_words, require_workspace
from pages.shared.toolbar import toolbar
from pages.shared.trend import sensible_grain

shop = require_workspace()
say = reader_words()
st.title(say.t("Overview"))
require_data(shop, say)
view = toolbar(shop, say, path=PATHS["overview"])
if st.session_state.pop(OPEN, False):
    st.switch_page("explore.py")

catalogue = shop.catalogue
query = view.query(tuple(catalogue.kpis))
answer = shop.ask(query)
standing_line(shop, say, answer)
computable = [name for name in catalogue.kpis if name in answer.totals and name not in answer.refused]
if is_empty(answer):
    nothing_matches(shop, say, query)
    st.stop()
current = tuple(name for name in computable if not catalogue.looks_back(name))
sparks = spark_values(shop.ask(query.but(kpis=current, grain=sensible_grain(answer.period), compare=None)))

pinned = headlines(answer, shop.settings["pins"])
with st.grid(4, min_column_width=160, gap="small"):
    for name in pinned:
        metric_card(say, answer, sparks.get(name, []), name, ask_for_receipt)
if query.compare and not answer.totals_compared:
    st.caption(say.t("The period before holds nothing to compare with."))
show_notes(say, answer.notes)

areas = {
    say.say(title): [name for name in computable if catalogue.kpis[name].area == area]
    for area, title in kpi.model.AREAS.items()
}
scorecard(shop, say, answer, sparks, {title: names for title, names in areas.items() if names}, pinned, key="scorecard")
missing_data(shop, say, answer)
show_asked_receipt(answer)
