"""Who is here, which language, which workspace, which page: the frame around every screen."""

import streamlit as st

from kpi import KpiError
from kpi.wording import LANGUAGES
from pages.shared import address
from pages.shared.address import ignored_parts
from pages.shared.demo import demo_badge, offer_demo
from pages.shared.frame import MARK, brand, is_empty, navigation
from pages.shared.linkwords import misread_link
from pages.shared.session import is_first_visit, reader_words, require_workspace, show_error

st.set_page_config(page_title="Koszyk", page_icon=str(MARK), layout="wide", initial_sidebar_state="auto")
address_is_new = address.read_address()
say = reader_words()
brand()

page = navigation(say)
address.tell_widgets(page.url_path)
with st.sidebar:
    st.segmented_control(
        say.t("Language"),
        list(LANGUAGES),
        format_func={"pl": "Polski", "en": "English"}.__getitem__,
        key=address.LANGUAGE,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
offer_demo(say)
shop = require_workspace()
if is_first_visit() and page.url_path == "" and is_empty(shop):
    st.switch_page("data.py")
# a place of its own, so that the page below does not move up when the warning goes
with st.container():
    if ignored_parts():
        st.warning(misread_link(say, ignored_parts()))
if not address_is_new:
    # before the page, since one may stop early or leave for another
    address.write_address()
try:
    demo_badge(shop, say, page)
    page.run()
    address.widgets_drawn(page.url_path)
except KpiError as error:
    show_error(error)
# again, since a page fills in what the reader has not chosen
address.write_address()
