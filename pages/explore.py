"""What is one KPI made of? Its value, its line over time, and every breakdown at once; a click filters everything."""

import streamlit as st

from kpi.boards import Board, boards, grid
from kpi.emptiness import is_empty
from pages.shared.boards import board_list, heat_table, stay_beside, without_board
from pages.shared.controls import board_controls, grain_control, kpi_control, kpi_in_view
from pages.shared.demographics import FIRST_FOR, demographics
from pages.shared.figures import breakdown_table, metric_card
from pages.shared.frame import PATHS, require_data, show_notes, standing_line
from pages.shared.kept import kept
from pages.shared.nothing import drop_what_refuses, nothing_matches
from pages.shared.receipt import ask_for_receipt, show_asked_receipt
from pages.shared.session import reader_words, require_workspace
from pages.shared.timechart import time_chart
from pages.shared.toolbar import narrow_to, toolbar
from pages.shared.trend import sensible_grain

_GRID = (12, 8)

shop = require_workspace()
say = reader_words()
st.title(say.t("Explore"))
require_data(shop, say)
name = kpi_in_view(shop)
view = toolbar(shop, say, path=PATHS["explore"], about=name)

query = view.query((name, "orders") if name != "orders" else (name,))
answer = shop.ask(query)
standing_line(shop, say, answer, name)
left, right = st.columns([2, 3], gap="large")
beside = left.container(key="beside_boards")
with beside:
    stay_beside()
    kpi_control(shop, say)
with right:
    asked = board_controls(shop, say, name)
if name in answer.refused:
    st.warning(
        say.say(answer.refused[name]),
        title=say.t("{kpi} cannot be computed here", kpi=shop.catalogue.kpis[name].name),
        icon=":material/block:",
    )
    drop_what_refuses(shop, say, query, name)
    st.page_link("data.py", label=say.t("Bring the missing data in"), icon=":material/upload_file:")
    st.stop()

if is_empty(answer):
    nothing_matches(shop, say, query)
    st.stop()

found: tuple[Board, ...] = ()
with beside:
    metric_card(say, answer, None, name, ask_for_receipt)
    grain = grain_control(say)
    over_time = shop.ask(view.query((name,), grain=grain or sensible_grain(answer.period)))
    if name in over_time.refused:
        st.caption(say.say(over_time.refused[name]))
    else:
        time_chart(say, over_time, name, narrow_to)
    show_notes(say, answer.notes)
with right:
    if name in FIRST_FOR and not asked.by:
        demographics(shop, say, query, name)
    if asked.by and asked.second:
        heat_table(say, grid(shop.ask, query, name, (asked.by, asked.second), size=_GRID), name, asked.mode, key="heat")
    else:
        wanted = (asked.by,) if asked.by else shop.catalogue.dimensions_of(name)
        found, refused = kept(answer, ("boards", wanted), lambda: boards(shop.ask, query, name, wanted))
        board_list(say, found, name, asked.mode, view.where, key="boards")
        without_board(say, found, refused)
if asked.by and found:
    breakdown_table(say, found[0].answer, name, view.where.get(asked.by, ()))
if name not in FIRST_FOR or asked.by:
    demographics(shop, say, query, name)
show_asked_receipt(answer, *(one.answer for one in found))
