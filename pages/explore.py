"""What is one KPI made of? Its value, its line over time, and its breakdown by any dimension; a click filters."""

import streamlit as st

import kpi
from pages.shared.controls import explore_controls
from pages.shared.demographics import demographics
from pages.shared.figures import breakdown_bars, breakdown_table, metric_card, time_chart
from pages.shared.frame import PATHS, require_data, show_notes, standing_line
from pages.shared.receipt import ask_for_receipt, show_asked_receipt
from pages.shared.session import reader_words, require_workspace
from pages.shared.toolbar import add_filter, toolbar
from pages.shared.trend import sensible_grain


def pick_group(chart: str, answer: kpi.Answer) -> None:
    """A click on a bar filters for its group; a click on the only one filtered for lets it go."""
    picked = st.session_state[chart].selection.get("picked") or []
    if picked:
        value = answer.frame[answer.query.by[0]].iloc[int(picked[0]["place"])]
        add_filter(answer.query.by[0], None if value != value else value)


shop = require_workspace()
say = reader_words()
st.title(say.t("Explore"))
require_data(shop, say)
view = toolbar(shop, say, path=PATHS["explore"])
name, by, grain = explore_controls(shop, say)

query = view.query((name, "orders") if name != "orders" else (name,))
answer = shop.ask(query)
standing_line(shop, say, answer)
if name in answer.refused:
    st.warning(
        say.say(answer.refused[name]),
        title=say.t("{kpi} cannot be computed here", kpi=shop.catalogue.kpis[name].name),
        icon=":material/block:",
    )
    if len(view.where):
        st.caption(say.t("Drop a filter above, or bring the missing data in."))
    st.page_link("data.py", label=say.t("Bring the missing data in"), icon=":material/upload_file:")
    st.stop()

left, right = st.columns([1, 1], gap="medium")
over_time = shop.ask(view.query((name,), grain=grain or sensible_grain(answer.period)))
with left:
    metric_card(say, answer, None, name, ask_for_receipt)
    if name in over_time.refused:
        st.caption(say.say(over_time.refused[name]))
    else:
        time_chart(say, over_time, name)
others = {dimension: values for dimension, values in view.where.items() if dimension != by}
broken_down = shop.ask(view.query((name,), by=(by,)).but(where=others))
with right:
    st.subheader(say.t("By {dimension}", dimension=say.say(shop.catalogue.dimensions[by].name).lower()))
    if name in broken_down.refused:
        st.info(say.say(broken_down.refused[name]), icon=":material/block:")
    elif broken_down.frame.empty:
        st.info(
            say.t("Nothing matches this period and these filters. Drop a filter or choose another period."),
            icon=":material/filter_alt_off:",
        )
    else:
        breakdown_bars(say, broken_down, name, chosen=view.where.get(by, ()), key=f"bars_{by}", on_pick=pick_group)
        st.caption(say.t("Click a bar to filter for it."))
if name not in broken_down.refused and not broken_down.frame.empty:
    breakdown_table(say, broken_down, name)
demographics(shop, say, query, name)
show_notes(say, tuple(dict.fromkeys((*answer.notes, *broken_down.notes))))
show_asked_receipt(answer)
